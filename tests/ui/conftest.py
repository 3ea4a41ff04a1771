"""The real window over a desk without an exchange, closed again after each test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.ui.fakes import FakeDesk, four_strategies

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from otoco_desktop.ui.shell.window import MainWindow


@pytest.fixture(autouse=True)
def pointer_apart() -> None:
    """The pointer is where no window is: an earlier test may have left it over the place of this one's."""
    from PySide6.QtGui import QCursor, QGuiApplication

    if QGuiApplication.instance() is not None:
        QCursor.setPos(5_000, 5_000)


@pytest.fixture
def desk() -> FakeDesk:
    """The drawings' example data."""
    return FakeDesk(four_strategies())


@pytest.fixture
def window(qtbot: QtBot, desk: FakeDesk) -> Iterator[MainWindow]:
    """The window on screen at the drawings' size; the ticket is empty."""
    from tests.ui.windows import open_window

    shown = open_window(desk, rehearsal=True)
    shown.resize(1360, 860)
    shown.show()
    shown.activateWindow()
    qtbot.waitUntil(shown.isActiveWindow)
    shown.complete()
    yield shown
    shown.close_now()
    shown.deleteLater()
