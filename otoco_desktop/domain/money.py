"""Exact numbers: steps of a grid, and text for people and for the wire. Never a float.

Everything here is exact: steps are counted in a context of 120 digits in which an inexact result raises, and
text is only ever shortened by the formatting functions, for people.
"""

from __future__ import annotations

from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    Overflow,
)
from functools import lru_cache

from otoco_desktop.domain.grammar import MAX_DIGITS, Refusal, parse_number

__all__ = [
    "MAX_DIGITS",
    "MINUS",
    "WIDE",
    "Refusal",
    "grouped",
    "is_multiple",
    "money_places",
    "on_grid",
    "parse_number",
    "percent",
    "places_of",
    "plain",
    "round_to_step",
    "signed",
    "signed_percent",
    "trimmed",
]

MINUS = "\u2212"
_PRECISION = 120
WIDE = Context(prec=_PRECISION, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow])
_EXACT = Context(prec=_PRECISION, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow, Inexact])
_CENT_COINS = frozenset({"USD", "USDT", "USDC", "EUR", "GBP", "AUD", "CAD", "SGD", "BRL"})
_COIN_PLACES = 8


def is_multiple(value: Decimal, step: Decimal) -> bool:
    """Whether the value lies exactly on the grid of the step. Raises ``Inexact`` rather than guess."""
    return not _EXACT.remainder(value, step)


def round_to_step(value: Decimal, step: Decimal, rounding: str) -> Decimal:
    """The value moved onto the grid by one of ``decimal``'s rounding words, with the grid's own decimals."""
    whole = _EXACT.divide_int(value, step)
    rest = WIDE.divide(_EXACT.subtract(value, _EXACT.multiply(whole, step)), step)
    count = WIDE.add(whole, rest).to_integral_value(rounding)
    return on_grid(_EXACT.multiply(count, step), step)


def on_grid(value: Decimal, step: Decimal) -> Decimal:
    """A multiple of the step with exactly the step's decimals. Raises ``Inexact`` when it is none."""
    return value.quantize(Decimal(1).scaleb(-places_of(step)), context=_EXACT)


@lru_cache(maxsize=256)
def places_of(step: Decimal) -> int:
    """Decimals that every multiple of the step can be written with: 2 for 0.010, 0 for 10."""
    exponent = step.normalize(_EXACT).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def money_places(coin: str) -> int:
    """Decimals in which an amount of this coin is shown: 2 for money and dollar coins, 8 for other coins."""
    return 2 if coin in _CENT_COINS else _COIN_PLACES


def grouped(value: Decimal, places: int | None = None) -> str:
    """For people: ``92,400.00``; a negative number carries a true minus sign."""
    text = _unsigned(value, places)
    return MINUS + text if value < 0 and _is_nonzero(text) else text


def signed(value: Decimal, places: int) -> str:
    """For people, always with its sign: ``+383.51``, ``−249.99``; nothing before a zero."""
    text = _unsigned(value, places)
    if not _is_nonzero(text):
        return text
    return (MINUS if value < 0 else "+") + text


def plain(value: Decimal) -> str:
    """For the wire and for fields: ASCII, no exponent, no grouping, the value's own decimals."""
    return format(value, "f")


def trimmed(value: Decimal) -> str:
    """Like ``plain`` without zeros that say nothing: ``0.5`` for 0.500, ``100`` for 1E+2."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(ratio: Decimal, places: int) -> str:
    """A ratio as a percentage for people: ``0.50%``, ``−1.24%``."""
    return grouped(ratio.scaleb(2), places) + "%"


def signed_percent(ratio: Decimal, places: int) -> str:
    """``+5.00%``, ``−2.00%``; for a zero ``0.00%``."""
    return signed(ratio.scaleb(2), places) + "%"


def _unsigned(value: Decimal, places: int | None) -> str:
    magnitude = abs(value)
    return format(magnitude, ",f") if places is None else format(magnitude, f",.{places}f")


def _is_nonzero(text: str) -> bool:
    return any(character in "123456789" for character in text)
