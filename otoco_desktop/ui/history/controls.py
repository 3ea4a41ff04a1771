"""The controls of the filter bar: a search box with its key, and a drop-down whose words may differ from its items."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from otoco_desktop.ui.history import words
from otoco_desktop.ui.shell import icons
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.field_edit import FieldEdit
from otoco_desktop.ui.widgets.key_hint import hint_width, paint_hint
from otoco_desktop.ui.widgets.paint import Box
from otoco_desktop.ui.widgets.tips import tip

HEIGHT = 30
ICON = 12
INSET = 9
TEXT_LEFT = 27
SEARCH_WIDTH = 250
SEARCH_LEAST = 130


class SearchBox(FieldEdit):
    """``left`` asks for the table: Down or Enter was pressed. Escape empties it."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__("Search strategies")
        self.setPlaceholderText(words.SEARCH)
        self.setToolTip(tip(f"{words.SEARCH}, instrument ({words.SEARCH_KEY})"))
        self.setTextMargins(TEXT_LEFT - 2, 0, INSET, 0)
        self.setMaximumWidth(SEARCH_WIDTH)

    def sizeHint(self) -> QSize:  # Qt's name
        return QSize(SEARCH_WIDTH, HEIGHT)

    def minimumSizeHint(self) -> QSize:  # Qt's name
        return QSize(SEARCH_LEAST, HEIGHT)

    def _paint_inside(self, painter: QPainter) -> None:
        place = QRectF(INSET, (self.height() - ICON) / 2, ICON, ICON)
        icons.paint(painter, Glyph.SEARCH, Token.TEXT2, place)
        if not self.text() and self.width() >= SEARCH_WIDTH:
            left = self.width() - 7 - hint_width(words.SEARCH_KEY)
            paint_hint(painter, left, self.height() / 2, words.SEARCH_KEY, Token.TEXT2)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        else:
            super().keyPressEvent(event)


class DropDown(QComboBox):
    """``picked`` carries the place of what the person chose; a stray turn of the wheel chooses nothing."""

    picked = Signal(int)

    def __init__(self, name: str, width: int, least: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wide = width
        self._shown = ""
        self._items: tuple[str, ...] = ()
        self.setAccessibleName(name)
        self.setMaxVisibleItems(16)
        self.setMinimumWidth(least)
        self.setMaximumWidth(width)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.activated.connect(self.picked)

    def show_items(self, items: Sequence[str], chosen: int, shown: str = "") -> None:
        """Offer these with one chosen; ``shown`` stands in the closed control where it says more."""
        if tuple(items) != self._items:
            self._items = tuple(items)
            self.clear()
            self.addItems(self._items)
        if chosen != self.currentIndex():
            self.setCurrentIndex(chosen)
        words_now = shown or (self._items[chosen] if 0 <= chosen < len(self._items) else "")
        if words_now != self._shown:
            self._shown = words_now
            self.setAccessibleDescription(f"{self.accessibleName()}: {words_now}")
            self.update()

    def sizeHint(self) -> QSize:  # Qt's name
        return QSize(self._wide, HEIGHT)

    def minimumSizeHint(self) -> QSize:  # Qt's name
        return QSize(self.minimumWidth(), HEIGHT)

    def wheelEvent(self, event: QWheelEvent) -> None:  # Qt's name
        event.ignore()

    def changeEvent(self, event: QEvent) -> None:  # Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            rect = QRectF(self.rect())
            paint.box(painter, rect, Box(Token.BG2, Token.EDGE))
            if self.hasFocus():
                paint.focus_ring(painter, rect)
            room = rect.adjusted(INSET, 0, -INSET - ICON - 3, 0)
            paint.text(painter, room, paint.elided(self._shown, Role.BODY, room.width()), Role.BODY, Token.TEXT)
            chevron = QRectF(rect.right() - INSET - ICON + 2, (HEIGHT - ICON) / 2, ICON, ICON)
            icons.paint(painter, Glyph.CHEVRON, Token.TEXT, chevron)
