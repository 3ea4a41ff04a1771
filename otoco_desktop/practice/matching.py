"""When orders cross, when triggers fire, and in which pieces orders fill. Pure."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

from otoco_desktop.practice.instruments import Instrument
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
    fires_below = (leg.side is Side.SELL) == leg.kind.is_stop
    return mark <= ref if fires_below else mark >= ref


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
    """Quantities and prices at which a market order walks the book, each piece a little worse."""
    best = quote.ask if leg.side is Side.BUY else quote.bid
    worse = instrument.tick * (1 if leg.side is Side.BUY else -1) * max(1, instrument.spread_ticks // 2)
    return [
        (piece, max(instrument.tick, best + worse * number)) for number, piece in enumerate(cuts(leg, instrument, seed))
    ]


def half(quantity: Decimal, instrument: Instrument) -> Decimal:
    """Half of a quantity on the step grid, at least one step."""
    return max(instrument.step, on_grid(quantity / 2, instrument.step))


def on_grid(number: Decimal, step: Decimal) -> Decimal:
    """A number rounded down to a grid."""
    return (number / step).to_integral_value(rounding=ROUND_DOWN) * step
