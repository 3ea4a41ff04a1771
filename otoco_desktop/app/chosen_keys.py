"""The keys that the trader has chosen: read at the start, changed at once, written behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from otoco_desktop.app.written_behind import Store, WrittenBehind

UNWRITTEN = "Your keys last until the program closes; they cannot be written ({reason})."


class KeysPort(Protocol):
    """By the name of a command what to press for it, empty for nothing; the others keep the program's own keys."""

    @property
    def current(self) -> dict[str, str]: ...

    @property
    def trouble(self) -> str:
        """What the trader should know: a damaged file was set aside, or the last change could not be written."""

    def listen(self, listener: Callable[[dict[str, str]], None]) -> None:
        """Tell each change, and ``trouble``, on the loop's own thread."""

    def change(self, chosen: dict[str, str]) -> None:
        """Apply at once and write behind; what cannot be written is told through ``trouble``."""


class ChosenKeys(WrittenBehind[dict[str, str]]):
    """Satisfies ``KeysPort``. Use it from one loop; ``load`` comes first."""

    def __init__(self, store: Store[dict[str, str]]) -> None:
        super().__init__(store, {}, UNWRITTEN)
