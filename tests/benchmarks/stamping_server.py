"""An exchange in a process of its own: every reply's ids are the moment at which the request's last byte had come.

The moment is in nanoseconds of the performance counter, which all processes of a computer share. Its two ports are
told in one JSON line.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from contextlib import suppress
from typing import Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

INSTRUMENT = {
    "symbol": "BTC_USD",
    "inst_type": "CCY_PAIR",
    "base_ccy": "BTC",
    "quote_ccy": "USD",
    "quote_decimals": 2,
    "quantity_decimals": 5,
    "price_tick_size": "0.01",
    "qty_tick_size": "0.00001",
    "tradable": True,
}
RESULTS = {"get-instruments": {"data": [INSTRUMENT]}, "get-currency-networks": {"currency_map": {}}}


def reply(message: dict[str, Any], arrived_ns: int) -> bytes:
    """Acknowledges anything."""
    method = str(message["method"])
    stamped = {"list_id": str(arrived_ns), "order_id": str(arrived_ns), "client_oid": "none"}
    result = stamped if "create" in method else RESULTS.get(method.rsplit("/", 1)[-1], {"data": []})
    answer = {"id": message.get("id", -1), "method": method, "code": 0}
    return json.dumps(answer if method == "subscribe" else {**answer, "result": result}).encode()


class Http(asyncio.Protocol):
    """The little of HTTP that well-behaved clients on this computer need."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._received = b""

    def data_received(self, data: bytes) -> None:
        arrived_ns = time.perf_counter_ns()
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return
        self._received = b""
        method = head.split(b" ", 2)[1].decode().split("/v1/")[1].partition("?")[0]
        answer = reply(json.loads(body) if body else {"method": method}, arrived_ns)
        lines = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(answer)}\r\n\r\n"
        self._transport.write(lines.encode() + answer)


class Stamping(ServerConnection):
    """Notes when bytes come, before anything reads them."""

    arrived_ns = 0

    def data_received(self, data: bytes) -> None:
        self.arrived_ns = time.perf_counter_ns()
        super().data_received(data)


def _length(head: bytes) -> int:
    fields = [line.partition(b":") for line in head.lower().split(b"\r\n")]
    return next((int(value) for name, _, value in fields if name == b"content-length"), 0)


async def _talk(socket: ServerConnection) -> None:
    assert isinstance(socket, Stamping)
    with suppress(ConnectionClosed):
        async for text in socket:
            await socket.send(reply(json.loads(text), socket.arrived_ns), text=True)


async def main() -> None:
    """Serve until standard input ends."""
    http = await asyncio.get_running_loop().create_server(Http, "127.0.0.1", 0)
    options: dict[str, Any] = {"create_connection": Stamping, "compression": None, "ping_interval": None}
    async with http, serve(_talk, "127.0.0.1", 0, **options) as websockets:
        ports = [server.sockets[0].getsockname()[1] for server in (http, websockets.server)]
        print(json.dumps(ports), flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
