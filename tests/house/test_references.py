"""The pinned PySide6 returns every reference it borrows.

A build that loses one reference to ``None`` or ``True`` on each call ends the process after a few thousand calls
(PySide6 6.12.0 on Python 3.11 did). From Python 3.12 on these objects are immortal and their counts mean nothing;
there the count of an ordinary object is watched alone.
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


def counts(widget: QPushButton) -> dict[str, int]:
    """How many references there are to what Qt hands back most; immortal objects do not count theirs."""
    gc.collect()
    watched: dict[str, object] = {"the widget": widget}
    if sys.version_info < (3, 12):
        watched |= {"None": None, "True": True, "False": False}
    return {name: sys.getrefcount(value) for name, value in watched.items()}


@pytest.mark.parametrize("use", [setters, parents, signals, timers, virtual_calls])
def test_references_do_not_drift(qapp: QApplication, use: Callable[[QPushButton], None]) -> None:
    widget = QPushButton()
    use(widget)
    before = counts(widget)
    for _ in range(CALLS):
        use(widget)
    drift = {name: count - before[name] for name, count in counts(widget).items()}
    widget.deleteLater()
    assert {name: number for name, number in drift.items() if abs(number) > TOLERANCE} == {}
