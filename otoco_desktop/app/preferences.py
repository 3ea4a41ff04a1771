"""The preferences of one environment: read at the start, changed at once, written behind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from otoco_desktop.app.tasks import Tasks
from otoco_desktop.domain.preferences import Preferences

PreferencesListener = Callable[[Preferences], None]


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


class PreferencesStore(Protocol):
    """Where they lie. Called in a thread, one call at a time."""

    @property
    def notice(self) -> str: ...

    def load(self) -> Preferences:
        """Never raises."""

    def save(self, chosen: Preferences) -> None:
        """Raises ``OSError``."""


class ChosenPreferences:
    """Satisfies ``PreferencesPort``. Use it from one loop; ``load`` comes first."""

    def __init__(self, store: PreferencesStore) -> None:
        self._store = store
        self._current = Preferences()
        self._unsaved: Preferences | None = None
        self._trouble = ""
        self._listeners: list[PreferencesListener] = []
        self._tasks = Tasks()
        self._writer: asyncio.Task[None] | None = None

    @property
    def current(self) -> Preferences:
        return self._current

    @property
    def trouble(self) -> str:
        return self._trouble

    def listen(self, listener: PreferencesListener) -> None:
        self._listeners.append(listener)

    async def load(self) -> None:
        """Read what was chosen earlier. Never raises."""
        self._current = await asyncio.to_thread(self._store.load)
        self._trouble = self._store.notice
        self._tell()

    def change(self, chosen: Preferences) -> None:
        if chosen == self._current:
            return
        self._current = self._unsaved = chosen
        self._tell()
        if self._writer is None or self._writer.done():
            self._writer = self._tasks.spawn(self._write_behind(), "writing the settings")

    async def close(self) -> None:
        """Wait until the last change is written, or could not be."""
        if self._writer is not None:
            await asyncio.wait([self._writer])

    async def _write_behind(self) -> None:
        """One write at a time; of several changes meanwhile only the last is written."""
        while self._unsaved is not None:
            chosen, self._unsaved = self._unsaved, None
            try:
                await asyncio.to_thread(self._store.save, chosen)
                trouble = ""
            except OSError as error:
                trouble = f"The settings apply until the program closes; they cannot be written ({error.strerror})."
            if trouble != self._trouble:
                self._trouble = trouble
                self._tell()

    def _tell(self) -> None:
        for listener in self._listeners:
            listener(self._current)
