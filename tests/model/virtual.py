"""Time that passes only when told, and a loop that never waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

START_MS = 1_767_225_600_000
T = TypeVar("T")


class VirtualLoop(asyncio.SelectorEventLoop):
    """Timers fall due when ``advance`` reaches them; everything else runs at once."""

    def __init__(self) -> None:
        self._now = 1_000.0
        super().__init__()
        self.set_exception_handler(self._note)
        self.errors: list[dict[str, Any]] = []

    def time(self) -> float:
        return self._now

    def settle(self) -> None:
        """Let everything run that can run now."""
        while self._ready:  # type: ignore[attr-defined]
            self.call_soon(self.stop)
            self.run_forever()

    def do(self, call: Callable[[], T]) -> T:
        """Make a call as one of the loop's own, then let everything run that can run."""

        async def made() -> T:
            return call()

        task = self.create_task(made())
        self.settle()
        return task.result()

    def advance(self, seconds: float) -> None:
        """Pass this much time, each timer at its moment."""
        end = self._now + seconds
        self.settle()
        while (due := self._next_due()) is not None and due <= end:
            self._now = max(self._now, due)
            self.call_soon(self.stop)
            self.run_forever()
            self.settle()
        self._now = end

    def finish(self, work: Coroutine[Any, Any, T], most_s: float = 60.0) -> T:
        """Run work to its end, passing time where it waits."""
        task = self.create_task(work)
        self.settle()
        end = self._now + most_s
        while not task.done() and self._now < end:
            self.advance(0.05)
        return task.result()

    def _next_due(self) -> float | None:
        scheduled = self._scheduled  # type: ignore[attr-defined]
        return scheduled[0]._when if scheduled else None

    def _note(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self.errors.append(context)


class VirtualClock:
    """The loop's time as this computer's clocks and as the exchange's."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop

    def wall_ms(self) -> int:
        return START_MS + self.monotonic_ms()

    def monotonic_ms(self) -> int:
        return round(self._loop.time() * 1000)

    def time_ns(self) -> int:
        return self.wall_ms() * 1_000_000

    def monotonic_ns(self) -> int:
        return self.monotonic_ms() * 1_000_000


class AtOnce(Executor):
    """Does the work in the call that hands it over."""

    def __init__(self) -> None:
        self._is_closed = False

    def submit(self, work: Callable[..., T], /, *arguments: Any, **named: Any) -> Future[T]:
        if self._is_closed:
            raise RuntimeError("closed")
        done: Future[T] = Future()
        try:
            done.set_result(work(*arguments, **named))
        except Exception as error:  # noqa: BLE001 - handed on to whoever waits for the result
            done.set_exception(error)
        return done

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._is_closed = True
