"""The story of a strategy, told from its facts: one item per thing that happened, in local order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain

from otoco_desktop.domain.events import (
    Acknowledged,
    ExitAsked,
    LegReport,
    Looked,
    MoveAsked,
    NotSent,
    Outcome,
    Refused,
    ReportSource,
    Unknown,
)
from otoco_desktop.domain.exits import ExitRequest, disproof, exit_requests, moves, removed_here, told_leg
from otoco_desktop.domain.legs import Status, chapters, is_live, is_terminal, status_of
from otoco_desktop.domain.money import grouped, money_places
from otoco_desktop.domain.order import EXITS, Leg, LegRole, Side
from otoco_desktop.domain.phases import proof_of_exit, was_cancelled_here
from otoco_desktop.domain.reasons import opening, reason_words
from otoco_desktop.domain.result import coins
from otoco_desktop.domain.strategy import LegState, SeenReport, Strategy


class TimelineKind(StrEnum):
    """What happened; the icon follows from it."""

    SAVED = "saved"
    SENT = "sent"
    ACCEPTED = "accepted"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"
    CHECKED = "checked"
    ENTRY_ACTIVE = "entry_active"
    STOP_ACTIVE = "stop_active"
    TARGET_ACTIVE = "target_active"
    TRIGGERED = "triggered"
    PARTLY_FILLED = "partly_filled"
    FILLED = "filled"
    CANCEL_ASKED = "cancel_asked"
    MOVE_ASKED = "move_asked"
    MOVED = "moved"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    EXPIRED = "expired"
    UNRECOGNISED = "unrecognised"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One line of the story. ``delay_ms`` is local minus exchange time, corrected by the measured clock offset."""

    kind: TimelineKind
    title: str
    detail: str
    at_ms: int
    exchange_ms: int | None = None
    delay_ms: int | None = None
    found_by_check: bool = False


WAYS = {"rest": "REST", "websocket": "websocket"}
"""What a recorded transport is called."""

_ACTIVE = {
    LegRole.ENTRY: TimelineKind.ENTRY_ACTIVE,
    LegRole.STOP: TimelineKind.STOP_ACTIVE,
    LegRole.TARGET: TimelineKind.TARGET_ACTIVE,
}
_ENDS = {
    Status.FILLED: (TimelineKind.FILLED, "filled"),
    Status.CANCELED: (TimelineKind.CANCELLED, "cancelled"),
    Status.REJECTED: (TimelineKind.REJECTED, "rejected"),
    Status.EXPIRED: (TimelineKind.EXPIRED, "expired"),
}


def timeline(strategy: Strategy) -> tuple[TimelineItem, ...]:
    """Every item, oldest first; of items learnt at one moment the exchange's own time decides."""
    items = [*_sending(strategy), *_looks(strategy.looks), *_cancels(strategy), *_exits(strategy), *_decision(strategy)]
    for role in LegRole:
        if role in strategy.legs:
            items += _leg(strategy, strategy.legs[role])
    return tuple(sorted(items, key=lambda item: (item.at_ms, item.exchange_ms or 0)))


def _sending(strategy: Strategy) -> Iterator[TimelineItem]:
    intent, outcome = strategy.intent, strategy.outcome
    at_ms = strategy.answered_ms or intent.at_ms
    typed = f". You typed: {intent.override}" if intent.override else ""
    yield TimelineItem(TimelineKind.SAVED, "Saved", f"Plan written to disk before sending{typed}", intent.at_ms)
    if isinstance(outcome, NotSent):
        yield TimelineItem(TimelineKind.NOT_SENT, "Not sent", opening(outcome.reason), at_ms)
        return
    if outcome is None and not strategy.legs:
        return
    words = f"Request {intent.stamp.request_id}, 3 legs, over {WAYS.get(intent.transport, intent.transport)}"
    yield TimelineItem(TimelineKind.SENT, "Sent", words, intent.at_ms)
    match outcome:
        case Acknowledged():
            warned = f". The reply warned: {outcome.warning}" if outcome.warning else ""
            yield TimelineItem(TimelineKind.ACCEPTED, "Accepted", f"list_id {outcome.list_id}{warned}", at_ms)
        case Refused():
            detail = f"{opening(outcome.reason or reason_words(outcome.code))} (code {outcome.code})"
            yield TimelineItem(TimelineKind.REJECTED, "Rejected", detail, at_ms)
        case Unknown():
            yield TimelineItem(TimelineKind.UNKNOWN, "Marked unknown", opening(outcome.reason), at_ms)


def _looks(looks: tuple[Looked, ...]) -> Iterator[TimelineItem]:
    for number, look in enumerate(looks, 1):
        answered = sum(answer.answered for answer in look.answers)
        found = any(answer.found for answer in look.answers)
        verdict = "our order ids are there." if found else "none knows our order ids. That is not proof yet."
        if look.missing:
            verdict = f"{' and '.join(look.missing)} not among what they list."
        detail = f"Round {number}: {answered} of {len(look.answers)} sources answered, {verdict}"
        yield TimelineItem(TimelineKind.CHECKED, "Checked with the exchange", detail, look.at_ms)


def _cancels(strategy: Strategy) -> Iterator[TimelineItem]:
    for asked in strategy.cancel_asked:
        yield TimelineItem(TimelineKind.CANCEL_ASKED, "Cancel requested", f"list_id {asked.list_id}", asked.at_ms)
    for answer in strategy.cancel_answered:
        title, detail = _cancel_words(answer.outcome)
        if title:
            yield TimelineItem(TimelineKind.UNKNOWN, title, detail, answer.at_ms)


def _exits(strategy: Strategy) -> Iterator[TimelineItem]:
    """What was asked about single exits, and what became of asking."""
    for role in EXITS:
        for request in exit_requests(strategy, role):
            yield _request(strategy, request.asked)
            yield from _not_done(strategy, request)
    asked = {item.stamp.request_id: item for item in strategy.exit_asked}
    for answer in strategy.exit_answered:
        item = asked.get(answer.request_id)
        name = "Move" if isinstance(item, MoveAsked) else "Removal"
        title, detail = _answer_words(answer.outcome, name, f"The {answer.role} stays as it is")
        if title:
            yield TimelineItem(TimelineKind.UNKNOWN, title, detail, answer.at_ms)


def _request(strategy: Strategy, asked: ExitAsked) -> TimelineItem:
    name = asked.role.capitalize()
    if not isinstance(asked, MoveAsked):
        title, detail = f"{name} removal requested", f"order_id {asked.order_id}"
        return TimelineItem(TimelineKind.CANCEL_ASKED, title, detail, asked.at_ms)
    leg = replace(strategy.intent.order.leg(asked.role), trigger=asked.trigger, price=asked.price)
    detail = f"{_instruction(leg)}, order_id {asked.order_id}"
    return TimelineItem(TimelineKind.MOVE_ASKED, f"{name} move requested", detail, asked.at_ms)


def _not_done(strategy: Strategy, request: ExitRequest) -> Iterator[TimelineItem]:
    """A request that nothing came of, once that is known; of several moves only the newest was waited for."""
    found, asked = disproof(strategy, request), request.asked
    if found is None or (isinstance(asked, MoveAsked) and asked is not moves(strategy, asked.role)[-1]):
        return
    name = "moved" if isinstance(asked, MoveAsked) else "removed"
    stands = _instruction(told_leg(strategy, asked.role, found.report))
    detail = f"The request has expired, and the exchange still lists it: {stands}"
    yield _item(strategy, found, TimelineKind.CHECKED, f"{asked.role.capitalize()} was not {name}", detail)


def _cancel_words(outcome: Outcome) -> tuple[str, str]:
    return _answer_words(outcome, "Cancel", "Every leg stays live", "Every leg counts as live")


def _answer_words(outcome: Outcome, name: str, stays: str, counts: str = "") -> tuple[str, str]:
    """An accepted request is no news: only an event settles it."""
    match outcome:
        case Refused(code=code, reason=reason):
            return f"{name} refused", f"{opening(reason)} (code {code}). {stays}."
        case NotSent(reason=reason):
            return f"{name} not sent", opening(reason)
        case Unknown(reason=reason):
            return f"{name} not confirmed", f"{opening(reason)}. {counts or stays + ' until it is reported otherwise'}."
        case _:
            return "", ""


def _decision(strategy: Strategy) -> Iterator[TimelineItem]:
    if strategy.decided is not None:
        at_ms = strategy.decided.at_ms
        yield TimelineItem(TimelineKind.DECIDED, "Resolved: not placed", strategy.decided.words, at_ms)


def _leg(strategy: Strategy, leg: LegState) -> Iterator[TimelineItem]:
    name = leg.role.capitalize()
    active = _first_active(strategy, leg)
    if active is not None:
        plan = told_leg(strategy, leg.role, active.report)
        yield _item(strategy, active, _ACTIVE[leg.role], f"{name} active", _instruction(plan))
    for chapter in chapters(leg):
        if chapter[0].report.order_id not in leg.replaced:
            for earlier, seen in zip((None, *chapter), chapter, strict=False):
                yield from _step(strategy, leg, earlier, seen)
    yield from _moved(strategy, leg)


def _moved(strategy: Strategy, leg: LegState) -> Iterator[TimelineItem]:
    """Where the exchange first reported other prices than before of an exit that was to be moved, order by order."""
    before, order_id = strategy.intent.order.leg(leg.role), ""
    told = chain.from_iterable(chapters(leg)) if moves(strategy, leg.role) else ()
    for seen in (item for item in told if item.report.trigger is not None):
        now = told_leg(strategy, leg.role, seen.report)
        if (now.trigger, now.price) != (before.trigger, before.price):
            renamed = f", now order_id {seen.report.order_id}" if order_id not in ("", seen.report.order_id) else ""
            title = f"{leg.role.capitalize()} moved"
            yield _item(strategy, seen, TimelineKind.MOVED, title, f"{_instruction(now)}{renamed}")
        before, order_id = now, seen.report.order_id


def _step(strategy: Strategy, leg: LegState, earlier: SeenReport | None, seen: SeenReport) -> Iterator[TimelineItem]:
    """What a report says that the one before it did not."""
    name, report, status = leg.role.capitalize(), seen.report, status_of(seen.report)
    before = earlier.report if earlier else None
    if leg.role in EXITS and is_live(status) and _converted(report) and not (before and _converted(before)):
        detail = f"Mark reached {_trigger_text(told_leg(strategy, leg.role, report))}"
        yield _item(strategy, seen, TimelineKind.TRIGGERED, f"{name} triggered", detail)
    if is_live(status) and report.filled > (before.filled if before else 0):
        detail = f"{grouped(report.filled)} of {grouped(report.quantity)}{_at(report)}"
        yield _item(strategy, seen, TimelineKind.PARTLY_FILLED, f"{name} partly filled", detail)
    if before and before.status == report.status:
        return
    if is_terminal(status) and status is not None:
        kind, ending = _ENDS[status]
        yield _item(strategy, seen, kind, f"{name} {ending}", _ending(strategy, leg, report))
    elif status is None:
        detail = f"The exchange says {report.status}"
        yield _item(strategy, seen, TimelineKind.UNRECOGNISED, f"{name} unrecognised", detail)


def _first_active(strategy: Strategy, leg: LegState) -> SeenReport | None:
    """When the entry reached the book, or an exit was shown to be armed: not before the entry had filled."""
    if leg.role is LegRole.ENTRY:
        return next((seen for seen in leg.seen if status_of(seen.report) is Status.ACTIVE), None)
    return proof_of_exit(strategy, leg.role)


def _ending(strategy: Strategy, leg: LegState, report: LegReport) -> str:
    status = status_of(report)
    if status is Status.FILLED:
        return f"{grouped(report.filled)}{_at(report)}{_fee(strategy, report)}"
    if status is Status.CANCELED:
        return _cancelled_because(strategy, leg.role, report)
    return opening(reason_words(report.reason)) if report.reason else "The exchange gave no reason"


def _cancelled_because(strategy: Strategy, role: LegRole, report: LegReport) -> str:
    for other in () if removed_here(strategy, role) else EXITS:
        state = strategy.legs.get(other)
        if other is not role and role in EXITS and state and state.latest and state.latest.filled:
            return f"By the exchange, because the {other} filled"
    if report.reason:
        return f"By the exchange: {reason_words(report.reason)}"
    return "By you" if was_cancelled_here(strategy) or removed_here(strategy, role) else "By the exchange"


def _instruction(plan: Leg) -> str:
    """``Sell at market if mark ≤ 90,552.00``: what the leg does, in words."""
    side = "Buy" if plan.side is Side.BUY else "Sell"
    if plan.trigger is None:
        return f"{side} {grouped(plan.quantity)} at {grouped(plan.reference_price)}"
    falls = (plan.role is LegRole.STOP) is (plan.side is Side.SELL)
    price = "market" if plan.price is None else grouped(plan.price)
    return f"{side} at {price} if mark {'≤' if falls else '≥'} {grouped(plan.trigger)}"


def _item(strategy: Strategy, seen: SeenReport, kind: TimelineKind, title: str, detail: str) -> TimelineItem:
    exchange_ms = seen.report.update_ms or None
    delay = None if exchange_ms is None else seen.at_ms + strategy.intent.stamp.offset_ms - exchange_ms
    by_check = seen.source is ReportSource.CHECK
    return TimelineItem(kind, title, detail, seen.at_ms, exchange_ms, delay, by_check)


def _converted(report: LegReport) -> bool:
    """Whether an exit has become an ordinary order."""
    return bool(report.exchange_order_id or report.filled)


def _trigger_text(plan: Leg) -> str:
    return "its trigger" if plan.trigger is None else grouped(plan.trigger)


def _at(report: LegReport) -> str:
    return f" at {grouped(report.average_price)}" if report.average_price else ""


def _fee(strategy: Strategy, report: LegReport) -> str:
    if not report.fee:
        return ""
    quote = coins(strategy.intent.order.instrument)[1]
    if report.fee_coin not in (quote, ""):
        return f", fee {grouped(report.fee)} {report.fee_coin}"
    return f", fee {grouped(report.fee, money_places(quote))} {quote}"
