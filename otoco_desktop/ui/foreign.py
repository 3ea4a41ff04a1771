"""Text that came from outside the program, made fit to be shown as plain text."""

from __future__ import annotations

from functools import lru_cache

MAX_CHARACTERS = 300


@lru_cache(maxsize=1024)
def foreign(text: str) -> str:
    """One line without control or direction characters, at most 300 characters."""
    if text.isprintable() and len(text) <= MAX_CHARACTERS and "  " not in text and text == text.strip():
        return text
    flat = " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())
    return flat if len(flat) <= MAX_CHARACTERS else flat[: MAX_CHARACTERS - 1] + "…"
