"""Failures whose text is written for people: what is wrong and what to do. Never a secret, never exchange text."""

from __future__ import annotations


class ExchangeTrouble(Exception):
    """A question to the exchange got no usable answer."""


class JournalTrouble(Exception):
    """The journal could not be opened, read or written."""


class JournalNewer(JournalTrouble):
    """The journal was written by a newer version of the program."""


class JournalHeld(JournalTrouble):
    """Another instance holds the journal."""
