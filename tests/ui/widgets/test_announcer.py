"""News for assistive technology, at most once a second."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from otoco_desktop.ui.widgets import announcer
from otoco_desktop.ui.widgets.announcer import Announcer


class Clock:
    now_ms = 0


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was announced."""
    heard: list[str] = []

    class Listener:
        @staticmethod
        def updateAccessibility(event: QAccessibleAnnouncementEvent) -> None:  # noqa: N802 - Qt's name
            heard.append(event.message())

    monkeypatch.setattr(announcer, "QAccessible", Listener)
    return heard


def test_news_within_a_second_wait_and_only_the_newest_is_said(qtbot: QtBot, told: list[str]) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    clock = Clock()
    speaker = Announcer(widget, lambda: clock.now_ms)
    speaker.say("one")
    clock.now_ms = 400
    speaker.say("two")
    clock.now_ms = 900
    speaker.say("three")
    assert told == ["one"]
    clock.now_ms = 1_000
    speaker.flush()
    assert told == ["one", "three"]


def test_the_parts_of_a_window_take_turns(qtbot: QtBot, told: list[str]) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    clock = Clock()
    first, second = (Announcer(QWidget(window), lambda: clock.now_ms) for _ in range(2))
    first.say("one")
    clock.now_ms = 999
    second.say("two")
    assert told == ["one"]
    clock.now_ms = 1_000
    qtbot.waitUntil(lambda: told == ["one", "two"])  # by itself


def test_a_part_whose_clock_is_a_little_behind_waits_as_well(qtbot: QtBot, told: list[str]) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    clock = Clock()
    first = Announcer(QWidget(window), lambda: clock.now_ms)
    second = Announcer(QWidget(window), lambda: clock.now_ms - 300)
    clock.now_ms = 5_000
    first.say("one")
    second.say("two")
    assert told == ["one"]
    clock.now_ms = 6_300
    second.flush()
    assert told == ["one", "two"]


def test_another_window_has_a_turn_of_its_own(qtbot: QtBot, told: list[str]) -> None:
    for words in ("one", "two"):
        widget = QWidget()
        qtbot.addWidget(widget)
        Announcer(widget, lambda: 0).say(words)
    assert told == ["one", "two"]


def test_spaces_that_only_make_room_are_not_said(qtbot: QtBot, told: list[str]) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    Announcer(widget, lambda: 0).say("one  two\u00a0\u00a0")
    assert told == ["one two"]


def test_the_same_words_are_said_once(qtbot: QtBot, told: list[str]) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    clock = Clock()
    speaker = Announcer(widget, lambda: clock.now_ms)
    for clock.now_ms in (0, 2_000, 4_000):
        speaker.say("one")
    assert told == ["one"]
