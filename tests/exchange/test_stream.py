"""The websocket driver against a real server: reconnects, silence, stalls, and a clean end."""

from __future__ import annotations

import asyncio
import http
import json
import logging
import queue
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from otoco_desktop.exchange import stream as stream_module
from otoco_desktop.exchange.clock import ServerTime, Stamps
from otoco_desktop.exchange.errors import TransportError
from otoco_desktop.exchange.session import Event, OrderRows, Phase, Send, Settled, Timing, is_heartbeat
from otoco_desktop.exchange.signing import Signer
from otoco_desktop.exchange.stream import BackOff, Sink, Stream
from otoco_desktop.exchange.subscriptions import Stage
from otoco_desktop.exchange.tls import bare_context
from otoco_desktop.exchange.user_session import UserSession
from tests.exchange.samples import KEY, SECRET
from tests.exchange.stream_server import Peer, stream_server
from tests.faults.evidence import Evidence
from tests.waiting import until

if TYPE_CHECKING:
    import qasync

QUICK = Timing(pause_ms=0, answer_ms=5_000, retry_ms=60_000, silence_ms=45_000)
EAGER = BackOff(first=0.01, longest=0.02, patient=0.01)
ORDER = {
    "id": -1,
    "method": "subscribe",
    "code": 0,
    "result": {"channel": "user.advanced.order", "data": [{"status": "ACTIVE", "client_oid": "od1-x-e"}]},
}

KEPT = 512
MOST_WAITING = KEPT + 16 + 2 * 262_144 // 500
"""When no more are kept, sixteen messages stop the reading; what one or two reads had brought by then waits besides."""


class SystemClock:
    def wall_ms(self) -> int:
        return int(time.time() * 1000)

    def monotonic_ms(self) -> int:
        return int(time.monotonic() * 1000)


class Following:
    """A stream under test and everything it delivered."""

    def __init__(self, url: str, timing: Timing = QUICK, back_off: BackOff = EAGER) -> None:
        clock = SystemClock()
        self.events: list[Event] = []
        self.words: list[str] = []
        self.session = UserSession(Signer(KEY, SECRET), Stamps(ServerTime(clock)).next, timing)
        sink = Sink(self.events.append, lambda: self.words.append(self.stream.words))
        self.stream = Stream(url, self.session.protocol, clock, sink, back_off)

    def confirmations(self) -> int:
        return sum(
            isinstance(event, Settled) and event.stage is Stage.CONFIRMED and event.subscription is self.session.orders
            for event in self.events
        )

    def waiting_bytes(self) -> int:
        """What was handed to the socket and has not left."""
        assert self.stream._socket is not None
        return self.stream._socket.transport.get_write_buffer_size()

    def waiting_messages(self) -> int:
        """What has come in and was not read."""
        assert self.stream._socket is not None
        return self.stream.waiting + len(self.stream._socket.recv_messages.frames)

    def orders(self) -> int:
        return sum(isinstance(event, OrderRows) for event in self.events)


@asynccontextmanager
async def following(url: str, timing: Timing = QUICK, back_off: BackOff = EAGER) -> AsyncIterator[Following]:
    follower = Following(url, timing, back_off)
    follower.stream.start(bare_context())
    try:
        yield follower
    finally:
        await follower.stream.close()


async def sign_in_and_follow(peer: Peer) -> None:
    for _ in range(3):
        await peer.answer()
    await peer.say(ORDER)
    await peer.socket.wait_closed()


async def follows_an_order() -> None:
    async with stream_server(sign_in_and_follow) as url, following(url) as follower:
        await until(lambda: follower.orders() == 1)
        assert follower.confirmations() == 1
        assert follower.session.order_channel == "user.advanced.order"
    assert follower.session.protocol.phase is Phase.OFFLINE


async def test_signs_in_subscribes_and_delivers() -> None:
    await follows_an_order()


async def test_the_same_on_the_loop_of_the_window(qloop: qasync.QEventLoop) -> None:
    await follows_an_order()


async def reconnects_and_subscribes_again() -> None:
    async def script(peer: Peer) -> None:
        for _ in range(3):
            await peer.answer()
        if peer.number < 3:
            await peer.socket.close(1000)
        await peer.socket.wait_closed()

    async with stream_server(script) as url, following(url) as follower:
        await until(lambda: follower.confirmations() == 3)
    assert "closed by the exchange (1000)" in follower.words


async def test_reconnects_and_subscribes_again() -> None:
    await reconnects_and_subscribes_again()


async def test_reconnects_on_the_loop_of_the_window(qloop: qasync.QEventLoop) -> None:
    await reconnects_and_subscribes_again()


async def test_a_connection_lost_halfway_through_the_subscriptions() -> None:
    async def script(peer: Peer) -> None:
        await peer.answer()
        await peer.hear()
        if peer.number == 1:
            peer.socket.transport.abort()
            return
        await peer.say(ORDER)
        await peer.answer_all()

    async with stream_server(script) as url, following(url) as follower:
        await until(lambda: follower.confirmations() == 1)
        assert follower.orders() == 1


async def test_a_restarting_exchange_is_given_time() -> None:
    async def script(peer: Peer) -> None:
        await peer.socket.close(1013)

    async with stream_server(script) as url, following(url, back_off=BackOff(first=0.01, patient=60.0)) as follower:
        await until(lambda: "the exchange is restarting" in follower.words)
        assert follower.stream.failures == 1


async def test_a_refused_key_is_given_time() -> None:
    async def script(peer: Peer) -> None:
        await peer.answer(40101)
        await peer.socket.wait_closed()

    async with stream_server(script) as url, following(url, back_off=BackOff(first=0.01, patient=60.0)) as follower:
        await until(lambda: any(words.startswith("sign-in refused") for words in follower.words))
        assert follower.confirmations() == 0


async def test_a_deaf_connection_is_given_up() -> None:
    async def script(peer: Peer) -> None:
        await peer.socket.wait_closed()

    timing = Timing(pause_ms=0, answer_ms=60_000, silence_ms=150)
    async with stream_server(script) as url, following(url, timing) as follower:
        await until(lambda: follower.words.count("nothing heard for 0 s") >= 2)


async def test_an_exchange_that_comes_up_later_is_found() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with following(f"ws://127.0.0.1:{port}/user") as follower:
        await until(lambda: "no connection" in follower.words)
        async with stream_server(sign_in_and_follow, port):
            await until(lambda: follower.confirmations() == 1)


async def test_a_server_that_speaks_no_websocket() -> None:
    async def plain(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    listening = await asyncio.start_server(plain, "127.0.0.1", 0)
    url = f"ws://127.0.0.1:{listening.sockets[0].getsockname()[1]}/user"
    async with following(url) as follower:
        await until(lambda: "the exchange did not open the stream" in follower.words)
    listening.close()


async def test_an_oversized_message_costs_the_connection_only() -> None:
    async def script(peer: Peer) -> None:
        for _ in range(3):
            await peer.answer()
        if peer.number == 1:
            await peer.say("x" * (2 * 1024 * 1024 + 1))
        await peer.socket.wait_closed()

    async with stream_server(script) as url, following(url) as follower:
        await until(lambda: follower.confirmations() == 2)


async def test_malformed_and_binary_frames_are_survived() -> None:
    async def script(peer: Peer) -> None:
        for _ in range(3):
            await peer.answer()
        for frame in ("", "{", "null", b"\x00\xff", '{"method":7}', "[" * 50_000):
            await peer.say(frame)
        await peer.say(ORDER)
        await peer.socket.wait_closed()

    async with stream_server(script) as url, following(url) as follower:
        await until(lambda: follower.orders() == 1)
        assert follower.session.protocol.unreadable == 5
        assert follower.confirmations() == 1


async def test_a_failing_listener_costs_the_connection_only(caplog: pytest.LogCaptureFixture) -> None:
    async with stream_server(sign_in_and_follow) as url:
        follower = Following(url)
        broken = iter([True])

        def deliver(event: Event) -> None:
            if isinstance(event, OrderRows) and next(broken, False):
                raise RuntimeError("a listener's own mistake")
            follower.events.append(event)

        sink = Sink(deliver, lambda: None)
        stream = Stream(url, follower.session.protocol, SystemClock(), sink, EAGER)
        stream.start(bare_context())
        await until(lambda: follower.orders() == 1)
        await stream.close()
    assert "a listener's own mistake" in caplog.text
    assert follower.confirmations() == 2


async def test_a_thousand_messages_arrive_in_order() -> None:
    async def script(peer: Peer) -> None:
        for _ in range(3):
            await peer.answer()
        for number in range(1_000):
            row = {"status": "ACTIVE", "order_id": number}
            await peer.say({**ORDER, "result": {"channel": "user.advanced.order", "data": [row]}})
        await peer.socket.wait_closed()

    async with stream_server(script) as url, following(url) as follower:
        await until(lambda: follower.orders() == 1_000)
    rows = [event.reports[0].order_id for event in follower.events if isinstance(event, OrderRows)]
    assert rows == [str(number) for number in range(1_000)]


def in_a_thread(script: Callable[[Peer], Any]) -> tuple[threading.Thread, queue.Queue[str], threading.Event]:
    """A stream server with a loop of its own, which a stall of this thread does not touch."""
    urls: queue.Queue[str] = queue.Queue()
    done = threading.Event()

    async def serve() -> None:
        async with stream_server(script) as url:
            urls.put(url)
            await asyncio.to_thread(done.wait, 30)

    def run() -> None:
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(serve())

    thread = threading.Thread(target=run, name="stream server")
    thread.start()
    return thread, urls, done


@pytest.mark.fault(28)
async def test_a_heartbeat_is_answered_although_the_window_stalls(qloop: qasync.QEventLoop, evidence: Evidence) -> None:
    """The exchange gives five seconds; the window's thread is blocked for three of them."""
    answered: list[dict[str, Any]] = []
    stalling, over = threading.Event(), threading.Event()

    async def script(peer: Peer) -> None:
        for _ in range(3):
            await peer.answer()
        await asyncio.to_thread(stalling.wait, 10)
        await peer.say({"id": 1587523073344, "method": "public/heartbeat", "code": 0})
        async with asyncio.timeout(5):
            answered.append(await peer.hear())
        over.set()
        await peer.socket.wait_closed()

    thread, urls, done = in_a_thread(script)
    try:
        async with following(urls.get(timeout=10)) as follower:
            await until(lambda: follower.confirmations() == 1)
            stalling.set()
            time.sleep(3)  # noqa: ASYNC251  # the stall itself
            await until(over.is_set)
            assert follower.session.protocol.phase is Phase.READY
    finally:
        done.set()
        thread.join()
    assert answered == [{"id": 1587523073344, "method": "public/respond-heartbeat"}]
    evidence.note(
        28,
        injected="the thread of the window blocked for 3 s",
        shown=f"answered {answered[0]['method']}",
        ledger="the peer kept the connection",
    )


@pytest.mark.fault(36)
async def test_a_flood_of_orders_waits_at_the_exchange_and_none_is_lost(
    evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exchange writes as fast as it can and the program reads slowly: what waits here is bounded."""
    flood, waited = 3_000, [0]
    monkeypatch.setattr(stream_module, "MAX_WAITING", KEPT)

    async def script(peer: Peer) -> None:
        for _ in range(3):
            await peer.answer()
        for number in range(flood):
            row = {"status": "ACTIVE", "order_id": number, "reason": "x" * 400}
            await peer.say({**ORDER, "result": {"channel": "user.advanced.order", "data": [row]}})
        await peer.say({"id": 1587523073344, "method": "public/heartbeat", "code": 0})
        assert (await peer.hear())["method"] == "public/respond-heartbeat"
        await peer.socket.wait_closed()

    thread, urls, done = in_a_thread(script)
    try:
        async with following(urls.get(timeout=10)) as follower:
            take = follower.events.append

            def slowly(event: Event) -> None:
                time.sleep(0.0002)
                waited.append(follower.waiting_messages())
                take(event)

            follower.stream._sink = Sink(slowly, lambda: None)
            await until(lambda: follower.orders() == flood, 60)
            await until(lambda: follower.session.protocol.phase is Phase.READY)
    finally:
        done.set()
        thread.join()
    rows = [event.reports[0].order_id for event in follower.events if isinstance(event, OrderRows)]
    assert rows == [str(number) for number in range(flood)]
    assert KEPT <= max(waited) <= MOST_WAITING
    evidence.note(
        36,
        injected=f"{flood:,} order events at once to a slow reader",
        shown=f"all, in order; at most {max(waited)} messages waited in memory",
        ledger=f"{flood:,} sent",
    )


@pytest.mark.parametrize("breaks", [False, True])
async def test_a_heartbeat_is_answered_however_much_waits(*, breaks: bool) -> None:
    """Nothing can be taken, and the exchange asks behind a hundred orders; then there is room, or the line breaks."""
    orders, shut, has_room, answered = 100, asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def script(peer: Peer) -> None:
        for _ in range(3):
            await peer.answer()
        await shut.wait()
        for number in range(orders):
            row = {"status": "ACTIVE", "order_id": number}
            await peer.say({**ORDER, "result": {"channel": "user.advanced.order", "data": [row]}})
        await peer.say({"id": 7, "method": "public/heartbeat", "code": 0})
        assert await peer.hear() == {"id": 7, "method": "public/respond-heartbeat"}
        answered.set()
        if not breaks:
            await peer.socket.wait_closed()

    async with stream_server(script) as url, following(url) as follower:
        await until(lambda: follower.confirmations() == 1)
        follower.stream._sink = replace(follower.stream._sink, has_room=has_room.is_set)
        shut.set()
        await answered.wait()
        if not breaks:
            # One may be in hand already, and waits for the room.
            await until(lambda: follower.stream.waiting >= orders - 1)
            assert follower.orders() == 0
            has_room.set()
        await until(lambda: follower.orders() >= orders)
    rows = [event.reports[0].order_id for event in follower.events if isinstance(event, OrderRows)]
    assert rows[:orders] == [str(number) for number in range(orders)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"id":7,"method":"public/heartbeat","code":0}', True),
        (b'{"id":7,"method":"public/heartbeat"}', True),
        ('{"id":7,"method":"subscribe","result":{"tag":"public/heartbeat"}}', False),
        ('{"id":7,"method":"public/heartbeat"', False),
        ("\udc80", False),
    ],
)
def test_a_heartbeat_is_known_by_its_method(text: str | bytes, *, expected: bool) -> None:
    assert is_heartbeat(text) is expected


async def test_no_log_line_carries_the_sign_in(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await follows_an_order()
    assert KEY not in caplog.text
    assert json.dumps("sig") not in caplog.text


def test_pauses_double_up_to_a_bound_and_patience_is_longer() -> None:
    back_off = BackOff(first=0.5, longest=30.0, patient=15.0)
    for failures, expected in ((0, 0.5), (1, 1.0), (3, 4.0), (40, 30.0)):
        pauses = {back_off.pause(failures, patient=False) for _ in range(50)}
        assert all(0.79 * expected <= pause <= 1.21 * expected for pause in pauses)
        assert len(pauses) > 1
    assert back_off.pause(0, patient=True) >= 12.0


async def test_a_request_is_never_queued_behind_bytes_that_do_not_leave() -> None:
    heard, over = asyncio.Event(), asyncio.Event()

    async def script(peer: Peer) -> None:
        for _ in range(3):
            await peer.answer()
        peer.socket.transport.pause_reading()
        heard.set()
        await over.wait()
        peer.socket.transport.abort()

    async with stream_server(script) as url, following(url) as follower:
        await heard.wait()
        assert follower.stream.is_ready
        follower.stream.hand_over([Send("x" * 20_000_000)])
        await until(lambda: follower.waiting_bytes() > 0)
        with pytest.raises(TransportError) as refused:
            await follower.stream.ask(7, "private/advanced/cancel-otoco", b"{}")
        over.set()
        assert not refused.value.left


async def test_a_redirect_is_not_followed() -> None:
    """Not even to another port of the same host."""
    visited: list[str] = []

    async def elsewhere(peer: Peer) -> None:
        visited.append(str(peer.socket.remote_address))
        await peer.answer_all()

    async with stream_server(elsewhere) as other:

        def turn_away(connection: ServerConnection, _request: Request) -> Response:
            answer = connection.respond(http.HTTPStatus.TEMPORARY_REDIRECT, "")
            answer.headers["Location"] = other
            return answer

        async with serve(_never, "127.0.0.1", 0, process_request=turn_away) as server:
            url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/user"
            async with following(url) as follower:
                await until(lambda: follower.stream.words == "the exchange did not open the stream")
                await until(lambda: follower.stream.failures > 1)
    assert visited == []


async def _never(_socket: ServerConnection) -> None:
    raise AssertionError("the connection was opened")
