"""Every warning wants its own tick, and one that comes while the review is open locks it and is asked about."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from otoco_desktop.domain.strategy import Phase
from otoco_desktop.rehearsal.hands import CTRL
from tests.e2e.stage import BUY, CALM_MS, Stage, on_stage

if TYPE_CHECKING:
    import qasync

TWO = replace(BUY, stop_limit="91000", target_limit="97100")
"""Both limits lie on the far side of their triggers."""

NEAR = replace(BUY, entry="93110.00", stop="91000.00", target="98000.00")


async def opened(stage: Stage) -> None:
    """The review, without a tick."""
    await stage.see(lambda: stage.hands.says("Ready."), "a plan that passes")
    stage.hands.press(Qt.Key.Key_Return, CTRL)
    await stage.see(lambda: stage.program.window.review.sheet.is_open, "the review")
    stage.clock.skip(CALM_MS)


def footer(stage: Stage) -> str:
    return stage.program.window.review.sheet.sheet.footer.text()


def notice(stage: Stage) -> str:
    shown = stage.program.window.review.sheet.sheet.notice
    return shown.accessibleName() if shown.isVisible() else ""


async def test_each_warning_wants_its_own_tick(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        stage.plan(TWO)
        await opened(stage)
        first, second = stage.tick_boxes()
        assert {first.accessibleName().split(".")[0], second.accessibleName().split(".")[0]} == {
            "I have read: Stop limit",
            "I have read: Target limit",
        }
        assert "Tick the 2 warnings under Summary first." in footer(stage)
        stage.hands.press(Qt.Key.Key_Return, CTRL)
        assert not stage.strategies
        stage.hands.click_on(first)
        assert "Tick the warning under Summary first." in footer(stage)
        assert not stage.hands.is_open(stage.submit)
        second.setFocus()
        stage.hands.press(Qt.Key.Key_Space)
        await stage.see(lambda: stage.hands.is_open(stage.submit), "an open button")
        await stage.confirm()
        await stage.reaches(Phase.ACKED, Phase.WORKING, Phase.REJECTED)


async def test_a_warning_that_comes_while_the_review_is_open_locks_it_and_is_asked_about(
    tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    async with on_stage(tmp_path) as stage:
        stage.plan(NEAR)
        await opened(stage)
        await stage.see(lambda: stage.hands.is_open(stage.submit), "an open button")
        assert stage.tick_boxes() == []
        await stage.moved("93100.00")
        await stage.see(lambda: notice(stage), "a lock")
        assert notice(stage).startswith("A check changed, check again. Entry price: ")
        assert "It fills at once and pays the taker fee" in notice(stage)
        stage.hands.press(Qt.Key.Key_Return, CTRL)
        assert not stage.strategies

        stage.hands.click("Check again")
        await stage.see(stage.tick_boxes, "the new warning's tick box")
        assert not stage.hands.is_open(stage.submit)
        stage.hands.click_on(stage.tick_boxes()[0])
        stage.clock.skip(CALM_MS)
        await stage.see(lambda: stage.hands.is_open(stage.submit), "an open button")
        await stage.confirm()
        assert len((await stage.ledger()).lists) == 1
