"""Whether the exits of a plan can be paid for when they trigger. Exact, and pessimistic where the documents are silent.

Nothing is reserved for exits that wait; one that triggers without its coin at hand is refused (help centre: attached
take-profit and stop-loss orders). Both exits stand for the same coins, so each has to be paid for alone:

    a buy's exits sell      their quantity of the base coin,
    a sell's exits buy back their quantity at the limit price; at market at ``MARKET_MARGIN`` above the trigger, or
    at the level that they reach in the book now where that is dearer.

A buying exit pays its fee from the coins it buys (exchange docs, private/create-order: the default of
fee_instrument_name), so it needs no quote for it. At hand are what is free now, less what the exits of other
strategies may take of it, and what the entry brings: a buy its coins, less the fee where that is taken in the base
coin, a sell its value less the fee. A fee wanted in quote is taken in base all the same where value and taker fee
together are more quote than is free (the same document: the exchange falls back to the default).

Values here are named tuples: a plan is weighed at every key, and frozen dataclasses take three times as long to make.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from otoco_desktop.domain.order import LegRole, Side

ZERO, ONE = Decimal(0), Decimal(1)
MARKET_MARGIN = Decimal("0.01")
"""How far above its trigger a buying market exit is counted to fill at worst, as a ratio."""


class Exit(NamedTuple):
    """One exit: its quantity in base, and the price that is its limit, or its trigger where it leaves at market.

    ``reach`` is how far above mark a buying market exit of this quantity goes in the book, in quote per base.
    """

    role: LegRole
    quantity: Decimal
    price: Decimal
    market: bool = False
    reach: Decimal = ZERO

    def need(self, buys_back: bool) -> Decimal:
        """What must be at hand when it triggers: the base it sells, or the quote it buys back for."""
        if not buys_back:
            return self.quantity
        worth = self.quantity * self.price
        return worth + max(worth * MARKET_MARGIN, self.quantity * self.reach) if self.market else worth


class Entry(NamedTuple):
    """The entry: base coins at a limit price, and its fee as a ratio.

    ``rate`` is what it pays as the market stands, ``taker_rate`` what it pays when it fills at once.
    """

    side: Side
    quantity: Decimal
    price: Decimal
    rate: Decimal
    taker_rate: Decimal
    fee_in_quote: bool = True

    @property
    def worth(self) -> Decimal:
        return self.quantity * self.price


class Purse(NamedTuple):
    """What is free of each coin now, and how much of it the exits of other strategies may take at worst."""

    base: Decimal
    quote: Decimal
    base_claimed: Decimal = ZERO
    quote_claimed: Decimal = ZERO


class ExitCover(NamedTuple):
    """One exit against what is at hand for it.

    ``short`` is missing whatever else happens; ``short_shared`` is missing when the exits of the other strategies
    have taken theirs before.
    """

    role: LegRole
    needed: Decimal
    short: Decimal
    short_shared: Decimal

    @property
    def paid(self) -> bool:
        """Whether it can be paid for even after all the others."""
        return not self.short_shared


class Coverage(NamedTuple):
    """What stands behind the exits, in the coin that they give away: base for a buy, quote for a sell.

    ``brought`` is what the entry brings net of ``fee``, ``spare`` is free besides, ``claimed`` of both may go to
    other exits. ``missed`` is what the entry brings less if it fills as a taker. ``uncovered`` is how much the exits
    of other strategies will miss of the coin that this entry spends, because of it.
    """

    exits: tuple[ExitCover, ExitCover]
    fee: Decimal
    fee_in_base: bool
    brought: Decimal
    spare: Decimal
    claimed: Decimal
    missed: Decimal
    uncovered: Decimal

    @property
    def at_hand(self) -> Decimal:
        """In the exits' coin once the entry has filled, whoever may take it."""
        return self.brought + self.spare

    @property
    def own(self) -> Decimal:
        """What is left of it when the exits of other strategies have taken theirs."""
        return max(ZERO, self.at_hand - self.claimed)

    @property
    def worst(self) -> ExitCover:
        """The exit that needs most."""
        first, second = self.exits
        return second if second.needed > first.needed else first

    @property
    def paid(self) -> bool:
        """Whether each exit can be paid for even after those of other strategies."""
        return self.exits[0].paid and self.exits[1].paid

    @property
    def thin(self) -> Decimal:
        """What would be missing if the entry filled as a taker; zero where that makes no difference."""
        return max(ZERO, self.worst.needed - self.own + self.missed) if self.missed and self.paid else ZERO


def coverage(entry: Entry, exits: tuple[Exit, Exit], purse: Purse) -> Coverage:
    """Weigh the exits against what will be there for them."""
    buys = entry.side is Side.BUY
    in_base = buys and falls_to_base(entry, purse.quote)
    fee, missed = _fees(entry, in_base)
    gross = entry.quantity if buys else entry.worth
    brought = gross - fee if in_base or not buys else gross
    spare, claimed = (purse.base, purse.base_claimed) if buys else (purse.quote, purse.quote_claimed)
    at_hand = brought + spare
    own = max(ZERO, at_hand - claimed)
    first, second = (_cover(each, not buys, at_hand, own) for each in exits)
    return Coverage((first, second), fee, in_base, brought, spare, claimed, missed, _uncovered(entry, in_base, purse))


def falls_to_base(entry: Entry, free_quote: Decimal) -> bool:
    """Whether a buy's entry fee may be taken in the base coin, by choice or because the quote does not suffice.

    Quote that does not suffice for the entry itself does not count: then nothing is bought.
    """
    return not entry.fee_in_quote or entry.worth <= free_quote < entry.worth * (ONE + entry.taker_rate)


def largest_exits(entry: Entry, exits: tuple[Exit, Exit], own: Decimal) -> Decimal:
    """The most base coin that each exit can trade with what is at hand; not rounded, not above the entry."""
    if entry.side is Side.BUY:
        return min(own, entry.quantity)
    dearest = max(each.need(buys_back=True) / each.quantity for each in exits)
    return min(own / dearest, entry.quantity)


def largest_entry(entry: Entry, exits: tuple[Exit, Exit], purse: Purse) -> Decimal:
    """The most that can be entered with exits of the same quantity all paid for; not rounded."""
    if entry.side is Side.SELL:
        dearest = max(each.need(buys_back=True) / each.quantity for each in exits)
        gap, room = dearest - entry.price * (ONE - entry.rate), purse.quote - purse.quote_claimed
        if gap <= 0:
            return entry.quantity if room >= 0 else ZERO
        return max(ZERO, room) / gap
    room = max(ZERO, purse.base - purse.base_claimed)
    by_spare = room / entry.rate if entry.rate else ZERO
    in_quote = entry.fee_in_quote and purse.base >= purse.base_claimed
    return max(by_spare, purse.quote / (entry.price * (ONE + entry.taker_rate)) if in_quote else ZERO)


def _fees(entry: Entry, in_base: bool) -> tuple[Decimal, Decimal]:
    """The entry's fee in the coin it is taken in, and how much dearer it is for a taker where the exits miss it."""
    of = entry.quantity if in_base else entry.worth
    felt = in_base or entry.side is Side.SELL
    return of * entry.rate, of * max(ZERO, entry.taker_rate - entry.rate) if felt else ZERO


def _cover(each: Exit, buys_back: bool, at_hand: Decimal, own: Decimal) -> ExitCover:
    needed = each.need(buys_back)
    return ExitCover(each.role, needed, max(ZERO, needed - at_hand), max(ZERO, needed - own))


def _uncovered(entry: Entry, in_base: bool, purse: Purse) -> Decimal:
    """What the entry takes of the coins that other exits count on; what was missing before is not its doing."""
    if entry.side is Side.SELL:
        taken, free, claimed = entry.quantity, purse.base, purse.base_claimed
    else:
        taken = entry.worth if in_base else entry.worth * (ONE + entry.rate)
        free, claimed = purse.quote, purse.quote_claimed
    return max(ZERO, min(taken, claimed - free + taken)) if claimed else ZERO
