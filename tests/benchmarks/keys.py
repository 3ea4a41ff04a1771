"""Keys, delivered as the system delivers them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget


def press(target: QWidget, text: str, key: Qt.Key = Qt.Key.Key_unknown) -> None:
    """One key press: the character itself where it is printable."""
    QCoreApplication.sendEvent(target, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text))
