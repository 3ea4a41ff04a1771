"""A loop whose time passes only while nothing happens, and the clocks that go with it.

Where a real loop would wait for its next timer, this one is there at once; only what threads and sockets have under
way takes real time. So a day passes as fast as its work can be done, in the order in which it would be.
"""

from __future__ import annotations

import asyncio
import selectors
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from otoco_desktop.journal import store
from otoco_desktop.journal.store import SqliteJournal

START_MS = 1_790_000_000_000
HOUR_MS = 3_600_000
GLANCE_S = 0.002
"""So long it really waits for what other threads have under way, before it looks again."""


class Work:
    """Counts what other threads have under way for the loop."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0

    def begun(self, *_: object) -> None:
        with self._lock:
            self._count += 1

    def done(self, *_: object) -> None:
        with self._lock:
            self._count -= 1

    @property
    def goes_on(self) -> bool:
        return self._count > 0


class _Leaping(selectors.DefaultSelector):
    """Waits for sockets without waiting: ``leap`` takes the seconds it would have waited in vain."""

    def __init__(self, work: Work, leap: Callable[[float], None]) -> None:
        super().__init__()
        self._work = work
        self._leap = leap

    def select(self, timeout: float | None = None) -> list[Any]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if timeout is None or self._work.goes_on:
            return super().select(GLANCE_S)
        self._leap(timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """Starts at zero seconds."""

    def __init__(self) -> None:
        self._passed_s = 0.0
        self.work = Work()
        super().__init__(_Leaping(self.work, self._pass))
        # Timers that are due within it count as due: sums of floats do not meet their times to the last bit.
        self._clock_resolution = 1e-6

    def time(self) -> float:
        return self._passed_s

    def run_in_executor(self, *arguments: Any) -> asyncio.Future[Any]:  # type: ignore[override]
        self.work.begun()
        future = super().run_in_executor(*arguments)
        future.add_done_callback(self.work.done)
        return future

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:
        """Without the limit that later Pythons set: in this time it would be over at once."""
        self.work.begun()
        try:
            await super().shutdown_default_executor()
        finally:
            self.work.done()

    def _pass(self, seconds: float) -> None:
        self._passed_s += seconds


class WorldTime:
    """The loop's time as the exchange sees it; a sleep of this computer is not a sleep of the exchange."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop
        self.slept_ms = 0

    @property
    def passed_ms(self) -> int:
        return round(self._loop.time() * 1000) + self.slept_ms

    def time_ns(self) -> int:
        return (START_MS + self.passed_ms) * 1_000_000

    def monotonic_ns(self) -> int:
        return self.passed_ms * 1_000_000


class OurClock:
    """The trader's computer: its wall clock may be set, and its steady clock runs on while it sleeps."""

    def __init__(self, world: WorldTime) -> None:
        self._world = world
        self.set_by_ms = 0

    def wall_ms(self) -> int:
        return START_MS + self._world.passed_ms + self.set_by_ms

    def monotonic_ms(self) -> int:
        return self._world.passed_ms


@contextmanager
def counting_the_journal(work: Work) -> Iterator[None]:
    """The journal hands its facts to its own thread without asking the loop: they are counted here."""
    submit, settle = SqliteJournal._submit, store._settle

    def counted(journal: SqliteJournal, pending: Any) -> None:
        work.begun()
        submit(journal, pending)

    def settled(*arguments: Any) -> None:
        settle(*arguments)
        work.done()

    with patch.object(SqliteJournal, "_submit", counted), patch.object(store, "_settle", settled):
        yield
