"""The field of the instrument in the top bar; pressing it opens the search over all spot pairs."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
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

if TYPE_CHECKING:
    from otoco_desktop.ui.picker.view import PairPicker
    from otoco_desktop.ui.shell.memory import UiStore
    from otoco_desktop.ui.shell.runtime import Spawn

DayChanges = Callable[[], Coroutine[Any, Any, Mapping[str, Decimal]]]
HEIGHT = 30
WIDTH = 139
COMPACT_WIDTH = 118
INSET = 9
ICON = 12
NONE_YET = "No pairs yet"


class InstrumentPicker(QComboBox):
    """Reports ``symbol_chosen`` when the trader picks; a stray turn of the wheel picks nothing."""

    symbol_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._symbols: tuple[str, ...] = ()
        self._absent = ""
        """The chosen pair where the exchange lists it no longer."""
        self._wide = WIDTH
        self._instruments: tuple[Instrument, ...] = ()
        self._pairs: PairPicker | None = None
        self._store: UiStore | None = None
        self._spawn: Spawn | None = None
        self._ask: DayChanges | None = None
        self.setAccessibleName("Instrument")
        self.setAccessibleDescription("Instrument")  # on Linux Qt reads the chosen item in place of the name
        self.setMaxVisibleItems(14)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.activated.connect(lambda index: self.symbol_chosen.emit(self._symbols[index]))

    def take(self, store: UiStore, spawn: Spawn) -> None:
        """Remember favourites and recent pairs here; until then the field only takes the keyboard."""
        self._store, self._spawn = store, spawn

    def ask_changes(self, ask: DayChanges) -> None:
        """Ask so for the 24 h changes of all pairs, each time the list opens."""
        self._ask = ask

    @property
    def pairs(self) -> PairPicker | None:
        """The search over all pairs; built when it is first opened."""
        if self._pairs is None and self._store is not None:
            from otoco_desktop.ui.picker.view import PairPicker  # noqa: PLC0415 - its import is not for the start

            self._pairs = PairPicker(self.window(), self._store)
            self._pairs.show_instruments(self._instruments)
            self._pairs.chosen.connect(self.symbol_chosen)
            self.symbol_chosen.connect(self._pairs.used)
        return self._pairs

    def showPopup(self) -> None:  # noqa: N802 - Qt's name
        pairs = self.pairs
        if pairs is None:
            self.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        pairs.open_under(self)
        if self._ask is not None and self._spawn is not None:
            self._spawn(self._show_changes(self._ask), lambda _trouble: pairs.show_changes({}))

    async def _show_changes(self, ask: DayChanges) -> None:
        if self._pairs is not None:
            self._pairs.show_changes(await ask())

    def set_compact(self, compact: bool) -> None:
        self._wide = COMPACT_WIDTH if compact else WIDTH
        self.updateGeometry()
        self.update()

    def show_instruments(self, instruments: tuple[Instrument, ...], chosen: Instrument | None) -> None:
        """Offer the spot pairs among these and show the chosen one."""
        self._instruments = instruments
        if self._pairs is not None:
            self._pairs.show_instruments(instruments)
        symbols = tuple(sorted(instrument.symbol for instrument in instruments if instrument.is_spot))
        if symbols != self._symbols:
            self._symbols = symbols
            self.clear()
            self.addItems([foreign(symbol) for symbol in symbols])
        index = symbols.index(chosen.symbol) if chosen is not None and chosen.symbol in symbols else -1
        self._absent = foreign(chosen.symbol) if chosen is not None and index < 0 else ""
        if index != self.currentIndex():
            self.setCurrentIndex(index)

    def wheelEvent(self, event: QWheelEvent) -> None:  # Qt's name
        event.ignore()

    def sizeHint(self) -> QSize:  # Qt's name
        return QSize(self._wide, HEIGHT)

    def minimumSizeHint(self) -> QSize:  # Qt's name
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            rect = QRectF(self.rect())
            paint.box(painter, rect, Box(Token.BG2, Token.EDGE))
            if self.hasFocus():
                paint.focus_ring(painter, rect)
            room = rect.adjusted(INSET, 0, -INSET - ICON - 4, 0)
            name = paint.elided(self.currentText() or self._absent or NONE_YET, Role.STRONG, room.width())
            paint.text(painter, room, name, Role.STRONG, Token.TEXT)
            beside = paint.width(name, Role.STRONG) + 7
            if beside + paint.width("Spot", Role.BODY) <= room.width() and self._wide == WIDTH:
                paint.text(painter, room.adjusted(beside, 0, 0, 0), "Spot", Role.BODY, Token.TEXT3)
            chevron = QRectF(rect.right() - INSET - ICON + 2, (HEIGHT - ICON) / 2, ICON, ICON)
            icons.paint(painter, Glyph.CHEVRON, Token.TEXT, chevron)
