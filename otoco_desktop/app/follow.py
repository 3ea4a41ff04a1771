"""Order updates to facts: each goes to the strategy whose ids it carries; the rest is counted, never adopted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from otoco_desktop.app.kit import Kit
from otoco_desktop.domain.errors import JournalTrouble
from otoco_desktop.domain.events import LegReport, LegReported, ReportSource

REMEMBERED = 1_000
"""How many ids of orders made elsewhere are kept, so as not to count them twice."""

MOST_HELD = 5_000
"""So many reports may wait for a snapshot or the journal before the order channel is asked to wait."""

RETRY_S = 2.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Arrived:
    """A report whose strategy is not known yet, and how it came."""

    report: LegReport
    at_ms: int
    source: ReportSource
    asked_ms: int | None

    def fact(self, strategy_id: str) -> LegReported:
        return LegReported(strategy_id, self.at_ms, self.source, self.report, self.asked_ms)


class Follower:
    """Takes reports from the stream. After a subscription they wait until the snapshot has been applied."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._waiting: list[LegReport] | None = []
        self._foreign: dict[str, None] = {}
        self._foreign_count = 0
        self._unsorted: list[_Arrived] = []
        self._sorter: asyncio.Task[None] | None = None
        self.on_foreign: Callable[[], None] = lambda: None

    @property
    def foreign(self) -> int:
        """How many orders or lists were seen that were not created here."""
        return self._foreign_count

    @property
    def has_room(self) -> bool:
        """Whether few enough reports wait to be applied."""
        return len(self._waiting or ()) + len(self._unsorted) < MOST_HELD

    def take(self, reports: Sequence[LegReport]) -> None:
        """Reports of the order channel, in order."""
        if self._waiting is not None:
            self._waiting += reports
        else:
            self.apply(reports, ReportSource.STREAM)

    def hold(self) -> None:
        """The stream begins anew, and a snapshot is asked for: what the stream brings waits for it."""
        if self._waiting is None:
            self._waiting = []

    def release(self) -> None:
        """The snapshot is applied, or could not be had: apply what waited, and everything from now on at once."""
        waiting, self._waiting = self._waiting, None
        if waiting:
            self.apply(waiting, ReportSource.STREAM)

    def apply(self, reports: Sequence[LegReport], source: ReportSource, asked_ms: int | None = None) -> None:
        """Fold the reports that are ours; ``asked_ms`` is when they were asked for."""
        at_ms = self._kit.clock.wall_ms()
        facts, others = [], []
        for report in reports:
            owner = self._kit.book.owner_of(report)
            if owner is None:
                others.append(_Arrived(report, at_ms, source, asked_ms))
            else:
                facts.append(LegReported(owner.strategy_id, at_ms, source, report, asked_ms))
        self._kit.book.note(*facts)
        self._sort_out(others)

    def _sort_out(self, others: Sequence[_Arrived]) -> None:
        """Count what is not ours. What may be of a strategy that is not at hand is looked up in the journal first."""
        for arrived in others:
            if self._kit.book.is_whole or _key(arrived.report) in self._foreign:
                self._count_foreign(_key(arrived.report))
            else:
                self._unsorted.append(arrived)
        if self._unsorted and (self._sorter is None or self._sorter.done()):
            self._sorter = self._kit.tasks.spawn(self._look_up(), "looking up orders in the journal")

    async def _look_up(self) -> None:
        """Until nothing is unsorted; while the journal cannot be read, nothing is counted as made elsewhere."""
        book, before = self._kit.book, self._foreign_count
        while self._unsorted:
            batch = tuple(self._unsorted)
            try:
                await book.recall_owners([arrived.report for arrived in batch])
            except JournalTrouble as trouble:
                logger.warning("orders not looked up: %s", trouble)
                await self._kit.sleep(RETRY_S)
                continue
            del self._unsorted[: len(batch)]
            self._settle(batch)
        if self._foreign_count != before:
            self.on_foreign()

    def _settle(self, batch: Sequence[_Arrived]) -> None:
        """Every strategy of ours that these are about is at hand now."""
        for arrived in batch:
            owner = self._kit.book.owner_of(arrived.report)
            if owner is None:
                self._count_foreign(_key(arrived.report))
            else:
                self._kit.book.note(arrived.fact(owner.strategy_id))

    def _count_foreign(self, found: str) -> None:
        """One more, unless it is one of the last ``REMEMBERED``: of a busy account not every id is kept."""
        if found not in self._foreign:
            self._foreign_count += 1
        self._foreign.pop(found, None)
        self._foreign[found] = None
        if len(self._foreign) > REMEMBERED:
            del self._foreign[next(iter(self._foreign))]


def _key(report: LegReport) -> str:
    return report.list_id or report.order_id
