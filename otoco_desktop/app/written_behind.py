"""One value of the trader's: read at the start, changed at once, written behind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from otoco_desktop.app.tasks import Tasks

Value = TypeVar("Value")


class Store(Protocol[Value]):
    """Where it lies. Called in a thread, one call at a time."""

    @property
    def notice(self) -> str: ...

    def load(self) -> Value:
        """Never raises."""

    def save(self, chosen: Value, /) -> None:
        """Raises ``OSError``."""


class WrittenBehind(Generic[Value]):
    """Use it from one loop; ``load`` comes first. ``unwritten`` is the sentence for a change that cannot be written."""

    def __init__(self, store: Store[Value], fresh: Value, unwritten: str) -> None:
        self._store = store
        self._current = fresh
        self._unwritten = unwritten
        self._unsaved: Value | None = None
        self._trouble = ""
        self._listeners: list[Callable[[Value], None]] = []
        self._tasks = Tasks()
        self._writer: asyncio.Task[None] | None = None

    @property
    def current(self) -> Value:
        return self._current

    @property
    def trouble(self) -> str:
        """What the trader should know: a damaged file was set aside, or the last change could not be written."""
        return self._trouble

    def listen(self, listener: Callable[[Value], None]) -> None:
        """Tell each change, and ``trouble``, on the loop's own thread."""
        self._listeners.append(listener)

    async def load(self) -> None:
        """Read what was chosen earlier. Never raises."""
        self._current = await asyncio.to_thread(self._store.load)
        self._trouble = self._store.notice
        self._tell()

    def change(self, chosen: Value) -> None:
        """Apply at once and write behind; what cannot be written is told through ``trouble``."""
        if chosen == self._current:
            return
        self._current = self._unsaved = chosen
        self._tell()
        if self._writer is None or self._writer.done():
            self._writer = self._tasks.spawn(self._write_behind(), "writing what was chosen")

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
                trouble = self._unwritten.format(reason=error.strerror)
            if trouble != self._trouble:
                self._trouble = trouble
                self._tell()

    def _tell(self) -> None:
        for listener in self._listeners:
            listener(self._current)
