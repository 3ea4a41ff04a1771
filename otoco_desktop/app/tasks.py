"""Background work that is kept referenced, reports its failures, and ends with its owner."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

logger = logging.getLogger(__name__)


class Tasks:
    """Every task of one owner. ``on_failure`` hears the name of a task that failed, and why."""

    def __init__(self, on_failure: Callable[[str, Exception], None] = lambda _name, _error: None) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._on_failure = on_failure

    def spawn(self, work: Coroutine[Any, Any, object], name: str) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(self._guarded(work, name), name=name)
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._ended(done, work))
        return task

    async def close(self) -> None:
        """Cancel everything and wait until it has ended."""
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None], work: Coroutine[Any, Any, object]) -> None:
        """Let go of it; work that was cancelled before its first step still has to be closed."""
        self._tasks.discard(task)
        work.close()

    async def _guarded(self, work: Coroutine[Any, Any, object], name: str) -> None:
        try:
            await work
        except Exception as error:
            # The edge of background work: nobody awaits it, so it is logged and told here.
            logger.exception("%s failed", name)
            self._on_failure(name, error)
