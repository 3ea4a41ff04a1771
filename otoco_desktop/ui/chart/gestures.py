"""The mouse on the canvas: dragging lines, moving and zooming, pointing, and picking a price."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent

from otoco_desktop.domain.candles import Candle
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.money import grouped
from otoco_desktop.ui.chart import words
from otoco_desktop.ui.chart.board import Pointer
from otoco_desktop.ui.chart.canvas import Canvas
from otoco_desktop.ui.chart.geometry import Frame

CLICK = 4.0
ZOOM = 1.0015


class Grip(StrEnum):
    """What a pressed mouse moves."""

    LINE = "line"
    GROUND = "ground"
    PRICES = "prices"


@dataclass(frozen=True, slots=True)
class Press:
    """Where the mouse went down. ``offset`` keeps a line under the same point of the mouse."""

    at: QPointF
    grip: Grip
    frame: Frame
    offset: float = 0.0


class Gestures(QObject):
    """Watches the canvas. ``held``, ``dragged``, ``released`` and ``picked`` tell what was done, in whole ticks."""

    held = Signal(object)
    dragged = Signal(object)
    released = Signal()
    picked = Signal(object)

    def __init__(self, canvas: Canvas, focused_field: Callable[[], Field | None]) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._focused_field = focused_field
        self._press: Press | None = None
        self._moved = False
        canvas.setMouseTracking(True)
        canvas.installEventFilter(self)

    def eventFilter(self, _canvas: QObject, event: QEvent) -> bool:  # Qt's name
        if isinstance(event, QWheelEvent):
            self._wheel(event)
            return True
        if isinstance(event, QMouseEvent):
            return self._mouse(event)
        if event.type() == QEvent.Type.Leave:
            self._canvas.point_at(None)
        return False

    def _mouse(self, event: QMouseEvent) -> bool:
        act = {
            QEvent.Type.MouseButtonPress: self._pressed,
            QEvent.Type.MouseMove: self._mouse_moved,
            QEvent.Type.MouseButtonRelease: self._let_go,
        }.get(event.type())
        if act is None:
            return False
        act(event)
        return True

    @property
    def is_dragging(self) -> bool:
        """Whether a line is in hand."""
        return self._press is not None and self._press.grip is Grip.LINE

    def cancel(self) -> None:
        """Let go without an end of its own."""
        self._press = None

    def _pressed(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        at, frame = event.position(), self._canvas.frame
        field = self._canvas.line_at(at)
        self._moved = False
        if field is not None:
            line = self._canvas.state.line(field)
            offset = 0.0 if line is None else frame.y_of(line.price) - at.y()
            self._press = Press(at, Grip.LINE, frame, offset)
            self.held.emit(field)
        else:
            self._press = Press(at, Grip.PRICES if at.x() > frame.width else Grip.GROUND, frame)

    def _mouse_moved(self, event: QMouseEvent) -> None:
        at, press = event.position(), self._press
        if press is None:
            self._point(at)
            return
        if not self._moved and (at - press.at).manhattanLength() < CLICK:
            return
        self._moved = True
        if press.grip is Grip.LINE:
            self._drag(at.y() + press.offset)
        elif press.grip is Grip.GROUND:
            self._canvas.look(press.frame.moved(at.x() - press.at.x(), at.y() - press.at.y()))
        else:
            middle = press.frame.height / 2
            self._canvas.look(press.frame.price_zoomed(1.01 ** (at.y() - press.at.y()), middle))

    def _drag(self, y: float) -> None:
        instrument, frame = self._canvas.state.instrument, self._canvas.frame
        if instrument is not None:
            inside = min(max(y, 0.0), frame.height)
            self._canvas.point_at(None)
            self.dragged.emit(frame.snapped(inside, instrument.price_tick))

    def _let_go(self, event: QMouseEvent) -> None:
        press, self._press = self._press, None
        if press is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        if press.grip is Grip.LINE:
            self.released.emit()
        elif press.grip is Grip.GROUND and not self._moved:
            self._pick(event.position())

    def _pick(self, at: QPointF) -> None:
        price = self._price_at(at)
        if price is not None and at.y() <= self._canvas.frame.height:
            self.picked.emit(price)

    def _price_at(self, at: QPointF) -> Decimal | None:
        instrument = self._canvas.state.instrument
        return None if instrument is None else self._canvas.frame.snapped(at.y(), instrument.price_tick)

    def _wheel(self, event: QWheelEvent) -> None:
        at, canvas = event.position(), self._canvas
        turned = event.angleDelta().y() or event.pixelDelta().y()
        factor = ZOOM**-turned
        if at.x() > canvas.frame.width:
            canvas.look(canvas.frame.price_zoomed(factor, at.y()))
        else:
            canvas.look(canvas.frame.time_zoomed(factor, at.x(), canvas.timeframe.ms))

    # Pointing

    def _point(self, at: QPointF) -> None:
        canvas, frame = self._canvas, self._canvas.frame
        field = canvas.line_at(at)
        over_line = Qt.CursorShape.SizeVerCursor
        canvas.setCursor(over_line if field is not None else Qt.CursorShape.CrossCursor)
        price = self._price_at(at)
        inside = at.x() < frame.width and at.y() < frame.height
        if price is None or not inside or field is not None or canvas.state.instrument is None:
            canvas.point_at(None)
            return
        time = _moment(frame.ms_at(at.x()))
        shown = grouped(price, canvas.state.instrument.price_places)
        canvas.point_at(Pointer(at.x(), at.y(), shown, time, self._readout(at, canvas.state.instrument.price_places)))

    def _readout(self, at: QPointF, places: int) -> str:
        candle = _candle_at(self._canvas.candles, self._canvas.frame.ms_at(at.x()), self._canvas.timeframe.ms)
        known = "" if candle is None else words.readout(candle, _moment(candle.start_ms), places)
        return "   ".join(filter(None, (known, words.click_fills(self._focused_field()))))


def _candle_at(candles: tuple[Candle, ...], at_ms: float, length_ms: int) -> Candle | None:
    return next((c for c in reversed(candles) if c.start_ms <= at_ms < c.start_ms + length_ms), None)


def _moment(at_ms: float) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%d %b %H:%M")
