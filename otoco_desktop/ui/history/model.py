"""The table model: rows are worded when they are first looked at, and only the cells that changed are told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt

from otoco_desktop.ui.history import rows
from otoco_desktop.ui.history.record import Record
from otoco_desktop.ui.history.rows import NUMBERS, Cell, Column, Frame, HistoryRow
from otoco_desktop.ui.widgets import rows_model
from otoco_desktop.ui.widgets.rows_model import Index, RowsModel
from otoco_desktop.ui.widgets.tips import tip

COLUMNS = tuple(Column)
CELL_ROLE = Qt.ItemDataRole.UserRole + 1
FEW = 50
RESULT_AT = COLUMNS.index(Column.RESULT)


class HistoryModel(RowsModel[Record]):
    """Holds records; a row's words are kept until its record, its mark or the way of wording changes."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([self._column(which) for which in COLUMNS], lambda record: record.strategy_id, parent)
        self._frame = Frame()
        self._kept: frozenset[str] = frozenset()
        self._made: dict[str, tuple[Record, HistoryRow]] = {}
        self._result_header = Column.RESULT.value

    def _column(self, which: Column) -> rows_model.Column[Record]:
        return rows_model.Column(
            header=which.value,
            text=lambda record: self.row(record).cells[which].text,
            spoken=lambda record: self.row(record).cells[which].spoken,
            align_right=which in NUMBERS,
        )

    def row(self, record: Record) -> HistoryRow:
        """The record in words."""
        made = self._made.get(record.strategy_id)
        if made is None or made[0] is not record:
            kept = record.strategy_id in self._kept
            made = (record, rows.build(record, self._frame, kept=kept))
            self._made[record.strategy_id] = made
        return made[1]

    def show_records(self, records: Sequence[Record], kept: frozenset[str], frame: Frame) -> None:
        """Take what is listed; ``kept`` says which of it the filter would leave out."""
        if (kept, frame.with_coin, frame.zone) != (self._kept, self._frame.with_coin, self._frame.zone):
            self._reword()
        self._kept, self._frame = kept, frame
        if len(records) == len(self._rows) or self._only_grew(records):
            if tuple(records) != self._rows:
                self.show_rows(records)
            return
        self.beginResetModel()
        self._rows = tuple(records)
        self.endResetModel()

    def _reword(self) -> None:
        """Every row reads differently from now on."""
        self._made.clear()
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(COLUMNS) - 1))

    def _only_grew(self, records: Sequence[Record]) -> bool:
        """Whether a few new ones stand before what stood here."""
        added = len(records) - len(self._rows)
        if not (self._rows and 0 < added <= FEW):
            return False
        ends = ((records[added], self._rows[0]), (records[-1], self._rows[-1]))
        return all(new.strategy_id == old.strategy_id for new, old in ends)

    def row_of(self, key: str) -> int:
        return next((at for at, record in enumerate(self._rows) if record.strategy_id == key), -1)

    def _replace(self, new: tuple[Record, ...]) -> None:
        before, self._rows = self._rows, new
        for at, (old, record) in enumerate(zip(before, new, strict=True)):
            if old is not record:
                self._tell(at, old, record)

    def _tell(self, at: int, old: Record, record: Record) -> None:
        """The cells that read differently; a row nobody has looked at has none."""
        made = self._made.pop(old.strategy_id, None)
        if made is not None:
            self._tell_cells(at, made[1], self.row(record))

    def _tell_cells(self, at: int, before: HistoryRow, after: HistoryRow) -> None:
        legs_moved = before.legs != after.legs
        for place, which in enumerate(COLUMNS):
            if legs_moved or before.cells[which] != after.cells[which]:
                index = self.index(at, place)
                self.dataChanged.emit(index, index)

    def show_marks(self, frame: Frame) -> None:
        """Prices moved: the results of open strategies that have been looked at are worded again."""
        self._frame = frame
        for at, record in enumerate(self._rows):
            if record.open is not None and (made := self._made.pop(record.strategy_id, None)) is not None:
                self._tell_cells(at, made[1], self.row(record))

    def set_result_header(self, words: str) -> None:
        """Name the coin of the results, where there is one."""
        if words != self._result_header:
            self._result_header = words
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, RESULT_AT, RESULT_AT)

    def row_at(self, at: int) -> HistoryRow:
        return self.row(self._rows[at])

    def cell(self, index: Index) -> Cell:
        return self.row_at(index.row()).cells[COLUMNS[index.column()]]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == CELL_ROLE and index.isValid():
            return self.cell(index)
        if role == Qt.ItemDataRole.ToolTipRole and index.isValid():
            cell = self.cell(index)
            return tip(cell.tip or cell.spoken)
        if role == Qt.ItemDataRole.AccessibleDescriptionRole and index.isValid():
            return self.cell(index).tip
        return super().data(index, role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        is_result = section == RESULT_AT and orientation is Qt.Orientation.Horizontal
        if is_result and role == Qt.ItemDataRole.DisplayRole:
            return self._result_header
        return super().headerData(section, orientation, role)
