"""Leaving the review while the answer is awaited: what is on screen then is the plan being sent, no older one."""

from __future__ import annotations

from pathlib import Path

import qasync
from PySide6.QtCore import Qt

from otoco_desktop.domain.strategy import Phase
from otoco_desktop.practice.faults import Fault, Loss
from otoco_desktop.rehearsal.hands import CTRL
from tests.e2e.stage import BUY, Plan, on_stage


async def test_the_plan_being_sent_is_selected_when_the_review_is_left(
    tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    async with on_stage(tmp_path) as stage:
        stage.arm(Fault.REFUSE_CREATE, 306)
        await stage.send(BUY)
        await stage.reaches(Phase.REJECTED)
        panel = stage.program.window.page.strategies
        await stage.see(lambda: panel.selected_strategy == stage.strategy, "the refused one selected")
        stage.arm(Fault.LOSE_REPLY_UNPLACED, Loss.SILENCE)
        stage.plan(Plan(quantity="0.01000"))
        await stage.review()
        stage.hands.press(Qt.Key.Key_Return, CTRL)
        await stage.reaches(Phase.INTENT)
        stage.close_review()
        await stage.see(lambda: panel.selected_strategy == stage.strategy, "the one being sent selected")
        assert stage.phase() is Phase.INTENT
