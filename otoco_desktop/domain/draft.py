"""The ticket as typed: texts and choices, never numbers. The text a trader typed is never rewritten."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.order import OrderType, Side


class QuantityMode(StrEnum):
    """What the quantity text means."""

    QUANTITY = "Quantity"
    SPEND = "Spend"
    RISK = "Risk %"


@dataclass(frozen=True, slots=True)
class OtocoDraft:
    """What stands in the ticket. ``*_market`` says that the exit leaves at market when triggered.

    ``fee_in_quote`` is the trader's choice for this plan alone; ``None`` is what Settings say.
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

    def with_text(self, field: Field, text: str) -> OtocoDraft:
        """The same draft with one text replaced, exactly as typed."""
        if field is Field.SIDE:
            return replace(self, side=Side(text))
        match field:
            case Field.ENTRY:
                return replace(self, entry=text)
            case Field.QUANTITY:
                return replace(self, quantity=text)
            case Field.STOP:
                return replace(self, stop=text)
            case Field.STOP_LIMIT:
                return replace(self, stop_limit=text)
            case Field.TARGET:
                return replace(self, target=text)
        return replace(self, target_limit=text)
