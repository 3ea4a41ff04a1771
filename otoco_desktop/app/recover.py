"""Asking the exchange about everything that is open or unresolved. Asking never sends an order."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakValueDictionary

from otoco_desktop.app.book import unfinished
from otoco_desktop.app.follow import Follower
from otoco_desktop.app.kit import Kit
from otoco_desktop.domain.errors import ExchangeTrouble
from otoco_desktop.domain.events import Answered, CancelAnswered, LegReport, ReportSource, Unknown
from otoco_desktop.domain.exits import answer_to, may_come_back, unanswered
from otoco_desktop.domain.legs import is_terminal, status_of
from otoco_desktop.domain.lifecycle import missing_legs, needs_following, pending_change, unproven_exits
from otoco_desktop.domain.order import EXITS, LegRole
from otoco_desktop.domain.phases import cancel_pending
from otoco_desktop.domain.reconcile import WATCH_MS, is_unresolved, judge, pause_ms, query
from otoco_desktop.domain.strategy import Strategy

EVENT_LATE_S = 3.0
CONFIRM_S = 1.0
STOPPED = Unknown("the program stopped before an answer came")


@dataclass(frozen=True, slots=True)
class Round:
    """One round of questions about everything open: whether all were answered, or the sentence why not.

    ``open_orders`` are all open advanced orders as listed at ``asked_ms`` (wall clock); ``None`` where nothing of ours
    is open, so that nobody asked.
    """

    asked_ms: int
    answered: bool
    open_orders: tuple[LegReport, ...] | None = None
    trouble: str = ""


class Recovery:
    """Rounds of questions, on a schedule or when asked for. ``newest`` is what the newest catch-up found."""

    def __init__(self, kit: Kit, follower: Follower) -> None:
        self._kit = kit
        self._follower = follower
        self.newest = Round(0, answered=False)
        self._watched: set[str] = set()
        self._proving: set[str] = set()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @property
    def others(self) -> int:
        """How many open strategies were sent with another key: asking with this one would prove nothing."""
        return len(self._kit.book.open_ones) - len(self._ours())

    @property
    def others_ids(self) -> frozenset[str]:
        """The same, by their ids."""
        return frozenset(item.strategy_id for item in self._kit.book.open_ones if not self._is_ours(item))

    async def open_orders(self) -> tuple[LegReport, ...]:
        """All open advanced orders; those of ours are taken in, the rest is counted. Raises ``ExchangeTrouble``."""
        asked_ms = self._kit.clock.wall_ms()
        reports = await self._kit.gateway.open_reports()
        self._follower.apply(reports, ReportSource.CHECK, asked_ms)
        return reports

    def note_interrupted(self) -> None:
        """What had no answer when the program stopped has none now: its outcome is unknown."""
        at_ms = self._kit.clock.wall_ms()
        for strategy in unfinished(self._kit.book.open_ones):
            if strategy.outcome is None:
                self._kit.book.note(Answered(strategy.strategy_id, at_ms, STOPPED))
            for _ in strategy.cancel_asked[len(strategy.cancel_answered) :]:
                self._kit.book.note(CancelAnswered(strategy.strategy_id, at_ms, STOPPED))
            for asked in unanswered(strategy):
                self._kit.book.note(answer_to(asked, at_ms, STOPPED))

    def watch(self, strategy_id: str) -> None:
        """Ask on schedule until this strategy's state is known; once per strategy at a time."""
        if strategy_id not in self._watched:
            self._watched.add(strategy_id)
            self._kit.tasks.spawn(self._watch(strategy_id), f"checking {strategy_id}")

    def prove(self, strategy: Strategy) -> None:
        """The entry has filled: ask at once, and again on schedule, until the exits are known to be active."""
        strategy_id = strategy.strategy_id
        if unproven_exits(strategy) and strategy_id not in self._proving and self._is_ours(strategy):
            self._proving.add(strategy_id)
            self._kit.tasks.spawn(self._prove(strategy_id), f"confirming the exits of {strategy_id}")

    def confirm(self, strategy_id: str) -> None:
        """One round after a refusal, or an acceptance with a warning: a contradiction is shown as such."""
        self._kit.tasks.spawn(self._confirm(strategy_id), f"confirming {strategy_id}")

    async def catch_up(self) -> bool:
        """One round about everything that may have changed. Whether every question was answered."""
        self.newest = await self._ask_about(self._ours())
        for strategy in self._ours():
            self.prove(strategy)
            if _wants_looks(strategy):
                self.watch(strategy.strategy_id)
        return self.newest.answered

    async def verify(self) -> bool:
        """The same for strategies known to exist; unknown outcomes have a schedule of their own."""
        return (await self._ask_about([item for item in self._ours() if not is_unresolved(item)])).answered

    async def _ask_about(self, strategies: Sequence[Strategy]) -> Round:
        """Read all open orders, and ask singly about every strategy that they do not settle.

        What the stream has brought meanwhile is applied after the list of open orders.
        """
        asked_ms = self._kit.clock.wall_ms()
        if not strategies:
            return Round(asked_ms, answered=True)
        try:
            reports = await self.open_orders()
        except ExchangeTrouble as trouble:
            return Round(asked_ms, answered=False, trouble=str(trouble))
        finally:
            self._follower.release()
        doubtful = [item.strategy_id for item in strategies if not _is_all_open(item, reports)]
        answers = [await self.look(strategy_id) for strategy_id in doubtful]
        return Round(asked_ms, all(answers), reports)

    async def look(self, strategy_id: str) -> bool:
        """One round about one strategy. Whether every source answered."""
        async with self._locks.setdefault(strategy_id, asyncio.Lock()):
            gateway, book = self._kit.gateway, self._kit.book
            evidence = await gateway.evidence(query(book.get(strategy_id), gateway.server_ms()))
            book.note(*judge(book.get(strategy_id), evidence, self._kit.clock.wall_ms()))
            if missing_legs(book.get(strategy_id)):
                self.watch(strategy_id)
            return evidence.complete

    async def _watch(self, strategy_id: str) -> None:
        try:
            rounds = 0
            while self._is_wanted(strategy_id):
                await self._kit.sleep(self._pause_s(strategy_id, rounds))
                if self._is_wanted(strategy_id):
                    await self.look(strategy_id)
                rounds += 1
        finally:
            self._watched.discard(strategy_id)

    async def _prove(self, strategy_id: str) -> None:
        try:
            rounds = 0
            while unproven_exits(self._kit.book.get(strategy_id)):
                await self.look(strategy_id)
                if unproven_exits(self._kit.book.get(strategy_id)):
                    await self._kit.sleep(pause_ms(rounds) / 1000)
                rounds += 1
        finally:
            self._proving.discard(strategy_id)

    async def _confirm(self, strategy_id: str) -> None:
        await self._kit.sleep(CONFIRM_S)
        await self.look(strategy_id)

    def _ours(self) -> list[Strategy]:
        """Open strategies of this account; *not found* by another account's key is no answer."""
        return [item for item in self._kit.book.open_ones if self._is_ours(item)]

    def _is_ours(self, strategy: Strategy) -> bool:
        return strategy.intent.account == self._kit.account

    def _is_wanted(self, strategy_id: str) -> bool:
        strategy = self._kit.book.get(strategy_id)
        age_ms = self._kit.clock.wall_ms() - _newest_request_ms(strategy)
        return _wants_looks(strategy) and age_ms < WATCH_MS

    def _pause_s(self, strategy_id: str, rounds: int) -> float:
        """Unknown outcomes are asked about at once; an event is given three seconds to come by itself."""
        if rounds == 0 and not is_unresolved(self._kit.book.get(strategy_id)):
            return EVENT_LATE_S
        return pause_ms(rounds) / 1000


def _wants_looks(strategy: Strategy) -> bool:
    """Not known to exist, legs nobody has seen or found again, or a request that no report has shown yet."""
    if is_unresolved(strategy) or missing_legs(strategy):
        return True
    unseen = any(role not in strategy.legs for role in LegRole)
    changing = any(pending_change(strategy, role) for role in EXITS)
    return needs_following(strategy) and (unseen or changing or cancel_pending(strategy))


def _newest_request_ms(strategy: Strategy) -> int:
    """When something was last asked of the exchange about it: what is young is asked about, however old the rest."""
    asked = [item.at_ms for item in (*strategy.cancel_asked, *strategy.exit_asked)]
    return max(strategy.intent.at_ms, *asked, 0)


def _is_all_open(strategy: Strategy, reports: Sequence[LegReport]) -> bool:
    """Whether the open orders still list every leg of which we do not know the end."""
    listed = {_key(report) for report in reports}
    legs = [strategy.legs.get(role) for role in LegRole]
    known = [leg.latest for leg in legs if leg and leg.latest]
    waiting = [report for report in known if not is_terminal(status_of(report))]
    if any(may_come_back(strategy, role) for role in EXITS):
        return False
    return len(known) == len(legs) and bool(waiting) and all(_key(report) in listed for report in waiting)


def _key(report: LegReport) -> tuple[str, str, str]:
    return (report.list_id, report.order_type, report.client_oid)
