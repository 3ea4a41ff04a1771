"""One table model for every list: columns say how to read a row, rows come as a tuple."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

RowT = TypeVar("RowT")
Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Column(Generic[RowT]):
    """A column: its header, the text of a cell, what assistive technology reads, and its alignment."""

    header: str
    text: Callable[[RowT], str]
    spoken: Callable[[RowT], str] | None = None
    align_right: bool = False


class RowsModel(QAbstractTableModel, Generic[RowT]):
    """Shows rows newest as given. ``key`` tells which row is which, so that a selection outlives an update."""

    def __init__(
        self, columns: Sequence[Column[RowT]], key: Callable[[RowT], str], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._key = key
        self._rows: tuple[RowT, ...] = ()

    @property
    def rows(self) -> tuple[RowT, ...]:
        return self._rows

    def row_of(self, key: str) -> int:
        """Where the row with this key stands, -1 when it does not."""
        return next((at for at, row in enumerate(self._rows) if self._key(row) == key), -1)

    def show_rows(self, rows: Sequence[RowT]) -> None:
        """Take the new rows, telling only what differs."""
        new = tuple(rows)
        if [self._key(row) for row in new] == [self._key(row) for row in self._rows]:
            self._replace(new)
            return
        added = len(new) - len(self._rows)
        if added > 0 and [self._key(row) for row in new[added:]] == [self._key(row) for row in self._rows]:
            self._prepend(new, added)
            return
        self.beginResetModel()
        self._rows = new
        self.endResetModel()

    def _prepend(self, new: tuple[RowT, ...], added: int) -> None:
        self.beginInsertRows(QModelIndex(), 0, added - 1)
        self._rows = (*new[:added], *self._rows)
        self.endInsertRows()
        self._replace(new)

    def _replace(self, new: tuple[RowT, ...]) -> None:
        changed = [at for at, row in enumerate(new) if row != self._rows[at]]
        self._rows = new
        last = len(self._columns) - 1
        for at in changed:
            self.dataChanged.emit(self.index(at, 0), self.index(at, last))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], self._columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return (column.spoken or column.text)(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._align(column)
        return row if role == ROW_ROLE else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or section >= len(self._columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].header
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._align(self._columns[section])
        return None

    def _align(self, column: Column[RowT]) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if column.align_right else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter
