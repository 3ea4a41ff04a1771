"""A list of all spot pairs under the field in the top bar, with a search over it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.ui.foreign import foreign
from otoco_desktop.ui.picker import state
from otoco_desktop.ui.picker.state import Liking, PairList, PairRow
from otoco_desktop.ui.shell import icons, theme
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.memory import UiStore
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint, panel
from otoco_desktop.ui.widgets.field_edit import FieldEdit
from otoco_desktop.ui.widgets.labels import label
from otoco_desktop.ui.widgets.paint import Box
from otoco_desktop.ui.widgets.rows_model import ROW_ROLE, Column, RowsModel
from otoco_desktop.ui.widgets.scroll_bar import ThinScrollBar

SIZE = QSize(380, 420)
ROW = 28
STAR = 30
ICON = 14
INSET = 10
FAVOURITES, RECENT = "favourite pairs", "recent pairs"
LIST_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
Index = QModelIndex | QPersistentModelIndex


class PairPainter(QStyledItemDelegate):
    """Star, name, why it is closed, and the change of a day."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: PairRow = index.data(ROW_ROLE)
        rect = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.color(Token.SEL))
        glyph, token = (Glyph.STAR_FILLED, Token.ACCENT) if row.favourite else (Glyph.STAR, Token.TEXT3)
        icons.paint(painter, glyph, token, QRectF(INSET, rect.top() + (ROW - ICON) / 2, ICON, ICON))
        room = rect.adjusted(STAR, 0, -INSET, 0)
        name = foreign(row.symbol)
        paint.text(painter, room, name, Role.FIELD, Token.TEXT3 if row.closed else Token.TEXT)
        beside = room.adjusted(paint.width(name, Role.FIELD) + 10, 0, 0, 0)
        paint.text(painter, beside, row.closed, Role.SECONDARY, Token.TEXT3)
        if not row.closed:
            paint.text(painter, room, row.shown_change, Role.SECONDARY, _tone(row), paint.RIGHT)


def _tone(row: PairRow) -> Token:
    if not row.change:
        return Token.TEXT3
    return Token.POS if row.change > 0 else Token.NEG


class PairView(QTableView):
    """A table lays out only what is seen, a list view every row. ``starred`` carries the row whose star was pressed."""

    starred = Signal(object)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # Qt's name
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.position().x() < STAR:
            self.starred.emit(index.data(ROW_ROLE))
        else:
            super().mousePressEvent(event)


class PairPicker(QWidget):
    """Lies over the window it belongs to. ``chosen`` carries a symbol; closing gives the keyboard back."""

    chosen = Signal(str)

    def __init__(self, window: QWidget, store: UiStore) -> None:
        super().__init__(window)
        self._window = window
        self._store = store
        self.liking = Liking.read(store.get(FAVOURITES), store.get(RECENT))
        self._pairs = PairList()
        self._instruments: tuple[Instrument, ...] = ()
        self._changes: Mapping[str, Decimal] = {}
        self._back: QWidget | None = None
        self.setAccessibleName("Instruments")
        self.search = FieldEdit("Search instruments")
        self.search.setPlaceholderText("Search symbol or coin")
        named: Column[PairRow] = Column("Pair", lambda row: foreign(row.symbol), lambda row: row.spoken)
        self.model: RowsModel[PairRow] = RowsModel([named], _symbol_of, self)
        self.list = PairView()
        self.said = label("", Role.SECONDARY, Token.TEXT2)
        self._build()
        self.hide()

    def _build(self) -> None:
        self.list.setAccessibleName("Spot pairs")
        self.list.setModel(self.model)
        self.list.setItemDelegate(PairPainter(self.list))
        self.list.horizontalHeader().hide()
        self.list.horizontalHeader().setStretchLastSection(True)
        self.list.verticalHeader().hide()
        self.list.verticalHeader().setDefaultSectionSize(ROW)
        self.list.setShowGrid(False)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollBar(ThinScrollBar())
        self.list.viewport().setAutoFillBackground(False)
        rows = panel.column(self, 8, (INSET, INSET, INSET, INSET))
        rows.addWidget(self.search)
        rows.addWidget(self.list, 1)
        rows.addWidget(self.said)
        self.search.textChanged.connect(lambda _text: self._filter())
        self.search.installEventFilter(self)
        self.list.clicked.connect(lambda index: self._choose(index.data(ROW_ROLE)))
        self.list.starred.connect(self.star)

    # Opening and closing

    def open_under(self, field: QWidget) -> None:
        """Show every pair below this field, and take the keyboard until one is chosen or it is closed."""
        if self.isVisible():
            return
        self._back = QApplication.focusWidget() or field
        window = self._window
        corner = field.mapTo(window, QPoint(0, field.height() + 4))
        self.setGeometry(corner.x(), corner.y(), SIZE.width(), min(SIZE.height(), window.height() - corner.y() - 40))
        self.search.clear()
        self._show_pairs()
        self.show()
        self.raise_()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]  # there is one: this is a widget

    def close_list(self) -> None:
        """Hide, and give the keyboard back to what had it."""
        if not self.isVisible():
            return
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]  # as above
        had = self.search.hasFocus()
        self.hide()
        if had and self._back is not None:
            self._back.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        outside = isinstance(watched, QWidget) and watched is not self and not self.isAncestorOf(watched)
        if event.type() == QEvent.Type.MouseButtonPress and outside:
            self.close_list()
        return False

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.close_list()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.list.currentIndex().data(ROW_ROLE))
        elif key == Qt.Key.Key_Asterisk:
            self.star(self.list.currentIndex().data(ROW_ROLE))
        elif key in LIST_KEYS:
            QApplication.sendEvent(self.list, QKeyEvent(event))
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self.close_list()
        else:
            return False
        return True

    # What is listed

    def show_instruments(self, instruments: tuple[Instrument, ...]) -> None:
        """Offer these from now on."""
        if instruments is not self._instruments:
            self._instruments = instruments
            if self.isVisible():
                self._show_pairs()

    def show_changes(self, changes: Mapping[str, Decimal]) -> None:
        """Write the 24 h changes beside the pairs."""
        self._changes = changes
        if self.isVisible():
            self._show_pairs()

    def _show_pairs(self) -> None:
        self._pairs = state.build(self._instruments, self.liking, self._changes)
        self._filter(keep=True)

    def _filter(self, *, keep: bool = False) -> None:
        """List what matches; ``keep`` stays on the row that is chosen, else the first one is."""
        current = self.list.currentIndex().data(ROW_ROLE) if keep else None
        found = self._pairs.search(self.search.text())
        self.model.show_rows(found)
        self.list.setCurrentIndex(self.model.index(max(0, self.model.row_of(current.symbol) if current else 0), 0))
        self._say(self._pairs.answer(self.search.text(), found))

    def _say(self, words: str) -> None:
        self.said.show_text(words)
        self.search.setAccessibleDescription(words)

    # What is done with a row

    def _choose(self, row: PairRow | None) -> None:
        if row is None:
            return
        if row.closed:
            self._say(state.REFUSED.format(symbol=foreign(row.symbol), reason=row.closed))
            return
        self.close_list()
        self.chosen.emit(row.symbol)

    def used(self, symbol: str) -> None:
        """This pair was chosen, here or elsewhere."""
        self._keep(self.liking.used(symbol))

    def star(self, row: PairRow | None) -> None:
        """Make the pair a favourite, or no more one."""
        if row is not None:
            self._keep(self.liking.toggled(row.symbol))
            self._show_pairs()

    def _keep(self, liking: Liking) -> None:
        self.liking = liking
        for key, text in zip((FAVOURITES, RECENT), liking.kept(), strict=True):
            self._store.put(key, text)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            paint.box(painter, QRectF(self.rect()), Box(Token.BG1, Token.EDGE))


def _symbol_of(row: PairRow) -> str:
    return row.symbol
