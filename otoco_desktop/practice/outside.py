"""Prices from outside: a real market's quotes in place of the simulated ones. Pure; opens nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from otoco_desktop.practice.candles import Candle

STALE_NS = 8_000_000_000
"""A quote older than this no longer acts on orders and is told to nobody."""


class PricesAreReal(Exception):
    """What was asked for moves the price, which comes from a real market now; the text is for a person."""

    def __init__(self) -> None:
        super().__init__("The price comes from the exchange now. Switch real prices off to move it by hand.")


@dataclass(frozen=True, slots=True)
class Listing:
    """How the real market lists an instrument."""

    tick: Decimal
    step: Decimal
    tradable: bool


CandleSource = Callable[[str, str], Awaitable[list[Candle]]]
"""Gives the real candles of an instrument and a timeframe, oldest first. Raises `ConnectionError`."""


@dataclass(slots=True)
class Outside:
    """Whether prices come from outside, and which of them are new."""

    is_on: bool = False
    candles: CandleSource | None = None
    _at_ns: dict[str, int] = field(default_factory=dict)
    _news: set[str] = field(default_factory=set)

    def begin(self) -> None:
        """From now on nothing counts but what `note` tells of."""
        self.is_on = True
        self._at_ns.clear()
        self._news.clear()

    def end(self) -> None:
        """Simulated prices count again."""
        self.is_on = False

    def note(self, symbol: str, now_ns: int) -> None:
        """A quote came."""
        self._at_ns[symbol] = now_ns
        self._news.add(symbol)

    def is_fresh(self, symbol: str, now_ns: int) -> bool:
        """Whether the price may act on orders and be told; a simulated one always may."""
        at_ns = self._at_ns.get(symbol)
        return not self.is_on or (at_ns is not None and now_ns - at_ns <= STALE_NS)

    def take_news(self) -> frozenset[str]:
        """The instruments with a quote since the last call."""
        news = frozenset(self._news)
        self._news.clear()
        return news


Listings = Mapping[str, Listing]
