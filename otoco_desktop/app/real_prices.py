"""Real prices for PRACTICE: brings the exchange's public market data to the practice exchange, and watches over it.

It changes over only once real prices have come, and never back by itself: when they stop, the last ones are held
until they come again or the trader goes on with simulated ones.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NoReturn, Protocol

from otoco_desktop.app.kit import Sleep
from otoco_desktop.app.ports import Clock
from otoco_desktop.app.tasks import Tasks
from otoco_desktop.domain.candles import Candle, Timeframe
from otoco_desktop.domain.errors import ExchangeTrouble
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.market import MarkSource, Quote

STALE_MS = 8_000
FIRST_S = 15.0
LOOK_S = 0.5
BACK_OFF_S = (2.0, 4.0, 8.0, 15.0, 30.0)
NOTHING_CAME = "The exchange is reached, but no prices of {symbol} came within 15 s."
NOT_TRADED = "{symbol} is not traded on the exchange. Choose another pair first."
BROKEN = "The exchange's market data is not connected: {words}."
SILENT = "The exchange's market data has brought no whole price for more than 8 s."
SILENT_PAIR = "The exchange's market data has brought no whole price of {symbol} for more than 8 s."
NONE_TRADED = "None of the practice pairs is traded on the exchange."


class Source(StrEnum):
    """Where the prices of PRACTICE come from: ``HELD`` are real ones that do not come at the moment."""

    SIMULATED = "simulated"
    CONNECTING = "connecting"
    REAL = "real"
    HELD = "held"

    @property
    def is_wanted(self) -> bool:
        """Whether the trader has asked for real prices."""
        return self is not Source.SIMULATED

    @property
    def is_outside(self) -> bool:
        """Whether no simulated price counts."""
        return self in (Source.REAL, Source.HELD)


@dataclass(frozen=True, slots=True)
class PricesState:
    """How it stands; ``reason`` is a sentence: why they are held, or why it did not come to real prices.

    ``mark_stands_in`` says that the exchange publishes no mark price and the midpoint takes its place.
    """

    source: Source = Source.SIMULATED
    reason: str = ""
    mark_stands_in: bool = False


class MarketData(Protocol):
    """Public market data of the exchange; nothing of it needs a key."""

    @property
    def is_connected(self) -> bool: ...

    @property
    def words(self) -> str:
        """How the connection stands, for people."""

    def listen(self, tell: Callable[[Quote], None], changed: Callable[[], None]) -> None: ...

    async def open(self) -> None:
        """Raises ``ExchangeTrouble``."""

    async def close(self) -> None: ...

    def follow(self, instruments: Collection[str]) -> None: ...

    async def instruments(self) -> tuple[Instrument, ...]:
        """Raises ``ExchangeTrouble``."""

    async def candles(self, instrument: str, timeframe: Timeframe, count: int) -> tuple[Candle, ...]:
        """The newest candles. Raises ``ExchangeTrouble``."""


class PracticePrices(Protocol):
    """The practice exchange, as the one who sets its prices."""

    @property
    def pairs(self) -> tuple[str, ...]: ...

    async def begin(self, listed: Sequence[Instrument], market: MarketData) -> None:
        """Take ticks, steps, candles and prices from this market from now on. Raises ``ExchangeTrouble``."""

    def take(self, quote: Quote) -> None: ...

    async def leave(self) -> None:
        """Go on with simulated prices. Raises ``ExchangeTrouble``."""


class RealPricesPort(Protocol):
    """What the window asks."""

    @property
    def state(self) -> PricesState: ...

    def listen(self, listener: Callable[[PricesState], None]) -> None: ...

    def wish(self, *, real: bool) -> None: ...


@dataclass(frozen=True, slots=True)
class RealPricesNeeds:
    """``shown`` is the pair in the ticket, empty before there is one; ``open_pairs`` are those of open strategies."""

    market: Callable[[], MarketData]
    practice: PracticePrices
    clock: Clock
    shown: Callable[[], str]
    sleep: Sleep = asyncio.sleep
    open_pairs: Callable[[], Collection[str]] = tuple


@dataclass(slots=True)
class _Heard:
    """The newest quote of each pair, and when one came at all (monotonic ms)."""

    quotes: dict[str, Quote] = field(default_factory=dict)
    at_ms: dict[str, int] = field(default_factory=dict)
    came: asyncio.Event = field(default_factory=asyncio.Event)


class RealPrices:
    """Satisfies ``RealPricesPort``. Use it from one loop; ``close`` at the end.

    With ``held`` the practice exchange already waits for real prices, as it does when they were chosen before.
    """

    def __init__(self, needs: RealPricesNeeds, *, held: bool = False) -> None:
        self._needs = needs
        self._state = PricesState(Source.HELD if held else Source.SIMULATED)
        self._listeners: list[Callable[[PricesState], None]] = []
        self._tasks = Tasks()
        self._work: asyncio.Task[None] | None = None
        self._brings = False
        self._closed = False
        self._heard = _Heard()
        self._began_ms = 0
        self._closings: set[asyncio.Task[None]] = set()

    @property
    def state(self) -> PricesState:
        return self._state

    def listen(self, listener: Callable[[PricesState], None]) -> None:
        """Tell every change, on the loop's own thread."""
        self._listeners.append(listener)

    def wish(self, *, real: bool) -> None:
        """Begin to bring real prices, or end it; what is wished already is left as it is. Nothing after ``close``."""
        if self._closed:
            return
        under_way = self._work is not None and not self._work.done()
        if self._brings is real and under_way:
            return
        if not real and not under_way and self._state.source is Source.SIMULATED:
            return
        before, self._work = self._work, None
        if before is not None and self._brings:  # going on with simulated prices always comes to its end
            before.cancel()
        self._brings = real
        if real:
            if not self._state.source.is_outside:
                self._show(PricesState(Source.CONNECTING))
            self._work = self._tasks.spawn(self._bring(before), "bringing real prices")
        else:
            self._work = self._tasks.spawn(self._leave(before), "going on with simulated prices")

    async def close(self) -> None:
        """End every connection; the practice exchange keeps its prices as they are."""
        self._closed = True
        self._listeners.clear()
        await self._tasks.close()
        await asyncio.gather(*self._closings, return_exceptions=True)

    # Bringing

    async def _bring(self, before: asyncio.Task[None] | None) -> None:
        await _ended(before)
        if not self._state.source.is_outside:
            self._show(PricesState(Source.CONNECTING))
        failures = 0
        while True:
            market = self._needs.market()
            try:
                await self._connect(market)
                await self._watch_over(market)
            except ExchangeTrouble as trouble:
                why = str(trouble)
            finally:
                await self._shut(market)
            if not self._state.source.is_outside:
                self._show(PricesState(reason=why))
                return
            self._hold(why)
            await self._needs.sleep(BACK_OFF_S[min(failures, len(BACK_OFF_S) - 1)])
            failures += 1

    async def _connect(self, market: MarketData) -> None:
        """Up to the first prices of the pair in the ticket, from which on they count. Raises ``ExchangeTrouble``."""
        self._heard = heard = _Heard()
        market.listen(self._note, lambda: None)
        await market.open()
        listed = await market.instruments()
        shown = self._needs.shown()
        offered = {item.symbol for item in listed if item.is_spot and item.tradable}
        if shown and shown not in offered:
            raise ExchangeTrouble(NOT_TRADED.format(symbol=shown))
        followed = [pair for pair in self._needs.practice.pairs if pair in offered]
        if not followed:
            raise ExchangeTrouble(NONE_TRADED)
        market.follow(sorted(followed, key=lambda pair: pair != shown))
        await self._first_of(shown or followed[0], heard, market)
        await self._needs.practice.begin(listed, market)
        for quote in heard.quotes.values():
            self._pass_on(quote)
        market.listen(self._arrived, lambda: None)
        self._began_ms = self._needs.clock.monotonic_ms()
        self._show(PricesState(Source.REAL, mark_stands_in=self._stands_in(heard)))

    async def _first_of(self, symbol: str, heard: _Heard, market: MarketData) -> None:
        try:
            async with asyncio.timeout(FIRST_S):
                while symbol not in heard.quotes:
                    heard.came.clear()
                    await heard.came.wait()
        except TimeoutError:
            words = NOTHING_CAME.format(symbol=symbol) if market.is_connected else BROKEN.format(words=market.words)
            raise ExchangeTrouble(words) from None

    async def _watch_over(self, market: MarketData) -> NoReturn:
        """For ever: hold when prices stop, and go on when they come again; the stream connects again by itself."""
        while True:
            await self._needs.sleep(LOOK_S)
            why = self._why_silent(market)
            if why:
                self._hold(why)
            else:
                self._show(PricesState(Source.REAL, mark_stands_in=self._stands_in(self._heard)))

    def _why_silent(self, market: MarketData) -> str:
        """Empty while prices of the pair in the ticket come, and of every pair that has an open strategy."""
        if not market.is_connected:
            return BROKEN.format(words=market.words)
        came, oldest = self._heard.at_ms, self._needs.clock.monotonic_ms() - STALE_MS
        if came.get(self._needs.shown(), max(came.values())) < oldest:
            return SILENT
        quiet = (pair for pair in sorted(self._needs.open_pairs()) if came.get(pair, self._began_ms) < oldest)
        return next((SILENT_PAIR.format(symbol=pair) for pair in quiet), "")

    def _stands_in(self, heard: _Heard) -> bool:
        quote = heard.quotes.get(self._needs.shown())
        return quote is not None and quote.mark_source is MarkSource.MIDPOINT

    def _note(self, quote: Quote) -> None:
        """Keep what is whole: a mark and both sides of the book, none of them older than a price may be."""
        now_ms = self._needs.clock.monotonic_ms()
        prices = (quote.mark, quote.bid, quote.ask)
        ages = (quote.mark_age_ms(now_ms) or 0, quote.book_age_ms(now_ms) or 0)
        if all(price is not None and price > 0 for price in prices) and max(ages) <= STALE_MS:
            self._heard.quotes[quote.instrument] = quote
            self._heard.at_ms[quote.instrument] = now_ms
            self._heard.came.set()

    def _arrived(self, quote: Quote) -> None:
        self._note(quote)
        if quote is self._heard.quotes.get(quote.instrument):
            self._pass_on(quote)

    def _pass_on(self, quote: Quote) -> None:
        self._needs.practice.take(quote)

    async def _shut(self, market: MarketData) -> None:
        """Close it to the end, whatever becomes of who waits for that."""
        closing = asyncio.create_task(market.close(), name="closing the market data")
        self._closings.add(closing)
        closing.add_done_callback(self._closings.discard)
        await asyncio.shield(closing)

    # Leaving

    async def _leave(self, before: asyncio.Task[None] | None) -> None:
        await _ended(before)
        await self._needs.practice.leave()
        self._show(PricesState())

    def _hold(self, why: str) -> None:
        self._show(replace(self._state, source=Source.HELD, reason=why))

    def _show(self, state: PricesState) -> None:
        if state == self._state:
            return
        self._state = state
        for listener in list(self._listeners):
            listener(state)


async def _ended(before: asyncio.Task[None] | None) -> None:
    if before is not None:
        await asyncio.wait([before])
