"""One websocket connection's protocol without a socket: texts and a clock value in, events out. Pure.

After connecting it waits a moment (the exchange counts the first second's messages strictly), signs in if
it has to, asks for one subscription at a time, answers heartbeats with the same id, and gives the
connection up when nothing was heard for too long (exchange docs, Websocket Heartbeats and Subscriptions).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from otoco_desktop.domain.candles import CandleNews
from otoco_desktop.domain.events import LegReport, RequestStamp
from otoco_desktop.domain.market import AccountSnapshot, Quote
from otoco_desktop.exchange.calls import Calls
from otoco_desktop.exchange.errors import DecodeError, LockedError
from otoco_desktop.exchange.reasons import sentence_for
from otoco_desktop.exchange.replies import ChannelData, Reply, channel_data, parse_reply
from otoco_desktop.exchange.requests import heartbeat_text
from otoco_desktop.exchange.subscriptions import Stage, Subscription, SubscriptionLine

_HEARTBEAT = "public/heartbeat"


@dataclass(frozen=True, slots=True)
class Send:
    """Text to hand to the socket."""

    text: str


@dataclass(frozen=True, slots=True)
class OrderRows:
    """Rows of the order channel."""

    reports: tuple[LegReport, ...]


@dataclass(frozen=True, slots=True)
class AccountRows:
    """Balances pushed by the exchange."""

    account: AccountSnapshot


@dataclass(frozen=True, slots=True)
class QuoteMoved:
    """New prices of the watched instrument."""

    quote: Quote


@dataclass(frozen=True, slots=True)
class CandlesMoved:
    """New or changed candles of the watched instrument."""

    news: CandleNews


@dataclass(frozen=True, slots=True)
class Settled:
    """A subscription was confirmed or given up."""

    subscription: Subscription
    stage: Stage


@dataclass(frozen=True, slots=True)
class Replied:
    """The reply to a request of ours, as its bytes came."""

    request_id: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Lost:
    """The connection went before the reply to this request came."""

    request_id: int


@dataclass(frozen=True, slots=True)
class HangUp:
    """The connection is of no more use; ``patient`` asks for a longer pause before the next one."""

    words: str
    patient: bool = False


Event = Send | OrderRows | AccountRows | QuoteMoved | CandlesMoved | Settled | Replied | Lost | HangUp


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a session waits, milliseconds; ``reply_ms`` is for the reply to a command."""

    pause_ms: int = 1_000
    answer_ms: int = 5_000
    retry_ms: int = 60_000
    silence_ms: int = 45_000
    reply_ms: int = 10_000


class Phase(StrEnum):
    """How far the connection itself has come."""

    OFFLINE = "offline"
    PAUSING = "pausing"
    SIGNING_IN = "signing in"
    READY = "ready"


class Session:
    """Protocol of one connection, kept across reconnects.

    ``read`` turns channel data into events and may raise DecodeError; ``sign_in`` gives the sign-in text,
    or is None on the market stream, which needs none.
    """

    def __init__(
        self,
        stamps: Callable[[], RequestStamp],
        timing: Timing,
        read: Callable[[Subscription, ChannelData, int], Sequence[Event]],
        sign_in: Callable[[RequestStamp], str] | None = None,
    ) -> None:
        self.phase = Phase.OFFLINE
        self.unreadable = 0
        self.line = SubscriptionLine(stamps, timing.answer_ms, timing.retry_ms)
        self.calls = Calls()
        self.timing = timing
        self._stamps = stamps
        self._read = read
        self._sign_in = sign_in
        self._sign_in_id = ""
        self._since_ms = 0
        self._heard_ms = 0
        self._told: dict[int, Stage] = {}

    def connected(self, now_ms: int) -> list[Event]:
        """A connection was made; nothing is sent yet."""
        self.phase = Phase.PAUSING
        self._since_ms = self._heard_ms = now_ms
        self._told.clear()
        self.line.restart()
        return self.tick(now_ms)

    def disconnected(self) -> list[Event]:
        """The connection is gone; all that was confirmed is not any more, and no reply can come."""
        self.phase = Phase.OFFLINE
        self.line.restart()
        return [Lost(request_id) for request_id in self.calls.lose()]

    def receive(self, text: str | bytes, now_ms: int) -> list[Event]:
        """Take one message. A message that cannot be read is counted; it may still be a reply to one of ours."""
        self._heard_ms = now_ms
        data = _as_bytes(text)
        try:
            events = self._take(data, now_ms)
        except DecodeError:
            self.unreadable += 1
            events = _replied(self.calls.take_unreadable(data), data)
        return events + self.tick(now_ms)

    def tick(self, now_ms: int) -> list[Event]:
        """Time passes: what is due is sent, what is overdue is given up."""
        if self.phase is Phase.OFFLINE:
            return []
        if now_ms - self._heard_ms >= self.timing.silence_ms:
            return [HangUp(f"nothing heard for {self.timing.silence_ms // 1000} s")]
        if self.phase is Phase.PAUSING and now_ms - self._since_ms >= self.timing.pause_ms:
            return self._begin(now_ms)
        if self.phase is Phase.SIGNING_IN and now_ms - self._since_ms >= self.timing.answer_ms:
            return [HangUp("no answer to the sign-in")]
        return self._subscribe(now_ms)

    def deadline_ms(self) -> int | None:
        """When ``tick`` has something to do next; None while there is no connection."""
        if self.phase is Phase.OFFLINE:
            return None
        due = [self._heard_ms + self.timing.silence_ms]
        if self.phase is Phase.PAUSING:
            due.append(self._since_ms + self.timing.pause_ms)
        elif self.phase is Phase.SIGNING_IN:
            due.append(self._since_ms + self.timing.answer_ms)
        elif (line := self.line.deadline_ms()) is not None:
            due.append(line)
        return min(due)

    def _begin(self, now_ms: int) -> list[Event]:
        if self._sign_in is None:
            self.phase = Phase.READY
            return self._subscribe(now_ms)
        stamp = self._stamps()
        try:
            text = self._sign_in(stamp)
        except LockedError as error:
            return [HangUp(error.words, patient=True)]
        self.phase = Phase.SIGNING_IN
        self._since_ms = now_ms
        self._sign_in_id = str(stamp.request_id)
        return [Send(text)]

    def _subscribe(self, now_ms: int) -> list[Event]:
        if self.phase is not Phase.READY:
            return []
        text = self.line.poll(now_ms)
        return [*self._news(), *([Send(text)] if text is not None else [])]

    def _take(self, message: bytes, now_ms: int) -> list[Event]:
        reply = parse_reply(message)
        if reply.method == _HEARTBEAT:
            return [Send(heartbeat_text(reply.raw_id))]
        answered = _replied(self.calls.take(reply), message)
        if answered:
            return answered
        data = channel_data(reply)
        if data is not None:
            return self._take_data(data, now_ms)
        if self.phase is Phase.SIGNING_IN:
            return self._take_sign_in(reply)
        self.line.answered(reply, now_ms)
        return self._news()

    def _take_data(self, data: ChannelData, now_ms: int) -> list[Event]:
        subscription = self.line.arrived(data)
        if subscription is None:
            return []
        return [*self._news(), *self._read(subscription, data, now_ms)]

    def _take_sign_in(self, reply: Reply) -> list[Event]:
        if reply.id == self._sign_in_id and reply.code == 0:
            self.phase = Phase.READY
            return []
        if reply.code and reply.id in (self._sign_in_id, "", "0", "-1"):
            return [HangUp(f"sign-in refused: {sentence_for(reply.code)}", patient=True)]
        return []

    def _news(self) -> list[Event]:
        news: list[Event] = []
        for subscription in self.line.wanted:
            stage = subscription.stage
            if stage in (Stage.CONFIRMED, Stage.REFUSED) and self._told.get(id(subscription)) is not stage:
                self._told[id(subscription)] = stage
                news.append(Settled(subscription, stage))
        return news


def is_heartbeat(text: str | bytes) -> bool:
    """Whether this message asks whether we still listen; it is then answered by ``Session.receive``."""
    data = _as_bytes(text)
    if _HEARTBEAT.encode() not in data:
        return False
    try:
        return parse_reply(data).method == _HEARTBEAT
    except DecodeError:
        return False


def _as_bytes(text: str | bytes) -> bytes:
    return text.encode(errors="surrogatepass") if isinstance(text, str) else text


def _replied(request_id: int | None, body: bytes) -> list[Event]:
    return [] if request_id is None else [Replied(request_id, body)]
