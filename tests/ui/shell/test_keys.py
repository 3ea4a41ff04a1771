"""Keys of one's own: recorded, judged, taken from another, put back, in force everywhere at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from shiboken6 import isValid

from otoco_desktop.domain.finding import Field
from otoco_desktop.ui.keys import CANCEL, LOCAL, TOGGLE
from otoco_desktop.ui.shell import bindings as binding
from otoco_desktop.ui.shell.bindings import Bindings, named, refusal
from otoco_desktop.ui.shell.help import sections
from otoco_desktop.ui.shell.key_sheet import KeySheet
from otoco_desktop.ui.shell.window import MainWindow
from otoco_desktop.ui.widgets.buttons import Button
from tests.ui.fakes import FakeDesk, four_strategies
from tests.ui.windows import open_window

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

Modifier, Key = Qt.KeyboardModifier, Qt.Key
NONE, SHIFT, CTRL, ALT = Modifier.NoModifier, Modifier.ShiftModifier, Modifier.ControlModifier, Modifier.AltModifier


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    made = open_window(FakeDesk(four_strategies()), rehearsal=True)
    made.resize(1360, 860)
    made.complete()
    made.show()
    qtbot.waitUntil(made.isActiveWindow, timeout=20_000)
    yield made
    made.hide()
    made.deleteLater()


@pytest.fixture
def bindings(window: MainWindow) -> Bindings:
    return window.help.bindings


@pytest.fixture
def sheet(window: MainWindow, qtbot: QtBot) -> Iterator[KeySheet]:
    window.help.change_keys()
    found = window.help.key_sheet
    assert found is not None
    qtbot.waitUntil(found.isActiveWindow, timeout=20_000)
    yield found
    if isValid(found):
        found.close()


def action(window: MainWindow, name: str) -> QAction:
    menus = [menu for top in window.menus.bar.actions() if isinstance(menu := top.menu(), QMenu)]
    return next(each for menu in menus for each in menu.actions() if named(each) == name)


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, key, modifier)


def choose(sheet: KeySheet, name: str) -> None:
    """With the arrows."""
    sheet.list.setFocus()
    press(Key.Key_Home)
    for _ in sheet.model.rows:
        current = sheet.current
        if current is not None and current.name == name:
            return
        press(Key.Key_Down)
    raise AssertionError(f"no command is called {name}")


def record(sheet: KeySheet, name: str, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    """By keys alone: choose, Enter, press."""
    choose(sheet, name)
    press(Key.Key_Return)
    assert sheet.recorder.hasFocus()
    QTest.keyClick(sheet.recorder, key, modifier)


# What there is


def test_every_action_and_shortcut_of_the_window_is_in_the_table(window: MainWindow, bindings: Bindings) -> None:
    known = {command.name for command in bindings.commands()}
    for each in window.findChildren(QAction):
        if each.isVisible() and not each.shortcut().isEmpty():
            assert named(each) in known, each.text()
    local = {each.name for each in LOCAL}
    for shortcut in window.findChildren(QShortcut):
        assert shortcut.objectName() in local, shortcut.key().toString()


def test_every_key_of_the_list_of_keys_is_in_force_or_belongs_to_a_part(window: MainWindow, bindings: Bindings) -> None:
    listed = {key.keys for section in sections(window) for key in section.keys}
    assert {command.keys for command in bindings.commands() if command.keys} <= listed


def test_each_command_does_something(window: MainWindow, bindings: Bindings) -> None:
    menus = {command.name for command in bindings.commands()} - {each.name for each in LOCAL}
    for name in menus:
        assert action(window, name).receivers("2triggered(bool)") > 0, name


def test_names_are_one_of_a_kind(bindings: Bindings) -> None:
    names = [command.name for command in bindings.commands()]
    assert len(names) == len(set(names))


# Changing


def test_a_new_key_is_in_force_at_once_in_menu_list_and_hints(
    window: MainWindow, sheet: KeySheet, qtbot: QtBot
) -> None:
    record(sheet, "check-with-the-exchange-now", Key.Key_F9)
    assert action(window, "check-with-the-exchange-now").shortcut() == QKeySequence("F9")
    assert sheet.said.text() == "Check with the exchange now: F9."
    listed = {key.keys: key.does for section in sections(window) for key in section.keys}
    assert listed["F9"] == "Check with the exchange now"
    assert "F5" not in listed
    hints = {each._key_hint for each in window.findChildren(Button) if each.words == "Check now"}
    assert hints == {"F9"}
    sheet.accept()
    asked: list[bool] = []
    action(window, "check-with-the-exchange-now").triggered.connect(lambda: asked.append(True))
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=20_000)
    window.page.ticket.focus_field(Field.ENTRY)
    press(Key.Key_F9)
    assert asked == [True]


def test_a_key_of_another_is_named_and_taken_only_on_a_yes(window: MainWindow, sheet: KeySheet) -> None:
    record(sheet, "new-plan", Key.Key_D, CTRL)
    assert sheet.said.text() == "Ctrl+D is Duplicate as new plan. Take it from there?"
    assert action(window, "new-plan").shortcut() == QKeySequence("Ctrl+N"), "not before a yes"
    assert sheet.use.hasFocus()
    press(Key.Key_Space)
    assert action(window, "new-plan").shortcut() == QKeySequence("Ctrl+D")
    assert action(window, "duplicate-as-new-plan").shortcut().isEmpty()
    choose(sheet, "new-plan")
    sheet.reset.click()
    assert action(window, "new-plan").shortcut() == QKeySequence("Ctrl+N")
    choose(sheet, "duplicate-as-new-plan")
    sheet.reset.click()
    assert action(window, "duplicate-as-new-plan").shortcut() == QKeySequence("Ctrl+D")
    assert not sheet.reset_all.isEnabled()


def test_a_key_of_a_command_out_of_sight_is_named_too(window: MainWindow, sheet: KeySheet) -> None:
    """Locking has a key in environments that need an API key, and the keys are the same in all of them."""
    assert not action(window, "lock-now").isVisible()
    record(sheet, "messages", Key.Key_L, CTRL)
    assert sheet.said.text() == "Ctrl+L is Lock now. Take it from there?"
    assert action(window, "lock-now").shortcut() == QKeySequence("Ctrl+L")


def test_what_was_taken_goes_back_with_a_reset(bindings: Bindings, window: MainWindow) -> None:
    bindings.assign("new-plan", QKeySequence("Ctrl+D"))
    bindings.reset("duplicate-as-new-plan")
    assert action(window, "duplicate-as-new-plan").shortcut() == QKeySequence("Ctrl+D")
    assert action(window, "new-plan").shortcut() == QKeySequence("Ctrl+N")


@pytest.mark.parametrize(
    ("key", "modifier", "reason"),
    [
        (Key.Key_Return, NONE, "Enter alone never submits"),
        (Key.Key_Enter, CTRL, "Enter alone never submits"),
        (Key.Key_Escape, NONE, "Esc closes"),
        (Key.Key_X, NONE, "writes in fields"),
        (Key.Key_X, SHIFT, "writes in fields"),
        (Key.Key_7, NONE, "writes in fields"),
        (Key.Key_Delete, NONE, "writes in fields"),
        (Key.Key_E, ALT, "underlined"),
        (Key.Key_Q, CTRL | ALT, "AltGr"),
        (Key.Key_7, CTRL | ALT | SHIFT, "AltGr"),
        (Key.Key_C, CTRL, "copy"),
        (Key.Key_V, CTRL, "copy"),
        (Key.Key_Up, CTRL, "Arrows"),
        (Key.Key_Tab, CTRL, "control to control"),
    ],
)
def test_reserved_keys_are_refused_with_a_reason(key: Qt.Key, modifier: Qt.KeyboardModifier, reason: str) -> None:
    assert reason in refusal(QKeySequence(modifier | key))


@pytest.mark.parametrize(
    ("key", "modifier"), [(Key.Key_F7, NONE), (Key.Key_J, CTRL), (Key.Key_F7, CTRL | ALT), (Key.Key_Delete, SHIFT)]
)
def test_what_is_free_may_be_used(key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
    assert refusal(QKeySequence(modifier | key)) == ""


def test_a_refused_key_changes_nothing(window: MainWindow, sheet: KeySheet) -> None:
    record(sheet, "new-plan", Key.Key_J)
    assert sheet.said.text() == f"J cannot be used. {binding.WRITING}"
    assert sheet.list.accessibleDescription() == sheet.said.text()
    assert not sheet.use.isEnabled()
    assert action(window, "new-plan").shortcut() == QKeySequence("Ctrl+N")


def test_submit_keeps_its_key(window: MainWindow, sheet: KeySheet) -> None:
    choose(sheet, "review-and-submit")
    assert not sheet.recorder.isEnabled()
    assert sheet.said.text().startswith("The keys of Review and submit stay.")
    window.help.bindings._heard({"review-and-submit": "Ctrl+J"})
    assert action(window, "review-and-submit").shortcuts() == [QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")]


def test_a_command_may_have_no_key_and_get_one(window: MainWindow, sheet: KeySheet) -> None:
    choose(sheet, "export-csv")
    sheet.none.click()
    assert action(window, "export-csv").shortcut().isEmpty()
    assert sheet.said.text() == "Export CSV: no keys."
    record(sheet, "messages", Key.Key_G, CTRL)
    assert action(window, "messages").shortcut() == QKeySequence("Ctrl+G")
    sheet.reset_all.click()
    assert action(window, "messages").shortcut().isEmpty()
    assert action(window, "export-csv").shortcut() == QKeySequence("Ctrl+E")


# Parts of the window


def test_the_tables_go_by_the_chosen_key(window: MainWindow, bindings: Bindings) -> None:
    table = window.page.following.strategies.table
    asked: list[bool] = []
    table.cancel_pressed.connect(lambda: asked.append(True))
    QTest.keyClick(table, Key.Key_Delete, SHIFT)
    assert asked == [True]
    bindings.assign(CANCEL, QKeySequence("Ctrl+Shift+X"))
    QTest.keyClick(table, Key.Key_Delete, SHIFT)
    assert asked == [True]
    QTest.keyClick(table, Key.Key_X, CTRL | SHIFT)
    assert asked == [True, True]
    assert action(window, CANCEL).text().endswith("\tCtrl+Shift+X")


def test_market_or_limit_goes_by_the_chosen_key(window: MainWindow, bindings: Bindings) -> None:
    bindings.assign(TOGGLE, QKeySequence("Ctrl+Shift+L"))
    found = window.page.ticket.findChildren(QShortcut, TOGGLE)
    assert len(found) == 2
    assert {shortcut.key().toString() for shortcut in found} == {"Ctrl+Shift+L"}


def test_a_command_that_comes_later_takes_its_chosen_key(window: MainWindow, bindings: Bindings, qtbot: QtBot) -> None:
    from otoco_desktop.ui.shell.menus import add_tool

    bindings._heard({"later": "Ctrl+J"})
    add_tool(window.menus.bar, "&Later…", lambda: None, "Ctrl+Shift+J")
    qtbot.waitUntil(lambda: action(window, "later").shortcut() == QKeySequence("Ctrl+J"), timeout=20_000)
    bindings.reset("later")
    assert action(window, "later").shortcut() == QKeySequence("Ctrl+Shift+J")


def test_a_button_that_comes_with_its_command_shows_the_chosen_key(
    window: MainWindow, bindings: Bindings, qtbot: QtBot
) -> None:
    """As the chart does."""
    from otoco_desktop.ui.shell.menus import add_to_plan

    fit = add_to_plan(window.menus.bar, "&Fit chart", lambda: None, "Ctrl+0")
    fit.setVisible(False)
    qtbot.waitUntil(lambda: bindings.text("fit-chart") == "Ctrl+0", timeout=20_000)
    bindings.assign("fit-chart", QKeySequence("Ctrl+J"))
    button = Button("Fit", key_hint="Ctrl+0", parent=window)
    fit.setVisible(True)
    qtbot.waitUntil(lambda: button._key_hint == "Ctrl+J", timeout=20_000)


def test_a_file_written_by_hand_cannot_give_one_key_two_commands(window: MainWindow, bindings: Bindings) -> None:
    bindings._heard({"messages": "Ctrl+D", "new-plan": "Ctrl+D", "export-csv": "J", "no-such": "F7"})
    holders = [command.name for command in bindings.commands() if command.keys == "Ctrl+D"]
    assert len(holders) == 1
    assert action(window, "export-csv").shortcut() == QKeySequence("Ctrl+E"), "what is refused is not in force"


def test_every_control_of_the_sheet_has_a_name(sheet: KeySheet) -> None:
    stops = [each for each in sheet.findChildren(QWidget) if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert len(stops) >= 7
    assert [each for each in stops if not each.accessibleName()] == []
