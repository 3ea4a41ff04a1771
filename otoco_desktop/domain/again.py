"""Planning again what was sent before: at the prices of then, or re-based to the price of today."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from otoco_desktop.domain.distance import distance_text
from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.events import Planned
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.money import percent, plain
from otoco_desktop.domain.order import OtocoOrder, Side, chosen_exits
from otoco_desktop.domain.pricing import calculated_value
from otoco_desktop.domain.strategy import Strategy

REBASED = "Re-based from {label}: entry {where} mark as then."
NOT_ON_RECORD = "Re-based from {label}. The entry is empty: the mark price of then is not on record."
NOT_KNOWN = "Re-based from {label}. The entry is empty: the mark price is not known now."


@dataclass(frozen=True, slots=True)
class Rebased:
    """A plan of before at today's price, and the sentence that says what was done."""

    draft: OtocoDraft
    sentence: str


def draft_of(strategy: Strategy) -> OtocoDraft:
    """The plan typed in again with the prices that were sent; nothing of it is sent."""
    order = strategy.intent.order
    entry, stop, target = order.legs
    return OtocoDraft(
        side=order.side,
        entry=plain(entry.reference_price),
        quantity_mode=QuantityMode.QUANTITY,
        quantity=plain(order.quantity),
        stop_market=stop.price is None,
        stop=_text(stop.trigger),
        stop_limit=_text(stop.price),
        target_market=target.price is None,
        target=_text(target.trigger),
        target_limit=_text(target.price),
        tag=strategy.tag,
        post_only=order.post_only,
        fee_in_quote=order.fee_instrument is not None if order.side is Side.BUY else None,
        exit_quantity=chosen_exits(order),
    )


def rebased(strategy: Strategy, instrument: Instrument, mark: Decimal | None) -> Rebased:
    """The plan with its distances of then, in percent, counted from the mark price of now; sized as it was typed.

    The entry keeps its distance from the mark price, the exits theirs from the entry.
    """
    order, planned = strategy.intent.order, strategy.intent.planned
    entry, stop, target = order.legs
    prices = {
        Field.STOP: stop.trigger,
        Field.STOP_LIMIT: stop.price,
        Field.TARGET: target.trigger,
        Field.TARGET_LIMIT: target.price,
    }
    draft = replace(draft_of(strategy), entry="", exit_quantity="")
    for field, price in prices.items():
        if price is not None:
            text = distance_text(price, field, order.side, instrument, entry.reference_price)
            draft = draft.with_text(field, text)
    draft = _sized(draft, planned)
    then = planned.mark if planned else None
    if then and mark:
        draft = draft.with_text(Field.ENTRY, _entry_now(order, then, mark, instrument))
    return Rebased(draft, _sentence(strategy, then, mark))


def _sized(draft: OtocoDraft, planned: Planned | None) -> OtocoDraft:
    """As it was typed then, where that is on record."""
    if planned is None or planned.size_mode not in set(QuantityMode) or not planned.size:
        return draft
    return replace(draft, quantity_mode=QuantityMode(planned.size_mode), quantity=planned.size)


def _entry_now(order: OtocoOrder, then: Decimal, mark: Decimal, instrument: Instrument) -> str:
    exact = Fraction(order.entry.reference_price) / Fraction(then) * Fraction(mark)
    value = calculated_value(exact, Field.ENTRY, order.side, instrument, None).value
    return plain(value) if value else ""


def _sentence(strategy: Strategy, then: Decimal | None, mark: Decimal | None) -> str:
    if not then or not mark:
        return (NOT_KNOWN if then else NOT_ON_RECORD).format(label=strategy.label)
    share = strategy.intent.order.entry.reference_price / then - 1
    where = f"{percent(abs(share), 2)} {'below' if share < 0 else 'above'}" if share else "at"
    return REBASED.format(label=strategy.label, where=where)


def _text(value: Decimal | None) -> str:
    return "" if value is None else plain(value)
