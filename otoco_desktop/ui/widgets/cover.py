"""What lies over the window without blocking the loop: keys and focus stay inside while it is open."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

DIM = QColor(0, 0, 0, 148)  # 58 % black


class Cover(QWidget):
    """Dims the window, takes its clicks and shortcuts, and gives the keyboard back when it is taken away."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._before: QWidget | None = None
        window.installEventFilter(self)
        self.hide()

    def lie_over(self) -> None:
        """Show over everything else; what has the keyboard now is remembered."""
        self._before = QApplication.focusWidget()
        self.show()
        self.raise_()
        self.cover()

    def take_away(self) -> None:
        """Hide, and give the keyboard back if what had it is still there."""
        self.hide()
        before, self._before = self._before, None
        if before is not None and isValid(before):
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def cover(self) -> None:
        """Lie over the window as it is now."""
        raise NotImplementedError

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self.cover()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), DIM)

    def event(self, event: QEvent) -> bool:
        """The window's shortcuts rest while this is open."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # Qt's name
        event.accept()

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes round inside."""
        stops = self._stops()
        if stops:
            here = stops.index(current) if (current := QApplication.focusWidget()) in stops else -1
            stops[(here + (1 if next else -1)) % len(stops)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _stops(self) -> list[QWidget]:
        """Everything that takes the keyboard, in tab order."""
        found: list[QWidget] = []
        widget = self.nextInFocusChain()
        while widget is not self and widget is not None:
            takes_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
            if self.isAncestorOf(widget) and takes_tab and widget.isVisible() and widget.isEnabled():
                found.append(widget)
            widget = widget.nextInFocusChain()
        return found
