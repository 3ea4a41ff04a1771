"""OTOCO Desktop: plan, check, send and follow protected spot trades on the Crypto.com Exchange."""

__version__ = "0.1.0"
