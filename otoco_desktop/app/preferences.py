"""The preferences of one environment: read at the start, changed at once, written behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from otoco_desktop.app.written_behind import Store, WrittenBehind
from otoco_desktop.domain.preferences import Preferences

PreferencesListener = Callable[[Preferences], None]
UNWRITTEN = "The settings apply until the program closes; they cannot be written ({reason})."


class PreferencesPort(Protocol):
    """What the settings sheet and the window ask for."""

    @property
    def current(self) -> Preferences: ...

    @property
    def trouble(self) -> str:
        """What the trader should know: a damaged file was set aside, or the last change could not be written."""

    def listen(self, listener: PreferencesListener) -> None:
        """Tell each change, and ``trouble``, on the loop's own thread."""

    def change(self, chosen: Preferences) -> None:
        """Apply at once and write behind; what cannot be written is told through ``trouble``."""


class ChosenPreferences(WrittenBehind[Preferences]):
    """Satisfies ``PreferencesPort``. Use it from one loop; ``load`` comes first."""

    def __init__(self, store: Store[Preferences]) -> None:
        super().__init__(store, Preferences(), UNWRITTEN)
