"""One program per data directory: the second is told so, by whatever name it calls the directory."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from otoco_desktop.ui.shell.instance import Instance

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_the_first_holds_the_directory_and_is_raised_by_the_second(qtbot: QtBot, tmp_path: Path) -> None:
    first, second = Instance(tmp_path), Instance(tmp_path)
    assert first.claim()
    first.listen()
    assert (first.held, second.claim(), second.held) == (True, False, False)
    with qtbot.waitSignal(first.raise_asked):
        assert second.raise_other()
    first.release()
    assert second.claim()
    second.release()


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_to_the_directory_is_the_same_directory(qtbot: QtBot, tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.mkdir()
    link.symlink_to(real)
    first, second = Instance(real), Instance(link)
    assert first.claim()
    first.listen()
    assert not second.claim()
    with qtbot.waitSignal(first.raise_asked):
        assert second.raise_other()
    first.release()


def test_a_holder_that_does_not_answer(qtbot: QtBot, tmp_path: Path) -> None:
    first, second = Instance(tmp_path), Instance(tmp_path)
    assert first.claim()
    assert not second.claim()
    assert not second.raise_other()
    first.release()


@pytest.mark.parametrize("content", ["", "garbage", "999999999\nOTOCO\n"])
def test_a_lock_that_names_no_living_program_is_taken_over(tmp_path: Path, content: str) -> None:
    """As a computer that lost power, or a killed program, leaves it behind."""
    left = tmp_path / "instance.lock"
    left.write_text(content)
    os.utime(left, (1, 1))
    found = Instance(tmp_path)
    assert found.claim()
    found.release()


def test_a_lock_that_is_only_just_begun_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "instance.lock").write_text("")
    found = Instance(tmp_path)
    assert not found.claim()
    assert found.holder == ""


@pytest.mark.fault(50)
def test_a_lock_of_another_computer_is_respected_and_named(tmp_path: Path) -> None:
    """On a shared directory nobody here can tell whether that program lives."""
    left = tmp_path / "instance.lock"
    left.write_text("4711\nOTOCO\ndesk-2\nother-machine\nother-boot\n")
    os.utime(left, (1, 1))
    found = Instance(tmp_path)
    assert not found.claim()
    assert found.holder == "process 4711 on desk-2"


def test_a_word_that_is_not_ours_raises_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    from PySide6.QtNetwork import QLocalSocket

    first = Instance(tmp_path)
    assert first.claim()
    first.listen()
    raised: list[bool] = []
    first.raise_asked.connect(lambda: raised.append(True))
    stranger = QLocalSocket()
    stranger.connectToServer(first._name)
    assert stranger.waitForConnected(1_000)
    stranger.write(b"lower\nraise\n")
    qtbot.waitUntil(lambda: stranger.state() is QLocalSocket.LocalSocketState.UnconnectedState)
    assert not raised
    first.release()


def test_a_directory_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="cannot be written"):
        Instance(tmp_path / "missing").claim()
