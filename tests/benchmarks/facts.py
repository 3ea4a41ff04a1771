"""Figures without a budget: the judgement alone, and an event's way to its painted row."""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal
from itertools import cycle, islice

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from otoco_desktop.domain.rules import evaluate
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.ui.shell.window import MainWindow
from tests.benchmarks.measure import Row, Samples
from tests.benchmarks.window import PaintWatch, example_window, paint_now
from tests.ui.fakes import PLAN, WRONG_PLAN, FakeDesk, example

JUDGEMENTS = 2_000
EVENTS = 100
APART_MS = 200
"""About five a second: a flood, which the window shows in beats instead, is what ``burst`` is for."""


def rows() -> list[Row]:
    return [_judgement(), _event_to_row()]


def _judgement() -> Row:
    around = FakeDesk().surroundings()
    drafts = (PLAN, WRONG_PLAN, replace(PLAN, stop=""), replace(PLAN, entry="9x"))
    times = []
    for draft in islice(cycle(drafts), JUDGEMENTS):
        began = time.perf_counter_ns()
        evaluate(draft, around)
        times.append((time.perf_counter_ns() - began) / 1e6)
    return Row("judging a plan alone", Samples(tuple(times)))


def _event_to_row() -> Row:
    """A part fill told by the desk, until the strategy's row is painted."""
    QApplication.instance() or QApplication([])
    window, desk = example_window()
    times = []
    _prove_painting(window, desk)
    for filled in range(EVENTS):
        QTest.qWait(APART_MS)
        news = _part_filled(Decimal(filled))
        began = time.perf_counter_ns()
        desk.put(news)
        paint_now()
        times.append((time.perf_counter_ns() - began) / 1e6)
    window.close_now()
    return Row("event received to row painted", Samples(tuple(times)))


def _prove_painting(window: MainWindow, desk: FakeDesk) -> None:
    """The news must repaint the table within ``paint_now``."""
    table = window.page.strategies.table
    watch = PaintWatch(window)
    desk.put(_part_filled(Decimal(EVENTS)))
    paint_now()
    watch.stop()
    if table.viewport() not in watch.widgets:
        raise RuntimeError(f"the row was not painted, only {sorted(watch.painted)}")


def _part_filled(steps: Decimal) -> Strategy:
    waiting = ("PENDING", "0")
    entry = ("ACTIVE", str(steps * Decimal("0.001")))
    return example(413, "SOL_USD", "41.500", ("138.42", "134.10", "149.00"), "fade-open", (entry, waiting, waiting))
