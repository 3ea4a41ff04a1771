"""Runs the practice exchange in a thread with its own loop, inside the program or alone."""

from __future__ import annotations

import asyncio
import errno
import importlib
import logging
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from otoco_desktop.practice.clock import Clock, SystemClock
from otoco_desktop.practice.controls import PracticeControls
from otoco_desktop.practice.keyfile import load_or_make
from otoco_desktop.practice.store import Store, StoreError
from otoco_desktop.practice.venue import PracticeConfig, Venue

if TYPE_CHECKING:
    from otoco_desktop.practice.running import Running

_WSAEACCES = 10013
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where a running practice exchange is reached. `notice` is a sentence for a person, or empty."""

    rest_url: str
    user_url: str
    market_url: str
    key_file: Path
    port: int
    notice: str = ""


class PracticeError(Exception):
    """The practice exchange cannot run; the text is a sentence for a person."""


class PracticeServer:
    """A practice exchange in a thread of its own.

    `start` returns at once; its future gives the endpoints or raises `PracticeError`. `stop` ends the thread.
    """

    def __init__(self, config: PracticeConfig, clock: Clock | None = None) -> None:
        self._config = config
        self._clock = clock or SystemClock()
        self._started: Future[Endpoints] = Future()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._running: Running | None = None
        self._stop: asyncio.Event | None = None
        self._ending = False

    def start(self) -> Future[Endpoints]:
        """Start the thread, once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._main, name="practice-exchange", daemon=True)
            self._thread.start()
        return self._started

    def stop(self, timeout_s: float = 10.0) -> None:
        """End the exchange and wait for its thread; its book is saved. Harmless when it is not running."""
        if self._thread is None:
            return
        self._ending = True
        loop, stop = self._loop, self._stop
        if loop is not None and stop is not None and not loop.is_closed():
            _post(loop, stop.set)
        self._thread.join(timeout_s)
        if self._thread.is_alive():
            raise PracticeError("The practice exchange did not end in time.")

    @property
    def running(self) -> bool:
        """Whether requests are answered."""
        return self._running is not None

    @property
    def waits_for_prices(self) -> bool:
        """Whether it began without prices of its own."""
        return self._config.from_outside

    @property
    def controls(self) -> PracticeControls:
        """The hand on prices and faults. Raises `PracticeError` before the start has succeeded."""
        if self._running is None or self._loop is None:
            raise PracticeError("The practice exchange is not running.")
        return PracticeControls(self._running.venue, self._running.server, self._loop)

    def _main(self) -> None:
        try:
            # Imported here so that the program's own start does not wait for the server's modules.
            importlib.import_module("otoco_desktop.practice.running")
            # A plain selector loop: qasync replaces the global policy, whose loops belong to Qt's thread.
            with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
                runner.run(self._serve())
        except (PracticeError, StoreError) as error:
            self._fail(PracticeError(str(error)))
        except Exception as error:  # noqa: BLE001 - the edge of the thread: nothing above could report it
            _log.exception("The practice exchange ended unexpectedly")
            self._fail(PracticeError(f"The practice exchange ended unexpectedly: {type(error).__name__}."))

    def _fail(self, error: PracticeError) -> None:
        if not self._started.done():
            self._started.set_exception(error)

    async def _serve(self) -> None:
        from otoco_desktop.practice.running import Running  # noqa: PLC0415 - see _main

        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        if self._ending:
            self._stop.set()
        with ExitStack() as stack:
            sock = stack.enter_context(_listen(self._config.port))
            key, key_file = load_or_make(self._config.data_dir)
            store, loaded = Store.open(self._config.data_dir, self._config.balances)
            stack.callback(store.close)
            venue = Venue(self._config, self._clock, store, loaded)
            try:
                self._running = Running(venue, key, sock)
                port = sock.getsockname()[1]
                await self._running.run(
                    self._stop, lambda: self._started.set_result(_endpoints(port, key_file, loaded.notice))
                )
            finally:
                self._running = None
                venue.close()


def _endpoints(port: int, key_file: Path, notice: str) -> Endpoints:
    place = f"127.0.0.1:{port}/exchange/v1"
    return Endpoints(f"http://{place}", f"ws://{place}/user", f"ws://{place}/market", key_file, port, notice)


def _listen(port: int) -> socket.socket:
    from otoco_desktop.practice.wires import listen  # noqa: PLC0415 - see PracticeServer._main

    try:
        return listen(port)
    except OSError as error:
        # Windows answers "permission denied" where another program has the port for itself.
        taken = error.errno == errno.EADDRINUSE or getattr(error, "winerror", 0) == _WSAEACCES
        reason = "is taken" if taken else f"cannot be used ({error.strerror})"
        raise PracticeError(f"Port {port} {reason}; choose another one.") from error


def _post(loop: asyncio.AbstractEventLoop, call: Callable[[], object]) -> None:
    try:
        loop.call_soon_threadsafe(call)
    except RuntimeError:
        _log.debug("the practice exchange had ended already")
