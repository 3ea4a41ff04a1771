"""Pixels to prices and times and back. Floats live here; a price comes back as a whole number of ticks, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import floor, log10

from otoco_desktop.domain.candles import Candle
from otoco_desktop.domain.money import on_grid

PITCH = 8.0
"""Pixels from one candle to the next after a fit."""

HISTORY_SHARE = 0.61
"""Share of the width that the candles take after a fit; the rest is the future, where labels and zones are."""

MARGIN = 0.11
REACH = 2.0
LEAST_SPAN_CANDLES, MOST_SPAN_CANDLES = 5.0, 2_000.0


@dataclass(frozen=True, slots=True)
class Frame:
    """What a plot of ``width`` by ``height`` pixels shows: times in ms, prices in quote."""

    width: float
    height: float
    from_ms: float
    to_ms: float
    low: float
    high: float

    def y_of(self, price: Decimal) -> float:
        """Pixels from the top."""
        return self.y_at(float(price))

    def y_at(self, price: float) -> float:
        return (self.high - price) * self.height / (self.high - self.low)

    def x_of(self, at_ms: float) -> float:
        """Pixels from the left."""
        return (at_ms - self.from_ms) * self.width / (self.to_ms - self.from_ms)

    def price_at(self, y: float) -> float:
        return self.high - y * (self.high - self.low) / self.height

    def ms_at(self, x: float) -> float:
        return self.from_ms + x * (self.to_ms - self.from_ms) / self.width

    def snapped(self, y: float, tick: Decimal) -> Decimal:
        """The price there on the ticks, never below one; a pixel of many ticks is not read finer than it is."""
        ticks_per_pixel = (self.high - self.low) / self.height / float(tick)
        grain = 10 ** max(0, floor(log10(ticks_per_pixel))) if ticks_per_pixel > 0 else 1
        count = round(self.price_at(y) / float(tick) / grain) * grain
        return on_grid(max(1, count) * tick, tick)

    def moved(self, x: float, y: float) -> Frame:
        """Dragged by so many pixels."""
        time = x * (self.to_ms - self.from_ms) / self.width
        price = y * (self.high - self.low) / self.height
        return replace(
            self,
            from_ms=self.from_ms - time,
            to_ms=self.to_ms - time,
            low=self.low + price,
            high=self.high + price,
        )

    def time_zoomed(self, factor: float, x: float, candle_ms: int) -> Frame:
        """Shows ``factor`` times as much time, with what is at ``x`` staying there."""
        span = (self.to_ms - self.from_ms) * factor
        span = min(max(span, LEAST_SPAN_CANDLES * candle_ms), MOST_SPAN_CANDLES * candle_ms)
        start = self.ms_at(x) - span * x / self.width
        return replace(self, from_ms=start, to_ms=start + span)

    def price_zoomed(self, factor: float, y: float) -> Frame:
        """Shows ``factor`` times as much price, with what is at ``y`` staying there."""
        middle, span = self.price_at(y), (self.high - self.low) * factor
        if not middle * 1e-9 < span < abs(middle) * 100:
            return self
        high = middle + span * y / self.height
        return replace(self, low=high - span, high=high)

    def sized(self, width: float, height: float) -> Frame:
        """The same prices in another size; the newest time stays where it is from the right."""
        span = (self.to_ms - self.from_ms) * width / self.width
        return replace(self, width=width, height=height, from_ms=self.to_ms - span)


def fitted(size: tuple[float, float], candles: Sequence[Candle], candle_ms: int, prices: Sequence[Decimal]) -> Frame:
    """The newest candles and the room after them; prices are the plan's, shown as far as they are within reach."""
    width, height = size
    end = float(candles[-1].start_ms + candle_ms)
    per_pixel = candle_ms / PITCH
    from_ms = end - width * HISTORY_SHARE * per_pixel
    return with_prices(Frame(width, height, from_ms, from_ms + width * per_pixel, 0.0, 1.0), candles, prices)


def with_prices(frame: Frame, candles: Sequence[Candle], prices: Sequence[Decimal]) -> Frame:
    """The same times, with heights that show their candles and what of the prices is near."""
    shown = [candle for candle in candles if frame.from_ms <= candle.start_ms <= frame.to_ms] or list(candles[-1:])
    if not shown:
        return frame
    low, high = float(min(c.low for c in shown)), float(max(c.high for c in shown))
    span = max(high - low, high * 1e-4)
    near = [float(price) for price in prices if low - REACH * span <= float(price) <= high + REACH * span]
    low, high = min([low, *near]), max([high, *near])
    margin = max(high - low, high * 1e-4) * MARGIN
    return replace(frame, low=low - margin, high=high + margin)


def shows_all(frame: Frame, prices: Sequence[Decimal]) -> bool:
    """Whether every price lies well inside."""
    edge = (frame.high - frame.low) * 0.03
    return all(frame.low + edge <= float(price) <= frame.high - edge for price in prices)


def empty(size: tuple[float, float], now_ms: int, candle_ms: int, prices: Sequence[Decimal]) -> Frame:
    """Axes of a chart that has no candles yet: now, and around the prices that are known."""
    width, height = size
    per_pixel = candle_ms / PITCH
    from_ms = now_ms - width * HISTORY_SHARE * per_pixel
    known = [float(price) for price in prices] or [1.0]
    low, high = min(known), max(known)
    margin = max((high - low) * MARGIN, high * 0.02)
    return Frame(width, height, from_ms, from_ms + width * per_pixel, low - margin, high + margin)
