"""Where the exchange's report differs from the plan that was sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from otoco_desktop.domain.events import Acknowledged, LegReport
from otoco_desktop.domain.legs import Status, status_of
from otoco_desktop.domain.order import Leg, LegRole
from otoco_desktop.domain.strategy import Strategy


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one leg, both values as plain text; ``role`` is ``None`` for the list itself."""

    role: LegRole | None
    field: str
    planned: str
    reported: str


def differences(strategy: Strategy) -> tuple[Difference, ...]:
    """Every field the exchange states otherwise than planned. What it leaves out is no difference."""
    found = list(_of_list(strategy))
    order = strategy.intent.order
    reports = {role: state.latest for role, state in strategy.legs.items() if state.latest}
    for role, report in reports.items():
        found += _of_leg(order.instrument, order.leg(role), report)
    return tuple(found)


def _of_list(strategy: Strategy) -> Iterator[Difference]:
    """More than one list id with our client order ids would be a second placement."""
    reports = [item.report for leg in strategy.legs.values() for item in leg.seen]
    ids = sorted({report.list_id for report in reports if report.list_id})
    known = strategy.outcome.list_id if isinstance(strategy.outcome, Acknowledged) else "".join(ids[:1])
    for other in ids:
        if other != known:
            yield Difference(None, "list", known, other)


def _of_leg(instrument: str, leg: Leg, report: LegReport) -> Iterator[Difference]:
    for field, planned, reported in (
        ("instrument", instrument, report.instrument),
        ("side", leg.side.value, report.side),
        ("type", leg.type.value, report.order_type),
    ):
        if reported and reported != planned:
            yield Difference(leg.role, field, planned, reported)
    yield from _of_amounts(leg, report)


def _of_amounts(leg: Leg, report: LegReport) -> Iterator[Difference]:
    for field, planned, reported in (
        ("quantity", leg.quantity, report.quantity or None),
        ("price", leg.price, report.limit_price),
        ("trigger", leg.trigger, report.trigger),
    ):
        if reported is not None and reported != planned:
            yield Difference(leg.role, field, _text(planned), _text(reported))
    if report.filled > leg.quantity or (status_of(report) is Status.FILLED and report.filled != leg.quantity):
        yield Difference(leg.role, "filled", _text(leg.quantity), _text(report.filled))


def _text(value: Decimal | None) -> str:
    return "none" if value is None else f"{value:f}"
