"""The presets of one environment: read at the start, changed at once, written behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from otoco_desktop.app.written_behind import Store, WrittenBehind
from otoco_desktop.domain.presets import Presets

UNWRITTEN = "Your presets last until the program closes; they cannot be written ({reason})."


class PresetsPort(Protocol):
    """What the window asks for."""

    @property
    def current(self) -> Presets: ...

    @property
    def trouble(self) -> str:
        """What the trader should know: a damaged file was set aside, or the last change could not be written."""

    def listen(self, listener: Callable[[Presets], None]) -> None:
        """Tell each change, and ``trouble``, on the loop's own thread."""

    def change(self, chosen: Presets) -> None:
        """Apply at once and write behind; what cannot be written is told through ``trouble``."""


class KeptPresets(WrittenBehind[Presets]):
    """Satisfies ``PresetsPort``. Use it from one loop; ``load`` comes first."""

    def __init__(self, store: Store[Presets]) -> None:
        super().__init__(store, Presets(), UNWRITTEN)
