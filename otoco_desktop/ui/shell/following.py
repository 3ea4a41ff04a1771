"""The middle of the page: strategies, the selected one's timeline, and the banner for unknown outcomes.

It is imported and built after the window's first paint, so that the ticket answers keys sooner.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from otoco_desktop.app.state import DeskState
from otoco_desktop.ui.shell.leaving import Leaving
from otoco_desktop.ui.shell.protection import Protection
from otoco_desktop.ui.shell.upper import Upper
from otoco_desktop.ui.strategies import freshness, state
from otoco_desktop.ui.strategies.banner import UnknownBanner
from otoco_desktop.ui.strategies.timeline import TimelinePanel
from otoco_desktop.ui.strategies.view import StrategiesPanel
from otoco_desktop.ui.widgets.splitter import Splitter

if TYPE_CHECKING:
    from otoco_desktop.ui.chart.view import ChartPanel
    from otoco_desktop.ui.shell.window import MainWindow

SIZES = [380, 376]
TABLE, LOW_TABLE, LOW = 262, 176, 700
"""The table's height under a chart as the drawings have it, and in a window so low that it shows two rows."""


class Following(Splitter):
    """Shows what was sent, under the chart where there is to be one. The banner is placed by the window."""

    def __init__(self, now_ms: Callable[[], int], *, with_chart: bool = False) -> None:
        super().__init__(Qt.Orientation.Vertical, "chart and table" if with_chart else "centre")
        self._now_ms = now_ms
        self._fresh = freshness.NOW
        self.strategies = StrategiesPanel()
        self.timeline = TimelinePanel()
        self.banner = UnknownBanner(now_ms)
        self.protection = Protection(now_ms, self.strategies)
        self.leaving = Leaving(self)
        self.upper = Upper(self.timeline) if with_chart else None
        parts: tuple[QWidget, ...] = (
            (self.strategies, self.timeline) if self.upper is None else (self.upper, self.strategies)
        )
        for at, part in enumerate(parts):
            self.addWidget(part)
            self.setStretchFactor(at, 1 if self.upper is None or part is self.upper else 0)
        self._is_placed = self.upper is None
        self.setSizes(SIZES)
        self.splitterMoved.connect(self._place)
        self.strategies.table.activated.connect(lambda _index: self.show_story())
        self.strategies.selected.connect(lambda _id: self.show_selected())

    def _place(self) -> None:
        """From now on the trader's own sizes hold."""
        self._is_placed = True

    def restoreState(self, state: QByteArray) -> bool:  # type: ignore[override]  # noqa: N802 - Qt's name, one of its types
        self._place()
        return super().restoreState(state)

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        super().resizeEvent(event)
        if not self._is_placed:
            table = TABLE if self.height() > LOW else LOW_TABLE
            self.setSizes([self.height() - table, table])

    @property
    def chart(self) -> ChartPanel | None:
        """The chart, once it has come."""
        return self.upper.chart if self.upper else None

    def join(self, window: MainWindow, rows: QBoxLayout) -> None:
        """Put the banner and the audit's strip under the window's top bar."""
        rows.insertWidget(1, self.banner)
        self.banner.check_requested.connect(window.check_now)
        self.protection.join(window, rows)
        self.leaving.left.connect(window.closing)

    def show_story(self) -> None:
        """Show what happened to the selected strategy, in place of the chart."""
        if self.upper is not None:
            self.upper.show_story()

    def show_desk(self, desk: DeskState) -> None:
        """Show the strategies; the newest one is selected until another is picked."""
        quote = desk.quote
        marks = {quote.instrument: quote.mark} if quote is not None and quote.mark is not None else {}
        self._fresh = freshness.of_desk(desk)
        self.strategies.render(desk.strategies, marks, self._now_ms(), self._fresh)
        if desk.strategies and not self.strategies.table.selected:
            self.strategies.select(desk.strategies[0].strategy_id)
        self.banner.render(state.banner(desk.strategies))
        self.protection.show_desk(desk)
        self.show_selected()
        if self.chart is not None:
            self.chart.show_strategies(desk.strategies, desk.instrument)

    def select(self, strategy_id: str) -> None:
        """Select a strategy, as for one that was just sent."""
        self.strategies.select(strategy_id)
        self.show_selected()
        self.show_story()

    def show_selected(self) -> None:
        self.timeline.render(self.strategies.selected_strategy, self._fresh)

    def chart_stops(self) -> list[QWidget]:
        """What Tab visits in the chart, in its order."""
        return [] if self.chart is None else self.chart.tab_stops()

    def tab_stops(self) -> list[QWidget]:
        """Everything Tab visits here, in its order."""
        strategies = self.strategies
        head = [*strategies.segments.buttons, strategies.table, strategies.cancel_button]
        return [*head, *self.protection.tab_stops(), *self.timeline.tab_stops()]
