"""A window with its chart on screen, over the drawing's candles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.ui.chart_parts import Candles
from tests.ui.fakes import PLAN, FakeDesk

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from otoco_desktop.ui.chart.view import ChartPanel
    from otoco_desktop.ui.shell.window import MainWindow


@pytest.fixture
def candles() -> Candles:
    return Candles()


@pytest.fixture
def charted(qtbot: QtBot, desk: FakeDesk, candles: Candles) -> Iterator[MainWindow]:
    """At the drawings' size, with their plan typed in and fitted."""
    from tests.ui.chart_parts import charted_window

    window = charted_window(desk, candles)
    window.resize(1360, 860)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.complete()
    window.presenter.load(PLAN)
    qtbot.waitUntil(lambda: window.chart.panel is not None and window.chart.panel.canvas.isVisible())
    assert window.chart.panel is not None
    window.chart.panel.canvas.fit()
    yield window
    window.close_now()
    window.deleteLater()


@pytest.fixture
def chart(charted: MainWindow) -> ChartPanel:
    assert charted.chart.panel is not None
    return charted.chart.panel
