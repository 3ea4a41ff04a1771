"""The desk: connects, catches up, opens the gate, and answers what the window asks."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from otoco_desktop.app.audit import Auditor
from otoco_desktop.app.book import StrategyBook
from otoco_desktop.app.cancel import Canceller
from otoco_desktop.app.candle_port import CandleListener
from otoco_desktop.app.change_exit import ExitChanger
from otoco_desktop.app.charting import Charting
from otoco_desktop.app.desk_options import DeskOptions
from otoco_desktop.app.follow import Follower
from otoco_desktop.app.gate import Conditions, clock_sentence, follows_orders, judge_gate, other_key_sentence
from otoco_desktop.app.kit import Kit
from otoco_desktop.app.outage import Outage, Wake
from otoco_desktop.app.ports import Clock, Gateway, Journal
from otoco_desktop.app.recent import RecentPlans
from otoco_desktop.app.recover import Recovery
from otoco_desktop.app.standing import StandingPlans
from otoco_desktop.app.state import Confirmed, DeskListener, DeskState, Gate
from otoco_desktop.app.submit import Submitter
from otoco_desktop.app.supply import Supply
from otoco_desktop.app.tasks import Tasks
from otoco_desktop.domain.candles import Timeframe
from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.errors import KeyLocked
from otoco_desktop.domain.events import Decided, Decision, LegReport, Noted
from otoco_desktop.domain.history import HistoryPage, HistoryQuery
from otoco_desktop.domain.lifecycle import phase
from otoco_desktop.domain.market import AccountSnapshot, Connection, Light, Quote
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.preferences import plan_settings
from otoco_desktop.domain.reconcile import is_unresolved
from otoco_desktop.domain.strategy import Phase, Strategy
from otoco_desktop.domain.verdict import PlanSettings, Surroundings

__all__ = ["Desk", "DeskOptions"]

POLLING_S, RETRY_S, LIVE_S = 2.0, 5.0, 15.0
TICK_S = 1.0
DAY_MS = 86_400_000
FETCHING, VERIFYING = "fetching instruments and balances", "verifying open strategies"
POLLING_NOTICE = "Live updates are off: asking every 2 s instead."


class Desk:
    """One account on one environment; satisfies ``DeskPort`` and the gateway's listener."""

    def __init__(
        self, gateway: Gateway, journal: Journal, clock: Clock, environment: str, options: DeskOptions | None = None
    ) -> None:
        options = options or DeskOptions()
        self._options = options
        self._tasks = Tasks(self._task_failed)
        self._book = StrategyBook(journal, self._tasks)
        self._recent, self._standing = RecentPlans(self._book), StandingPlans(self._book)
        self._kit = Kit(
            gateway=gateway,
            book=self._book,
            clock=clock,
            tasks=self._tasks,
            sleep=options.sleep,
            new_id=options.new_id,
            environment=environment,
            account=options.account,
            transport=options.transport,
        )
        self._supply = Supply(self._kit, self._tell, options.known)
        self._charting = Charting(self._kit)
        self._follower = Follower(self._kit)
        self._recovery = Recovery(self._kit, self._follower)
        self._auditor = Auditor(self._kit, self._recovery, self._supply.fresh_balances, self._tell)
        self._submitter = Submitter(self._kit, self, self._recovery)
        self._canceller = Canceller(self._kit, self._recovery)
        self._exits = ExitChanger(self._kit, self._recovery)
        self._conditions = Conditions()
        self._outage = Outage()
        self._wake = Wake(clock.wall_ms(), clock.monotonic_ms())
        self._known_ms: int | None = None
        self._listeners: list[DeskListener] = []
        self._catching_up: asyncio.Future[bool] | None = None
        self._catch_up_again = False
        self._loops: dict[str, asyncio.Task[None]] = {}
        options.defects.listen(self._tell)

    # Opening and closing

    async def open(self) -> None:
        """Fold the journal, start connecting and return; what follows is told. Raises ``JournalTrouble``."""
        await self._book.load(self.now_ms() - DAY_MS)
        self._follower.on_foreign = self._tell
        self._recovery.note_interrupted()
        self._book.on_changed = self._strategy_changed
        self._book.on_trouble = self._tell
        unresolved = sum(is_unresolved(strategy) for strategy in self._book.open_ones)
        self._change(opened=True, unfinished=unresolved)
        self._kit.gateway.listen(self)
        await self._kit.gateway.open()
        self._start_loops()

    async def close(self) -> None:
        """Stop everything, and store what is known. Orders on the exchange stay as they are."""
        self._change(closing=True)
        await self._book.close()
        await self._tasks.close()
        await self._book.close()
        await self._kit.gateway.close()

    # What the window asks

    @property
    def state(self) -> DeskState:
        return DeskState(
            environment=self._kit.environment,
            instruments=self._supply.instruments,
            instrument=self._supply.instrument,
            quote=self._supply.quote,
            account=self._supply.account,
            connection=self._conditions.connection,
            gate=self.gate(),
            strategies=self._book.newest_first,
            trouble=self._trouble(),
            is_behind=bool(self._book.trouble),
            foreign=self._follower.foreign,
            audit=self._auditor.state,
            live=self._is_live,
            known_ms=self._known_ms,
        )

    def listen(self, listener: DeskListener) -> None:
        self._listeners.append(listener)

    def gate(self) -> Gate:
        """Whether a plan may be sent now."""
        now = replace(
            self._conditions,
            journal_trouble=self._book.trouble,
            defect=self._options.defects.reason,
            has_instruments=self._supply.is_current,
            locked=self._options.is_locked(),
        )
        return judge_gate(now, self._options.settings)

    def surroundings(self) -> Surroundings:
        return self.surroundings_without("")

    def surroundings_without(self, strategy_id: str) -> Surroundings:
        """What a verdict depends on, as if this strategy had not been recorded."""
        now_ms, bound = self._kit.clock.wall_ms(), self._standing.without(strategy_id)
        return Surroundings(
            instrument=self._supply.instrument,
            quote=self._supply.quote,
            account=self._supply.account,
            now_ms=self._kit.clock.monotonic_ms(),
            settings=self._settings(),
            clock_offset_ms=self._conditions.connection.clock_offset_ms,
            recent=self._recent.without(strategy_id, now_ms),
            open_risk=bound.open_risk,
            promised=bound.promised,
            post_only_usable=self._kit.can_post_only(),
        )

    def now_ms(self) -> int:
        return self._kit.clock.wall_ms()

    def exchange_ms(self) -> int | None:
        known = self._conditions.connection.clock_offset_ms is not None
        return self._kit.gateway.server_ms() if known else None

    def select(self, symbol: str) -> None:
        self._supply.select(symbol)

    def show_candles(self, timeframe: Timeframe, listener: CandleListener) -> None:
        """Tell this listener the candles of the chosen instrument from now on."""
        self._charting.show(timeframe, listener)

    def prepare(self, draft: OtocoDraft) -> Confirmed | None:
        return self._submitter.prepare(draft)

    def submit(self, confirmed: Confirmed) -> Coroutine[Any, Any, str | None]:
        return self._submitter.submit(confirmed)

    async def cancel(self, strategy_id: str) -> None:
        await self._unlocked(strategy_id)
        await self._canceller.cancel(strategy_id)

    async def cancel_leg(self, strategy_id: str, role: LegRole) -> None:
        await self._unlocked(strategy_id)
        await self._exits.remove(strategy_id, role)

    async def move(self, strategy_id: str, role: LegRole, trigger: Decimal, price: Decimal | None) -> None:
        await self._unlocked(strategy_id)
        await self._exits.move(strategy_id, role, trigger, price)

    async def _unlocked(self, strategy_id: str) -> None:
        """Bring it to hand for a request that needs the key. Raises ``KeyLocked`` and ``JournalTrouble``."""
        if self._options.is_locked():
            raise KeyLocked
        await self._book.recall([strategy_id])

    async def check(self) -> bool:
        """Ask now about everything: open and unresolved strategies, instruments, balances."""
        self._start_loops()
        answered = await self._catch_up()
        fetched = await self._supply.refresh()
        return answered and fetched

    async def note(self, strategy_id: str, tag: str, note: str) -> None:
        await self._book.recall([strategy_id])
        await self._book.commit(Noted(strategy_id, self.now_ms(), tag, note))

    async def settle(self, strategy_id: str, words: str) -> None:
        """The trader's own, typed decision that an order was not placed; only for what was not found."""
        await self._book.recall([strategy_id])
        if phase(self._book.get(strategy_id)) is Phase.UNRESOLVED:
            await self._book.commit(Decided(strategy_id, self.now_ms(), Decision.NOT_PLACED, words))

    async def history(self, query: HistoryQuery) -> HistoryPage:
        return await self._book.history(query)

    async def strategy(self, strategy_id: str) -> Strategy:
        return await self._book.find(strategy_id)

    def hold(self, reason: str) -> None:
        """Send nothing for this reason, a sentence; the empty one ends it."""
        self._change(held=reason)

    def look_again(self) -> None:
        """Preferences or the lock changed: tell the window what holds now."""
        self._tell()

    # What the gateway tells

    def on_reports(self, reports: Sequence[LegReport]) -> None:
        before = self._follower.foreign
        self._follower.take(reports)
        if self._follower.foreign != before:
            self._tell()

    def has_room(self) -> bool:
        return self._book.has_room and self._follower.has_room

    def on_subscribed(self) -> None:
        self._follower.hold()
        self._begin_catch_up()

    def on_quote(self, quote: Quote) -> None:
        for listener in self._listeners if self._supply.take_quote(quote) else ():
            listener.quote_changed(quote)

    def on_account(self, account: AccountSnapshot) -> None:
        self._supply.take_account(account)

    def on_connection(self, connection: Connection) -> None:
        if self._is_live:
            self._known_ms = self.now_ms()
        was, self._conditions = self._conditions.connection, replace(self._conditions, connection=connection)
        self._note_outage(connection)
        if not follows_orders(connection):
            self._conditions = replace(self._conditions, caught_up=False)
        elif connection.polling and not was.polling:
            self._begin_catch_up()
        self._tell()

    def _note_outage(self, connection: Connection) -> None:
        known = self._outage.is_on
        self._outage.note(connection, self._kit.clock.monotonic_ms())
        if self._outage.is_on and not known and not self._conditions.closing:
            self._tasks.spawn(self._tell_outage(), "telling how long the stream has been lost")

    async def _tell_outage(self) -> None:
        """Once a second, while the words change."""
        while self._outage.is_on:
            await self._kit.sleep(TICK_S)
            self._tell()

    # Catching up

    def _begin_catch_up(self) -> None:
        if not self._conditions.closing:
            self._tasks.spawn(self._catch_up(), "catching up")

    async def _catch_up(self) -> bool:
        """One at a time; asked for again meanwhile, it runs once more. Whether every question was answered."""
        self._catch_up_again = True
        if self._catching_up is not None:
            return await asyncio.shield(self._catching_up)
        self._catching_up = asyncio.get_running_loop().create_future()
        answered = None
        self._auditor.begin()
        try:
            while self._catch_up_again:
                self._catch_up_again = False
                answered = await self._recovery.catch_up()
        finally:
            if answered is None:
                self._auditor.break_off()
            self._catching_up.set_result(bool(answered))
            self._catching_up = None
            self._follower.release()
        if answered:
            self._known_ms = self._recovery.newest.asked_ms
        if answered and follows_orders(self._conditions.connection):
            self._change(caught_up=True, unfinished=0)
        await self._auditor.judge()
        return bool(answered)

    def _start_loops(self) -> None:
        """Those that run for ever; one that has failed begins anew with the next check."""
        loops = {FETCHING: self._supply.keep_fresh, VERIFYING: self._keep_verifying}
        for name, work in loops.items():
            if name not in self._loops or self._loops[name].done():
                self._loops[name] = self._tasks.spawn(work(), name)

    async def _keep_verifying(self) -> None:
        """For ever: often while there is no stream, now and then while there is one."""
        passed_s = 0.0
        while True:
            await self._kit.sleep(TICK_S)
            self._look_at_the_clocks()
            passed_s += TICK_S
            if passed_s < self._pause_s() or self._conditions.connection.rest is Light.DOWN:
                continue
            passed_s = 0.0
            asks_all = not self._conditions.caught_up and follows_orders(self._conditions.connection)
            await (self._catch_up() if asks_all else self._verify())

    async def _verify(self) -> None:
        asked_ms = self.now_ms()
        if await self._recovery.verify():
            self._known_ms = asked_ms

    @property
    def _is_live(self) -> bool:
        """Whether the stream tells what happens, and everything before it is known."""
        return self._conditions.connection.user is Light.GOOD and self._conditions.caught_up and self.has_room()

    def _look_at_the_clocks(self) -> None:
        """Once a second: after a sleep nothing is known any more until everything has been asked for."""
        clock = self._kit.clock
        if self._wake.has_slept(clock.wall_ms(), clock.monotonic_ms(), round(TICK_S * 1000)):
            self._change(caught_up=False)
            self._begin_catch_up()
        elif self._is_live:
            self._known_ms = clock.wall_ms()

    def _pause_s(self) -> float:
        """Until the next round: short without a stream, longer where only a question went unanswered."""
        if self._conditions.connection.user is not Light.GOOD:
            return POLLING_S
        return LIVE_S if self._conditions.caught_up else RETRY_S

    def _settings(self) -> PlanSettings:
        base, preferences = self._options.settings, self._options.preferences
        return base if preferences is None else plan_settings(preferences(), base)

    # Telling

    def _strategy_changed(self, strategy: Strategy) -> None:
        self._auditor.follow(strategy)
        if not self._conditions.closing:
            self._recovery.prove(strategy)
        for listener in self._listeners:
            listener.strategy_changed(strategy)

    def _change(self, **changes: object) -> None:
        self._conditions = replace(self._conditions, **changes)  # type: ignore[arg-type]
        self._tell()

    def _tell(self) -> None:
        state = self.state
        if state.instrument is not None:
            self._charting.follow(state.instrument.symbol)
        for listener in self._listeners:
            listener.desk_changed(state)

    def _task_failed(self, name: str, error: Exception) -> None:
        self._options.defects.note(f"{name} failed", error)

    def _trouble(self) -> str:
        connection = self._conditions.connection
        offset = connection.clock_offset_ms
        slow = offset is not None and abs(offset) > self._options.settings.clock_warn_ms
        sentences = (
            self._book.trouble,
            self._supply.trouble,
            clock_sentence(offset) if slow and offset is not None else "",
            other_key_sentence(self._recovery.others),
            self._outage.words(self._kit.clock.monotonic_ms()) or (POLLING_NOTICE if connection.polling else ""),
            self._options.notice,
        )
        return " ".join(sentence for sentence in sentences if sentence)
