"""The box for a price or an amount: the unit or the computed result stands at its right end."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget

from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.field_edit import INSET, FieldEdit

MARGIN_STEP = 16
_STEPS = {
    Qt.KeyboardModifier.NoModifier.value: 1,
    Qt.KeyboardModifier.ShiftModifier.value: 10,
    Qt.KeyboardModifier.ControlModifier.value: 100,
}


class PriceEdit(FieldEdit):
    """Keeps the exact text. ``stepped`` asks for that many ticks up (down is negative); the presenter answers."""

    stepped = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent=parent)
        self._suffix = ""
        self._muted = True
        self._reserved = 0

    def set_suffix(self, text: str, *, muted: bool = True) -> None:
        """The unit (muted), or the result of what was typed: ``= 90,552.00 USD``."""
        if (text, muted) == (self._suffix, self._muted):
            return
        self._suffix, self._muted = text, muted
        self._reserve(paint.width(text, Role.BODY))
        self.update()

    @property
    def suffix(self) -> str:
        return self._suffix

    def _reserve(self, room: float) -> None:
        """Keep typed text clear of the suffix, in coarse steps so that a keystroke rarely moves the margin."""
        reserved = -(-int(room + 10) // MARGIN_STEP) * MARGIN_STEP if room else 0
        if reserved != self._reserved:
            self._reserved = reserved
            self.setTextMargins(INSET, 0, INSET + reserved, 0)

    def _paint_inside(self, painter: QPainter) -> None:
        if not self._suffix:
            return
        token = Token.DIS_TEXT if not self.isEnabled() else Token.TEXT3 if self._muted else Token.TEXT2
        room = QRectF(self.rect()).adjusted(INSET + 2, 0, -INSET - 2, 0)
        paint.text(painter, room, self._suffix, Role.BODY, token, paint.RIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        direction = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ticks = _STEPS.get(held.value, 0) * direction
        if ticks:
            self.stepped.emit(ticks)
            event.accept()
            return
        super().keyPressEvent(event)
