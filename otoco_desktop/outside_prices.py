"""Joins the exchange's public market data to the practice exchange of this program. Loaded with the adapters.

The two never see each other: what one tells is put into the other's own words here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from decimal import Decimal

from otoco_desktop.app.clock import SystemClock
from otoco_desktop.app.ports import Clock
from otoco_desktop.app.real_prices import MarketData, RealPrices, RealPricesNeeds
from otoco_desktop.domain import candles
from otoco_desktop.domain.errors import ExchangeTrouble
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.market import Quote
from otoco_desktop.domain.phases import is_live
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.exchange.endpoints import PUBLIC, PublicEndpoints
from otoco_desktop.exchange.gateway import Pace
from otoco_desktop.exchange.public_market import PublicMarket
from otoco_desktop.practice.candles import Candle
from otoco_desktop.practice.controls import PracticeControls
from otoco_desktop.practice.outside import CandleSource, Listing
from otoco_desktop.practice.prices import Quote as PracticeQuote
from otoco_desktop.practice.thread import PracticeError, PracticeServer

CANDLES = 300
ANSWER_S = 20.0


def endpoints() -> PublicEndpoints:
    """The two public hosts; the only ones that PRACTICE ever connects to beside its own loopback port."""
    return PUBLIC


@dataclass(frozen=True, slots=True)
class Pairs:
    """Which pairs matter: the one in the ticket, empty before there is one, and those of open strategies."""

    shown: Callable[[], str]
    open_ones: Callable[[], Collection[str]] = tuple


def real_prices(
    server: PracticeServer, pairs: Pairs, clock: Clock | None = None, pace: Pace | None = None
) -> RealPrices:
    """The switch between simulated and real prices of this practice exchange; nothing is opened yet."""
    time = clock or SystemClock()
    needs = RealPricesNeeds(
        market=lambda: PublicMarket(endpoints(), time, pace),
        practice=PricesOf(server),
        clock=time,
        shown=pairs.shown,
        open_pairs=pairs.open_ones,
    )
    return RealPrices(needs, held=server.waits_for_prices)


def pairs_of(strategies: Iterable[Strategy]) -> set[str]:
    """The pairs of those that are not over."""
    return {one.intent.order.instrument for one in strategies if is_live(one)}


class PricesOf:
    """The practice exchange as the one who sets its prices; satisfies ``PracticePrices``."""

    def __init__(self, server: PracticeServer) -> None:
        self._server = server

    @property
    def pairs(self) -> tuple[str, ...]:
        return self._server.controls.spot_pairs if self._server.running else ()

    async def begin(self, listed: Sequence[Instrument], market: MarketData) -> None:
        listings = {row.symbol: Listing(row.price_tick, row.quantity_step, row.tradable) for row in listed}
        source = _source(market, asyncio.get_running_loop())
        await self._do(lambda controls: controls.follow_outside(listings, source))

    def take(self, quote: Quote) -> None:
        if quote.mark is None or quote.bid is None or quote.ask is None or not self._server.running:
            return
        bids = tuple((level.price, level.quantity) for level in quote.depth.bids) if quote.depth else ()
        asks = tuple((level.price, level.quantity) for level in quote.depth.asks) if quote.depth else ()
        told = PracticeQuote(quote.mark, quote.bid, quote.ask, quote.last, quote.change_24h, bids, asks)
        self._server.controls.quoted_outside(quote.instrument, told)

    async def leave(self) -> None:
        await self._do(lambda controls: controls.leave_outside())

    async def _do(self, act: Callable[[PracticeControls], Future[None]]) -> None:
        """Handed over at once, so that what is asked for first happens first, whoever gives up waiting for it."""
        try:
            await asyncio.shield(asyncio.wait_for(asyncio.wrap_future(act(self._server.controls)), ANSWER_S))
        except (PracticeError, TimeoutError) as error:
            raise ExchangeTrouble(str(error) or "The practice exchange does not answer.") from error


def _source(market: MarketData, loop: asyncio.AbstractEventLoop) -> CandleSource:
    """Candles asked for on the practice exchange's loop and fetched on the program's."""

    async def bring(symbol: str, timeframe: str) -> list[Candle]:
        try:
            wanted = candles.Timeframe(timeframe)
            asked = asyncio.run_coroutine_threadsafe(market.candles(symbol, wanted, CANDLES), loop)
            found = await asyncio.wait_for(asyncio.wrap_future(asked), ANSWER_S)
        except (ExchangeTrouble, TimeoutError, ValueError, RuntimeError) as error:
            # The last two: a length that the exchange does not offer, and a market that was closed meanwhile.
            raise ConnectionError(str(error)) from error
        return [Candle(one.start_ms, one.open, one.high, one.low, one.close, Decimal(0)) for one in found]

    return bring
