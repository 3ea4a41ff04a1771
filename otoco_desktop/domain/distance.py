"""A price said as its distance from the entry, so that it can be planned again at other prices."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal, localcontext

from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.money import MAX_DIGITS, WIDE, round_to_step, trimmed
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.pricing import Origin, PriceKind, PriceText, computed_value, own_way, resolve

OFF_TICK_PLACES = 6


def distance_text(price: Decimal, field: Field, side: Side, instrument: Instrument, entry: Decimal) -> str:
    """The shortest percentage of the entry that comes to exactly this price, such as ``2%``.

    Signed only where it goes against the leg's own way. A price between two ticks, which no percentage comes to, is
    told to six decimals.
    """
    with localcontext(WIDE):
        share = (price - entry) / entry * 100 * own_way(field, side)
        sign, prefix = (0, "") if share >= 0 else (-own_way(field, side), "+" if own_way(field, side) < 0 else "-")
        origin = Origin(entry, side)
        for places in range(MAX_DIGITS + 1):
            for rounding in (ROUND_HALF_EVEN, ROUND_FLOOR, ROUND_CEILING):
                amount = round_to_step(abs(share), Decimal(1).scaleb(-places), rounding)
                exact = resolve(PriceText(PriceKind.PERCENT, amount, sign), field, origin)
                if computed_value(exact, field, instrument, entry).value == price:
                    return f"{prefix}{trimmed(amount)}%"
        told = round_to_step(abs(share), Decimal(1).scaleb(-OFF_TICK_PLACES), ROUND_HALF_EVEN)
        return f"{prefix}{trimmed(told)}%"
