"""The lowest line: what kind of account this is, and both clocks with milliseconds."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from otoco_desktop.ui import formats, words
from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint

HEIGHT = 24
PADDING = 12
GAP = 16
LIVE = "LIVE"


class StatusBar(QWidget):
    """Painted in one go; a new time repaints only the clocks."""

    def __init__(self, environment: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._environment = environment
        self._notice = words.ENVIRONMENT_NOTICE.get(environment, environment)
        self._clocks = ""
        self._room = 0
        self.setFixedHeight(HEIGHT)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(f"Status: {self._notice}")

    @property
    def clocks(self) -> str:
        return self._clocks

    @property
    def notice(self) -> str:
        """What stands at the left."""
        return self._notice

    def show_account(self, account: str) -> None:
        """Say who trades here; in LIVE that is all, because the band says the rest."""
        base = words.ENVIRONMENT_NOTICE.get(self._environment, self._environment)
        notice = account if self._environment == LIVE else f"{base}. {account}"
        if notice != self._notice:
            self._notice = notice
            self.setAccessibleName(f"Status: {self._environment}, {account}")
            self.update()

    def show_prices(self, words_: str) -> None:
        """Add where prices come from, where that is not what the environment's name says."""
        base = words.ENVIRONMENT_NOTICE.get(self._environment, self._environment)
        self._notice = ". ".join(filter(None, (base, words_)))
        self.setAccessibleName(f"Status: {self._notice}")
        self.update()

    def show_times(self, local_ms: int, exchange_ms: int | None) -> None:
        """Both times in UTC; the exchange's is left out until its offset is known."""
        exchange = f"    Exchange {formats.utc_clock(exchange_ms)}" if exchange_ms is not None else ""
        text = f"Local {formats.utc_clock(local_ms)}{exchange}"
        if len(text) != len(self._clocks):
            self._room = round(paint.width(text, Role.CAPTION)) + 2 * PADDING
            self.update()
        self._clocks = text
        self.update(self.width() - self._room, 1, self._room, HEIGHT - 1)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color(Token.BG0))
            painter.fillRect(0, 0, self.width(), 1, theme.color(Token.LINE))
            rect = QRectF(self.rect()).adjusted(PADDING, 1, -PADDING, 0)
            paint.text(painter, rect, self._clocks, Role.CAPTION, Token.TEXT3, paint.RIGHT)
            room = rect.adjusted(0, 0, -self._room, 0)
            if self._environment == LIVE:
                paint.text(painter, room, LIVE, Role.HEADER, Token.LIVE)
                room = room.adjusted(paint.width(LIVE, Role.HEADER) + GAP, 0, 0, 0)
            paint.text(painter, room, paint.elided(self._notice, Role.CAPTION, room.width()), Role.CAPTION, Token.TEXT3)
