"""The list of drafts by itself: what its keys and boxes ask for."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.drafts import KeptDraft
from otoco_desktop.ui.drafts.sheet import DraftsSheet
from otoco_desktop.ui.shell.window import MainWindow
from tests.ui.fakes import NOW_MS

FIRST = KeptDraft(OtocoDraft(entry="92400"), "BTC_USD", NOW_MS, number=1)
SECOND = KeptDraft(OtocoDraft(entry="3000"), "ETH_USD", NOW_MS - 1, number=2)


@pytest.fixture
def asked(window: MainWindow, qtbot: QtBot) -> tuple[DraftsSheet, list[object]]:
    """The sheet with two drafts, and everything it asks for."""
    sheet, said = DraftsSheet(window, lambda: NOW_MS), list[object]()
    sheet.opened.connect(lambda kept: said.append(("open", kept)))
    sheet.deleted.connect(lambda kept: said.append(("delete", kept)))
    sheet.undone.connect(lambda kept: said.append(("undo", kept)))
    sheet.named.connect(lambda number, name: said.append((number, name)))
    sheet.show_drafts((FIRST, SECOND))
    sheet.open()
    qtbot.waitUntil(sheet.isActiveWindow)
    return sheet, said


def test_enter_opens_the_draft_that_is_selected(asked: tuple[DraftsSheet, list[object]]) -> None:
    sheet, said = asked
    sheet.list.setFocus()
    QTest.keyClick(sheet.list, Qt.Key.Key_Down)
    QTest.keyClick(sheet.list, Qt.Key.Key_Return)
    assert said == [("open", SECOND)]


def test_enter_after_a_name_opens_nothing(asked: tuple[DraftsSheet, list[object]]) -> None:
    sheet, said = asked
    QTest.keyClick(sheet, Qt.Key.Key_F2)
    assert sheet.name.hasFocus()
    QTest.keyClicks(sheet.name, "x")
    QTest.keyClick(sheet.name, Qt.Key.Key_Return)
    assert said == [(1, "x")]


def test_del_and_ctrl_z_in_the_list_and_not_in_the_name(asked: tuple[DraftsSheet, list[object]]) -> None:
    sheet, said = asked
    sheet.name.setFocus()
    QTest.keyClick(sheet.name, Qt.Key.Key_Delete)
    assert said == []
    sheet.list.setFocus()
    QTest.keyClick(sheet.list, Qt.Key.Key_Delete)
    QTest.keyClick(sheet.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert said == [("delete", FIRST), ("undo", FIRST)]
