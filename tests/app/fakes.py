"""A world for use cases: time that moves when told, an exchange that does as told, a journal in memory."""

from __future__ import annotations

import asyncio
import hashlib
import heapq
import itertools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from otoco_desktop.app.ports import GatewayListener
from otoco_desktop.app.state import DeskState
from otoco_desktop.domain.candles import Candle, CandleNews, Timeframe
from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.errors import ExchangeTrouble, JournalTrouble
from otoco_desktop.domain.events import (
    Acknowledged,
    Amendment,
    Fact,
    Intended,
    LegReport,
    NotSent,
    Outcome,
    RequestStamp,
)
from otoco_desktop.domain.evidence import Evidence, EvidenceQuery, EvidenceSource, SourceAnswer
from otoco_desktop.domain.history import HistoryPage, HistoryQuery, Standing, is_kept_at_hand
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.lifecycle import fold
from otoco_desktop.domain.market import AccountSnapshot, Balance, Connection, Fees, Light, MarkSource, Quote
from otoco_desktop.domain.order import OtocoOrder
from otoco_desktop.domain.strategy import Strategy
from tests.history_pages import page_of

START = 1_767_225_600_000
LIST = "6498090546073120100"
ORDER = "6498090546073120102"
BTC = Instrument("BTC_USD", "BTC", "USD", Decimal("0.01"), Decimal("0.00001"))
ETH = Instrument("ETH_USD", "ETH", "USD", Decimal("0.01"), Decimal("0.0001"))
LIVE = Connection(
    rest=Light.GOOD,
    user=Light.GOOD,
    market=Light.GOOD,
    order_channel="user.advanced.order",
    clock_offset_ms=40,
)
POLLING = Connection(rest=Light.GOOD, market=Light.GOOD, polling=True, clock_offset_ms=40)
DRAFT = OtocoDraft(entry="92400.00", quantity="0.09874", stop="90552.00", target="97020.00", tag="range")
SOURCES = (EvidenceSource.DETAIL, EvidenceSource.OPEN_ORDERS, EvidenceSource.HISTORY)


async def settle() -> None:
    """Let everything that can run now run."""
    for _ in range(60):
        await asyncio.sleep(0)


class Time:
    """A clock and a sleep that share one time; it passes only through ``advance``."""

    def __init__(self) -> None:
        self.passed_ms = 0
        self.wall_jump_ms = 0
        self._sleepers: list[tuple[int, int, asyncio.Future[None]]] = []
        self._count = itertools.count()

    def wall_ms(self) -> int:
        return START + self.passed_ms + self.wall_jump_ms

    def monotonic_ms(self) -> int:
        return 1_000_000 + self.passed_ms

    async def sleep(self, seconds: float) -> None:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.passed_ms + round(seconds * 1000), next(self._count), done))
        await done

    async def advance(self, seconds: float) -> None:
        """Pass this much time, waking each sleeper at its moment."""
        end = self.passed_ms + round(seconds * 1000)
        await settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            due, _, done = heapq.heappop(self._sleepers)
            self.passed_ms = max(self.passed_ms, due)
            if not done.done():
                done.set_result(None)
            await settle()
        self.passed_ms = end


async def pass_at_once(time: Time, seconds: float) -> None:
    """A long time without the moments in between, as on a computer that was asleep."""
    time.passed_ms += round(seconds * 1000)
    await time.advance(1)


class MemoryJournal:
    """Facts in memory; a second journal over the same list is the same journal opened again.

    ``at_hand`` limits how many are loaded at start besides those that may still change.
    """

    def __init__(self, facts: list[Fact] | None = None) -> None:
        self.facts = [] if facts is None else facts
        self.trouble = ""
        self.gate: asyncio.Event | None = None
        self.at_hand: int | None = None
        self._closed = False

    async def append(self, facts: Sequence[Fact]) -> None:
        if self.gate is not None:
            await self.gate.wait()
        await asyncio.sleep(0)
        known = {fact.strategy_id for fact in self.facts if isinstance(fact, Intended)}
        if self._closed:
            raise JournalTrouble("The journal is closed.")
        if self.trouble or any(isinstance(fact, Intended) and fact.strategy_id in known for fact in facts):
            raise JournalTrouble(self.trouble or "The journal already holds this.")
        self.facts += facts

    async def read_all(self) -> tuple[Fact, ...]:
        return tuple(self.facts)

    def folded(self) -> dict[str, Strategy]:
        """Every strategy, oldest first."""
        intents = {fact.strategy_id: fact for fact in self.facts if isinstance(fact, Intended)}
        return {key: fold(intent, self.facts_of(key)) for key, intent in intents.items()}

    def facts_of(self, strategy_id: str) -> list[Fact]:
        return [fact for fact in self.facts if fact.strategy_id == strategy_id]

    async def standing(self, latest: int, since_ms: int) -> Standing:
        found = list(self.folded().values())
        first = max(0, len(found) - (latest if self.at_hand is None else self.at_hand))
        late = {item.strategy_id for item in found[first:]}
        kept = [
            item
            for item in found
            if item.strategy_id in late
            or is_kept_at_hand(item)
            or (self.at_hand is None and item.intent.at_ms >= since_ms)
        ]
        return Standing(tuple(kept), len(found), max((item.intent.number for item in found), default=0))

    async def strategies(self, strategy_ids: Sequence[str]) -> tuple[Strategy, ...]:
        if self.trouble:
            raise JournalTrouble(self.trouble)
        found = self.folded()
        return tuple(found[each] for each in strategy_ids if each in found)

    async def owners(self, list_ids: Sequence[str]) -> dict[str, str]:
        return {item.list_id: key for key, item in self.folded().items() if item.list_id in list_ids and item.list_id}

    async def history(self, query: HistoryQuery) -> HistoryPage:
        return page_of(self.folded().values(), query)

    async def close(self) -> None:
        self._closed = True


@dataclass
class FakeGateway:
    """An exchange that is told what to answer. ``book`` holds every order it knows."""

    time: Time
    outcome: Outcome = field(default_factory=lambda: Acknowledged(LIST))
    cancel_outcome: Outcome = field(default_factory=lambda: Acknowledged(LIST))
    book: list[LegReport] = field(default_factory=list)
    reachable: bool = True
    answering: bool = True
    before_answer: Callable[[], Awaitable[object]] | None = None
    sent: list[Intended] = field(default_factory=list)
    cancels: list[str] = field(default_factory=list)
    exit_outcome: Outcome = field(default_factory=lambda: Acknowledged(ORDER))
    removed: list[tuple[str, str]] = field(default_factory=list)
    amended: list[tuple[Amendment, str]] = field(default_factory=list)
    asked: list[EvidenceQuery] = field(default_factory=list)
    open_asked: int = 0
    watched: list[str] = field(default_factory=list)
    accounts: int = 0
    opened: bool = False
    listeners: list[GatewayListener] = field(default_factory=list)
    on_create: Callable[[Intended], None] = lambda _intent: None
    stamps: int = 0
    ways: frozenset[str] = frozenset({"rest"})
    cancelled_over: list[str] = field(default_factory=list)
    history: list[Candle] = field(default_factory=lambda: [candle(START)])
    tell_candles: Callable[[CandleNews], None] | None = None
    watched_candles: list[tuple[str, Timeframe]] = field(default_factory=list)

    def listen(self, listener: GatewayListener) -> None:
        self.listeners.append(listener)

    async def open(self) -> None:
        self.opened = True

    async def close(self) -> None:
        self.opened = False

    async def instruments(self) -> tuple[Instrument, ...]:
        self._reach()
        return (ETH, BTC)

    async def account(self, instrument: str) -> AccountSnapshot:
        self._reach()
        self.accounts += 1
        return account()

    def watch(self, instrument: str) -> None:
        self.watched.append(instrument)

    async def candles(self, instrument: str, timeframe: Timeframe) -> tuple[Candle, ...]:
        await self._answer()
        self._reach()
        return tuple(self.history)

    def watch_candles(self, instrument: str, timeframe: Timeframe, tell: Callable[[CandleNews], None]) -> None:
        self.watched_candles.append((instrument, timeframe))
        self.tell_candles = tell

    def server_ms(self) -> int:
        return self.time.wall_ms() + 40

    def stamp(self) -> RequestStamp:
        self.stamps += 1
        return RequestStamp(self.stamps, self.server_ms() + self.stamps, 40)

    def params_digest(self, order: OtocoOrder) -> str:
        return hashlib.sha256(repr(order).encode()).hexdigest()

    def preview(self, order: OtocoOrder, transport: str) -> str:
        return " ".join(leg.client_oid for leg in order.legs)

    def address(self, transport: str) -> str:
        return f"{transport} to nowhere"

    def transports(self) -> frozenset[str]:
        return self.ways

    def make_ready(self, intent: Intended) -> None:
        """Nothing takes time here."""

    async def create(self, intent: Intended) -> Outcome:
        if not self.reachable:
            return NotSent("connection refused")
        self.sent.append(intent)
        self.on_create(intent)
        await self._answer()
        return self.outcome

    async def cancel(self, list_id: str, stamp: RequestStamp, transport: str = "rest") -> Outcome:
        if not self.reachable:
            return NotSent("connection refused")
        self.cancelled_over.append(transport)
        self.cancels.append(list_id)
        await self._answer()
        return self.cancel_outcome

    async def cancel_order(self, order_id: str, stamp: RequestStamp, transport: str) -> Outcome:
        if not self.reachable:
            return NotSent("connection refused")
        self.removed.append((order_id, transport))
        await self._answer()
        return self.exit_outcome

    async def amend_order(self, amendment: Amendment, stamp: RequestStamp, transport: str) -> Outcome:
        if not self.reachable:
            return NotSent("connection refused")
        self.amended.append((amendment, transport))
        await self._answer()
        return self.exit_outcome

    async def open_reports(self) -> tuple[LegReport, ...]:
        self.open_asked += 1
        self._reach()
        return tuple(report for report in self.book if report.status in {"PENDING", "NEW", "ACTIVE"})

    async def evidence(self, query: EvidenceQuery) -> Evidence:
        self.asked.append(query)
        good = self.reachable and self.answering
        ours = [row for row in self.book if row.client_oid in query.client_oids or row.list_id == query.list_id]
        found = tuple(ours) if good else ()
        answers = tuple(SourceAnswer(item, self.time.wall_ms(), good, len(found), "words") for item in SOURCES)
        return Evidence(self.server_ms(), answers, found)

    # What a test makes it tell

    def tell_connection(self, connection: Connection) -> None:
        for listener in self.listeners:
            listener.on_connection(connection)

    def tell_subscribed(self) -> None:
        for listener in self.listeners:
            listener.on_subscribed()

    def tell(self, *reports: LegReport) -> None:
        for listener in self.listeners:
            listener.on_reports(reports)

    def tell_quote(self, quote: Quote) -> None:
        for listener in self.listeners:
            listener.on_quote(quote)

    def tell_account(self, snapshot: AccountSnapshot) -> None:
        for listener in self.listeners:
            listener.on_account(snapshot)

    async def _answer(self) -> None:
        await asyncio.sleep(0)
        if self.before_answer is not None:
            await self.before_answer()

    def _reach(self) -> None:
        if not self.reachable:
            raise ExchangeTrouble("The exchange cannot be reached: connection refused.")


@dataclass
class Heard:
    """What the window would be told."""

    states: list[DeskState] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    strategies: list[Strategy] = field(default_factory=list)

    def desk_changed(self, state: DeskState) -> None:
        self.states.append(state)

    def quote_changed(self, quote: Quote) -> None:
        self.quotes.append(quote)

    def strategy_changed(self, strategy: Strategy) -> None:
        self.strategies.append(strategy)


def candle(start_ms: int, close: str = "93120.10") -> Candle:
    return Candle(start_ms, Decimal(93000), Decimal(93200), Decimal(92900), Decimal(close))


def account(usd: str = "24310.22") -> AccountSnapshot:
    balances = MappingProxyType({"USD": Balance(Decimal(usd)), "BTC": Balance(Decimal("0.41"))})
    return AccountSnapshot(balances, Fees(Decimal("0.0025"), Decimal("0.0050")), Decimal(50_000))


def quote(time: Time, mark: str = "93118.42", instrument: str = "BTC_USD") -> Quote:
    now = time.monotonic_ms()
    return Quote(
        instrument=instrument,
        bid=Decimal("93119.50"),
        ask=Decimal("93120.10"),
        last=Decimal("93120.10"),
        mark=Decimal(mark),
        mark_source=MarkSource.EXCHANGE,
        mark_ms=now,
        book_ms=now,
    )


def rows(order: OtocoOrder, *statuses: str, list_id: str = LIST, at_ms: int = START + 50) -> list[LegReport]:
    """The three legs of a sent order with these statuses, as the exchange would report them."""
    return [
        LegReport(
            list_id=list_id,
            order_id=f"29000000000000000{index}",
            client_oid=leg.client_oid,
            instrument=order.instrument,
            order_type=leg.type.value,
            side=leg.side.value,
            status=status,
            quantity=leg.quantity,
            limit_price=leg.price,
            trigger=leg.trigger,
            update_ms=at_ms,
        )
        for index, (leg, status) in enumerate(zip(order.legs, statuses, strict=False))
    ]
