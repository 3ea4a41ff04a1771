"""Paints the cells of the strategies table: two lines, a chip, an icon before a word."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.strategies.model import CELL_ROLE, COLUMNS
from otoco_desktop.ui.strategies.rows import EXIT_COLUMNS, Cell, Column
from otoco_desktop.ui.widgets import chip, icon_text, paint
from otoco_desktop.ui.widgets.paint import Box

ROW_HEIGHT = 42
PADDING = 8
GAP = 4
CHIP_TOP = 2
TAG_TOP = 24
UPPER_TOP = 4
LOWER_TOP = 21


class StrategyDelegate(QStyledItemDelegate):
    """Draws rows 42 high; the view says which row has the keyboard."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        cell: Cell = index.data(CELL_ROLE)
        rect = QRectF(option.rect)
        painter.save()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, theme.color(Token.SEL))
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), theme.color(Token.LINE))
        room = rect.adjusted(PADDING, 0, -GAP, -1)
        if COLUMNS[index.column()] is Column.RESULT:
            _paint_right(painter, rect.adjusted(0, 0, -PADDING, -1), cell)
        else:
            _paint_left(painter, room, cell)
        self._paint_focus(painter, rect, index)
        painter.restore()

    def _paint_focus(self, painter: QPainter, rect: QRectF, index: QModelIndex | QPersistentModelIndex) -> None:
        """This cell's part of the ring around the row that has the keyboard, and a mark around a chosen exit."""
        current = self._view.currentIndex()
        if not self._view.hasFocus() or current.row() != index.row():
            return
        if current.column() == index.column() and COLUMNS[index.column()] in EXIT_COLUMNS:
            paint.box(painter, rect.adjusted(3, 3, -3, -4), Box(border=Token.ACCENT, radius=3))
        wide = self._view.viewport().width()
        painter.setClipRect(rect)
        paint.focus_ring(painter, QRectF(0, rect.top(), wide, rect.height() - 1))


def _line(rect: QRectF, top: int, height: int) -> QRectF:
    return QRectF(rect.left(), rect.top() + top, rect.width(), height)


def _paint_left(painter: QPainter, rect: QRectF, cell: Cell) -> None:
    first, second = cell.upper, cell.lower
    if cell.chip is not None:
        look = cell.chip
        fits = chip.chip_width(look.text, look.glyph) <= rect.width()
        words = look.text if fits or not look.short else look.short
        words = paint.elided(words, Role.SECONDARY, rect.width() - chip.chip_width("", look.glyph) + 1)
        box = QRectF(rect.left(), rect.top() + CHIP_TOP, chip.chip_width(words, look.glyph), chip.HEIGHT)
        chip.paint_chip(painter, box, words, look.tone, look.glyph)
        lower = _line(rect, TAG_TOP, 16)
    else:
        upper = _line(rect, UPPER_TOP, 18)
        fits = paint.width(first, Role.BODY) <= upper.width()
        first, second = (first, second) if fits or cell.narrow is None else cell.narrow
        paint.text(painter, upper, paint.elided(first, Role.BODY, upper.width()), Role.BODY, cell.upper_tone)
        lower = _line(rect, LOWER_TOP, 16)
    if cell.glyph is None:
        words = paint.elided(second, Role.SECONDARY, lower.width())
        paint.text(painter, lower, words, Role.SECONDARY, cell.lower_tone)
    else:
        mark = icon_text.Mark(cell.glyph, cell.glyph_tone)
        icon_text.marked(painter, lower, mark, second, Role.SECONDARY, cell.lower_tone)


def _paint_right(painter: QPainter, rect: QRectF, cell: Cell) -> None:
    """Numbers, at the right edge, never shortened."""
    paint.text(painter, _line(rect, UPPER_TOP, 18), cell.upper, Role.BODY, cell.upper_tone, paint.RIGHT)
    paint.text(painter, _line(rect, LOWER_TOP, 16), cell.lower, Role.SECONDARY, cell.lower_tone, paint.RIGHT)


def natural_width(column: Column, cell: Cell, *, short: bool = False) -> int:
    """How wide the cell must be so that no digit is cut; words may be, but not those of a request."""
    upper, lower = cell.narrow if short and cell.narrow else (cell.upper, cell.lower)
    numbers = paint.width(upper, Role.BODY)
    if cell.narrow:
        numbers = max(numbers, paint.width(lower, Role.SECONDARY) + icon_text.SIZE + icon_text.GAP)
    if column is Column.STATE and cell.chip is not None:
        numbers = chip.chip_width(cell.chip.text, cell.chip.glyph)
    elif column in (Column.INSTRUMENT, Column.RESULT):
        icon = icon_text.SMALL_SIZE + icon_text.GAP if cell.glyph else 0
        numbers = max(numbers, paint.width(cell.lower, Role.SECONDARY) + icon)
    return round(numbers) + PADDING + (PADDING if column is Column.RESULT else GAP) + 1
