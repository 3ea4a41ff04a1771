"""The upper part of the middle: the chart, or the story of the selected strategy in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QStackedLayout, QWidget

from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import panel
from otoco_desktop.ui.widgets.buttons import Button, Kind
from otoco_desktop.ui.widgets.panel import Panel, Rule, column

if TYPE_CHECKING:
    from otoco_desktop.ui.chart.view import ChartPanel
    from otoco_desktop.ui.strategies.timeline import TimelinePanel

HEADER = 34
LEAST = QSize(420, 220)


class Upper(QWidget):
    """Shows one of two; until the chart has come, its place is empty."""

    def __init__(self, timeline: TimelinePanel) -> None:
        super().__init__()
        self.chart: ChartPanel | None = None
        self.chart_button = Button("Chart", Kind.SMALL)
        self._place = Panel(Token.BG1)
        self._story = self._story_page(timeline)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._place)
        self._stack.addWidget(self._story)
        self.setMinimumSize(LEAST)
        self.chart_button.clicked.connect(self.show_chart)

    def _story_page(self, timeline: TimelinePanel) -> QWidget:
        page = Panel(Token.BG1)
        header = Panel(Token.BG0)
        header.setFixedHeight(HEADER - 1)
        row = panel.row(12, (panel.PADDING, 0, panel.PADDING, 0))
        row.addWidget(self.chart_button)
        row.addStretch(1)
        header.setLayout(row)
        rows = column(page)
        rows.addWidget(header)
        rows.addWidget(Rule())
        rows.addWidget(timeline, 1)
        return page

    def take_chart(self, chart: ChartPanel) -> None:
        """The chart has come."""
        self.chart = chart
        self._stack.insertWidget(0, chart)
        if self._stack.currentWidget() is self._place:
            self._stack.setCurrentWidget(chart)
        self._stack.removeWidget(self._place)
        self._place.deleteLater()
        chart.story_requested.connect(self.show_story)

    def give_up_chart(self) -> None:
        """There will be no chart: the story stays, and nothing leads away from it."""
        self.chart_button.hide()
        self.show_story()

    def show_story(self) -> None:
        """Show what happened to the selected strategy."""
        had = self.chart is not None and self.chart.story_button.hasFocus()
        self._stack.setCurrentWidget(self._story)
        if had:
            self.chart_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_chart(self) -> None:
        """Show the chart again."""
        if self.chart is None:
            return
        had = self.chart_button.hasFocus()
        self._stack.setCurrentWidget(self.chart)
        if had:
            self.chart.story_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def minimumSizeHint(self) -> QSize:  # Qt's name
        return LEAST
