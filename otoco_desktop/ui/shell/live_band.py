"""The band at the window's top edge that only LIVE has."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QMenuBar, QWidget

from otoco_desktop.ui.shell import icons, theme
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint, panel

HEIGHT = 22
ICON = 13
LEFT = 12
TEXT_LEFT = 33
WORDS = "LIVE account. Every order placed here uses real money."


class LiveBand(QWidget):
    """Never goes while the window is there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(WORDS)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color(Token.LIVE_FILL))
            icons.paint(painter, Glyph.LIVE, Token.ON_FILL, QRectF(LEFT, (HEIGHT - ICON) / 2, ICON, ICON))
            room = QRectF(self.rect()).adjusted(TEXT_LEFT, 0, 0, 0)
            paint.text(painter, room, WORDS, Role.SECONDARY_STRONG, Token.ON_FILL)


def place_menu_bar(window: QMainWindow, *, live: bool) -> QMenuBar:
    """Give the window its menu bar, in LIVE under the band."""
    bar = QMenuBar()
    if not live:
        window.setMenuBar(bar)
        return bar
    head = QWidget()
    rows = panel.column(head)
    rows.addWidget(LiveBand())
    rows.addWidget(bar)
    window.setMenuWidget(head)
    return bar
