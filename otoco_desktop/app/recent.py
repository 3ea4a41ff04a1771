"""What was sent a short while ago, as the rules look at it: for duplicates, and for outcomes that are not known."""

from __future__ import annotations

from dataclasses import replace

from otoco_desktop.app.book import StrategyBook
from otoco_desktop.domain.reconcile import is_unresolved
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.domain.verdict import RecentPlan

RECENT_MS = 3_600_000
SECOND_MS = 1_000


class RecentPlans:
    """The plans of the last hour and those still open. Each is read once for as long as its strategy is the same."""

    def __init__(self, book: StrategyBook) -> None:
        self._book = book
        self._last_asked: tuple[int, tuple[Strategy, ...]] = (-1, ())
        self._last: tuple[RecentPlan, ...] = ()
        self._read: dict[str, tuple[Strategy, RecentPlan]] = {}

    def without(self, strategy_id: str, now_ms: int) -> tuple[RecentPlan, ...]:
        """Newest first, as if this strategy had not been recorded; ages in ms, to the second, of the wall clock."""
        kept = tuple(item for item in self._book.since(now_ms - RECENT_MS) if item.strategy_id != strategy_id)
        second = now_ms // SECOND_MS
        if (second, kept) != self._last_asked:
            self._last_asked = (second, kept)
            self._last = tuple(self._plan(item, now_ms) for item in kept)
            self._read = {item.strategy_id: self._read[item.strategy_id] for item in kept}
        return self._last

    def _plan(self, strategy: Strategy, now_ms: int) -> RecentPlan:
        known = self._read.get(strategy.strategy_id)
        if known is None or known[0] is not strategy:
            known = (strategy, _plan_of(strategy))
            self._read[strategy.strategy_id] = known
        return replace(known[1], age_ms=max(0, now_ms - strategy.intent.at_ms))


def _plan_of(strategy: Strategy) -> RecentPlan:
    order = strategy.intent.order
    return RecentPlan(
        label=strategy.label,
        instrument=order.instrument,
        side=order.side,
        quantity=order.quantity,
        entry=order.entry.reference_price,
        stop=order.stop.trigger or order.stop.reference_price,
        target=order.target.trigger or order.target.reference_price,
        age_ms=0,
        unresolved=is_unresolved(strategy),
    )
