"""Candles, grid and axes by pyqtgraph, painted into a picture when what they show changes and not otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from math import ceil, floor

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QRectF, QSize
from PySide6.QtGui import QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from otoco_desktop.domain.candles import Candle
from otoco_desktop.domain.money import grouped
from otoco_desktop.ui.chart.board import BODY_SHARE, FOOT
from otoco_desktop.ui.chart.geometry import Frame
from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token

SECOND_MS = 1_000.0
HOUR, DAY = 3_600, 86_400
TIME_STEPS = (60, 300, 900, 1_800, HOUR, 2 * HOUR, 4 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 28 * DAY)
TIME_GAP = 105
"""Least distance between two times, logical pixels."""


class PriceAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """Prices with the instrument's own decimals, at the right."""

    def __init__(self) -> None:
        super().__init__("right")
        self.places = 2
        self.setStyle(tickLength=0, tickTextOffset=10, maxTickLevel=0, autoExpandTextSpace=False)

    def tickStrings(self, values: Sequence[float], _scale: float, _spacing: float) -> list[str]:  # noqa: N802 - Qt's style
        return [grouped(Decimal(str(round(value, self.places))), self.places) for value in values]


class TimeAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """Times in UTC, at the foot, as close together as can be read; midnight is told by its day."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.setStyle(tickLength=0, tickTextOffset=5, autoExpandTextSpace=False)
        self.setHeight(FOOT)

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:  # noqa: N802 - Qt's style
        least = (high - low) * TIME_GAP / max(size, 1)
        step = next((step for step in TIME_STEPS if step >= least), TIME_STEPS[-1])
        first, last = ceil(low / step), floor(high / step)
        return [(step, [float(at * step) for at in range(first, last + 1)])]

    def tickStrings(self, values: Sequence[float], _scale: float, _spacing: float) -> list[str]:  # noqa: N802 - Qt's style
        times = (datetime.fromtimestamp(value, UTC) for value in values)
        return [f"{time:%H:%M}" if time.hour or time.minute else f"{time.day} {time:%b}" for time in times]


class Grid(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph has no types
    """Lines at the axes' own ticks; an axis' grid option would repaint them with each of its labels."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[QLineF] = []
        self._bounds = QRectF()

    def draw_at(self, bounds: QRectF, times: Sequence[float], prices: Sequence[float]) -> None:
        self.prepareGeometryChange()
        self._bounds = bounds
        top, bottom, left, right = bounds.top(), bounds.bottom(), bounds.left(), bounds.right()
        self._lines = [QLineF(time, top, time, bottom) for time in times]
        self._lines += [QLineF(left, price, right, price) for price in prices]

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        return self._bounds

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        painter.setPen(_pen(Token.LINE, painter.device().devicePixelRatioF()))
        if self._lines:
            painter.drawLines(self._lines)


class Candles(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph has no types
    """Finished candles: up hollow, down filled. Where one is missing nothing is drawn."""

    def __init__(self) -> None:
        super().__init__()
        self._bounds = QRectF()
        self._wicks: dict[bool, list[QLineF]] = {True: [], False: []}
        self._bodies: dict[bool, list[QRectF]] = {True: [], False: []}
        self._flat: dict[bool, list[QLineF]] = {True: [], False: []}

    def show(self, candles: Sequence[Candle], length_ms: int) -> None:
        """Draw these from now on."""
        self.prepareGeometryChange()
        for kept in (self._wicks, self._bodies, self._flat):
            for drawn in kept.values():
                drawn.clear()
        for candle in candles:
            self._add(candle, length_ms / SECOND_MS)
        if candles:
            low, high = float(min(c.low for c in candles)), float(max(c.high for c in candles))
            left, right = candles[0].start_ms / SECOND_MS, (candles[-1].start_ms + length_ms) / SECOND_MS
            self._bounds = QRectF(left, low, right - left, high - low)

    def _add(self, candle: Candle, length: float) -> None:
        start, up = candle.start_ms / SECOND_MS, candle.is_up
        middle, wide = start + length / 2, length * BODY_SHARE
        upper, lower = float(max(candle.open, candle.close)), float(min(candle.open, candle.close))
        self._wicks[up] += [
            QLineF(middle, upper, middle, float(candle.high)),
            QLineF(middle, float(candle.low), middle, lower),
        ]
        if upper > lower:
            self._bodies[up].append(QRectF(middle - wide / 2, lower, wide, upper - lower))
        else:
            self._flat[up].append(QLineF(middle - wide / 2, lower, middle + wide / 2, lower))

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        return self._bounds

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        for up, token in ((True, Token.CANDLE_UP), (False, Token.CANDLE_DOWN)):
            painter.setPen(_pen(token, painter.device().devicePixelRatioF()))
            painter.setBrush(theme.color(Token.BG1) if up else theme.color(token))
            if self._wicks[up]:
                painter.drawLines(self._wicks[up] + self._flat[up])
            if self._bodies[up]:
                painter.drawRects(self._bodies[up])


def _pen(token: Token, ratio: float) -> QPen:
    """One logical pixel wide; ``ratio`` is how many of the screen's that is, as the plot's own scale is not in it."""
    pen = QPen(theme.color(token), ratio)
    pen.setCosmetic(True)
    return pen


class Plot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """Never shown itself: ``picture`` gives what it looks like."""

    def __init__(self, parent: QWidget) -> None:
        self.price_axis, self.time_axis = PriceAxis(), TimeAxis()
        box = pg.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0)
        axes = {"right": self.price_axis, "bottom": self.time_axis}
        super().__init__(parent, viewBox=box, axisItems=axes, enableMenu=False)
        self.box = box
        item = self.plotItem
        item.hideButtons()
        item.hideAxis("left")
        item.showAxis("right")
        item.setContentsMargins(0, 0, 0, 0)
        item.layout.setContentsMargins(0, 0, 0, 0)
        item.layout.setSpacing(0)
        self.grid, self.candles = Grid(), Candles()
        self.ticks: tuple[float, ...] = ()
        for drawn in (self.grid, self.candles):
            box.addItem(drawn, ignoreBounds=True)
        box.disableAutoRange()
        self.price_axis.setTickDensity(1.8)
        self.tint()
        self.hide()

    def tint(self) -> None:
        """Take the colours of the scheme in use."""
        self.setBackground(theme.color(Token.BG1))
        for axis in (self.price_axis, self.time_axis):
            axis.setTickFont(theme.font(Role.SECONDARY))
            axis.setTextPen(theme.color(Token.TEXT3))
            axis.setPen(theme.color(Token.LINE))

    def picture(self, frame: Frame, size: QSize) -> QPixmap:
        """The plot as it shows this frame."""
        self.resize(size)
        self.price_axis.setWidth(size.width() - frame.width)
        pg.GraphicsView.setRange(self, QRectF(0, 0, size.width(), size.height()), padding=0, disableAutoPixel=False)
        left, right = frame.from_ms / SECOND_MS, frame.to_ms / SECOND_MS
        self.box.setRange(xRange=(left, right), yRange=(frame.low, frame.high), padding=0)
        times = self.time_axis.tickValues(left, right, frame.width)
        prices = _coarsest(self.price_axis.tickValues(frame.low, frame.high, frame.height))
        self.ticks = tuple(frame.y_at(price) for price in prices)
        bounds = QRectF(left, frame.low, right - left, frame.high - frame.low)
        self.grid.draw_at(bounds, _coarsest(times), prices)
        return self._painted(size)

    def _painted(self, size: QSize) -> QPixmap:
        """The scene alone is painted: asking the hidden view for its picture would show it for a moment."""
        ratio = self.devicePixelRatioF()
        made = QPixmap(size * ratio)
        made.setDevicePixelRatio(ratio)
        made.fill(theme.color(Token.BG1))
        room = QRectF(0, 0, size.width(), size.height())
        with QPainter(made) as painter:
            self.scene().render(painter, room, room)
        return made


def _coarsest(levels: Sequence[tuple[float, Sequence[float]]]) -> Sequence[float]:
    """The values of the first level that has any."""
    return next((values for _spacing, values in levels if len(values)), [])
