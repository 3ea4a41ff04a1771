"""The practice exchange in this process, and a gateway that speaks to it in the bytes of the real protocol.

Requests are signed, read, matched and answered by the program's own code and the exchange's; only the sockets are
left out. What the exchange tells on the order channel waits here until the model delivers it, or loses it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import msgspec

from otoco_desktop.app.ports import GatewayListener
from otoco_desktop.domain.candles import Candle, CandleNews, Timeframe
from otoco_desktop.domain.errors import ExchangeTrouble
from otoco_desktop.domain.events import Amendment, Intended, LegReport, Outcome, RequestStamp
from otoco_desktop.domain.evidence import Evidence, EvidenceQuery
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.market import AccountSnapshot, Connection, Light, MarkSource, Quote
from otoco_desktop.domain.order import OtocoOrder
from otoco_desktop.exchange.clock import ServerTime, Stamps
from otoco_desktop.exchange.commands import Commands
from otoco_desktop.exchange.errors import ExchangeError, RefusedQueryError, TransportError
from otoco_desktop.exchange.inquiry import Inquiry, page_of
from otoco_desktop.exchange.replies import Reply, channel_data, parse_reply, result_rows
from otoco_desktop.exchange.requests import Method, preview_text, signed_body
from otoco_desktop.exchange.rest import RestClient
from otoco_desktop.exchange.rows import account_rows, fee_row, instrument_row, order_row
from otoco_desktop.exchange.scalars import rows
from otoco_desktop.exchange.signing import Params, Signer
from otoco_desktop.exchange.stream import Stream
from otoco_desktop.exchange.transport import HttpReply
from otoco_desktop.practice.accounts import Account
from otoco_desktop.practice.api import Answer, Api
from otoco_desktop.practice.book import Book, Changes
from otoco_desktop.practice.dialect import Key, parse
from otoco_desktop.practice.faults import EventFaults
from otoco_desktop.practice.feeds import UserFeed
from otoco_desktop.practice.model import Leg
from otoco_desktop.practice.queries import Queries
from otoco_desktop.practice.store import Loaded, Store
from otoco_desktop.practice.venue import PracticeConfig, Venue
from tests.model.virtual import VirtualClock

CHANNEL = "user.advanced.order"
KEY = Key("model-key", "model-secret")
ACCEPT_S = 0.03
LEGS = 3
COINS = {"USD": Decimal(10_000_000), "BTC": Decimal(500)}
NO_ANSWER = "no answer in time"


class _Memory:
    """What the exchange would write to disk; it never restarts here."""

    closed = False

    def save(self, book: Book, changes: Changes) -> None:
        """Nothing outlives the model."""

    def save_marks(self, marks: object) -> None:
        """Nothing outlives the model."""


@dataclass
class Ear:
    """A subscriber of the order channel: keeps the reports until they are delivered or lost."""

    channels: dict[str, dict[str, Any]] = field(default_factory=lambda: {CHANNEL: {}})
    reports: list[LegReport] = field(default_factory=list)

    @property
    def send(self) -> Callable[[bytes], None]:
        return self.take

    def take(self, message: bytes) -> None:
        data = channel_data(parse_reply(message))
        assert data is not None
        self.reports += [order_row(raw).report for raw in rows(data.data)]


class Exchange:
    """The venue with its ledger, and what the model has to know of its past."""

    def __init__(self, clock: VirtualClock) -> None:
        config = PracticeConfig(data_dir=Path("unused"), seed=7, accept_delay_s=ACCEPT_S)
        loaded = Loaded(Book(Account(dict(COINS))), {"BTC_USD": Decimal("93120.00")})
        self.venue = Venue(config, clock, cast("Store", _Memory()), loaded)
        self.api = Api(self.venue, KEY)
        self.ear = Ear()
        self.guarded: set[str] = set()
        self._reported: dict[str, dict[int, Leg]] = {}
        self.feed = UserFeed(self.venue, Queries(self.venue), EventFaults(self.venue.faults, _never))
        self.feed.listeners.append(self.ear)
        self.venue.listeners.append(self._remember)
        self.move("93120.00")

    def move(self, price: str) -> None:
        """Jump to a mark price and stay; orders and triggers act."""
        self.venue.prices["BTC_USD"].put(Decimal(price))
        self.venue.apply_prices()

    def legs(self, order: OtocoOrder) -> tuple[Leg, Leg, Leg] | None:
        """What the ledger holds of an order, or nothing."""
        found = self.venue.book.find(client_oid=order.entry.client_oid)
        return self.venue.book.family(found.list_id) if found else None

    def snapshot(self) -> list[LegReport]:
        """What a new subscription is told first."""
        message = self.feed.snapshot(CHANNEL, 1)
        return [order_row(msgspec.Raw(msgspec.json.encode(row))).report for row in message["result"]["data"]]

    def _remember(self, changes: Changes) -> None:
        """Lists that were guarded at some moment, be it between two reports of one change."""
        for leg in changes.reports:
            self._reported.setdefault(leg.list_id, {})[leg.leg_id] = leg
            known = self._reported[leg.list_id]
            if len(known) == LEGS and is_guarded([known[number] for number in sorted(known)]):
                self.guarded.add(leg.list_id)


def is_guarded(legs: Sequence[Leg]) -> bool:
    """The entry is filled, the stop waits for its trigger with what was planned, and so does the target or is gone."""
    entry, stop, target = legs
    return entry.status == "FILLED" and _waits(stop) and (_waits(target) or is_gone(target))


def is_gone(leg: Leg) -> bool:
    """Cancelled before it took anything."""
    return leg.status == "CANCELED" and not leg.filled


def _waits(leg: Leg) -> bool:
    return leg.status == "ACTIVE" and not leg.exchange_order_id and not leg.filled


def _never(_seconds: float, _call: Callable[[], None]) -> None:
    raise AssertionError("events are held back by the model, not by the exchange")


@dataclass
class Line:
    """How the way to the exchange behaves. ``request`` and ``reply`` are about the next command alone."""

    rest: bool = True
    stream: bool = False
    request: str = ""
    reply: str = ""
    delay_s: float = 0.0


class Wire:
    """Stands where the REST client and the user stream stand: bytes in, bytes out."""

    def __init__(self, exchange: Exchange, clock: VirtualClock, line: Line, signer: Signer) -> None:
        self.server_time = ServerTime(clock)
        self.stamps = Stamps(self.server_time)
        self.exchange = exchange
        self.line = line
        self.signer = signer
        self.on_create: Callable[[bytes], None] = lambda _body: None
        self.on_exit: Callable[[bytes], None] = lambda _body: None

    def take_room(self, _method: Method) -> None:
        """There is always room."""

    async def command(self, method: Method, params: Params, stamp: RequestStamp) -> HttpReply:
        body = signed_body(method, params, stamp, self.signer)
        return HttpReply(200, None, await self._pass(method, body, lambda: self.exchange.api.post(method, body)))

    async def ask(self, _request_id: int, method: str, body: bytes) -> bytes:
        if not self.line.stream:
            raise TransportError("the websocket is not signed in", left=False)
        return await self._pass(method, body, lambda: self.exchange.api.socket_command(parse(body)))

    async def query(self, method: Method, params: Params) -> Reply:
        if not self.line.rest:
            raise TransportError("no connection to the exchange", left=False)
        await asyncio.sleep(0)
        stamp = self.stamps.next()
        answer = self.exchange.api.post(method, signed_body(method, params, stamp, self.signer))
        reply = parse_reply(answer.body)
        if reply.code != 0:
            raise RefusedQueryError(reply.code, "refused")
        return reply

    async def _pass(self, method: str, body: bytes, handle: Callable[[], Answer]) -> bytes:
        """One command on its way there and back."""
        line = self.line
        request, line.request = line.request, ""
        if request == "refused" or not line.rest:
            raise TransportError("no connection to the exchange", left=False)
        if request == "lost":
            raise TransportError("the connection broke while sending", left=True)
        if request == "stuck":
            await asyncio.Event().wait()
        if method == Method.CREATE_OTOCO:
            self.on_create(body)
        if method in (Method.CANCEL_ORDER, Method.AMEND_ORDER):
            self.on_exit(body)
        answer = handle()
        return await self._come_back(answer)

    async def _come_back(self, answer: Answer) -> bytes:
        reply, self.line.reply = self.line.reply, ""
        if reply == "stuck":
            await asyncio.Event().wait()
        await asyncio.sleep(self.line.delay_s)
        if answer.lost or reply == "lost":
            raise TransportError(NO_ANSWER, left=True)
        return answer.body[: len(answer.body) // 2] if reply == "cut" else answer.body


class VenueGateway:
    """The use cases' ``Gateway`` over one wire."""

    def __init__(self, exchange: Exchange, clock: VirtualClock, line: Line) -> None:
        self.signer = Signer(KEY.api_key, KEY.secret)
        self.wire = Wire(exchange, clock, line, self.signer)
        self.exchange = exchange
        self.listeners: list[GatewayListener] = []
        self._clock = clock
        self._line = line
        self._rest = cast("RestClient", self.wire)
        self._commands = Commands(self.signer, self._rest, cast("Stream", self.wire))

    def listen(self, listener: GatewayListener) -> None:
        self.listeners.append(listener)

    async def open(self) -> None:
        """Connected by the model."""

    async def close(self) -> None:
        self.listeners.clear()

    async def instruments(self) -> tuple[Instrument, ...]:
        self._reach()
        answer = self.exchange.api.get("public/get-instruments", {})
        return tuple(instrument_row(raw) for raw in rows(result_rows(parse_reply(answer.body))))

    async def account(self, instrument: str) -> AccountSnapshot:
        self._reach()
        fees = await self.wire.query(Method.INSTRUMENT_FEE_RATE, {"instrument_name": instrument})
        return account_rows(result_rows(await self.wire.query(Method.USER_BALANCE, {})), fee_row(fees.result))

    def watch(self, instrument: str) -> None:
        """Quotes are told by the model."""

    async def candles(self, instrument: str, timeframe: Timeframe) -> tuple[Candle, ...]:
        return ()

    def watch_candles(self, instrument: str, timeframe: Timeframe, tell: Callable[[CandleNews], None]) -> None:
        """The model has no chart."""

    def server_ms(self) -> int:
        return self.wire.server_time.now_ms()

    def stamp(self) -> RequestStamp:
        return self.wire.stamps.next()

    def params_digest(self, order: OtocoOrder) -> str:
        return self._commands.frozen(order).sha256

    def preview(self, order: OtocoOrder, transport: str) -> str:
        return preview_text(self._commands.frozen(order).params)

    def address(self, transport: str) -> str:
        return transport

    def transports(self) -> frozenset[str]:
        ways = {"rest": self._line.rest, "websocket": self._line.stream and self._line.rest}
        return frozenset(way for way, usable in ways.items() if usable)

    def make_ready(self, intent: Intended) -> None:
        """Nothing takes time here."""

    async def create(self, intent: Intended) -> Outcome:
        return await self._commands.create(intent)

    async def cancel(self, list_id: str, stamp: RequestStamp, transport: str = "rest") -> Outcome:
        return await self._commands.cancel(list_id, stamp, transport)

    async def cancel_order(self, order_id: str, stamp: RequestStamp, transport: str) -> Outcome:
        return await self._commands.cancel_order(order_id, stamp, transport)

    async def amend_order(self, amendment: Amendment, stamp: RequestStamp, transport: str) -> Outcome:
        return await self._commands.amend_order(amendment, stamp, transport)

    async def open_reports(self) -> tuple[LegReport, ...]:
        try:
            page = page_of(await self.wire.query(Method.OPEN_ORDERS, {}))
        except ExchangeError as error:
            raise ExchangeTrouble(str(error)) from None
        return tuple(row.report for row in page.found)

    async def evidence(self, query: EvidenceQuery) -> Evidence:
        return await Inquiry(self._rest, self._clock, query).ask()

    def tell_connection(self) -> None:
        rest = Light.GOOD if self._line.rest else Light.DOWN
        user = Light.GOOD if self._line.stream else Light.DOWN
        channel = CHANNEL if self._line.stream else None
        now = Connection(rest=rest, user=user, market=Light.GOOD, order_channel=channel, clock_offset_ms=0)
        for listener in self.listeners:
            listener.on_connection(now)

    def tell_subscribed(self) -> None:
        for listener in self.listeners:
            listener.on_subscribed()

    def tell(self, reports: Sequence[LegReport]) -> None:
        for listener in self.listeners:
            listener.on_reports(reports)

    def tell_market(self, account: AccountSnapshot) -> None:
        """Fresh prices and balances, as a plan needs them."""
        now = self.exchange.venue.prices["BTC_USD"].quote
        at_ms = self._clock.monotonic_ms()
        prices = (now.bid, now.ask, now.mark, now.mark)
        quote = Quote("BTC_USD", *prices, mark_source=MarkSource.EXCHANGE, mark_ms=at_ms, book_ms=at_ms)
        for listener in self.listeners:
            listener.on_quote(quote)
            listener.on_account(replace(account))

    def _reach(self) -> None:
        if not self._line.rest:
            raise ExchangeTrouble("The exchange cannot be reached: no connection.")
