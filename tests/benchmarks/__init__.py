"""Measured ratios to floors of the same run. Not collected by pytest: ``python3 packaging/dev.py bench``."""
