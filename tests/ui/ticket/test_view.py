"""The ticket as a person meets it: real keys, real presses, and what assistive technology is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.order import Side
from otoco_desktop.ui.shell.window import MainWindow
from otoco_desktop.ui.widgets.sentence import ICON_ROOM
from otoco_desktop.ui.widgets.tones import FieldTone
from tests.ui.fakes import PLAN, WRONG_PLAN

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from otoco_desktop.ui.ticket.view import TicketView

ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def ticket(window: MainWindow) -> TicketView:
    return window.page.ticket


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def test_the_window_opens_with_the_keyboard_in_the_entry(ticket: TicketView) -> None:
    assert focused() is ticket.entry.edit


def test_the_verdict_follows_in_the_event_of_the_key(ticket: TicketView) -> None:
    QTest.keyClicks(ticket.entry.edit, "92400.005")
    assert ticket.entry.edit.text() == "92400.005"
    assert ticket.entry.verdict.text().startswith("92,400.005 is between ticks of 0.01.")
    assert ticket.entry.edit.tone is FieldTone.ERROR


def test_typed_text_is_never_rewritten(ticket: TicketView) -> None:
    for typed in ("92,400", "2 percent", "-", "1e5"):
        ticket.stop.edit.clear()
        QTest.keyClicks(ticket.stop.edit, typed)
        assert ticket.stop.edit.text() == typed


def test_digits_of_another_script_stay_and_are_refused_by_name(ticket: TicketView) -> None:
    QGuiApplication.clipboard().setText("１２")
    QTest.keyClick(ticket.entry.edit, Qt.Key.Key_V, CTRL)
    assert ticket.entry.edit.text() == "１２"
    assert ticket.entry.edit.tone is FieldTone.ERROR


def test_names_are_the_designs(window: MainWindow, ticket: TicketView) -> None:
    names = [edit.accessibleName() for edit in ticket.boxes().values()]
    assert names == [
        "Entry price in USD",
        "Quantity",
        "Stop trigger",
        "Stop limit price",
        "Target trigger",
        "Target limit price",
    ]
    choices = (ticket.side, ticket.mode, ticket.stop.kind, ticket.target.kind)
    assert [choice.accessibleName() for choice in choices] == ["Side", "Quantity mode", "Stop type", "Target type"]
    assert ticket.tag.accessibleName() == "Tag and note"


def test_descriptions_equal_verdicts(window: MainWindow, ticket: TicketView) -> None:
    for draft in (PLAN, WRONG_PLAN):
        window.presenter.load(draft)
        for field, group in ticket.groups().items():
            assert group.edit.accessibleDescription() == group.verdict.text().strip()
            assert group.verdict.text().strip() == window.presenter.state.verdicts[field].text


@pytest.mark.parametrize(
    ("key", "field"),
    [
        (Qt.Key.Key_E, Field.ENTRY),
        (Qt.Key.Key_Q, Field.QUANTITY),
        (Qt.Key.Key_O, Field.STOP),
        (Qt.Key.Key_G, Field.TARGET),
    ],
)
def test_alt_keys_move_to_their_field(window: MainWindow, ticket: TicketView, key: Qt.Key, field: Field) -> None:
    window.top_bar.picker.setFocus()
    QTest.keyClick(focused(), key, ALT)
    assert focused() is ticket.boxes()[field]


def test_alt_a_moves_to_the_tag(ticket: TicketView, window: MainWindow) -> None:
    QTest.keyClick(focused(), Qt.Key.Key_A, ALT)
    assert focused() is ticket.tag
    QTest.keyClicks(ticket.tag, "range-retest")
    assert window.presenter.draft.tag == "range-retest"


def test_alt_b_and_alt_l_choose_the_side(window: MainWindow, ticket: TicketView) -> None:
    chosen = []
    for key in (Qt.Key.Key_L, Qt.Key.Key_B):
        QTest.keyClick(focused(), key, ALT)
        chosen.append(window.presenter.draft.side)
    assert chosen == [Side.SELL, Side.BUY]


def test_tab_visits_the_fields_in_the_designs_order(window: MainWindow, ticket: TicketView) -> None:
    window.presenter.load(PLAN)
    ticket.side.setFocus()
    seen: list[QWidget] = [focused()]
    for _ in range(9):
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
        seen.append(focused())
    assert seen == [
        ticket.side.button(0),
        ticket.entry.edit,
        ticket.mode.button(2),
        ticket.quantity.edit,
        ticket.stop.kind.button(0),
        ticket.stop.edit,
        ticket.target.kind.button(1),
        ticket.target.edit,
        ticket.target.limit,
        ticket.tag,
    ]


def test_tab_goes_on_through_checks_submit_and_table(window: MainWindow, ticket: TicketView) -> None:
    window.presenter.load(PLAN)
    ticket.clear_button.setFocus()
    seen = []
    for _ in range(5):
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
        seen.append(focused())
    rows = window.page.checks.list.rows
    assert seen == [
        window.page.outcome.turn,
        rows[0],
        window.page.submit.button,
        window.page.strategies.segments.button(1),
        window.page.strategies.table,
    ]


def test_arrows_move_inside_segments(window: MainWindow, ticket: TicketView) -> None:
    ticket.mode.setFocus()
    QTest.keyClick(focused(), Qt.Key.Key_Right)
    assert window.presenter.draft.quantity_mode.value == "Spend"
    assert focused() is ticket.mode.button(1)


@pytest.mark.parametrize(
    ("modifier", "text"),
    [(Qt.KeyboardModifier.NoModifier, "92400.01"), (SHIFT, "92400.10"), (CTRL, "92401.00")],
)
def test_arrow_keys_step_in_ticks(ticket: TicketView, modifier: Qt.KeyboardModifier, text: str) -> None:
    QTest.keyClicks(ticket.entry.edit, "92400.00")
    QTest.keyClick(ticket.entry.edit, Qt.Key.Key_Up, modifier)
    assert ticket.entry.edit.text() == text
    QTest.keyClick(ticket.entry.edit, Qt.Key.Key_Down, modifier)
    assert ticket.entry.edit.text() == "92400.00"


def test_ctrl_m_switches_the_leg_that_has_the_keyboard(window: MainWindow, ticket: TicketView) -> None:
    ticket.focus_field(Field.TARGET)
    QTest.keyClick(focused(), Qt.Key.Key_M, CTRL)
    assert not window.presenter.draft.target_market
    assert window.presenter.draft.stop_market
    assert ticket.target.limit.isVisible()


def test_clicking_a_fix_fills_the_field_and_leaves_the_keyboard(window: MainWindow, ticket: TicketView) -> None:
    window.presenter.load(WRONG_PLAN)
    ticket.focus_field(Field.TARGET)
    for field, text in ((Field.ENTRY, "92400.00"), (Field.QUANTITY, "0.26243"), (Field.STOP, "2%")):
        _click_link(ticket, field)
        assert ticket.boxes()[field].text() == text
    assert focused() is ticket.target.edit


def _click_link(ticket: TicketView, field: Field) -> None:
    verdict = ticket.groups()[field].verdict
    rect = verdict._layout().link_rects()[0][1]
    spot = rect.center().toPoint() + QPoint(ICON_ROOM, 0)
    QTest.mouseClick(verdict, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)


def test_a_fix_can_be_taken_by_keyboard(window: MainWindow, ticket: TicketView) -> None:
    window.presenter.load(WRONG_PLAN)
    ticket.focus_field(Field.ENTRY)
    QTest.keyClick(focused(), Qt.Key.Key_Tab)
    assert focused() is ticket.entry.verdict
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert ticket.entry.edit.text() == "92400.00"
    assert focused() is ticket.entry.edit


@pytest.mark.parametrize("pasted", ["92400.00\n", "924\u200b00", "9" * 200, "92\u202e400"])
def test_a_paste_that_cannot_be_seen_is_kept_out_and_said(ticket: TicketView, pasted: str) -> None:
    QTest.keyClicks(ticket.entry.edit, "92000")
    QGuiApplication.clipboard().setText(pasted)
    ticket.entry.edit.selectAll()
    QTest.keyClick(ticket.entry.edit, Qt.Key.Key_V, CTRL)
    assert ticket.entry.edit.text() == "92000"
    assert ticket.entry.verdict.text().startswith("Not pasted:")


def test_an_ordinary_paste_is_taken(ticket: TicketView, window: MainWindow) -> None:
    QGuiApplication.clipboard().setText("92400.00")
    QTest.keyClick(ticket.entry.edit, Qt.Key.Key_V, CTRL)
    assert window.presenter.draft.entry == "92400.00"


def test_bid_mid_and_ask_fill_the_entry(window: MainWindow, ticket: TicketView) -> None:
    for index, text in enumerate(("93119.50", "93119.80", "93120.10")):
        QTest.mouseClick(ticket.sources.button(index), Qt.MouseButton.LeftButton)
        assert ticket.entry.edit.text() == text
    assert focused() is ticket.entry.edit


def test_clear_empties_the_ticket(window: MainWindow, ticket: TicketView) -> None:
    window.presenter.load(PLAN)
    QTest.mouseClick(ticket.clear_button, Qt.MouseButton.LeftButton)
    assert window.presenter.draft.is_empty
    assert not ticket.clear_button.isEnabled()


def test_verdicts_of_any_length_move_nothing(window: MainWindow, ticket: TicketView, qtbot: QtBot) -> None:
    def places() -> list[tuple[str, int]]:
        return [(edit.accessibleName(), edit.mapTo(ticket, QPoint(0, 0)).y()) for edit in ticket.boxes().values()]

    window.presenter.load(PLAN)
    QApplication.sendPostedEvents()
    before = places()
    for text in ("", "x" * 60, "92400.005", "0", "99999999999999"):
        window.presenter.edit(Field.ENTRY, text)
        QApplication.sendPostedEvents()
        assert places() == before


def test_escape_and_enter_change_nothing(window: MainWindow, ticket: TicketView) -> None:
    QTest.keyClicks(ticket.entry.edit, "924")
    QTest.keyClick(ticket.entry.edit, Qt.Key.Key_Return)
    QTest.keyClick(ticket.entry.edit, Qt.Key.Key_Escape)
    assert ticket.entry.edit.text() == "924"
    assert not window.review.sheet.is_open


def test_a_narrow_box_shows_what_is_typed_or_what_it_comes_to(ticket: TicketView, window: MainWindow) -> None:
    window.presenter.load(replace(PLAN, stop_market=False, stop_limit="stop-0.1%"))
    box = ticket.stop.limit
    assert (box.suffix, box.toolTip()) == ("= 90,461.44", "stop-0.1%")
    assert box.textMargins().right() >= box.width()
    box.setFocus()
    assert (box.toolTip(), box.textMargins().right()) == ("", box.textMargins().left())
    QTest.keyClick(box, Qt.Key.Key_Backspace)
    assert (box.text(), box.textMargins().right()) == ("stop-0.1", box.textMargins().left())
    ticket.entry.edit.setFocus()
    assert box.textMargins().right() >= box.width()
    window.presenter.edit(Field.STOP_LIMIT, "90000")
    assert box.textMargins().right() == box.textMargins().left()


def test_a_calculation_is_typed_key_by_key_and_never_rewritten(ticket: TicketView, window: MainWindow) -> None:
    ticket.entry.edit.setFocus()
    for key in "mark - 0.5 %":
        QTest.keyClicks(ticket.entry.edit, key)
        assert ticket.entry.edit.tone is FieldTone.REST, ticket.entry.edit.text()
    assert (ticket.entry.edit.text(), ticket.entry.edit.suffix) == ("mark - 0.5 %", "= 92,652.82 USD")


def test_smaller_exits_are_said_under_the_quantity_while_they_are_chosen(
    ticket: TicketView, window: MainWindow
) -> None:
    assert ticket.exit_quantity.isHidden()
    window.presenter.load(replace(PLAN, exit_quantity="0.09000"))
    assert ticket.exit_quantity.isVisible()
    assert ticket.exit_quantity.accessibleName() == "Stop and target cover 0.09000 BTC. Use all"
    stops = ticket.tab_stops()
    assert stops.index(ticket.exit_quantity) == stops.index(ticket.quantity.verdict) + 1
    QTest.keyClick(ticket.exit_quantity, Qt.Key.Key_Return)
    assert ticket.exit_quantity.isHidden()
    assert window.presenter.draft == PLAN
