"""A websocket server on this computer whose every connection follows a script."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed


class Peer:
    """The server's side of one connection."""

    def __init__(self, socket: ServerConnection, number: int) -> None:
        self.socket = socket
        self.number = number

    async def hear(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(await self.socket.recv())
        return message

    async def say(self, message: Any) -> None:
        await self.socket.send(message if isinstance(message, str | bytes) else json.dumps(message))

    async def answer(self, code: int = 0) -> dict[str, Any]:
        """Hear one request and acknowledge or refuse it."""
        message = await self.hear()
        await self.say({"id": message["id"], "method": message["method"], "code": code})
        return message

    async def answer_all(self) -> None:
        """Acknowledge everything until the connection ends."""
        while True:
            await self.answer()


Script = Callable[[Peer], Awaitable[None]]


@asynccontextmanager
async def stream_server(script: Script, port: int = 0) -> AsyncIterator[str]:
    """Serve ``script`` on a loopback port; gives the URL. A script's connection closes when it returns."""
    count = 0

    async def handle(socket: ServerConnection) -> None:
        nonlocal count
        count += 1
        try:
            await script(Peer(socket, count))
        except ConnectionClosed:
            return

    async with serve(handle, "127.0.0.1", port, compression=None, ping_interval=None) as server:
        yield f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/user"
