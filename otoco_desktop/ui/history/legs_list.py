"""The legs of one strategy, line by line; a line can be copied as exact text."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView

from otoco_desktop.domain.order import LegRole
from otoco_desktop.ui.history.detail import LegLine
from otoco_desktop.ui.keys import REMOVE
from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.bindings import pressed
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import icon_text, paint
from otoco_desktop.ui.widgets.row_table import RowTable
from otoco_desktop.ui.widgets.rows_model import ROW_ROLE, Column, RowsModel

LINE = 20
TITLE_LINE = 32
EDGE = 16
NAME_WIDTH = 150
COLUMNS: tuple[Column[LegLine], ...] = (
    Column("Name", lambda line: line.name),
    Column("Value", lambda line: line.value, lambda line: f"{line.name}: {line.value}"),
)


class LegDelegate(QStyledItemDelegate):
    """Paints a name or a value."""

    def __init__(self, view: QTableView) -> None:
        super().__init__(view)
        self._view = view

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        line: LegLine = index.data(ROW_ROLE)
        rect = QRectF(option.rect)
        rect.setTop(rect.bottom() - LINE)
        painter.save()
        if self._view.hasFocus() and self._view.currentIndex().row() == index.row():
            painter.fillRect(rect, theme.color(Token.SEL))
        if index.column() == 0:
            role, tone = (Role.STRONG, Token.TEXT) if line.is_title else (Role.SECONDARY, Token.TEXT2)
            paint.text(painter, rect.adjusted(EDGE, 0, 0, 0), line.name, role, tone)
        else:
            self._paint_value(painter, rect.adjusted(0, 0, -EDGE, 0), line)
        painter.restore()

    def _paint_value(self, painter: QPainter, room: QRectF, line: LegLine) -> None:
        role = Role.MONO_SMALL if line.is_id else Role.SECONDARY
        if line.glyph is not None:
            icon_text.marked(painter, room, icon_text.Mark(line.glyph, line.tone), line.value, role, line.tone)
        else:
            paint.text(painter, room, paint.elided(line.value, role, room.width()), role, line.tone)


class LegsList(RowTable):
    """Entry, stop and target; Ctrl+C copies the value of the current line, Del asks to remove the exit it is about."""

    remove_pressed = Signal()

    def __init__(self) -> None:
        super().__init__("Legs", LINE)
        self.rows = RowsModel(COLUMNS, lambda line: line.key, self)
        self.setModel(self.rows)
        self.setItemDelegate(LegDelegate(self))
        self.horizontalHeader().hide()

    @property
    def chosen_exit(self) -> LegRole | None:
        """The exit in whose lines the keyboard is."""
        at = self.currentIndex().row()
        role = self.rows.rows[at].role if self.hasFocus() and at >= 0 else LegRole.ENTRY
        return None if role is LegRole.ENTRY else role

    def show_lines(self, lines: tuple[LegLine, ...]) -> None:
        if lines == self.rows.rows:
            return
        self.rows.show_rows(lines)
        for at, line in enumerate(lines):
            self.setRowHeight(at, TITLE_LINE if line.is_title else LINE)

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        super().resizeEvent(event)
        self.setColumnWidth(0, NAME_WIDTH)
        self.setColumnWidth(1, max(100, self.viewport().width() - NAME_WIDTH))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        at = self.currentIndex().row()
        if event.matches(QKeySequence.StandardKey.Copy) and at >= 0:
            QGuiApplication.clipboard().setText(self.rows.rows[at].value)
        elif pressed(self, event, REMOVE):
            self.remove_pressed.emit()
        else:
            super().keyPressEvent(event)
