"""The box for a price or an amount: the unit or the computed result stands at its right end."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.field_edit import INSET, FieldEdit
from otoco_desktop.ui.widgets.tips import tip

_STEPS = {
    Qt.KeyboardModifier.NoModifier.value: 1,
    Qt.KeyboardModifier.ShiftModifier.value: 10,
    Qt.KeyboardModifier.ControlModifier.value: 100,
}


LEAST_ROOM = 48
"""Room for text beside the result, in logical pixels, below which only one of the two is shown."""


def steps_of(event: QKeyEvent) -> int:
    """The steps this key asks for: 1, with Shift 10, with Ctrl 100; down is negative, and 0 is another key."""
    direction = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return _STEPS.get(held.value, 0) * direction


class PriceEdit(FieldEdit):
    """Keeps the exact text. ``stepped`` asks for that many ticks up (down is negative); the presenter answers.

    In a box too narrow for a calculation and its result, the text is seen while it has the keyboard, else the result.
    """

    stepped = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent=parent)
        self._suffix = ""
        self._muted = True
        self._reserved = 0
        self._cramped = False
        self._suffix_width = 0
        self.textChanged.connect(self._keep_clear)

    def set_suffix(self, text: str, *, muted: bool = True) -> None:
        """The unit (muted), or the result of what was typed: ``= 90,552.00 USD``."""
        if (text, muted) == (self._suffix, self._muted):
            return
        self._suffix, self._muted = text, muted
        self._suffix_width = round(paint.width(text, Role.BODY))
        self._keep_clear()
        self.update()

    @property
    def suffix(self) -> str:
        return self._suffix

    def _keep_clear(self) -> None:
        """Give the suffix its room only where typed text would run into it, so that most keys move no margin."""
        typed = paint.width(self.text(), Role.FIELD)
        room = self.width() - self._suffix_width - 4 * INSET
        self._cramped = bool(self._suffix) and typed > room < LEAST_ROOM
        reserved = self._suffix_width + INSET if self._suffix and typed > room else 0
        if self._cramped:
            reserved = 0 if self.hasFocus() else self.width()
        if reserved != self._reserved:
            self._reserved = reserved
            self.setTextMargins(INSET, 0, INSET + reserved, 0)
            self.setToolTip(tip(self.text()) if reserved == self.width() else "")

    def focusInEvent(self, event: QFocusEvent) -> None:  # Qt's name
        super().focusInEvent(event)
        if self._cramped:
            self._keep_clear()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # Qt's name
        super().focusOutEvent(event)
        if self._cramped:
            self._keep_clear()

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        super().resizeEvent(event)
        self._keep_clear()

    def _paint_inside(self, painter: QPainter) -> None:
        if not self._suffix or (self._cramped and self.hasFocus()):
            return
        token = Token.DIS_TEXT if not self.isEnabled() else Token.TEXT3 if self._muted else Token.TEXT2
        room = QRectF(self.rect()).adjusted(INSET + 2, 0, -INSET - 2, 0)
        paint.text(painter, room, self._suffix, Role.BODY, token, paint.RIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        ticks = steps_of(event)
        if ticks:
            self.stepped.emit(ticks)
            event.accept()
            return
        super().keyPressEvent(event)
