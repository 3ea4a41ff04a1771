"""Practice exchange: the venue's protocol, played on this computer's loopback address."""
