"""The names of our icons; each is ``resources/icons/<value>.svg``. Free of Qt, so states may name an icon."""

from __future__ import annotations

from enum import StrEnum


class Glyph(StrEnum):
    """One drawing; the colour is chosen where it is shown."""

    PRACTICE = "flask"
    LOCAL = "plug"
    SANDBOX = "house"
    LIVE = "bolt"
    ENTRY = "entry"
    STOP = "shield"
    TARGET = "flag"
    PASS = "circle-tick"  # noqa: S105 - a verdict, not a password
    NOTE = "circle-i"
    WARNING = "triangle"
    FAIL = "octagon-cross"
    UNKNOWN = "diamond-question"
    LOCK = "lock"
    ACTIVE = "ring-dot"
    WAITING = "ring-dashed"
    FILLED = "solid-tick"
    CANCELLED = "ring-slashed"
    EXPIRED = "clock"
    CROSS = "cross"
    SAVE = "save"
    ARROW_RIGHT = "arrow-right"
    CHEVRON = "chevron-down"
    SEARCH = "search"
    COPY = "copy"
    REFRESH = "refresh"
    UP = "triangle-up"
    DOWN = "triangle-down"
    TICK = "tick"
    SEND = "send"
    PENCIL = "pencil"
    BRACES = "braces"
    KEY = "key"
    RING = "ring"
    EXPORT = "download"
    DUPLICATE = "duplicate"
    STAR = "star"
    STAR_FILLED = "star-filled"
