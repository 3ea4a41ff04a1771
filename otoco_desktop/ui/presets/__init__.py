"""Presets of a pair: listed, kept from the ticket, named, deleted and taken back."""
