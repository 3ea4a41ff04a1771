"""The ticket as typed: texts and choices, never numbers. The text a trader typed is never rewritten."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from otoco_desktop.domain.finding import Choice, Field, Fix
from otoco_desktop.domain.order import OrderType, Side


class QuantityMode(StrEnum):
    """What the quantity text means."""

    QUANTITY = "Quantity"
    SPEND = "Spend"
    RISK = "Risk %"


MARKET = ("mark", "bid", "ask", "mid", "last")
"""What a calculation may name of the market."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The market prices that a field's text names, as they stood at ``at_ms`` (UTC since the epoch), by their words.

    They hold for this very text: what was typed does not move with the market until it is typed again. Raises
    ``ValueError`` for what no market says, as a damaged file may.
    """

    field: Field
    text: str
    at_ms: int
    prices: tuple[tuple[str, Decimal], ...]

    def __post_init__(self) -> None:
        if not all(word in MARKET and price.is_finite() and price > 0 for word, price in self.prices):
            raise ValueError("a price of the market is above zero and has its word")


@dataclass(frozen=True, slots=True)
class OtocoDraft:
    """What stands in the ticket. ``*_market`` says that the exit leaves at market when triggered.

    ``fee_in_quote`` is the trader's choice for this plan alone; ``None`` is what Settings say. ``taken`` are the
    market prices that calculations in its texts stand on. ``exit_quantity`` is what each exit covers, in base; empty
    is all of the entry.
    """

    side: Side = Side.BUY
    entry: str = ""
    quantity_mode: QuantityMode = QuantityMode.QUANTITY
    quantity: str = ""
    stop_market: bool = True
    stop: str = ""
    stop_limit: str = ""
    target_market: bool = True
    target: str = ""
    target_limit: str = ""
    tag: str = ""
    post_only: bool = False
    fee_in_quote: bool | None = None
    taken: tuple[Taken, ...] = ()
    exit_quantity: str = ""

    @property
    def stop_type(self) -> OrderType:
        return OrderType.STOP_LOSS if self.stop_market else OrderType.STOP_LIMIT

    @property
    def target_type(self) -> OrderType:
        return OrderType.TAKE_PROFIT if self.target_market else OrderType.TAKE_PROFIT_LIMIT

    @property
    def is_empty(self) -> bool:
        return not (self.entry or self.quantity or self.stop or self.target or self.stop_limit or self.target_limit)

    def text(self, field: Field) -> str:
        return str(getattr(self, field.value))

    def taken_for(self, field: Field) -> Taken | None:
        """The market prices that this field's text stands on."""
        text = self.text(field)
        return next((one for one in self.taken if one.field is field and one.text == text), None)

    def with_text(self, field: Field, text: str) -> OtocoDraft:
        """The same draft with one text replaced, exactly as typed; what it names of the market is yet to be taken."""
        if field is Field.SIDE:
            return replace(self, side=Side(text))
        kept = tuple(one for one in self.taken if one.field is not field)
        match field:
            case Field.ENTRY:
                return replace(self, entry=text, taken=kept)
            case Field.QUANTITY:
                return replace(self, quantity=text, taken=kept)
            case Field.STOP:
                return replace(self, stop=text, taken=kept)
            case Field.STOP_LIMIT:
                return replace(self, stop_limit=text, taken=kept)
            case Field.TARGET:
                return replace(self, target=text, taken=kept)
        return replace(self, target_limit=text, taken=kept)

    def with_fix(self, fix: Fix) -> OtocoDraft:
        """The same draft with what the fix sets."""
        match fix.choice:
            case Choice.FEE_IN_QUOTE:
                return replace(self, fee_in_quote=True)
            case Choice.EXIT_QUANTITY:
                return replace(self, exit_quantity=fix.text)
        return self.with_text(fix.field, fix.text)
