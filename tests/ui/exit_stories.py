"""Strategies of which one exit was asked to go or to move, told as the facts tell it."""

from __future__ import annotations

from decimal import Decimal

from otoco_desktop.domain.events import (
    Acknowledged,
    LegAnswered,
    LegCancelAsked,
    LegReport,
    LegReported,
    MoveAsked,
    Outcome,
    ReportSource,
    RequestStamp,
)
from otoco_desktop.domain.order import LegRole
from tests.ui.strategy_examples import LIST_ID, OFFSET_MS, Story

ACCEPTED = Acknowledged("1")


def stamp(story: Story, number: int) -> RequestStamp:
    return RequestStamp(number, story.at_ms, OFFSET_MS)


def removing(role: LegRole, story: Story | None = None, outcome: Outcome | None = ACCEPTED) -> Story:
    """The trader asked to remove this exit; without an outcome the request is under way."""
    story = (story or Story().protected()).later(1000)
    order_id = f"51{story.number}{role.suffix}"
    request = stamp(story, 20)
    story.facts.append(LegCancelAsked(story.strategy_id, story.at_ms, role, order_id, request, "rest"))
    return _answered(story, role, request, outcome)


def moving(role: LegRole, trigger: str, limit: str | None = None, outcome: Outcome | None = ACCEPTED) -> Story:
    """The trader asked to move this exit of a protected strategy."""
    return move(Story().protected(), role, trigger, limit, outcome)


def move(
    story: Story, role: LegRole, trigger: str, limit: str | None = None, outcome: Outcome | None = ACCEPTED
) -> Story:
    """The same for a strategy under way."""
    story.later(1000)
    order_id, request = f"51{story.number}{role.suffix}", stamp(story, 21)
    price = None if limit is None else Decimal(limit)
    asked = MoveAsked(story.strategy_id, story.at_ms, role, order_id, Decimal(trigger), price, request, "rest")
    story.facts.append(asked)
    return _answered(story, role, request, outcome)


def moved(story: Story, role: LegRole, trigger: str, limit: str | None = None) -> Story:
    """The exchange reports the exit at its new price."""
    story.later(500)
    plan = story.order.leg(role)
    report = LegReport(
        LIST_ID,
        f"51{story.number}{role.suffix}",
        plan.client_oid,
        story.prices.instrument,
        plan.type.value,
        plan.side.value,
        "ACTIVE",
        plan.quantity,
        limit_price=None if limit is None else Decimal(limit),
        trigger=Decimal(trigger),
        update_ms=story.at_ms,
    )
    story.facts.append(LegReported(story.strategy_id, story.at_ms, ReportSource.STREAM, report))
    return story


def _answered(story: Story, role: LegRole, request: RequestStamp, outcome: Outcome | None) -> Story:
    if outcome is not None:
        story.later(80)
        story.facts.append(LegAnswered(story.strategy_id, story.at_ms, role, request.request_id, outcome))
    return story
