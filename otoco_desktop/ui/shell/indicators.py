"""One connection of the top bar: caption, icon and words."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from otoco_desktop.ui.shell import icons
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.state import Indicator
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.tips import tip

HEIGHT = 36
ICON = 12
ICON_ROOM = 17
CHEVRON_ROOM = 16
LONGEST = 150


class IndicatorView(QWidget):
    """Paints an ``Indicator``; the folded one reports ``pressed``."""

    pressed = Signal()

    def __init__(self, *, opens_menu: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Indicator | None = None
        self._opens_menu = opens_menu
        self._wide = 0
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if opens_menu:
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_indicator(self, indicator: Indicator) -> None:
        """Show this; the width only ever grows, so that a changing age moves nothing."""
        if indicator == self._shown:
            return
        self._shown = indicator
        self.setAccessibleName(indicator.spoken)
        self.setToolTip(tip(indicator.text) if self._text_width(indicator) > LONGEST else "")
        needed = self._needed(indicator)
        if needed > self._wide:
            self._wide = needed
            self.updateGeometry()
        self.update()

    def _text_width(self, indicator: Indicator) -> int:
        return round(paint.width(indicator.text, Role.FIELD)) + 1

    def _needed(self, indicator: Indicator) -> int:
        words = ICON_ROOM + min(LONGEST, self._text_width(indicator)) + (CHEVRON_ROOM if self._opens_menu else 0)
        return max(words, round(paint.width(indicator.name, Role.CAPTION)) + 1)

    def sizeHint(self) -> QSize:  # Qt's name
        return QSize(self._wide, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        shown = self._shown
        if shown is None:
            return
        with QPainter(self) as painter:
            paint.text(painter, QRectF(0, 2, self.width(), 14), shown.name, Role.CAPTION, Token.TEXT3)
            icons.paint(painter, shown.glyph, shown.token, QRectF(0, 19, ICON, ICON))
            room = QRectF(ICON_ROOM, 16, self.width() - ICON_ROOM - (CHEVRON_ROOM if self._opens_menu else 0), 18)
            paint.text(painter, room, paint.elided(shown.text, Role.FIELD, room.width() + 1), Role.FIELD, Token.TEXT)
            if self._opens_menu:
                icons.paint(painter, Glyph.CHEVRON, Token.TEXT2, QRectF(self.width() - ICON, 19, ICON, ICON))
            if self.hasFocus():
                paint.focus_ring(painter, QRectF(self.rect()))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # Qt's name
        if self._opens_menu and event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        if self._opens_menu and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)
