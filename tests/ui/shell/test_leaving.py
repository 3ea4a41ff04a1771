"""Quitting while an outcome is not known: asked twice, and both times staying is the default."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from otoco_desktop.domain.strategy import Phase
from otoco_desktop.ui.shell.dialogs import Sheet
from otoco_desktop.ui.shell.window import MainWindow
from otoco_desktop.ui.widgets.buttons import Button
from tests.ui.fakes import FakeDesk, unknown_strategy
from tests.ui.strategy_examples import in_phase


@pytest.fixture
def left(window: MainWindow) -> list[str]:
    told: list[str] = []
    window.closing.connect(lambda: told.append("left"))
    return told


def question(window: MainWindow) -> Sheet:
    sheet = window.page.following.leaving.sheet
    assert sheet is not None
    return sheet


def words(sheet: Sheet) -> str:
    return " ".join(label.text() for label in sheet.findChildren(QLabel))


def press(sheet: Sheet, text: str) -> None:
    button = next(found for found in sheet.findChildren(Button) if found.text() == text)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def by_escape(sheet: Sheet) -> None:
    QTest.keyClick(sheet, Qt.Key.Key_Escape)


def by_enter(sheet: Sheet) -> None:
    QTest.keyClick(sheet, Qt.Key.Key_Return)


def by_button(sheet: Sheet) -> None:
    press(sheet, "Stay")


def test_without_a_doubt_it_just_closes(window: MainWindow, left: list[str]) -> None:
    window.close()
    assert left == ["left"]


def test_it_asks_twice_and_names_what_may_exist(window: MainWindow, desk: FakeDesk, left: list[str]) -> None:
    desk.put(unknown_strategy())
    window.close()
    first = question(window)
    assert "S-0416 is still “Outcome unknown”." in words(first)
    press(first, "Quit…")
    second = question(window)
    assert "S-0416, Buy 0.09874 BTC_USD, with its stop and target. It may fill while you are away" in words(second)
    assert not left
    press(second, "Quit all the same")
    assert left == ["left"]


@pytest.mark.parametrize("stays", [by_escape, by_enter, by_button])
@pytest.mark.parametrize("at_the_second", [False, True])
def test_staying_is_the_default_of_both(
    window: MainWindow, desk: FakeDesk, left: list[str], stays: Callable[[Sheet], None], at_the_second: bool
) -> None:
    desk.put(unknown_strategy())
    window.close()
    if at_the_second:
        press(question(window), "Quit…")
    stays(question(window))
    assert window.page.following.leaving.sheet is None
    assert window.isVisible()
    assert not left
    window.close()
    assert "Quit while an outcome is open?" in words(question(window))


def test_a_second_attempt_asks_no_second_time(window: MainWindow, desk: FakeDesk, left: list[str]) -> None:
    desk.put(unknown_strategy())
    window.close()
    first = question(window)
    window.close()
    assert question(window) is first
    assert not left


@pytest.mark.parametrize("phase", [Phase.INTENT, Phase.UNRESOLVED])
def test_being_sent_and_not_found_yet_are_asked_about_as_well(
    window: MainWindow, desk: FakeDesk, left: list[str], phase: Phase
) -> None:
    desk.put(in_phase(phase))
    window.close()
    assert question(window).isVisible()
    assert not left


def test_several_are_named_one_by_one(window: MainWindow, desk: FakeDesk) -> None:
    desk.put(unknown_strategy())
    desk.put(unknown_strategy(417))
    window.close()
    first = question(window)
    assert "Quit while 2 outcomes are open?" in words(first)
    press(first, "Quit…")
    assert "S-0417, Buy 0.09874 BTC_USD, with its stop and target; S-0416," in words(question(window))
