"""Paints the cells of the history: one line, or with the legs in a second line that runs under all columns."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from otoco_desktop.ui.history.model import CELL_ROLE, COLUMNS, HistoryModel
from otoco_desktop.ui.history.rows import NUMBERS, Cell, Column, LegWords
from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.strategies.phases import ChipLook
from otoco_desktop.ui.widgets import chip, icon_text, paint

COMPACT_HEIGHT = 27
LEGS_HEIGHT = 42
PADDING = 8
GAP = 4
LEG_GAP = 20
LEGS_TOP = 24
GLYPH_ROOM = icon_text.SMALL_SIZE + icon_text.GAP


class HistoryDelegate(QStyledItemDelegate):
    """``with_legs`` is set by the view together with its row height."""

    def __init__(self, view: QTableView, model: HistoryModel) -> None:
        super().__init__(view)
        self._view = view
        self._model = model
        self.with_legs = False

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, LEGS_HEIGHT if self.with_legs else COMPACT_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        cell: Cell = index.data(CELL_ROLE)
        rect = QRectF(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.color(Token.SEL))
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), theme.color(Token.LINE))
        line = QRectF(rect.left() + PADDING, rect.top(), rect.width() - 2 * PADDING, COMPACT_HEIGHT - 1)
        _paint_cell(painter, line, COLUMNS[index.column()], cell)
        if self.with_legs:
            painter.setClipRect(rect)
            self._paint_legs(painter, rect, self._model.row_at(index.row()).legs)
        self._paint_focus(painter, rect, index)
        painter.restore()

    def _paint_legs(self, painter: QPainter, rect: QRectF, legs: tuple[LegWords, ...]) -> None:
        """This cell's part of the line. Where it is too long, icons stand alone; the state's tooltip has the words."""
        wide = self._view.viewport().width() - 2 * PADDING
        whole = sum(_leg_width(leg, leg.status) for leg in legs) - LEG_GAP <= wide
        left = PADDING + 0.0
        for leg in legs:
            status = leg.status if whole else ""
            self._paint_leg(painter, QRectF(left, rect.top() + LEGS_TOP, _leg_width(leg, status), 16), leg, status)
            left += _leg_width(leg, status)

    def _paint_leg(self, painter: QPainter, room: QRectF, leg: LegWords, status: str) -> None:
        paint.text(painter, room, leg.text, Role.SECONDARY, Token.TEXT2)
        room = room.adjusted(paint.width(leg.text, Role.SECONDARY) + PADDING, 0, LEG_GAP, 0)
        icon_text.marked(painter, room, icon_text.Mark(leg.glyph, leg.tone), status, Role.SECONDARY, leg.tone)

    def _paint_focus(self, painter: QPainter, rect: QRectF, index: QModelIndex | QPersistentModelIndex) -> None:
        """This cell's part of the ring around the row that has the keyboard."""
        if not self._view.hasFocus() or self._view.currentIndex().row() != index.row():
            return
        painter.setClipRect(rect)
        wide = self._view.viewport().width()
        paint.focus_ring(painter, QRectF(0, rect.top(), wide, rect.height() - 1))


def _paint_cell(painter: QPainter, line: QRectF, column: Column, cell: Cell) -> None:
    if cell.chip is not None:
        _paint_chip(painter, line, cell.chip)
    elif column in NUMBERS:
        role = Role.SECONDARY if column is Column.CLOSED else Role.BODY
        whole = line.adjusted(GAP - PADDING, 0, 0, 0)
        paint.text(painter, whole, cell.text, role, cell.tone, paint.RIGHT)
    elif cell.glyph is not None:
        mark = icon_text.Mark(cell.glyph, cell.glyph_tone)
        icon_text.marked(painter, line, mark, cell.text, Role.BODY, cell.tone)
    else:
        room = line.adjusted(0, 0, GAP, 0)
        paint.text(painter, room, paint.elided(cell.text, Role.BODY, room.width()), Role.BODY, cell.tone)


def _paint_chip(painter: QPainter, line: QRectF, look: ChipLook) -> None:
    """All its words, else its short ones, else as much as there is room for; the icon always."""
    fits = chip.chip_width(look.text, look.glyph) <= line.width() + PADDING
    words = look.text if fits or not look.short else look.short
    words = paint.elided(words, Role.SECONDARY, line.width() + PADDING - chip.chip_width("", look.glyph) + 1)
    top = line.top() + (line.height() - chip.HEIGHT) / 2
    box = QRectF(line.left(), round(top), chip.chip_width(words, look.glyph), chip.HEIGHT)
    chip.paint_chip(painter, box, words, look.tone, look.glyph)


def _leg_width(leg: LegWords, status: str) -> float:
    """With the gap after it."""
    words = paint.width(leg.text, Role.SECONDARY) + paint.width(status, Role.SECONDARY)
    return words + PADDING + icon_text.SIZE + icon_text.GAP + LEG_GAP


def natural_width(column: Column, cell: Cell) -> int:
    """How wide a cell is with all of its text."""
    if cell.chip is not None:
        return chip.chip_width(cell.chip.text, cell.chip.glyph) + 2 * PADDING
    role = Role.SECONDARY if column is Column.CLOSED else Role.BODY
    icon = GLYPH_ROOM if cell.glyph is not None else 0
    before = GAP if column in NUMBERS else PADDING
    return round(paint.width(cell.text, role)) + icon + before + PADDING + 1
