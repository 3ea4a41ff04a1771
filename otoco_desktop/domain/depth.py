"""The visible order book, and what a market order of some size would take from it. Exact."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from operator import itemgetter
from typing import NamedTuple

from otoco_desktop.domain.money import WIDE
from otoco_desktop.domain.order import Side

MOST_LEVELS = 50
"""What is kept of each side: no more than the exchange publishes (exchange docs, book channel)."""

_PRICE, _REACH = 0, 2


class Level(NamedTuple):
    """One price of the book. ``reach`` and ``worth`` count it and all better ones, in base and in quote."""

    price: Decimal
    quantity: Decimal
    reach: Decimal
    worth: Decimal


@dataclass(frozen=True, slots=True)
class Depth:
    """Both sides, best price first; every price and quantity is positive."""

    bids: tuple[Level, ...] = ()
    asks: tuple[Level, ...] = ()

    @classmethod
    def of(cls, bids: Iterable[tuple[Decimal, Decimal]], asks: Iterable[tuple[Decimal, Decimal]]) -> Depth:
        """Prices and quantities in any order. Raises ``ValueError`` for one that is not positive."""
        return cls(_ladder(bids, descending=True), _ladder(asks, descending=False))

    def against(self, taker: Side) -> tuple[Level, ...]:
        """The side that an order on this side takes from."""
        return self.asks if taker is Side.BUY else self.bids

    @property
    def is_crossed(self) -> bool:
        """Whether a bid stands at or above an ask, which no working book shows."""
        return bool(self.bids and self.asks) and self.bids[0].price >= self.asks[0].price


def level_for(levels: tuple[Level, ...], quantity: Decimal) -> Level | None:
    """The last level that a market order of this quantity takes from; ``None`` where the levels hold less."""
    at = bisect_left(levels, quantity, key=itemgetter(_REACH))
    return levels[at] if at < len(levels) else None


def worth_of(levels: tuple[Level, ...], quantity: Decimal) -> Decimal | None:
    """What a market order pays or brings, in quote, walking from the best price; ``None`` where the levels hold less.

    Computed in the caller's decimal context.
    """
    last = level_for(levels, quantity)
    return None if last is None else last.worth - (last.reach - quantity) * last.price


def _ladder(side: Iterable[tuple[Decimal, Decimal]], *, descending: bool) -> tuple[Level, ...]:
    best_first = sorted(side, key=itemgetter(_PRICE), reverse=descending)[:MOST_LEVELS]
    reach = worth = Decimal(0)
    levels = []
    with localcontext(WIDE):
        for price, quantity in best_first:
            if price <= 0 or quantity <= 0:
                raise ValueError(f"a level of {quantity} at {price}")
            reach += quantity
            worth += price * quantity
            levels.append(Level(price, quantity, reach, worth))
    return tuple(levels)
