"""Where a program is made to stop and wait for its end: its ports are wrapped from outside, in the child alone."""

from __future__ import annotations

import contextvars
import sqlite3
import threading
from collections.abc import Callable, Sequence
from typing import Any

from httpcore import AsyncNetworkStream
from httpcore._backends.auto import AutoBackend

from otoco_desktop.domain.events import Intended, Outcome
from otoco_desktop.exchange import transport
from otoco_desktop.exchange.gateway import CryptoComGateway
from otoco_desktop.exchange.replies import Reply
from otoco_desktop.exchange.requests import Method
from otoco_desktop.exchange.rest import RestClient
from otoco_desktop.exchange.signing import Params
from otoco_desktop.journal import rows as table
from tests.crash.cells import UNSENT, Cell, Point

_creating = contextvars.ContextVar("creating", default=False)
_FACTS = {
    Point.BEFORE_INTENT: "intended",
    Point.INSIDE_INTENT: "intended",
    Point.AFTER_INTENT: "intended",
    Point.BEFORE_ACK: "answered",
    Point.AFTER_REMOVAL: "leg_cancel_asked",
    Point.AFTER_MOVE: "move_asked",
}


class Stop:
    """Tells that the point is reached, and goes no step further; the thread ends with the process."""

    def __init__(self, cell: Cell, say: Callable[[str], None]) -> None:
        self._cell = cell
        self._say = say

    def at(self, *points: Point) -> None:
        if self._cell.seam in points:
            self._say("at the point")
            threading.Event().wait()

    def fact(self) -> str | None:
        """The type of the fact whose commit is the point."""
        if self._cell.point is Point.DURING_EVENT:
            return "leg_reported" if self._cell.processed else "looked"
        return _FACTS.get(self._cell.point)


class _Inside:
    """A connection whose commits stop before they are made."""

    def __init__(self, connection: sqlite3.Connection, stop: Callable[[], None]) -> None:
        self._connection = connection
        self._stop = stop

    def execute(self, statement: str) -> object:
        if statement == "COMMIT":
            self._stop()
        return self._connection.execute(statement)

    def executemany(self, statement: str, rows: Sequence[table.Row]) -> object:
        return self._connection.executemany(statement, rows)


class _Wire(AsyncNetworkStream):
    """One connection of the HTTP client."""

    def __init__(self, stream: AsyncNetworkStream, stop: Stop) -> None:
        self._stream = stream
        self._stop = stop

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = await self._stream.read(max_bytes, timeout)
        if _creating.get() and data:
            self._stop.at(Point.MID_REPLY)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if not (_creating.get() and buffer.startswith(b"{")):
            await self._stream.write(buffer, timeout)
            return
        half = len(buffer) // 2
        await self._stream.write(buffer[:half], timeout)
        self._stop.at(Point.MID_WRITE)
        await self._stream.write(buffer[half:], timeout)
        self._stop.at(Point.AFTER_WRITE)

    async def aclose(self) -> None:
        await self._stream.aclose()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def wrap(stop: Stop) -> None:
    """Every port at which the program may be stopped."""
    transport.KEEP_ALIVE_S = 0.0
    _wrap_journal(stop)
    _wrap_gateway(stop)
    _wrap_network(stop)


def _wrap_journal(stop: Stop) -> None:
    commit = table.commit

    def wrapped(connection: sqlite3.Connection, rows: Sequence[table.Row]) -> None:
        if not any(row[1] == stop.fact() for row in rows):
            commit(connection, rows)
            return
        stop.at(Point.BEFORE_INTENT, Point.BEFORE_ACK)
        inside: Any = _Inside(connection, lambda: stop.at(Point.INSIDE_INTENT, Point.DURING_EVENT))
        commit(inside, rows)
        stop.at(Point.AFTER_INTENT, *UNSENT)

    table.commit = wrapped


def _wrap_gateway(stop: Stop) -> None:
    create, query = CryptoComGateway.create, RestClient.query

    async def creating(self: CryptoComGateway, intent: Intended) -> Outcome:
        _creating.set(True)
        try:
            return await create(self, intent)
        finally:
            _creating.set(False)

    async def asking(self: RestClient, method: Method, params: Params) -> Reply:
        try:
            return await query(self, method, params)
        finally:
            if method is Method.ORDER_DETAIL:
                stop.at(Point.DURING_RECONCILE)

    CryptoComGateway.create = creating  # type: ignore[method-assign]
    RestClient.query = asking  # type: ignore[method-assign]


def _wrap_network(stop: Stop) -> None:
    connect = AutoBackend.connect_tcp

    async def connecting(self: AutoBackend, *told: Any, **named: Any) -> AsyncNetworkStream:
        if _creating.get():
            stop.at(Point.BEFORE_CONNECT)
        stream = await connect(self, *told, **named)
        if _creating.get():
            stop.at(Point.AFTER_CONNECT)
        return _Wire(stream, stop)

    AutoBackend.connect_tcp = connecting  # type: ignore[method-assign]
