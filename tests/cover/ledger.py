"""A ledger that knows neither the program's guard nor the practice exchange: fractions, and one purse of two coins.

It plays a trade from the moment before it is sent: the entry is filled, an open order of another strategy too, that
strategy's exit fires or does not, and then one exit of the plan asks for its coin.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

MARGIN = Fraction(101, 100)


@dataclass(frozen=True, slots=True)
class Way:
    """One exit: what it trades, at which limit or trigger."""

    quantity: Fraction
    price: Fraction
    market: bool


@dataclass(frozen=True, slots=True)
class Trade:
    """Entry and the two exits of one strategy; ``rate`` is what its entry pays, ``held_back`` what is reserved."""

    buys: bool
    quantity: Fraction
    price: Fraction
    rate: Fraction
    held_back: Fraction
    fee_in_quote: bool
    stop: Way
    target: Way


class Ledger:
    """Free coins, and what happens to them."""

    def __init__(self, base: Fraction, quote: Fraction) -> None:
        self.base, self.quote = base, quote

    def enter(self, trade: Trade) -> None:
        """The entry is placed and fills."""
        worth = trade.quantity * trade.price
        if not trade.buys:
            self.base -= trade.quantity
            self.quote += worth - worth * trade.rate
            return
        fee_in_quote = trade.fee_in_quote and self.quote >= worth + worth * trade.held_back
        self.quote -= worth
        self.base += trade.quantity
        if fee_in_quote:
            self.quote -= worth * trade.rate
        else:
            self.base -= trade.quantity * trade.rate

    def arrive(self, trade: Trade) -> None:
        """An entry fills whose coins were set aside long ago."""
        worth = trade.quantity * trade.price
        if trade.buys:
            self.base += trade.quantity if trade.fee_in_quote else trade.quantity * (1 - trade.rate)
        else:
            self.quote += worth * (1 - trade.rate)

    def fire(self, trade: Trade, way: Way) -> bool:
        """One exit asks for its coin: whether it is there. What it gets is taken."""
        if trade.buys:
            if self.base < way.quantity:
                return False
            self.base -= way.quantity
            return True
        cost = way.quantity * way.price * (MARGIN if way.market else 1)
        if self.quote < cost:
            return False
        self.quote -= cost
        return True

    def dearest(self, trade: Trade) -> Way:
        """The exit that takes more."""
        return max((trade.stop, trade.target), key=lambda way: self._cost(trade, way))

    @staticmethod
    def _cost(trade: Trade, way: Way) -> Fraction:
        return way.quantity if trade.buys else way.quantity * way.price * (MARGIN if way.market else 1)
