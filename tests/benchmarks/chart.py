"""The window with its chart of 500 candles and a price ten times a second: a key, a dragged line, and the memory."""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal
from itertools import count

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from otoco_desktop.domain.finding import Field
from otoco_desktop.ui.shell.window import MainWindow
from tests.benchmarks.keys import press
from tests.benchmarks.keystroke import TEXTS
from tests.benchmarks.measure import Fact, Row, Samples
from tests.benchmarks.window import SIZE, PaintWatch, paint_now, wait_until
from tests.ui.chart_parts import Candles, charted_window, drawn_candles
from tests.ui.fakes import PLAN, QUOTE, FakeDesk, four_strategies

CANDLES = 500
ROUNDS = 6
MOVES = 600
KEY_BUDGET = "median <= 4 ms, p99 <= 8.3 ms"
DRAG_BUDGET = "p99 <= 16.7 ms"
TICK_EVERY = 6
"""Keys between two prices: some sixty keys a second against ten prices."""


def rows() -> list[Row | Fact]:
    QApplication.instance() or QApplication([])
    window, desk, candles = _window()
    _prove(window)
    keys = [took for _ in range(ROUNDS) for took in _key_round(window, desk, candles)]
    drags = _drags(window)
    window.close_now()
    return [
        Row("keystroke to painted verdict and chart", Samples(tuple(keys)), None, KEY_BUDGET),
        Row("dragged line to painted frame", Samples(tuple(drags)), None, DRAG_BUDGET),
        Fact("memory of a window with chart", _resident_mib(), "MiB"),
    ]


def _window() -> tuple[MainWindow, FakeDesk, Candles]:
    desk = FakeDesk(four_strategies())
    candles = Candles(drawn_candles(CANDLES))
    window = charted_window(desk, candles)
    window.resize(*SIZE)
    window.show()
    window.complete()
    window.activateWindow()
    wait_until(window.isActiveWindow)
    window.presenter.load(PLAN)
    paint_now()
    return window, desk, candles


def _key_round(window: MainWindow, desk: FakeDesk, candles: Candles) -> list[float]:
    times: list[float] = []
    boxes = window.page.ticket.boxes()
    pressed = count(1)
    for field, text in TEXTS:
        window.presenter.load(PLAN)
        boxes[field].setFocus()
        boxes[field].selectAll()
        paint_now()
        for letter in [*text, *("" for _ in text)]:
            if next(pressed) % TICK_EVERY == 0:
                _market_moves(window, desk, candles, len(times))
            key = Qt.Key.Key_unknown if letter else Qt.Key.Key_Backspace
            began = time.perf_counter_ns()
            press(boxes[field], letter, key)
            paint_now()
            times.append((time.perf_counter_ns() - began) / 1e6)
    return times


def _market_moves(window: MainWindow, desk: FakeDesk, candles: Candles, step: int) -> None:
    """A new mark and a newest candle that changed; the beat shows the mark with what comes next."""
    price = Decimal(93118) + step % 40
    desk.tick(replace(QUOTE, mark=price, last=price))
    newest = replace(candles.candles[-1], close=price, high=Decimal(93400))
    candles.tell((*candles.candles[:-1], newest))
    window.refresh()


def _drags(window: MainWindow) -> list[float]:
    """The stop's label is taken and moved up and down, a pixel or more with each event."""
    chart = window.chart.panel
    assert chart is not None
    window.presenter.load(PLAN)
    chart.canvas.fit()
    paint_now()
    at = QPointF(chart.canvas.handles[Field.STOP].geometry().center())
    _mouse(chart.canvas, QEvent.Type.MouseButtonPress, at)
    times = []
    for step in range(MOVES):
        moved = at - QPointF(0, 6 + abs(step % 160 - 80))
        began = time.perf_counter_ns()
        _mouse(chart.canvas, QEvent.Type.MouseMove, moved)
        paint_now()
        times.append((time.perf_counter_ns() - began) / 1e6)
    _mouse(chart.canvas, QEvent.Type.MouseButtonRelease, at)
    return times


def _mouse(canvas: object, kind: QEvent.Type, at: QPointF) -> None:
    held = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
    button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    event = QMouseEvent(kind, at, at, button, held, Qt.KeyboardModifier.NoModifier)
    QCoreApplication.sendEvent(canvas, event)  # type: ignore[arg-type]  # a widget is an object of Qt


def _prove(window: MainWindow) -> None:
    """A key that moves the entry must repaint the chart within ``paint_now``."""
    entry = window.page.ticket.boxes()[Field.ENTRY]
    entry.setFocus()
    paint_now()
    watch = PaintWatch(window)
    press(entry, "", Qt.Key.Key_Backspace)
    press(entry, "5", Qt.Key.Key_unknown)
    paint_now()
    watch.stop()
    if not {"Canvas", "PriceEdit"} <= watch.painted:
        raise RuntimeError(f"the chart was not painted: {sorted(watch.painted)}")


def _resident_mib() -> float:
    with open("/proc/self/statm", encoding="ascii") as source:  # noqa: PTH123 - a file of the system, not of ours
        return int(source.read().split()[1]) * 4096 / 2**20
