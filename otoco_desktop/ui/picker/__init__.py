"""The search over all spot pairs."""
