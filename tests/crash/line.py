"""The line between program and exchange: passes HTTP on, and can keep the one request that changes something."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from tests.crash.cells import Line

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_HOST = re.compile(rb"host: *127\.0\.0\.1:\d+", re.IGNORECASE)
_COMMANDS = (
    b"private/advanced/create-otoco",
    b"private/advanced/cancel-otoco",
    b"private/advanced/cancel-order",
    b"private/advanced/amend-order",
)


class Relay:
    """One per crash. ``command`` is the path of the request it is for, ``kept`` tells that the moment has come."""

    def __init__(self, port: int, line: Line, command: bytes) -> None:
        self.kept = asyncio.Event()
        self.seen: list[bytes] = []
        self._port = port
        self._line = line
        self._command = command
        self._request = b""
        self._over = asyncio.Event()

    async def deliver(self) -> None:
        """Hand the kept request on, to be processed while nobody waits for the reply any more."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(_HOST.sub(b"host: 127.0.0.1:%d" % self._port, self._request, count=1))
        await _message(reader)
        writer.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(ConnectionError):
                await self._pass_on(reader, writer)
        finally:
            writer.close()

    def end(self) -> None:
        self._over.set()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            while request := await _message(reader):
                self.seen += [command for command in _COMMANDS if command in request.partition(b"\r\n")[0]]
                is_it = self._command in request.partition(b"\r\n")[0]
                if is_it and self._line is Line.KEEP_REQUEST:
                    self._request = request
                    await self._keep()
                    return
                there.write(_HOST.sub(b"host: 127.0.0.1:%d" % self._port, request, count=1))
                await there.drain()
                if reader.at_eof():
                    return
                if not await self._answer(await _message(there_reader), writer, is_it=is_it):
                    return
        finally:
            there.close()

    async def _answer(self, reply: bytes, writer: asyncio.StreamWriter, *, is_it: bool) -> bool:
        """Whether the connection goes on."""
        if is_it and self._line in (Line.KEEP_REPLY, Line.HALF_REPLY):
            writer.write(reply[: len(reply) // 2] if self._line is Line.HALF_REPLY else b"")
            await self._keep()
            return False
        writer.write(reply)
        return bool(reply)

    async def _keep(self) -> None:
        self.kept.set()
        await self._over.wait()


@asynccontextmanager
async def relay(port: int, line: Line, command: bytes) -> AsyncIterator[tuple[Relay, int]]:
    """A line to the exchange on this port, and the port it is reached at."""
    made = Relay(port, line, command)
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(made.serve(reader, writer))
        tasks.add(task)
        await asyncio.wait({task})

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield made, server.sockets[0].getsockname()[1]
    finally:
        made.end()
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _message(reader: asyncio.StreamReader) -> bytes:
    """One HTTP message as it stands; what there is of it where the other side ends first."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        return head + (await reader.readexactly(int(length[1])) if length else b"")
    except asyncio.IncompleteReadError as cut:
        return cut.partial
