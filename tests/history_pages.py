"""Pages of strategies by plain search of them all: what any other way to a page must come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from otoco_desktop.domain.history import HistoryOrder, HistoryPage, HistoryQuery, HistoryRow, row_of, sought_in
from otoco_desktop.domain.strategy import Strategy

NEVER = 2**62
LOWEST = Decimal(-(10**12))


def page_of(strategies: Iterable[Strategy], query: HistoryQuery) -> HistoryPage:
    """The page of these strategies that the query asks for."""
    rows = [row_of(strategy) for strategy in strategies]
    found = [row for row in rows if _matches(row, query)]
    shown = [row for row in found if query.group is None or query.group in row.groups]
    shown.sort(key=lambda row: row.number, reverse=True)
    shown.sort(key=lambda row: _key(row, query.order), reverse=query.descending)
    return HistoryPage(
        rows=tuple(shown[query.offset : query.offset + query.limit]),
        total=len(shown),
        everything=len(rows),
        counts=Counter(group for row in found for group in row.groups),
        instruments=tuple(sorted({row.instrument for row in rows})),
    )


def _matches(row: HistoryRow, query: HistoryQuery) -> bool:
    ended = row.closed_ms
    late_enough = ended is None or query.since_ms is None or ended >= query.since_ms
    early_enough = ended is None or query.before_ms is None or ended < query.before_ms
    here = query.instrument in ("", row.instrument)
    return here and late_enough and early_enough and all(word in sought_in(row) for word in query.words)


def _key(row: HistoryRow, order: HistoryOrder) -> Any:
    match order:
        case HistoryOrder.CREATED:
            return row.created_ms
        case HistoryOrder.CLOSED:
            return NEVER if row.closed_ms is None else row.closed_ms
        case HistoryOrder.R:
            return LOWEST if row.r is None else row.r
        case HistoryOrder.INSTRUMENT:
            return row.instrument
        case HistoryOrder.TAG:
            return row.tag.casefold()
