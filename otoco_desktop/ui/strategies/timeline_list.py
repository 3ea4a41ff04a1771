"""The timeline as a table: icons on a rail, an event with its detail, and three times."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from otoco_desktop.ui.shell import icons, theme
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.strategies.story import StoryRow
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.row_table import RowTable
from otoco_desktop.ui.widgets.rows_model import ROW_ROLE, Column, Index, RowsModel
from otoco_desktop.ui.widgets.tips import tip

ROW_HEIGHT = 38
HEADER_HEIGHT = 20
EDGE = 16
ICON = 14
EVENT_LEFT = EDGE + ICON + 14
COLUMNS: tuple[Column[StoryRow], ...] = (
    Column("Event", lambda row: row.title, lambda row: row.spoken),
    Column("Local", lambda row: row.local, lambda row: f"Local {row.local}", align_right=True),
    Column("Exchange", lambda row: row.exchange, lambda row: f"Exchange {row.exchange}", align_right=True),
    Column("Delay", lambda row: row.delay, lambda row: f"Delay {row.delay}", align_right=True),
)
TIME_SAMPLE = "00:00:00.000"
DELAY_SAMPLE = "1,000 ms"


class TimelineHeader(QHeaderView):
    """Captions over the columns."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFixedHeight(HEADER_HEIGHT)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)

    def sizeHint(self) -> QSize:  # Qt's name
        return QSize(0, HEADER_HEIGHT)

    def paintSection(self, painter: QPainter, rect: object, section: int) -> None:  # noqa: N802 - Qt's name
        room = QRectF(rect)  # type: ignore[call-overload]
        painter.fillRect(room, theme.color(Token.BG1))
        room = room.adjusted(EVENT_LEFT if section == 0 else 0, 0, -EDGE if section == len(COLUMNS) - 1 else 0, 0)
        align = paint.LEFT if section == 0 else paint.RIGHT
        paint.text(painter, room, COLUMNS[section].header, Role.CAPTION, Token.TEXT3, align)


class TimelineDelegate(QStyledItemDelegate):
    """Paints one cell of an event."""

    def __init__(self, view: QTableView) -> None:
        super().__init__(view)
        self._view = view

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: StoryRow = index.data(ROW_ROLE)
        rect = QRectF(option.rect)
        painter.save()
        if index.column() == 0:
            if self._view.hasFocus() and self._view.currentIndex().row() == index.row():
                painter.setClipping(False)
                wide = QRectF(0, rect.top(), self._view.viewport().width(), rect.height())
                painter.fillRect(wide, theme.color(Token.SEL))
            self._paint_event(painter, rect, row, last=index.row() == index.model().rowCount() - 1)
        else:
            self._paint_time(painter, rect, index)
        painter.restore()

    def _paint_event(self, painter: QPainter, rect: QRectF, row: StoryRow, *, last: bool) -> None:
        mark = QRectF(rect.left() + EDGE, rect.top() + 2, ICON, ICON)
        icons.paint(painter, row.glyph, row.tone, mark)
        if not last:
            rail = QRectF(mark.center().x() - 0.5, mark.bottom() + 2, 1, rect.bottom() - mark.bottom() - 2)
            painter.fillRect(rail, theme.color(Token.EDGE))
        left = rect.left() + EVENT_LEFT
        title = QRectF(left, rect.top(), rect.right() - left, 18)
        paint.text(painter, title, paint.elided(row.title, Role.STRONG, title.width()), Role.STRONG, Token.TEXT)
        # The detail runs on under the times.
        detail = QRectF(left, rect.top() + 17, self._view.viewport().width() - left - EDGE, 16)
        painter.setClipping(False)
        paint.text(
            painter, detail, paint.elided(row.detail, Role.SECONDARY, detail.width()), Role.SECONDARY, Token.TEXT2
        )

    def _paint_time(self, painter: QPainter, rect: QRectF, index: QModelIndex | QPersistentModelIndex) -> None:
        token = Token.TEXT3 if index.column() == len(COLUMNS) - 1 else Token.TEXT2
        right = -EDGE if index.column() == len(COLUMNS) - 1 else 0
        words = COLUMNS[index.column()].text(index.data(ROW_ROLE))
        paint.text(
            painter,
            QRectF(rect.left(), rect.top(), rect.width() + right, 18),
            words,
            Role.SECONDARY,
            token,
            paint.RIGHT,
        )


class TimelineModel(RowsModel[StoryRow]):
    """The whole event as a tooltip, for details longer than the column."""

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.ToolTipRole and index.isValid():
            return tip(self._rows[index.row()].spoken)
        return super().data(index, role)


class TimelineList(RowTable):
    """The events of one strategy, oldest first; Ctrl+C copies the current one as exact text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Event timeline", ROW_HEIGHT, parent)
        self.rows = TimelineModel(COLUMNS, lambda row: row.key, self)
        self.setModel(self.rows)
        self.setItemDelegate(TimelineDelegate(self))
        self.setHorizontalHeader(TimelineHeader(self))

    def show_rows(self, rows: tuple[StoryRow, ...]) -> None:
        """Take the events; a longer story keeps its place, and shows its newest event."""
        if rows == self.rows.rows:
            return
        grew = len(rows) > len(self.rows.rows)
        self.rows.show_rows(rows)
        if grew and not self.hasFocus():
            self.scrollToBottom()

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        super().resizeEvent(event)
        time = round(paint.width(TIME_SAMPLE, Role.SECONDARY)) + 10
        delay = round(paint.width(DELAY_SAMPLE, Role.SECONDARY)) + EDGE + 6
        for at, wide in enumerate((max(120, self.viewport().width() - 2 * time - delay), time, time, delay)):
            self.setColumnWidth(at, wide)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        at = self.currentIndex().row()
        if event.matches(QKeySequence.StandardKey.Copy) and at >= 0:
            row = self.rows.rows[at]
            QGuiApplication.clipboard().setText("\t".join((row.local, row.exchange, row.delay, row.title, row.detail)))
        else:
            super().keyPressEvent(event)
