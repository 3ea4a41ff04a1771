"""A sheet over the window that never blocks the loop: keys and focus stay inside, Esc closes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

DIM = QColor(0, 0, 0, 148)  # 58 % black
BESIDE_FROM = 1240
TOP = 76
SIDE = 56
LEAST_GAP = 24
MOST_PERCENT = 94


class SheetBody(Protocol):
    """What a layer must know of the sheet it carries."""

    WIDTH: int

    def wanted_height(self) -> int:
        """The height at which nothing scrolls, logical pixels."""


class Layer(QWidget):
    """Carries one sheet. ``closed`` follows every closing, however it came about.

    ``beside`` puts the sheet at the right of a wide window without dimming what stands left of it.
    """

    closed = Signal()

    def __init__(self, window: QWidget, sheet: QWidget, measure: SheetBody) -> None:
        super().__init__(window)
        self._window = window
        self._sheet = sheet
        self._measure = measure
        self._before: QWidget | None = None
        self._keys: Mapping[Qt.Key, QWidget] = {}
        self.may_close: Callable[[], bool] = lambda: True
        self.beside = False
        sheet.setParent(self)
        window.installEventFilter(self)
        self.hide()

    @property
    def is_open(self) -> bool:
        return self.isVisibleTo(self._window)

    def open_layer(self, first: QWidget, keys: Mapping[Qt.Key, QWidget] | None = None) -> None:
        """Show the sheet with the keyboard in ``first``; ``keys`` are the letters that move to a field with Alt."""
        self._before = QApplication.focusWidget()
        self._keys = keys or {}
        self.show()
        self.raise_()
        self.cover()
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_layer(self) -> None:
        """Close, and give the keyboard back."""
        if not self.is_open or not self.may_close():
            return
        self.hide()
        before, self._before = self._before, None
        if before is not None:
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    # Geometry and painting

    def cover(self) -> None:
        """Lie over the whole window, with the sheet as high as it wants or the window allows."""
        self.setGeometry(self._window.rect())
        wide = min(self._measure.WIDTH, self.width() * MOST_PERCENT // 100)
        self._sheet.resize(wide, self._sheet.height())
        most = self.height() - 2 * LEAST_GAP
        high = min(self._measure.wanted_height(), most)
        top = min(TOP, (self.height() - high) // 2)
        left = self.width() - wide - SIDE if self._stands_beside() else (self.width() - wide) // 2
        self._sheet.setGeometry(left, top, wide, high)

    def _stands_beside(self) -> bool:
        return self.beside and self.width() >= BESIDE_FROM

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        if event.type() == QEvent.Type.Resize and self.is_open:
            self.cover()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        if not self._stands_beside():
            with QPainter(self) as painter:
                painter.fillRect(event.rect(), DIM)

    # Keys and focus stay inside

    def event(self, event: QEvent) -> bool:
        """The window's shortcuts rest while the sheet is open."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        wanted = self._keys.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Escape:
            self.close_layer()
        elif event.modifiers() == Qt.KeyboardModifier.AltModifier and wanted is not None:
            wanted.setFocus(Qt.FocusReason.ShortcutFocusReason)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # Qt's name
        event.accept()

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes round inside the sheet."""
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
