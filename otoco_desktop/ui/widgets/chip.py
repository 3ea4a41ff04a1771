"""Chips: icon and words in a small outlined box, as a widget and for delegates."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from otoco_desktop.ui.shell import icons
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.paint import Box
from otoco_desktop.ui.widgets.tones import Tone

HEIGHT = 20
PADDING = 7
ICON = 12
GAP = 6


def chip_width(words: str, glyph: Glyph | None = None) -> int:
    """How wide a chip with these words is, logical pixels."""
    return round(paint.width(words, Role.SECONDARY)) + 2 * PADDING + (ICON + GAP if glyph else 0)


def paint_chip(painter: QPainter, rect: QRectF, words: str, tone: Tone, glyph: Glyph | None = None) -> None:
    """Draw a chip filling the rectangle; the border is the ink's colour where it says something."""
    border = Token.EDGE if tone is Tone.MUTED else tone.ink
    paint.box(painter, rect, Box(tone.ground, border, radius=3))
    left = rect.left() + PADDING
    if glyph:
        top = rect.top() + (rect.height() - ICON) / 2
        icons.paint(painter, glyph, tone.ink, QRectF(round(left), round(top), ICON, ICON))
        left += ICON + GAP
    room = QRectF(left, rect.top(), rect.right() - left, rect.height())
    paint.text(painter, room, words, Role.SECONDARY, tone.ink)


class Chip(QWidget):
    """A chip in a layout; hidden while it has no words. Its accessible name is its words.

    Without room for all of them it shows the first, a count: half a word would read as another one.
    """

    def __init__(self, words: str = "", tone: Tone = Tone.MUTED, glyph: Glyph | None = None) -> None:
        super().__init__()
        self._shown: tuple[str, Tone, Glyph | None] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_words(words, tone, glyph)

    def show_words(self, words: str, tone: Tone, glyph: Glyph | None = None) -> None:
        """Show this; nothing happens when it already stands there."""
        if self._shown == (words, tone, glyph):
            return
        before = self._shown
        self._shown = (words, tone, glyph)
        self.setAccessibleName(words)
        if before is None or (bool(before[0]) != bool(words)):
            self.setVisible(bool(words) and (before is not None or self.parentWidget() is not None))
            self.setHidden(not words)
        if before is None or chip_width(before[0], before[2]) != chip_width(words, glyph):
            self.updateGeometry()
        self.update()

    @property
    def words(self) -> str:
        return self._shown[0] if self._shown else ""

    def sizeHint(self) -> QSize:  # Qt's name
        words, _, glyph = self._shown or ("", Tone.MUTED, None)
        return QSize(chip_width(words, glyph), HEIGHT)

    @property
    def drawn(self) -> str:
        """The words there is room for."""
        return self.words if self.width() >= self.sizeHint().width() else self.words.partition(" ")[0]

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        _, tone, glyph = self._shown or ("", Tone.MUTED, None)
        with QPainter(self) as painter:
            paint_chip(painter, QRectF(self.rect()), self.drawn, tone, glyph)
