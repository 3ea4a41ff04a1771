"""Quantity from what a trader wants to spend or to risk, and the text of a quantity in either mode."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from functools import lru_cache
from typing import TYPE_CHECKING

from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.grammar import MAX_DIGITS, NUMBER, Refusal, explain, parse_number
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.money import WIDE, plain, round_to_step, trimmed
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.risk import Terms, unit_result

if TYPE_CHECKING:
    from fractions import Fraction

    from otoco_desktop.domain.calculation import Calculation

_RISK = re.compile(rf"({NUMBER})(?: ?%| ?([A-Za-z]{{1,10}}))?")
_RISK_SUFFIX = re.compile(r" ?%\Z")
_FIRST_PLACES = 2


@dataclass(frozen=True, slots=True)
class Size:
    """A quantity text as read: coins, money to spend, or a risk.

    A risk is a percentage of the account's value, or an amount of the ``coin`` that was typed (in capitals).
    ``computed`` where it is what a calculation comes to.
    """

    amount: Decimal
    coin: str = ""
    computed: bool = False


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

    def most(self, free: Decimal) -> Decimal:
        """The most that can be entered with this much free of the coin that the entry gives away.

        A buy counts the dearer of both fees, as it may fill at once, and leaves one step for the exchange's own
        rounding.
        """
        if self.terms.side is Side.SELL:
            return _down(free, self.instrument)
        rate = max(self.terms.quote_rate, self.terms.exit_rate) if not self.terms.base_fee else Decimal(0)
        affordable = _down(free / (self.entry * (1 + rate)), self.instrument) - self.instrument.quantity_step
        return max(affordable, Decimal(0))

    @property
    def unit_loss(self) -> Decimal | None:
        """Quote that one coin loses at the stop, fees included; ``None`` unless the stop is on the losing side."""
        if self.stop is None or (self.stop < self.entry) != (self.terms.side is Side.BUY):
            return None
        return -unit_result(self.terms, self.entry, self.stop)


def stop_valued(draft: OtocoDraft, trigger: Decimal | None, limit: Decimal | None) -> Decimal | None:
    """The price that the loss is counted at: a limit is believed only where it lies beyond its trigger."""
    if draft.stop_market:
        return trigger
    if limit is None or trigger is None:
        return limit
    return min(limit, trigger) if draft.side is Side.BUY else max(limit, trigger)


@lru_cache(maxsize=256)
def read_size(mode: QuantityMode, text: str) -> Size | Calculation | Refusal:
    """Read what stands in the quantity's field: a size, or a calculation of one."""
    plainly = parse_quantity(mode, text)
    if not text or not isinstance(plainly, Refusal):
        return plainly
    from otoco_desktop.domain.calculation import is_calculation, parse_calculation  # noqa: PLC0415 - not for the start

    return parse_calculation(text, mode) if is_calculation(text, mode) else plainly


def parse_quantity(mode: QuantityMode, text: str) -> Size | Refusal:
    """The size in a text that is no calculation; in Risk % mode ``0.5``, ``0.5%`` and ``0.5 %`` are the same."""
    if mode is not QuantityMode.RISK:
        number = parse_number(text)
        return number if isinstance(number, Refusal) else Size(number)
    found = _RISK.fullmatch(text)
    if found:
        return Size(Decimal(found[1]), (found[2] or "").upper())
    refusal = explain(_RISK_SUFFIX.sub("", text) or text)
    between = text.endswith(" ") and _RISK.fullmatch(text[:-1]) is not None
    return replace(refusal, unfinished=True) if between else refusal


def quantity_for(mode: QuantityMode, size: Size, sizing: Sizing) -> Decimal | None:
    """The quantity that spending or risking this much comes to, rounded down to the step; ``None`` if not known."""
    if mode is QuantityMode.SPEND:
        return _down(size.amount / sizing.unit_cost, sizing.instrument)
    loss, worth = sizing.unit_loss, sizing.account_value
    if not loss or (worth is None and not size.coin):
        return None
    risked = size.amount if size.coin or worth is None else worth * size.amount.scaleb(-2)
    return _down(risked / loss, sizing.instrument)


def text_for(mode: QuantityMode, quantity: Decimal, sizing: Sizing, coin: str = "") -> str:
    """The shortest honest text to spend or to risk for this quantity; empty while something is missing.

    A risk is an amount where one of this ``coin`` is wanted, or where the account's value is not known.
    """
    first = max(_FIRST_PLACES, sizing.instrument.price_places)
    if mode is QuantityMode.SPEND:
        return _shortest(quantity * sizing.unit_cost, first, quantity, lambda a: quantity_for(mode, Size(a), sizing))
    loss, worth = sizing.unit_loss, sizing.account_value
    if not loss or (worth is not None and worth <= 0):
        return ""
    if coin or worth is None:
        coin = coin or sizing.instrument.quote
        text = _shortest(quantity * loss, first, quantity, lambda a: quantity_for(mode, Size(a, coin), sizing))
        return f"{text} {coin}" if text else ""
    ratio = (quantity * loss / worth).scaleb(2)
    text = _shortest(ratio, _FIRST_PLACES, quantity, lambda a: quantity_for(mode, Size(a), sizing))
    return f"{trimmed(Decimal(text))}%" if text else ""


def _shortest(exact: Decimal, first: int, quantity: Decimal, size: Callable[[Decimal], Decimal | None]) -> str:
    """Round up, with as few decimals as still come back to the same quantity; empty when none do."""
    for places in range(first, MAX_DIGITS + 1):
        amount = round_to_step(exact, Decimal(1).scaleb(-places), ROUND_CEILING)
        if size(amount) == quantity:
            return plain(amount)
    return ""


def as_decimal(exact: Fraction) -> Decimal:
    """A calculated size, rounded down where it has no end."""
    with localcontext(WIDE) as counting:
        counting.rounding = ROUND_FLOOR
        return Decimal(exact.numerator) / Decimal(exact.denominator)


def _down(value: Decimal, instrument: Instrument) -> Decimal:
    return round_to_step(value, instrument.quantity_step, ROUND_FLOOR)


def quantity_text(mode: QuantityMode, quantity: Decimal, sizing: Sizing | None, coin: str = "") -> str:
    """What to type in this mode to get this quantity, a risk in this ``coin``; empty where that cannot be said."""
    if mode is QuantityMode.QUANTITY:
        return plain(quantity)
    with localcontext(WIDE):
        return "" if sizing is None else text_for(mode, quantity, sizing, coin)
