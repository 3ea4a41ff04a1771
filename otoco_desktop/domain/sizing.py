"""Quantity from what a trader wants to spend or to risk, and the text of a quantity in either mode."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext

from otoco_desktop.domain.draft import QuantityMode
from otoco_desktop.domain.grammar import MAX_DIGITS, NUMBER, Refusal, explain, parse_number
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.money import WIDE, plain, round_to_step, trimmed
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.risk import Terms, unit_result

_RISK = re.compile(rf"({NUMBER}) ?%")
_RISK_SUFFIX = re.compile(r" ?%\Z")
_FIRST_PLACES = 2


@dataclass(frozen=True, slots=True)
class Sizing:
    """What sizes a plan: prices in quote per base, ``stop`` the price that values the stop, money in quote."""

    instrument: Instrument
    terms: Terms
    entry: Decimal
    stop: Decimal | None = None
    account_value: Decimal | None = None

    @property
    def unit_cost(self) -> Decimal:
        """Quote that one coin takes up: with its fee for a buy, its bare value for a sell."""
        if self.terms.side is Side.SELL:
            return self.entry
        return self.entry * (1 + self.terms.quote_rate)

    @property
    def unit_loss(self) -> Decimal | None:
        """Quote that one coin loses at the stop, fees included; ``None`` unless the stop is on the losing side."""
        if self.stop is None or (self.stop < self.entry) != (self.terms.side is Side.BUY):
            return None
        return -unit_result(self.terms, self.entry, self.stop)


def parse_quantity(mode: QuantityMode, text: str) -> Decimal | Refusal:
    """The number in a quantity text; in Risk % mode ``0.5``, ``0.5%`` and ``0.5 %`` are the same."""
    found = _RISK.fullmatch(text) if mode is QuantityMode.RISK else None
    if found:
        return Decimal(found[1])
    body = _RISK_SUFFIX.sub("", text) if mode is QuantityMode.RISK else text
    return parse_number(body) if body else explain(text)


def quantity_for(mode: QuantityMode, amount: Decimal, sizing: Sizing) -> Decimal | None:
    """The quantity that spending or risking an amount comes to, rounded down to the step; ``None`` if not known."""
    if mode is QuantityMode.SPEND:
        return _down(amount / sizing.unit_cost, sizing.instrument)
    loss = sizing.unit_loss
    if not loss or sizing.account_value is None:
        return None
    return _down(sizing.account_value * amount.scaleb(-2) / loss, sizing.instrument)


def text_for(mode: QuantityMode, quantity: Decimal, sizing: Sizing) -> str:
    """The shortest honest text to spend or to risk for this quantity; empty while something is missing."""
    if mode is QuantityMode.SPEND:
        first = max(_FIRST_PLACES, sizing.instrument.price_places)
        return _shortest(quantity * sizing.unit_cost, first, quantity, lambda a: quantity_for(mode, a, sizing))
    loss = sizing.unit_loss
    if not loss or not sizing.account_value:
        return ""
    ratio = (quantity * loss / sizing.account_value).scaleb(2)
    text = _shortest(ratio, _FIRST_PLACES, quantity, lambda a: quantity_for(mode, a, sizing))
    return f"{trimmed(Decimal(text))}%" if text else ""


def _shortest(exact: Decimal, first: int, quantity: Decimal, size: Callable[[Decimal], Decimal | None]) -> str:
    """Round up, with as few decimals as still come back to the same quantity; empty when none do."""
    for places in range(first, MAX_DIGITS + 1):
        amount = round_to_step(exact, Decimal(1).scaleb(-places), ROUND_CEILING)
        if size(amount) == quantity:
            return plain(amount)
    return ""


def _down(value: Decimal, instrument: Instrument) -> Decimal:
    return round_to_step(value, instrument.quantity_step, ROUND_FLOOR)


def quantity_text(mode: QuantityMode, quantity: Decimal, sizing: Sizing | None) -> str:
    """What to type in this mode to get this quantity; empty where that cannot be said."""
    if mode is QuantityMode.QUANTITY:
        return plain(quantity)
    with localcontext(WIDE):
        return "" if sizing is None else text_for(mode, quantity, sizing)
