"""Closing and starting again: strategy, timeline, account and window are where they were left."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize

from otoco_desktop.domain.lifecycle import closing
from otoco_desktop.domain.strategy import Closing, LegStatus, Phase
from tests.e2e.stage import BUY, SELL, Stage, on_stage

if TYPE_CHECKING:
    import qasync

PROTECTED = (LegStatus.FILLED, LegStatus.ACTIVE, LegStatus.ACTIVE)
SMALLER = QSize(1024, 760)
"""Other than a new window's, and no larger than the offscreen platform's screen lets Qt bring back."""


def leave(stage: Stage) -> None:
    """Close the window as a person does; the program then ends behind it."""
    stage.program.window.close()


async def test_a_trade_goes_on_after_a_restart(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.send(BUY)
        await stage.reaches(Phase.WORKING)
        await stage.move("92390.00")
        await stage.shows_legs(*PROTECTED)
        held = (await stage.ledger()).quantities
        leave(stage)
    told = stage.timeline()

    async with on_stage(tmp_path) as stage:
        assert stage.legs() == PROTECTED
        assert stage.chip() == "Exits active"
        assert stage.timeline() == told
        assert stage.program.window.page.strategies.selected_strategy == stage.strategy
        assert (await stage.ledger()).quantities == held
        await stage.move("97030.00")
        await stage.reaches(Phase.CLOSED)
        assert closing(stage.strategy) is Closing.TARGET_FILLED
        leave(stage)

    async with on_stage(tmp_path) as stage:
        assert stage.chip() == "Target filled"
        await stage.send(SELL)
        assert [item.label for item in stage.strategies] == ["S-0002", "S-0001"]


async def test_what_happened_while_the_program_was_closed_is_found(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.send(BUY)
        await stage.reaches(Phase.WORKING)
        leave(stage)

    async with on_stage(tmp_path, before=lambda server: server.controls.set_price("BTC_USD", "92390.00")) as stage:
        await stage.shows_legs(*PROTECTED)
        await stage.see(lambda: stage.chip() == "Exits active", "the chip")


async def test_the_window_stands_where_it_was_left(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        window = stage.program.window
        await stage.see(lambda: window.page.is_complete, "the middle of the window")
        window.resize(SMALLER)
        body, centre = window.page.splitters()
        body.setSizes([300, 450, 310])
        centre.setSizes([250, 400])
        left = [splitter.sizes() for splitter in window.page.splitters()]
        leave(stage)

    async with on_stage(tmp_path) as stage:
        window = stage.program.window
        await stage.see(lambda: window.page.is_complete, "the middle of the window")
        assert window.size() == SMALLER
        await stage.see(lambda: [splitter.sizes() for splitter in window.page.splitters()] == left, f"{left}")


async def test_what_was_typed_and_not_sent_comes_back_and_is_not_sent(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        stage.plan(BUY)
        leave(stage)

    async with on_stage(tmp_path) as stage:
        assert stage.hands.read("Quantity") == BUY.quantity
        assert not stage.strategies
        assert not (await stage.ledger()).lists
