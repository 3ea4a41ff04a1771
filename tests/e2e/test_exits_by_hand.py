"""Removing and moving one exit by keys and mouse, as a person does, with what the window says on the way."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from otoco_desktop.domain.lifecycle import closing
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.strategy import Closing, LegStatus, Phase
from otoco_desktop.domain.transport import Transport
from otoco_desktop.practice.faults import Fault, Loss
from otoco_desktop.practice.model import Status
from otoco_desktop.rehearsal.hands import CTRL
from otoco_desktop.ui.strategies.model import COLUMNS
from otoco_desktop.ui.strategies.rows import Column
from tests.e2e.exits import MOVE, NEW_STOP, PROTECTED, REMOVE, Exits
from tests.e2e.stage import BRISK, BUY, CALM_MS, Stage, on_stage
from tests.e2e.test_exits import over

if TYPE_CHECKING:
    import qasync

STOP, TARGET = LegRole.STOP, LegRole.TARGET
CTRL_SHIFT = CTRL | Qt.KeyboardModifier.ShiftModifier
OLD_STOP = Decimal(BUY.stop)


def go_to(stage: Stage, column: Column) -> None:
    """Into this cell of the newest strategy's row, with the arrow."""
    table = stage.program.window.page.strategies.table
    table.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in COLUMNS:
        stage.hands.press(Qt.Key.Key_Left)
    while COLUMNS[table.currentIndex().column()] is not column:
        before = table.currentIndex().column()
        stage.hands.press(Qt.Key.Key_Right)
        assert table.currentIndex().column() > before
    assert table.selected == stage.strategy.strategy_id


async def ask_to_remove(stage: Stage, column: Column) -> None:
    go_to(stage, column)
    stage.hands.press(Qt.Key.Key_Delete)
    await stage.see(stage.program.window.page.strategies.sheet.isVisible, "the question")


async def open_sheet(stage: Stage, column: Column, trigger: str) -> None:
    """Ask to move the exit of this cell, and type where to."""
    go_to(stage, column)
    stage.hands.press(Qt.Key.Key_M, CTRL_SHIFT)
    sheet = stage.program.window.pages.exits.sheet
    await stage.see(lambda: sheet.is_open, "the sheet")
    edit = sheet.form.first_stop()
    stage.hands.press(Qt.Key.Key_A, CTRL)
    for letter in trigger:
        stage.hands.press(getattr(Qt.Key, "Key_Period" if letter == "." else f"Key_{letter}"))
    assert edit.text() == trigger
    stage.clock.skip(CALM_MS)


async def test_the_stop_goes_only_when_that_is_pressed(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path, options=over(Transport.REST)) as stage:
        exits = Exits(stage)
        await exits.protected()
        await ask_to_remove(stage, Column.STOP)
        said = "This removes your stop. 0.10000 BTC will be unprotected."
        assert stage.hands.says(said)
        stage.hands.press(Qt.Key.Key_Return)
        assert not stage.program.window.page.strategies.sheet.isVisible()
        assert await exits.requests() == [], "Enter keeps it"
        stage.arm(Fault.HIDE_ORDERS)
        stage.arm(Fault.MUTE_STREAMS)
        await ask_to_remove(stage, Column.STOP)
        button = stage.program.window.page.strategies.sheet.remove
        stage.hands.click_on(button)
        stage.hands.click_on(button)
        await stage.see(lambda: "remove requested" in " ".join(stage.row()), "what was asked for")
        stage.controls.clear()
        await stage.reaches(Phase.UNPROTECTED)
        assert stage.chip() == "Unprotected"
        assert "remove requested" not in " ".join(stage.row())
        assert await exits.requests() == [REMOVE]


async def test_which_exit_is_asked_where_none_is_chosen(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        exits = Exits(stage)
        await exits.protected()
        go_to(stage, Column.ENTRY)
        stage.hands.press(Qt.Key.Key_Delete)
        strip = stage.program.window.page.strategies.exits.strip
        await stage.see(strip.isVisible, "the choice")
        stage.hands.press(Qt.Key.Key_Return)
        assert not strip.isVisible(), "Enter keeps both"
        stage.hands.press(Qt.Key.Key_Delete)
        stage.hands.click("Remove target")
        sheet = stage.program.window.page.strategies.sheet
        await stage.see(sheet.isVisible, "the question")
        assert stage.hands.says("This removes your target. Only the stop will close this position.")
        stage.hands.click_on(sheet.remove)
        await stage.shows_legs(LegStatus.FILLED, LegStatus.ACTIVE, LegStatus.CANCELLED)
        assert await exits.requests() == [REMOVE]


async def test_the_stop_is_moved_in_its_sheet_and_fires_there(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        exits = Exits(stage)
        await exits.protected()
        await open_sheet(stage, Column.STOP, "91500.00")
        sheet = stage.program.window.pages.exits.sheet
        await stage.see(lambda: stage.hands.is_open("Move stop"), "a move that may be asked for")
        stage.hands.press(Qt.Key.Key_Return)
        assert await exits.requests() == [], "Enter alone sends nothing"
        for _ in range(3):
            stage.hands.press(Qt.Key.Key_Return, CTRL)
        await exits.stands_at(STOP, NEW_STOP)
        await stage.see(lambda: "91,500.00" in " ".join(stage.row()), "the new trigger in the table")
        stage.hands.press(Qt.Key.Key_Escape)
        assert not sheet.is_open
        assert await exits.requests() == [MOVE]
        await stage.move("91500.00")
        await stage.reaches(Phase.CLOSED)
        assert closing(stage.strategy) is Closing.STOPPED


@pytest.mark.long
async def test_a_trigger_on_the_wrong_side_of_the_mark_cannot_be_asked_for(
    tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    async with on_stage(tmp_path) as stage:
        exits = Exits(stage)
        await exits.protected()
        await open_sheet(stage, Column.STOP, "92395.00")
        await stage.see(lambda: not stage.hands.is_open("Move stop"), "a closed button")
        stage.hands.press(Qt.Key.Key_Return, CTRL)
        assert await exits.requests() == []


@pytest.mark.long
@pytest.mark.parametrize("done", [True, False], ids=["done", "not done"])
async def test_a_lost_reply_says_requested_until_it_is_shown(
    done: bool, tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    async with on_stage(tmp_path, options=BRISK) as stage:
        exits = Exits(stage)
        await exits.protected()
        stage.arm(Fault.HIDE_ORDERS)
        stage.arm(Fault.MUTE_STREAMS)
        stage.arm(Fault.LOSE_AMEND_DONE if done else Fault.LOSE_AMEND_UNDONE, Loss.ABORT)
        await open_sheet(stage, Column.STOP, "91500.00")
        await stage.see(lambda: stage.hands.is_open("Move stop"), "a move that may be asked for")
        stage.hands.press(Qt.Key.Key_Return, CTRL)
        await stage.see(lambda: "move requested" in " ".join(stage.row()), "what was asked for")
        assert exits.trigger(STOP) == OLD_STOP
        stage.hands.press(Qt.Key.Key_Escape)
        stage.controls.clear()
        if done:
            await exits.stands_at(STOP, NEW_STOP)
            await stage.see(lambda: "move requested" not in " ".join(stage.row()), "that it is over")
        else:
            assert await stage.program.desk.check()
            assert "move requested" in " ".join(stage.row())
        assert (stage.legs(), (await exits.there(STOP)).status) == (PROTECTED, Status.ACTIVE)
        assert await exits.requests() == [MOVE]
