"""The label of one line: icon, name, value and grip. It has the keyboard for its line; the mouse goes through it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from otoco_desktop.domain.finding import Field
from otoco_desktop.ui.chart.board import LABEL
from otoco_desktop.ui.chart.state import LOOKS, PriceLine
from otoco_desktop.ui.shell import icons, theme
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.paint import Box
from otoco_desktop.ui.widgets.price_edit import steps_of

BLOCK = 22.0
GAP = 7.0
GRIP = 8.0
BETWEEN = 14.0


class Handle(QWidget):
    """``stepped`` asks for ticks up (down is negative), ``left`` gives the keyboard back, ``abandoned`` is Esc."""

    stepped = Signal(int)
    abandoned = Signal()
    left = Signal()

    def __init__(self, field: Field, parent: QWidget) -> None:
        super().__init__(parent)
        self.field = field
        self._line: PriceLine | None = None
        self._compact = False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_line(self, line: PriceLine, *, compact: bool) -> None:
        """Say this; the place is the canvas's."""
        if (line, compact) == (self._line, self._compact):
            return
        self._line, self._compact = line, compact
        if self.accessibleName() != line.spoken:
            self.setAccessibleName(line.spoken)
        wide = round(self._wide())
        if (self.width(), self.height()) != (wide, int(LABEL)):
            self.resize(wide, int(LABEL))
        self.update()

    @property
    def words(self) -> tuple[str, str]:
        """Name and value as they stand in the label."""
        if self._line is None:
            return "", ""
        return (self._line.short, self._line.short_value) if self._compact else (self._line.name, self._line.value)

    def _wide(self) -> float:
        name, value = self.words
        wide = BLOCK + GAP + paint.width(name, Role.STRONG) + GAP + GRIP + GAP
        return wide + (BETWEEN + paint.width(value, Role.BODY) if value else 0)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        look = LOOKS[self.field]
        rect = QRectF(self.rect())
        name, value = self.words
        paint.box(painter, rect, Box(Token.BG1, look.ink, radius=3))
        paint.box(painter, QRectF(0, 0, BLOCK, LABEL), Box(look.fill, radius=3))
        icons.paint(painter, look.glyph, Token.ON_FILL, QRectF(5, 5, 12, 12))
        inner = rect.adjusted(BLOCK + GAP, 0, -GAP - GRIP - GAP, 0)
        paint.text(painter, inner, name, Role.STRONG, look.ink)
        paint.text(painter, inner, value, Role.BODY, Token.TEXT, paint.RIGHT)
        for at in range(3):
            painter.fillRect(QRectF(rect.right() - GAP - GRIP + 3 * at, 8, 1, 7), theme.color(Token.TEXT2))
        if self.hasFocus():
            paint.focus_ring(painter, rect)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        ticks = steps_of(event)
        if ticks:
            self.stepped.emit(ticks)
        elif event.key() == Qt.Key.Key_Escape:
            self.abandoned.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # Qt's name
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # Qt's name
        super().focusOutEvent(event)
        self.update()
