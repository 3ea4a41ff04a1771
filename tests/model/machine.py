"""Any sequence of sends, losses, fills, exits, cancels, crashes, other keys and time, one world for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.events import LegReport
from otoco_desktop.domain.exits import may_come_back
from otoco_desktop.domain.legs import is_terminal, status_of
from otoco_desktop.domain.lifecycle import phase
from otoco_desktop.domain.order import EXITS, LegRole, Side
from otoco_desktop.domain.strategy import Phase
from otoco_desktop.domain.transport import Transport
from otoco_desktop.practice.faults import Fault, Loss
from tests.model.truth import FINAL, check_always, check_healed
from tests.model.world import Way, World

BUY = OtocoDraft(entry="93000.00", quantity="0.10000", stop="91000.00", target="95000.00")
SELL = OtocoDraft(side=Side.SELL, entry="93200.00", quantity="0.10000", stop="95000.00", target="91000.00")
LIMITS = {"stop_market": False, "target_market": False}
DRAFTS = [
    BUY,
    replace(BUY, entry="93200.00"),
    replace(BUY, entry="93200.00", quantity="0.00013"),
    replace(BUY, stop_limit="90950.00", target_limit="95000.00", **LIMITS),  # type: ignore[arg-type]
    replace(BUY, fee_in_quote=True),
    SELL,
    replace(SELL, entry="93000.00"),
    replace(SELL, stop_limit="95100.00", target_limit="91000.00", **LIMITS),  # type: ignore[arg-type]
]
WAYS = [
    Way(),
    Way(),
    Way(delay_s=0.2),
    Way(delay_s=8.0),
    Way(request="refused"),
    Way(request="lost"),
    Way(request="stuck"),
    Way(reply="lost"),
    Way(reply="lost", delay_s=9.0),
    Way(reply="cut"),
    Way(reply="stuck"),
    Way(dies=True),
]
CREATES = [
    *WAYS,
    Way(Fault.REFUSE_CREATE, 306),
    Way(Fault.REFUSE_CREATE, 204),
    Way(Fault.REFUSE_CREATE, 50001),
    Way(Fault.PLACE_BUT_REFUSE, 315),
    Way(Fault.LATE_CREATE, 5.0),
    Way(Fault.LOSE_REPLY_PLACED, Loss.ABORT),
    Way(Fault.LATE_CREATE, 20.0),
    Way(Fault.REJECT_ENTRY, 306),
]
REMOVALS = [
    *WAYS,
    Way(Fault.REFUSE_CANCEL, 316),
    Way(Fault.LOSE_CANCEL_DONE, Loss.ABORT),
    Way(Fault.LOSE_CANCEL_UNDONE, Loss.ABORT),
]
AMENDS = [
    *WAYS,
    Way(Fault.REFUSE_AMEND, 229),
    Way(Fault.LOSE_AMEND_DONE, Loss.ABORT),
    Way(Fault.LOSE_AMEND_UNDONE, Loss.ABORT),
    Way(Fault.LATE_AMEND, 5.0),
    Way(Fault.LATE_AMEND, 20.0),
    *[Way(Fault.RENAME_ON_AMEND)] * 3,
    Way(Fault.RENAME_ON_AMEND, reply="lost"),
    Way(Fault.RENAME_ON_AMEND, reply="stuck"),
]
TRIGGERS = [
    *((role, price) for role in EXITS for price in ("91500.00", "92500.00", "93130.00", "93800.00")),
    (LegRole.STOP, "90950.00"),
    (LegRole.TARGET, "95100.00"),
    (LegRole.STOP, "300000.00"),
]
TAKEN = [
    Way(),
    Way(reply="lost"),
    Way(Fault.REJECT_STOP, 306),
    Way(Fault.REJECT_TARGET, 229),
    Way(Fault.HALF_FILL_STAY),
    Way(Fault.HALF_FILL_CANCEL),
]
FILLING = ["93120.00", "92990.00", "92990.00", "93400.00", "93400.00"]
PRICES = ["93120.00", "92990.00", "93400.00", "90980.00", "90900.00", "95120.00", "95300.00"]
HEAL_S = 25.0
Reports = list[LegReport]
DELIVERIES: dict[str, Callable[[Reports], tuple[Reports, Reports]]] = {
    "all": lambda all_: (all_, []),
    "twice": lambda all_: (all_ * 2, []),
    "backwards": lambda all_: (all_[::-1], []),
    "the first half": lambda all_: (all_[: len(all_) // 2 + 1], all_[len(all_) // 2 + 1 :]),
    "the first": lambda all_: (all_[:1], all_[1:]),
    "the last first": lambda all_: (all_[-1:], all_[:-1]),
    "the last alone": lambda all_: (all_[-1:], []),
    "none": lambda _all: ([], []),
}
"""How waiting events are told: (these now, those later); what is in neither is lost."""


class DeskModel(RuleBasedStateMachine):
    """One exchange for each key, one journal, and programs that come and go."""

    world: World

    @initialize(transport=st.sampled_from(Transport))
    def begin(self, transport: Transport) -> None:
        self.world = World()
        self.world.transport = transport
        self.ended: dict[tuple[str, LegRole], str] = {}
        self.final: dict[str, Phase] = {}

    # What the trader does

    @rule(draft=st.sampled_from(DRAFTS), way=st.sampled_from(CREATES), quiet=st.booleans())
    def submit(self, draft: OtocoDraft, way: Way, quiet: bool) -> None:
        self.world.holds_back = quiet
        self.world.submit(draft, way)
        if way.kills:
            self._forget()
        self.world.pass_time(0.05)

    @rule(draft=st.sampled_from(DRAFTS), way=st.sampled_from(TAKEN), quiet=st.booleans())
    def submit_and_fill(self, draft: OtocoDraft, way: Way, quiet: bool) -> None:
        """The market comes to the entry at once."""
        self.submit(draft, way, quiet)
        for price in FILLING:
            self.world.move(price)

    @rule(number=st.integers(0, 9), way=st.sampled_from(WAYS))
    def cancel(self, number: int, way: Way) -> None:
        self.world.cancel(number, way)
        if way.kills:
            self._forget()
        self.world.pass_time(0.05)

    @rule(number=st.integers(0, 9), role=st.sampled_from(EXITS), way=st.sampled_from(REMOVALS))
    def remove(self, number: int, role: LegRole, way: Way) -> None:
        self.world.remove(number, role, way)
        self._after(way)

    @rule(number=st.integers(0, 9), to=st.sampled_from(TRIGGERS), way=st.sampled_from(AMENDS), late=st.booleans())
    def move_exit(self, number: int, to: tuple[LegRole, str], way: Way, late: bool) -> None:
        """The exchange's word of it comes at once, or waits for the model."""
        self.world.holds_back = late
        self.world.move_exit(number, to[0], Decimal(to[1]), way)
        self._after(way)

    @rule(draft=st.sampled_from(DRAFTS), to=st.sampled_from(TRIGGERS), way=st.sampled_from(AMENDS), late=st.booleans())
    def fill_and_move(self, draft: OtocoDraft, to: tuple[LegRole, str], way: Way, late: bool) -> None:
        self.submit_and_fill(draft, Way(), quiet=False)
        self.move_exit(0, to, way, late)

    @rule(draft=st.sampled_from(DRAFTS), role=st.sampled_from(EXITS), way=st.sampled_from([*REMOVALS, None]))
    def fill_and_lose(self, draft: OtocoDraft, role: LegRole, way: Way | None) -> None:
        """One exit goes: asked for here, or with another program."""
        self.submit_and_fill(draft, Way(), quiet=False)
        if way is None:
            self.world.lose_elsewhere(role)
        else:
            self.remove(0, role, way)

    def _after(self, way: Way) -> None:
        if way.kills:
            self._forget()
        self.world.pass_time(0.05)

    @rule()
    def decide_by_hand(self) -> None:
        self.world.settle_by_hand()

    @rule()
    def change_key(self) -> None:
        self.world.change_key()

    # What happens on the exchange

    @rule(price=st.sampled_from(PRICES), pieces=st.integers(0, 3), quiet=st.booleans())
    def move(self, price: str, pieces: int, quiet: bool) -> None:
        self.world.holds_back = quiet
        self.world.move(price)
        for _ in range(pieces):
            self.world.move(price)

    @rule(number=st.integers(0, 9))
    def cancel_elsewhere(self, number: int) -> None:
        self.world.cancel_elsewhere(number)

    @rule(lags=st.booleans())
    def lag(self, lags: bool) -> None:
        """Questions about orders are answered by a replica that knows none."""
        faults = self.world.exchange.venue.faults
        if lags:
            faults.arm(Fault.HIDE_ORDERS)
            self.world.is_told_all = False
        else:
            faults.clear(Fault.HIDE_ORDERS)

    # What happens on the way

    @precondition(lambda self: self.world.exchange.ear.reports)
    @rule(how=st.sampled_from(sorted(DELIVERIES)))
    def deliver(self, how: str) -> None:
        """In another order, twice, in part, or not at all."""
        waiting = list(self.world.exchange.ear.reports)
        told, rest = DELIVERIES[how](waiting)
        if any(report not in told and report not in rest for report in waiting):
            self.world.is_told_all = False
        self.world.deliver(told, rest)

    @precondition(lambda self: self.world.told)
    @rule(number=st.integers(0, 9))
    def repeat(self, number: int) -> None:
        """An old event comes once more."""
        told = self.world.told
        self.world.deliver([told[number % len(told)]], list(self.world.exchange.ear.reports))

    @precondition(lambda self: self.world.line.stream)
    @rule(wholly=st.booleans())
    def disconnect(self, wholly: bool) -> None:
        self.world.disconnect(wholly=wholly)

    @rule()
    def reconnect(self) -> None:
        self.world.connect()

    @rule(seconds=st.sampled_from([0.1, 1, 5, 20, 70, 200]))
    def wait(self, seconds: float) -> None:
        self.world.pass_time(seconds)

    @rule()
    def crash(self) -> None:
        self.world.kill()
        self._forget()

    # What must hold

    @invariant()
    def nothing_is_wrong(self) -> None:
        if hasattr(self, "world"):
            self.world.deliver_all()
            check_always(self.world)
            self._check_what_ended()

    def _check_what_ended(self) -> None:
        for strategy in self.world.desk.state.strategies:
            name, now = strategy.strategy_id, phase(strategy)
            was = self.final.get(name, now)
            assert now is was, f"{was} turned into {now}"
            if now in FINAL and not any(may_come_back(strategy, role) for role in EXITS):
                self.final[name] = now
            for role, leg in strategy.legs.items():
                status = status_of(leg.latest) if leg.latest else None
                assert self.ended.get((name, role), status) == status
                if is_terminal(status) and status and not may_come_back(strategy, role):
                    self.ended[name, role] = status

    def _forget(self) -> None:
        """What was believed and not yet stored may have to be learnt again."""
        self.ended.clear()
        self.final.clear()

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            self._heal()
            check_always(self.world)
            check_healed(self.world)
        finally:
            self.world.close()

    def _heal(self) -> None:
        """The exchange answers, what is late has come, and the desk is asked to check."""
        world = self.world
        world.exchange.venue.faults.clear()
        world._forget_the_line()
        world.holds_back = False
        world.connect()
        world.pass_time(HEAL_S)
        world.deliver(list(world.exchange.ear.reports))
        world.loop.finish(world.desk.check())
        world.loop.settle()
