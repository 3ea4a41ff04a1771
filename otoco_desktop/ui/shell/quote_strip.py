"""Last, bid, ask, mark and the day's change, drawn in columns that only ever grow."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from otoco_desktop.ui.shell import icons
from otoco_desktop.ui.shell.state import NO_VALUE, QuoteFigure
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint

GAP = 17
HEIGHT = 36
ARROW = 8
ARROW_ROOM = 11
LEAST = 34


class QuoteStrip(QWidget):
    """One widget for all prices: a tick repaints it and lays nothing out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[QuoteFigure, ...] = ()
        self._widths: list[int] = []
        self._begins_anew = False
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_quotes(self, quotes: tuple[QuoteFigure, ...]) -> None:
        """Show these; nothing happens when they already stand there."""
        if quotes == self._shown:
            return
        self._shown = quotes
        self._grow()
        self.setAccessibleName(", ".join(f"{quote.name} {quote.text}" for quote in quotes))
        self.update()

    @property
    def quotes(self) -> tuple[QuoteFigure, ...]:
        return self._shown

    def forget_widths(self) -> None:
        """Another instrument has other digits; what stands here is painted as before until those come."""
        self._begins_anew = True

    def _grow(self) -> None:
        needed = [self._needed(quote) for quote in self._shown]
        before = [] if self._begins_anew else self._widths
        self._begins_anew = False
        self._widths = [max(pair) for pair in zip(needed, before or needed, strict=True)]
        if self._widths != before:
            self.updateGeometry()

    def _needed(self, quote: QuoteFigure) -> int:
        arrow = ARROW_ROOM if quote.glyph else 0
        return max(LEAST, round(paint.width(quote.text, Role.FIELD)) + 1 + arrow)

    def sizeHint(self) -> QSize:  # Qt's name
        return QSize(sum(self._widths) + GAP * max(0, len(self._widths) - 1), HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            left = 0
            for quote, wide in zip(self._shown, self._widths, strict=True):
                if left + wide > self.width():
                    break  # a figure without all its digits is another figure
                self._paint_one(painter, quote, left, wide)
                left += wide + GAP

    def _paint_one(self, painter: QPainter, quote: QuoteFigure, left: int, wide: int) -> None:
        paint.text(painter, QRectF(left, 2, wide, 14), quote.name, Role.CAPTION, Token.TEXT3)
        inset = 0
        if quote.glyph is not None and quote.text != NO_VALUE:
            icons.paint(painter, quote.glyph, quote.token, QRectF(left, 22, ARROW, ARROW))
            inset = ARROW_ROOM
        paint.text(painter, QRectF(left + inset, 16, wide - inset, 18), quote.text, Role.FIELD, quote.token)
