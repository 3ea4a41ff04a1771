"""All strategies, and the only place where their state changes: a fact is kept, folded, and told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any

from otoco_desktop.app.ports import Journal
from otoco_desktop.app.tasks import Tasks
from otoco_desktop.domain.errors import JournalTrouble
from otoco_desktop.domain.events import Fact, Intended, LegReport
from otoco_desktop.domain.exits import unanswered
from otoco_desktop.domain.history import HistoryPage, HistoryQuery, row_of
from otoco_desktop.domain.lifecycle import begin, evolve, is_news, needs_following
from otoco_desktop.domain.order import strategy_of
from otoco_desktop.domain.strategy import Strategy

RETRY_S = 2.0
CLOSE_WAIT_S = 5.0
AT_HAND = 200
"""How many of the latest strategies are loaded at start, besides those that may still change."""

MOST_BEHIND = 5_000
"""So many facts may wait for the disk before the order channel is asked to wait."""

logger = logging.getLogger(__name__)


class StrategyBook:
    """Folds facts into strategies. ``trouble`` tells, in words, when the journal is behind what is known.

    At hand are the strategies that may still change and the latest ones. The others stay in the journal until
    something is said about them: ``recall`` brings them first.
    """

    def __init__(self, journal: Journal, tasks: Tasks, retry_s: float = RETRY_S) -> None:
        self.trouble = ""
        self._journal = journal
        self._tasks = tasks
        self._retry_s = retry_s
        self._strategies: dict[str, Strategy] = {}
        self._by_client_oid: dict[str, str] = {}
        self._by_list_id: dict[str, str] = {}
        self._open_ids: dict[str, None] = {}
        self._last_number = 0
        self._is_whole = True
        self._backlog: list[Fact] = []
        self._writer: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()
        self.on_changed: Callable[[Strategy], None] = lambda _strategy: None
        self.on_trouble: Callable[[], None] = lambda: None

    # Reading

    @property
    def newest_first(self) -> tuple[Strategy, ...]:
        return tuple(reversed(self._strategies.values()))

    @property
    def open_ones(self) -> tuple[Strategy, ...]:
        """Those about which the exchange may still have something to say, oldest first."""
        return tuple(self._strategies[strategy_id] for strategy_id in self._open_ids)

    def since(self, at_ms: int) -> tuple[Strategy, ...]:
        """Those sent since then, and those still open, newest first; the history is not searched."""
        recent = takewhile(lambda strategy: strategy.intent.at_ms >= at_ms, reversed(self._strategies.values()))
        found = {strategy.strategy_id: strategy for strategy in recent}
        return (*found.values(), *(item for item in self.open_ones if item.strategy_id not in found))

    def take_number(self) -> int:
        """The next number a strategy is named by; given out once."""
        self._last_number += 1
        return self._last_number

    def get(self, strategy_id: str) -> Strategy:
        """Raises ``KeyError``."""
        return self._strategies[strategy_id]

    def holds(self, strategy_id: str) -> bool:
        """Whether its intent is recorded."""
        return strategy_id in self._strategies

    def owner_of(self, report: LegReport) -> Strategy | None:
        """The strategy whose client order id or list id the report carries; never guessed from its numbers."""
        strategy_id = self._by_client_oid.get(report.client_oid) or self._by_list_id.get(report.list_id)
        return self._strategies[strategy_id] if strategy_id else None

    @property
    def has_room(self) -> bool:
        """Whether the disk keeps up well enough for more to be noted."""
        return len(self._backlog) < MOST_BEHIND

    @property
    def is_whole(self) -> bool:
        """Whether every recorded strategy is at hand."""
        return self._is_whole

    async def find(self, strategy_id: str) -> Strategy:
        """One strategy, at hand or not; it is not brought to hand. Raises ``KeyError`` and ``JournalTrouble``."""
        if strategy_id not in self._strategies and not self._is_whole:
            for found in await self._journal.strategies([strategy_id]):
                return found
        return self._strategies[strategy_id]

    async def history(self, query: HistoryQuery) -> HistoryPage:
        """A page of all strategies, each row as it is known by now. Raises ``JournalTrouble``."""
        page = await self._journal.history(query)
        ahead = {fact.strategy_id for fact in self._backlog}
        rows = (row_of(self._strategies[row.strategy_id]) if row.strategy_id in ahead else row for row in page.rows)
        return replace(page, rows=tuple(rows)) if ahead else page

    # Writing

    async def load(self, since_ms: int = 0) -> None:
        """Take what may still change, the latest, and what began since. Raises ``JournalTrouble``."""
        standing = await self._journal.standing(AT_HAND, since_ms)
        self._is_whole = standing.total == len(standing.strategies)
        self._last_number = standing.last_number
        for strategy in standing.strategies:
            self._take(strategy)

    async def recall(self, strategy_ids: Iterable[str]) -> None:
        """Bring these to hand, where they are recorded. Raises ``JournalTrouble``."""
        wanted = [each for each in dict.fromkeys(strategy_ids) if each not in self._strategies]
        if self._is_whole or not wanted:
            return
        found = [item for item in await self._journal.strategies(wanted) if item.strategy_id not in self._strategies]
        for strategy in found:
            self._take(strategy)
        if found:
            self._strategies = dict(sorted(self._strategies.items(), key=lambda item: item[1].intent.number))

    async def recall_owners(self, reports: Sequence[LegReport]) -> None:
        """Bring the strategies to hand that these reports may be about. Raises ``JournalTrouble``."""
        named = [found for report in reports if (found := strategy_of(report.client_oid)) is not None]
        lists = {report.list_id for report in reports if report.list_id} - self._by_list_id.keys()
        owners = await self._journal.owners(sorted(lists)) if lists else {}
        await self.recall([*named, *owners.values()])

    def commit(self, fact: Fact) -> Coroutine[Any, Any, None]:
        """Fold a fact only when it is durably stored: intents and the trader's decisions.

        Storing begins in this call, so that nothing can come before it; the coroutine raises ``JournalTrouble``.
        """
        return self._fold_when(self._journal.append([fact]), fact)

    async def _fold_when(self, stored: Coroutine[Any, Any, None], fact: Fact) -> None:
        await stored
        if self._fold(fact):
            self.on_changed(self._strategies[fact.strategy_id])

    def note(self, *facts: Fact) -> None:
        """Fold and tell at once what has happened anyway, and store it in the background, in order."""
        changed: dict[str, None] = {}
        for fact in facts:
            if self._fold(fact):
                changed[fact.strategy_id] = None
                self._backlog.append(fact)
        for strategy_id in changed:
            self.on_changed(self._strategies[strategy_id])
        if self._backlog and (self._writer is None or self._writer.done()):
            self._writer = self._tasks.spawn(self._write_behind(), "writing the journal")

    async def close(self) -> None:
        """Wait until what was noted is stored, or until the journal has refused it once more."""
        self._closing.set()
        if self._writer is not None:
            await asyncio.wait([self._writer], timeout=CLOSE_WAIT_S)
        if self._backlog:
            logger.error("%d facts could not be written to the journal", len(self._backlog))

    def _take(self, strategy: Strategy) -> None:
        self._keep(strategy, *(leg.client_oid for leg in strategy.intent.order.legs))

    def _fold(self, fact: Fact) -> bool:
        """Whether the fact says anything new."""
        before = self._strategies.get(fact.strategy_id)
        if before is None:
            return self._begin(fact)
        after = evolve(before, fact) if is_news(before, fact) else before
        if after is before:
            return False
        self._keep(after)
        return True

    def _begin(self, fact: Fact) -> bool:
        if not isinstance(fact, Intended):
            logger.error("a %s without its intent", type(fact).__name__)
            return False
        self._keep(begin(fact), *(leg.client_oid for leg in fact.order.legs))
        return True

    def _keep(self, strategy: Strategy, *client_oids: str) -> None:
        self._strategies[strategy.strategy_id] = strategy
        self._last_number = max(self._last_number, strategy.intent.number)
        if needs_following(strategy):
            self._open_ids[strategy.strategy_id] = None
        else:
            self._open_ids.pop(strategy.strategy_id, None)
        self._by_client_oid.update(dict.fromkeys(client_oids, strategy.strategy_id))
        if strategy.list_id:
            self._by_list_id[strategy.list_id] = strategy.strategy_id

    async def _write_behind(self) -> None:
        while self._backlog:
            batch = tuple(self._backlog)
            try:
                await self._journal.append(batch)
            except JournalTrouble as error:
                self._behind(f"The journal is behind: {error} {len(self._backlog)} entries are kept in memory.")
                if self._closing.is_set():
                    return
                await self._pause()
            else:
                del self._backlog[: len(batch)]
                self._behind("")

    async def _pause(self) -> None:
        try:
            await asyncio.wait_for(self._closing.wait(), self._retry_s)
        except TimeoutError:
            return

    def _behind(self, words: str) -> None:
        if words != self.trouble:
            self.trouble = words
            self.on_trouble()


def unfinished(strategies: Iterable[Strategy]) -> list[Strategy]:
    """Strategies of which a request had no answer when the program last stopped."""
    return [strategy for strategy in strategies if _lacks_answer(strategy)]


def _lacks_answer(strategy: Strategy) -> bool:
    cancels = len(strategy.cancel_asked) > len(strategy.cancel_answered)
    return strategy.outcome is None or cancels or bool(unanswered(strategy))
