"""Where the exchange's report differs from the plan that was sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from otoco_desktop.domain.events import Acknowledged, LegReport
from otoco_desktop.domain.exits import prices_asked
from otoco_desktop.domain.legs import Status, last_told, status_of
from otoco_desktop.domain.order import LegRole
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
    reports = {role: state.latest for role, state in strategy.legs.items() if state.latest}
    for role, report in reports.items():
        found += _of_leg(strategy, role, report)
    return tuple(found)


def _of_list(strategy: Strategy) -> Iterator[Difference]:
    """More than one list id with our client order ids would be a second placement."""
    reports = [item.report for leg in strategy.legs.values() for item in leg.seen]
    ids = sorted({report.list_id for report in reports if report.list_id})
    known = strategy.outcome.list_id if isinstance(strategy.outcome, Acknowledged) else "".join(ids[:1])
    for other in ids:
        if other != known:
            yield Difference(None, "list", known, other)


def _of_leg(strategy: Strategy, role: LegRole, report: LegReport) -> Iterator[Difference]:
    order, leg = strategy.intent.order, strategy.intent.order.leg(role)
    for field, planned, reported in (
        ("instrument", order.instrument, report.instrument),
        ("side", leg.side.value, report.side),
        ("type", leg.type.value, report.order_type),
    ):
        if reported and reported != planned:
            yield Difference(role, field, planned, reported)
    if report.quantity and report.quantity != leg.quantity:
        yield Difference(role, "quantity", _text(leg.quantity), _text(report.quantity))
    yield from _of_prices(strategy, role, report)
    if report.filled > leg.quantity or (status_of(report) is Status.FILLED and report.filled != leg.quantity):
        yield Difference(role, "filled", _text(leg.quantity), _text(report.filled))


def _of_prices(strategy: Strategy, role: LegRole, report: LegReport) -> Iterator[Difference]:
    """Trigger and limit together are the plan's, or those of one move that may have been carried out: never mixed."""
    pairs = prices_asked(strategy, role)
    told = (last_told(strategy.legs[role]) if pairs[1:] else None) or report
    if any(prices.agrees(told) for prices in pairs):
        return
    nearest = next((prices for prices in reversed(pairs) if prices.trigger == told.trigger), pairs[-1])
    for field, planned, reported in (
        ("price", nearest.limit, told.limit_price),
        ("trigger", nearest.trigger, told.trigger),
    ):
        if reported is not None and reported != planned:
            yield Difference(role, field, _text(planned), _text(reported))


def _text(value: Decimal | None) -> str:
    return "none" if value is None else f"{value:f}"
