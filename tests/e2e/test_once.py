"""However often and however fast Submit is pressed, the exchange receives one create."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from otoco_desktop.domain.events import Acknowledged
from otoco_desktop.domain.strategy import Phase
from otoco_desktop.rehearsal.hands import CTRL, NONE
from tests.e2e.stage import BUY, CALM_MS, SELL, SUBMIT, Stage, on_stage
from tests.faults.evidence import Evidence
from tests.faults.seen import held, shown
from tests.waiting import until

if TYPE_CHECKING:
    import qasync


def double_click(stage: Stage) -> None:
    """Press, release, and the second press that the system reports as a double click, and its release."""
    button = stage.hands.find(SUBMIT, QAbstractButton)
    stage.hands.click_on(button)
    QTest.mouseDClick(button, Qt.MouseButton.LeftButton, NONE, button.rect().center())
    QTest.mouseRelease(button, Qt.MouseButton.LeftButton, NONE, button.rect().center())


def press_fifty_times(stage: Stage) -> None:
    for _ in range(50):
        stage.hands.press(Qt.Key.Key_Return, CTRL)


def press_and_click(stage: Stage) -> None:
    button = stage.hands.find(SUBMIT, QAbstractButton)
    stage.hands.press(Qt.Key.Key_Return, CTRL)
    stage.hands.click_on(button)
    stage.hands.press(Qt.Key.Key_Return, CTRL)


@pytest.mark.fault(57)
@pytest.mark.qt_log_ignore("not accepted by receiving widget", extend=True)
@pytest.mark.parametrize("insist", [double_click, press_fifty_times, press_and_click])
async def test_insisting_sends_once(
    insist: Callable[[Stage], None], tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    async with on_stage(tmp_path) as stage:
        stage.plan(BUY)
        await stage.review()
        insist(stage)
        await stage.reaches(Phase.WORKING)
        press_fifty_times(stage)
        stage.close_review()
        assert await creates(stage) == 1
        assert len(stage.strategies) == 1
        evidence.note(57, injected=insist.__name__, shown=shown(stage), ledger=await held(stage))
        await stage.send(SELL)
        await stage.reaches(Phase.WORKING)
        assert await creates(stage) == 2


async def test_a_key_held_down_opens_the_review_and_sends_nothing(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        stage.plan(BUY)
        await stage.see(lambda: stage.hands.says("Ready."), "a plan that passes")
        stage.hands.press(Qt.Key.Key_Return, CTRL)
        assert stage.program.window.review.sheet.is_open
        repeat(30)
        stage.clock.skip(CALM_MS)
        await stage.see(lambda: stage.hands.is_open(SUBMIT), "a review that may be confirmed")
        repeat(30)
        stage.hands.press(Qt.Key.Key_Return)
        assert not stage.strategies
        assert await creates(stage) == 0


async def test_the_first_half_second_of_a_review_takes_no_key(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        stage.plan(BUY)
        await stage.see(lambda: stage.hands.says("Ready."), "a plan that passes")
        stage.hands.press(Qt.Key.Key_Return, CTRL)
        stage.hands.press(Qt.Key.Key_Return, CTRL)
        stage.hands.press(Qt.Key.Key_Return, CTRL)
        assert stage.program.window.review.sheet.is_open
        assert not stage.strategies
        stage.close_review()
        assert stage.hands.says("Ready.")
        assert await creates(stage) == 0


async def test_closing_the_program_while_it_sends_leaves_one_create(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        stage.plan(BUY)
        await stage.review()
        stage.hands.press(Qt.Key.Key_Return, CTRL)
        server = stage.controls
        stage.program.window.close()
        assert stage.program.window.isVisible(), "the window went before its work had ended"
        await until(lambda: len(server.ledger().creates) == 1, what="the create")


async def test_an_answer_under_way_when_the_program_is_closed_is_still_recorded(
    tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    async with on_stage(tmp_path) as stage:
        stage.plan(BUY)
        await stage.review()
        stage.hands.press(Qt.Key.Key_Return, CTRL)
    assert isinstance(stage.strategy.outcome, Acknowledged)


async def test_closing_the_program_over_an_open_review_sends_nothing(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        stage.plan(BUY)
        await stage.review()
        stage.program.window.close()
        assert await creates(stage) == 0
    assert not stage.strategies


def repeat(times: int) -> None:
    """Ctrl+Enter as a held key sends it."""
    focused = QApplication.focusWidget()
    assert focused is not None
    for _ in range(times):
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, Qt.Key.Key_Return, CTRL, "\r", True)
            QApplication.sendEvent(focused, event)


async def creates(stage: Stage) -> int:
    return len((await stage.ledger()).creates)
