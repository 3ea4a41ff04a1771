"""What a widget says by its colour, always beside words and an icon. Free of Qt, so states may name a tone."""

from __future__ import annotations

from enum import StrEnum

from otoco_desktop.ui.shell.tokens import Token


class Tone(StrEnum):
    """The meaning of a chip's or a sentence's colour."""

    ACCENT = "accent"
    POS = "pos"
    NEG = "neg"
    WARN = "warn"
    MUTED = "muted"

    @property
    def ink(self) -> Token:
        """The colour of its words, icon and border."""
        return _INKS[self]

    @property
    def ground(self) -> Token:
        """The soft fill behind them."""
        return _GROUNDS[self]


_INKS = {
    Tone.ACCENT: Token.ACCENT,
    Tone.POS: Token.POS,
    Tone.NEG: Token.NEG,
    Tone.WARN: Token.WARN,
    Tone.MUTED: Token.TEXT2,
}
_GROUNDS = {
    Tone.ACCENT: Token.ACCENT_SOFT,
    Tone.POS: Token.POS_SOFT,
    Tone.NEG: Token.NEG_SOFT,
    Tone.WARN: Token.WARN_SOFT,
    Tone.MUTED: Token.BG3,
}


class FieldTone(StrEnum):
    """How a box in the ticket is bordered when it has not the keyboard."""

    REST = "rest"
    WARN = "warn"
    ERROR = "error"
