"""What is typed for an exit that stands already, read with the ticket's own grammar and then judged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from otoco_desktop.domain.again import draft_of
from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.exits import ExitPrices, standing_order
from otoco_desktop.domain.finding import Field, Finding
from otoco_desktop.domain.money import plain, trimmed
from otoco_desktop.domain.moving import FIELDS, judge_move
from otoco_desktop.domain.order import Leg, LegRole
from otoco_desktop.domain.pricing import PriceKind, PriceText, read_price
from otoco_desktop.domain.reading import price_draft
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.domain.taking import take_market
from otoco_desktop.domain.verdict import Surroundings, Verdict
from otoco_desktop.ui.moving.money import entry_of

ENTRY_PLACES = Decimal("1E-12")
"""An average may have more decimals than can be typed."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The texts as prices and what was found; ``price`` is ``None`` for a market exit too."""

    draft: OtocoDraft
    verdict: Verdict
    trigger: Decimal | None
    price: Decimal | None


def fields_of(leg: Leg) -> tuple[Field, ...]:
    """What can be typed for this exit: its trigger, and the limit where it has one."""
    trigger, limit = FIELDS[leg.role]
    return (trigger,) if leg.price is None else (trigger, limit)


def begun(strategy: Strategy) -> OtocoDraft:
    """The strategy as it stands on the exchange, typed in. Distances are counted from what was paid."""
    standing = replace(strategy, intent=replace(strategy.intent, order=standing_order(strategy)))
    return replace(draft_of(standing), entry=trimmed(entry_of(strategy).quantize(ENTRY_PLACES)))


def read(strategy: Strategy, role: LegRole, draft: OtocoDraft, around: Surroundings, wall_ms: int) -> Reading:
    """Read and judge; ``wall_ms`` is when prices of the market are taken for a calculation."""
    leg = standing_order(strategy).leg(role)
    fields = fields_of(leg)
    draft = take_market(draft, around, wall_ms)
    priced = price_draft(_for_r(strategy, role, draft), around)
    trigger, *limit = (priced.plan.value(field) for field in fields)
    price = limit[0] if limit else None
    found = [each for each in priced.findings if each.field in fields]
    if trigger is not None and (price is not None or not limit):
        found += judge_move(strategy, role, ExitPrices(trigger, price), around)
    return Reading(draft, Verdict(draft, priced.plan, tuple(found), None), trigger, price)


def _for_r(strategy: Strategy, role: LegRole, draft: OtocoDraft) -> OtocoDraft:
    """R of a target is the risk that was planned, wherever the stop has been moved to since."""
    trigger, limit = FIELDS[role]
    if role is LegRole.STOP or not any(_is_in_r(field, draft) for field in (trigger, limit)):
        return draft
    planned = strategy.intent.order.stop.trigger
    return draft if planned is None else replace(draft, stop=plain(planned))


def _is_in_r(field: Field, draft: OtocoDraft) -> bool:
    parsed = read_price(field, draft.text(field))
    return isinstance(parsed, PriceText) and parsed.kind is PriceKind.R


def is_begun(reading: Reading, strategy: Strategy, role: LegRole) -> bool:
    """Whether the texts come to what stands already."""
    leg = standing_order(strategy).leg(role)
    return reading.trigger == leg.trigger and reading.price == leg.price


def blocking(findings: tuple[Finding, ...]) -> Finding | None:
    """The first that keeps the exit where it is."""
    return next((each for each in findings if each.severity.blocks), None)
