"""Strategies as they follow from the journal, and the history of all of them, kept beside it.

The history's mark says how far into the journal it has read. It is brought up to date before it answers, so that a
commit of facts never waits for it; at a start only what changed since the mark is folded.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import msgspec

from otoco_desktop.domain.events import Intended
from otoco_desktop.domain.history import (
    HistoryOrder,
    HistoryPage,
    HistoryQuery,
    HistoryRow,
    Standing,
    StateGroup,
    is_kept_at_hand,
    row_of,
    sought_in,
)
from otoco_desktop.domain.lifecycle import fold
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.journal import history_schema, reading
from otoco_desktop.journal.codec import decode

NEVER = 2**62
"""When a live strategy was closed, for sorting."""

_BITS = {group: 1 << number for number, group in enumerate(StateGroup)}
_ORDERS = {
    HistoryOrder.CREATED: "created_ms",
    HistoryOrder.CLOSED: "closed_ms",
    HistoryOrder.INSTRUMENT: "instrument",
    HistoryOrder.TAG: "tag",
    HistoryOrder.R: "r_millionths",
}

logger = logging.getLogger(__name__)


class Ask(Protocol):
    """Puts a question to the journal, on the journal's own thread, and waits for its answer."""

    def __call__(self, question: Callable[..., Any], *about: object) -> Any: ...


class History:
    """Blocking; all of it runs on one thread that is not the journal's. ``is_open`` once it is brought up to date.

    Everything may raise ``JournalTrouble`` or ``sqlite3.Error``.
    """

    def __init__(self, path: Path, ask: Ask) -> None:
        self.is_open = False
        self._path = path
        self._ask = ask
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)

    @property
    def mark(self) -> int:
        """The number of the last fact it has read."""
        return int(self._connection.execute("SELECT sequence FROM mark").fetchone()[0])

    def open(self) -> None:
        """Open the file, or do without one where none can be kept, and read what is new."""
        self._connection.close()
        try:
            self._connection = history_schema.connect(self._path)
            self._begin()
        except (OSError, sqlite3.Error) as error:
            logger.warning("the history is kept in memory only: %s", error)
            self._connection.close()
            self._connection = history_schema.in_memory()
            self._begin()
        self.is_open = True

    def catch_up(self) -> None:
        """Take in what the journal was given since the mark."""
        last, mark = self._ask(reading.last), self.mark
        if last > mark:
            self._take(self._ask(reading.changed_since, mark), last)

    def standing(self, latest: int, since_ms: int) -> Standing:
        """All that is kept at hand, the latest, and what began since; folded."""
        asked = """
            SELECT strategy_id FROM strategies WHERE at_hand = 1
            UNION SELECT strategy_id FROM strategies WHERE created_ms >= ?
            UNION SELECT * FROM (SELECT strategy_id FROM strategies ORDER BY number DESC LIMIT ?)
        """
        found = self.strategies([row[0] for row in self._connection.execute(asked, (since_ms, latest))])
        oldest_first = sorted(found, key=lambda item: (item.intent.number, item.intent.at_ms))
        total, highest = self._connection.execute("SELECT count(*), max(number) FROM strategies").fetchone()
        return Standing(tuple(oldest_first), total, highest or 0)

    def strategies(self, strategy_ids: Sequence[str]) -> tuple[Strategy, ...]:
        """These, folded from their facts in the journal."""
        told: Mapping[str, Iterable[str]] = self._ask(reading.facts_of, strategy_ids)
        folded = (_folded(each, told[each]) for each in strategy_ids if each in told)
        return tuple(strategy for strategy in folded if strategy is not None)

    def owners(self, list_ids: Sequence[str]) -> dict[str, str]:
        """The strategy behind each list id that is ours."""
        self.catch_up()
        asked = "SELECT strategy_id FROM strategies WHERE list_id = ?"
        found = ((each, self._connection.execute(asked, (each,)).fetchone()) for each in list_ids if each)
        return {list_id: row[0] for list_id, row in found if row is not None}

    def page(self, query: HistoryQuery) -> HistoryPage:
        self.catch_up()
        where, about = _where(query)
        asked = f"SELECT groups, count(*) FROM strategies WHERE {where} GROUP BY groups"  # noqa: S608 - fixed texts
        masks = self._connection.execute(asked, about).fetchall()
        return HistoryPage(
            rows=self._rows(query, where, about),
            total=sum(count for mask, count in masks if mask & _mask(query)),
            everything=self._connection.execute("SELECT count(*) FROM strategies").fetchone()[0],
            counts={group: sum(count for mask, count in masks if mask & bit) for group, bit in _BITS.items()},
            instruments=tuple(row[0] for row in self._connection.execute(_INSTRUMENTS)),
        )

    def close(self) -> None:
        self.is_open = False
        self._connection.close()

    def _begin(self) -> None:
        """Read on from the mark; from the start where the file is another journal's, or misses a strategy."""
        sequence, check_sum = self._connection.execute("SELECT sequence, check_sum FROM mark").fetchone()
        if self._ask(reading.check_sum_at, sequence) != check_sum:
            self._read_all()
        self.catch_up() if self.mark else self._read_all()
        if self._count() != self._ask(reading.begun):
            self._read_all()

    def _count(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM strategies").fetchone()[0])

    def _read_all(self) -> None:
        """Make every row anew; interrupted, it begins anew at the next start."""
        last, after = self._ask(reading.last), ""
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("DELETE FROM strategies")
            self._connection.execute("UPDATE mark SET sequence = 0, check_sum = 0")
        while strategy_ids := self._ask(reading.begun_after, after):
            self._take(strategy_ids, 0)
            after = strategy_ids[-1]
        self._take((), last)

    def _take(self, strategy_ids: Sequence[str], last: int) -> None:
        """Fold these and write their rows together with the mark."""
        rows = [_columns(strategy) for strategy in self.strategies(strategy_ids)]
        check_sum = self._ask(reading.check_sum_at, last)
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(history_schema.INSERT, rows)
            self._connection.execute("UPDATE mark SET sequence = ?, check_sum = ?", (last, check_sum))

    def _rows(self, query: HistoryQuery, where: str, about: Sequence[object]) -> tuple[HistoryRow, ...]:
        direction = "DESC" if query.descending else "ASC"
        asked = (
            f"SELECT body FROM strategies WHERE {where} AND groups & ? "  # noqa: S608 - fixed texts
            f"ORDER BY {_ORDERS[query.order]} {direction}, number DESC LIMIT ? OFFSET ?"
        )
        found = self._connection.execute(asked, (*about, _mask(query), query.limit, query.offset))
        return tuple(msgspec.json.decode(body, type=HistoryRow) for (body,) in found)


_INSTRUMENTS = "SELECT DISTINCT instrument FROM strategies ORDER BY instrument"


def _mask(query: HistoryQuery) -> int:
    return sum(_BITS.values()) if query.group is None else _BITS[query.group]


def _where(query: HistoryQuery) -> tuple[str, list[object]]:
    """The condition but for the group, and what stands in it."""
    parts: dict[str, object] = {}
    if query.instrument:
        parts["instrument = ?"] = query.instrument
    if query.since_ms is not None:
        parts["closed_ms >= ?"] = query.since_ms
    if query.before_ms is not None:
        parts[f"(closed_ms < ? OR closed_ms = {NEVER})"] = query.before_ms
    words = ["instr(sought, ?) > 0"] * len(query.words)
    return " AND ".join(["1", *parts, *words]), [*parts.values(), *query.words]


def _folded(strategy_id: str, told: Iterable[str]) -> Strategy | None:
    facts = [decode(body) for body in told]
    intent = next((fact for fact in facts if isinstance(fact, Intended)), None)
    if intent is None:
        logger.error("%d facts of %s without its intent", len(facts), strategy_id)
        return None
    return fold(intent, facts)


def _columns(strategy: Strategy) -> tuple[object, ...]:
    row = row_of(strategy)
    columns = (
        row.strategy_id,
        row.number,
        row.list_id,
        int(is_kept_at_hand(strategy)),
        sum(_BITS[group] for group in row.groups),
        row.instrument,
        row.tag.casefold(),
        row.created_ms,
        NEVER if row.closed_ms is None else row.closed_ms,
        None if row.r is None else int(row.r.scaleb(6).to_integral_value()),
        sought_in(row),
        msgspec.json.encode(row).decode(),
    )
    return (*columns, history_schema.row_sum(*columns))
