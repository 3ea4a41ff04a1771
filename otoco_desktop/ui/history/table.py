"""The history table: sorted by a press on a caption, columns as the trader wants them, one tab stop."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from otoco_desktop.ui.history.columns import ALWAYS, Choices, Layout, lay_out
from otoco_desktop.ui.history.delegate import COMPACT_HEIGHT, LEGS_HEIGHT, HistoryDelegate, natural_width
from otoco_desktop.ui.history.model import COLUMNS, HistoryModel
from otoco_desktop.ui.history.order import Order
from otoco_desktop.ui.history.rows import NUMBERS, Column, Frame
from otoco_desktop.ui.history.state import HistoryState
from otoco_desktop.ui.shell import icons
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.strategies import table
from otoco_desktop.ui.strategies.table import HEADER_HEIGHT, PickTable
from otoco_desktop.ui.widgets import paint

ARROW = 7
NO_ROOM = "no room at this width"


class Header(table.Header):
    """The caption sorted by has an arrow."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._order = Order()
        self.setSectionsClickable(True)

    def show_order(self, order: Order) -> None:
        if order != self._order:
            self._order = order
            self.viewport().update()

    def _paint_words(self, painter: QPainter, room: QRectF, section: int, words: str) -> None:
        if COLUMNS[section] is self._order.column:
            room = self._paint_arrow(painter, room, words, right=COLUMNS[section] in NUMBERS)
        super()._paint_words(painter, room, section, words)

    def _paint_arrow(self, painter: QPainter, room: QRectF, words: str, *, right: bool) -> QRectF:
        """The arrow after the words; what is left for them."""
        left = room.right() - ARROW if right else room.left() + paint.width(words, Role.CAPTION) + 3
        place = QRectF(round(left), round(room.center().y() - ARROW / 2), ARROW, ARROW)
        icons.paint(painter, Glyph.DOWN if self._order.falling else Glyph.UP, Token.TEXT2, place)
        return room.adjusted(0, 0, -ARROW - 3, 0) if right else room


class HistoryTable(PickTable):
    """``sorted_by`` carries the column pressed."""

    sorted_by = Signal(object)
    choices_changed = Signal()
    rows: HistoryModel

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(COMPACT_HEIGHT, parent)
        self.rows = HistoryModel(self)
        self.choices = Choices()
        self.header = Header(self)
        self._fitting = False
        self._layout = Layout({}, frozenset())
        self.setModel(self.rows)
        self._delegate = HistoryDelegate(self, self.rows)
        self.setItemDelegate(self._delegate)
        self.setHorizontalHeader(self.header)
        self.setMinimumHeight(HEADER_HEIGHT + 2 * LEGS_HEIGHT)
        self._connect()

    def _connect(self) -> None:
        self.selectionModel().currentRowChanged.connect(self._current_changed)
        self.header.sectionClicked.connect(lambda at: self.sorted_by.emit(COLUMNS[at]))
        self.header.sectionResized.connect(self._section_resized)
        self.header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.header.customContextMenuRequested.connect(lambda at: self._open_menu(self.header.mapToGlobal(at)))
        self.verticalScrollBar().valueChanged.connect(self._fit_columns)

    @property
    def is_in_use(self) -> bool:
        """Whether the pointer or the keyboard is on a row, so that none may move away."""
        return self.hasFocus() or self.viewport().underMouse()

    def show_state(self, state: HistoryState, frame: Frame) -> None:
        """Take what is listed; the selection follows its strategy."""
        self.rows.show_records(state.listed, state.kept, frame)
        self.rows.set_result_header(state.result_header)
        self.header.show_order(state.order)
        self._fit_columns()
        self.select(self._selected)

    def show_legs(self, with_legs: bool) -> None:
        """Rows of 42 with a line of legs, or of 27 without."""
        self._delegate.with_legs = with_legs
        self.verticalHeader().setDefaultSectionSize(LEGS_HEIGHT if with_legs else COMPACT_HEIGHT)
        self.viewport().update()

    def _copied(self, at: int) -> str:
        return self.rows.row_at(at).copied

    # Columns

    def _fit_columns(self) -> None:
        """Numbers in sight keep their digits."""
        self._layout = lay_out(self.viewport().width(), self._needed(), self.choices)
        self._fitting = True
        for at, which in enumerate(COLUMNS):
            wide = self._layout.widths.get(which)
            if self.isColumnHidden(at) is not (wide is None):
                self.setColumnHidden(at, wide is None)
            if wide is not None and self.columnWidth(at) != wide:
                self.setColumnWidth(at, wide)
        self._fitting = False

    def _needed(self) -> dict[Column, int]:
        first = max(0, self.rowAt(0))
        last = min(self.rows.rowCount(), first + self.viewport().height() // COMPACT_HEIGHT + 2)
        seen = [self.rows.row_at(at) for at in range(first, last)]
        return {which: max((natural_width(which, row.cells[which]) for row in seen), default=0) for which in NUMBERS}

    def _section_resized(self, at: int, _before: int, wide: int) -> None:
        if not self._fitting and wide:
            self.choices.widths[COLUMNS[at]] = wide
            self._fit_columns()
            self.choices_changed.emit()

    def _open_menu(self, at: QPoint) -> None:
        menu = self.columns_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def columns_menu(self) -> QMenu:
        """Columns to show, and by which to sort."""
        menu = QMenu("&Columns", self)
        sorting = menu.addMenu("&Sort by")
        for which in COLUMNS:
            if which not in ALWAYS:
                menu.addAction(self._column_action(menu, which))
            action = sorting.addAction(which.value.replace("&", "&&"))
            action.triggered.connect(lambda _checked, column=which: self.sorted_by.emit(column))
        menu.addSeparator()
        menu.addAction("&Reset columns").triggered.connect(self._reset_columns)
        return menu

    def _column_action(self, menu: QMenu, which: Column) -> QAction:
        words = f"{which} ({NO_ROOM})" if which in self._layout.no_room else which.value
        action = QAction(words.replace("&", "&&"), menu)
        action.setCheckable(True)
        action.setChecked(which not in self.choices.hidden)
        action.toggled.connect(lambda on: self._show_column(which, on=on))
        return action

    def _show_column(self, which: Column, *, on: bool) -> None:
        self.choices.hidden = self.choices.hidden - {which} if on else self.choices.hidden | {which}
        self._fit_columns()
        self.choices_changed.emit()

    def _reset_columns(self) -> None:
        self.choices.hidden, self.choices.widths = set(), {}
        self._fit_columns()
        self.choices_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        super().resizeEvent(event)
        self._fit_columns()
