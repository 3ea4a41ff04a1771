"""The switch between simulated and real prices, with a market and a practice exchange that do as they are told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest

from otoco_desktop.app import real_prices
from otoco_desktop.app.real_prices import MarketData, PricesState, RealPrices, RealPricesNeeds, Source
from otoco_desktop.domain.candles import Candle, Timeframe
from otoco_desktop.domain.errors import ExchangeTrouble
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.market import MarkSource, Quote
from tests.waiting import until

SYMBOL = "BTC_USD"
LISTED = Instrument(SYMBOL, "BTC", "USD", Decimal("0.5"), Decimal("0.001"), kind="CCY_PAIR", tradable=True)
QUOTE = Quote(SYMBOL, Decimal(99), Decimal(101), Decimal(100), Decimal(100), MarkSource.EXCHANGE)


@dataclass
class Market:
    """``reason`` is why it cannot be opened."""

    reason: str = ""
    listed: tuple[Instrument, ...] = (LISTED,)
    is_connected: bool = True
    words: str = "good"
    opened: bool = False
    closed: bool = False
    followed: tuple[str, ...] = ()
    tell: Callable[[Quote], None] = lambda _quote: None

    def listen(self, tell: Callable[[Quote], None], changed: Callable[[], None]) -> None:
        self.tell = tell

    async def open(self) -> None:
        self.opened = True
        if self.reason:
            raise ExchangeTrouble(self.reason)

    async def close(self) -> None:
        self.closed = True

    def follow(self, instruments: Collection[str]) -> None:
        self.followed = tuple(instruments)

    async def instruments(self) -> tuple[Instrument, ...]:
        return self.listed

    async def candles(self, instrument: str, timeframe: Timeframe, count: int) -> tuple[Candle, ...]:
        return ()


@dataclass
class Practice:
    """Writes down what it is told."""

    pairs: tuple[str, ...] = ("ETH_USD", SYMBOL)
    told: list[str] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)

    async def begin(self, listed: Sequence[Instrument], market: MarketData) -> None:
        self.told.append("begin")

    def take(self, quote: Quote) -> None:
        self.quotes.append(quote)

    async def leave(self) -> None:
        self.told.append("leave")


@dataclass
class Clock:
    ms: int = 1_000_000

    def wall_ms(self) -> int:
        return self.ms

    def monotonic_ms(self) -> int:
        return self.ms


class World:
    """Everything around one switch. Pauses pass at once and are written down."""

    def __init__(self, *markets: Market, held: bool = False) -> None:
        self.waiting = list(markets)
        self.markets: list[Market] = []
        self.practice, self.clock = Practice(), Clock()
        self.pauses: list[float] = []
        self.open_pairs: tuple[str, ...] = ()
        needs = RealPricesNeeds(
            self._market, self.practice, self.clock, lambda: SYMBOL, self._sleep, lambda: self.open_pairs
        )
        self.prices = RealPrices(needs, held=held)
        self.seen: list[PricesState] = []
        self.prices.listen(self.seen.append)

    def _market(self) -> Market:
        self.markets.append(self.waiting.pop(0) if self.waiting else Market())
        return self.markets[-1]

    async def _sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await asyncio.sleep(0)

    @property
    def market(self) -> Market:
        return self.markets[-1]

    async def followed(self) -> None:
        await until(lambda: self.markets and self.market.followed, 20)

    async def real(self) -> None:
        self.prices.wish(real=True)
        await self.followed()
        self.market.tell(QUOTE)
        await self.stands(Source.REAL)

    async def told_why(self) -> None:
        await until(lambda: self.prices.state.reason, 20)

    async def stands(self, source: Source) -> None:
        await until(lambda: self.prices.state.source is source, 20, source)


async def test_it_changes_over_with_the_first_whole_quote_of_the_pair_in_the_ticket() -> None:
    world = World()
    world.prices.wish(real=True)
    await world.followed()
    assert world.market.followed == (SYMBOL,), "only what is traded on both sides"
    world.market.tell(replace(QUOTE, bid=None))
    await asyncio.sleep(0.02)
    assert world.prices.state.source is Source.CONNECTING
    assert world.practice.told == []
    world.market.tell(QUOTE)
    await world.stands(Source.REAL)
    assert world.practice.told == ["begin"]
    assert world.practice.quotes == [QUOTE]
    await world.prices.close()
    assert world.market.closed


async def test_where_it_cannot_be_reached_prices_stay_simulated() -> None:
    world = World(Market("The exchange cannot be reached: no connection."))
    world.prices.wish(real=True)
    await world.told_why()
    assert world.prices.state == PricesState(reason="The exchange cannot be reached: no connection.")
    assert world.practice.told == []
    assert world.market.closed
    await world.prices.close()


@pytest.mark.parametrize("listed", [(), (replace(LISTED, tradable=False),), (replace(LISTED, kind="PERPETUAL_SWAP"),)])
async def test_a_pair_that_is_not_traded_there_is_named(listed: tuple[Instrument, ...]) -> None:
    world = World(Market(listed=listed))
    world.prices.wish(real=True)
    await world.told_why()
    assert world.prices.state.reason == real_prices.NOT_TRADED.format(symbol=SYMBOL)
    await world.prices.close()


async def test_no_price_in_time_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(real_prices, "FIRST_S", 0.01)
    silent, broken = World(), World(Market(is_connected=False, words="no answer"))
    for world in (silent, broken):
        world.prices.wish(real=True)
        await world.told_why()
        await world.prices.close()
    assert silent.prices.state.reason == real_prices.NOTHING_CAME.format(symbol=SYMBOL)
    assert broken.prices.state.reason == "The exchange's market data is not connected: no answer."


async def test_silence_and_a_broken_line_hold_and_the_next_quote_goes_on() -> None:
    world = World()
    await world.real()
    world.clock.ms += 8_001
    await world.stands(Source.HELD)
    assert world.prices.state.reason == real_prices.SILENT
    world.market.tell(QUOTE)
    await world.stands(Source.REAL)
    world.market.is_connected, world.market.words = False, "the connection broke"
    await world.stands(Source.HELD)
    assert "the connection broke" in world.prices.state.reason
    assert world.practice.told == ["begin"], "never back by itself"
    world.prices.wish(real=False)
    await world.stands(Source.SIMULATED)
    assert world.practice.told == ["begin", "leave"]
    assert world.market.closed
    await world.prices.close()


async def test_a_pair_with_an_open_strategy_that_stops_is_told_of_though_another_is_in_the_ticket() -> None:
    world = World(Market(listed=(LISTED, replace(LISTED, symbol="ETH_USD"))))
    world.open_pairs = ("ETH_USD",)
    await world.real()
    world.clock.ms += 5_000
    world.market.tell(QUOTE)
    world.market.tell(replace(QUOTE, instrument="ETH_USD"))
    world.clock.ms += 5_000
    world.market.tell(QUOTE)
    await asyncio.sleep(0.02)
    assert world.prices.state.source is Source.REAL, "both came within 8 s"
    world.clock.ms += 5_000
    world.market.tell(QUOTE)
    await world.stands(Source.HELD)
    assert world.prices.state.reason == real_prices.SILENT_PAIR.format(symbol="ETH_USD")
    world.market.tell(replace(QUOTE, instrument="ETH_USD"))
    await world.stands(Source.REAL)
    world.open_pairs = ("ETH_USD", "SOL_USD")
    world.clock.ms += 1_000
    await world.stands(Source.HELD)
    assert "SOL_USD" in world.prices.state.reason, "it never came"
    world.open_pairs = ()
    await world.stands(Source.REAL)
    await world.prices.close()


async def test_switched_off_while_connecting_it_stays_simulated() -> None:
    world = World()
    world.prices.wish(real=True)
    await world.followed()
    world.prices.wish(real=False)
    await world.stands(Source.SIMULATED)
    assert world.market.closed
    world.market.tell(QUOTE)
    await asyncio.sleep(0.01)
    assert "begin" not in world.practice.told
    await world.prices.close()


async def test_what_is_wished_already_is_left_alone() -> None:
    world = World()
    world.prices.wish(real=False)
    await world.real()
    world.prices.wish(real=True)
    await asyncio.sleep(0.01)
    assert len(world.markets) == 1
    await world.prices.close()


async def test_chosen_before_it_tries_until_real_prices_come() -> None:
    away = [Market("The exchange cannot be reached: no connection.") for _ in range(3)]
    world = World(*away, held=True)
    assert world.prices.state.source is Source.HELD
    world.prices.wish(real=True)
    await until(lambda: len(world.markets) == 4 and world.market.followed, 20)
    assert {state.source for state in world.seen} == {Source.HELD}, "never simulated meanwhile"
    assert world.pauses[:3] == [2.0, 4.0, 8.0]
    assert all(market.closed for market in away)
    world.market.tell(QUOTE)
    await world.stands(Source.REAL)
    await world.prices.close()


async def test_a_midpoint_in_the_place_of_the_mark_is_told() -> None:
    world = World()
    world.prices.wish(real=True)
    await world.followed()
    world.market.tell(replace(QUOTE, mark_source=MarkSource.MIDPOINT))
    await world.stands(Source.REAL)
    assert world.prices.state.mark_stands_in
    world.market.tell(QUOTE)
    await until(lambda: not world.prices.state.mark_stands_in, 20)
    await world.prices.close()


async def test_a_mark_that_stands_still_or_a_book_without_prices_counts_for_nothing() -> None:
    world = World()
    await world.real()
    stale = replace(QUOTE, mark_ms=world.clock.ms, book_ms=world.clock.ms + 8_001)
    world.clock.ms += 8_001
    for quote in (stale, replace(QUOTE, bid=Decimal(0)), replace(QUOTE, mark=Decimal(-1))):
        world.market.tell(quote)
    await world.stands(Source.HELD)
    assert world.practice.quotes == [QUOTE]
    world.market.tell(replace(stale, mark_ms=world.clock.ms))
    await world.stands(Source.REAL)
    await world.prices.close()


async def test_on_again_while_it_goes_off_is_on_again_afterwards() -> None:
    world = World()
    await world.real()
    leaving = asyncio.Event()

    async def leave() -> None:
        await leaving.wait()
        world.practice.told.append("leave")

    world.practice.leave = leave  # type: ignore[method-assign]  # slower than that of the others
    world.prices.wish(real=False)
    world.prices.wish(real=False)
    await asyncio.sleep(0)
    world.prices.wish(real=True)
    leaving.set()
    await world.stands(Source.CONNECTING)
    assert world.practice.told == ["begin", "leave"]
    await until(lambda: len(world.markets) == 2 and world.market.followed, 20)
    world.market.tell(QUOTE)
    await world.stands(Source.REAL)
    await world.prices.close()


async def test_a_defect_while_changing_over_leaves_the_way_back(caplog: pytest.LogCaptureFixture) -> None:
    world = World()

    async def fail(listed: Sequence[Instrument], market: MarketData) -> None:
        raise RuntimeError("unforeseen")

    world.practice.begin = fail  # type: ignore[method-assign]  # as no other does
    world.prices.wish(real=True)
    await world.followed()
    world.market.tell(QUOTE)
    await until(lambda: "bringing real prices failed" in caplog.text, 20)
    world.prices.wish(real=False)
    await world.stands(Source.SIMULATED)
    assert world.practice.told == ["leave"]
    await world.prices.close()


async def test_fifty_times_on_and_off_leaves_nothing_behind() -> None:
    world = World()
    before = asyncio.all_tasks()
    for _ in range(50):
        world.prices.wish(real=True)
        await asyncio.sleep(0)
        world.prices.wish(real=False)
        await asyncio.sleep(0)
    await world.stands(Source.SIMULATED)
    await until(lambda: asyncio.all_tasks() == before, 20)
    assert all(market.closed for market in world.markets)
    await world.prices.close()


async def test_nothing_connects_any_more_once_it_is_closed() -> None:
    world = World()
    await world.prices.close()
    world.prices.wish(real=True)
    await asyncio.sleep(0.01)
    assert world.markets == []
