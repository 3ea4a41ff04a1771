"""When orders cross, when triggers fire, and in which pieces orders fill. Pure."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

from otoco_desktop.practice.instruments import Instrument
from otoco_desktop.practice.levels import levels, step
from otoco_desktop.practice.model import Halt, Leg, Side
from otoco_desktop.practice.noise import between, draw
from otoco_desktop.practice.prices import Quote


def crosses(leg: Leg, quote: Quote) -> bool:
    """Whether the market stands at or beyond the limit price of a resting order."""
    price = leg.price
    if price is None:
        return True
    return quote.ask <= price if leg.side is Side.BUY else quote.bid >= price


def triggered(leg: Leg, mark: Decimal) -> bool:
    """Whether the mark price has reached the trigger of an exit."""
    ref = leg.ref_price
    if ref is None:
        return False
    return mark <= ref if fires_below(leg) else mark >= ref


def fires_below(leg: Leg) -> bool:
    """Whether an exit fires when the mark falls, not when it rises."""
    return (leg.side is Side.SELL) == leg.kind.is_stop


def in_band(side: Side, price: Decimal, around: Decimal) -> bool:
    """Whether a limit is near enough to the mark or to its trigger (help centre, price bands)."""
    low, high = ("0.1", "1.15") if side is Side.BUY else ("0.85", "10")
    return around * Decimal(low) <= price <= around * Decimal(high)


def fill_price(leg: Leg, quote: Quote) -> Decimal:
    """The price of a fill: the limit for a maker, the better market price for a taker."""
    market = quote.ask if leg.side is Side.BUY else quote.bid
    if leg.price is None:
        return market
    if not leg.taker:
        return leg.price
    return min(market, leg.price) if leg.side is Side.BUY else max(market, leg.price)


def cuts(leg: Leg, instrument: Instrument, seed: int) -> tuple[Decimal, ...]:
    """The quantities in which an order fills: one to three pieces on the step grid."""
    if leg.halt is not Halt.NONE:
        return (leg.halt_at or half(leg.quantity, instrument),)
    pieces = (1, 1, 2, 3)[draw(seed, "pieces", leg.order_id) % 4]
    left, made = leg.quantity, []
    for number in range(pieces - 1):
        share = between(25, 70, seed, "share", leg.order_id, number)
        piece = on_grid(left * share / 100, instrument.step)
        if 0 < piece < left:
            made.append(piece)
            left -= piece
    return (*made, left)


def ladder(leg: Leg, quote: Quote, instrument: Instrument, seed: int) -> list[tuple[Decimal, Decimal]]:
    """Quantities and prices at which a market order walks the published book.

    What is more than the book shows fills one level beyond it.
    """
    left, made = leg.left, []
    price = quote.ask if leg.side is Side.BUY else quote.bid
    for price, size in levels(instrument, quote, leg.side, seed):
        made.append((min(left, size), price))
        left -= made[-1][0]
        if not left:
            return made
    return [*made, (left, max(instrument.tick, price + step(instrument, leg.side)))]


def half(quantity: Decimal, instrument: Instrument) -> Decimal:
    """Half of a quantity on the step grid, at least one step."""
    return max(instrument.step, on_grid(quantity / 2, instrument.step))


def on_grid(number: Decimal, step: Decimal) -> Decimal:
    """A number rounded down to a grid."""
    return (number / step).to_integral_value(rounding=ROUND_DOWN) * step
