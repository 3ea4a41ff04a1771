"""Keys of one's own outlive the program, and are the same in every environment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from otoco_desktop.rehearsal.hands import CTRL
from otoco_desktop.settings import Environment, Places
from otoco_desktop.ui.shell.help import sections
from otoco_desktop.ui.shell.key_sheet import KeySheet
from tests.e2e.accounts.visit import Visit, visiting

if TYPE_CHECKING:
    import qasync

PRACTICE = ("--environment", "practice")


DRAWN = {
    "Ctrl+1": "Show plan",
    "Ctrl+2": "Show strategies",
    "Ctrl+K": "Instrument",
    "Ctrl+N": "New plan",
    "Ctrl+D": "Duplicate as new plan",
    "Ctrl+M": "Market or limit",
    "F6": "Next chart line",
    "Shift+F6": "Previous chart line",
    "F8": "Next failing field",
    "Shift+F8": "Previous failing field",
    "Ctrl+Enter": "Review and submit",
    "Ctrl+0": "Fit chart",
    "F5": "Check with the exchange now",
    "Ctrl+F": "Search strategies",
    "Ctrl+E": "Export CSV",
    "Shift+Del": "Cancel the strategy; asks first",
    "F1": "Help on this field",
}
"""What the design gives a key, and what the program does at it."""

LETTERS = {"Alt+B", "Alt+L", "Alt+E", "Alt+Q", "Alt+O", "Alt+G", "Alt+A", "Alt+R"}


async def every_key_of_the_design(visit: Visit) -> None:
    """All are in the list of keys, and all but one can be changed."""
    window = visit.program.window
    await visit.see(lambda: window.chart.panel is not None, "the chart")
    listed = {(key.keys, key.does) for section in sections(window) for key in section.keys}
    assert set(DRAWN.items()) - listed == set()
    assert {keys for keys, _does in listed} >= LETTERS
    free = {command.keys for command in window.help.bindings.commands() if not command.fixed}
    assert DRAWN.keys() - free == {"Ctrl+Enter"}


async def change_keys(visit: Visit) -> KeySheet:
    """Settings, and from there the sheet of keys."""
    settings = visit.room.settings
    settings.open_sheet()
    visit.hands.click_on(settings.form.keys)
    sheet = visit.program.window.help.key_sheet
    assert sheet is not None
    assert not settings.is_open
    await visit.see(sheet.isActiveWindow, "the sheet of keys")
    return sheet


async def test_every_key_is_listed_and_a_chosen_one_works_in_the_next_run(
    tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    async with visiting(tmp_path, *PRACTICE) as visit:
        await visit.opened(Environment.PRACTICE, 1)
        await every_key_of_the_design(visit)
        sheet = await change_keys(visit)
        names = [row.name for row in sheet.model.rows]
        sheet.list.setCurrentIndex(sheet.model.index(names.index("show-strategies"), 0))
        QTest.keyClick(sheet.list, Qt.Key.Key_Return)
        QTest.keyClick(sheet.recorder, Qt.Key.Key_J, CTRL)
        assert sheet.said.text() == "Show strategies: Ctrl+J."
        sheet.accept()
    assert b'"show-strategies": "Ctrl+J"' in Places(tmp_path, Environment.PRACTICE).keys.read_bytes()
    async with visiting(tmp_path, *PRACTICE) as again:
        await again.opened(Environment.PRACTICE, 1)
        await again.ready()
        window = again.program.window
        again.hands.press(Qt.Key.Key_2, CTRL)
        assert window.pages.shown.value == "plan", "the program's own key does nothing now"
        again.hands.press(Qt.Key.Key_J, CTRL)
        await again.see(lambda: window.pages.shown.value == "strategies", "the page behind the chosen key")
