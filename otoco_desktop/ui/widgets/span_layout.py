"""Breaks spans into lines and draws them; knows where each link lies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QPainter, QStaticText, QTextCharFormat, QTextLayout, QTextLine, QTextOption

from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.spans import Span

UNDERLINE_BELOW = 3


@lru_cache(maxsize=512)
def laid_out(spans: tuple[Span, ...], role: Role, token: Token, width: float) -> SpanLayout:
    """The spans set at this width, kept for the next time the same are asked for."""
    return SpanLayout(spans, role, token, width)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of one span on one line; drawn as prepared text."""

    rect: QRectF
    place: QPointF
    text: QStaticText
    font: QFont
    token: Token
    link: str


class SpanLayout:
    """Spans set in one role at one width. ``height`` is in logical pixels, a whole number of lines."""

    def __init__(self, spans: Sequence[Span], role: Role, token: Token, width: float) -> None:
        self._spans = spans
        self._role = role
        self._token = token
        self._line = theme.line_height(role)
        self._words = _unbroken(spans)
        layout = QTextLayout(self._words, theme.font(role))
        layout.setTextOption(_WRAPPING)
        layout.setFormats(list(self._formats()))
        lines = _broken(layout, max(1.0, width))
        self.lines = len(lines)
        self.used_width = max((line.naturalTextWidth() for line in lines), default=0.0)
        self._pieces = tuple(self._cut(lines))

    @property
    def height(self) -> int:
        return self.lines * self._line

    def draw(self, painter: QPainter, at: QPointF) -> None:
        font = token = None
        for piece in self._pieces:
            if piece.font is not font:
                font = piece.font
                painter.setFont(font)
            if piece.token is not token:
                token = piece.token
                painter.setPen(theme.color(token))
            painter.drawStaticText(at + piece.place, piece.text)
            if piece.link:
                foot = piece.rect.translated(at).adjusted(0, 0, 0, -UNDERLINE_BELOW)
                painter.drawLine(foot.bottomLeft(), foot.bottomRight())

    def link_at(self, point: QPointF) -> str:
        """The link under the point, in the layout's own coordinates; empty for none."""
        return next((piece.link for piece in self._pieces if piece.link and piece.rect.contains(point)), "")

    def link_rects(self) -> list[tuple[str, QRectF]]:
        """Where the links lie, one rectangle a line."""
        return [(piece.link, piece.rect) for piece in self._pieces if piece.link]

    def _cut(self, lines: Sequence[QTextLine]) -> Iterator[_Piece]:
        ends = list(accumulate(len(span.text) for span in self._spans))
        for row, line in enumerate(lines):
            for span, end in zip(self._spans, ends, strict=True):
                first = max(end - len(span.text), line.textStart())
                last = min(end, line.textStart() + line.textLength())
                if first < last:
                    yield self._piece(span, line, row, (first, last))

    def _piece(self, span: Span, line: QTextLine, row: int, run: tuple[int, int]) -> _Piece:
        left, right = (_x(line, position) for position in run)
        font = theme.font(self._role, strong=span.strong)
        rect = QRectF(left, row * self._line, right - left, self._line)
        words = self._words[run[0] : run[1]]
        text = paint.prepared(words, self._role, strong=span.strong)
        place = QPointF(left, paint.middle(rect, text))
        return _Piece(rect, place, text, font, span.token or self._token, span.link)

    def _formats(self) -> Iterator[QTextLayout.FormatRange]:
        start = 0
        for span in self._spans:
            if span.strong:
                yield _strong_range(start, len(span.text))
            start += len(span.text)


def _broken(layout: QTextLayout, width: float) -> list[QTextLine]:
    lines = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        lines.append(line)
    layout.endLayout()
    return lines


def _strong_range(start: int, length: int) -> QTextLayout.FormatRange:
    made = QTextLayout.FormatRange()
    made.start = start
    made.length = length
    made.format = _STRONG
    return made


def _unbroken(spans: Sequence[Span]) -> str:
    """The words, with the blanks inside a link kept on one line; no position changes."""
    return "".join(span.text.replace(" ", "\u00a0") if span.link else span.text for span in spans)


def _x(line: QTextLine, position: int) -> float:
    """``cursorToX`` answers with the position beside the place."""
    found: object = line.cursorToX(position)
    return float(found[0] if isinstance(found, tuple | list) else found)  # type: ignore[arg-type]


def _strong_format() -> QTextCharFormat:
    made = QTextCharFormat()
    made.setFontWeight(QFont.Weight.DemiBold)
    return made


_STRONG = _strong_format()
_WRAPPING = QTextOption()
_WRAPPING.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
