"""The strip over the chart that says why the zones are hidden."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from otoco_desktop.ui.shell import icons, theme
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint

HEIGHT = 30
LEFT = 34.0


class Notice(QWidget):
    """Lies over the top of the chart, so that it moves nothing."""

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._words: tuple[str, str] | None = None
        self.hide()

    def show_words(self, words: tuple[str, str] | None) -> None:
        """Say this, or nothing."""
        if words == self._words:
            return
        self._words = words
        self.setAccessibleName(" ".join(words or ()))
        self.setVisible(words is not None)
        self.place()
        self.update()

    def place(self) -> None:
        """Take the whole width."""
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(0, 0, parent.width(), HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        if self._words is None:
            return
        painter = QPainter(self)
        try:
            self._paint(painter, *self._words)
        finally:
            painter.end()

    def _paint(self, painter: QPainter, strong: str, rest: str) -> None:
        room = QRectF(self.rect())
        painter.fillRect(room, theme.color(Token.NEG_SOFT))
        painter.fillRect(QRectF(0, HEIGHT - 1, room.width(), 1), theme.color(Token.LINE))
        icons.paint(painter, Glyph.FAIL, Token.NEG, QRectF(12, 9, 12, 12))
        paint.text(painter, room.adjusted(LEFT, 0, -8, 0), strong, Role.SECONDARY_STRONG, Token.TEXT)
        left = LEFT + paint.width(strong, Role.SECONDARY_STRONG) + 5
        shown = paint.elided(rest, Role.SECONDARY, room.width() - left - 8)
        paint.text(painter, room.adjusted(left, 0, -8, 0), shown, Role.SECONDARY, Token.TEXT)
