"""Websocket driver: moves text between a socket and a session, and connects again when it must."""

from __future__ import annotations

import asyncio
import logging
import random
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI
from websockets.protocol import State

from otoco_desktop.exchange.clock import Clock
from otoco_desktop.exchange.errors import TransportError
from otoco_desktop.exchange.session import Event, HangUp, Lost, Phase, Replied, Send, Session, is_heartbeat

MAX_MESSAGE = 2 * 1024 * 1024
MAX_REQUEST = 16 * 1024
"""Half of what ``websockets`` hands over without waiting for the other side (its ``write_limit``)."""

MAX_WAITING = 8_192
"""Messages taken from the socket and not yet worked off; beyond that the exchange has to wait."""

ROOM_S = 0.05
OPEN_TIMEOUT_S = 10.0
CLOSE_TIMEOUT_S = 1.0
RESTARTING = 1013
logger = logging.getLogger(__name__)
# At DEBUG this logger prints whole frames, the signed sign-in among them.
logging.getLogger("websockets").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class BackOff:
    """Pauses between connections, seconds: doubling from ``first`` to ``longest``, each with jitter.

    ``patient`` is the least pause after the exchange said it restarts or refused the key. A connection
    that was ready for ``settled`` counts as a success.
    """

    first: float = 0.5
    longest: float = 30.0
    patient: float = 15.0
    settled: float = 30.0

    def pause(self, failures: int, *, patient: bool) -> float:
        """Seconds to wait before the next connection."""
        pause = min(self.longest, self.first * (1 << min(failures, 16)))
        if patient:
            pause = max(pause, self.patient)
        return pause * random.uniform(0.8, 1.2)  # noqa: S311  # spreads reconnects, guards nothing


@dataclass(frozen=True, slots=True)
class Sink:
    """Where a stream's news go, on the loop's thread.

    ``deliver`` takes the session's events but for texts to send and replies to requests; ``changed`` is called
    when the connection comes, goes or gets further. While there is no room (``has_room``) nothing is delivered, but
    kept in its order; once ``MAX_WAITING`` messages are, the exchange is made to wait.
    """

    deliver: Callable[[Event], None]
    changed: Callable[[], None]
    has_room: Callable[[], bool] = lambda: True


@dataclass(frozen=True, slots=True)
class _Message:
    """What came, and when by the monotonic clock."""

    text: str | bytes
    heard_ms: int


class _Direct(connect):
    """A connection to the address that was given and to no other."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


class Stream:
    """Keeps one connection alive for one session; ``words`` says how it stands."""

    def __init__(self, url: str, session: Session, clock: Clock, sink: Sink, back_off: BackOff) -> None:
        self.words = "connecting"
        self._url = url
        self._session = session
        self._clock = clock
        self._sink = sink
        self._back_off = back_off
        self._context: ssl.SSLContext | None = None
        self._task: asyncio.Task[None] | None = None
        self._outbox: list[str] = []
        self._woken = asyncio.Event()
        self._hurried = asyncio.Event()
        self._failures = 0
        self._hang_up: HangUp | None = None
        self._ready_since_ms: int | None = None
        self._socket: ClientConnection | None = None
        self._inbox: asyncio.Queue[_Message] = asyncio.Queue()
        self._replies: dict[int, asyncio.Future[bytes | str]] = {}

    def start(self, context: ssl.SSLContext) -> None:
        """Start connecting; an unencrypted address, which is on this computer, does without the context."""
        self._context = context if self._url.startswith("wss://") else None
        self._task = asyncio.create_task(self._run(), name=f"stream {self._url}")

    async def close(self) -> None:
        """Close the connection and stop."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        self._give_up_replies()

    @property
    def failures(self) -> int:
        """Connections in a row that did not last."""
        return self._failures

    @property
    def waiting(self) -> int:
        """Messages that have come in and are not yet worked off."""
        return self._inbox.qsize()

    @property
    def is_ready(self) -> bool:
        """Whether a request would leave now: the connection is open and has signed in where it must."""
        return self._ready_socket() is not None

    async def ask(self, request_id: int, method: str, body: bytes) -> bytes:
        """Send one request once and give its reply's bytes. Raises TransportError.

        Nothing is queued here: where earlier bytes have not left yet, or the body is too large to leave at once,
        nothing is sent. That is also the proof: between this look and the system's own buffer nothing waits.
        A wait that ends without a reply leaves the connection as it is; a reply that comes later is nobody's.
        """
        socket = self._ready_socket()
        if socket is None:
            raise TransportError(f"the websocket is not signed in ({self.words})", left=False)
        if len(body) > MAX_REQUEST or socket.transport.get_write_buffer_size():
            raise TransportError("the websocket takes nothing now", left=False)
        reply = self._replies[request_id] = asyncio.get_running_loop().create_future()
        self._session.calls.expect(request_id, method)
        try:
            await socket.send(body, text=True)
            async with asyncio.timeout(self._session.timing.reply_ms / 1000):
                return _body(await reply)
        except TimeoutError:
            raise TransportError("no answer in time", left=True) from None
        except ConnectionClosed:
            raise TransportError("the connection broke while sending", left=True) from None
        finally:
            self._session.calls.forget(request_id)
            del self._replies[request_id]

    def hurry(self) -> None:
        """Connect now if this is a pause between connections: what stood in the way is gone."""
        self._hurried.set()

    def hand_over(self, events: Sequence[Event]) -> None:
        """Take events made outside the reading loop, such as another instrument to watch."""
        for event in events:
            self._take(event)
        self._woken.set()

    async def _run(self) -> None:
        while True:
            ending = await self._one_ending()
            await self._pause(self._hang_up or ending)

    async def _one_ending(self) -> HangUp:
        """Hold one connection and say how it ended."""
        try:
            await self._one_connection()
        except (OSError, TimeoutError, InvalidHandshake, InvalidURI, ConnectionClosed) as error:
            return HangUp(_plain(error), patient=_close_code(error) == RESTARTING)
        except Exception:
            # The stream's edge: whatever a message brings about, orders must be followed again.
            logger.exception("the stream failed and is connected again")
            return HangUp("internal error")
        return HangUp("closed")

    async def _one_connection(self) -> None:
        self._hang_up = None
        self._ready_since_ms = None
        self._say("connecting")
        async with _Direct(
            self._url,
            ssl=self._context,
            proxy=None,
            compression=None,
            max_size=MAX_MESSAGE,
            open_timeout=OPEN_TIMEOUT_S,
            close_timeout=CLOSE_TIMEOUT_S,
            ping_interval=None,
        ) as socket:
            self._socket = socket
            try:
                self._inbox = asyncio.Queue(MAX_WAITING)
                reader = asyncio.create_task(self._read(socket), name="stream reader")
                worker = asyncio.create_task(self._work_off(socket), name="stream worker")
                clock = asyncio.create_task(self._keep_time(socket), name="stream clock")
                await _first_to_end(reader, worker, clock)
            finally:
                self._socket = None
                self._give_up_replies()

    async def _read(self, socket: ClientConnection) -> None:
        """Take what comes as it comes, so that a heartbeat is answered however much waits to be worked off."""
        await self._handle(self._session.connected(self._clock.monotonic_ms()), socket)
        self._sink.changed()
        try:
            while True:
                message = _Message(await socket.recv(), self._clock.monotonic_ms())
                if is_heartbeat(message.text):
                    await self._handle(self._session.receive(message.text, message.heard_ms), socket)
                else:
                    await self._inbox.put(message)
        except ConnectionClosed:
            # What came before the end is true all the same.
            await self._inbox.join()
            raise

    async def _work_off(self, socket: ClientConnection) -> None:
        while True:
            message = await self._inbox.get()
            await self._wait_for_room(socket)
            await self._handle(self._session.receive(message.text, message.heard_ms), socket)
            self._inbox.task_done()
            # What waits already would be worked off without a pause: in a flood the window would not get its turn.
            await asyncio.sleep(0)

    async def _wait_for_room(self, socket: ClientConnection) -> None:
        """Not for a connection that has gone: what it brought is bounded, and another one is to be made."""
        while not self._sink.has_room() and socket.state is State.OPEN:  # noqa: ASYNC110 - two things end it
            await asyncio.sleep(ROOM_S)

    async def _keep_time(self, socket: ClientConnection) -> None:
        """Let the session see time pass: soon when something is due, at least four times a second."""
        while True:
            due = self._session.deadline_ms()
            wait = 0.25 if due is None else (due - self._clock.monotonic_ms()) / 1000
            try:
                async with asyncio.timeout(min(0.25, max(0.005, wait))):
                    await self._woken.wait()
            except TimeoutError:
                pass
            self._woken.clear()
            await self._handle(self._session.tick(self._clock.monotonic_ms()), socket)

    async def _handle(self, events: Sequence[Event], socket: ClientConnection) -> None:
        before = self._session.phase
        for event in events:
            self._take(event)
        outbox, self._outbox = self._outbox, []
        # The reader sees the end of a connection too, and all that came before it is worked off first.
        with suppress(ConnectionClosed):
            for text in outbox:
                await socket.send(text)
        if self._hang_up is not None:
            await socket.close()
        if self._session.phase is Phase.READY and self._ready_since_ms is None:
            self._ready_since_ms = self._clock.monotonic_ms()
        if before is not self._session.phase:
            self._sink.changed()

    def _take(self, event: Event) -> None:
        if isinstance(event, Send):
            self._outbox.append(event.text)
        elif isinstance(event, HangUp):
            self._hang_up = self._hang_up or event
        elif isinstance(event, Replied):
            self._settle_reply(event.request_id, event.body)
        elif isinstance(event, Lost):
            self._settle_reply(event.request_id, "the connection broke before the answer")
        else:
            self._sink.deliver(event)

    def _ready_socket(self) -> ClientConnection | None:
        socket, is_signed_in = self._socket, self._session.phase is Phase.READY
        is_open = socket is not None and socket.state is State.OPEN and self._hang_up is None
        return socket if is_open and is_signed_in else None

    def _settle_reply(self, request_id: int, found: bytes | str) -> None:
        """The reply's bytes, or in words why there are none."""
        reply = self._replies.get(request_id)
        if reply is not None and not reply.done():
            reply.set_result(found)

    def _give_up_replies(self) -> None:
        for event in self._session.disconnected():
            self._take(event)

    async def _pause(self, ending: HangUp) -> None:
        self._give_up_replies()
        self._outbox.clear()
        ready = self._ready_since_ms
        lasted_ms = 0 if ready is None else self._clock.monotonic_ms() - ready
        self._failures = 0 if lasted_ms >= self._back_off.settled * 1000 else self._failures
        pause = self._back_off.pause(self._failures, patient=ending.patient)
        self._failures += 1
        self._say(ending.words)
        self._hurried.clear()
        try:
            async with asyncio.timeout(pause):
                await self._hurried.wait()
        except TimeoutError:
            return

    def _say(self, words: str) -> None:
        self.words = words
        self._sink.changed()


async def _first_to_end(*tasks: asyncio.Task[None]) -> None:
    """Wait until one task ends, end the others, and raise what it raised."""
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        ended = [task for task in tasks if task.done()]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in ended:
        task.result()


def _body(found: bytes | str) -> bytes:
    if isinstance(found, str):
        raise TransportError(found, left=True)
    return found


def _close_code(error: Exception) -> int | None:
    """The close code the exchange gave; None when there was none."""
    received = error.rcvd if isinstance(error, ConnectionClosed) else None
    return received.code if received is not None else None


def _plain(error: Exception) -> str:
    """Why a connection ended, in words for people; never the other side's own text."""
    if isinstance(error, ConnectionClosed):
        code = _close_code(error)
        if code == RESTARTING:
            return "the exchange is restarting"
        return "the connection broke" if code is None else f"closed by the exchange ({code})"
    if isinstance(error, ssl.SSLError):
        return "the connection is not trusted"
    if isinstance(error, TimeoutError):
        return "no answer"
    if isinstance(error, InvalidHandshake | InvalidURI):
        return "the exchange did not open the stream"
    return "no connection"
