"""The table itself: rows 42 high, columns that never cut a digit, one tab stop."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import QHeaderView, QWidget

from otoco_desktop.domain.order import LegRole
from otoco_desktop.ui.keys import CANCEL, REMOVE
from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.bindings import pressed
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.strategies.delegate import PADDING, ROW_HEIGHT, StrategyDelegate, natural_width
from otoco_desktop.ui.strategies.model import COLUMNS, StrategiesModel
from otoco_desktop.ui.strategies.rows import EXIT_COLUMNS, Cell, Column, StrategyRow
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.row_table import RowTable
from otoco_desktop.ui.widgets.rows_model import RowsModel

HEADER_HEIGHT = 27
WIDTHS = {
    Column.STATE: 161,
    Column.INSTRUMENT: 114,
    Column.ENTRY: 106,
    Column.STOP: 105,
    Column.TARGET: 106,
    Column.RESULT: 96,
}
NARROW = 560
STATE_LEAST = 84
DROPPED = (Column.ENTRY,)


class Header(QHeaderView):
    """Captions on the panel's own ground."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFixedHeight(HEADER_HEIGHT)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(40)

    def sizeHint(self) -> QSize:  # Qt's name
        return QSize(0, HEADER_HEIGHT)

    def paintSection(self, painter: QPainter, rect: object, section: int) -> None:  # noqa: N802 - Qt's name
        room = QRectF(rect)  # type: ignore[call-overload]
        painter.fillRect(room, theme.color(Token.BG1))
        painter.fillRect(QRectF(room.left(), room.bottom() - 1, room.width(), 1), theme.color(Token.LINE))
        words = str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")
        self._paint_words(painter, room.adjusted(PADDING, 0, -PADDING, -1), section, words)

    def _paint_words(self, painter: QPainter, room: QRectF, section: int, words: str) -> None:
        align = self.model().headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        paint.text(painter, room, words, Role.CAPTION, Token.TEXT2, paint.RIGHT if align == paint.RIGHT else paint.LEFT)


class PickTable(RowTable):
    """A table to pick a strategy from. ``picked`` carries the id of the one that became current."""

    picked = Signal(str)
    cancel_pressed = Signal()
    remove_pressed = Signal()
    menu_requested = Signal(QPoint)
    rows: RowsModel[Any]

    def __init__(self, row_height: int, parent: QWidget | None) -> None:
        super().__init__("Strategies table", row_height, parent)
        self._selected = ""

    @abstractmethod
    def _copied(self, at: int) -> str:
        """The row at this place as exact text."""

    @property
    def selected(self) -> str:
        """The id of the selected strategy; empty for none."""
        return self._selected

    def select(self, strategy_id: str) -> None:
        """Select this strategy if it is listed; remember it otherwise. The same one keeps its chosen cell."""
        before, self._selected = self._selected, strategy_id
        at = self.rows.row_of(strategy_id) if strategy_id else -1
        if at < 0:
            self.clearSelection()
        elif self.currentIndex().row() != at or not self.selectionModel().isRowSelected(at):
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            column = max(0, self.currentIndex().column()) if strategy_id == before else 0
            self.selectionModel().setCurrentIndex(self.rows.index(at, column), flags)

    def _current_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        self.viewport().update()
        if not current.isValid() or previous == current:
            return
        strategy_id = self.rows.rows[current.row()].strategy_id
        if strategy_id != self._selected:
            self._selected = strategy_id
            self.picked.emit(strategy_id)

    # Keys and focus

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        if event.matches(QKeySequence.StandardKey.Copy):
            at = self.rows.row_of(self._selected)
            if at >= 0:
                QGuiApplication.clipboard().setText(self._copied(at))
        elif pressed(self, event, CANCEL):
            self.cancel_pressed.emit()
        elif pressed(self, event, REMOVE):
            self.remove_pressed.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # Qt's name
        """By the mouse where it is, by the key under the row that has the keyboard."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            place = self.visualRect(self.currentIndex()).bottomLeft()
            self.menu_requested.emit(self.viewport().mapToGlobal(place))
        else:
            self.menu_requested.emit(event.globalPos())

    def focusInEvent(self, event: QFocusEvent) -> None:  # Qt's name
        super().focusInEvent(event)
        by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if by_key and not self.currentIndex().isValid() and self.rows.rowCount():
            self.setCurrentIndex(self.rows.index(0, 0))
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # Qt's name
        super().focusOutEvent(event)
        self.viewport().update()


class StrategiesTable(PickTable):
    """The newest strategies, each with its prices and what it came to."""

    rows: StrategiesModel

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(ROW_HEIGHT, parent)
        self.rows = StrategiesModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(StrategyDelegate(self))
        self.setHorizontalHeader(Header(self))
        self.setMinimumHeight(HEADER_HEIGHT + 2 * ROW_HEIGHT)
        self.selectionModel().currentRowChanged.connect(self._current_changed)
        self.selectionModel().currentColumnChanged.connect(lambda _now, _before: self.viewport().update())

    def _copied(self, at: int) -> str:
        return self.rows.rows[at].copied

    @property
    def chosen_exit(self) -> LegRole | None:
        """The exit in whose cell the keyboard is, in the row that is selected."""
        at = self.currentIndex()
        if not at.isValid() or self.rows.rows[at.row()].strategy_id != self._selected:
            return None
        return EXIT_COLUMNS.get(COLUMNS[at.column()])

    @property
    def is_in_use(self) -> bool:
        """Whether the pointer or the keyboard is on it, so that no row may move away."""
        return self.hasFocus() or self.underMouse()

    def show_rows(self, rows: tuple[StrategyRow, ...], result_header: str) -> None:
        """Take the rows; the selection follows its strategy."""
        if rows != self.rows.rows:
            self.rows.show_rows(rows)
            self._fit_columns()
            self.select(self._selected)
        self.rows.set_result_header(result_header)

    # Columns

    def _fit_columns(self) -> None:
        """Numbers keep their digits. What is left over is shared; what is missing is taken from the words.

        The drawing's widths hold where there is room for them; without it requests are told in short.
        """
        room = self.viewport().width()
        narrow = room < NARROW
        shown = [which for which in COLUMNS if not (narrow and which in DROPPED)]
        natural = {which: self._natural(which, short=False) for which in shown}
        if sum(natural.values()) > room:
            natural = {which: self._natural(which, short=True) for which in shown}
        drawn = {which: max(wide, WIDTHS[which]) for which, wide in natural.items()}
        tight = narrow or sum(drawn.values()) > room
        widths = {which: natural[which] or WIDTHS[which] for which in shown} if tight else drawn
        spare = room - sum(widths.values())
        if spare < 0:
            widths[Column.STATE] = max(STATE_LEAST, widths[Column.STATE] + spare)
        else:
            widths = {which: wide + spare // len(widths) for which, wide in widths.items()}
            widths[Column.RESULT] += room - sum(widths.values())
        for at, which in enumerate(COLUMNS):
            self.setColumnHidden(at, which not in widths)
            if which in widths and self.columnWidth(at) != widths[which]:
                self.setColumnWidth(at, widths[which])

    def _natural(self, which: Column, *, short: bool) -> int:
        """As much as its words and numbers ask for; zero without rows."""
        unlike: dict[object, Cell] = {}
        for cell in (row.cells[which] for row in self.rows.rows):
            unlike[cell.upper if cell.chip else (len(cell.upper), len(cell.lower))] = cell
        return max((natural_width(which, cell, short=short) for cell in unlike.values()), default=0)

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        super().resizeEvent(event)
        self._fit_columns()
