"""The last look before a plan is sent."""
