"""From the delivery of a key to the verdict on the window's pixels, in the design's example plan."""

from __future__ import annotations

import time
from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from otoco_desktop.domain.finding import Field
from otoco_desktop.ui.shell.window import MainWindow
from tests.benchmarks.keys import press
from tests.benchmarks.measure import Row, Samples
from tests.benchmarks.window import PaintWatch, example_window, paint_now
from tests.ui.fakes import PLAN

ROUNDS = 12
BUDGET = "median <= 2 ms, p99 <= 8.3 ms"
TEXTS = (
    (Field.ENTRY, "92400.00"),  # valid
    (Field.ENTRY, "92400.005"),  # between two ticks
    (Field.ENTRY, "93500"),  # would cross the market
    (Field.ENTRY, "9x"),  # no number
    (Field.STOP, "2%"),
    (Field.STOP, "93000"),  # above the entry, once complete
    (Field.STOP, "-500"),
    (Field.QUANTITY, "0.5"),
    (Field.QUANTITY, "55"),  # more than there is
    (Field.TARGET, "2.5R"),
    (Field.TARGET, "0.5%"),  # does not pay the fees
    (Field.TARGET_LIMIT, "97000.00"),
)
"""Typed key by key, then deleted key by key, so that every incomplete state in between is measured too."""


def rows() -> list[Row]:
    QApplication.instance() or QApplication([])
    window, _desk = example_window()
    _prove_painting(window)
    _timed_round(window)
    times = [duration for _ in range(ROUNDS) for duration in _timed_round(window)]
    window.close_now()
    return [Row("keystroke to painted verdict", Samples(tuple(times)), None, BUDGET)]


def _keys(window: MainWindow) -> Iterator[tuple[QWidget, str, Qt.Key]]:
    boxes = window.page.ticket.boxes()
    for field, text in TEXTS:
        window.presenter.load(PLAN)
        boxes[field].setFocus()
        boxes[field].selectAll()
        paint_now()
        for letter in text:
            yield boxes[field], letter, Qt.Key.Key_unknown
        for _ in text:
            yield boxes[field], "", Qt.Key.Key_Backspace


def _timed_round(window: MainWindow) -> list[float]:
    return [_timed(*step) for step in _keys(window)]


def _timed(target: QWidget, text: str, key: Qt.Key) -> float:
    """One key, in milliseconds: delivered, judged, rendered, painted."""
    began = time.perf_counter_ns()
    press(target, text, key)
    paint_now()
    return (time.perf_counter_ns() - began) / 1e6


def _prove_painting(window: MainWindow) -> None:
    """A key that breaks the plan must repaint verdicts within ``paint_now``, and leave nothing to paint after it."""
    entry = window.page.ticket.boxes()[Field.ENTRY]
    entry.setFocus()
    paint_now()
    watch = PaintWatch(window)
    press(entry, "5", Qt.Key.Key_unknown)
    paint_now()
    if watch.updates != 1 or not {"PriceEdit", "Sentence"} <= watch.painted:
        raise RuntimeError(f"the key was not painted: {watch.updates} updates, {sorted(watch.painted)}")
    watch.painted.clear()
    paint_now()
    if watch.painted:
        raise RuntimeError(f"painted late: {sorted(watch.painted)}")
    watch.stop()
