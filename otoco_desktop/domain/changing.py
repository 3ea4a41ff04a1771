"""What may be asked about one exit, and what was asked and is not settled yet."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from otoco_desktop.domain.events import LegReport, MoveAsked
from otoco_desktop.domain.exits import (
    ExitRequest,
    disproof,
    exit_requests,
    is_shown,
    may_come_back,
    moves,
    standing_leg,
)
from otoco_desktop.domain.legs import is_terminal, status_of
from otoco_desktop.domain.order import EXITS, Leg, LegRole
from otoco_desktop.domain.phases import cancel_pending, is_triggered, latest, missing_legs, word
from otoco_desktop.domain.strategy import LegState, Strategy


class Change(StrEnum):
    """What was asked about an exit."""

    REMOVING = "removing"
    MOVING = "moving"


def may_change_exit(strategy: Strategy, role: LegRole) -> bool:
    """Whether the exchange can be asked to cancel or to amend this exit now."""
    return not why_no_change(strategy, role)


def why_no_change(strategy: Strategy, role: LegRole) -> str:
    """Why this exit can be neither removed nor moved now, as a sentence; empty where it can.

    The entry never: what becomes of the exits is not documented (exchange docs, private/advanced/cancel-order).
    """
    if role not in EXITS:
        return "Only the stop and the target can be removed or moved. Cancel the strategy instead."
    if any(item.outcome is None for item in exit_requests(strategy, role)):
        return f"A request about the {role} is under way."
    return why_not_standing(strategy, role) or _why_not_this(strategy, role)


def why_not_standing(strategy: Strategy, role: LegRole) -> str:
    """Why this exit is not one that stands and waits for its trigger, as a sentence; empty where it is."""
    report = latest(strategy, role)
    if cancel_pending(strategy):
        return "The cancel of this strategy is not settled yet."
    if report is None:
        return f"The exchange has not reported the {role} yet."
    return _why_not_waiting(strategy, role, report)


def pending_change(strategy: Strategy, role: LegRole) -> Change | None:
    """What was asked about this exit, was not proven refused, and is not shown by the exchange's reports yet.

    After the fence of its nonce a request can no longer be admitted: a check asked later than that which still shows
    the exit as it was settles it, too.
    """
    unsettled = _unsettled(strategy, role)
    if any(not isinstance(item.asked, MoveAsked) for item in unsettled):
        return Change.REMOVING
    newest = moves(strategy, role)[-1:]
    return Change.MOVING if any(item.asked in newest or item.outcome is None for item in unsettled) else None


def possible_legs(strategy: Strategy, role: LegRole) -> tuple[Leg, ...]:
    """An exit where it stands, and wherever a move that is not settled may have put it by now."""
    stands = standing_leg(strategy, role)
    asked = (item.asked for item in _unsettled(strategy, role))
    moved = (replace(stands, trigger=item.trigger, price=item.price) for item in asked if isinstance(item, MoveAsked))
    return (stands, *moved)


def changes_view(strategy: Strategy, other: Strategy, role: LegRole) -> bool:
    """Whether this exit is pending otherwise, or stands elsewhere, in the one than in the other."""
    if not strategy.exit_asked:
        return False
    here, there = (_view(each, role) for each in (strategy, other))
    return here != there


def _view(strategy: Strategy, role: LegRole) -> tuple[object, ...]:
    return pending_change(strategy, role), may_come_back(strategy, role), standing_leg(strategy, role)


def _unsettled(strategy: Strategy, role: LegRole) -> list[ExitRequest]:
    """Requests about this exit that may still be carried out."""
    if _is_over(strategy, role):
        return []
    leg = strategy.legs.get(role)
    return [item for item in exit_requests(strategy, role) if item.may_count and not _is_settled(strategy, leg, item)]


def _why_not_waiting(strategy: Strategy, role: LegRole, report: LegReport) -> str:
    status = status_of(report)
    if status is None:
        return f"The exchange lists the {role} as {report.status}, a status this program does not know."
    if is_terminal(status):
        return f"The {role} is over: the exchange lists it as {report.status}."
    if report.filled or is_triggered(strategy, role):
        return f"The {role} has triggered: it is an order in the book now."
    if role in missing_legs(strategy):
        return f"The last check did not find the {role} on the exchange. Check with the exchange first."
    return ""


def _why_not_this(strategy: Strategy, role: LegRole) -> str:
    """Why a request by order id could do something else than what is meant."""
    report, leg = latest(strategy, role), strategy.intent.order.leg(role)
    if report is None or not report.order_id:
        return f"The exchange has not told the order id of the {role}."
    others = (latest(strategy, other) for other in LegRole if other is not role)
    if any(other.order_id == report.order_id for other in others if other):
        return f"The exchange reports the {role} and another leg under one order id, {report.order_id}."
    if report.quantity and report.quantity != leg.quantity:
        return f"The exchange reports {report.quantity:f} for the {role}, not the planned {leg.quantity:f}."
    if report.order_type and report.order_type != leg.type:
        return f"The exchange reports the {role} as {report.order_type}, not as the planned {leg.type}."
    return ""


def _is_settled(strategy: Strategy, leg: LegState | None, request: ExitRequest) -> bool:
    """Whether the reports show what was asked, or that it can no longer happen."""
    if leg is None or request.outcome is None:
        return False
    shown = isinstance(request.asked, MoveAsked) and is_shown(leg, request.asked)
    return shown or disproof(strategy, request) is not None


def _is_over(strategy: Strategy, role: LegRole) -> bool:
    """Whether nothing can happen to this exit any more."""
    return is_terminal(word(strategy, role)) and not may_come_back(strategy, role)
