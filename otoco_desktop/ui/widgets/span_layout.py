"""Breaks spans into lines and draws them; knows where each link lies."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QTextCharFormat, QTextLayout, QTextOption

from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Scheme, Token
from otoco_desktop.ui.widgets.spans import Span


def laid_out(spans: tuple[Span, ...], role: Role, token: Token, width: float) -> SpanLayout:
    """The spans set at this width, kept for the next time the same are asked for."""
    return _kept(theme.scheme(), spans, role, token, width)


class SpanLayout:
    """Spans set in one role at one width. ``height`` is in logical pixels, a whole number of lines."""

    def __init__(self, spans: Sequence[Span], role: Role, token: Token, width: float) -> None:
        self._spans = spans
        self._token = token
        self._line = theme.line_height(role)
        self._layout = QTextLayout(_unbroken(spans), theme.font(role))
        self._layout.setTextOption(_wrapping())
        self._layout.setFormats(self._formats())
        self._layout.setCacheEnabled(True)
        self._break(max(1.0, width), QFontMetricsF(theme.font(role)))

    @property
    def lines(self) -> int:
        return self._layout.lineCount()

    @property
    def height(self) -> int:
        return self.lines * self._line

    @property
    def used_width(self) -> float:
        return max((self._layout.lineAt(row).naturalTextWidth() for row in range(self.lines)), default=0.0)

    def draw(self, painter: QPainter, at: QPointF) -> None:
        painter.setPen(theme.color(self._token))
        self._layout.draw(painter, at)

    def link_at(self, point: QPointF) -> str:
        """The link under the point, in the layout's own coordinates; empty for none."""
        for name, rect in self.link_rects():
            if rect.contains(point):
                return name
        return ""

    def link_rects(self) -> list[tuple[str, QRectF]]:
        """Where the links lie, one rectangle a line, 20 px high where lines allow."""
        found: list[tuple[str, QRectF]] = []
        start = 0
        for span in self._spans:
            if span.link:
                found += [(span.link, rect) for rect in self._rects(start, start + len(span.text))]
            start += len(span.text)
        return found

    def _rects(self, start: int, end: int) -> list[QRectF]:
        rects = []
        for row in range(self.lines):
            line = self._layout.lineAt(row)
            first = max(start, line.textStart())
            last = min(end, line.textStart() + line.textLength())
            if first < last:
                left, right = _x(line.cursorToX(first)), _x(line.cursorToX(last))
                rects.append(QRectF(left, row * self._line, right - left, self._line))
        return rects

    def _formats(self) -> list[QTextLayout.FormatRange]:
        ranges = []
        start = 0
        for span in self._spans:
            made = QTextLayout.FormatRange()
            made.start = start
            made.length = len(span.text)
            made.format = _format(span)
            ranges.append(made)
            start += len(span.text)
        return ranges

    def _break(self, width: float, metrics: QFontMetricsF) -> None:
        lead = (self._line - metrics.height()) / 2
        self._layout.beginLayout()
        row = 0
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, row * self._line + lead))
            row += 1
        self._layout.endLayout()


@lru_cache(maxsize=512)
def _kept(_scheme: Scheme, spans: tuple[Span, ...], role: Role, token: Token, width: float) -> SpanLayout:
    return SpanLayout(spans, role, token, width)


def _unbroken(spans: Sequence[Span]) -> str:
    """The words, with the blanks inside a link kept on one line; no position changes."""
    return "".join(span.text.replace(" ", "\u00a0") if span.link else span.text for span in spans)


def _x(found: object) -> float:
    """``cursorToX`` answers with the cursor beside the place."""
    return float(found[0] if isinstance(found, tuple | list) else found)  # type: ignore[arg-type]


def _wrapping() -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


def _format(span: Span) -> QTextCharFormat:
    made = QTextCharFormat()
    if span.token is not None:
        made.setForeground(theme.color(span.token))
    if span.strong:
        made.setFontWeight(QFont.Weight.DemiBold)
    if span.link:
        made.setFontUnderline(True)
    return made
