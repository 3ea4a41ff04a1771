"""The Strategies page over ten thousand strategies: opened, searched key by key, and read in the background."""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from otoco_desktop.ui.history.source import Ledger
from otoco_desktop.ui.history.view import HistoryPage
from otoco_desktop.ui.shell.pages import Name
from otoco_desktop.ui.shell.window import MainWindow, Surface
from tests.benchmarks.keys import press
from tests.benchmarks.measure import Row, Samples
from tests.benchmarks.window import SIZE, PaintWatch, paint_now, wait_until
from tests.ui.fakes import MemoryStore
from tests.ui.history.examples import HistoryDesk, drawn, long_history
from tests.ui.windows import dark_theme

COUNT = 10_000
OPENINGS = 8
ROUNDS = 4
TEXTS = ("breakout", "S-0417", "6498090546070009", "eth_usd dip", "nothing like it")
OPENS = "<= 150 ms"
KEY = "<= 16.7 ms"


def rows() -> list[Row]:
    QApplication.instance() or QApplication([])
    desk = HistoryDesk(drawn(), long_history(COUNT - 19, 396 + COUNT))
    opened: list[float] = []
    again: list[float] = []
    for _ in range(OPENINGS - 1):
        _open_and_close(desk, opened, again)
    window = _open(desk, opened, again)
    page = window.pages.history
    _prove(window)
    keys = [duration for _ in range(ROUNDS) for duration in _typed(page)]
    strips = [_timed_strip(page) for _ in range(ROUNDS)]
    reading = _read(desk)
    window.close_now()
    return [
        Row("Strategies page opened, history unread", Samples(tuple(opened)), None, OPENS),
        Row("Strategies page opened, 10,000 known", Samples(tuple(again)), None, OPENS),
        Row("search key to painted rows, 10,000", Samples(tuple(keys)), None, KEY),
        Row("statistics after a key, 10,000", Samples(tuple(strips)), None, "after the rows"),
        Row("one page of the history worded", Samples(tuple(reading)), None, KEY),
    ]


class Later:
    """Keeps what was started, as the loop does while the window is busy, until it is told to run it."""

    def __init__(self) -> None:
        self._waiting: list[Coroutine[Any, Any, Any]] = []

    def __call__(self, work: Coroutine[Any, Any, Any], on_error: Callable[[Exception], None]) -> None:
        self._waiting.append(work)
        self.on_error = on_error

    def run(self) -> None:
        for work in self._waiting:
            with suppress(StopIteration):
                work.send(None)
        self._waiting.clear()


def _window(desk: HistoryDesk, later: Later) -> MainWindow:
    window = MainWindow(desk, Surface(later, MemoryStore(), dark_theme()))
    window.resize(*SIZE)
    window.show()
    window.complete()
    window.activateWindow()
    wait_until(window.isActiveWindow)
    paint_now()
    return window


def _open(desk: HistoryDesk, opened: list[float], again: list[float]) -> MainWindow:
    """A window whose page was opened before the history was read, and once more after it."""
    later = Later()
    window = _window(desk, later)
    opened.append(_opened(window))
    later.run()
    paint_now()
    again.append(_opened(window))
    return window


def _open_and_close(desk: HistoryDesk, opened: list[float], again: list[float]) -> None:
    window = _open(desk, opened, again)
    window.close_now()
    window.deleteLater()


def _opened(window: MainWindow) -> float:
    """From the press to the painted page, in milliseconds."""
    window.pages.show(Name.PLAN)
    paint_now()
    began = time.perf_counter_ns()
    window.pages.show(Name.STRATEGIES)
    paint_now()
    return (time.perf_counter_ns() - began) / 1e6


def _typed(page: HistoryPage) -> list[float]:
    """Each text key by key, then deleted key by key."""
    return [duration for text in TEXTS for duration in _typed_text(page, text)]


def _typed_text(page: HistoryPage, text: str) -> list[float]:
    keys = [(letter, Qt.Key.Key_unknown) for letter in text] + [("", Qt.Key.Key_Backspace)] * len(text)
    return [_timed_key(page, *key) for key in keys]


def _timed_key(page: HistoryPage, text: str, key: Qt.Key) -> float:
    began = time.perf_counter_ns()
    press(page.bar.search, text, key)
    paint_now()
    return (time.perf_counter_ns() - began) / 1e6


def _timed_strip(page: HistoryPage) -> float:
    began = time.perf_counter_ns()
    page.show_strip()
    paint_now()
    if "0 closed" in page.strip.title.text():
        raise RuntimeError("no trade was counted")
    return (time.perf_counter_ns() - began) / 1e6


def _read(desk: HistoryDesk) -> list[float]:
    """Pages worded one by one, as they come from the journal."""
    ledger, found = Ledger(), []
    while not ledger.is_complete:
        coming = desk.history(ledger.next_query)
        try:
            coming.send(None)
        except StopIteration as done:
            began = time.perf_counter_ns()
            ledger.take_page(done.value)
            found.append((time.perf_counter_ns() - began) / 1e6)
    return found


def _prove(window: MainWindow) -> None:
    """All of them must be listed, and a key must leave fewer and paint them. Raises ``RuntimeError``."""
    page = window.pages.history
    if len(page.presenter.listed) != COUNT:
        raise RuntimeError(f"{len(page.presenter.listed)} of {COUNT} strategies are listed")
    watch = PaintWatch(window)
    page.bar.search.setText("S-041")
    _timed_key(page, "7", Qt.Key.Key_unknown)
    if not 0 < len(page.presenter.listed) < COUNT:
        raise RuntimeError("the search did not search")
    if page.table.viewport() not in watch.widgets or page.bar.search not in watch.widgets:
        raise RuntimeError("the key was not painted")
    watch.stop()
    page.bar.search.clear()
    page.bar.search.setFocus()
    paint_now()
