"""The hand on the practice exchange."""
