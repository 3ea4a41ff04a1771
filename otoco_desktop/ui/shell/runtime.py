"""Starts coroutines from callbacks of the window, keeps them alive, and never lets one fail unheard."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

log = logging.getLogger(__name__)

OnError = Callable[[Exception], None]


class Spawn(Protocol):
    """How the window starts work that takes time."""

    def __call__(self, work: Coroutine[Any, Any, Any], on_error: OnError) -> object: ...


class Runtime:
    """Holds every task it started until it ends."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def running(self) -> int:
        """How many tasks have not ended."""
        return len(self._tasks)

    def spawn(self, work: Coroutine[Any, Any, Any], on_error: OnError) -> asyncio.Task[None]:
        """Run the coroutine on the running loop; ``on_error`` hears of its failure, the log has the traceback."""
        task = asyncio.get_running_loop().create_task(self._guarded(work, on_error))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _task: work.close())
        return task

    async def finish(self, seconds: float) -> None:
        """Let what runs now come to its end, for so long at the most."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=seconds)

    async def close(self) -> None:
        """Cancel what still runs and wait for it to end."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _guarded(self, work: Coroutine[Any, Any, Any], on_error: OnError) -> None:
        try:
            await work
        except Exception as trouble:  # the edge of the window: nobody above could report it
            log.exception("a task of the window failed")
            on_error(trouble)
