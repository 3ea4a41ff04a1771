"""The ticket as typed: texts and choices, never numbers. The text a trader typed is never rewritten."""

from __future__ import annotations

from collections.abc import Mapping
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

    @property
    def word(self) -> str:
        """Its name within a sentence: ``risk``."""
        return self.value.partition(" ")[0].lower()


MARKET = ("mark", "bid", "ask", "mid", "last")
"""What a calculation of a price may name of the market."""
MOST_PLACES = 300
FREE = ("base", "quote")
"""What a calculation of a size stands on that names what is free: that much of both coins, as the side may change."""

LATEST_MS = 253_402_300_799_999
"""The end of the year 9999, in milliseconds since the epoch."""

LIMIT_OF = {Field.STOP: Field.STOP_LIMIT, Field.TARGET: Field.TARGET_LIMIT}


@dataclass(frozen=True, slots=True)
class Taken:
    """What a field's text names of the market or the account, as it stood at ``at_ms`` (UTC since the epoch).

    ``prices`` are market prices by their words; of a size's text they are free amounts, by ``FREE``. They hold for
    this very text: what was typed does not move until it is typed again. Raises ``ValueError`` for what no market and
    no account says, as a damaged file may.
    """

    field: Field
    text: str
    at_ms: int
    prices: tuple[tuple[str, Decimal], ...]

    def __post_init__(self) -> None:
        if not all(_can_stand(word, number) for word, number in self.prices):
            raise ValueError("a price of the market is above zero and has its word")
        if not 0 <= self.at_ms <= LATEST_MS:
            raise ValueError("a time that no calendar has")


def is_countable(number: Decimal) -> bool:
    """Whether there is such an amount anywhere: what only an exponent makes long takes minutes to count with."""
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent > -MOST_PLACES and number.adjusted() < MOST_PLACES


def _can_stand(word: str, number: Decimal) -> bool:
    return is_countable(number) and (number > 0 if word in MARKET else number >= 0 and word in FREE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exits:
    """How a plan is left, as typed. ``*_market`` says that the exit leaves at market when triggered."""

    stop_market: bool = True
    stop: str = ""
    stop_limit: str = ""
    target_market: bool = True
    target: str = ""
    target_limit: str = ""

    def text(self, field: Field) -> str:
        return str(getattr(self, field.value))


@dataclass(frozen=True, slots=True)
class OtocoDraft(Exits):
    """What stands in the ticket.

    ``fee_in_quote`` is the trader's choice for this plan alone; ``None`` is what Settings say. ``taken`` are the
    market prices that calculations in its texts stand on. ``exit_quantity`` is what each exit covers, in base; empty
    is all of the entry.
    """

    side: Side = Side.BUY
    entry: str = ""
    quantity_mode: QuantityMode = QuantityMode.QUANTITY
    quantity: str = ""
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

    def taken_for(self, field: Field) -> Taken | None:
        """What this field's text stands on."""
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

    def with_field_of(self, other: OtocoDraft, field: Field) -> OtocoDraft:
        """The same draft with one text as it stands in another, on what it stands on there."""
        taken, draft = other.taken_for(field), self.with_text(field, other.text(field))
        return draft if taken is None else replace(draft, taken=(*draft.taken, taken))

    def typed_in(self, texts: Mapping[Field, str], mode: QuantityMode | None) -> OtocoDraft:
        """The same draft with a plan's texts typed in, its size in this mode.

        An exit named anew loses the limit of the one before, and a size named anew what exits covered of that before.
        """
        draft = replace(self, quantity_mode=mode or self.quantity_mode)
        if Field.QUANTITY in texts:
            draft = replace(draft, exit_quantity="")
        cleared = {limit: "" for trigger, limit in LIMIT_OF.items() if trigger in texts}
        for field, text in {**cleared, **texts}.items():
            draft = draft.with_text(field, text)
        return draft

    def with_fix(self, fix: Fix) -> OtocoDraft:
        """The same draft with what the fix sets."""
        match fix.choice:
            case Choice.FEE_IN_QUOTE:
                return replace(self, fee_in_quote=True)
            case Choice.EXIT_QUANTITY:
                return replace(self, exit_quantity=fix.text)
        return self.with_text(fix.field, fix.text)
