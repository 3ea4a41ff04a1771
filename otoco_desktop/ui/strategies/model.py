"""The table model: tells exactly the cells that changed, and never reorders what stays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Qt

from otoco_desktop.ui.strategies.rows import Cell, Column, StrategyRow
from otoco_desktop.ui.widgets import rows_model
from otoco_desktop.ui.widgets.rows_model import Index, RowsModel
from otoco_desktop.ui.widgets.tips import tip

COLUMNS = tuple(Column)
CELL_ROLE = Qt.ItemDataRole.UserRole + 1


def _column(which: Column) -> rows_model.Column[StrategyRow]:
    return rows_model.Column(
        header=which.value,
        text=lambda row: f"{row.cells[which].upper} {row.cells[which].lower}",
        spoken=lambda row: row.cells[which].spoken,
        align_right=which is Column.RESULT,
    )


class StrategiesModel(RowsModel[StrategyRow]):
    """Rows by strategy id."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([_column(which) for which in COLUMNS], lambda row: row.strategy_id, parent)
        self._result_header = Column.RESULT.value

    def show_rows(self, rows: Sequence[StrategyRow]) -> None:
        """Take the new rows: remove what is gone, insert what is new, then tell the cells that differ."""
        kept = {row.strategy_id for row in rows}
        for at in reversed(range(len(self._rows))):
            if self._rows[at].strategy_id not in kept:
                self._remove(at)
        known = {row.strategy_id for row in self._rows}
        for at, row in enumerate(rows):
            if row.strategy_id not in known:
                self._insert(at, row)
        super().show_rows(rows)

    def _remove(self, at: int) -> None:
        self.beginRemoveRows(QModelIndex(), at, at)
        self._rows = (*self._rows[:at], *self._rows[at + 1 :])
        self.endRemoveRows()

    def _insert(self, at: int, row: StrategyRow) -> None:
        place = min(at, len(self._rows))
        self.beginInsertRows(QModelIndex(), place, place)
        self._rows = (*self._rows[:place], row, *self._rows[place:])
        self.endInsertRows()

    def _replace(self, new: tuple[StrategyRow, ...]) -> None:
        before, self._rows = self._rows, new
        for at, (old, row) in enumerate(zip(before, new, strict=True)):
            for place, which in enumerate(COLUMNS):
                if old.cells[which] != row.cells[which]:
                    index = self.index(at, place)
                    self.dataChanged.emit(index, index)

    def set_result_header(self, words: str) -> None:
        """Name the coin of the results, where there is one."""
        if words != self._result_header:
            self._result_header = words
            last = len(COLUMNS) - 1
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, last, last)

    def cell(self, index: Index) -> Cell:
        return self._rows[index.row()].cells[COLUMNS[index.column()]]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == CELL_ROLE and index.isValid():
            return self.cell(index)
        if role == Qt.ItemDataRole.ToolTipRole and index.isValid():
            return tip(self.cell(index).spoken)
        return super().data(index, role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        is_result = section == len(COLUMNS) - 1 and orientation is Qt.Orientation.Horizontal
        if is_result and role == Qt.ItemDataRole.DisplayRole:
            return self._result_header
        return super().headerData(section, orientation, role)
