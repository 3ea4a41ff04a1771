"""Candles as the exchange publishes them: exact prices, a start, and nothing in between that nobody reported."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

KEPT = 600
"""Most candles held of one series; the oldest go first."""

_MINUTE_MS = 60_000


class Timeframe(StrEnum):
    """How long one candle lasts, in the exchange's own words (exchange docs, public/get-candlestick)."""

    M1 = "1m"
    M5 = "5m"
    M15 = "15m"
    H1 = "1h"
    H4 = "4h"
    D1 = "1D"

    @property
    def ms(self) -> int:
        """Its length, milliseconds."""
        return _MINUTES[self] * _MINUTE_MS

    @property
    def legacy(self) -> str:
        """The older spelling, which channels may still go by: M15 for 15m."""
        return self.value[-1].upper() + self.value[:-1]


_MINUTES = {
    Timeframe.M1: 1,
    Timeframe.M5: 5,
    Timeframe.M15: 15,
    Timeframe.H1: 60,
    Timeframe.H4: 240,
    Timeframe.D1: 1_440,
}


@dataclass(frozen=True, slots=True)
class Candle:
    """Open, high, low and close in quote per base; ``start_ms`` is exchange time, ms since the epoch."""

    start_ms: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal

    @property
    def is_sound(self) -> bool:
        """Whether high and low really enclose the other two, and all are positive."""
        return 0 < self.low <= min(self.open, self.close) and max(self.open, self.close) <= self.high

    @property
    def is_up(self) -> bool:
        """Whether it closed no lower than it opened."""
        return self.close >= self.open


@dataclass(frozen=True, slots=True)
class CandleNews:
    """Candles of one channel message, with what they belong to."""

    instrument: str
    timeframe: Timeframe
    candles: tuple[Candle, ...]


@dataclass(frozen=True, slots=True)
class CandleSeries:
    """What is known of one instrument's candles, oldest first; missing ones are simply not there.

    ``trouble`` is a sentence while the exchange does not provide them.
    """

    instrument: str
    timeframe: Timeframe
    candles: tuple[Candle, ...] = ()
    loading: bool = False
    trouble: str = ""


def joined(known: tuple[Candle, ...], news: Iterable[Candle]) -> tuple[Candle, ...]:
    """Both together, oldest first, each start once; where both have it, the news stand."""
    by_start = {candle.start_ms: candle for candle in known}
    by_start.update((candle.start_ms, candle) for candle in news)
    return tuple(by_start[start] for start in sorted(by_start))[-KEPT:]
