"""One thread that does one call after another, and that a program can leave behind when it closes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TypeVar

_T = TypeVar("_T")
_Job = Callable[[], None]


class Lane:
    """Calls in the order they were asked for. Its thread is a daemon, unlike those of an executor: a question of
    the keyring that nobody answers would otherwise keep the process from ending.

    The thread starts with the first call.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def submit(self, call: Callable[[], _T]) -> Future[_T]:
        """The call's result or exception to come. One that is cancelled before its turn never runs."""
        future: Future[_T] = Future()
        self._jobs.put(lambda: _do(future, call))
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()
        return future

    def stop(self) -> None:
        """End the thread after what was asked for so far; returns at once."""
        if self._thread is not None:
            self._jobs.put(None)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
            del job  # it holds a key while the next one is waited for


def _do(future: Future[_T], call: Callable[[], _T]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = call()
    except Exception as error:  # noqa: BLE001 - handed on to whoever waits for the result
        future.set_exception(error)
    else:
        future.set_result(result)
