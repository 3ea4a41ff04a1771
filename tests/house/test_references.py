"""The pinned PySide6 returns every reference it borrows.

A build that loses one reference to ``None`` or ``True`` on each call ends the process after a few thousand calls
(PySide6 6.12.0 on Python 3.11 did). From Python 3.12 on these objects are immortal and cannot show it; there the
reference counts of ordinary objects are watched alone.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QPushButton

CALLS = 500
TOLERANCE = 50  # what the measuring itself and other threads may hold meanwhile


class Announcer(QObject):
    said = Signal(bool)


class Table(QAbstractTableModel):
    """A model whose methods Qt calls, and which answers ``None`` and ``True``."""

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 1

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 1

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        return True if role == Qt.ItemDataRole.UserRole else None


def setters(widget: QPushButton) -> None:
    widget.setText("x")
    widget.update()
    widget.resize(10, 10)
    widget.setEnabled(True)


def parents(widget: QPushButton) -> None:
    assert widget.parent() is None
    assert widget.isEnabled() is True


def signals(widget: QPushButton) -> None:
    announcer = widget.findChild(Announcer) or Announcer(widget)
    announcer.said.connect(widget.setEnabled)
    announcer.said.emit(True)
    announcer.said.disconnect(widget.setEnabled)


def timers(widget: QPushButton) -> None:
    timer = QTimer(widget)
    timer.start(60_000)
    timer.stop()
    timer.setParent(None)


def virtual_calls(widget: QPushButton) -> None:
    table = Table(widget)
    index = table.index(0, 0)
    assert table.itemData(index) == {}
    assert index.data(Qt.ItemDataRole.UserRole) is True
    table.setParent(None)


@pytest.mark.parametrize("use", [setters, parents, signals, timers, virtual_calls])
@pytest.mark.parametrize("watched", [None, True, False], ids=str)
def test_references_do_not_drift(
    qapp: QApplication, use: Callable[[QPushButton], None], watched: bool | None
) -> None:
    widget = QPushButton()
    use(widget)
    gc.collect()
    before = sys.getrefcount(watched), sys.getrefcount(widget)
    for _ in range(CALLS):
        use(widget)
    gc.collect()
    drift = sys.getrefcount(watched) - before[0], sys.getrefcount(widget) - before[1]
    widget.deleteLater()
    assert max(abs(number) for number in drift) <= TOLERANCE, f"references drifted by {drift} in {CALLS} calls"
