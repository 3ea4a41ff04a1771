"""What the page knows of the history: what is at hand at once, everything else as it is read, page by page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from otoco_desktop.domain.history import HistoryPage, HistoryQuery
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.ui.history.record import Record, record_of, record_of_row

A_TIME = 200
"""As many rows are asked for at a time: wording them takes less than a frame."""


class HistoryPort(Protocol):
    """The part of the desk that knows every strategy."""

    async def history(self, query: HistoryQuery) -> HistoryPage: ...

    async def strategy(self, strategy_id: str) -> Strategy: ...


class Ledger:
    """Every record known so far. A strategy at hand is newer than what was read of it."""

    def __init__(self) -> None:
        self._records: dict[str, Record] = {}
        self._hand: dict[str, Strategy] = {}
        self._everything = 0
        self._offset = 0
        self.is_complete = False

    @property
    def total(self) -> int:
        """How many strategies there are, read or not."""
        return max(self._everything, len(self._records))

    def records(self) -> Iterable[Record]:
        """In no particular order."""
        return self._records.values()

    def __len__(self) -> int:
        return len(self._records)

    def record(self, strategy_id: str) -> Record:
        """Raises ``KeyError``."""
        return self._records[strategy_id]

    def at_hand(self, strategy_id: str) -> Strategy | None:
        """The whole strategy, if it need not be read."""
        return self._hand.get(strategy_id)

    def take_strategies(self, strategies: Iterable[Strategy]) -> bool:
        """Take what is at hand; whether any of it is new or different."""
        changed = False
        for strategy in strategies:
            if self._hand.get(strategy.strategy_id) is not strategy:
                self._hand[strategy.strategy_id] = strategy
                self._records[strategy.strategy_id] = record_of(strategy)
                changed = True
        return changed

    @property
    def next_query(self) -> HistoryQuery:
        """What to read next; newest first, so that what is new meanwhile makes nothing be missed."""
        return HistoryQuery(offset=self._offset, limit=A_TIME)

    def take_page(self, page: HistoryPage) -> bool:
        """Take the answer to ``next_query``; whether everything is known now."""
        for row in page.rows:
            if row.strategy_id not in self._hand:
                self._records[row.strategy_id] = record_of_row(row)
        self._everything = page.everything
        self._offset += len(page.rows)
        self.is_complete = not page.rows or self._offset >= page.everything
        return self.is_complete
