"""Help on a field, and the list of keys: it says what works, all of it and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QWidget

from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.order import LegRole
from otoco_desktop.ui import keys
from otoco_desktop.ui.shell.dialogs import Sheet
from otoco_desktop.ui.shell.help import LETTERS, sections
from otoco_desktop.ui.shell.window import MainWindow
from otoco_desktop.ui.strategies.rows import Column
from tests.ui.fakes import PLAN, WRONG_PLAN, FakeDesk, four_strategies
from tests.ui.windows import open_window

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

Modifier, Key = Qt.KeyboardModifier, Qt.Key
NONE, SHIFT, CTRL, ALT = Modifier.NoModifier, Modifier.ShiftModifier, Modifier.ControlModifier, Modifier.AltModifier


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    """With a plan that passes and four strategies."""
    made = open_window(FakeDesk(four_strategies()), rehearsal=True)
    made.resize(1360, 860)
    made.complete()
    made.show()
    qtbot.waitActive(made)
    made.presenter.load(PLAN)
    yield made
    made.hide()
    made.deleteLater()


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(focused(), key, modifier)


def listed(window: MainWindow) -> dict[str, dict[str, str]]:
    """The list as it is shown: by section, the keys and what they do."""
    return {section.title: {key.keys: key.does for key in section.keys} for section in sections(window)}


def sheet_of(window: MainWindow) -> Sheet:
    sheet = window.findChild(Sheet)
    assert sheet is not None
    return sheet


def words_of(sheet: Sheet) -> list[str]:
    return [shown.text() for shown in sheet.findChildren(QLabel)]


# The list


def test_the_list_has_every_key_of_the_menus(window: MainWindow) -> None:
    real = {
        action.shortcut().toString(QKeySequence.SequenceFormat.NativeText).replace("Return", "Enter")
        for action in window.findChildren(QAction)
        if action.isVisible() and not action.shortcut().isEmpty()
    }
    shown = listed(window)
    menus = {key for title in ("File", "Plan", "Strategies", "View", "Help") for key in shown.get(title, ())}
    assert {"Ctrl+N", "Ctrl+Enter", "F1", "F5", "F8", "Ctrl+?"} <= real
    assert menus == real


def test_the_list_has_every_other_shortcut(window: MainWindow) -> None:
    parts = {key.keys for section in keys.PARTS for key in section.keys}
    assert {shortcut.key().toString() for shortcut in window.findChildren(QShortcut)} <= parts


def test_the_letters_lead_where_the_list_says(window: MainWindow, qtbot: QtBot) -> None:
    letters = listed(window)[LETTERS]
    assert letters == {
        "Alt+B": "Side: Buy",
        "Alt+L": "Side: Sell",
        "Alt+E": "Entry price in USD",
        "Alt+Q": "Quantity",
        "Alt+O": "Stop trigger",
        "Alt+G": "Target trigger",
        "Alt+A": "Tag and note",
        "Alt+R": "Review and submit",
    }
    for key, name in letters.items():
        if name not in ("Side: Buy", "Side: Sell", "Review and submit"):
            press(Key[f"Key_{key[-1]}"], ALT)
            assert focused().accessibleName() == name
    press(Key.Key_L, ALT)
    assert window.page.ticket.side.index == 1
    press(Key.Key_B, ALT)
    assert window.page.ticket.side.index == 0


def test_on_the_strategies_page_its_own_letters_are_listed(window: MainWindow) -> None:
    press(Key.Key_2, CTRL)
    assert "Entry price in USD" not in listed(window)[LETTERS].values()


def entry(window: MainWindow) -> str:
    return window.page.ticket.boxes()[Field.ENTRY].text()


def shows_ticks(window: MainWindow) -> None:
    window.page.ticket.focus_field(Field.ENTRY)
    for modifier, steps in ((NONE, "92400.01"), (SHIFT, "92400.11"), (CTRL, "92401.11")):
        press(Key.Key_Up, modifier)
        assert entry(window) == steps
        if modifier is not NONE:
            continue
        press(Key.Key_Down)
        assert entry(window) == "92400.00"
        press(Key.Key_Up)


def shows_leg(window: MainWindow) -> None:
    window.page.ticket.focus_field(Field.STOP)
    before = window.page.ticket.stop.is_market
    press(Key.Key_M, CTRL)
    assert window.page.ticket.stop.is_market is not before


def shows_checks(window: MainWindow) -> None:
    window.presenter.load(WRONG_PLAN)
    rows = window.page.checks.list.rows
    rows[0].setFocus()
    press(Key.Key_Down)
    assert rows[1].hasFocus()
    press(Key.Key_Up)
    assert rows[0].hasFocus()
    asked: list[object] = []
    window.page.checks.field_requested.connect(asked.append)
    press(Key.Key_Return)
    assert len(asked) == 1


def shows_table(window: MainWindow) -> None:
    table = window.page.strategies.table
    table.setFocus(Qt.FocusReason.TabFocusReason)
    press(Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == table.rows.rows[table.rows.row_of(table.selected)].copied
    chosen: list[LegRole | None] = []
    for key in (*[Key.Key_Right] * (len(Column) - 1), Key.Key_Left):
        press(key)
        chosen.append(table.chosen_exit)
    assert chosen == [None, None, LegRole.STOP, LegRole.TARGET, None, LegRole.TARGET]
    removed: list[bool] = []
    table.remove_pressed.connect(lambda: removed.append(True))
    press(Key.Key_Delete)
    assert removed == [True]
    table.setFocus()
    asked: list[bool] = []
    table.cancel_pressed.connect(lambda: asked.append(True))
    press(Key.Key_Delete, SHIFT)
    assert asked == [True]


SHOWN_HERE = {
    "In a price field, and on a chart line": shows_ticks,
    "In a stop or a target": shows_leg,
    "In the checks": shows_checks,
    "In the strategies table": shows_table,
}
SHOWN_ELSEWHERE = {
    "On a chart line",
    "In the review",
    "In the list of drafts",
    "In the list of presets",
    "While a stop or a target is moved",
}
"""By the tests of the chart, of the review, of the lists and of moving."""


def test_every_part_with_keys_of_its_own_is_shown() -> None:
    assert {section.title for section in keys.PARTS} == SHOWN_HERE.keys() | SHOWN_ELSEWHERE


@pytest.mark.parametrize("title", SHOWN_HERE)
def test_the_keys_of_a_part_do_what_the_list_says(window: MainWindow, title: str) -> None:
    SHOWN_HERE[title](window)


def test_the_list_is_read_in_a_sheet(window: MainWindow) -> None:
    window.help.show_keys()
    text = sheet_of(window).findChild(QPlainTextEdit)
    assert isinstance(text, QWidget)
    assert text.accessibleName() == "Keys"
    assert text.toPlainText() == keys.as_text(sections(window))
    assert "  Ctrl+N          New plan\n" in text.toPlainText()
    sheet_of(window).close()


# Help on what has the keyboard


@pytest.mark.parametrize("field", keys.FIELD_HELP)
def test_f1_explains_the_field_and_repeats_its_verdict(window: MainWindow, field: Field) -> None:
    window.presenter.choose_exit(Field.STOP, market=False)
    window.presenter.choose_exit(Field.TARGET, market=False)
    window.page.ticket.focus_field(field)
    edit = window.page.ticket.boxes()[field]
    press(Key.Key_F1)
    sheet = sheet_of(window)
    assert sheet.windowTitle() == edit.accessibleName()
    assert words_of(sheet)[1:] == [*filter(None, [edit.accessibleDescription()]), *keys.FIELD_HELP[field]]
    sheet.close()
    assert edit.hasFocus()


def test_f1_elsewhere_says_what_it_is_and_how_to_go_on(window: MainWindow) -> None:
    window.top_bar.badge.setFocus()
    press(Key.Key_F1)
    assert words_of(sheet_of(window)) == ["Environment: PRACTICE, simulated", keys.ELSEWHERE]
    sheet_of(window).close()


def test_every_field_of_the_ticket_has_help(window: MainWindow) -> None:
    assert keys.FIELD_HELP.keys() == window.page.ticket.boxes().keys()
