"""From the confirmed order to its last byte, over either transport, against bare clients and ccxt in the same run.

Ours begins with the order frozen by the review: *confirmed*, the intent is built (stamp, digest); *committed*,
``gateway.create`` checks it, signs where it must, serialises and sends; the journal's commit between is left out.
Bare ``websockets`` and bare ``httpx`` send the same bytes, made beforehand. ccxt signs and sends an order of its own
through ``create_order``. All take turns on one loop for Qt and asyncio, each over its own warm connection, to one
server in another process. *Handed over*: the client gave the last byte to the system. *Arrived*: the server had it.
"""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from unittest.mock import patch

import httpx
from ccxt.async_support import cryptocom
from websockets.asyncio.client import ClientConnection, connect

from otoco_desktop.domain.events import Acknowledged, Intended
from otoco_desktop.domain.order import OtocoOrder
from otoco_desktop.exchange import transport as http_transport
from otoco_desktop.exchange.endpoints import Endpoints, on_this_computer
from otoco_desktop.exchange.gateway import CryptoComGateway, Pace
from otoco_desktop.exchange.requests import Method, command_body, otoco_params, signed_body
from otoco_desktop.exchange.session import Timing
from otoco_desktop.exchange.signing import Signer
from otoco_desktop.main import application, in_loop
from tests.benchmarks.measure import Row, Samples
from tests.benchmarks.order import example_intent
from tests.waiting import until

ROUNDS = 300
WARM_UP = 20
PAUSE_S = 0.004
KEY, SECRET = "bench-key", "bench-secret"
REST_PATH = Method.CREATE_OTOCO.value
HEADERS = {"Content-Type": "application/json"}
PATIENT = Pace(Timing(pause_ms=0, silence_ms=10**9))
"""The clock below runs ahead, so that silence cannot be judged by it."""


@dataclass(slots=True)
class Leaping:
    """A clock that a test moves a second ahead at each send, so that our own rate limit never says no."""

    ahead_ms: int = 0

    def wall_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def monotonic_ms(self) -> int:
        return time.monotonic_ns() // 1_000_000 + self.ahead_ms


@dataclass(slots=True)
class Probe:
    """When our intent was ready and when bytes were first handed over, nanoseconds of the performance counter."""

    committed_ns: int = 0
    handed_ns: int = 0

    def note(self) -> None:
        self.handed_ns = self.handed_ns or time.perf_counter_ns()


@dataclass(slots=True)
class Sent:
    """Durations of one way of sending, in milliseconds."""

    handed_over: list[float] = field(default_factory=list)
    after_commit: list[float] = field(default_factory=list)
    arrived: list[float] = field(default_factory=list)

    def note(self, began_ns: int, probe: Probe, arrived_ns: int) -> None:
        if probe.handed_ns:
            self.handed_over.append((probe.handed_ns - began_ns) / 1e6)
            self.after_commit.append((probe.handed_ns - (probe.committed_ns or began_ns)) / 1e6)
        self.arrived.append((arrived_ns - began_ns) / 1e6)


Send = Callable[[], Awaitable[tuple[int, int]]]
"""Sends once; when it began, and when the last byte arrived."""


def rows() -> list[Row]:
    app, _ = application()
    with server_apart() as endpoints, noting() as probe:
        found = in_loop(app, lambda: _measure(endpoints, probe))
    ours, bare = (found["websocket"], found["websockets"]), (found["rest"], found["httpx"])
    unlimited, limited = (found["ccxt, limiter off"], found["httpx"]), (found["ccxt, limiter on"], found["httpx"])
    return [
        _row("websocket: confirmed to handed over", "handed_over", *ours, "ratio <= 1.5"),
        _row("websocket: committed to handed over", "after_commit", *ours, "ratio <= 1.5"),
        _row("websocket: confirmed to arrived", "arrived", *ours),
        _row("rest: confirmed to handed over", "handed_over", *bare, "ratio <= 1.3"),
        _row("rest: committed to handed over", "after_commit", *bare, "ratio <= 1.3"),
        _row("rest: confirmed to arrived", "arrived", *bare),
        _row("ccxt create_order, limiter off: to arrived", "arrived", *unlimited),
        _row("ccxt create_order, limiter on: to arrived", "arrived", *limited),
    ]


def _row(name: str, what: str, sent: Sent, floor: Sent, budget: str = "") -> Row:
    own, bare = (Samples(tuple(getattr(each, what)[WARM_UP:])) for each in (sent, floor))
    return Row(name, own, bare, budget)


async def _measure(endpoints: Endpoints, probe: Probe) -> dict[str, Sent]:
    async with AsyncExitStack() as stack:
        ways = await _ways(endpoints, probe, stack)
        found = {name: Sent() for name in ways}
        turns = random.Random(1)  # noqa: S311  # a fixed mixture of turns, guards nothing
        for _ in range(WARM_UP + ROUNDS):
            for name in turns.sample(list(ways), len(ways)):
                await asyncio.sleep(PAUSE_S)
                probe.handed_ns = probe.committed_ns = 0
                began_ns, arrived_ns = await ways[name]()
                found[name].note(began_ns, probe, arrived_ns)
        return found


async def _ways(endpoints: Endpoints, probe: Probe, stack: AsyncExitStack) -> dict[str, Send]:
    clock = Leaping()
    gateway = CryptoComGateway(endpoints, Signer(KEY, SECRET), clock, PATIENT)
    await gateway.open()
    stack.push_async_callback(gateway.close)
    await until(lambda: len(gateway.transports()) == 2)
    http = await stack.enter_async_context(httpx.AsyncClient())
    socket = await stack.enter_async_context(connect(endpoints.user, proxy=None, compression=None, ping_interval=None))
    return {
        "websocket": _ours(gateway, clock, probe, "websocket"),
        "websockets": _bare_websockets(socket),
        "rest": _ours(gateway, clock, probe, "rest"),
        "httpx": _bare_httpx(http, endpoints.rest + REST_PATH, probe),
        "ccxt, limiter off": await _ccxt(endpoints, stack, limiter=False),
        "ccxt, limiter on": await _ccxt(endpoints, stack, limiter=True),
    }


def _ours(gateway: CryptoComGateway, clock: Leaping, probe: Probe, way: str) -> Send:
    example = example_intent().order

    async def send() -> tuple[int, int]:
        clock.ahead_ms += 1_000
        order = replace(example)
        gateway.preview(order, "rest")
        await asyncio.sleep(PAUSE_S)
        began = time.perf_counter_ns()
        intent = _intended(gateway, order, way)
        probe.committed_ns = time.perf_counter_ns()
        outcome = await gateway.create(intent)
        assert isinstance(outcome, Acknowledged), outcome
        return began, int(outcome.list_id)

    return send


def _intended(gateway: CryptoComGateway, order: OtocoOrder, way: str) -> Intended:
    return Intended(
        strategy_id=order.strategy_id,
        at_ms=0,
        number=1,
        order=order,
        stamp=gateway.stamp(),
        environment="practice",
        account="benchmark",
        transport=way,
        params_sha256=gateway.params_digest(order),
        monotonic_ms=0,
        app_version="0",
    )


def _bare_websockets(socket: ClientConnection) -> Send:
    intent = example_intent(request_id=1_700_000_000_002)
    body = command_body(Method.CREATE_OTOCO, otoco_params(intent.order), intent.stamp)

    async def send() -> tuple[int, int]:
        began = time.perf_counter_ns()
        await socket.send(body, text=True)
        return began, int(json.loads(await socket.recv())["result"]["list_id"])

    return send


def _bare_httpx(http: httpx.AsyncClient, url: str, probe: Probe) -> Send:
    intent = example_intent(request_id=1_700_000_000_002)
    body = signed_body(Method.CREATE_OTOCO, otoco_params(intent.order), intent.stamp, Signer(KEY, SECRET))

    async def trace(event: str, _info: dict[str, Any]) -> None:
        if event.endswith("send_request_body.complete"):
            probe.note()

    async def send() -> tuple[int, int]:
        began = time.perf_counter_ns()
        reply = await http.post(url, content=body, headers=HEADERS, extensions={"trace": trace})
        return began, int(reply.json()["result"]["list_id"])

    return send


async def _ccxt(endpoints: Endpoints, stack: AsyncExitStack, *, limiter: bool) -> Send:
    client: Any = cryptocom({"apiKey": KEY, "secret": SECRET, "enableRateLimit": limiter})
    stack.push_async_callback(client.close)
    client.urls["api"]["v1"] = endpoints.rest.rstrip("/")
    await client.load_markets()

    async def send() -> tuple[int, int]:
        began = time.perf_counter_ns()
        order = await client.create_order("BTC/USD", "limit", "buy", 0.09874, 92400)
        return began, int(order["id"])

    return send


@contextmanager
def noting() -> Iterator[Probe]:
    """Have ``websockets`` and ``httpcore`` tell when they have handed bytes to the system."""
    probe, send_data = Probe(), ClientConnection.send_data
    watch = http_transport._Watch.__call__

    def noting_send_data(connection: ClientConnection) -> None:
        send_data(connection)
        probe.note()

    async def noting_watch(self: http_transport._Watch, event: str, info: dict[str, Any]) -> None:
        await watch(self, event, info)
        if event.endswith("send_request_body.complete"):
            probe.note()

    with (
        patch.object(ClientConnection, "send_data", noting_send_data),
        patch.object(http_transport._Watch, "__call__", noting_watch),
    ):
        yield probe


@contextmanager
def server_apart() -> Iterator[Endpoints]:
    """The stamping server as a process; it ends with this block."""
    command = [sys.executable, "-m", "tests.benchmarks.stamping_server"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        http, websockets = json.loads(child.stdout.readline())
        stream = f"ws://127.0.0.1:{websockets}/exchange/v1/"
        yield on_this_computer(f"http://127.0.0.1:{http}/exchange/v1/", stream + "user", stream + "market")
        child.stdin.close()
