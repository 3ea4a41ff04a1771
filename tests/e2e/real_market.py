"""The exchange's public market data on loopback, encrypted, in place of the two real hosts; it says what it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from otoco_desktop import outside_prices
from otoco_desktop.exchange import public_market
from otoco_desktop.exchange.endpoints import PublicEndpoints
from otoco_desktop.practice.candles import TIMEFRAMES, Candle
from otoco_desktop.practice.outside import Listing
from otoco_desktop.practice.prices import Quote
from otoco_desktop.practice.thread import PracticeServer
from otoco_desktop.practice.venue import PracticeConfig
from tests.e2e.accounts.loopback_tls import Front, certificate, fronted, trusting
from tests.e2e.stage import PATIENCE_S, SYMBOL

TICKS = {"BTC_USD": ("0.5", "0.0001"), "ETH_USD": ("0.01", "0.0001"), "CRO_USD": ("0.00001", "1")}
"""What is listed there, on other grids than the practice exchange's own; SOL_USD and XRP_USD are not."""

HALF = Decimal("0.5")
BEAT_S = 0.05


@dataclass
class RealMarket:
    """One exchange. ``candle_close`` is what its history says; ``speaking`` is what is said each beat."""

    server: PracticeServer
    front: Front
    certified: Path
    speaking: dict[str, Quote] = field(default_factory=dict)
    candle_close: Decimal = Decimal("101000.0")

    def say(self, mark: str, symbol: str = SYMBOL) -> None:
        """This price from now on, with a book of one level half a dollar around it."""
        price = Decimal(mark)
        bid, ask = price - HALF, price + HALF
        sizes = ((bid, Decimal("0.4000")),), ((ask, Decimal("0.7000")),)
        self.speaking[symbol] = Quote(price, bid, ask, price, Decimal("0.0123"), *sizes)

    def be_silent(self) -> None:
        """The connection stays and nothing comes."""
        self.speaking.clear()

    def cut(self) -> None:
        """Break every connection; new ones are taken."""
        self.front.present(self.certified)

    async def speak(self) -> None:
        """For ever."""
        while True:
            for symbol, quote in self.speaking.items():
                self.server.controls.quoted_outside(symbol, quote)
            await asyncio.sleep(BEAT_S)

    async def history(self, _symbol: str, timeframe: str) -> list[Candle]:
        """A day of still candles."""
        length = TIMEFRAMES[timeframe]
        now_ms = self.server.controls.now_ms()
        start, price = now_ms - now_ms % length, self.candle_close
        starts = range(start - 99 * length, start + 1, length)
        return [Candle(at, price, price, price, price, Decimal(0)) for at in starts]

    def private_calls(self) -> list[bytes]:
        """What was said to it that only an account may say."""
        words = (b"private/", b"public/auth", b"api_key", b'"sig"', b"POST ")
        return [word for word in words if word in bytes(self.front.heard)]


def listings() -> dict[str, Listing]:
    """What is listed there."""
    return {name: Listing(Decimal(tick), Decimal(step), tradable=True) for name, (tick, step) in TICKS.items()}


@asynccontextmanager
async def real_market(
    folder: Path, patch: pytest.MonkeyPatch, *, trust: bool = True, **bad: Any
) -> AsyncIterator[RealMarket]:
    """A public exchange that the program takes for the real one; ``bad`` is what its certificate is."""
    certified = certificate(folder.with_suffix(".pem"), **bad)
    server = PracticeServer(PracticeConfig(folder, market_interval_s=BEAT_S, from_outside=True))
    found = await asyncio.wait_for(asyncio.wrap_future(server.start()), PATIENCE_S)
    try:
        with fronted(certified, found.port) as front:
            market = RealMarket(server, front, certified)
            await asyncio.wrap_future(server.controls.follow_outside(listings(), market.history))
            at = front.endpoints
            patch.setattr(outside_prices, "endpoints", lambda: PublicEndpoints(at.rest, at.market))
            if trust:
                patch.setattr(public_market, "trusting_context", lambda: trusting(certified))
            speaking = asyncio.create_task(market.speak())
            try:
                yield market
            finally:
                speaking.cancel()
                await asyncio.gather(speaking, return_exceptions=True)
    finally:
        await asyncio.to_thread(server.stop)
