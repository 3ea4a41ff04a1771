"""The sheet under real keys and clicks, with the clock in the test's hands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from otoco_desktop.app.state import Confirmed, Gate
from otoco_desktop.domain.strategy import Phase
from otoco_desktop.domain.verdict import Verdict
from otoco_desktop.ui.review.state import Stage
from otoco_desktop.ui.review.view import ReviewSheet
from tests.ui import plan_examples as plans
from tests.ui import strategy_examples as strategies

ENTER = Qt.Key.Key_Return
CONTROL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


@dataclass(slots=True)
class Bench:
    """A window with a button, the sheet over it, and a clock."""

    window: QWidget
    behind: QPushButton
    now_ms: int = plans.NOW_MS
    sent: list[Confirmed] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    shortcuts: list[str] = field(default_factory=list)
    sheet: ReviewSheet = field(init=False)

    def __post_init__(self) -> None:
        self.sheet = ReviewSheet(self.window, lambda: self.now_ms)
        self.sheet.submit_requested.connect(self.sent.append)
        self.sheet.closed.connect(self.said.append)
        shortcut = QShortcut(QKeySequence("Ctrl+Return"), self.window)
        shortcut.activated.connect(lambda: self.shortcuts.append("review"))

    def open(self, verdict: Verdict | None = None) -> None:
        made = Confirmed("token", verdict or plans.ready(), plans.REQUEST_JSON)
        self.sheet.open_with(made, plans.BTC, "PRACTICE", plans.QUOTE)

    def later(self, ms: int) -> None:
        """Time passes and a fresh price comes."""
        self.now_ms += ms
        self.sheet.observe(plans.ready(), replace(plans.QUOTE, mark_ms=self.now_ms), Gate(open=True))

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key wherever the keyboard is."""
        QTest.keyClick(QApplication.focusWidget() or self.sheet, key, modifiers)


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    window = QWidget()
    window.resize(1000, 800)
    behind = QPushButton("behind", window)
    made = Bench(window, behind)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    behind.setFocus()
    yield made
    made.sheet.close_sheet()
    window.close()
    window.deleteLater()


def test_it_opens_on_the_button_that_changes_nothing(bench: Bench) -> None:
    bench.open()
    assert QApplication.focusWidget() is bench.sheet.sheet.back
    assert bench.sheet.sheet.width() == 688
    assert bench.sheet.sheet.geometry().right() == 999
    assert bench.sheet.sheet.submit.isEnabled()


def test_in_a_small_window_it_takes_nine_tenths(bench: Bench) -> None:
    bench.open()
    bench.window.resize(700, 600)
    assert bench.sheet.sheet.width() == 630
    assert bench.sheet.height() == 600


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_one_key_alone_never_submits(bench: Bench, key: Qt.Key) -> None:
    bench.open()
    bench.later(5_000)
    for stop in (bench.sheet.sheet.submit, bench.sheet.sheet.tabs.button(0), bench.sheet.sheet):
        stop.setFocus()
        QTest.keyClick(stop, key)
    assert bench.sent == []
    assert bench.sheet.stage is Stage.REVIEW


def test_control_enter_submits_once(bench: Bench) -> None:
    bench.open()
    bench.later(500)
    bench.press(ENTER, CONTROL)
    bench.press(ENTER, CONTROL)
    assert [confirmed.token for confirmed in bench.sent] == ["token"]
    assert bench.sheet.stage is Stage.SENDING


@pytest.mark.parametrize("tab", [0, 1, 2])
def test_control_enter_works_on_every_tab(bench: Bench, tab: int) -> None:
    bench.open()
    bench.later(500)
    bench.sheet.sheet.tabs.choose(tab)
    if tab == 1:
        bench.sheet.sheet.request.text.setFocus()
    bench.press(ENTER, CONTROL)
    assert len(bench.sent) == 1


def test_keys_and_clicks_of_the_first_half_second_are_ignored(bench: Bench) -> None:
    bench.open()
    bench.later(499)
    bench.press(ENTER, CONTROL)
    QTest.mouseClick(bench.sheet.sheet.submit, LEFT)
    assert bench.sent == []
    bench.later(1)
    QTest.mouseClick(bench.sheet.sheet.submit, LEFT)
    assert len(bench.sent) == 1


def test_a_held_key_is_ignored(bench: Bench) -> None:
    bench.open()
    bench.later(5_000)
    held = QKeyEvent(QEvent.Type.KeyPress, ENTER, CONTROL, "\r", True, 3)
    QApplication.sendEvent(bench.sheet.sheet.back, held)
    assert bench.sent == []


def test_the_windows_own_shortcuts_rest_meanwhile(bench: Bench) -> None:
    bench.press(ENTER, CONTROL)
    assert bench.shortcuts == ["review"]
    bench.open()
    bench.press(ENTER, CONTROL)
    assert bench.shortcuts == ["review"]


def test_escape_closes_sends_nothing_and_gives_the_keyboard_back(bench: Bench) -> None:
    bench.open()
    bench.press(Qt.Key.Key_Escape)
    assert not bench.sheet.is_open
    assert not bench.sheet.isVisible()
    assert bench.said == ["Nothing was sent."]
    assert bench.sent == []
    assert QApplication.focusWidget() is bench.behind


def test_escape_while_sending_closes_and_says_that_it_goes_on(bench: Bench) -> None:
    bench.open()
    bench.later(500)
    bench.press(ENTER, CONTROL)
    bench.press(Qt.Key.Key_Escape)
    assert bench.said == ["The sending goes on. Strategies shows what became of it."]
    assert len(bench.sent) == 1


def test_an_answer_at_once_is_shown_at_once(bench: Bench) -> None:
    """Before the sheet has even said that it is sending."""
    bench.open()
    bench.later(500)
    bench.press(ENTER, CONTROL)
    assert not bench.sheet.sheet.updatesEnabled()
    bench.sheet.follow(strategies.in_phase(Phase.REJECTED))
    assert bench.sheet.sheet.updatesEnabled()
    assert bench.sheet.sheet.notice.sentence.text().startswith("S-0415: The exchange refused it")
    assert QApplication.focusWidget() is bench.sheet.sheet.back


def test_the_outcome_stands_on_the_sheet(bench: Bench, qtbot: QtBot) -> None:
    bench.open()
    bench.later(500)
    bench.press(ENTER, CONTROL)
    qtbot.waitUntil(lambda: bench.sheet.sheet.submit.text() == "Sending…")
    assert QApplication.focusWidget() is bench.sheet.sheet.back
    bench.sheet.follow(strategies.in_phase(Phase.REJECTED))
    assert bench.sheet.stage is Stage.DONE
    words = bench.sheet.sheet.notice.sentence.text()
    assert words == "S-0415: The exchange refused it: insufficient balance (code 306). Nothing was placed."
    assert not bench.sheet.sheet.submit.isVisible()


def test_tab_stays_inside_and_reaches_every_control(bench: Bench) -> None:
    bench.open(plans.ready(plans.FEE_WARNING))
    seen = []
    for _ in range(12):
        bench.press(Qt.Key.Key_Tab)
        seen.append(QApplication.focusWidget())
    sheet = bench.sheet.sheet
    assert bench.behind not in seen
    assert {sheet.back, sheet.tabs.button(0), sheet.summary.boxes[0]} <= set(seen)
    assert all(widget is not None and bench.sheet.isAncestorOf(widget) for widget in seen)


def test_a_tick_box_below_the_edge_comes_into_sight(bench: Bench) -> None:
    bench.window.resize(700, 420)
    bench.open(plans.ready(plans.FEE_WARNING))
    box = bench.sheet.sheet.summary.boxes[0]
    assert box.visibleRegion().isEmpty()
    for _ in range(12):
        bench.press(Qt.Key.Key_Tab)
        if QApplication.focusWidget() is box:
            break
    assert QApplication.focusWidget() is box
    assert not box.visibleRegion().isEmpty()


def test_a_warning_must_be_ticked(bench: Bench) -> None:
    bench.open(plans.ready(plans.FEE_WARNING))
    bench.now_ms += 600
    assert not bench.sheet.sheet.submit.isEnabled()
    assert bench.sheet.sheet.submit.accessibleDescription() == "Tick the warning under Summary first."
    box = bench.sheet.sheet.summary.boxes[0]
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert bench.sheet.sheet.submit.isEnabled()
    QTest.mouseClick(bench.sheet.sheet.submit, LEFT)
    assert len(bench.sent) == 1


def test_moved_prices_lock_it_and_check_again_asks(bench: Bench, qtbot: QtBot) -> None:
    bench.open()
    moved = replace(plans.QUOTE, mark=Decimal("94000.00"), mark_ms=bench.now_ms)
    bench.sheet.observe(plans.ready(), moved, Gate(open=True))
    sheet = bench.sheet.sheet
    assert sheet.notice.isVisible()
    assert not sheet.submit.isEnabled()
    with qtbot.waitSignal(bench.sheet.check_again_requested):
        QTest.mouseClick(sheet.notice.check_button, LEFT)
    bench.sheet.renew(Confirmed("fresh", plans.ready(), plans.REQUEST_JSON), moved)
    bench.now_ms += 500
    bench.press(ENTER, CONTROL)
    assert [confirmed.token for confirmed in bench.sent] == ["fresh"]


def test_prices_that_stop_coming_lock_it_by_themselves(bench: Bench, qtbot: QtBot) -> None:
    bench.open()
    bench.now_ms += 9_000
    qtbot.waitUntil(lambda: not bench.sheet.sheet.submit.isEnabled())
    assert bench.sheet.sheet.notice.sentence.text().startswith("Prices are 9.2 s old.")


def test_the_request_is_copied_as_it_stands(bench: Bench) -> None:
    bench.open()
    bench.sheet.sheet.tabs.choose(1)
    QTest.mouseClick(bench.sheet.sheet.request.copy_button, LEFT)
    assert QGuiApplication.clipboard().text() == plans.REQUEST_JSON


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("POST https://host/exchange/v1/private/advanced/create-otoco", None),
        ("wss://host/exchange/v1/user", "Websocket wss://host/exchange/v1/user"),
    ],
)
def test_the_request_tells_where_it_goes(bench: Bench, address: str, shown: str | None) -> None:
    made = Confirmed("token", plans.ready(), plans.REQUEST_JSON, address=address)
    bench.sheet.open_with(made, plans.BTC, "PRACTICE", plans.QUOTE)
    assert bench.sheet.sheet.request.address.text() == (shown or address)


def test_nothing_from_outside_is_read_as_markup(bench: Bench) -> None:
    rude = plans.FEE_WARNING._replace(title="<b>x</b>", detail="<img src=x>")
    bench.open(plans.ready(rude))
    assert "<b>x</b>" in bench.sheet.sheet.summary.boxes[0].accessibleName()
    assert bench.sheet.sheet.request.text.toPlainText() == plans.REQUEST_JSON
