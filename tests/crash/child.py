"""The program on an exchange elsewhere, to be killed or to start again: ``python -m tests.crash.child STORY ...``."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import Qt

from otoco_desktop import main
from otoco_desktop.app.desk import DeskOptions
from otoco_desktop.app.state import DeskState
from otoco_desktop.domain.changing import pending_change, why_no_change
from otoco_desktop.domain.exits import standing_order
from otoco_desktop.domain.market import Quote
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.phases import latest
from otoco_desktop.domain.strategy import Phase, Strategy
from otoco_desktop.domain.transport import Transport
from otoco_desktop.program import Program
from otoco_desktop.rehearsal.hands import CTRL
from otoco_desktop.settings import Environment, Places
from otoco_desktop.ui.shell.theme import Theme
from otoco_desktop.wiring import RunningPractice
from tests.crash.cells import MOVING, NEW, REMOVING, Cell, Ends, Point, cell_named
from tests.crash.seams import Stop, wrap
from tests.e2e import stage
from tests.e2e.stage import BUY, SkippingClock, Stage, make_setup, show

PACE = 10
PATIENCE_S = 30.0
MINUTES_MS = 130_000
"""So much later no request of the first program could be admitted any more."""


async def swiftly(seconds: float) -> None:
    """The desk's own pauses, ten times as fast: faster than the limits of the exchange let it ask is of no use."""
    await asyncio.sleep(seconds / PACE)


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


@dataclass
class Story:
    """A program in LOCAL, on an exchange that another process runs."""

    folder: Path
    venue: RunningPractice
    cell: str

    def stage(self, theme: Theme) -> Stage:
        clock = SkippingClock()
        options = DeskOptions(sleep=swiftly, transport=lambda: Transport.REST)
        places = Places(self.folder, Environment.LOCAL)
        program = Program(theme, make_setup(self.folder, self.venue, clock, options=options, places=places))
        return Stage(program, None, clock, submit="Submit local strategy")

    async def send(self, theme: Theme) -> int:
        """Plan and submit, and for the last point cancel; then wait for the end."""
        cell = cell_named(self.cell)
        wrap(Stop(cell, say))
        stage = self.stage(theme)
        await show(stage.program)
        await stage.program.connect()
        await stage.ready()
        stage.plan(BUY)
        await stage.review()
        stage.hands.press(Qt.Key.Key_Return, CTRL)
        say("submitted")
        if cell.point is Point.DURING_CANCEL:
            await stage.reaches(Phase.WORKING)
            stage.close_review()
            await stage.cancel()
        if cell.point in REMOVING | MOVING:
            await stage.reaches(Phase.WORKING)
            await self._change_stop(stage, cell)
        await asyncio.Event().wait()
        return 0

    async def _change_stop(self, stage: Stage, cell: Cell) -> None:
        desk, name = stage.program.desk, stage.strategy.strategy_id
        await stage.see(lambda: not why_no_change(stage.strategy, LegRole.STOP), "a stop that can be changed")
        if cell.point in REMOVING:
            await desk.cancel_leg(name, LegRole.STOP)
        else:
            await desk.move(name, LegRole.STOP, Decimal(NEW), None)

    async def start_again(self, theme: Theme) -> int:
        """Start, wait until everything is settled, and tell what was shown on the way."""
        stage, cell = self.stage(theme), cell_named(self.cell)
        ends = cell.ends
        eyes = Eyes(stage)
        await show(stage.program)
        stage.program.desk.listen(eyes)
        await stage.program.connect()
        await stage.ready()
        if ends is Ends.NOT_FOUND:
            await stage.see(lambda: len(stage.strategy.looks) >= 5, "five rounds of questions")
            say("later")
            await asyncio.to_thread(sys.stdin.readline)
            stage.clock.skip_wall(MINUTES_MS)
            stage.choose("Check now")
        if ends is not Ends.NEVER_WAS:
            await stage.see(lambda: stage.chip() == ends, f"{ends} in {stage.row()}")
        if cell.point in REMOVING | MOVING:
            await stage.see(lambda: eyes.stop() == [*cell.stop, cell.pending], f"{cell.stop}, {cell.pending}")
        told = eyes.told()
        await stage.program.close()
        say(json.dumps(told))
        return 0


@dataclass
class Eyes:
    """What the window has shown: the first table, every reason for a closed gate, and what stood there in the end."""

    stage: Stage
    reasons: list[str] = field(default_factory=list)
    first: list[str] | None = None
    banner: str = ""

    def desk_changed(self, state: DeskState) -> None:
        self.reasons.append(state.gate.reason)
        if state.strategies and self.first is None:
            asyncio.get_running_loop().call_soon(self._look)

    def _look(self) -> None:
        if self.first is None and not self._has_opened():
            self.first = self._chips()
            self.banner = self.stage.banner()

    def quote_changed(self, quote: Quote) -> None: ...

    def strategy_changed(self, strategy: Strategy) -> None: ...

    def told(self) -> dict[str, object]:
        until_open = self.reasons.index("") if self._has_opened() else len(self.reasons)
        return {
            "first": self.first or [],
            "banner": self.banner,
            "reasons": list(dict.fromkeys(self.reasons[:until_open])),
            "opened": self._has_opened(),
            "settled": self._chips(),
            "stop": self.stop(),
            "list_ids": [item.list_id for item in self.stage.strategies],
            "notice": self.stage.program._journal.notice if self.stage.program._journal else "",
        }

    def stop(self) -> list[str]:
        """Its state and its trigger as they are known, and what is asked about it and not settled."""
        told = [found for item in self.stage.strategies if (found := latest(item, LegRole.STOP))]
        if not told:
            return []
        strategy = self.stage.strategy
        return [
            told[0].status,
            str(standing_order(strategy).stop.trigger),
            pending_change(strategy, LegRole.STOP) or "",
        ]

    def _has_opened(self) -> bool:
        return "" in self.reasons

    def _chips(self) -> list[str]:
        return [self.stage.chip(at) for at in range(len(self.stage.strategies))]


def play() -> int:
    name, folder, cell, key_file, *addresses = sys.argv[1:]
    rest, user, market = addresses
    story = Story(Path(folder), RunningPractice((rest, user, market), Path(key_file)), cell)
    told: dict[str, Callable[[Theme], Awaitable[int]]] = {"send": story.send, "start_again": story.start_again}
    app, theme = main.application()
    stage.PATIENCE_S = PATIENCE_S

    async def run() -> int:
        return await told[name](theme)

    return main.in_loop(app, run)


if __name__ == "__main__":
    sys.exit(play())
