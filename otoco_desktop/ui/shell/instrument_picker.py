"""The list of spot pairs."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.ui.foreign import foreign
from otoco_desktop.ui.shell import icons
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.paint import Box

HEIGHT = 30
WIDTH = 139
COMPACT_WIDTH = 118
INSET = 9
ICON = 12
NONE_YET = "No instruments"


class InstrumentPicker(QComboBox):
    """Reports ``symbol_chosen`` when the trader picks; a stray turn of the wheel picks nothing."""

    symbol_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._symbols: tuple[str, ...] = ()
        self._wide = WIDTH
        self.setAccessibleName("Instrument")
        self.setAccessibleDescription("Instrument")  # on Linux Qt reads the chosen item in place of the name
        self.setMaxVisibleItems(14)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.activated.connect(lambda index: self.symbol_chosen.emit(self._symbols[index]))

    def set_compact(self, compact: bool) -> None:
        self._wide = COMPACT_WIDTH if compact else WIDTH
        self.updateGeometry()
        self.update()

    def show_instruments(self, instruments: tuple[Instrument, ...], chosen: Instrument | None) -> None:
        """Offer the spot pairs among these and show the chosen one."""
        symbols = tuple(sorted(instrument.symbol for instrument in instruments if instrument.is_spot))
        if symbols != self._symbols:
            self._symbols = symbols
            self.clear()
            self.addItems([foreign(symbol) for symbol in symbols])
        index = symbols.index(chosen.symbol) if chosen is not None and chosen.symbol in symbols else -1
        if index != self.currentIndex():
            self.setCurrentIndex(index)

    def wheelEvent(self, event: QWheelEvent) -> None:  # Qt's name
        event.ignore()

    def sizeHint(self) -> QSize:  # Qt's name
        return QSize(self._wide, HEIGHT)

    def minimumSizeHint(self) -> QSize:  # Qt's name
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        painter = QPainter(self)
        rect = QRectF(self.rect())
        paint.box(painter, rect, Box(Token.BG2, Token.EDGE))
        if self.hasFocus():
            paint.focus_ring(painter, rect)
        room = rect.adjusted(INSET, 0, -INSET - ICON - 4, 0)
        name = paint.elided(self.currentText() or NONE_YET, Role.STRONG, room.width())
        paint.text(painter, room, name, Role.STRONG, Token.TEXT)
        beside = paint.width(name, Role.STRONG) + 7
        if beside + paint.width("Spot", Role.BODY) <= room.width() and self._wide == WIDTH:
            paint.text(painter, room.adjusted(beside, 0, 0, 0), "Spot", Role.BODY, Token.TEXT3)
        chevron = QRectF(rect.right() - INSET - ICON + 2, (HEIGHT - ICON) / 2, ICON, ICON)
        icons.paint(painter, Glyph.CHEVRON, Token.TEXT, chevron)
        painter.end()
