"""What others offer in the book: that of a real market, else what follows from quote and seed alone. Pure.

The book that is published and the one that market orders walk are this one.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from otoco_desktop.practice.instruments import Instrument
from otoco_desktop.practice.model import Side
from otoco_desktop.practice.noise import between
from otoco_desktop.practice.prices import Quote

DEPTH = 50
"""Levels of each side; beyond them nothing is shown."""


def levels(instrument: Instrument, quote: Quote, side: Side, seed: int) -> Iterator[tuple[Decimal, Decimal]]:
    """Price and size of each level that an order on this side would take from, best first."""
    real = quote.asks if side is Side.BUY else quote.bids
    if real:
        yield from real
        return
    best, gap = quote.ask if side is Side.BUY else quote.bid, step(instrument, side)
    for number in range(DEPTH):
        price = best + gap * number
        if price <= 0:
            return
        yield price, between(300, 90_000, seed, "size", instrument.symbol, price) * instrument.step


def step(instrument: Instrument, side: Side) -> Decimal:
    """From one level to the next, signed: an order that buys finds ever higher prices."""
    return instrument.tick * max(1, instrument.spread_ticks // 2) * (1 if side is Side.BUY else -1)
