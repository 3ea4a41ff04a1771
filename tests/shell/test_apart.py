"""A process beside the window: one at a time, its end told, and none left behind."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QWidget

from otoco_desktop.ui.shell.apart import AS_PLANNED, OTHERWISE, PLAYING, Apart
from otoco_desktop.ui.widgets.toast import ToastHost

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

WAITS = [sys.executable, "-c", "import sys; sys.stdin.read()"]


@pytest.fixture
def toasts(qtbot: QtBot) -> Iterator[ToastHost]:
    window = QWidget()
    qtbot.addWidget(window)
    host = ToastHost(window, lambda: 0)
    yield host
    host.clear()


def texts(toasts: ToastHost) -> list[str]:
    return [message.text for message in toasts.log]


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ([sys.executable, "-c", "print('done')"], AS_PLANNED),
        ([sys.executable, "-c", "raise SystemExit(1)"], OTHERWISE),
        (["/not/there", "--rehearsal"], OTHERWISE),
    ],
)
def test_its_end_is_told(qtbot: QtBot, toasts: ToastHost, command: list[str], told: str) -> None:
    Apart(toasts, command).play()
    qtbot.waitUntil(lambda: texts(toasts) == [told])


def test_what_it_said_is_in_the_log(qtbot: QtBot, toasts: ToastHost, caplog: pytest.LogCaptureFixture) -> None:
    Apart(toasts, [sys.executable, "-c", "import sys; sys.exit('the stop was rejected')"]).play()
    qtbot.waitUntil(lambda: texts(toasts) == [OTHERWISE])
    assert "the stop was rejected" in caplog.text


def test_there_is_one_at_a_time_and_none_after_the_window(qtbot: QtBot, toasts: ToastHost) -> None:
    apart = Apart(toasts, WAITS)
    apart.play()
    apart.play()
    assert texts(toasts) == [PLAYING]
    qtbot.waitUntil(lambda: apart._player.state() is QProcess.ProcessState.Running)
    apart.stop()
    assert apart._player.state() is QProcess.ProcessState.NotRunning
    assert texts(toasts) == [PLAYING]
