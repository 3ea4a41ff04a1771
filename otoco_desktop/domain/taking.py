"""The market's words in a calculation are taken once: a plan never moves with the market under the trader's hands."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from otoco_desktop.domain.draft import OtocoDraft, Taken
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.grammar import Refusal
from otoco_desktop.domain.market import Quote
from otoco_desktop.domain.pricing import PriceText, read_price

PRICES = (Field.ENTRY, Field.STOP, Field.STOP_LIMIT, Field.TARGET, Field.TARGET_LIMIT)


def take_market(draft: OtocoDraft, quote: Quote | None, now_ms: int) -> OtocoDraft:
    """The draft with the prices of now for each text that names some and has none taken yet.

    A text that names several takes all of them at one moment, or waits. ``now_ms`` is the wall clock (UTC).
    """
    if quote is None:
        return draft
    fresh = [taken for field in PRICES if (taken := _taken(draft, field, quote, now_ms)) is not None]
    if not fresh:
        return draft
    anew = {taken.field for taken in fresh}
    return replace(draft, taken=(*(kept for kept in draft.taken if kept.field not in anew), *fresh))


def _taken(draft: OtocoDraft, field: Field, quote: Quote, now_ms: int) -> Taken | None:
    text = draft.text(field)
    parsed = read_price(field, text)
    if isinstance(parsed, PriceText | Refusal) or not parsed.market or draft.taken_for(field) is not None:
        return None
    found: dict[str, Decimal | None] = {word: getattr(quote, word) for word in parsed.market}
    prices = tuple((word, price) for word, price in found.items() if price is not None and price > 0)
    return Taken(field, text, now_ms, prices) if len(prices) == len(found) else None
