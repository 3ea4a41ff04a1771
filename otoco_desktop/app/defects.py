"""Failures of the program's own making: kept for the report, and no sending until the exchange was asked again.

A failure in a slot, a task or a handler of an event says nothing about any order, but what the window shows may be
wrong from there on. So it is told, sending pauses, and a check with the exchange ends the pause.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from traceback import TracebackException

REASON = "Something went wrong inside OTOCO Desktop. Sending is paused. Check with the exchange to go on."
MOST = 20
"""More of them tell nothing new; the first ones are the cause."""


@dataclass(frozen=True, slots=True)
class Defect:
    """One failure. ``where`` is what failed, ``trace`` holds no local variable and no exception, ``times`` how often.

    ``first_ms`` and ``last_ms`` count from the epoch.
    """

    where: str
    first_ms: int
    last_ms: int
    trace: TracebackException | None = None
    times: int = 1

    @property
    def place(self) -> tuple[str, str]:
        """What makes it the same failure as another: what failed, and where in the code."""
        last = self.trace.stack[-1] if self.trace is not None and self.trace.stack else None
        return self.where, "" if last is None else f"{last.filename}:{last.lineno}"


class Defects:
    """Every failure since the program started. Use it from the loop's thread."""

    def __init__(self, now_ms: Callable[[], int] = lambda: 0) -> None:
        self._now_ms = now_ms
        self._seen: list[Defect] = []
        self._listeners: list[Callable[[], None]] = []
        self._is_telling = False
        self.count = 0
        self._settled = 0

    @property
    def seen(self) -> tuple[Defect, ...]:
        """The first ones, oldest first; a repeated one stands once."""
        return tuple(self._seen)

    @property
    def reason(self) -> str:
        """Why sending is paused, as a sentence; empty while it is not."""
        return REASON if self.count > self._settled else ""

    def listen(self, listener: Callable[[], None]) -> None:
        """Hear of every failure, and of the end of a pause."""
        self._listeners.append(listener)

    def note(self, where: str, error: BaseException | None = None) -> None:
        """Something failed. Only text of the exception is kept: neither it nor what it holds."""
        self.count += 1
        now_ms = self._now_ms()
        trace = None if error is None else TracebackException.from_exception(error, lookup_lines=False)
        self._keep(Defect(where, now_ms, now_ms, trace))
        self._tell()

    def settle(self, count: int) -> None:
        """The exchange was asked and has answered since there were this many; newer ones keep the pause."""
        self._settled = max(self._settled, count)
        self._tell()

    def _keep(self, new: Defect) -> None:
        for at, known in enumerate(self._seen):
            if known.place == new.place:
                self._seen[at] = replace(known, last_ms=new.last_ms, times=known.times + 1)
                return
        if len(self._seen) < MOST:
            self._seen.append(new)

    def _tell(self) -> None:
        """Telling may itself be what fails: then nobody is told of that again."""
        if self._is_telling:
            return
        self._is_telling = True
        try:
            for listener in self._listeners:
                listener()
        finally:
            self._is_telling = False
