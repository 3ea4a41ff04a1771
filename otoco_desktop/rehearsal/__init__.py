"""A whole bracket on a private practice exchange, played with keys and mouse on the window that ships."""
