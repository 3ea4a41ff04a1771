"""The checks panel and the submit bar under real keys and clicks."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from otoco_desktop.app.state import Gate
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.rules import evaluate
from otoco_desktop.ui.checks import state as checks
from otoco_desktop.ui.checks.submit import SubmitBar
from otoco_desktop.ui.checks.view import ChecksPanel
from tests.ui import plan_examples as plans

OPEN = Gate(open=True)


def panel(qtbot: QtBot) -> ChecksPanel:
    made = ChecksPanel()
    qtbot.addWidget(made)
    made.resize(352, 420)
    made.show()
    made.render(checks.build(evaluate(plans.BROKEN, plans.around())))
    return made


def bar(qtbot: QtBot) -> SubmitBar:
    made = SubmitBar(lambda: 0)
    qtbot.addWidget(made)
    made.resize(352, 110)
    made.show()
    return made


def test_rows_counts_and_names(qtbot: QtBot) -> None:
    shown = panel(qtbot)
    assert shown.chip_words == ("3 fail", "1 warning")
    assert shown.accessibleName() == "Checks: 3 fail, 1 warning"
    assert shown.list.rows[0].accessibleName().startswith("Price order, Fail: ")
    heights = [row.height() for row in shown.list.rows]
    assert heights[0] > 2 * heights[-1]


def test_a_click_asks_for_the_field(qtbot: QtBot) -> None:
    shown = panel(qtbot)
    with qtbot.waitSignal(shown.field_requested) as asked:
        QTest.mouseClick(shown.list.rows[1], Qt.MouseButton.LeftButton, pos=QPoint(40, 10))
    assert asked.args == [Field.ENTRY]


def test_arrows_and_enter_ask_for_the_field(qtbot: QtBot) -> None:
    shown = panel(qtbot)
    first, _, third = shown.list.rows[:3]
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Down)
    QTest.keyClick(shown.list.rows[1], Qt.Key.Key_Down)
    assert shown.focusWidget() is third
    with qtbot.waitSignal(shown.field_requested) as asked:
        QTest.keyClick(third, Qt.Key.Key_Return)
    assert asked.args == [Field.QUANTITY]


def test_the_list_is_one_tab_stop(qtbot: QtBot) -> None:
    shown = panel(qtbot)
    stops = [row for row in shown.list.rows if row.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert stops == [shown.list.rows[0]]


def test_fewer_rows_leave_none_behind(qtbot: QtBot) -> None:
    shown = panel(qtbot)
    before = len(shown.list.rows)
    shown.render(checks.build(plans.ready()))
    shown.render(checks.build(plans.empty()))
    assert len(shown.list.rows) == len(plans.empty().findings) != before
    assert all(row.isVisible() for row in shown.list.rows)


def test_an_open_bar_asks_for_the_review(qtbot: QtBot) -> None:
    shown = bar(qtbot)
    shown.render(checks.submit(plans.ready(), OPEN))
    assert shown.button.isEnabled()
    with qtbot.waitSignal(shown.review_requested):
        QTest.mouseClick(shown.button, Qt.MouseButton.LeftButton)


def test_a_closed_bar_says_why_and_leads_to_the_first_error(qtbot: QtBot) -> None:
    shown = bar(qtbot)
    shown.render(checks.submit(evaluate(plans.BROKEN, plans.around()), OPEN))
    assert not shown.button.isEnabled()
    assert shown.button.accessibleDescription() == ("Can't submit: 3 errors. First: the entry price is between ticks.")
    shown.sentence.setFocus()
    with qtbot.waitSignal(shown.first_error_requested):
        QTest.keyClick(shown.sentence, Qt.Key.Key_Return)


def test_a_closed_button_does_nothing(qtbot: QtBot) -> None:
    shown = bar(qtbot)
    shown.render(checks.submit(plans.ready(), Gate(open=False, reason="Starting.")))
    with qtbot.assertNotEmitted(shown.review_requested):
        QTest.mouseClick(shown.button, Qt.MouseButton.LeftButton)
