"""Brings the chart into the window: its library is loaded behind the first paint, in another thread."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from shiboken6 import isValid

from otoco_desktop.app.candle_port import CandlePort
from otoco_desktop.ui.shell.memory import UiStore

if TYPE_CHECKING:
    from otoco_desktop.app.state import DeskPort
    from otoco_desktop.ui.chart.view import ChartPanel
    from otoco_desktop.ui.shell.page import Page
    from otoco_desktop.ui.ticket.presenter import TicketPresenter

TIMEFRAME = "timeframe"
FAILED = "The chart could not be loaded. Plans can be made and sent without it; the log has the details."


@dataclass(frozen=True, slots=True)
class ChartParts:
    """Where candles come from, and how the chart's module is loaded."""

    candles: CandlePort
    load: Callable[[], Awaitable[ModuleType]]


class Charting(QObject):
    """The window's way to its chart."""

    def __init__(self, page: Page, desk: DeskPort, ticket: TicketPresenter, store: UiStore) -> None:
        super().__init__(page)
        self._page = page
        self._desk = desk
        self._ticket = ticket
        self._store = store

    @property
    def panel(self) -> ChartPanel | None:
        """The chart, once it has come."""
        return self._page.following.chart if self._page.is_complete else None

    async def bring(self, parts: ChartParts, came: Callable[[ChartPanel], None]) -> None:
        """Load the chart, put it into its place, and say so."""
        module = await parts.load()
        if not isValid(self._page) or not self._page.window().isEnabled():
            return  # the window is closing: nobody would see it
        from otoco_desktop.ui.chart.presenter import ChartPresenter, remembered  # noqa: PLC0415 - came with the chart

        presenter = ChartPresenter(self._ticket, parts.candles, remembered(self._store.get(TIMEFRAME)))
        chart: ChartPanel = module.ChartPanel(presenter, self._desk.now_ms, self._page.ticket.focused_field)
        chart.field_requested.connect(self._page.ticket.focus_field)
        chart.timeframe_chosen.connect(lambda chosen: self._store.put(TIMEFRAME, chosen))
        self._page.take_chart(chart)
        desk = self._desk.state
        chart.show_strategies(desk.strategies, desk.instrument)
        came(chart)

    def fit(self) -> None:
        """Show the newest candles and the plan."""
        self._shown(lambda chart: chart.canvas.fit())

    def walk(self, step: int) -> None:
        """Give the keyboard to the next line, or the one before."""
        self._shown(lambda chart: chart.walk_lines(step))

    def _shown(self, act: Callable[[ChartPanel], None]) -> None:
        """Asked for something of the chart, which is therefore shown."""
        chart, upper = self.panel, self._page.following.upper
        if chart is not None and upper is not None:
            upper.show_chart()
            act(chart)
