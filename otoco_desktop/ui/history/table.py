"""The history table: sorted by a press on a caption, columns as the trader wants them, one tab stop."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QMenu, QTableView, QWidget

from otoco_desktop.ui.history.columns import ALWAYS, Choices, Layout, lay_out
from otoco_desktop.ui.history.delegate import COMPACT_HEIGHT, LEGS_HEIGHT, PADDING, HistoryDelegate, natural_width
from otoco_desktop.ui.history.model import COLUMNS, HistoryModel
from otoco_desktop.ui.history.order import Order
from otoco_desktop.ui.history.rows import NUMBERS, Column, Frame
from otoco_desktop.ui.history.state import HistoryState
from otoco_desktop.ui.keys import CANCEL
from otoco_desktop.ui.shell import icons, theme
from otoco_desktop.ui.shell.bindings import pressed
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.scroll_bar import ThinScrollBar

HEADER_HEIGHT = 27
ARROW = 7
NO_ROOM = "no room at this width"


class Header(QHeaderView):
    """Captions on the panel's own ground; the one sorted by has an arrow."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._order = Order()
        self.setFixedHeight(HEADER_HEIGHT)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(40)

    def show_order(self, order: Order) -> None:
        if order != self._order:
            self._order = order
            self.viewport().update()

    def sizeHint(self) -> QSize:  # Qt's name
        return QSize(0, HEADER_HEIGHT)

    def paintSection(self, painter: QPainter, rect: object, section: int) -> None:  # noqa: N802 - Qt's name
        room = QRectF(rect)  # type: ignore[call-overload]
        painter.fillRect(room, theme.color(Token.BG1))
        painter.fillRect(QRectF(room.left(), room.bottom() - 1, room.width(), 1), theme.color(Token.LINE))
        words = str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")
        room = room.adjusted(PADDING, 0, -PADDING, -1)
        right = COLUMNS[section] in NUMBERS
        if COLUMNS[section] is self._order.column:
            room = self._paint_arrow(painter, room, words, right=right)
        paint.text(painter, room, words, Role.CAPTION, Token.TEXT2, paint.RIGHT if right else paint.LEFT)

    def _paint_arrow(self, painter: QPainter, room: QRectF, words: str, *, right: bool) -> QRectF:
        """The arrow after the words; what is left for them."""
        left = room.right() - ARROW if right else room.left() + paint.width(words, Role.CAPTION) + 3
        place = QRectF(round(left), round(room.center().y() - ARROW / 2), ARROW, ARROW)
        icons.paint(painter, Glyph.DOWN if self._order.falling else Glyph.UP, Token.TEXT2, place)
        return room.adjusted(0, 0, -ARROW - 3, 0) if right else room


class HistoryTable(QTableView):
    """``picked`` carries the id of the strategy that became current, ``sorted_by`` the column pressed."""

    picked = Signal(str)
    sorted_by = Signal(object)
    cancel_pressed = Signal()
    choices_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = HistoryModel(self)
        self.choices = Choices()
        self.header = Header(self)
        self._selected = ""
        self._fitting = False
        self._layout = Layout({}, frozenset())
        self.setModel(self.rows)
        self._delegate = HistoryDelegate(self, self.rows)
        self.setItemDelegate(self._delegate)
        self.setHorizontalHeader(self.header)
        self._set_up()
        self._connect()

    def _set_up(self) -> None:
        self.setAccessibleName("Strategies table")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.viewport().setAutoFillBackground(False)
        self.setVerticalScrollBar(ThinScrollBar(self))
        self.setTabKeyNavigation(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(COMPACT_HEIGHT)
        self.verticalHeader().setDefaultSectionSize(COMPACT_HEIGHT)
        self.verticalHeader().hide()
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMinimumHeight(HEADER_HEIGHT + 2 * LEGS_HEIGHT)

    def _connect(self) -> None:
        self.selectionModel().currentRowChanged.connect(self._current_changed)
        self.header.sectionClicked.connect(lambda at: self.sorted_by.emit(COLUMNS[at]))
        self.header.sectionResized.connect(self._section_resized)
        self.header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.header.customContextMenuRequested.connect(lambda at: self._open_menu(self.header.mapToGlobal(at)))
        self.verticalScrollBar().valueChanged.connect(self._fit_columns)

    @property
    def selected(self) -> str:
        """The id of the selected strategy; empty for none."""
        return self._selected

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

    def select(self, strategy_id: str) -> None:
        """Select this strategy if it is listed; remember it otherwise."""
        self._selected = strategy_id
        at = self.rows.row_of(strategy_id) if strategy_id else -1
        if at < 0:
            self.clearSelection()
        elif self.currentIndex().row() != at or not self.selectionModel().isRowSelected(at):
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().setCurrentIndex(self.rows.index(at, 0), flags)

    def _current_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        self.viewport().update()
        if not current.isValid() or previous == current:
            return
        strategy_id = self.rows.rows[current.row()].strategy_id
        if strategy_id != self._selected:
            self._selected = strategy_id
            self.picked.emit(strategy_id)

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
        return {
            which: max((natural_width(which, row.cells[which]) for row in seen), default=0) for which in NUMBERS
        }

    def _section_resized(self, at: int, _before: int, wide: int) -> None:
        if not self._fitting and wide:
            self.choices.widths[COLUMNS[at]] = wide
            self._fit_columns()
            self.choices_changed.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # Qt's name
        self._open_menu(event.globalPos())

    def _open_menu(self, at: QPoint) -> None:
        menu = self.columns_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def columns_menu(self) -> QMenu:
        """Columns to show, and by which to sort."""
        menu = QMenu(self)
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

    # Keys and focus

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        if event.matches(QKeySequence.StandardKey.Copy):
            at = self.rows.row_of(self._selected)
            if at >= 0:
                QGuiApplication.clipboard().setText(self.rows.row_at(at).copied)
        elif pressed(self, event, CANCEL):
            self.cancel_pressed.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # Qt's name
        super().focusInEvent(event)
        by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if by_key and not self.currentIndex().isValid() and self.rows.rowCount():
            self.setCurrentIndex(self.rows.index(0, 0))
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # Qt's name
        super().focusOutEvent(event)
        self.viewport().update()
