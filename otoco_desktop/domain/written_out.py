"""A draft with its calculations written out, for where only numbers and distances are read."""

from __future__ import annotations

from dataclasses import replace

from otoco_desktop.domain.calculation import Calculation
from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.money import plain
from otoco_desktop.domain.pricing import read_price
from otoco_desktop.domain.sizing import read_size
from otoco_desktop.domain.taking import PRICES
from otoco_desktop.domain.verdict import PricedPlan


def in_numbers(draft: OtocoDraft, plan: PricedPlan) -> OtocoDraft:
    """The draft with the price, or the quantity, in place of each calculation; one that comes to none is left out."""
    for field in PRICES:
        if isinstance(read_price(field, draft.text(field)), Calculation):
            draft = draft.with_text(field, _number(plan, field))
    if isinstance(read_size(draft.quantity_mode, draft.quantity), Calculation):
        quantity = _number(plan, Field.QUANTITY)
        draft = replace(draft.with_text(Field.QUANTITY, quantity), quantity_mode=QuantityMode.QUANTITY)
    return draft


def _number(plan: PricedPlan, field: Field) -> str:
    value = plan.value(field)
    return "" if value is None else plain(value)
