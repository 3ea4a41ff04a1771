"""Keys of one's own outlive the program, and are the same in every environment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from otoco_desktop.rehearsal.hands import CTRL
from otoco_desktop.settings import Environment, Places
from otoco_desktop.ui.shell.key_sheet import KeySheet
from tests.e2e.accounts.visit import Visit, visiting

if TYPE_CHECKING:
    import qasync

PRACTICE = ("--environment", "practice")


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


async def test_a_chosen_key_works_in_the_next_run(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with visiting(tmp_path, *PRACTICE) as visit:
        await visit.opened(Environment.PRACTICE, 1)
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
