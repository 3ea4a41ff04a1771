"""Order updates to facts: each goes to the strategy whose ids it carries; the rest is counted, never adopted."""

from __future__ import annotations

from collections.abc import Sequence

from otoco_desktop.app.kit import Kit
from otoco_desktop.domain.events import LegReport, LegReported, ReportSource

REMEMBERED = 1_000
"""How many ids of orders made elsewhere are kept, so as not to count them twice."""


class Follower:
    """Takes reports from the stream. After a subscription they wait until the snapshot has been applied."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._waiting: list[LegReport] | None = []
        self._foreign: dict[str, None] = {}
        self._foreign_count = 0

    @property
    def foreign(self) -> int:
        """How many orders or lists were seen that were not created here."""
        return self._foreign_count

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
        facts = []
        for report in reports:
            owner = self._kit.book.owner_of(report)
            if owner is None:
                self._count_foreign(report.list_id or report.order_id)
            else:
                facts.append(LegReported(owner.strategy_id, at_ms, source, report, asked_ms))
        self._kit.book.note(*facts)

    def _count_foreign(self, found: str) -> None:
        """One more, unless it is one of the last ``REMEMBERED``: of a busy account not every id is kept."""
        if found not in self._foreign:
            self._foreign_count += 1
        self._foreign.pop(found, None)
        self._foreign[found] = None
        if len(self._foreign) > REMEMBERED:
            del self._foreign[next(iter(self._foreign))]
