"""The shipped window over a desk without an exchange, off screen, and what it takes to call a change painted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from otoco_desktop.ui.shell.window import MainWindow
from tests.ui.fakes import PLAN, FakeDesk, four_strategies
from tests.ui.windows import open_window

SIZE = (1360, 860)
TURNS = 20


class PaintWatch(QObject):
    """Counts what the widgets of one window painted, and its update requests."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.painted: set[str] = set()
        self.widgets: list[QObject] = []
        self.updates = 0
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]  # there is one by now

    def stop(self) -> None:
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.painted.add(watched.objectName() or type(watched).__name__)
            self.widgets.append(watched)
        elif event.type() == QEvent.Type.UpdateRequest and watched is self._window:
            self.updates += 1
        return False


def example_window() -> tuple[MainWindow, FakeDesk]:
    """At the drawings' size, with their plan typed in and their four strategies."""
    desk = FakeDesk(four_strategies())
    window = open_window(desk)
    window.resize(*SIZE)
    window.show()
    window.complete()
    window.activateWindow()
    wait_until(window.isActiveWindow)
    window.presenter.load(PLAN)
    paint_now()
    return window, desk


def paint_now() -> None:
    """Handle what is posted: layouts first, then the window's update request, which paints everything that changed.

    Qt posts at most one update request per window and handles it here, so on return the window's pixels are
    final; the way of those pixels to the glass (compositor, refresh of the display) is not in it.
    """
    QCoreApplication.sendPostedEvents()


def wait_until(condition: Callable[[], bool]) -> None:
    for _ in range(TURNS):
        if condition():
            return
        QCoreApplication.processEvents()
    raise RuntimeError("the window did not get ready")
