"""Choosing an environment, adding and testing a key, preferences, the account, and the lock."""
