"""A whole program on a private practice exchange, used as a person uses it: keys, mouse, and eyes on the window."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication, QCheckBox

from otoco_desktop.app.clock import SystemClock
from otoco_desktop.app.desk import DeskOptions
from otoco_desktop.domain import lifecycle
from otoco_desktop.domain.order import LegRole, Side
from otoco_desktop.domain.strategy import LegStatus, Phase, Strategy
from otoco_desktop.domain.timeline import TimelineItem, timeline
from otoco_desktop.exchange.gateway import Pace
from otoco_desktop.exchange.session import Timing
from otoco_desktop.exchange.stream import BackOff
from otoco_desktop.practice.controls import Ledger, PracticeControls
from otoco_desktop.practice.faults import Fault
from otoco_desktop.practice.model import Leg
from otoco_desktop.practice.thread import PracticeServer
from otoco_desktop.practice.venue import PracticeConfig
from otoco_desktop.program import Program, Setup
from otoco_desktop.rehearsal.hands import CTRL, Hands
from otoco_desktop.settings import Environment, Places
from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.tokens import Scheme
from otoco_desktop.wiring import EmbeddedPractice, VenueSource
from tests.waiting import until

SYMBOL = "BTC_USD"
MARK = "93118.42"
SEED = 4
"""With this one the first entry fills in two parts."""

PACE = Pace(Timing(pause_ms=0, answer_ms=2_000, retry_ms=2_000), BackOff(first=0.02, longest=0.1, patient=0.1))
CALM_MS = 600
"""More than the half second in which a fresh review ignores keys."""

BEAT_S = 0.05
PATIENCE_S = 15.0
SUBMIT = "Submit practice strategy"
ENTRY, QUANTITY = "Entry price in USD", "Quantity"
STOP, STOP_LIMIT = "Stop trigger", "Stop limit price"
TARGET, TARGET_LIMIT = "Target trigger", "Target limit price"
T = TypeVar("T")


class SkippingClock(SystemClock):
    """The computer's clock, both halves of which can be moved on by hand."""

    def __init__(self) -> None:
        self._skipped_ms = 0
        self._wall_skipped_ms = 0

    def wall_ms(self) -> int:
        return super().wall_ms() + self._wall_skipped_ms

    def monotonic_ms(self) -> int:
        return super().monotonic_ms() + self._skipped_ms

    def skip(self, milliseconds: int) -> None:
        self._skipped_ms += milliseconds

    def skip_wall(self, milliseconds: int) -> None:
        self._wall_skipped_ms += milliseconds


@dataclass(frozen=True, slots=True)
class Plan:
    """What a person types. An empty limit leaves that exit at market."""

    side: Side = Side.BUY
    entry: str = "92400.00"
    quantity: str = "0.10000"
    stop: str = "90552.00"
    target: str = "97020.00"
    stop_limit: str = ""
    target_limit: str = ""
    mode: str = "Quantity"


BUY = Plan()
SELL = Plan(Side.SELL, "94000.00", "0.10000", "95880.00", "89300.00", stop_limit="96000.00", target_limit="89400.00")


async def briskly(seconds: float) -> None:
    """The desk's own pauses, thirty times as fast."""
    await asyncio.sleep(seconds / 30)


BRISK = DeskOptions(sleep=briskly)
"""For stories that wait for a check."""


def held_market(folder: Path, **changes: Any) -> PracticeConfig:
    """A practice exchange whose price stands still until it is moved."""
    config = PracticeConfig(folder, seed=SEED, market_interval_s=BEAT_S, script={SYMBOL: ((0.0, MARK),)})
    return replace(config, **changes)


@dataclass
class Stage:
    """One running program, the exchange behind it, and whoever sits in front of it."""

    program: Program
    server: PracticeServer | None
    clock: SkippingClock
    hands: Hands = field(init=False)
    submit: str = SUBMIT

    def __post_init__(self) -> None:
        self.hands = Hands(self.program.window)

    # The exchange

    @property
    def controls(self) -> PracticeControls:
        assert self.server is not None
        return self.server.controls

    async def ask(self, call: Callable[[PracticeControls], T]) -> T:
        """Something only the exchange's own thread can do or say."""
        return await asyncio.to_thread(call, self.controls)

    async def move(self, price: str) -> None:
        await self.ask(lambda controls: controls.set_price(SYMBOL, price))

    async def ledger(self) -> Ledger:
        return await self.ask(lambda controls: controls.ledger())

    async def legs_there(self) -> tuple[Leg, Leg, Leg]:
        """The three legs of the newest list, as the exchange has them."""
        return (await self.ledger()).lists[-1]

    def arm(self, fault: Fault, value: object = True) -> None:
        self.controls.arm(fault, value)

    # What the program believes

    @property
    def strategies(self) -> tuple[Strategy, ...]:
        return self.program.desk.state.strategies

    @property
    def strategy(self) -> Strategy:
        """The newest one."""
        assert self.strategies, "nothing was sent"
        return self.strategies[0]

    def phase(self) -> Phase | None:
        return lifecycle.phase(self.strategies[0]) if self.strategies else None

    def legs(self) -> tuple[LegStatus, ...]:
        return tuple(lifecycle.leg_status(self.strategy, role) for role in LegRole)

    async def reaches(self, *phases: Phase) -> None:
        """Wait until the newest strategy is in one of these states."""
        await self.see(lambda: self.phase() in phases, " or ".join(phases))

    async def shows_legs(self, *wanted: LegStatus) -> None:
        """Wait until entry, stop and target of the newest strategy stand like this."""
        await self.see(lambda: self.strategies and self.legs() == wanted, f"legs {wanted}")

    async def see(self, condition: Callable[[], object], what: str) -> None:
        try:
            await until(condition, PATIENCE_S, what)
        except AssertionError as error:
            raise AssertionError(f"{error}; {self.standing()}") from None

    def standing(self) -> str:
        """Where everything stands, for a failure's message."""
        state = self.program.desk.state
        told = [message.text for message in self.program.window.toasts.log]
        known = [f"{item.label} {lifecycle.phase(item)} {item.outcome}" for item in self.strategies]
        return f"{known}, gate {state.gate}, trouble {state.trouble!r}, told {told}"

    # What the window shows

    def row(self, at: int = 0) -> list[str]:
        """One row of the strategies table as it is read out, cell by cell."""
        table = self.program.window.page.strategies.table
        model = table.model()
        role = Qt.ItemDataRole.AccessibleTextRole
        return [str(model.index(at, column).data(role)) for column in range(model.columnCount())]

    def chip(self, at: int = 0) -> str:
        """The state of a strategy in the table's words."""
        return self.row(at)[0].split(", ")[1]

    def timeline(self) -> tuple[TimelineItem, ...]:
        """What happened to the newest strategy, as the window lists it."""
        return timeline(self.strategy)

    def banner(self) -> str:
        """What the banner for unknown outcomes says; empty while it is not there."""
        shown = self.program.window.banner
        return shown.accessibleDescription() if shown.isVisible() else ""

    def notice(self) -> str:
        """The line about the program's own trouble; empty while it is not there."""
        strip = self.program.window.trouble
        return strip.sentence.text() if strip.isVisible() else ""

    def why_closed(self) -> str:
        """Why Submit cannot be pressed, as it is read out; empty when it can."""
        return self.program.window.page.submit.button.accessibleDescription()

    # What a person does

    async def ready(self) -> None:
        """Wait until plans may be sent, at the price that every plan here is made for where we can set it."""
        desk = self.program.desk
        await self.see(lambda: desk.state.gate.open and desk.state.account is not None, "an open gate")
        if self.server is not None:
            await self.moved(MARK)

    async def moved(self, price: str) -> None:
        """Move the market, and wait until the window knows."""
        await self.move(price)
        await self.see(lambda: (quote := self.program.desk.state.quote) and quote.mark == Decimal(price), price)

    def choose(self, name: str) -> None:
        self.hands.click(name)

    def plan(self, plan: Plan) -> None:
        """Fill the ticket, field by field."""
        self.choose("Side: Buy" if plan.side is Side.BUY else "Side: Sell")
        self.choose(f"Quantity mode: {plan.mode}")
        self.hands.write(ENTRY, plan.entry)
        self.hands.write(QUANTITY, plan.quantity)
        self._exit("Stop", plan.stop, plan.stop_limit)
        self._exit("Target", plan.target, plan.target_limit)

    def _exit(self, name: str, trigger: str, limit: str) -> None:
        self.choose(f"{name} type: {'Limit' if limit else 'Market'}")
        self.hands.write(f"{name} trigger", trigger)
        if limit:
            self.hands.write(f"{name} limit price", limit)

    async def review(self) -> None:
        """Open the review, tick what has to be read, and wait until it may be confirmed."""
        await self.see(lambda: self.hands.says("Ready."), "a plan that passes")
        self.hands.press(Qt.Key.Key_Return, CTRL)
        await self.see(lambda: self.program.window.review.sheet.is_open, "the review")
        for box in self.tick_boxes():
            self.hands.click_on(box)
        await self.see(lambda: self.hands.is_open(self.submit), "a review that may be confirmed")
        self.clock.skip(CALM_MS)

    def tick_boxes(self) -> list[QCheckBox]:
        """The warnings of the review that want a tick."""
        boxes = self.program.window.review.sheet.findChildren(QCheckBox)
        return [box for box in boxes if box.isVisible() and not box.isChecked()]

    async def confirm(self) -> None:
        """Send, and go back to the plan."""
        before = len(self.strategies)
        self.hands.press(Qt.Key.Key_Return, CTRL)
        await self.see(lambda: len(self.strategies) == before + 1, "one more strategy")
        self.close_review()

    def close_review(self) -> None:
        self.hands.press(Qt.Key.Key_Escape)
        assert not self.program.window.review.sheet.is_open

    async def send(self, plan: Plan = BUY) -> None:
        """Plan, review and submit, by keys and mouse alone."""
        self.plan(plan)
        await self.review()
        await self.confirm()

    async def cancel(self) -> None:
        """Cancel the selected strategy through its question."""
        await self.see(lambda: self.hands.is_open("Cancel strategy"), "a strategy that can be cancelled")
        panel = self.program.window.page.strategies
        self.hands.click_on(panel.cancel_button)
        await self.see(panel.sheet.isVisible, "the question")
        self.hands.click_on(panel.sheet.remove)


@asynccontextmanager
async def on_stage(
    folder: Path,
    *,
    venue: VenueSource | None = None,
    server: PracticeServer | None = None,
    before: Callable[[PracticeServer], object] | None = None,
    connect: bool = True,
    ready: bool = True,
    **changes: Any,
) -> AsyncIterator[Stage]:
    """The program, shown and connected; closed again at the end. Its exchange is embedded unless one is given.

    ``before`` is done to the embedded exchange when it runs and nobody has connected yet; ``changes`` are to the
    program's setup.
    """
    if venue is None:
        venue = EmbeddedPractice(held_market(Places(folder, Environment.PRACTICE).practice_book))
        server = venue.server
    clock = SkippingClock()
    program = Program(dark_theme(), make_setup(folder, venue, clock, **changes))
    stage = Stage(program, server, clock)
    try:
        await show(program)
        if before is not None:
            assert server is not None
            await asyncio.wrap_future(server.start())
            await asyncio.to_thread(before, server)
        if connect:
            await program.connect()
        if connect and ready:
            await stage.ready()
        yield stage
    finally:
        await program.close()
        program.window.deleteLater()
        QCoreApplication.sendPostedEvents(program.window, QEvent.Type.DeferredDelete)


def make_setup(folder: Path, venue: VenueSource, clock: SkippingClock, **changes: Any) -> Setup:
    """A program that differs from the shipped one only in how long it waits."""
    return replace(Setup(Places(folder, Environment.PRACTICE), clock=clock, venue=venue, pace=PACE), **changes)


async def show(program: Program) -> None:
    """Show the window and give it the keyboard."""
    await program.show()
    program.window.activateWindow()
    await until(program.window.isActiveWindow, PATIENCE_S, "the keyboard")


def dark_theme() -> theme.Theme:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return theme.install(app, Scheme.DARK)
