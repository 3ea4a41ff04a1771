"""What the strategies that stand bind: coins promised to their exits, and money at risk. Read anew when they change."""

from __future__ import annotations

from dataclasses import dataclass

from otoco_desktop.app.book import StrategyBook
from otoco_desktop.domain.promised import open_risk, promised
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.domain.verdict import OpenRisk, Promise


@dataclass(frozen=True, slots=True)
class Bound:
    """Coins promised to exits, and planned losses together."""

    promised: tuple[Promise, ...]
    open_risk: OpenRisk


class StandingPlans:
    """Asked at every key; works it out only when a strategy is another than it was."""

    def __init__(self, book: StrategyBook) -> None:
        self._book = book
        self._last: tuple[tuple[Strategy, ...], Bound] = ((), Bound((), OpenRisk()))

    def without(self, strategy_id: str) -> Bound:
        """As if this strategy had not been recorded."""
        kept = tuple(item for item in self._book.open_ones if item.strategy_id != strategy_id)
        if not _same(kept, self._last[0]):
            self._last = (kept, Bound(promised(kept), open_risk(kept)))
        return self._last[1]


def _same(these: tuple[Strategy, ...], those: tuple[Strategy, ...]) -> bool:
    """Whether they are the very same objects: comparing what stands in them would cost more than reading it."""
    return len(these) == len(those) and all(one is other for one, other in zip(these, those, strict=True))
