"""A tick box with a few lines of words beside it, on a ground of its own."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy

from otoco_desktop.ui.shell import icons
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.paint import Box
from otoco_desktop.ui.widgets.span_layout import SpanLayout
from otoco_desktop.ui.widgets.spans import Span

BOX = 16
ICON = 12
PADDING = 5


class TickRow(QCheckBox):
    """Wrapping words beside a tick; the whole row is the target. ``glyph`` stands between tick and words."""

    def __init__(self, words: Sequence[Span], ground: Token, glyph: tuple[Glyph, Token] | None = None) -> None:
        super().__init__()
        self._words = tuple(words)
        self._ground = ground
        self._glyph = glyph
        self._left = BOX + 8 + (ICON + 8 if glyph else 0)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_words(self, words: Sequence[Span], ground: Token) -> None:
        """Say this from now on."""
        if (tuple(words), ground) != (self._words, self._ground):
            self._words, self._ground = tuple(words), ground
            self._fit()
            self.update()

    def _layout(self, width: int) -> SpanLayout:
        return SpanLayout(self._words, Role.SECONDARY, Token.TEXT, width - self._left - 2 * PADDING)

    def heightForWidth(self, width: int) -> int:  # Qt's name
        return max(24, self._layout(width).height + 2 * PADDING)

    def sizeHint(self) -> QSize:  # Qt's name
        width = self.width() if self.width() > self._left * 2 else 600
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:  # Qt's name
        return QSize(200, self.heightForWidth(max(200, self.width())))

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802 - Qt's name
        return self.rect().contains(pos)

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self.height() != self.heightForWidth(self.width()):
            self.setFixedHeight(self.heightForWidth(self.width()))

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            paint.box(painter, QRectF(self.rect()), Box(self._ground, None))
            self._paint_tick(painter)
            if self._glyph is not None:
                place = QRectF(PADDING + BOX + 8, PADDING + 2, ICON, ICON)
                icons.paint(painter, *self._glyph, place)
            self._layout(self.width()).draw(painter, QPointF(self._left + PADDING, PADDING))
            if self.hasFocus():
                paint.focus_ring(painter, QRectF(self.rect()))

    def _paint_tick(self, painter: QPainter) -> None:
        ticked = self.checkState() is Qt.CheckState.Checked
        place = QRectF(PADDING, PADDING, BOX, BOX)
        fill, border = (Token.ACCENT_FILL, None) if ticked else (Token.BG2, Token.EDGE)
        paint.box(painter, place, Box(fill, border, radius=3))
        if ticked:
            icons.paint(painter, Glyph.TICK, Token.ON_FILL, place.adjusted(2, 2, -2, -2))
