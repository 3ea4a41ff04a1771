"""The page's mind: which records there are, what is asked for, in which order; each change gives one finished state."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo
from decimal import Decimal

from otoco_desktop.ui.history import state
from otoco_desktop.ui.history.figures import closed_trades, performance
from otoco_desktop.ui.history.filters import Filter, Period, Selection, matcher, select
from otoco_desktop.ui.history.order import Order, ordered
from otoco_desktop.ui.history.record import Group, Record
from otoco_desktop.ui.history.rows import Column
from otoco_desktop.ui.history.source import Ledger
from otoco_desktop.ui.history.state import HistoryState, StripState


class HistoryPresenter:
    """Asks the ledger, never the screen. ``zone`` counts the trader's days; ``None`` is this computer's."""

    def __init__(self, ledger: Ledger, now_ms: Callable[[], int], zone: tzinfo | None) -> None:
        self.ledger = ledger
        self._now_ms = now_ms
        self.zone = zone
        self.order = Order()
        self.wanted = Filter()
        self.marks: dict[str, Decimal] = {}
        self._ordered: tuple[Record, ...] = ()
        self._by_id: dict[str, Record] = {}
        self._traded: list[Record] = []
        self._instruments: tuple[str, ...] = ()
        self._first_ms: int | None = None
        self._selection = Selection((), dict.fromkeys(Group, 0), frozenset())

    def take(self, *, held: bool = False) -> HistoryState:
        """Read the ledger again. While ``held`` nothing changes its place, and what is new goes on top."""
        records = {record.strategy_id: record for record in self.ledger.records()}
        if held and self._ordered:
            new = [record for strategy_id, record in records.items() if strategy_id not in self._by_id]
            new.sort(key=lambda record: record.number, reverse=True)
            stay = [records[record.strategy_id] for record in self._ordered if record.strategy_id in records]
            self._ordered = (*new, *stay)
        else:
            self._ordered = ordered(records.values(), self.order, self.marks)
        self._by_id = records
        self._traded = closed_trades(records.values())
        self._instruments = state.instrument_names(records.values())
        self._first_ms = min((record.sent_ms for record in records.values()), default=None)
        return self._select()

    def take_news(self, record: Record) -> HistoryState:
        """One record is new or different: it keeps its place, or stands on top, until everything is taken again."""
        known = self._by_id.get(record.strategy_id)
        self._by_id[record.strategy_id] = record
        if known is None:
            self._ordered = (record, *self._ordered)
        else:
            at = self._ordered.index(known)
            self._ordered = (*self._ordered[:at], record, *self._ordered[at + 1 :])
        return self._select()

    def take_marks(self, marks: Mapping[str, Decimal]) -> None:
        """Mark prices of this moment by instrument; results of open strategies follow."""
        self.marks = dict(marks)

    def search(self, text: str) -> HistoryState:
        return self._want(replace(self.wanted, search=text))

    def choose_group(self, group: Group) -> HistoryState:
        return self._want(replace(self.wanted, group=group))

    def choose_instrument(self, instrument: str) -> HistoryState:
        """An empty name is every instrument."""
        return self._want(replace(self.wanted, instrument=instrument))

    def choose_period(self, period: Period) -> HistoryState:
        return self._want(replace(self.wanted, period=period))

    def clear_filters(self) -> HistoryState:
        return self._want(Filter())

    def press_header(self, column: Column) -> HistoryState:
        """Sort by this column, or the other way round."""
        return self.sort(self.order.pressed(column))

    def sort(self, order: Order) -> HistoryState:
        self.order = order
        self._ordered = ordered(self._by_id.values(), self.order, self.marks)
        return self._select()

    def find(self, strategy_id: str) -> Record | None:
        return self._by_id.get(strategy_id)

    def strip(self) -> StripState:
        """The statistics of what is listed."""
        listed = self._selection.records
        if len(listed) == len(self._by_id):
            return state.strip(performance(self._traded), self.zone)
        chosen = {record.strategy_id for record in listed}
        trades = [record for record in self._traded if record.strategy_id in chosen]
        return state.strip(performance(trades), self.zone)

    @property
    def listed(self) -> Sequence[Record]:
        return self._selection.records

    def _want(self, wanted: Filter) -> HistoryState:
        self.wanted = wanted
        return self._select()

    def _select(self) -> HistoryState:
        now_ms, wanted = self._now_ms(), self.wanted
        self._selection = found = select(self._ordered, wanted.group, matcher(wanted, now_ms, self.zone))
        quotes = {record.quote for record in found.records}
        total = self.ledger.total
        return HistoryState(
            listed=found.records,
            kept=found.kept,
            counts=state.count_words(found.counts),
            instruments=self._instruments,
            period_words=state.period_words(wanted.period, self._first_ms, now_ms, self.zone),
            with_coin=len(quotes) > 1,
            result_header=f"{Column.RESULT} {next(iter(quotes))}" if len(quotes) == 1 else str(Column.RESULT),
            empty="" if found.records else state.empty_words(wanted, total),
            offers_new_plan=not total,
            offers_clear=not wanted.is_empty,
            order=self.order,
            wanted=wanted,
        )
