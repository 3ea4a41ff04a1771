"""The play: plan, mistake, fix, review, send, part fill, fill, target. The market's moves are the exchange's own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import Qt

from otoco_desktop.domain import lifecycle
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.strategy import Closing, LegStatus, Phase, Strategy
from otoco_desktop.practice.thread import PracticeServer
from otoco_desktop.program import Program
from otoco_desktop.rehearsal.hands import CTRL, Hands, NotThere, until

SYMBOL = "BTC_USD"
SUBMIT = "Submit practice strategy"
START_PRICE = ((0.0, "93118.42"),)
PATIENCE_S = 20.0
CALM_S = 0.6
"""The review ignores keys in its first half second, so that a double press cannot send."""

PLANNED = {
    LegRole.ENTRY: LegStatus.FILLED,
    LegRole.STOP: LegStatus.CANCELLED,
    LegRole.TARGET: LegStatus.FILLED,
}


class Tells(Protocol):
    """Where the play is told."""

    def say(self, words: str) -> None: ...

    def picture(self, program: Program, name: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Stage:
    """The program, the exchange behind it, and the teller; ``pace_s`` is the pause between steps."""

    program: Program
    server: PracticeServer
    teller: Tells
    pace_s: float = 0.0

    @property
    def hands(self) -> Hands:
        return Hands(self.program.window)

    async def see(self, condition: Callable[[], object], what: str, picture: str = "") -> None:
        """Wait for it, tell it, and keep a picture."""
        await until(condition, PATIENCE_S, what)
        await asyncio.sleep(0)
        self.teller.say(what[:1].upper() + what[1:] + ".")
        if picture:
            self.teller.picture(self.program, picture)

    async def breathe(self) -> None:
        """Leave somebody who watches the time to look."""
        await asyncio.sleep(self.pace_s)

    async def move_market(self, price: str) -> None:
        """Let the exchange's price jump; asked on its own thread."""
        await self.breathe()
        controls = self.server.controls
        await asyncio.to_thread(controls.set_price, SYMBOL, price)
        self.teller.say(f"The market moves to {price}.")

    @property
    def strategy(self) -> Strategy:
        """The one strategy of this play. Raises ``NotThere`` before it was sent."""
        strategies = self.program.desk.state.strategies
        if not strategies:
            raise NotThere("nothing was sent")
        return strategies[0]

    def phase(self) -> Phase | None:
        found = self.program.desk.state.strategies
        return lifecycle.phase(found[0]) if found else None


async def perform(stage: Stage) -> None:
    """The whole play. Raises ``NotThere`` where it leaves the plan."""
    await connect(stage)
    await plan(stage)
    await review_and_send(stage)
    await follow(stage)
    compare(stage)


async def connect(stage: Stage) -> None:
    desk, window = stage.program.desk, stage.program.window
    window.activateWindow()
    await until(window.isActiveWindow, PATIENCE_S, "the keyboard")
    await stage.see(lambda: desk.state.gate.open, "connected: signed in, orders confirmed, prices live", "connected")
    await until(lambda: desk.state.quote is not None, PATIENCE_S, "a first price")


async def plan(stage: Stage) -> None:
    """The design's example: buy, risk half a percent, stop 2 %, target 2.5R; with a slip that its link repairs."""
    hands = stage.hands
    hands.write("Entry price in USD", "92400.005")
    await stage.breathe()
    await stage.see(lambda: hands.says("is between ticks of 0.01"), "the entry is refused: between ticks", "mistake")
    hands.take_fix("Entry price in USD")
    await stage.see(lambda: hands.read("Entry price in USD") == "92400.00", "its link puts 92400.00 into the field")
    await stage.breathe()
    hands.click("Quantity mode: Risk %")
    hands.write("Quantity", "0.5")
    hands.write("Stop trigger", "2%")
    hands.click("Target type: Limit")
    hands.write("Target trigger", "2.5R")
    hands.write("Target limit price", "97000.00")
    await stage.see(lambda: hands.says("Ready."), "every check passes", "planned")


async def review_and_send(stage: Stage) -> None:
    """Open the review with Ctrl+Enter, wait until it may be confirmed, and send."""
    hands = stage.hands
    await stage.breathe()
    hands.press(Qt.Key.Key_Return, CTRL)
    await stage.see(lambda: hands.is_open(SUBMIT), "the review shows the three orders as they will be sent", "review")
    await asyncio.sleep(CALM_S)
    await stage.breathe()
    hands.press(Qt.Key.Key_Return, CTRL)
    await stage.see(lambda: stage.phase() is Phase.WORKING, "sent once; the entry is on the book", "working")
    hands.press(Qt.Key.Key_Escape)


async def follow(stage: Stage) -> None:
    """Down to the entry in two steps, then up to the target."""
    await stage.move_market("92390.00")
    await stage.see(lambda: stage.phase() is Phase.PARTIAL, "part of the entry filled: no stop is active", "partial")
    await stage.see(lambda: stage.phase() is Phase.PROTECTED, "all of the entry filled: both exits active", "protected")
    await stage.move_market("97030.00")
    await stage.see(lambda: stage.phase() is Phase.CLOSED, "the target filled and cancelled the stop", "closed")


def compare(stage: Stage) -> None:
    """Every leg against the plan. Raises ``NotThere`` for the first that ended otherwise."""
    strategy = stage.strategy
    for role, planned in PLANNED.items():
        ended = lifecycle.leg_status(strategy, role)
        if ended is not planned:
            raise NotThere(f"the {role} was to end {planned} and ended {ended}")
    if lifecycle.closing(strategy) is not Closing.TARGET_FILLED:
        raise NotThere("the strategy did not end with its target")
