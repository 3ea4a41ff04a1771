"""The middle of the page: strategies, the selected one's timeline, and the banner for unknown outcomes.

It is imported and built after the window's first paint, so that the ticket answers keys sooner.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from otoco_desktop.app.state import DeskState
from otoco_desktop.ui.strategies import state
from otoco_desktop.ui.strategies.banner import UnknownBanner
from otoco_desktop.ui.strategies.timeline import TimelinePanel
from otoco_desktop.ui.strategies.view import StrategiesPanel
from otoco_desktop.ui.widgets.splitter import Splitter

SIZES = [380, 376]


class Following(Splitter):
    """Shows what was sent. The banner is made here and placed by the window."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        super().__init__(Qt.Orientation.Vertical, "centre")
        self._now_ms = now_ms
        self.strategies = StrategiesPanel()
        self.timeline = TimelinePanel()
        self.banner = UnknownBanner(now_ms)
        for at, part in enumerate((self.strategies, self.timeline)):
            self.addWidget(part)
            self.setStretchFactor(at, 1)
        self.setSizes(SIZES)
        self.strategies.selected.connect(lambda _id: self.show_selected())

    def show_desk(self, desk: DeskState) -> None:
        """Show the strategies; the newest one is selected until another is picked."""
        quote = desk.quote
        marks = {quote.instrument: quote.mark} if quote is not None and quote.mark is not None else {}
        self.strategies.render(desk.strategies, marks, self._now_ms())
        if desk.strategies and not self.strategies.table.selected:
            self.strategies.select(desk.strategies[0].strategy_id)
        self.banner.render(state.banner(desk.strategies))
        self.show_selected()

    def select(self, strategy_id: str) -> None:
        """Select a strategy, as for one that was just sent."""
        self.strategies.select(strategy_id)
        self.show_selected()

    def show_selected(self) -> None:
        self.timeline.render(self.strategies.selected_strategy)

    def tab_stops(self) -> list[QWidget]:
        """Everything Tab visits here, in its order."""
        strategies = self.strategies
        return [*strategies.segments.buttons, strategies.table, strategies.cancel_button, *self.timeline.tab_stops()]
