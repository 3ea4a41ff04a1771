"""A key's name in a small box: Ctrl+Enter."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.paint import Box

HEIGHT = 16
PADDING = 5


def hint_width(words: str) -> float:
    """How wide the box is, logical pixels."""
    return round(paint.width(words, Role.HEADER)) + 2 * PADDING


def paint_hint(painter: QPainter, left: float, middle: float, words: str, token: Token) -> None:
    """Draw the box with its left edge and vertical middle there."""
    rect = QRectF(round(left), round(middle - HEIGHT / 2), hint_width(words), HEIGHT)
    paint.box(painter, rect, Box(border=token, radius=3))
    paint.text(painter, rect, words, Role.HEADER, token, paint.CENTER)


class KeyHint(QWidget):
    """The same as a widget; assistive technology hears the key from the button it belongs to."""

    def __init__(self, words: str, token: Token = Token.TEXT2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._token = token
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # Qt's name
        return QSize(round(hint_width(self._words)), HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            paint_hint(painter, 0, self.height() / 2, self._words, self._token)
