"""A venue served over uvicorn, on the running loop."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import uvicorn

from otoco_desktop.practice.api import Api
from otoco_desktop.practice.connection import TRY_LATER
from otoco_desktop.practice.dialect import Key
from otoco_desktop.practice.plots import Plots
from otoco_desktop.practice.server import LARGEST_BODY, ExchangeServer
from otoco_desktop.practice.venue import Venue
from otoco_desktop.practice.wires import Wires, protocol_for

_POLL_S = 0.01


class _Server(uvicorn.Server):
    """uvicorn's server that says when it is up and sleeps until it is to end, instead of looking every 0.1 s."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()
        self.end = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    async def main_loop(self) -> None:
        await self.end.wait()


class Running:
    """Server and market of one venue."""

    def __init__(self, venue: Venue, key: Key, sock: socket.socket) -> None:
        self.venue = venue
        self._sock = sock
        self._wires = Wires()
        loop = asyncio.get_running_loop()
        self.server = ExchangeServer(venue, Api(venue, key), self._wires, loop.call_later)
        Plots(venue, self.server, loop.call_later)
        self._uvicorn = _Server(self._config())

    async def run(self, stop: asyncio.Event, ready: Callable[[], None]) -> None:
        """Serve until `stop` is set; `ready` is called once requests are answered."""
        market = asyncio.create_task(self.venue.run())
        serving = asyncio.create_task(self._uvicorn.serve(sockets=[self._sock]))
        started = asyncio.create_task(self._uvicorn.up.wait())
        stopping = asyncio.create_task(stop.wait())
        broken = asyncio.create_task(self.venue.broken.wait())
        try:
            await asyncio.wait({started, serving}, return_when=asyncio.FIRST_COMPLETED)
            ready()
            await asyncio.wait({market, serving, stopping, broken}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await self._end(serving, [market, stopping, started, broken])
        if not market.cancelled():
            market.result()

    async def _end(self, serving: asyncio.Task[None], others: list[asyncio.Task[object]]) -> None:
        self.server.disconnect_users(TRY_LATER)
        self._uvicorn.end.set()
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(_POLL_S)
        self._wires.cut_all()
        await serving

    def _config(self) -> uvicorn.Config:
        return uvicorn.Config(
            self.server.app,
            http=protocol_for(self._wires),
            ws="websockets-sansio",
            ws_max_size=LARGEST_BODY,
            ws_ping_interval=None,
            ws_per_message_deflate=False,
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=2,
        )
