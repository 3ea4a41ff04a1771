"""All strategies, and the only place where their state changes: a fact is kept, folded, and told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable
from itertools import takewhile
from typing import Any

from otoco_desktop.app.ports import Journal
from otoco_desktop.app.tasks import Tasks
from otoco_desktop.domain.errors import JournalTrouble
from otoco_desktop.domain.events import Fact, Intended, LegReport
from otoco_desktop.domain.lifecycle import begin, evolve, fold, is_news, needs_following
from otoco_desktop.domain.strategy import Strategy

RETRY_S = 2.0
CLOSE_WAIT_S = 5.0
STRATEGIES_A_TURN = 20
"""How many are folded at start before the window gets its turn."""

logger = logging.getLogger(__name__)


class StrategyBook:
    """Folds facts into strategies. ``trouble`` tells, in words, when the journal is behind what is known."""

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

    # Writing

    async def load(self) -> None:
        """Fold what the journal holds. Raises ``JournalTrouble``."""
        histories: dict[str, list[Fact]] = {}
        for fact in await self._journal.read_all():
            histories.setdefault(fact.strategy_id, []).append(fact)
        for count, history in enumerate(histories.values(), 1):
            self._unfold(history)
            if count % STRATEGIES_A_TURN == 0:
                await asyncio.sleep(0)

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

    def _unfold(self, history: list[Fact]) -> None:
        intent = next((fact for fact in history if isinstance(fact, Intended)), None)
        if intent is None:
            logger.error("%d facts of %s without its intent", len(history), history[0].strategy_id)
            return
        self._keep(fold(intent, history), *(leg.client_oid for leg in intent.order.legs))

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
    """Strategies whose request, or whose cancel, had no answer when the program last stopped."""
    return [
        strategy
        for strategy in strategies
        if strategy.outcome is None or len(strategy.cancel_asked) > len(strategy.cancel_answered)
    ]
