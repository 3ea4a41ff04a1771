"""The checks panel and the submit bar under real keys and clicks."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from otoco_desktop.app.state import Gate
from otoco_desktop.domain.finding import Choice, Field, Finding, Fix, Severity
from otoco_desktop.domain.rules import evaluate
from otoco_desktop.ui.checks import state as checks
from otoco_desktop.ui.checks.row_picture import DETAIL, Frame, detail_left, fix_place, fix_places
from otoco_desktop.ui.checks.submit import SubmitBar
from otoco_desktop.ui.checks.view import CheckList, ChecksPanel
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.panel import PADDING
from tests.ui import plan_examples as plans
from tests.ui.windows import dark_theme

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


def test_prices_of_a_check_that_are_long_begin_further_left_and_keep_their_digits(qtbot: QtBot) -> None:
    dark_theme()
    frame = Frame(352, 22, 1.0, hovered=False)
    short = checks.CheckRow("order", checks.Look.PASS, "Price order", "90,552 < 92,400 < 97,020", None)
    long = checks.CheckRow("order", checks.Look.PASS, "Price order", "90,796.43 < 92,649.42 < 95,428.90", None)
    assert detail_left(short, frame) == DETAIL
    assert detail_left(long, frame) < DETAIL
    assert detail_left(long, frame) + paint.width(long.text, Role.SECONDARY) <= frame.width - PADDING


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


def test_a_click_on_the_link_asks_for_the_fix_and_beside_it_for_the_field(qtbot: QtBot) -> None:
    shown = panel(qtbot)
    row = next(row for row in shown.list.rows if row.row is not None and row.row.code == "entry.tick")
    assert row.row is not None
    place = fix_place(row.row, row.width())
    with qtbot.waitSignal(shown.fix_requested) as asked:
        QTest.mouseClick(row, Qt.MouseButton.LeftButton, pos=place.center().toPoint())
    assert asked.args[0].text == "92400.00"
    with qtbot.waitSignal(shown.field_requested) as field, qtbot.assertNotEmitted(shown.fix_requested):
        QTest.mouseClick(row, Qt.MouseButton.LeftButton, pos=QPoint(40, 10))
    assert field.args == [Field.ENTRY]


def test_shift_enter_takes_the_fix_of_the_row_that_has_the_keyboard(qtbot: QtBot) -> None:
    shown = panel(qtbot)
    at, row = next((at, row) for at, row in enumerate(shown.list.rows) if row.row and row.row.code == "entry.tick")
    shown.list.rows[0].setFocus()
    for step in range(at):
        QTest.keyClick(shown.list.rows[step], Qt.Key.Key_Down)
    with qtbot.waitSignal(shown.fix_requested) as asked:
        QTest.keyClick(row, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert asked.args[0].field is Field.ENTRY


WAYS = (Fix(Field.STOP, "2%", "Use 2%"), Fix(Field.QUANTITY, "0.05", "Exits 0.05", Choice.EXIT_QUANTITY))


def with_ways(qtbot: QtBot, *, leads: bool = True) -> CheckList:
    """One warning with two ways out."""
    finding = Finding("c", Severity.WARNING, "Coverage", "Too little.", Field.STOP, fix=WAYS[0], more=WAYS[1:])
    made = CheckList(leads=leads)
    qtbot.addWidget(made)
    made.resize(352, 120)
    made.show()
    made.show_rows((checks._row(finding),))
    return made


def test_every_way_out_has_a_link_of_its_own(qtbot: QtBot) -> None:
    shown = with_ways(qtbot)
    (row,) = shown.rows
    assert row.row is not None
    places = fix_places(row.row, row.width())
    assert [fix for fix, _ in places] == list(WAYS)
    assert not places[0][1].intersects(places[1][1])
    for fix, place in places:
        with qtbot.waitSignal(shown.fix_requested) as asked:
            QTest.mouseClick(row, Qt.MouseButton.LeftButton, pos=place.center().toPoint())
        assert asked.args == [fix]
    assert not row.grab().isNull()


def test_a_digit_takes_the_way_out_of_that_number(qtbot: QtBot) -> None:
    shown = with_ways(qtbot)
    (row,) = shown.rows
    row.setFocus()
    for key, fix in zip((Qt.Key.Key_1, Qt.Key.Key_2), WAYS, strict=True):
        with qtbot.waitSignal(shown.fix_requested) as asked:
            QTest.keyClick(row, key)
        assert asked.args == [fix]
    with qtbot.assertNotEmitted(shown.fix_requested):
        QTest.keyClick(row, Qt.Key.Key_3)
    assert row.accessibleDescription().endswith("Shift+Enter: Use 2%. 2: Exits 0.05.")


def test_where_rows_are_only_read_no_room_is_kept_for_links(qtbot: QtBot) -> None:
    assert with_ways(qtbot).rows[0].height() > with_ways(qtbot, leads=False).rows[0].height()


def test_a_row_is_described_by_what_it_rests_on(qtbot: QtBot) -> None:
    shown = panel(qtbot)
    told = [row.accessibleDescription() for row in shown.list.rows]
    assert all(words.startswith("Rests on: ") for words in told)


def test_a_list_that_is_only_read_offers_no_fix(qtbot: QtBot) -> None:
    read = CheckList(leads=False)
    qtbot.addWidget(read)
    read.resize(352, 900)
    read.show()
    read.show_rows(checks.build(evaluate(plans.BROKEN, plans.around())).rows)
    with qtbot.assertNotEmitted(read.fix_requested), qtbot.assertNotEmitted(read.field_requested):
        for row in read.rows:
            QTest.mouseClick(row, Qt.MouseButton.LeftButton, pos=QPoint(row.width() - 20, 10))


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
