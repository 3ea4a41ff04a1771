"""The very first start: nothing connects before the trader has chosen, and the next start asks nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from otoco_desktop.settings import Environment, Places
from tests.e2e.accounts.visit import remembers, visiting
from tests.waiting import until

if TYPE_CHECKING:
    import qasync

HEARD: list[str] = []
LISTENING: list[bool] = []
INSTALLED: list[Any] = []


def listen(event: str, arguments: tuple[Any, ...]) -> None:
    """Write down every connection to a network address; a hook stays with the process."""
    if not LISTENING:
        return
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        HEARD.append(f"connected to {arguments[1][:2]}")
    elif event == "socket.getaddrinfo":
        HEARD.append(f"looked up {arguments[0]}")


@pytest.fixture
def heard() -> Iterator[list[str]]:
    if listen not in INSTALLED:
        sys.addaudithook(listen)
        INSTALLED.append(listen)
    HEARD.clear()
    LISTENING.append(True)
    yield HEARD
    LISTENING.clear()


@pytest.mark.fault(56)
async def test_practice_is_one_enter_away_and_nothing_connects_before(
    tmp_path: Path, qloop: qasync.QEventLoop, heard: list[str]
) -> None:
    async with visiting(tmp_path) as visit:
        await visit.asked()
        assert visit.page.choice.environment is Environment.PRACTICE
        assert visit.page.go.accessibleName() == "Continue with PRACTICE"
        assert QApplication.focusWidget() is visit.page.go
        assert heard == []
        visit.hands.press(Qt.Key.Key_Return)
        await visit.opened(Environment.PRACTICE, 1)
        assert not visit.room.is_asking
        await visit.ready()
        visit.hands.press(Qt.Key.Key_9)
        assert visit.hands.read("Entry price in USD") == "9", "the next key belongs to the plan"
    assert heard
    assert all("127.0.0.1" in one for one in heard), heard
    assert visit.ended == 0


async def test_the_next_start_goes_straight_to_practice(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with visiting(tmp_path) as visit:
        await visit.asked()
        visit.hands.press(Qt.Key.Key_Return)
        await visit.opened(Environment.PRACTICE, 1)
    assert remembers(tmp_path)
    async with visiting(tmp_path) as again:
        await again.opened(Environment.PRACTICE, 1)
        assert not again.room.is_asking
        await again.ready()


async def test_what_was_chosen_is_on_disk_while_the_program_runs(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    """A program that is killed need not ask again."""
    written = Places(tmp_path, Environment.PRACTICE).program_memory
    async with visiting(tmp_path) as visit:
        await visit.asked()
        visit.hands.press(Qt.Key.Key_Return)
        await visit.opened(Environment.PRACTICE, 1)
        await until(written.exists, what="the choice is written")
        assert remembers(tmp_path)


async def test_leaving_the_page_ends_the_program_and_connects_to_nothing(
    tmp_path: Path, qloop: qasync.QEventLoop, heard: list[str]
) -> None:
    async with visiting(tmp_path) as visit:
        await visit.asked()
        visit.hands.click("Quit")
    assert (visit.ended, heard) == (0, [])
    async with visiting(tmp_path) as again:
        await again.asked()


async def test_a_named_environment_is_not_asked_about(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with visiting(tmp_path, "--environment", "practice") as visit:
        await visit.opened(Environment.PRACTICE, 1)
        assert not visit.room.is_asking
