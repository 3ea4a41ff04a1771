"""Candles: history made backwards from the price at first asking, kept up to date from then on. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from math import isqrt

from otoco_desktop.practice.instruments import Instrument
from otoco_desktop.practice.noise import SPREAD, between, wiggle
from otoco_desktop.practice.prices import STEP_MS

HISTORY = 500
"""Candles of history per instrument and timeframe."""

_MINUTE = 60_000
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR

TIMEFRAMES = {
    "1m": _MINUTE, "5m": 5 * _MINUTE, "15m": 15 * _MINUTE, "30m": 30 * _MINUTE, "1h": _HOUR,
    "2h": 2 * _HOUR, "4h": 4 * _HOUR, "12h": 12 * _HOUR, "1D": _DAY,
}  # fmt: skip
"""Milliseconds of each timeframe."""

LEGACY = {
    "M1": "1m", "M5": "5m", "M15": "15m", "M30": "30m", "H1": "1h",
    "H2": "2h", "H4": "4h", "H12": "12h", "D1": "1D",
}  # fmt: skip
"""Older spellings, still accepted."""


@dataclass(frozen=True, slots=True)
class Candle:
    """One candle; `start_ms` is its beginning, milliseconds since the epoch."""

    start_ms: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal


class Candles:
    """All candle series asked for so far."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._simulated = True
        self._series: dict[tuple[str, str], list[Candle]] = {}

    def rows(self, instrument: Instrument, timeframe: str, mark: Decimal, now_ms: int) -> list[Candle]:
        """The series, oldest first, up to the candle that is being made."""
        key = (instrument.symbol, timeframe)
        if key not in self._series:
            self._series[key] = self._begun(instrument, timeframe, mark, now_ms)
        self._roll(key, mark, now_ms)
        return self._series[key]

    def begin_anew(self, *, simulated: bool) -> None:
        """Forget every series. Where none is simulated one begins with the price at its first asking."""
        self._series.clear()
        self._simulated = simulated

    def put(self, symbol: str, timeframe: str, series: list[Candle]) -> None:
        """Take a series as a real market has it, oldest first; it goes on from there."""
        if series:
            self._series[symbol, timeframe] = series[-HISTORY:]

    def feed(self, symbol: str, mark: Decimal, now_ms: int) -> None:
        """Take a new mark price into every series of an instrument."""
        for key in self._series:
            if key[0] == symbol:
                self._roll(key, mark, now_ms)

    def _begun(self, instrument: Instrument, timeframe: str, mark: Decimal, now_ms: int) -> list[Candle]:
        if self._simulated:
            return _history(instrument, timeframe, mark, now_ms, self._seed)
        start = now_ms - now_ms % TIMEFRAMES[timeframe]
        return [Candle(start, mark, mark, mark, mark, Decimal(0))]

    def _roll(self, key: tuple[str, str], mark: Decimal, now_ms: int) -> None:
        series, length = self._series[key], TIMEFRAMES[key[1]]
        last, start = series[-1], now_ms - now_ms % length
        if last.start_ms < start - HISTORY * length:  # what would be made in between is not kept anyway
            last = replace(last, start_ms=start - HISTORY * length)
        while last.start_ms < start:
            last = _flat(last, length)
            series.append(last)
        series[-1] = replace(last, high=max(last.high, mark), low=min(last.low, mark), close=mark)
        del series[: len(series) - HISTORY]


def _flat(last: Candle, length: int) -> Candle:
    price = last.close
    return Candle(last.start_ms + length, price, price, price, price, last.volume)


def _history(instrument: Instrument, timeframe: str, mark: Decimal, now_ms: int, seed: int) -> list[Candle]:
    length = TIMEFRAMES[timeframe]
    sigma_ppm = instrument.volatility_ppm * isqrt(length // STEP_MS)
    start, close = now_ms - now_ms % length, mark
    made: list[Candle] = []
    for _ in range(HISTORY):
        candle = _backwards(instrument, start, close, sigma_ppm, (seed, timeframe))
        made.append(candle)
        start, close = start - length, candle.open
    return made[::-1]


def _backwards(instrument: Instrument, start_ms: int, close: Decimal, sigma_ppm: int, words: tuple[int, str]) -> Candle:
    seed, timeframe = words
    key = (instrument.symbol, timeframe, start_ms)
    body = sigma_ppm * wiggle(seed, "body", *key) // SPREAD
    # The pull keeps five hundred long candles within sight of the usual price.
    pull = int((instrument.start - close) / instrument.start * 50_000)
    opened = _moved(instrument, close, body + pull)
    upper, lower = max(opened, close), min(opened, close)
    wick_up = between(0, max(1, sigma_ppm // 2), seed, "up", *key)
    wick_down = between(0, max(1, sigma_ppm // 2), seed, "down", *key)
    volume = between(20, 900, seed, "volume", *key) * instrument.step * 100
    high, low = _moved(instrument, upper, wick_up), _moved(instrument, lower, -wick_down)
    return Candle(start_ms, opened, high, low, close, volume)


def _moved(instrument: Instrument, price: Decimal, ppm: int) -> Decimal:
    ppm = max(-600_000, min(600_000, ppm))
    ticks = int(price * (1_000_000 + ppm) / 1_000_000 / instrument.tick)
    return max(1, ticks) * instrument.tick
