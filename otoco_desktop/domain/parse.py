"""What is done with a readable draft: another quantity mode for it, or the frozen order."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.order import Leg, LegRole, OrderType, OtocoOrder, Side, client_oid
from otoco_desktop.domain.reading import price_draft
from otoco_desktop.domain.sizing import quantity_text
from otoco_desktop.domain.structure import shape_problem
from otoco_desktop.domain.verdict import Surroundings, Verdict


def retext(draft: OtocoDraft, around: Surroundings, new_mode: QuantityMode) -> OtocoDraft:
    """The draft in another quantity mode: same quantity, other text; an unknown quantity leaves the text empty."""
    if new_mode is draft.quantity_mode:
        return draft
    priced = price_draft(draft, around.chosen_by(draft))
    quantity = priced.plan.value(Field.QUANTITY)
    text = quantity_text(new_mode, quantity, priced.sizing) if quantity else ""
    return replace(draft, quantity_mode=new_mode, quantity=text)


def to_order(verdict: Verdict, strategy_id: str, around: Surroundings) -> OtocoOrder:
    """Freeze what the verdict shows; what words may lift blocks nothing here.

    Raises ``ValueError`` when something else blocks or the shape is not an OTOCO.
    """
    instrument, quantity = around.instrument, verdict.plan.value(Field.QUANTITY)
    if instrument is None or quantity is None or not (verdict.submittable or verdict.override):
        raise ValueError("the plan is not ready to be sent")
    covered = verdict.plan.exit_quantity or quantity
    sizes = {LegRole.ENTRY: quantity, LegRole.STOP: covered, LegRole.TARGET: covered}
    entry, stop, target = (_leg(role, verdict, sizes[role], strategy_id) for role in LegRole)
    fee_in_quote = verdict.draft.side is Side.BUY and around.chosen_by(verdict.draft).settings.fee_in_quote
    order = OtocoOrder(
        strategy_id=strategy_id,
        instrument=instrument.symbol,
        entry=entry,
        stop=stop,
        target=target,
        fee_instrument=instrument.quote if fee_in_quote else None,
        post_only=verdict.draft.post_only,
    )
    problem = shape_problem(order.legs)
    if problem:
        raise ValueError(problem)
    return order


def _leg(role: LegRole, verdict: Verdict, quantity: Decimal, strategy_id: str) -> Leg:
    draft, plan, oid = verdict.draft, verdict.plan, client_oid(strategy_id, role)
    if role is LegRole.ENTRY:
        return Leg(role, draft.side, OrderType.LIMIT, quantity, oid, price=plan.value(Field.ENTRY))
    if role is LegRole.STOP:
        kind, limit = draft.stop_type, None if draft.stop_market else plan.value(Field.STOP_LIMIT)
        trigger = plan.value(Field.STOP)
    else:
        kind, limit = draft.target_type, None if draft.target_market else plan.value(Field.TARGET_LIMIT)
        trigger = plan.value(Field.TARGET)
    return Leg(role, draft.side.opposite, kind, quantity, oid, price=limit, trigger=trigger)
