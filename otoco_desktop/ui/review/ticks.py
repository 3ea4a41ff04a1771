"""A warning with its own tick box."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy

from otoco_desktop.ui.review.state import Acknowledgement
from otoco_desktop.ui.shell import icons
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.paint import Box
from otoco_desktop.ui.widgets.span_layout import SpanLayout
from otoco_desktop.ui.widgets.spans import plain, strong

BOX = 16
ICON = 12
TEXT_LEFT = BOX + 8 + ICON + 8
PADDING = 5


class TickBox(QCheckBox):
    """Ticked when the trader has read the warning. Its accessible name is the warning."""

    def __init__(self, warning: Acknowledgement) -> None:
        super().__init__()
        self.warning = warning
        self._words = (
            strong(f"{warning.title} "),
            strong("Warning", Token.WARN),
            plain(f" {warning.text}", Token.TEXT2),
        )
        self.setAccessibleName(f"I have read: {warning.title}. {warning.text}")
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _layout(self, width: int) -> SpanLayout:
        return SpanLayout(self._words, Role.SECONDARY, Token.TEXT, width - TEXT_LEFT - 2 * PADDING)

    def heightForWidth(self, width: int) -> int:  # Qt's name
        return max(24, self._layout(width).height + 2 * PADDING)

    def sizeHint(self) -> QSize:  # Qt's name
        width = self.width() if self.width() > TEXT_LEFT * 2 else 600
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:  # Qt's name
        return QSize(200, self.heightForWidth(max(200, self.width())))

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802 - Qt's name
        return self.rect().contains(pos)

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        super().resizeEvent(event)
        if self.height() != self.heightForWidth(self.width()):
            self.setFixedHeight(self.heightForWidth(self.width()))

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        painter = QPainter(self)
        paint.box(painter, QRectF(self.rect()), Box(Token.WARN_SOFT, None))
        ticked = self.checkState() is Qt.CheckState.Checked
        place = QRectF(PADDING, PADDING, BOX, BOX)
        paint.box(
            painter, place, Box(Token.ACCENT_FILL if ticked else Token.BG2, None if ticked else Token.EDGE, radius=3)
        )
        if ticked:
            icons.paint(painter, Glyph.TICK, Token.ON_FILL, place.adjusted(2, 2, -2, -2))
        icons.paint(painter, Glyph.WARNING, Token.WARN, QRectF(PADDING + BOX + 8, PADDING + 2, ICON, ICON))
        self._layout(self.width()).draw(painter, QPointF(TEXT_LEFT + PADDING, PADDING))
        if self.hasFocus():
            paint.focus_ring(painter, QRectF(self.rect()))
        painter.end()
