"""An API key or secret as it was pasted: what clings to it is taken off and named; what is inside it is refused."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_QUOTES = frozenset("\"'`´“”„‘’‚«»")
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """``text`` without what clung to it, and the words for that; ``refused`` says why it cannot be a key."""

    text: str
    removed: tuple[str, ...] = ()
    refused: str = ""

    @property
    def sentence(self) -> str:
        """What was taken off, for the trader to see; empty when nothing was."""
        return f"Removed from what you pasted: {', '.join(self.removed)}." if self.removed else ""


def clean(pasted: str) -> Cleaned:
    """Take off spaces, line breaks and quotes at either end, and invisible characters anywhere.

    A space, line break, quote or any other character but plain ASCII inside is refused rather than removed:
    it may part two values that were pasted together. The words never hold a piece of the text.
    """
    visible = "".join(char for char in pasted if not _is_invisible(char))
    text = visible.strip("".join(char for char in set(visible) if _clings(char)))
    invisible = [char for char in pasted if _is_invisible(char)]
    start = visible.find(text) if text else len(visible)
    edges = visible[:start] + visible[start + len(text) :]
    return Cleaned(text, _named([*edges, *invisible]), _refusal(text))


def _is_invisible(char: str) -> bool:
    """Zero-width characters, byte-order marks, direction marks: all of Unicode's format characters."""
    return unicodedata.category(char) == "Cf"


def _clings(char: str) -> bool:
    return char.isspace() or char in _QUOTES


def _named(removed: list[str]) -> tuple[str, ...]:
    """Each kind once, in the order of ``_kind``'s words."""
    return tuple(sorted({_kind(char) for char in removed}))


def _kind(char: str) -> str:
    if char in "\r\n\u2028\u2029\x85\v\f":
        return "line breaks"
    if char in _QUOTES:
        return "quotation marks"
    if char == _BYTE_ORDER_MARK:
        return "a byte-order mark"
    return "invisible characters" if _is_invisible(char) else "spaces"


def _refusal(text: str) -> str:
    for place, char in enumerate(text, start=1):
        if char.isspace():
            kind = "line break" if _kind(char) == "line breaks" else "space"
            return f"There is a {kind} inside, at character {place}. Copy the value alone, as one piece."
        if char in _QUOTES or not "!" <= char <= "~":
            return f"Character {place} is not one that keys are made of. Copy the value from the exchange again."
    return ""
