"""A sheet over the window that never blocks the loop: keys and focus stay inside, Esc closes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QWidget

from otoco_desktop.ui.widgets.cover import Cover

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


class Layer(Cover):
    """Carries one sheet. ``closed`` follows every closing, however it came about.

    ``beside`` puts the sheet at the right of a wide window without dimming what stands left of it.
    """

    closed = Signal()

    def __init__(self, window: QWidget, sheet: QWidget, measure: SheetBody) -> None:
        super().__init__(window)
        self._sheet = sheet
        self._measure = measure
        self._keys: Mapping[Qt.Key, QWidget] = {}
        self.may_close: Callable[[], bool] = lambda: True
        self.beside = False
        sheet.setParent(self)

    @property
    def is_open(self) -> bool:
        return self.isVisibleTo(self._window)

    def open_layer(self, first: QWidget, keys: Mapping[Qt.Key, QWidget] | None = None) -> None:
        """Show the sheet with the keyboard in ``first``; ``keys`` are the letters that move to a field with Alt."""
        self._keys = keys or {}
        self.lie_over()
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_layer(self) -> None:
        """Close, and give the keyboard back."""
        if self.is_open and self.may_close():
            self.take_away()
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

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        if not self._stands_beside():
            super().paintEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        wanted = self._keys.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Escape:
            self.close_layer()
        elif event.modifiers() == Qt.KeyboardModifier.AltModifier and wanted is not None:
            wanted.setFocus(Qt.FocusReason.ShortcutFocusReason)
        event.accept()
