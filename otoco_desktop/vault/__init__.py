"""Where API keys are kept: the system's own keyring, or this program's memory until it closes. Never a file."""
