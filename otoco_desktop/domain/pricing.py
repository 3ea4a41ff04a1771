"""The grammar of a price: absolute, ``2%``, ``-500``, ``2.5R`` or a calculation, and what each comes to.

Percent, offset and R are counted from the entry. An unsigned percentage or R goes the leg's own way (down for the
stop of a buy, up for its target); a sign says the direction itself. Computed stops are rounded to the tick
away from the entry and computed targets towards it, so the shown risk is never too small nor the gain too large.
A price typed as such is never rounded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.grammar import NUMBER, Refusal, explain, parse_number, quoted
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.money import WIDE, is_multiple, on_grid, round_to_step
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.verdict import FieldValue

if TYPE_CHECKING:
    from fractions import Fraction

    from otoco_desktop.domain.calculation import Calculation

STOP_FIELDS = (Field.STOP, Field.STOP_LIMIT)
ZERO = Decimal(0)


class PriceKind(StrEnum):
    """The four ways to write a price."""

    ABSOLUTE = "price"
    PERCENT = "%"
    OFFSET = "offset"
    R = "R"


@dataclass(frozen=True, slots=True)
class PriceText:
    """A price as written. ``sign`` is +1 or -1 where one was typed, else 0."""

    kind: PriceKind
    amount: Decimal
    sign: int = 0

    @property
    def is_relative(self) -> bool:
        return self.kind is not PriceKind.ABSOLUTE


@dataclass(frozen=True, slots=True)
class Origin:
    """What a relative price is counted from. ``unit`` is 1R in quote per base, over ``unit_quantity`` coins."""

    entry: Decimal
    side: Side
    unit: Decimal = ZERO
    unit_quantity: Decimal = Decimal(1)


_ABSOLUTE = re.compile(NUMBER)
_FROM_ENTRY = re.compile(rf"([+-]?)({NUMBER})( ?%)?")
_IN_R = re.compile(rf"({NUMBER}) ?[Rr]")
_TRUE_MINUS = "\u2212"
_SIGNS = {"": 0, "+": 1, "-": -1}
_SUFFIX = re.compile(r"(?: ?%| ?[Rr])\Z")
_UNDERSTOOD = "Try 2%, -500, 1.5R or a price."


@lru_cache(maxsize=256)
def read_price(field: Field, text: str) -> PriceText | Calculation | Refusal:
    """Read what stands in this field: a price, for an exit also a distance, or a calculation."""
    if field is not Field.ENTRY:
        plainly = parse_price(text)
    else:
        number = parse_number(text)
        plainly = number if isinstance(number, Refusal) else PriceText(PriceKind.ABSOLUTE, number)
    if not text or not isinstance(plainly, Refusal):
        return plainly
    from otoco_desktop.domain.calculation import is_calculation, parse_calculation  # noqa: PLC0415 - not for the start

    return parse_calculation(text, field) if is_calculation(text, field) else plainly


def parse_price(text: str) -> PriceText | Refusal:
    """Read a price of an exit that is no calculation."""
    if _ABSOLUTE.fullmatch(text):
        return PriceText(PriceKind.ABSOLUTE, Decimal(text))
    in_r = _IN_R.fullmatch(text)
    if in_r:
        return PriceText(PriceKind.R, Decimal(in_r[1]))
    found = _FROM_ENTRY.fullmatch(text)
    if not found:
        return _refuse(text)
    kind = PriceKind.PERCENT if found[3] else PriceKind.OFFSET
    return PriceText(kind, Decimal(found[2]), _SIGNS[found[1]])


def resolve(price: PriceText, field: Field, origin: Origin) -> Decimal:
    """The exact price that a relative text comes to before rounding, in quote per base."""
    if price.kind is PriceKind.OFFSET:
        distance = price.amount
    elif price.kind is PriceKind.PERCENT:
        distance = origin.entry * price.amount.scaleb(-2)
    else:
        distance = price.amount * origin.unit / origin.unit_quantity
    return origin.entry + (price.sign or own_way(field, origin.side)) * distance


def absolute_value(typed: Decimal, tick: Decimal, entry: Decimal | None) -> FieldValue:
    """A price as typed: put on the tick's decimals when it lies on one, else left exactly as it is."""
    value = on_grid(typed, tick) if is_multiple(typed, tick) else typed
    return _measured(typed, value, tick, entry, computed=False)


def computed_value(typed: Decimal, field: Field, instrument: Instrument, entry: Decimal) -> FieldValue:
    """A computed price on the tick, rounded to the trader's disadvantage."""
    outwards = ROUND_CEILING if typed > entry else ROUND_FLOOR
    inwards = ROUND_FLOOR if typed > entry else ROUND_CEILING
    rounding = outwards if field in STOP_FIELDS else inwards
    value = round_to_step(typed, instrument.price_tick, rounding)
    return _measured(typed, value, instrument.price_tick, entry, computed=True)


def calculated_value(
    exact: Fraction, field: Field, side: Side, instrument: Instrument, entry: Decimal | None
) -> FieldValue:
    """The result of a calculation on the tick: exits like other computed prices, an entry to the trader's advantage.

    ``entry`` is what an exit's distance is counted from, ``None`` while it is not known.
    """
    from fractions import Fraction  # noqa: PLC0415 - its import is not for the start

    above = own_way(field, side) > 0 if entry is None else exact > Fraction(entry)
    up = side is Side.SELL if field is Field.ENTRY else above == (field in STOP_FIELDS)
    ticks = exact / Fraction(instrument.price_tick)
    count = -(-ticks // 1) if up else ticks // 1
    value = on_grid(WIDE.multiply(Decimal(count), instrument.price_tick), instrument.price_tick)
    typed = WIDE.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    return _measured(typed, value, instrument.price_tick, entry, computed=True)


def neighbours(value: Decimal, tick: Decimal) -> tuple[Decimal, Decimal]:
    """The prices on the grid just below and just above."""
    return round_to_step(value, tick, ROUND_FLOOR), round_to_step(value, tick, ROUND_CEILING)


def own_way(field: Field, side: Side) -> int:
    """+1 where the leg lies above the entry, -1 where below."""
    up = (side is Side.BUY) != (field in STOP_FIELDS)
    return 1 if up else -1


def _measured(typed: Decimal, value: Decimal, tick: Decimal, entry: Decimal | None, *, computed: bool) -> FieldValue:
    if not entry:
        return FieldValue(typed, value, computed)
    distance = value - entry
    ticks = int(round_to_step(abs(distance), tick, ROUND_HALF_EVEN) / tick)
    return FieldValue(typed, value, computed, distance, distance / entry, ticks)


def _refuse(text: str) -> Refusal:
    """Name what is wrong; where the number inside ``1,5%`` or ``-1,5`` is the fault, that number is explained."""
    if text in ("+", "-"):
        return Refusal("Type the distance from the entry, such as -500.", text, unfinished=True)
    sign = text[:1] if text.startswith(("+", "-")) else ""
    suffix = _SUFFIX.search(text, len(sign))
    body = text[len(sign) : suffix.start() if suffix else None]
    if not body or _ABSOLUTE.fullmatch(body) or any(character.isalpha() for character in body):
        return Refusal(f'"{quoted(text)}" is not understood. {_UNDERSTOOD}', quoted(text))
    if _TRUE_MINUS in text:
        wrong = f"{_TRUE_MINUS} (U+2212) is not the keyboard's minus sign."
        return Refusal(wrong, _TRUE_MINUS, _if_price(text.replace(_TRUE_MINUS, "-")))
    return _refused_body(sign, body, suffix.group() if suffix else "")


def _refused_body(sign: str, body: str, suffix: str) -> Refusal:
    refusal = explain(body)
    repaired = _if_price(f"{sign}{refusal.suggestion}{suffix}") or _if_price(f"{sign}{body}{suffix}".strip())
    return Refusal(refusal.reason, refusal.wrong, repaired, refusal.unfinished and not suffix)


def _if_price(text: str) -> str:
    """The text if it reads as a price, else nothing: a suggestion must never be refused in its turn."""
    return text if _FROM_ENTRY.fullmatch(text) or _IN_R.fullmatch(text) else ""
