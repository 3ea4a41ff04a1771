"""The LIVE review under real keys and clicks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from otoco_desktop.ui.review.retype import PASTE_REFUSED, TYPE_FIRST
from otoco_desktop.ui.review.sheet import Sheet
from otoco_desktop.ui.review.state import Stage
from otoco_desktop.ui.shell.account import AccountPorts
from otoco_desktop.ui.shell.live_band import LiveBand
from otoco_desktop.ui.shell.window import MainWindow
from otoco_desktop.ui.widgets.buttons import Kind
from tests.ui.fakes import PLAN, QUOTE
from tests.ui.live.scenes import LiveDesk, accounts_of, live_desk
from tests.ui.windows import open_window

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ENTER = Qt.Key.Key_Return


@pytest.fixture
def desk() -> LiveDesk:
    return live_desk("LIVE")


@pytest.fixture
def window(qtbot: QtBot, desk: LiveDesk) -> Iterator[MainWindow]:
    shown = open_window(desk)
    shown.resize(1360, 860)
    shown.take_account(AccountPorts(accounts=accounts_of("LIVE")))
    shown.show()
    shown.activateWindow()
    qtbot.waitUntil(shown.isActiveWindow)
    shown.complete()
    shown.presenter.load(PLAN)
    yield shown
    shown.close_now()
    shown.deleteLater()


@pytest.fixture
def sheet(window: MainWindow) -> Sheet:
    """The sheet, opened long enough ago."""
    window.review.open()
    later(window)
    return window.review.sheet.sheet


def later(window: MainWindow, ms: int = 600, mark: Decimal | None = QUOTE.mark) -> None:
    """Time passes and fresh prices come."""
    desk = window.presenter._desk
    assert isinstance(desk, LiveDesk)
    desk.pass_time(ms)
    desk.tick(replace(QUOTE, mark=mark, mark_ms=desk.monotonic_ms, book_ms=desk.monotonic_ms))
    window.refresh()


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def test_it_says_live_in_every_place(window: MainWindow, sheet: Sheet) -> None:
    assert sheet.band.text() == "LIVE: real money"
    assert sheet.band_detail.text() == "Main account, key ending k3F9"
    assert sheet.submit.text() == "Submit LIVE strategy"
    assert sheet.submit.accessibleName() == "Submit LIVE strategy"
    assert sheet.submit._kind is Kind.LIVE
    band = window.findChild(LiveBand)
    assert band is not None
    assert band.mapTo(window, QPoint(0, 0)) == QPoint(0, 0)
    assert window.review.sheet.geometry().top() == band.height() == 22


def test_the_field_has_the_keyboard_first(sheet: Sheet) -> None:
    assert focused() is sheet.retype.edit
    assert sheet.retype.edit.accessibleName() == "Retype entry value to confirm"
    assert not sheet.submit.isEnabled()
    assert sheet.submit.accessibleDescription() == TYPE_FIRST
    assert sheet.retype.answer.text() == "Waiting for the amount. Submit stays off."


def test_the_value_opens_the_button_and_control_enter_sends_once(sheet: Sheet, desk: LiveDesk) -> None:
    QTest.keyClicks(focused(), "9123")
    assert sheet.submit.isEnabled()
    assert sheet.retype.answer.text() == "Matches the entry value of 9,123.58 USD."
    QTest.keyClick(focused(), ENTER)
    assert desk.submitted == []
    QTest.keyClick(focused(), ENTER, CONTROL)
    QTest.keyClick(focused(), ENTER, CONTROL)
    assert len(desk.submitted) == 1
    assert sheet.retype.isHidden()


def test_a_wrong_value_closes_it_again(sheet: Sheet, desk: LiveDesk) -> None:
    QTest.keyClicks(focused(), "91234")
    QTest.keyClick(focused(), ENTER, CONTROL)
    assert not sheet.submit.isEnabled()
    assert sheet.retype.answer.text() == "91234 is not the entry value. Type 9123 or 9124."
    QTest.keyClick(focused(), Qt.Key.Key_Backspace)
    assert sheet.submit.isEnabled()
    assert desk.submitted == []


PASTES = [(Qt.Key.Key_V, CONTROL), (Qt.Key.Key_Insert, SHIFT)]


@pytest.mark.parametrize(("key", "held"), PASTES)
def test_pasting_is_refused_with_words(
    window: MainWindow, sheet: Sheet, key: Qt.Key, held: Qt.KeyboardModifier
) -> None:
    QGuiApplication.clipboard().setText("9123")
    QTest.keyClick(focused(), key, held)
    later(window)
    assert sheet.retype.edit.text() == ""
    assert sheet.retype.answer.text() == PASTE_REFUSED
    assert sheet.retype.edit.accessibleDescription() == PASTE_REFUSED
    assert not sheet.submit.isEnabled()
    QTest.keyClicks(focused(), "9123")
    assert sheet.submit.isEnabled()


def test_neither_middle_click_nor_drop_nor_menu_puts_text_in(window: MainWindow, sheet: Sheet) -> None:
    edit = sheet.retype.edit
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("9123")
    for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
        place = QPointF(5, 5)
        button = Qt.MouseButton.MiddleButton
        QApplication.sendEvent(edit, QMouseEvent(kind, place, place, button, button, Qt.KeyboardModifier.NoModifier))
    assert edit.text() == ""
    assert sheet.retype.answer.text() == PASTE_REFUSED
    dragged = QMimeData()
    dragged.setText("9123")
    drag = QDragEnterEvent(
        QPoint(5, 5), Qt.DropAction.CopyAction, dragged, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(edit, drag)
    assert not drag.isAccepted()
    assert not edit.acceptDrops()


def test_a_held_key_and_the_first_half_second_do_nothing(window: MainWindow, desk: LiveDesk) -> None:
    window.review.open()
    QTest.keyClicks(focused(), "9124")
    QTest.keyClick(focused(), ENTER, CONTROL)
    later(window)
    held = QKeyEvent(QEvent.Type.KeyPress, ENTER, CONTROL, autorep=True)
    QApplication.sendEvent(window.review.sheet, held)
    assert desk.submitted == []
    assert window.review.sheet.stage is Stage.REVIEW


def test_moved_prices_lock_it_and_the_value_stays_when_checked_again(window: MainWindow, sheet: Sheet) -> None:
    QTest.keyClicks(focused(), "9123")
    later(window, mark=Decimal("93500.00"))
    assert not sheet.submit.isEnabled()
    sheet.notice.check_button.click()
    later(window, mark=Decimal("93500.00"))
    assert sheet.retype.edit.text() == "9123"
    assert sheet.submit.isEnabled()


def test_another_value_has_to_be_typed_anew(window: MainWindow, sheet: Sheet) -> None:
    QTest.keyClicks(focused(), "9123")
    window.presenter.load(replace(PLAN, entry="92300.00"))
    sheet.notice.check_button.click()
    assert sheet.retype.edit.text() == ""
    assert not sheet.submit.isEnabled()


def test_closed_and_opened_again_nothing_is_typed(window: MainWindow, sheet: Sheet) -> None:
    QTest.keyClicks(focused(), "9123")
    window.review.close()
    window.review.open()
    assert sheet.retype.edit.text() == ""


def test_a_broken_limit_is_asked_by_number_and_the_cap_refuses(window: MainWindow, desk: LiveDesk) -> None:
    desk.settings = replace(desk.settings, trade_limit=Decimal(5000), open_risk_limit=Decimal(100))
    window.review.open()
    later(window)
    sheet = window.review.sheet.sheet
    words = [box.warning.text for box in sheet.summary.boxes]
    assert any("9,146.38 USD" in text and "5,000.00" in text for text in words)
    assert any("249.99 USD" in text and "100.00" in text for text in words)
    QTest.keyClicks(focused(), "9123")
    assert not sheet.submit.isEnabled()
    for box in sheet.summary.boxes:
        box.click()
    assert sheet.submit.isEnabled()
    window.review.close()
    desk.settings = replace(desk.settings, hard_cap=Decimal(6000))
    window.refresh()
    window.review.open()
    assert not window.review.is_open


@pytest.mark.parametrize("environment", ["PRACTICE", "LOCAL", "SANDBOX"])
def test_elsewhere_nothing_is_typed(qtbot: QtBot, environment: str) -> None:
    desk = live_desk(environment)
    window = open_window(desk)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.presenter.load(PLAN)
    window.review.open()
    later(window)
    sheet = window.review.sheet.sheet
    assert sheet.retype.isHidden()
    assert focused() is sheet.back
    assert sheet.submit.isEnabled()
    assert sheet.submit._kind is Kind.PRIMARY
    assert "LIVE" not in sheet.submit.text()
    assert window.findChild(LiveBand) is None
    window.close_now()
    window.deleteLater()
