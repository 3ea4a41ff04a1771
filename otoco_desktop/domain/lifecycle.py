"""How facts change a strategy, and the phase that follows from them.

What the exchange reports may come late, twice, or in any order: the fold joins it, so every order gives one
result. The trader's own facts keep their order. Nothing derived is stored: phases stand in ``phases``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar

from otoco_desktop.domain.changing import changes_view, may_change_exit, pending_change, why_no_change
from otoco_desktop.domain.differences import Difference, differences
from otoco_desktop.domain.events import (
    Acknowledged,
    Answered,
    CancelAnswered,
    CancelAsked,
    Decided,
    Fact,
    Intended,
    LegAnswered,
    LegCancelAsked,
    LegReport,
    LegReported,
    Looked,
    MoveAsked,
    Noted,
    ReportSource,
    strength,
)
from otoco_desktop.domain.exits import replaced_orders
from otoco_desktop.domain.legs import anomalies, belongs, join, knows, replacing, role_of, union
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.phases import (
    closing,
    filled_ratio,
    is_live,
    leg_status,
    may_cancel,
    missing_legs,
    needs_following,
    phase,
    unprotected_quantity,
    unproven_exits,
)
from otoco_desktop.domain.strategy import LegState, SeenReport, Strategy

__all__ = [
    "Difference",
    "adopt",
    "begin",
    "closing",
    "differences",
    "evolve",
    "filled_ratio",
    "fold",
    "is_live",
    "is_news",
    "leg_status",
    "may_cancel",
    "may_change_exit",
    "missing_legs",
    "needs_following",
    "pending_change",
    "phase",
    "unprotected_quantity",
    "unproven_exits",
    "why_no_change",
]

Told = TypeVar("Told")


def begin(intent: Intended) -> Strategy:
    """The strategy as it stands when its intent is on disk."""
    return Strategy(intent=intent, tag=intent.tag)


def adopt(strategy: Strategy, report: LegReport) -> LegRole | None:
    """Which leg of this strategy the report is about; ``None`` when it is not ours or not a leg."""
    order = strategy.intent.order
    return role_of(order, report) if belongs(order, strategy.list_id, report) else None


def evolve(strategy: Strategy, fact: Fact) -> Strategy:
    """The strategy with one more fact. A fact of another strategy, or one already known, changes nothing."""
    if fact.strategy_id != strategy.strategy_id:
        return strategy
    match fact:
        case LegReported():
            return _reported(strategy, fact)
        case Answered():
            return _answered(strategy, fact)
        case Looked():
            return _looked(strategy, fact)
        case _:
            return _own(strategy, fact)


def is_news(strategy: Strategy, fact: Fact) -> bool:
    """Whether a fact is worth keeping: a check that repeats what is known is, only where it ends a doubt."""
    if not isinstance(fact, LegReported) or fact.source is ReportSource.STREAM:
        return True
    role = role_of(strategy.intent.order, fact.report)
    leg = strategy.legs.get(role) if role else None
    if leg is None or not knows(leg, _seen(fact)):
        return True
    if role in unproven_exits(strategy) or role in missing_legs(strategy):
        return True
    return role is not None and changes_view(strategy, _reported(strategy, fact), role)


def fold(intent: Intended, facts: Iterable[Fact]) -> Strategy:
    """A strategy from its intent and every other fact about it; what ``evolve`` gives one by one, at once."""
    reports: dict[LegRole | None, list[LegReported]] = {}
    strategy = begin(intent)
    for fact in facts:
        if isinstance(fact, LegReported) and fact.strategy_id == intent.strategy_id:
            reports.setdefault(role_of(intent.order, fact.report), []).append(fact)
        else:
            strategy = evolve(strategy, fact)
    unmatched = tuple(sorted({_unmatched(fact) for fact in reports.pop(None, [])}))
    legs = {role: union(role, map(_seen, told)) for role, told in reports.items() if role is not None}
    return _refreshed(_with_legs(replace(strategy, unmatched=unmatched), legs))


def _reported(strategy: Strategy, fact: LegReported) -> Strategy:
    role = role_of(strategy.intent.order, fact.report)
    if role is None:
        unmatched = tuple(sorted({*strategy.unmatched, _unmatched(fact)}))
        return strategy if unmatched == strategy.unmatched else _refreshed(replace(strategy, unmatched=unmatched))
    before = strategy.legs.get(role) or LegState(role)
    after = join(before, _seen(fact))
    return strategy if after is before else _refreshed(_with_legs(strategy, {**strategy.legs, role: after}))


def _with_legs(strategy: Strategy, legs: Mapping[LegRole, LegState]) -> Strategy:
    """Legs stand in the order of the plan, whichever was heard of first."""
    known = {role: _with_orders(strategy, legs[role]) for role in LegRole if role in legs}
    return replace(strategy, legs=MappingProxyType(known))


def _with_orders(strategy: Strategy, leg: LegState) -> LegState:
    """The leg with the orders left out that a move has replaced."""
    return replacing(leg, replaced_orders(strategy, leg) if strategy.exit_asked else frozenset())


def _seen(fact: LegReported) -> SeenReport:
    return SeenReport(fact.report, fact.at_ms, fact.source, fact.asked_ms)


def _unmatched(fact: LegReported) -> str:
    return f"A report could not be matched to a leg: {fact.report.order_type} {fact.report.order_id}."


def _answered(strategy: Strategy, fact: Answered) -> Strategy:
    """The strongest evidence stands; between equals the first."""
    if strategy.outcome is not None and strength(strategy.outcome) >= strength(fact.outcome):
        return strategy
    return _refreshed(replace(strategy, outcome=fact.outcome, answered_ms=fact.at_ms))


def _with_exits(strategy: Strategy) -> Strategy:
    """What was asked about an exit tells whether a new order id is another order or the same exit."""
    return _refreshed(_with_legs(strategy, strategy.legs))


def _once(facts: tuple[Told, ...], fact: Told) -> tuple[Told, ...]:
    return facts if fact in facts else (*facts, fact)


def _looked(strategy: Strategy, fact: Looked) -> Strategy:
    if fact in strategy.looks:
        return strategy
    looks = sorted((*strategy.looks, fact), key=lambda look: (look.at_ms, look.server_ms, repr(look)))
    return _refreshed(replace(strategy, looks=tuple(looks)))


def _own(strategy: Strategy, fact: Fact) -> Strategy:
    match fact:
        case LegCancelAsked() | MoveAsked():
            return _with_exits(replace(strategy, exit_asked=_once(strategy.exit_asked, fact)))
        case LegAnswered():
            return _with_exits(replace(strategy, exit_answered=_once(strategy.exit_answered, fact)))
        case CancelAsked():
            return replace(strategy, cancel_asked=(*strategy.cancel_asked, fact))
        case CancelAnswered():
            return replace(strategy, cancel_answered=(*strategy.cancel_answered, fact))
        case Decided():
            return _refreshed(replace(strategy, decided=fact))
        case Noted():
            return replace(strategy, tag=fact.tag, note=fact.note)
        case _:
            return strategy


def _refreshed(strategy: Strategy) -> Strategy:
    """List id and anomalies follow from the reports and the answer, whatever came first."""
    sentences = [*strategy.unmatched, *_contradictions(strategy)]
    for state in strategy.legs.values():
        sentences += anomalies(state)
    sentences += [_not_found(strategy, role) for role in missing_legs(strategy)]
    return replace(strategy, list_id=_list_id(strategy), anomalies=tuple(sentences))


def _not_found(strategy: Strategy, role: LegRole) -> str:
    report = strategy.legs[role].latest
    word = report.status if report else ""
    return f"{role.capitalize()}: last reported as {word}, and not found when the exchange was asked again."


def _list_id(strategy: Strategy) -> str | None:
    if isinstance(strategy.outcome, Acknowledged):
        return strategy.outcome.list_id
    reports = (item.report for leg in strategy.legs.values() for item in leg.seen)
    return min((report.list_id for report in reports if report.list_id), default=None)


def _contradictions(strategy: Strategy) -> list[str]:
    found = []
    if strategy.decided is not None and strategy.legs:
        found.append("Found on the exchange after it was settled as not placed.")
    if isinstance(strategy.outcome, Acknowledged) and strategy.outcome.warning:
        found.append(f"Accepted with a warning: {strategy.outcome.warning}")
    return found
