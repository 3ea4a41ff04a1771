"""A key in the search over 1,000 pairs: from the key to the painted list, beside a key in a bare box."""

from __future__ import annotations

import time
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.ui.picker.state import Liking, PairList, build
from otoco_desktop.ui.picker.view import PairPicker
from tests.benchmarks.keys import press
from tests.benchmarks.measure import Row, Samples
from tests.benchmarks.window import example_window, paint_now
from tests.ui.fakes import INSTRUMENTS

PAIRS = 1_000
ROUNDS = 20
TEXTS = ("c1", "usdt c42", "btc", "nothing", "c999 us")
BUDGET = "median and p99 <= 8 ms per key"


def rows() -> list[Row]:
    QApplication.instance() or QApplication([])
    window, desk = example_window()
    desk.change(instruments=(*INSTRUMENTS, *_made()))
    window.top_bar.picker.showPopup()
    pairs = window.top_bar.picker.pairs
    if pairs is None:
        raise RuntimeError("there is no list")
    pairs.show_changes({item.symbol: Decimal("0.0123") for item in desk.state.instruments})
    paint_now()
    keys, floor = [], []
    for _ in range(ROUNDS):
        keys += _typed(pairs)
        floor += _bare(window)
    found = len(pairs.model.rows)
    if found < PAIRS:
        raise RuntimeError(f"only {found} pairs are listed")
    listed = build(_made(), Liking(), {})
    searches = [_search(listed, text) for _ in range(ROUNDS) for text in TEXTS]
    window.close_now()
    return [
        Row("key to painted list of 1,000 pairs", Samples(tuple(keys)), Samples(tuple(floor)), BUDGET),
        Row("search alone over 1,000 pairs", Samples(tuple(searches)), None, BUDGET),
    ]


def _made() -> tuple[Instrument, ...]:
    tick = Decimal("0.01")
    quotes = ("USD", "USDT", "BTC")
    return tuple(Instrument(f"C{at}_{quotes[at % 3]}", f"C{at}", quotes[at % 3], tick, tick) for at in range(PAIRS))


def _typed(pairs: PairPicker) -> list[float]:
    """Each key of each text, then each backspace."""
    return [took for text in TEXTS for took in _keys(pairs.search, text)]


def _keys(target: QWidget, text: str) -> list[float]:
    took = []
    for key, character in [(Qt.Key.Key_unknown, one) for one in text] + [(Qt.Key.Key_Backspace, "")] * len(text):
        began = time.perf_counter()
        press(target, character, key)
        paint_now()
        took.append((time.perf_counter() - began) * 1_000)
    return took


def _bare(window: QWidget) -> list[float]:
    """The same keys in a box that does nothing."""
    box = QLineEdit(window)
    box.show()
    paint_now()
    took = [each for text in TEXTS for each in _keys(box, text)]
    box.deleteLater()
    return took


def _search(listed: PairList, text: str) -> float:
    began = time.perf_counter()
    listed.search(text)
    return (time.perf_counter() - began) * 1_000
