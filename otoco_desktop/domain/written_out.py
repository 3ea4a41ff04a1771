"""A draft with its calculations written out, for where only prices and distances are read."""

from __future__ import annotations

from otoco_desktop.domain.calculation import Calculation
from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.money import plain
from otoco_desktop.domain.pricing import read_price
from otoco_desktop.domain.taking import PRICES
from otoco_desktop.domain.verdict import PricedPlan


def in_numbers(draft: OtocoDraft, plan: PricedPlan) -> OtocoDraft:
    """The draft with the price in place of each calculation; one that comes to none is left out."""
    for field in PRICES:
        if isinstance(read_price(field, draft.text(field)), Calculation):
            value = plan.value(field)
            draft = draft.with_text(field, "" if value is None else plain(value))
    return draft
