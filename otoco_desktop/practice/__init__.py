"""The practice exchange: the same wire protocol, served on this computer."""
