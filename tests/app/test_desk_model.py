"""Any sequence of sends, losses, fills, lost and repeated events, cancels, crashes and time ends in the truth.

The exchange of this model keeps its own books; after everything has healed and the desk has asked once, what
the desk believes is compared with them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from otoco_desktop.app.desk import Desk, DeskOptions
from otoco_desktop.domain.events import (
    Acknowledged,
    Fact,
    Intended,
    LegReport,
    NotSent,
    Outcome,
    Refused,
    RequestStamp,
    Unknown,
)
from otoco_desktop.domain.lifecycle import may_cancel, phase
from otoco_desktop.domain.order import LegRole, OtocoOrder
from otoco_desktop.domain.strategy import Phase
from tests.app.fakes import DRAFT, LIVE, FakeGateway, MemoryJournal, Time, account, quote, rows, settle
from tests.app.world import ids

OPEN = {"ACTIVE", "PENDING"}
PLACED = {"accepted", "placed, reply lost", "placed, then crashed"}
KINDS = ["accepted", "placed, reply lost", "not placed, reply lost", "refused", "not sent", "placed, then crashed"]


@dataclass
class Truth:
    """What really is the case about one list."""

    order: OtocoOrder
    list_id: str
    legs: dict[LegRole, LegReport]

    def moves(self) -> list[dict[str, str]]:
        """What may happen to it next."""
        entry, stop, target = (self.legs[role].status for role in LegRole)
        if entry == "ACTIVE":
            dead = {"entry": "CANCELED", "stop": "CANCELED", "target": "CANCELED"}
            return [{"entry": "ACTIVE"}, {"entry": "FILLED"}, {"entry": "FILLED"}, dead]
        if entry == "FILLED" and stop in OPEN and target in OPEN:
            taken = {"target": "FILLED", "stop": "CANCELED"}
            return [taken, {"stop": "FILLED", "target": "CANCELED"}, {"stop": "REJECTED"}]
        return []

    def set(self, at_ms: int, **statuses: str) -> list[LegReport]:
        changed = []
        for name, status in statuses.items():
            role = LegRole(name)
            full: dict[str, Any] = {"filled": self.legs[role].quantity, "average_price": Decimal(92400)}
            if status != "FILLED":
                full = {}
            self.legs[role] = replace(self.legs[role], status=status, update_ms=at_ms, **full)
            changed.append(self.legs[role])
        return changed


@dataclass
class Exchange(FakeGateway):
    """Keeps its own books and hands out events only when told to."""

    kind: str = "accepted"
    truths: dict[str, Truth] = field(default_factory=dict)
    events: list[LegReport] = field(default_factory=list)
    journal_facts: list[Fact] = field(default_factory=list)

    async def create(self, intent: Intended) -> Outcome:
        assert intent in self.journal_facts, "sent before it was stored"
        if self.kind != "not sent":
            self.sent.append(intent)
        if self.kind in PLACED:
            self._place(intent.order)
        if self.kind == "placed, then crashed":
            await asyncio.Event().wait()
        answers: dict[str, Outcome] = {
            "accepted": Acknowledged(str(len(self.truths))),
            "refused": Refused("306", "X", "insufficient balance"),
            "not sent": NotSent("host not found"),
        }
        return answers.get(self.kind, Unknown("no reply in 10 s"))

    async def cancel(self, list_id: str, stamp: RequestStamp, transport: str = "rest") -> Outcome:
        self.cancels.append(list_id)
        truth = next(item for item in self.truths.values() if item.list_id == list_id)
        live = {role.value: "CANCELED" for role, leg in truth.legs.items() if leg.status in OPEN}
        self.happen(truth, **live)
        return Unknown("no reply in 10 s") if self.kind.endswith("lost") else Acknowledged(list_id)

    def happen(self, truth: Truth, **statuses: str) -> None:
        self.time.passed_ms += 1
        self.events += truth.set(self.time.wall_ms(), **statuses)
        self.book = [leg for item in self.truths.values() for leg in item.legs.values()]

    def _place(self, order: OtocoOrder) -> None:
        list_id = str(len(self.truths) + 1)
        first = rows(order, "ACTIVE", "PENDING", "PENDING", list_id=list_id, at_ms=self.time.wall_ms())
        self.truths[order.strategy_id] = Truth(order, list_id, dict(zip(LegRole, first, strict=True)))
        self.happen(self.truths[order.strategy_id])
        self.events += first


class DeskModel(RuleBasedStateMachine):
    """One exchange, one journal, and desks that come and go."""

    @initialize()
    def begin(self) -> None:
        self.loop = asyncio.SelectorEventLoop()
        self.time = Time()
        self.facts: list[Fact] = []
        self.new_id = ids()
        self.exchange = Exchange(self.time, journal_facts=self.facts)
        self.desk = self._start()

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(work)

    def _start(self) -> Desk:
        self.exchange.listeners.clear()
        options = DeskOptions(sleep=self.time.sleep, new_id=self.new_id)
        desk = Desk(self.exchange, MemoryJournal(self.facts), self.time, "practice", options)

        async def start() -> None:
            await desk.open()
            await settle()
            self.exchange.tell_connection(LIVE)
            self.exchange.tell_subscribed()
            await settle()

        self._run(start())
        return desk

    @rule(kind=st.sampled_from(KINDS), cents=st.integers(0, 9))
    def submit(self, kind: str, cents: int) -> None:
        self.exchange.kind = kind
        self.exchange.tell_quote(quote(self.time))
        self.exchange.tell_account(account(usd="10000000"))
        confirmed = self.desk.prepare(replace(DRAFT, entry=f"92400.0{cents}"))
        if confirmed is None:
            return

        async def press() -> None:
            presses = [asyncio.create_task(self.desk.submit(confirmed)) for _ in range(3)]
            await settle()
            for task in presses:
                task.cancel()
            await asyncio.gather(*presses, return_exceptions=True)

        self._run(press())
        if kind.endswith("crashed"):
            self.crash()

    @precondition(lambda self: any(truth.moves() for truth in self.exchange.truths.values()))
    @rule(data=st.data())
    def happen(self, data: st.DataObject) -> None:
        moving = [truth for truth in self.exchange.truths.values() if truth.moves()]
        truth = data.draw(st.sampled_from(moving))
        statuses = data.draw(st.sampled_from(truth.moves()))
        if statuses == {"entry": "ACTIVE"}:
            truth.legs[LegRole.ENTRY] = replace(truth.legs[LegRole.ENTRY], filled=truth.order.quantity / 2)
        self.exchange.happen(truth, **statuses)

    @precondition(lambda self: self.exchange.events)
    @rule(data=st.data())
    def deliver(self, data: st.DataObject) -> None:
        """Some of what happened, in any order, some of it twice; the rest is lost."""
        told = data.draw(st.lists(st.sampled_from(self.exchange.events), max_size=8))
        self.exchange.events.clear()

        async def tell() -> None:
            self.exchange.tell(*told)
            await settle()

        self._run(tell())

    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        live = [item.strategy_id for item in self.desk.state.strategies if may_cancel(item)]
        if live:
            self._run(self.desk.cancel(data.draw(st.sampled_from(live))))

    @rule(seconds=st.sampled_from([1, 3, 10, 40, 150]))
    def wait(self, seconds: int) -> None:
        self._run(self.time.advance(seconds))

    @rule(dark=st.booleans())
    def lose_queries(self, dark: bool) -> None:
        self.exchange.answering = not dark

    @rule()
    def crash(self) -> None:
        """The journal keeps what was stored; everything else is gone."""
        kept = list(self.facts)
        self._run(self.desk.close())
        self.facts[:] = kept
        self.exchange.journal_facts = self.facts
        self.desk = self._start()

    @invariant()
    def one_send_per_intent(self) -> None:
        sent = [intent.strategy_id for intent in self.exchange.sent]
        assert len(sent) == len(set(sent))

    @invariant()
    def what_is_called_not_placed_is_not_there(self) -> None:
        for strategy in self.desk.state.strategies:
            if phase(strategy) in (Phase.NOT_SENT, Phase.RESOLVED_NOT_PLACED):
                assert strategy.strategy_id not in self.exchange.truths

    @invariant()
    def what_ended_stays_ended(self) -> None:
        for strategy in self.desk.state.strategies:
            truth = self.exchange.truths.get(strategy.strategy_id)
            for role, leg in strategy.legs.items():
                assert truth is not None
                assert leg.latest is not None
                assert not leg.conflict
                assert leg.latest.filled <= truth.legs[role].filled

    def teardown(self) -> None:
        if not hasattr(self, "desk"):
            return
        self.exchange.answering = True
        try:
            self._run(self.desk.check())
            self._run(settle())
            for strategy in self.desk.state.strategies:
                self._compare(strategy.strategy_id)
        finally:
            self._run(self.desk.close())
            self.loop.close()

    def _compare(self, strategy_id: str) -> None:
        strategy = next(item for item in self.desk.state.strategies if item.strategy_id == strategy_id)
        truth = self.exchange.truths.get(strategy_id)
        if truth is None:
            assert not strategy.legs
            return
        believed = {role: (leg.latest.status, leg.latest.filled) for role, leg in strategy.legs.items() if leg.latest}
        assert believed == {role: (leg.status, leg.filled) for role, leg in truth.legs.items()}


class TestDeskModel(DeskModel.TestCase):  # type: ignore[valid-type,misc]
    settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


@pytest.mark.long
class TestDeskModelAtLength(DeskModel.TestCase):  # type: ignore[valid-type,misc]
    settings = settings(max_examples=2_500, stateful_step_count=40, deadline=None)
