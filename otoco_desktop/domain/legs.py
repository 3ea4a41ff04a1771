"""One leg: the exchange's status words, the moves between them, and the join of everything reported.

The join is a union of reports, so order, repetition and splitting never matter; every answer is computed from
the joined reports. Status words: exchange docs, user.advanced.order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from otoco_desktop.domain.events import LegReport, ReportSource
from otoco_desktop.domain.order import STOP_TYPES, TARGET_TYPES, LegRole, OrderType, OtocoOrder
from otoco_desktop.domain.strategy import LegState, SeenReport


class Status(StrEnum):
    """The status words the exchange documents."""

    PENDING = "PENDING"
    NEW = "NEW"
    ACTIVE = "ACTIVE"
    FILLED = "FILLED"
    CANCELED = "CANCELED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"


_WORDS = {status.value: status for status in Status}
_LIVE = frozenset({Status.PENDING, Status.NEW, Status.ACTIVE})
_DEAD = frozenset({Status.CANCELED, Status.REJECTED, Status.EXPIRED})
_TERMINAL = _DEAD | {Status.FILLED}

MOVES: dict[Status, frozenset[Status]] = {
    Status.PENDING: _LIVE | _TERMINAL,
    Status.NEW: (_LIVE - {Status.PENDING}) | _TERMINAL,
    Status.ACTIVE: frozenset({Status.ACTIVE}) | _TERMINAL,
    Status.FILLED: frozenset({Status.FILLED}),
    Status.CANCELED: frozenset({Status.CANCELED}),
    Status.REJECTED: frozenset({Status.REJECTED}),
    Status.EXPIRED: frozenset({Status.EXPIRED}),
}
"""What may follow what, in the exchange's own time; anything else is shown as an anomaly."""

_RANK = {
    Status.PENDING: 0,
    Status.NEW: 1,
    Status.ACTIVE: 2,
    Status.EXPIRED: 4,
    Status.REJECTED: 5,
    Status.CANCELED: 6,
    Status.FILLED: 7,
}
_UNRECOGNISED_RANK = 3

_ROLES: dict[str, LegRole] = {
    OrderType.LIMIT: LegRole.ENTRY,
    **dict.fromkeys(STOP_TYPES, LegRole.STOP),
    **dict.fromkeys(TARGET_TYPES, LegRole.TARGET),
}


def status_of(report: LegReport) -> Status | None:
    """The report's status as a known word, ``None`` where the exchange used another one."""
    return _WORDS.get(report.status)


def is_live(status: Status | None) -> bool:
    return status in _LIVE


def is_dead(status: Status | None) -> bool:
    """Ended without a complete fill."""
    return status in _DEAD


def is_terminal(status: Status | None) -> bool:
    return status in _TERMINAL


def role_of(order: OtocoOrder, report: LegReport) -> LegRole | None:
    """Which leg a report of this strategy is about: by order type, else by client order id.

    The type comes first because published samples show two legs with one ``order_id`` and one ``client_oid``
    (exchange docs, private/advanced/get-open-orders).
    """
    by_type = _ROLES.get(report.order_type)
    if by_type is not None:
        return by_type
    return next((leg.role for leg in order.legs if leg.client_oid == report.client_oid), None)


def belongs(order: OtocoOrder, list_id: str | None, report: LegReport) -> bool:
    """Whether a report carries one of our client order ids, or the list id we were given."""
    if any(leg.client_oid == report.client_oid for leg in order.legs):
        return True
    return bool(list_id) and report.list_id == list_id


def join(leg: LegState, seen: SeenReport) -> LegState:
    """The leg with one more report; the same leg when it says nothing new."""
    key = repr(seen.report)
    earlier = next((item for item in leg.seen if repr(item.report) == key), None)
    if earlier is not None and _arrival(earlier) <= _arrival(seen) and not _is_new_check(leg, seen):
        return leg
    return union(leg.role, (*leg.seen, *leg.checks, seen))


def _is_new_check(leg: LegState, seen: SeenReport) -> bool:
    return seen.asked_ms is not None and repr(seen) not in map(repr, leg.checks)


def union(role: LegRole, reports: Iterable[SeenReport]) -> LegState:
    """A leg of which all this was reported, at least one report, in whatever order."""
    known: dict[str, SeenReport] = {}
    checks: dict[str, SeenReport] = {}
    for seen in reports:
        key = repr(seen.report)
        if seen.asked_ms is not None:
            checks[repr(seen)] = seen
        if key not in known or _arrival(seen) < _arrival(known[key]):
            known[key] = seen
    ordered = tuple(seen for _, seen in sorted(known.items(), key=lambda item: (*_order(item[1].report), item[0])))
    asked = tuple(seen for _, seen in sorted(checks.items(), key=lambda item: (item[1].at_ms, item[0])))
    return LegState(role, _latest(ordered), ordered, _conflict(ordered), asked)


def anomalies(leg: LegState) -> Iterator[str]:
    """Sentences about reports that do not fit together; they are shown, and change nothing."""
    for earlier, later in pairwise(item.report for item in leg.seen):
        before, after = status_of(earlier), status_of(later)
        if before is not None and after is not None and after not in MOVES[before]:
            yield f"{leg.role.capitalize()}: {before} was followed by {after}."
        elif is_terminal(before) and later.filled > earlier.filled:
            yield f"{leg.role.capitalize()}: {later.filled:f} filled, reported after {before} at {earlier.filled:f}."
    for word in sorted({item.report.status for item in leg.seen if status_of(item.report) is None}):
        yield f"{leg.role.capitalize()}: the exchange used a status this program does not know: {word}."


def _arrival(seen: SeenReport) -> tuple[int, bool, int]:
    """Earliest first; of two at once the stream's, which nobody had to ask for, then the later question's."""
    return (seen.at_ms, seen.source is not ReportSource.STREAM, -(seen.asked_ms or 0))


def _rank(report: LegReport) -> int:
    status = status_of(report)
    return _UNRECOGNISED_RANK if status is None else _RANK[status]


def _order(report: LegReport) -> tuple[int, int, Decimal, Decimal, Decimal]:
    """By the exchange's own time; of two at one moment the further one is the later one."""
    return (report.update_ms, _rank(report), report.filled, report.filled_value, report.fee)


def _latest(ordered: Sequence[SeenReport]) -> LegReport:
    """A terminal word absorbs, otherwise the newest wins; amounts are the largest ever reported."""
    reports = [item.report for item in ordered]
    ended = [report for report in reports if is_terminal(status_of(report))]
    base = max(reversed(ended), key=_rank) if ended else reports[-1]
    most = max(reports, key=lambda report: (report.filled, report.filled_value, report.fee))
    return replace(
        base,
        filled=most.filled,
        filled_value=most.filled_value,
        average_price=most.average_price,
        fee=most.fee,
        fee_coin=most.fee_coin or base.fee_coin,
        exchange_order_id=_newest_text(reports, "exchange_order_id"),
        list_id=base.list_id or _newest_text(reports, "list_id"),
        reason=base.reason or _newest_text([item for item in reports if item.status == base.status], "reason"),
    )


def _newest_text(reports: Sequence[LegReport], name: str) -> str:
    return next((text for report in reversed(reports) if (text := str(getattr(report, name)))), "")


def _conflict(ordered: Sequence[SeenReport]) -> str:
    ends = sorted({status for item in ordered if is_terminal(status := status_of(item.report)) and status})
    return " and ".join(ends) if len(ends) > 1 else ""
