"""The floor of a start: a bare PySide6 + qasync window with one field that answers one key, then ends."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable

import qasync
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget


class AfterPaint(QObject):
    """Calls back once, after the watched widget has painted."""

    def __init__(self, widget: QWidget, then: Callable[[], object]) -> None:
        super().__init__(widget)
        self._then: Callable[[], object] | None = then
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._then:
            then, self._then = self._then, None
            QTimer.singleShot(0, then)
        return False


def main() -> None:
    app = QApplication(sys.argv)
    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    window = QWidget()
    field = QLineEdit()
    QVBoxLayout(window).addWidget(field)
    window.resize(1360, 860)
    done = loop.create_future()

    def press() -> None:
        AfterPaint(field, lambda: done.done() or done.set_result(None))
        key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_9, Qt.KeyboardModifier.NoModifier, "9")
        QApplication.sendEvent(field, key)

    AfterPaint(window, press)
    window.show()
    with loop:
        loop.run_until_complete(done)
        print("answered", flush=True)


if __name__ == "__main__":
    main()
