"""The story of a strategy, told from its facts: one item per thing that happened, in local order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from otoco_desktop.domain.events import (
    Acknowledged,
    LegReport,
    Looked,
    NotSent,
    Outcome,
    Refused,
    ReportSource,
    Unknown,
)
from otoco_desktop.domain.legs import Status, is_live, is_terminal, status_of
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
    items = [*_sending(strategy), *_looks(strategy.looks), *_cancels(strategy), *_decision(strategy)]
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


def _cancel_words(outcome: Outcome) -> tuple[str, str]:
    """An accepted request is no news: only an event settles a cancel."""
    match outcome:
        case Refused(code=code, reason=reason):
            return "Cancel refused", f"{opening(reason)} (code {code}). Every leg stays live."
        case NotSent(reason=reason):
            return "Cancel not sent", opening(reason)
        case Unknown(reason=reason):
            return "Cancel not confirmed", f"{opening(reason)}. Every leg counts as live."
        case _:
            return "", ""


def _decision(strategy: Strategy) -> Iterator[TimelineItem]:
    if strategy.decided is not None:
        at_ms = strategy.decided.at_ms
        yield TimelineItem(TimelineKind.DECIDED, "Resolved: not placed", strategy.decided.words, at_ms)


def _leg(strategy: Strategy, leg: LegState) -> Iterator[TimelineItem]:
    plan, name = strategy.intent.order.leg(leg.role), leg.role.capitalize()
    active = _first_active(strategy, leg)
    if active is not None:
        yield _item(strategy, active, _ACTIVE[leg.role], f"{name} active", _instruction(plan))
    for earlier, seen in zip((None, *leg.seen), leg.seen, strict=False):
        yield from _step(strategy, leg, earlier, seen)


def _step(strategy: Strategy, leg: LegState, earlier: SeenReport | None, seen: SeenReport) -> Iterator[TimelineItem]:
    """What a report says that the one before it did not."""
    name, report, status = leg.role.capitalize(), seen.report, status_of(seen.report)
    before = earlier.report if earlier else None
    if leg.role in EXITS and is_live(status) and _converted(report) and not (before and _converted(before)):
        detail = f"Mark reached {_trigger_text(strategy.intent.order.leg(leg.role))}"
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
    for other in EXITS:
        state = strategy.legs.get(other)
        if other is not role and role in EXITS and state and state.latest and state.latest.filled:
            return f"By the exchange, because the {other} filled"
    if report.reason:
        return f"By the exchange: {reason_words(report.reason)}"
    return "By you" if was_cancelled_here(strategy) else "By the exchange"


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
