"""The list behind the protection audit: one row per strategy, the most dangerous first; Enter jumps to it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from otoco_desktop.ui.shell import icons, theme
from otoco_desktop.ui.shell.dialogs import Sheet
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.strategies.audit import AuditRow, AuditView
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.buttons import Button
from otoco_desktop.ui.widgets.row_table import RowTable
from otoco_desktop.ui.widgets.rows_model import ROW_ROLE, Column, Index, RowsModel
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import plain
from otoco_desktop.ui.widgets.tips import tip

TITLE = "Protection"
ROW_HEIGHT = 42
EDGE = 8
ICON = 16
TEXT_LEFT = EDGE + ICON + 8
SIZE = QSize(600, 300)
COLUMNS: tuple[Column[AuditRow], ...] = (
    Column("Strategy", lambda row: f"{row.label} {row.kind}", lambda row: row.spoken),
)


class AuditModel(RowsModel[AuditRow]):
    """The whole row as a tooltip, for words longer than it."""

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.ToolTipRole and index.isValid():
            return tip(self._rows[index.row()].spoken)
        return super().data(index, role)


class AuditDelegate(QStyledItemDelegate):
    """Icon, name and kind on the first line, the words under them."""

    def __init__(self, view: QTableView) -> None:
        super().__init__(view)
        self._view = view

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: AuditRow = index.data(ROW_ROLE)
        rect = QRectF(option.rect)
        painter.save()
        current = self._view.currentIndex().row() == index.row()
        painter.fillRect(rect, theme.color(Token.SEL if current else Token.BG1))
        icons.paint(painter, row.glyph, row.tone.ink, QRectF(rect.left() + EDGE, rect.top() + 5, ICON, ICON))
        left = rect.left() + TEXT_LEFT
        upper = QRectF(left, rect.top() + 3, rect.right() - left - EDGE, 18)
        name = paint.width(row.label, Role.STRONG) + 8
        paint.text(painter, upper, row.label, Role.STRONG, Token.TEXT)
        paint.text(painter, upper.adjusted(name, 0, 0, 0), row.kind, Role.STRONG, row.tone.ink)
        lower = upper.translated(0, 18)
        paint.text(painter, lower, paint.elided(row.words, Role.SECONDARY, lower.width()), Role.SECONDARY, Token.TEXT2)
        if current and self._view.hasFocus():
            paint.focus_ring(painter, rect)
        painter.restore()


class AuditList(RowTable):
    """``chosen`` carries the id of the strategy that a click or Enter asks for."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Protection of each strategy", ROW_HEIGHT, parent)
        self.rows = AuditModel(COLUMNS, lambda row: row.key, self)
        self.setModel(self.rows)
        self.setItemDelegate(AuditDelegate(self))
        self.horizontalHeader().hide()
        self.clicked.connect(self._take)

    def show_rows(self, rows: tuple[AuditRow, ...]) -> None:
        """Take the rows; the keyboard stays on its strategy, or begins with the worst."""
        if rows == self.rows.rows:
            return
        at = self.currentIndex().row()
        key = self.rows.rows[at].key if at >= 0 else ""
        self.rows.show_rows(rows)
        if rows:
            self.setCurrentIndex(self.rows.index(max(0, self.rows.row_of(key)), 0))

    def _take(self, index: QModelIndex) -> None:
        if index.isValid() and (strategy_id := self.rows.rows[index.row()].strategy_id):
            self.chosen.emit(strategy_id)

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        super().resizeEvent(event)
        self.setColumnWidth(0, self.viewport().width())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.currentIndex())
        else:
            super().keyPressEvent(event)


class AuditSheet(Sheet):
    """The list in a small window, which follows the audit. ``chosen`` carries a strategy id and closes it."""

    chosen = Signal(str)
    check_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(TITLE, parent)
        self.sentence = Sentence()
        self.list = AuditList()
        self.list.setMinimumSize(SIZE)
        self.add_fixed(self.sentence)
        self.add(self.list)
        self.again = Button("Check now", key_hint="F5")
        self.again.setShortcut("F5")
        self.leave = Button("Close")
        self.add_buttons(self.leave, self.again)
        self.leave.setDefault(False)
        self.list.chosen.connect(self._choose)
        self.again.clicked.connect(self.check_requested)
        self.leave.clicked.connect(self.reject)
        self.list.setFocus()

    def render(self, view: AuditView) -> None:  # type: ignore[override]  # Qt draws into a device by it
        """Show this audit."""
        self.sentence.set_spans((plain(view.sentence),), view.glyph, view.tone)
        self.list.show_rows(view.rows)
        self.again.setEnabled(not view.checking)

    def _choose(self, strategy_id: str) -> None:
        self.accept()
        self.chosen.emit(strategy_id)
