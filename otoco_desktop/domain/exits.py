"""Requests about one exit, which of them may have reached the exchange, and the prices at which the exits stand.

An accepted request proves nothing: an exit stands where the exchange last reported it. Whether an amended order keeps
its order id is not documented (exchange docs, private/advanced/amend-order), so it may come back under another one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

from otoco_desktop.domain.events import (
    ExitAsked,
    LegAnswered,
    LegCancelAsked,
    LegReport,
    MoveAsked,
    Outcome,
    left_nothing,
    strength,
)
from otoco_desktop.domain.legs import Status, is_live, last_told, status_of
from otoco_desktop.domain.looks import fence_ms
from otoco_desktop.domain.order import EXITS, Leg, LegRole, OtocoOrder
from otoco_desktop.domain.strategy import LegState, SeenReport, Strategy


@dataclass(frozen=True, slots=True)
class ExitRequest:
    """A request about one exit and the strongest answer to it; ``None`` while it is under way."""

    asked: ExitAsked
    outcome: Outcome | None

    @property
    def may_count(self) -> bool:
        """Whether it may have reached the exchange and may have been carried out."""
        return not left_nothing(self.outcome)


class ExitPrices(NamedTuple):
    """What an exit waits for, and its limit once triggered; ``limit`` is ``None`` at market.

    A named tuple: every leg is held against its own whenever its strategy is judged.
    """

    trigger: Decimal | None
    limit: Decimal | None

    def agrees(self, report: LegReport) -> bool:
        """Whether the report states these, as far as it states prices."""
        same_trigger = report.trigger is None or report.trigger == self.trigger
        return same_trigger and (report.limit_price is None or report.limit_price == self.limit)


def exit_requests(strategy: Strategy, role: LegRole) -> tuple[ExitRequest, ...]:
    """Every request about this exit, in the order in which they were asked."""
    return tuple(ExitRequest(asked, _answer(strategy, asked)) for asked in strategy.exit_asked if asked.role is role)


def unanswered(strategy: Strategy) -> tuple[ExitAsked, ...]:
    """Requests about either exit that are under way."""
    return tuple(asked for asked in strategy.exit_asked if _answer(strategy, asked) is None)


def answer_to(asked: ExitAsked, at_ms: int, outcome: Outcome) -> LegAnswered:
    """The fact that tells what became of this request."""
    return LegAnswered(asked.strategy_id, at_ms, asked.role, asked.stamp.request_id, outcome)


def moves(strategy: Strategy, role: LegRole) -> tuple[MoveAsked, ...]:
    """The moves of this exit that may have been carried out, in the order in which they were asked."""
    if not strategy.exit_asked:
        return ()
    asked = (request.asked for request in exit_requests(strategy, role) if request.may_count)
    return tuple(item for item in asked if isinstance(item, MoveAsked))


def removals(strategy: Strategy, role: LegRole) -> tuple[LegCancelAsked, ...]:
    """The same for requests to cancel it."""
    asked = (request.asked for request in exit_requests(strategy, role) if request.may_count)
    return tuple(item for item in asked if isinstance(item, LegCancelAsked))


def prices_asked(strategy: Strategy, role: LegRole) -> tuple[ExitPrices, ...]:
    """The prices this exit may have: the plan's, then those of each move that may have been carried out."""
    leg = strategy.intent.order.leg(role)
    asked = (ExitPrices(move.trigger, move.price) for move in moves(strategy, role))
    return (ExitPrices(leg.trigger, leg.price), *asked)


def standing_leg(strategy: Strategy, role: LegRole) -> Leg:
    """A leg with the prices the exchange last reported, where a move of it was asked; else as it was planned."""
    state = strategy.legs.get(role)
    told = last_told(state) if state and moves(strategy, role) else None
    return strategy.intent.order.leg(role) if told is None else told_leg(strategy, role, told)


def told_leg(strategy: Strategy, role: LegRole, report: LegReport) -> Leg:
    """A leg with the prices this report states, where a move of it was asked; else as it was planned."""
    leg = strategy.intent.order.leg(role)
    if report.trigger is None or not moves(strategy, role):
        return leg
    agreed = [prices for prices in prices_asked(strategy, role) if prices.agrees(report)]
    stands = agreed[-1] if agreed else ExitPrices(report.trigger, report.limit_price or leg.price)
    return replace(leg, trigger=stands.trigger, price=stands.limit)


def standing_order(strategy: Strategy) -> OtocoOrder:
    """The plan with the exits where they stand by now; ``intent.order`` stays what was sent."""
    if not strategy.exit_asked:
        return strategy.intent.order
    stop, target = (standing_leg(strategy, role) for role in EXITS)
    return replace(strategy.intent.order, stop=stop, target=target)


def removed_here(strategy: Strategy, role: LegRole) -> bool:
    """Whether an exit is gone because the trader asked for that: cancelled, before the other exit took anything."""
    leg = strategy.legs.get(role)
    if leg is None or leg.latest is None or status_of(leg.latest) is not Status.CANCELED:
        return False
    other = LegRole.TARGET if role is LegRole.STOP else LegRole.STOP
    return bool(removals(strategy, role)) and not _took_before(strategy.legs.get(other), leg.latest.update_ms)


def is_shown(leg: LegState, move: MoveAsked) -> bool:
    """Whether the exit stands, or has stood since the request, at the prices asked for."""
    wanted, newest = ExitPrices(move.trigger, move.price), last_told(leg)
    since = (seen.report for seen in (*leg.seen, *leg.checks) if seen.at_ms >= move.at_ms)
    told = (*since, newest) if newest else since
    return any(report.trigger is not None and wanted.agrees(report) for report in told)


def asked_after_fence(leg: LegState, asked: ExitAsked) -> list[SeenReport]:
    """What checks told of the leg that were made when the exchange could no longer admit this request."""
    fence = fence_ms(asked.stamp.nonce) - asked.stamp.offset_ms
    return [seen for seen in leg.checks if (seen.asked_ms or 0) >= fence]


def disproof(strategy: Strategy, request: ExitRequest) -> SeenReport | None:
    """The first check that found the exit alive, and not as it was asked for, when the request had expired."""
    asked, leg = request.asked, strategy.legs.get(request.asked.role)
    if leg is None or request.outcome is None or not request.may_count:
        return None
    if isinstance(asked, MoveAsked) and is_shown(leg, asked):
        return None
    return next((seen for seen in asked_after_fence(leg, asked) if is_live(status_of(seen.report))), None)


def may_come_back(strategy: Strategy, role: LegRole) -> bool:
    """Whether a cancelled exit may yet turn up under another order id.

    Its order was to be moved, took nothing, and neither the move has been shown nor a check made that would have.
    """
    leg = strategy.legs.get(role)
    if leg is None or leg.latest is None or status_of(leg.latest) is not Status.CANCELED or leg.latest.filled:
        return False
    own = [move for move in moves(strategy, role) if move.order_id == leg.latest.order_id]
    return bool(own) and not is_shown(leg, own[-1]) and not asked_after_fence(leg, own[-1])


def replaced_orders(strategy: Strategy, leg: LegState) -> frozenset[str]:
    """Order ids of this leg in whose place a move has put another order id.

    Such an order was asked to be moved, took nothing, and did not end otherwise than cancelled; the other id was told
    after that request, and is none that an earlier request had been about.
    """
    earlier: set[str] = set()
    replaced: set[str] = set()
    for move in moves(strategy, leg.role):
        earlier.add(move.order_id)
        followed = any(seen.report.order_id not in {"", *earlier} and seen.at_ms >= move.at_ms for seen in leg.seen)
        if followed and all(_may_be_replaced(report) for report in _reports(leg, move.order_id)):
            replaced.add(move.order_id)
    return frozenset(replaced)


def _answer(strategy: Strategy, asked: ExitAsked) -> Outcome | None:
    answers = (item.outcome for item in strategy.exit_answered if item.request_id == asked.stamp.request_id)
    return max(answers, key=strength, default=None)


def _reports(leg: LegState, order_id: str) -> Iterator[LegReport]:
    return (seen.report for seen in leg.seen if seen.report.order_id == order_id)


def _may_be_replaced(report: LegReport) -> bool:
    status = status_of(report)
    return not report.filled and (is_live(status) or status is Status.CANCELED)


def _took_before(leg: LegState | None, at_ms: int) -> bool:
    """Whether this leg had filled in part by that exchange time."""
    told = chain(leg.seen, leg.checks) if leg else ()
    return any(seen.report.filled and seen.report.update_ms <= at_ms for seen in told)
