"""A trader's day: strategies sent, filled, ended and cancelled, while lines break, the clock is set, and lids close.

Desk, gateway, journal and practice exchange are the program's own, on one loop whose time does not wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from otoco_desktop.app.desk import Desk
from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.errors import ExchangeTrouble, JournalTrouble
from otoco_desktop.domain.lifecycle import fold, may_cancel, needs_following
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.exchange.gateway import CryptoComGateway
from otoco_desktop.journal.store import SqliteJournal
from otoco_desktop.practice.venue import PracticeConfig
from tests.soak.exchange import NearControls, NearExchange, exchange_here
from tests.soak.gauges import Gauge, read_gauge
from tests.soak.time import HOUR_MS, OurClock, VirtualLoop, WorldTime, counting_the_journal

SYMBOL, MARK = "BTC_USD", "93118.42"
BUY = OtocoDraft(entry="92400.00", quantity="0.00100", stop="90552.00", target="97020.00")
SELL = OtocoDraft(side=Side.SELL, entry="94000.00", quantity="0.00100", stop="95880.00", target="89300.00")
PRICES = {
    Side.BUY: {"entry": "92390.00", "stop": "90500.00", "target": "97100.00"},
    Side.SELL: {"entry": "94010.00", "stop": "95900.00", "target": "89200.00"},
}
ENDS = ("target", "stop", "cancel")
MARKET_S = 15.0
PATIENCE_S = 120
CALM_S = 120
WRONG_S = 40
"""So long a clock set wrongly stays so."""


@dataclass(frozen=True, slots=True)
class Span:
    """How long, in seconds awake, and how often what happens."""

    seconds: int
    strategies: int
    reconnects: int
    settings: int
    sleeps: int
    sleep_hours: int = 2


DAY = Span(16 * 3_600, 500, 2_000, 8, 4)
"""With four sleeps of two hours it is a day."""

SHARE = Span(1_440, 12, 50, 2, 1)


@dataclass(slots=True)
class Told:
    """What the day showed. ``wrong`` says where program, journal and exchange differ, in words."""

    gauges: list[Gauge] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    sent: int = 0
    filled: int = 0
    cancelled: int = 0
    cut: int = 0


@dataclass(slots=True)
class Day:
    """One run and everything in it."""

    span: Span
    desk: Desk
    journal: SqliteJournal
    controls: NearControls
    clock: OurClock
    world: WorldTime
    told: Told = field(default_factory=Told)

    async def pass_by(self) -> Told:
        """Everything at once, then calm, then the comparison."""
        await self._until_open()
        async with asyncio.TaskGroup() as group:
            for work in (self._trade(), self._break_lines(), self._set_the_clock(), self._sleep(), self._measure()):
                group.create_task(work)
        await asyncio.sleep(CALM_S)
        await self.desk.check()
        await self._compare()
        return self.told

    # What happens

    async def _trade(self) -> None:
        slot = self.span.seconds / self.span.strategies
        for number in range(self.span.strategies):
            await asyncio.sleep(number * slot - asyncio.get_running_loop().time())
            async with asyncio.timeout(slot * 10):
                await self._trade_one(number, slot)

    async def _trade_one(self, number: int, slot: float) -> None:
        """Sent at the market's price, brought to its end, and the price put back."""
        draft, end = (BUY, SELL)[number % 2], ENDS[number // 2 % 3]
        prices = PRICES[draft.side]
        sent = await self._send(draft)
        await asyncio.sleep(slot / 6)
        if end != "cancel":
            self.controls.set_price(SYMBOL, prices["entry"])
            await asyncio.sleep(slot / 6)
            self.controls.set_price(SYMBOL, prices[end])
            await asyncio.sleep(slot / 6)
        await self._end(sent)
        self.controls.set_price(SYMBOL, MARK)
        await asyncio.sleep(slot / 6)

    async def _send(self, draft: OtocoDraft) -> str:
        for _ in range(PATIENCE_S):
            self.controls.set_price(SYMBOL, MARK)
            self.controls.beat()
            await asyncio.sleep(1)
            confirmed = self.desk.prepare(draft)
            if confirmed is not None and (sent := await self.desk.submit(confirmed)):
                self.told.sent += 1
                return sent
        raise AssertionError(f"no plan could be sent: {self.desk.gate()}")

    async def _end(self, sent: str) -> None:
        """What has not ended by its price is cancelled, as often as it takes; each cancel is one request."""
        for _ in range(PATIENCE_S):
            strategy = await self.desk.strategy(sent)
            if not needs_following(strategy):
                return
            if may_cancel(strategy):
                await self._cancel(sent)
            await asyncio.sleep(5)

    async def _cancel(self, sent: str) -> None:
        try:
            await self.desk.cancel(sent)
            self.told.cancelled += 1
        except (ExchangeTrouble, JournalTrouble):
            # Said to the trader, who presses again.
            await asyncio.sleep(1)

    async def _break_lines(self) -> None:
        """By turns: a user stream closed with a code, one cut, and every connection cut."""
        for number in range(self.span.reconnects):
            await asyncio.sleep(self.span.seconds / self.span.reconnects)
            ways = (lambda: self.controls.disconnect_users(1000), self.controls.disconnect_users)
            (*ways, self.controls.drop_connections)[number % 3]()
            self.told.cut += 1

    async def _set_the_clock(self) -> None:
        """An hour on or back by turns, and right again soon: meanwhile nothing can be sent, and that is said."""
        for number in range(self.span.settings):
            await asyncio.sleep(self.span.seconds / (self.span.settings + 1) - WRONG_S)
            self.clock.set_by_ms = -HOUR_MS if number % 2 else HOUR_MS
            await asyncio.sleep(WRONG_S)
            self.clock.set_by_ms = 0

    async def _sleep(self) -> None:
        for _ in range(self.span.sleeps):
            await asyncio.sleep(self.span.seconds / (self.span.sleeps + 0.5))
            self.world.slept_ms += self.span.sleep_hours * HOUR_MS

    async def _measure(self) -> None:
        """At each quarter of the day, when the lines are up."""
        for quarter in range(1, 5):
            await asyncio.sleep(self.span.seconds * quarter / 4 - asyncio.get_running_loop().time())
            await self._until_open()
            self.told.gauges.append(read_gauge(self.world.passed_ms / HOUR_MS, self.journal.path, *self._kept()))

    def _kept(self) -> tuple[object, ...]:
        """What both sides keep of strategies: ours of the last day, the exchange its whole ledger."""
        ours, venue = self.desk._book, self.controls._venue
        return ours._strategies, ours._by_client_oid, ours._by_list_id, venue.book, venue.creates

    async def _until_open(self) -> None:
        for _ in range(PATIENCE_S):
            if self.desk.gate().open:
                return
            await asyncio.sleep(1)
        raise AssertionError(f"the gate stays shut: {self.desk.gate()}")

    # The comparison

    async def _compare(self) -> None:
        ledger, facts = self.controls.ledger(), await self.journal.read_all()
        stored: dict[str, list[object]] = {}
        for fact in facts:
            stored.setdefault(fact.strategy_id, []).append(fact)
        created = [seen.client_oids[0] for seen in ledger.creates]
        self._say(len(created) != len(set(created)), "an order was created twice")
        legs = {leg.client_oid: (str(leg.status), leg.filled) for family in ledger.lists for leg in family}
        for strategy_id, known in stored.items():
            strategy = await self.desk.strategy(strategy_id)
            folded = fold(known[0], known[1:])  # type: ignore[arg-type]
            self._say(repr(folded) != repr(strategy), f"{strategy.label} is another in the journal")
            self._say(needs_following(strategy), f"{strategy.label} has not ended")
            self._hold_against(strategy, legs)
        intended = {leg.client_oid for item in stored.values() for leg in item[0].order.legs}  # type: ignore[attr-defined]
        self._say(not set(created) <= intended, "an order was created that nobody intended")

    def _hold_against(self, strategy: Strategy, legs: Mapping[str, tuple[str, object]]) -> None:
        for leg in strategy.intent.order.legs:
            state = strategy.legs.get(leg.role)
            ours = (state.latest.status, state.latest.filled) if state and state.latest else None
            theirs = legs.get(leg.client_oid)
            self._say(ours != theirs, f"{strategy.label} {leg.role}: {ours} here, {theirs} there")
            self.told.filled += bool(ours and ours[1])

    def _say(self, is_wrong: bool, words: str) -> None:
        if is_wrong:
            self.told.wrong.append(words)


def run(folder: Path, span: Span) -> Told:
    """Live through this span on a loop of its own."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(_run(folder, span))


async def _run(folder: Path, span: Span) -> Told:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    world = WorldTime(loop)
    config = PracticeConfig(folder / "exchange", seed=4, market_interval_s=MARKET_S, script={SYMBOL: ((0.0, MARK),)})
    with counting_the_journal(loop.work):
        async with exchange_here(config, world) as exchange, _desk(folder, span, exchange, world) as day:
            return await day.pass_by()


@asynccontextmanager
async def _desk(folder: Path, span: Span, exchange: NearExchange, world: WorldTime) -> AsyncIterator[Day]:
    clock = OurClock(world)
    gateway = CryptoComGateway(exchange.endpoints, exchange.signer, clock)
    journal = await SqliteJournal.open(folder / "journal.sqlite3")
    desk = Desk(gateway, journal, clock, "practice")
    await desk.open()
    try:
        yield Day(span, desk, journal, exchange.controls, clock, world)
    finally:
        await desk.close()
        await journal.close()
