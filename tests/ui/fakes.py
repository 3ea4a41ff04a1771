"""A desk without an exchange, holding the drawings' example data, and stand-ins for what the window is given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from otoco_desktop.app.state import Confirmed, DeskListener, DeskState, Gate
from otoco_desktop.domain.depth import Depth
from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.events import (
    Acknowledged,
    Answered,
    Fact,
    Intended,
    LegReport,
    LegReported,
    Planned,
    ReportSource,
    RequestStamp,
    Unknown,
)
from otoco_desktop.domain.history import HistoryPage, HistoryQuery
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.lifecycle import begin, evolve
from otoco_desktop.domain.market import AccountSnapshot, Balance, Connection, Fees, Light, MarkSource, Quote
from otoco_desktop.domain.order import Leg, LegRole, OrderType, OtocoOrder, Side, client_oid
from otoco_desktop.domain.rules import evaluate
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.domain.verdict import PlanSettings, Surroundings
from tests.history_pages import page_of

NOW_MS = 1_795_361_219_214  # 2026-11-22 15:26:59.214 UTC
MONOTONIC_MS = 10_000_000
OFFSET_MS = -42
BTC = Instrument("BTC_USD", "BTC", "USD", Decimal("0.01"), Decimal("0.00001"))
INSTRUMENTS = (
    BTC,
    Instrument("ETH_USD", "ETH", "USD", Decimal("0.01"), Decimal("0.00001")),
    Instrument("SOL_USD", "SOL", "USD", Decimal("0.01"), Decimal("0.001")),
    Instrument("CRO_USD", "CRO", "USD", Decimal("0.00001"), Decimal("1")),
)
ACCOUNT = AccountSnapshot(
    balances={"USD": Balance(Decimal("31000.00"), Decimal("6689.78")), "BTC": Balance(Decimal("0.41000"))},
    fees=Fees(Decimal("0.0025"), Decimal("0.0050")),
    value_usd=Decimal("50000.00"),
)
BOOK_STEPS = tuple(enumerate(("0.01200", "0.04100", "0.25000", "0.08000", "0.66000", "0.12500", "0.90000", "0.05000")))
DEPTH = Depth.of(
    [(Decimal("93119.50") - Decimal("6.30") * at, Decimal(size)) for at, size in BOOK_STEPS],
    [(Decimal("93120.10") + Decimal("5.70") * at, Decimal(size)) for at, size in BOOK_STEPS],
)
QUOTE = Quote(
    "BTC_USD",
    bid=Decimal("93119.50"),
    ask=Decimal("93120.10"),
    last=Decimal("93120.10"),
    mark=Decimal("93118.42"),
    mark_source=MarkSource.EXCHANGE,
    change_24h=Decimal("-0.0124"),
    mark_ms=MONOTONIC_MS - 200,
    book_ms=MONOTONIC_MS - 200,
    depth=DEPTH,
    depth_mark=Decimal("93118.42"),
)
CONNECTED = Connection(
    rest=Light.GOOD,
    rest_ms=84,
    rest_words="84 ms",
    user=Light.GOOD,
    user_words="simulated",
    market=Light.GOOD,
    market_words="live",
    order_channel="user.advanced.order",
    clock_offset_ms=OFFSET_MS,
)
PLAN = OtocoDraft(
    entry="92400.00",
    quantity_mode=QuantityMode.RISK,
    quantity="0.5 %",
    stop="2%",
    target_market=False,
    target="2.5R",
    target_limit="97000.00",
    tag="range-retest · Asia low held twice",
)
WRONG_PLAN = OtocoDraft(
    entry="92400.005",
    quantity="0.50000",
    stop_market=False,
    stop="93000.00",
    stop_limit="92950.00",
    target="0.5%",
    tag="range-retest · Asia low held twice",
)


# Strategies


def order_of(symbol: str, quantity: str, prices: tuple[str, str, str], strategy_id: str) -> OtocoOrder:
    """A buy with market exits at entry, stop and target."""
    entry, stop, target = (Decimal(price) for price in prices)

    def leg(role: LegRole, side: Side, kind: OrderType, price: Decimal | None, trigger: Decimal | None) -> Leg:
        return Leg(role, side, kind, Decimal(quantity), client_oid(strategy_id, role), price, trigger)

    return OtocoOrder(
        strategy_id,
        symbol,
        leg(LegRole.ENTRY, Side.BUY, OrderType.LIMIT, entry, None),
        leg(LegRole.STOP, Side.SELL, OrderType.STOP_LOSS, None, stop),
        leg(LegRole.TARGET, Side.SELL, OrderType.TAKE_PROFIT, None, target),
        fee_instrument="USD",
    )


def intended(number: int, order: OtocoOrder, tag: str, planned_loss: str) -> Intended:
    """The plan as committed, some minutes ago."""
    at_ms = NOW_MS - (500 - number) * 60_000
    return Intended(
        order.strategy_id,
        at_ms,
        number,
        order,
        RequestStamp(number, at_ms, 42),
        "PRACTICE",
        "practice",
        "rest",
        "0" * 64,
        MONOTONIC_MS,
        "0.1.0",
        Planned(Decimal(planned_loss), Decimal("300"), Decimal("0.0025"), Decimal("0.0050")),
        tag,
    )


def reported(intent: Intended, role: LegRole, status: str, filled: str = "0", price: str = "0") -> LegReported:
    """The exchange's word on one leg, half a minute after the plan was sent."""
    leg = intent.order.leg(role)
    amount, at = Decimal(filled), Decimal(price)
    report = LegReport(
        list_id=f"64980905460731{intent.number:05d}",
        order_id=f"64980905460731{intent.number:05d}{role.suffix}",
        client_oid=leg.client_oid,
        instrument=intent.order.instrument,
        order_type=leg.type.value,
        side=leg.side.value,
        status=status,
        quantity=leg.quantity,
        filled=amount,
        filled_value=amount * at,
        average_price=at if amount else None,
        limit_price=leg.price,
        trigger=leg.trigger,
        fee=(amount * at * Decimal("0.0025")).quantize(Decimal("0.0001")),
        fee_coin="USD" if amount else "",
        update_ms=intent.at_ms + 30_000,
    )
    return LegReported(intent.strategy_id, intent.at_ms + 30_084, ReportSource.STREAM, report)


def folded(intent: Intended, facts: Iterable[Fact]) -> Strategy:
    strategy = begin(intent)
    for fact in facts:
        strategy = evolve(strategy, fact)
    return strategy


def accepted(intent: Intended) -> Answered:
    list_id = f"64980905460731{intent.number:05d}"
    return Answered(intent.strategy_id, intent.at_ms + 92, Acknowledged(list_id))


def example(
    number: int, symbol: str, quantity: str, prices: tuple[str, str, str], tag: str, legs: tuple[tuple[str, str], ...]
) -> Strategy:
    """A strategy whose legs stand as said: (status, filled) of entry, stop and target."""
    strategy_id = f"{number:026d}"
    order = order_of(symbol, quantity, prices, strategy_id)
    intent = intended(number, order, tag, "-120.00")
    words = [
        reported(intent, role, status, filled, prices[at] if Decimal(filled) else "0")
        for at, (role, (status, filled)) in enumerate(zip(LegRole, legs, strict=True))
    ]
    return folded(intent, [accepted(intent), *words])


def four_strategies() -> tuple[Strategy, ...]:
    """The rows of the drawings, newest first."""
    waiting = ("PENDING", "0")
    active = ("ACTIVE", "0")
    return (
        example(
            415, "BTC_USD", "0.08120", ("91880.00", "90410.00", "95600.00"), "range-retest",
            (("FILLED", "0.08120"), active, active),
        ),
        example(
            414, "ETH_USD", "2.40000", ("3041.20", "2968.00", "3214.00"), "dip-ladder", (active, waiting, waiting)
        ),
        example(
            413, "SOL_USD", "41.500", ("138.42", "134.10", "149.00"), "fade-open",
            (("ACTIVE", "25.730"), waiting, waiting),
        ),
        example(
            411, "BTC_USD", "0.10000", ("90120.00", "88760.00", "93010.00"), "range-retest",
            (("FILLED", "0.10000"), ("CANCELED", "0"), ("FILLED", "0.10000")),
        ),
    )  # fmt: skip


def unknown_strategy(number: int = 416, tag: str = "breakout") -> Strategy:
    """A plan whose reply was lost."""
    order = order_of("BTC_USD", "0.09874", ("92400.00", "90552.00", "97020.00"), f"{number:026d}")
    intent = intended(number, order, tag, "-249.99")
    return folded(intent, [Answered(intent.strategy_id, intent.at_ms + 10_000, Unknown("No reply in 10 s"))])


# The desk


class FakeDesk:
    """Satisfies ``DeskPort``; what the window asked for is kept in lists, and tests move its clock and prices."""

    def __init__(self, strategies: Iterable[Strategy] = (), environment: str = "PRACTICE") -> None:
        self.listeners: list[DeskListener] = []
        self.submitted: list[Confirmed] = []
        self.cancelled: list[str] = []
        self.removed: list[tuple[str, LegRole]] = []
        self.moved: list[tuple[str, LegRole, Decimal, Decimal | None]] = []
        self.noted: list[tuple[str, str, str]] = []
        self.settled: list[tuple[str, str]] = []
        self.checks = 0
        self.answers = True
        self.trouble: Exception | None = None
        self.wall_ms = NOW_MS
        self.monotonic_ms = MONOTONIC_MS
        self.settings = PlanSettings()
        self._state = DeskState(
            environment,
            instruments=INSTRUMENTS,
            instrument=BTC,
            quote=QUOTE,
            account=ACCOUNT,
            connection=CONNECTED,
            gate=Gate(open=True),
            strategies=tuple(strategies),
        )

    @property
    def state(self) -> DeskState:
        return self._state

    def listen(self, listener: DeskListener) -> None:
        self.listeners.append(listener)

    def surroundings(self) -> Surroundings:
        return Surroundings(
            instrument=self._state.instrument,
            quote=self._state.quote,
            account=self._state.account,
            now_ms=self.monotonic_ms,
            settings=self.settings,
            clock_offset_ms=self._state.connection.clock_offset_ms,
            usd_per_quote=Decimal(1),
        )

    def now_ms(self) -> int:
        return self.wall_ms

    def exchange_ms(self) -> int | None:
        return self.wall_ms + OFFSET_MS

    def select(self, symbol: str) -> None:
        chosen = next(found for found in self._state.instruments if found.symbol == symbol)
        self.change(instrument=chosen, quote=Quote(symbol))

    def prepare(self, draft: OtocoDraft) -> Confirmed | None:
        verdict = evaluate(draft, self.surroundings())
        return Confirmed(f"token-{len(self.submitted)}", verdict, "{}") if verdict.submittable else None

    async def submit(self, confirmed: Confirmed) -> str | None:
        if self.trouble:
            raise self.trouble
        self.submitted.append(confirmed)
        strategy = unknown_strategy(420)
        self.put(strategy)
        return strategy.strategy_id

    async def cancel(self, strategy_id: str) -> None:
        if self.trouble:
            raise self.trouble
        self.cancelled.append(strategy_id)

    async def cancel_leg(self, strategy_id: str, role: LegRole) -> None:
        if self.trouble:
            raise self.trouble
        self.removed.append((strategy_id, role))

    async def move(self, strategy_id: str, role: LegRole, trigger: Decimal, price: Decimal | None) -> None:
        if self.trouble:
            raise self.trouble
        self.moved.append((strategy_id, role, trigger, price))

    async def check(self) -> bool:
        if self.trouble:
            raise self.trouble
        self.checks += 1
        return self.answers

    async def history(self, query: HistoryQuery) -> HistoryPage:
        if self.trouble:
            raise self.trouble
        return page_of(self._state.strategies, query)

    async def strategy(self, strategy_id: str) -> Strategy:
        return {found.strategy_id: found for found in self._state.strategies}[strategy_id]

    async def note(self, strategy_id: str, tag: str, note: str) -> None:
        self.noted.append((strategy_id, tag, note))

    async def settle(self, strategy_id: str, words: str) -> None:
        if self.trouble:
            raise self.trouble
        self.settled.append((strategy_id, words))

    # Moved by tests

    def change(self, **fields: object) -> None:
        """Replace parts of the state and tell."""
        self._state = replace(self._state, **fields)  # type: ignore[arg-type]  # names are checked by replace itself
        for listener in self.listeners:
            listener.desk_changed(self._state)

    def tick(self, quote: Quote) -> None:
        """A quote arrives."""
        self._state = replace(self._state, quote=quote)
        for listener in self.listeners:
            listener.quote_changed(quote)

    def put(self, strategy: Strategy) -> None:
        """A strategy is new or has news."""
        others = [found for found in self._state.strategies if found.strategy_id != strategy.strategy_id]
        self._state = replace(self._state, strategies=(strategy, *others))
        for listener in self.listeners:
            listener.strategy_changed(strategy)

    def pass_time(self, duration_ms: int) -> None:
        """Both clocks move on; nothing is told."""
        self.wall_ms += duration_ms
        self.monotonic_ms += duration_ms


class MemoryStore:
    """A window's memory that lives as long as the test."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get(self, key: str) -> str | None:
        return self.kept.get(key)

    def put(self, key: str, value: str) -> None:
        self.kept[key] = value
