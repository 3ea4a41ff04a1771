"""One leg: the exchange's status words, the moves between them, and the join of everything reported.

The join is a union of reports, so order, repetition and splitting never matter; every answer is computed from
the joined reports. Status words: exchange docs, user.advanced.order.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from itertools import chain, pairwise
from typing import Any

from otoco_desktop.domain.events import LegReport, ReportSource
from otoco_desktop.domain.order import STOP_TYPES, TARGET_TYPES, LegRole, OrderType, OtocoOrder
from otoco_desktop.domain.strategy import Gist, LegState, SeenReport


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
_EXCHANGE_ID, _LIST_ID, _REASON = "exchange_order_id", "list_id", "reason"

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
    """The leg with one more report; the same leg when it says nothing new.

    Work does not grow with what was reported before, but for finding the place and copying the row of references.
    """
    if leg.gist is None:
        return union(leg.role, (*leg.seen, *leg.checks, seen))
    place, is_known = _place(leg.seen, seen, _order_seen, _text_of_report)
    seen = replace(seen, report=leg.seen[place].report if is_known else _sharing(seen.report, leg.gist.base))
    checks = _with_check(leg.checks, seen)
    if not is_known:
        told = (*leg.seen[:place], seen, *leg.seen[place:])
        around = [item.report for item in told[max(0, place - 1) : place + 2]]
        return _state(leg.role, told, checks, _grown(leg.gist, seen.report, around))
    if _arrival(seen) < _arrival(leg.seen[place]):
        return replace(leg, seen=(*leg.seen[:place], seen, *leg.seen[place + 1 :]), checks=checks)
    return leg if checks is leg.checks else replace(leg, checks=checks)


def knows(leg: LegState, seen: SeenReport) -> bool:
    """Whether the same was reported before, however it came."""
    return _place(leg.seen, seen, _order_seen, _text_of_report)[1]


def union(role: LegRole, reports: Iterable[SeenReport]) -> LegState:
    """A leg of which all this was reported, at least one report, in whatever order."""
    known: dict[str, SeenReport] = {}
    checks: dict[str, SeenReport] = {}
    for seen in reports:
        key = _text_of_report(seen)
        if seen.asked_ms is not None:
            checks[repr(seen)] = seen
        if key not in known or _arrival(seen) < _arrival(known[key]):
            known[key] = seen
    ordered = tuple(seen for _, seen in sorted(known.items(), key=lambda item: (*_order_seen(item[1]), item[0])))
    asked = tuple(seen for _, seen in sorted(checks.items(), key=lambda item: (item[1].at_ms, item[0])))
    return _state(role, ordered, asked, _gist([item.report for item in ordered]))


def replacing(leg: LegState, orders: frozenset[str]) -> LegState:
    """The leg as the orders amount to that stand in the place of these, which a move has replaced."""
    if not orders and not leg.replaced:
        return leg
    told = [seen.report for seen in leg.seen]
    kept = _gist([report for report in told if report.order_id not in orders])
    state = _state(leg.role, leg.seen, leg.checks, kept)
    return replace(state, gist=_gist(told), replaced=orders)


def last_told(leg: LegState) -> LegReport | None:
    """The newest report that states a trigger; of two at one moment of the exchange's time the one that came last."""
    told = [seen for seen in (*leg.seen, *leg.checks) if seen.report.trigger is not None]
    current = [seen for seen in told if seen.report.order_id not in leg.replaced]
    newest = max(current, key=lambda seen: (_order_seen(seen), seen.at_ms), default=None)
    return newest.report if newest else None


def chapters(leg: LegState) -> tuple[tuple[SeenReport, ...], ...]:
    """What was reported, order by order where a move has put one in the place of another, else as one."""
    kept = tuple(seen for seen in leg.seen if seen.report.order_id not in leg.replaced)
    ids = dict.fromkeys(seen.report.order_id for seen in leg.seen if seen.report.order_id in leg.replaced)
    return (*(tuple(seen for seen in leg.seen if seen.report.order_id == each) for each in ids), kept)


def anomalies(leg: LegState) -> Iterator[str]:
    """Sentences about reports that do not fit together; they are shown, and change nothing."""
    if leg.gist is not None and not leg.gist.is_odd:
        return
    for earlier, later in chain.from_iterable(pairwise(item.report for item in each) for each in chapters(leg)):
        before, after = status_of(earlier), status_of(later)
        if _is_no_move(before, after):
            yield f"{leg.role.capitalize()}: {before} was followed by {after}."
        elif _is_late_fill(earlier, later):
            yield f"{leg.role.capitalize()}: {later.filled:f} filled, reported after {before} at {earlier.filled:f}."
    for word in sorted({item.report.status for item in leg.seen if status_of(item.report) is None}):
        yield f"{leg.role.capitalize()}: the exchange used a status this program does not know: {word}."


def _sharing(report: LegReport, other: LegReport) -> LegReport:
    """The same report, made of the other's values where they are the same: of a leg most never change."""
    pairs = ((name, getattr(report, name), getattr(other, name)) for name in LegReport.__slots__)
    return replace(report, **{name: known for name, own, known in pairs if _is_same(own, known)})


def _is_same(one: object, other: object) -> bool:
    """To the letter: 1.0 is not 1.00."""
    if isinstance(one, Decimal):
        return isinstance(other, Decimal) and one.compare_total(other) == 0
    return type(one) is type(other) and one == other


def _is_no_move(before: Status | None, after: Status | None) -> bool:
    return before is not None and after is not None and after not in MOVES[before]


def _is_late_fill(earlier: LegReport, later: LegReport) -> bool:
    return is_terminal(status_of(earlier)) and later.filled > earlier.filled


def _place(
    items: Sequence[SeenReport],
    item: SeenReport,
    order: Callable[[SeenReport], Any],
    text: Callable[[SeenReport], str],
) -> tuple[int, bool]:
    """Where it stands among these, which are in order; whether it stands there already. Of equals the text decides."""
    place = bisect_left(items, order(item), key=order)
    while place < len(items) and order(items[place]) == order(item) and text(items[place]) < text(item):
        place += 1
    return place, place < len(items) and text(items[place]) == text(item)


def _with_check(checks: tuple[SeenReport, ...], seen: SeenReport) -> tuple[SeenReport, ...]:
    """The answers with this one, the same ones where it is no answer or known."""
    if seen.asked_ms is None:
        return checks
    place, is_known = _place(checks, seen, _arrived_ms, repr)
    return checks if is_known else (*checks[:place], seen, *checks[place:])


def _text_of_report(seen: SeenReport) -> str:
    return repr(seen.report)


def _order_seen(seen: SeenReport) -> tuple[int, int, Decimal, Decimal, Decimal]:
    return _order(seen.report)


def _arrived_ms(seen: SeenReport) -> int:
    return seen.at_ms


def _arrival(seen: SeenReport) -> tuple[int, bool, int]:
    """Earliest first; of two at once the stream's, which nobody had to ask for, then the later question's."""
    return (seen.at_ms, seen.source is not ReportSource.STREAM, -(seen.asked_ms or 0))


def _rank(report: LegReport) -> int:
    status = status_of(report)
    return _UNRECOGNISED_RANK if status is None else _RANK[status]


def _order(report: LegReport) -> tuple[int, int, Decimal, Decimal, Decimal]:
    """By the exchange's own time; of two at one moment the further one is the later one."""
    return (report.update_ms, _rank(report), report.filled, report.filled_value, report.fee)


def _state(role: LegRole, ordered: tuple[SeenReport, ...], checks: tuple[SeenReport, ...], gist: Gist) -> LegState:
    conflict = " and ".join(sorted(gist.ends)) if len(gist.ends) > 1 else ""
    return LegState(role, _latest(gist), ordered, conflict, checks, gist)


def _gist(ordered: Sequence[LegReport]) -> Gist:
    first = ordered[0]
    gist = _grown(Gist(first, first), first, ordered[:1])
    for earlier, later in pairwise(ordered):
        gist = _grown(gist, later, (earlier, later))
    return gist


def _grown(gist: Gist, report: LegReport, around: Sequence[LegReport]) -> Gist:
    """With one more report, which stands among these neighbours."""
    status = status_of(report)
    ended = {status.value} if status is not None and is_terminal(status) else set()
    return Gist(
        base=report if _leads(report, gist.base) else gist.base,
        most=report if _is_more(report, gist.most) else gist.most,
        newest=_newest(gist.newest, report),
        ends=gist.ends | ended,
        is_odd=gist.is_odd or status is None or any(_is_odd(*pair) for pair in pairwise(around)),
    )


def _leads(report: LegReport, base: LegReport) -> bool:
    """A terminal word absorbs, otherwise the newest wins."""
    mine, its = _weight(report), _weight(base)
    return mine > its or (mine == its and _is_later(report, base))


def _weight(report: LegReport) -> int:
    return _rank(report) if is_terminal(status_of(report)) else -1


def _is_more(report: LegReport, most: LegReport) -> bool:
    """Amounts are the largest ever reported, as they were reported first."""
    mine, its = _amounts(report), _amounts(most)
    return mine > its or (mine == its and _is_later(most, report))


def _amounts(report: LegReport) -> tuple[Decimal, Decimal, Decimal]:
    return (report.filled, report.filled_value, report.fee)


def _is_later(report: LegReport, other: LegReport) -> bool:
    mine, its = _order(report), _order(other)
    return mine > its or (mine == its and repr(report) > repr(other))


def _is_odd(earlier: LegReport, later: LegReport) -> bool:
    return _is_no_move(status_of(earlier), status_of(later)) or _is_late_fill(earlier, later)


def _newest(known: Mapping[tuple[str, str], LegReport], report: LegReport) -> Mapping[tuple[str, str], LegReport]:
    """The latest report that carries each text; a reason belongs to its status."""
    texts = {(_EXCHANGE_ID, ""): report.exchange_order_id, (_LIST_ID, ""): report.list_id}
    texts[_REASON, report.status] = report.reason
    told = [key for key, text in texts.items() if text]
    news = {key: report for key in told if key not in known or _is_later(report, known[key])}
    return {**known, **news} if news else known


def _latest(gist: Gist) -> LegReport:
    base, most = gist.base, gist.most
    return replace(
        base,
        filled=most.filled,
        filled_value=most.filled_value,
        average_price=most.average_price,
        fee=most.fee,
        fee_coin=most.fee_coin or base.fee_coin,
        exchange_order_id=_text(gist, _EXCHANGE_ID),
        list_id=base.list_id or _text(gist, _LIST_ID),
        reason=base.reason or _text(gist, _REASON, base.status),
    )


def _text(gist: Gist, name: str, status: str = "") -> str:
    report = gist.newest.get((name, status))
    return "" if report is None else str(getattr(report, name))
