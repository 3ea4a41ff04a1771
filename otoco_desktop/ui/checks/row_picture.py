"""A check drawn once and kept: a key that changes one check only copies the others to their new places."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPixmap

from otoco_desktop.domain.finding import Fix
from otoco_desktop.ui.checks.state import CheckRow, Look
from otoco_desktop.ui.shell import icons, theme
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Scheme, Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.panel import PADDING
from otoco_desktop.ui.widgets.span_layout import SpanLayout, laid_out
from otoco_desktop.ui.widgets.spans import plain, strong

ICON = 13
INDENT = PADDING + ICON + 8
DETAIL = 137
ONE_LINE = 22
MARK = 12
SOFT_PADDING = 4
TITLE_LINE = 18
OR, OR_WIDTH = "or", 20
LINK_GAP = 16
GROUNDS = {Look.FAIL: Token.NEG_SOFT, Look.WARNING: Token.WARN_SOFT, Look.NOTE: Token.ACCENT_SOFT}


@dataclass(frozen=True, slots=True)
class Frame:
    """How large the row is, logical pixels, on a screen of which ratio, whether the pointer is on it and it leads."""

    width: int
    height: int
    ratio: float
    hovered: bool
    leads: bool = True


def height_for(row: CheckRow, width: int, *, leads: bool = True) -> int:
    """How high the row is at this width; without links where it ``leads`` nowhere."""
    if not row.soft:
        return ONE_LINE
    links = TITLE_LINE if row.more and leads else 0
    return 2 * SOFT_PADDING + TITLE_LINE + _detail(row, width).height + links + 1


def fix_place(row: CheckRow, width: int) -> QRectF:
    """Where the link stands that takes the row's fix: at the end of its first line. Empty where there is none."""
    if row.fix is None or not row.soft:
        return QRectF()
    words = paint.width(row.fix.label, Role.SECONDARY)
    return QRectF(width - PADDING - words, SOFT_PADDING + 1, words, TITLE_LINE)


def fix_places(row: CheckRow, width: int) -> tuple[tuple[Fix, QRectF], ...]:
    """Every link with its place: the first at the end of the first line, the others on a line of their own."""
    if row.fix is None or not row.soft:
        return ()
    left, top = float(INDENT + OR_WIDTH), height_for(row, width) - SOFT_PADDING - TITLE_LINE - 1
    places = [(row.fix, fix_place(row, width))]
    for fix in row.more:
        words = paint.width(fix.label, Role.SECONDARY)
        places.append((fix, QRectF(left, top, words, TITLE_LINE)))
        left += words + LINK_GAP
    return tuple(places)


def picture(row: CheckRow, frame: Frame) -> QPixmap:
    """The row on its ground, in the scheme in use."""
    return _drawn(theme.scheme(), row, frame)


@lru_cache(maxsize=256)
def _drawn(_scheme: Scheme, row: CheckRow, frame: Frame) -> QPixmap:
    made = QPixmap(ceil(frame.width * frame.ratio), ceil(frame.height * frame.ratio))
    made.setDevicePixelRatio(frame.ratio)
    with QPainter(made) as painter:
        if row.soft:
            _draw_soft(painter, row, frame)
        else:
            _draw_line(painter, row, frame)
    return made


def _detail(row: CheckRow, width: int) -> SpanLayout:
    return laid_out((plain(row.whole),), Role.SECONDARY, Token.TEXT2, width - INDENT - PADDING)


def _draw_soft(painter: QPainter, row: CheckRow, frame: Frame) -> None:
    painter.fillRect(0, 0, frame.width, frame.height, theme.color(GROUNDS[row.look]))
    painter.fillRect(0, frame.height - 1, frame.width, 1, theme.color(Token.LINE))
    icons.paint(painter, row.glyph, row.tone, QRectF(PADDING, SOFT_PADDING + 4, ICON, ICON))
    words = (strong(f"{row.title} "), strong(row.word, row.tone))
    title = laid_out(words, Role.SECONDARY, Token.TEXT, frame.width - INDENT)
    title.draw(painter, QPointF(INDENT, SOFT_PADDING + 1))
    if frame.leads:
        _draw_links(painter, row, frame)
    _detail(row, frame.width).draw(painter, QPointF(INDENT, SOFT_PADDING + TITLE_LINE))


def _draw_links(painter: QPainter, row: CheckRow, frame: Frame) -> None:
    for fix, place in fix_places(row, frame.width):
        paint.text(painter, place, fix.label, Role.SECONDARY, Token.ACCENT)
        painter.fillRect(QRectF(place.left(), place.bottom() - 2, place.width(), 1), theme.color(Token.ACCENT))
    if row.more:
        _fix, first = fix_places(row, frame.width)[1]
        paint.text(painter, first.adjusted(-OR_WIDTH, 0, 0, 0), OR, Role.SECONDARY, Token.TEXT3)


def detail_left(row: CheckRow, frame: Frame) -> int:
    """In a column of its own; further left where it would else lose its last digits."""
    least = round(INDENT + paint.width(row.title, Role.SECONDARY) + 12)
    mark = MARK + 4 if row.unproven else 0
    whole = floor(frame.width - PADDING - mark - paint.width(row.text, Role.SECONDARY)) - 1
    return max(least, min(DETAIL, whole))


def _draw_line(painter: QPainter, row: CheckRow, frame: Frame) -> None:
    ground = Token.BG2 if frame.hovered and row.field is not None else Token.BG1
    painter.fillRect(0, 0, frame.width, frame.height, theme.color(ground))
    icons.paint(painter, row.glyph, row.tone, QRectF(PADDING, (ONE_LINE - ICON) / 2, ICON, ICON))
    detail = detail_left(row, frame)
    title = QRectF(INDENT, 0, detail - INDENT, ONE_LINE)
    paint.text(painter, title, row.title, Role.SECONDARY, Token.TEXT)
    room = QRectF(detail, 0, frame.width - detail - PADDING, ONE_LINE)
    if row.unproven:
        room.setRight(room.right() - MARK - 4)
        icons.paint(painter, Glyph.NOTE, Token.ACCENT, QRectF(room.right() + 4, (ONE_LINE - MARK) / 2, MARK, MARK))
    words = paint.elided(row.text, Role.SECONDARY, room.width())
    paint.text(painter, room, words, Role.SECONDARY, Token.TEXT3 if row.look is Look.IDLE else Token.TEXT2)
