"""The statistics under the table: figures, the course of R, and how often each result; drawn from whole thousandths."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from otoco_desktop.ui.history import words
from otoco_desktop.ui.history.state import Bar, Curve, StripState
from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.strategies.timeline import FigureRow
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.labels import label
from otoco_desktop.ui.widgets.panel import PADDING, Panel, Rule, column, row
from otoco_desktop.ui.widgets.tips import tip

HEIGHT = 168
FIGURES_WIDTH = 196
PICTURE_LEAST = 270
TITLE_HEIGHT = 20
LINE_HEIGHT = 19
AXIS_HEIGHT = 22
TICKS_WIDTH = 30
EDGE = 10
DOT = 3.0


class FigureLine(FigureRow):
    """A name and its figure, with what it means as a tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(LINE_HEIGHT)

    def show_meaning(self, more: str) -> None:
        if more != self.accessibleDescription():
            self.setAccessibleDescription(more)
            self.setToolTip(tip(more))


class Picture(QWidget):
    """A titled drawing; without anything to draw it says why."""

    def __init__(self, title: str, aside: str, nothing: str) -> None:
        super().__init__()
        self._title, self._aside, self._nothing = title, aside, nothing
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(title)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            head = QRectF(EDGE, 7, self.width() - 2 * EDGE, TITLE_HEIGHT - 4)
            paint.text(painter, head, self._title, Role.SECONDARY, Token.TEXT2)
            beside = paint.width(self._title, Role.SECONDARY) + 4
            rest = head.adjusted(beside, 0, 0, 0)
            aside = paint.elided(self._aside, Role.SECONDARY, rest.width())
            paint.text(painter, rest, aside, Role.SECONDARY, Token.TEXT3)
            room = QRectF(EDGE, TITLE_HEIGHT + 8, self.width() - 2 * EDGE, self.height() - TITLE_HEIGHT - 8)
            if not self._draw(painter, room):
                cut = paint.elided(self._nothing, Role.SECONDARY, room.width())
                paint.text(painter, room, cut, Role.SECONDARY, Token.TEXT3)

    def _draw(self, painter: QPainter, room: QRectF) -> bool:
        """Draw into the room; false when there is nothing to draw."""
        raise NotImplementedError


class CurvePicture(Picture):
    """Cumulative R over time."""

    def __init__(self) -> None:
        super().__init__("Equity, cumulative R", "", words.NO_CURVE)
        self._curve: Curve | None = None

    def show_curve(self, curve: Curve | None) -> None:
        if curve != self._curve:
            self._curve = curve
            self.setAccessibleDescription("" if curve is None else curve.spoken)
            self.setToolTip("" if curve is None else tip(curve.spoken))
            self.update()

    def _draw(self, painter: QPainter, room: QRectF) -> bool:
        curve = self._curve
        if curve is None:
            return False
        plot = room.adjusted(TICKS_WIDTH, 6, -6, -AXIS_HEIGHT)
        for share, text in curve.ticks:
            y = _up(plot, share)
            painter.fillRect(QRectF(plot.left(), round(y), plot.width(), 1), theme.color(Token.LINE))
            paint.text(painter, QRectF(room.left() - 4, y - 8, TICKS_WIDTH - 2, 16), text, Role.CAPTION, Token.TEXT3,
                       paint.RIGHT)  # fmt: skip
        self._draw_line(painter, plot, curve)
        foot = QRectF(plot.left(), plot.bottom() + 4, plot.width(), 14)
        for text, align in zip(curve.dates, (paint.LEFT, paint.CENTER, paint.RIGHT), strict=True):
            paint.text(painter, foot, text, Role.CAPTION, Token.TEXT3, align)
        return True

    def _draw_line(self, painter: QPainter, plot: QRectF, curve: Curve) -> None:
        """At most two points for each pixel across: the lowest and highest, so that no fall is lost."""
        spots = [QPointF(plot.left() + plot.width() * x / 1000, _up(plot, y)) for x, y in _thinned(curve.points)]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color(Token.ACCENT), 1.5))
        painter.drawPolyline(QPolygonF(spots))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(Token.ACCENT))
        painter.drawEllipse(spots[-1], DOT, DOT)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def _thinned(points: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    """Of the points at one place across, the first, the lowest, the highest and the last."""
    places: dict[int, list[int]] = {}
    for x, y in points:
        places.setdefault(x, []).append(y)
    return [
        (x, y)
        for x, ys in places.items()
        for y in (dict.fromkeys((ys[0], min(ys), max(ys), ys[-1])) if len(ys) > 2 else ys)
    ]


def _up(plot: QRectF, share: int) -> float:
    return plot.bottom() - plot.height() * share / 1000


class BarsPicture(Picture):
    """How many trades came to each result."""

    def __init__(self) -> None:
        super().__init__("Result per trade, R", words.OUTLINED, words.NO_CURVE)
        self._bars: tuple[Bar, ...] = ()

    def show_bars(self, bars: tuple[Bar, ...]) -> None:
        if bars != self._bars:
            self._bars = bars
            spoken = ", ".join(f"{bar.count} at {bar.label} R" for bar in bars if bar.count != "0")
            self.setAccessibleDescription(spoken)
            self.setToolTip(tip(spoken))
            self.update()

    def _draw(self, painter: QPainter, room: QRectF) -> bool:
        if not any(bar.share for bar in self._bars):
            return False
        each = room.width() / len(self._bars)
        plot = room.adjusted(0, 14, 0, -AXIS_HEIGHT)
        painter.fillRect(QRectF(plot.left(), round(plot.bottom()), plot.width(), 1), theme.color(Token.EDGE))
        for at, bar in enumerate(self._bars):
            self._draw_bar(painter, QRectF(plot.left() + at * each, plot.top(), each, plot.height()), bar)
        return True

    def _draw_bar(self, painter: QPainter, slot: QRectF, bar: Bar) -> None:
        tall = max(1.0 if bar.count != "0" else 0.0, slot.height() * bar.share / 1000)
        rect = QRectF(round(slot.left() + 2), round(slot.bottom() - tall), round(slot.width() - 4), round(tall))
        if bar.outlined:
            painter.setOpacity(0.45)
            painter.fillRect(rect, theme.color(bar.tone))
            painter.setOpacity(1.0)
            painter.setPen(theme.color(bar.tone))
            if rect.height() >= 2:
                painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
        else:
            painter.fillRect(rect, theme.color(bar.tone))
        above = QRectF(slot.left(), rect.top() - 16, slot.width(), 14)
        if bar.count != "0":
            paint.text(painter, above, bar.count, Role.CAPTION, Token.TEXT2, paint.CENTER)
        below = QRectF(slot.left(), slot.bottom() + 4, slot.width(), 14)
        paint.text(painter, below, bar.label, Role.CAPTION, Token.TEXT3, paint.CENTER)


class StatisticsStrip(Panel):
    """Renders one state; the curve goes first where there is no room for both pictures."""

    def __init__(self) -> None:
        super().__init__(Token.BG1)
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName("Statistics of the listed strategies")
        self.title = label("", Role.TITLE)
        self.lines = tuple(FigureLine() for _ in range(6))
        self.curve = CurvePicture()
        self.bars = BarsPicture()
        self.empty = label("", Role.BODY, Token.TEXT3)
        self._between = Rule(vertical=True)
        self._pictures = QWidget()
        self._figures = QWidget()
        self._build()

    def _build(self) -> None:
        outer = column(self)
        outer.addWidget(Rule())
        body = row(0)
        self._figures.setFixedWidth(FIGURES_WIDTH)
        lines = column(self._figures, 0, (PADDING, 8, PADDING, 8))
        lines.addWidget(self.title)
        for line in self.lines:
            lines.addWidget(line)
        lines.addStretch(1)
        body.addWidget(self._figures)
        body.addWidget(Rule(vertical=True))
        pictures = row(0)
        pictures.addWidget(self.curve, 48)
        pictures.addWidget(self._between)
        pictures.addWidget(self.bars, 52)
        self._pictures.setLayout(pictures)
        body.addWidget(self._pictures, 1)
        self.empty.setContentsMargins(PADDING, 0, PADDING, 0)
        body.addWidget(self.empty, 1)
        outer.addLayout(body)

    def show_state(self, state: StripState) -> None:
        """Show these figures, or why there are none."""
        self.title.show_text(state.title)
        for line, shown, more in zip(self.lines, state.figures, state.tips, strict=True):
            line.show_figure(shown)
            line.show_meaning(more)
        self.curve.show_curve(state.curve)
        self.bars.show_bars(state.bars)
        self.empty.show_text(state.empty)
        self.empty.setVisible(bool(state.empty))
        self._pictures.setVisible(not state.empty)

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        both = self.width() - FIGURES_WIDTH >= 2 * PICTURE_LEAST
        self.curve.setVisible(both)
        self._between.setVisible(both)
        super().resizeEvent(event)
