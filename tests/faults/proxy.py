"""A proxy on a loopback port, in a thread with its own loop, that does to connections what it is told."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType
from typing import TypeVar

from websockets.frames import Frame, Opcode

from tests.faults.actions import CREATE, Cut, Link, Mutate, Way
from tests.faults.line import Line, Pipes
from tests.faults.plan import Plan, Traffic

HOST = "127.0.0.1"
WAIT_S = 10.0
T = TypeVar("T")


class FaultProxy:
    """Stands between a program and the exchange on port ``upstream``. Methods may be called from any thread."""

    def __init__(self, upstream: int) -> None:
        self.plan = Plan()
        self.accepted = 0
        """Connections taken so far."""
        self.port = 0
        self._upstream = upstream
        self._lines: set[Line] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._full: list[socket.socket] = []
        self._loop = asyncio.SelectorEventLoop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fault proxy")

    def __enter__(self) -> FaultProxy:
        self._thread.start()
        self._run(self._listen)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._run(self._close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(WAIT_S)
        self._loop.close()

    @property
    def traffic(self) -> Traffic:
        """What was seen of the request that was last waited for."""
        return self.plan.traffic

    # What happens once

    def cut(self, cut: Cut) -> None:
        """Break one request's connection at a byte."""
        self.plan.once(cut, cut.within)

    def mutate(self, mutate: Mutate) -> None:
        """Change one request or its reply."""
        self.plan.once(mutate, mutate.within)

    def watch(self, within: bytes = CREATE) -> None:
        """Do nothing to one request but write down its traffic."""
        self.plan.once(None, within)

    def reset_all(self) -> None:
        """Break every connection that is open."""
        self._each(Line.reset)

    def hang_up(self) -> None:
        """End every connection politely, as an exchange does with idle ones."""
        self._each(Line.hang_up)

    def say(self, payload: bytes, opcode: Opcode = Opcode.TEXT) -> None:
        """Send a frame to the program on every websocket, as if the exchange had."""
        frame = Frame(opcode, payload).serialize(mask=False)
        self._each(lambda line: line.say(frame) if line.is_stream else None)

    # What lasts until healed

    def link(self, link: Link) -> None:
        """Make the line slow, shaky, narrow or sliced."""
        self.plan.link = link

    def be_silent(self) -> None:
        """Swallow everything: connections stay open, new ones are taken and not answered."""
        self.plan.is_dumb = True

    def refuse(self) -> None:
        """Refuse new connections."""
        self._run(self._stop_listening)

    def hang(self) -> None:
        """Neither take nor refuse new connections: a full queue, whose handshakes the system lets wait."""
        self._run(self._fill_up)

    def heal(self) -> None:
        """Be a good line again; what a silent connection has swallowed is lost, so it is reset."""
        was_dumb, self.plan.is_dumb, self.plan.link = self.plan.is_dumb, False, Link()
        self.plan.once(None, b"")
        if was_dumb:
            self.reset_all()
        self._run(self._listen)

    # Its own thread

    async def _listen(self) -> None:
        await self._stop_listening()
        self._server = await asyncio.start_server(self._accept, HOST, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _stop_listening(self) -> None:
        for taken in self._full:
            taken.close()
        self._full.clear()
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _fill_up(self) -> None:
        await self._stop_listening()
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, self.port))
        listening.listen(0)
        self._full.append(listening)
        for _ in range(4):
            waiting = socket.socket()
            waiting.setblocking(False)
            waiting.connect_ex((HOST, self.port))
            self._full.append(waiting)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            there = await asyncio.open_connection(HOST, self._upstream)
        except OSError:
            writer.transport.abort()
            return
        pipes = Pipes({Way.UP: reader, Way.DOWN: there[0]}, {Way.UP: there[1], Way.DOWN: writer})
        line = Line(self.plan, pipes, (f":{self.port}".encode(), f":{self._upstream}".encode()))
        self._lines.add(line)
        try:
            await line.run()
        finally:
            self._lines.discard(line)

    async def _close(self) -> None:
        await self._stop_listening()
        for line in list(self._lines):
            line.reset()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def _each(self, do: Callable[[Line], None]) -> None:
        async def all_of_them() -> None:
            for line in list(self._lines):
                do(line)

        self._run(all_of_them)

    def _run(self, call: Callable[[], object]) -> None:
        done: Future[None] = asyncio.run_coroutine_threadsafe(call(), self._loop)  # type: ignore[arg-type]
        done.result(WAIT_S)
