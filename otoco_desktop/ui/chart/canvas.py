"""The chart itself: the plot's picture and the board over it. Only what changed is painted again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from math import ceil, floor

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QPixmap, QRegion, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from otoco_desktop.domain.candles import Candle, CandleSeries, Timeframe
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.money import grouped
from otoco_desktop.ui.chart import board, brush, geometry, words
from otoco_desktop.ui.chart.board import AXIS, FOOT, LABEL, Board, Pointer, Scene, Shape
from otoco_desktop.ui.chart.geometry import Frame
from otoco_desktop.ui.chart.handle import Handle
from otoco_desktop.ui.chart.plot import Plot
from otoco_desktop.ui.chart.state import LINES, ChartState
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.widgets import paint

SETTLE_MS = 400
LABEL_EDGE = 8
CAPTION = Role.SECONDARY
TAG_ROLE = Role.SECONDARY_STRONG
TAG_ROOM, AXIS_STEP = 6.0, 8.0


class Canvas(QWidget):
    """Shows a state and a series. ``now_ms`` is the wall clock, for the axis of a chart without candles."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(420, 220 - 34)
        self._now_ms = now_ms
        shelf = QWidget(self)
        shelf.hide()
        self._plot = Plot(shelf)
        self._picture: QPixmap | None = None
        self._pictured: tuple[object, ...] = ()
        self._state = ChartState()
        self._series: CandleSeries | None = None
        self._timeframe = Timeframe.M15
        self._pointer: Pointer | None = None
        self._board = Board()
        self._compact = False
        self._axis = AXIS
        self._wanted: tuple[Decimal, ...] = ()
        self.frame = Frame(1, 1, 0, 1, 0, 1)
        self.is_fitted = True
        self.handles = {field: Handle(field, self) for field in LINES}
        self._settling = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._settling.timeout.connect(self._settle)

    # What is shown

    def show_state(self, state: ChartState) -> None:
        """Show this plan and these market prices."""
        other = state.instrument != self._state.instrument
        self._state = state
        if other or (not self.candles and self.is_fitted and not self._shows_prices()):
            self.fit()
            return
        self._redraw()
        self._settle_soon()

    def show_series(self, series: CandleSeries) -> None:
        """Show these candles; others than before are fitted, new ones of the same move in."""
        before, self._series = self._series, series
        self._timeframe = series.timeframe
        same = before is not None and (before.instrument, before.timeframe) == (series.instrument, series.timeframe)
        if not same or before is None or not before.candles or not series.candles:
            self.fit()
            return
        came_ms = series.candles[-1].start_ms - before.candles[-1].start_ms
        if came_ms and self.frame.from_ms <= before.candles[-1].start_ms <= self.frame.to_ms:
            self.frame = self.frame.moved(-came_ms * self.frame.width / (self.frame.to_ms - self.frame.from_ms), 0)
        self._redraw()
        self._settle_soon()

    def set_compact(self, compact: bool) -> None:
        """In a narrow window labels say less."""
        if compact is not self._compact:
            self._compact = compact
            self._redraw()

    def retint(self) -> None:
        """The theme changed."""
        self._plot.tint()
        self._pictured = ()
        self._redraw()
        self.update()

    @property
    def timeframe(self) -> Timeframe:
        """How long a candle is now."""
        return self._timeframe

    @property
    def candles(self) -> tuple[Candle, ...]:
        return self._series.candles if self._series else ()

    @property
    def state(self) -> ChartState:
        return self._state

    @property
    def board(self) -> Board:
        """What is drawn over the candles now."""
        return self._board

    # The part of time and price that is shown

    def fit(self) -> None:
        """The newest candles, and whatever of the plan is near."""
        self.is_fitted = True
        self._axis = self._axis_width()
        size = self._size()
        length = self._timeframe.ms
        if self.candles:
            self.frame = geometry.fitted(size, self.candles, length, self._prices())
        else:
            self.frame = geometry.empty(size, self._now_ms(), length, self._prices())
        self._redraw()

    def _size(self) -> tuple[float, float]:
        """What the axes leave, pixels."""
        return max(1.0, self.width() - self._axis), max(1.0, self.height() - FOOT)

    def _axis_width(self) -> float:
        """Room for the prices of this market, in steps, so that it stays as it is while they move."""
        instrument = self._state.instrument
        known = [level.price for level in (self._state.mark, self._state.last) if level is not None]
        known += [self.candles[-1].high] if self.candles else []
        if instrument is None or not known:
            return AXIS
        widest = paint.width(grouped(max(known), instrument.price_places), TAG_ROLE) + 2 * TAG_ROOM
        return max(AXIS, ceil(widest / AXIS_STEP) * AXIS_STEP)

    def look(self, frame: Frame) -> None:
        """Show this part; a fit brings the usual one back."""
        self.is_fitted = False
        self.frame = frame
        self._redraw()

    def _prices(self) -> Sequence[Decimal]:
        """What should be in sight: the plan, and where the market is."""
        prices = [line.price for line in self._state.lines]
        if self.candles:
            return [*prices, self.candles[-1].high, self.candles[-1].low]
        return prices if self._state.mark is None else [*prices, self._state.mark.price]

    def _shows_prices(self) -> bool:
        return geometry.shows_all(self.frame, self._prices())

    def _settle_soon(self) -> None:
        """Once the prices have stood still: a line that is being typed or dragged must not make the chart jump."""
        wanted = tuple(self._prices())
        if wanted != self._wanted:
            self._wanted = wanted
            if self.is_fitted and not self._shows_prices():
                self._settling.start()

    def _settle(self) -> None:
        """The plan has stood still for a moment: show what of it is near."""
        if self.is_fitted and self.candles:
            self.frame = geometry.with_prices(self.frame, self.candles, self._prices())
            self._redraw()

    def point_at(self, pointer: Pointer | None) -> None:
        """Where the mouse is, or nowhere."""
        self._pointer = pointer
        self._redraw()

    # Painting

    def _redraw(self) -> None:
        """Put everything in its place, and repaint what differs."""
        if not self.isVisible():
            return
        self._take_picture()
        newest = self.candles[-1] if self.candles else None
        scene = Scene(
            self.frame,
            newest,
            self._timeframe.ms,
            self._pointer,
            words.standing(self._series),
            _caption_width,
            self._axis,
            self._plot.ticks,
        )
        now = board.board(self._state, scene)
        before, self._board = self._board, now
        self._place_handles()
        changed = set(before.shapes) ^ set(now.shapes)
        if changed:
            self.update(_region(changed))

    def _take_picture(self) -> None:
        """Paint the plot anew if it would look different: the newest candle is not in it."""
        finished = self.candles[:-1]
        key = (self.frame, self.size(), self._timeframe, self.devicePixelRatioF(), finished)
        if key == self._pictured:
            return
        self._pictured = key
        instrument = self._state.instrument
        self._plot.price_axis.places = instrument.price_places if instrument else 2
        self._plot.candles.show(finished, self._timeframe.ms)
        self._picture = self._plot.picture(self.frame, self.size())
        self.update()

    def _place_handles(self) -> None:
        for field, handle in self.handles.items():
            line = self._state.line(field)
            if line is None:
                handle.hide()
                continue
            handle.show_line(line, compact=self._compact)
            left = round(self.frame.width - self._board.overhangs[field]) - LABEL_EDGE - handle.width()
            handle.move(left, self._board.labels[field] - int(LABEL / 2))
            if handle.isHidden():
                handle.show()

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        if self._picture is None:
            self._redraw()
        with QPainter(self) as painter:
            self._paint(painter, event.region())

    def _paint(self, painter: QPainter, region: QRegion) -> None:
        """Copy only the parts that are asked for, and draw only the shapes that touch them."""
        picture = self._picture
        if picture is not None:
            ratio = picture.devicePixelRatioF()
            for part in region:  # type: ignore[attr-defined]  # missing in the stubs
                target = QRectF(part)
                source = QRectF(target.topLeft() * ratio, target.size() * ratio)
                painter.drawPixmap(target, picture, source)
        for shape in self._board.shapes:
            if region.intersects(_rect(shape)):
                brush.draw(painter, shape)

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        super().resizeEvent(event)
        if self.is_fitted:
            self.fit()
        else:
            self.frame = self.frame.sized(*self._size())
            self._redraw()

    def showEvent(self, event: QShowEvent) -> None:  # Qt's name
        super().showEvent(event)
        self._redraw()

    def hideEvent(self, event: QHideEvent) -> None:  # Qt's name
        self._settling.stop()
        super().hideEvent(event)

    def line_at(self, at: QPointF) -> Field | None:
        """The line or label under the mouse, labels first."""
        for field, handle in self.handles.items():
            if not handle.isHidden() and handle.geometry().contains(at.toPoint()):
                return field
        if at.x() > self.frame.width:
            return None
        near = [(abs(self.frame.y_of(line.price) - at.y()), line.field) for line in self._state.lines]
        distance, field = min(near, default=(99.0, Field.ENTRY))
        return field if distance <= 4 else None


def _caption_width(text: str) -> float:
    return paint.width(text, CAPTION)


def _region(shapes: set[Shape]) -> QRegion:
    region = QRegion()
    for shape in shapes:
        region += _rect(shape)
    return region


def _rect(shape: Shape) -> QRect:
    left, top, wide, high = shape.bounds
    from_x, from_y = floor(left) - 1, floor(top) - 1
    return QRect(from_x, from_y, ceil(left + wide) + 1 - from_x, ceil(top + high) + 1 - from_y)
