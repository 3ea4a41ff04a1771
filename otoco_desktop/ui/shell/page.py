"""The plan page: type on the left, see in the middle, judge and act on the right."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QWidget

from otoco_desktop.app.state import DeskPort, Gate
from otoco_desktop.domain.verdict import Surroundings, Verdict
from otoco_desktop.ui.checks import state as checks
from otoco_desktop.ui.checks.submit import SubmitBar
from otoco_desktop.ui.checks.view import ChecksPanel
from otoco_desktop.ui.outcome import state as outcome
from otoco_desktop.ui.outcome.view import OutcomePanel
from otoco_desktop.ui.shell.right_column import RightColumn
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.ticket.presenter import TicketPresenter
from otoco_desktop.ui.ticket.view import TicketView
from otoco_desktop.ui.widgets.panel import Panel
from otoco_desktop.ui.widgets.splitter import Splitter

if TYPE_CHECKING:
    from otoco_desktop.domain.outlook import Outlook
    from otoco_desktop.ui.chart.view import ChartPanel
    from otoco_desktop.ui.shell.following import Following
    from otoco_desktop.ui.strategies.timeline import TimelinePanel
    from otoco_desktop.ui.strategies.view import StrategiesPanel

SIDE_WIDTHS = (288, 400)
RIGHT_WIDTHS = (288, 440)
CENTRE_LEAST = 446
START_SIZES = [320, 686, 352]
CENTRE = 1


class Page(Splitter):
    """Ticket, strategies with the selected one's timeline, and outcome over checks over submit.

    ``completed`` says once that the middle has been built.
    """

    completed = Signal()

    def __init__(self, desk: DeskPort, presenter: TicketPresenter, *, with_chart: bool = False) -> None:
        super().__init__(Qt.Orientation.Horizontal, "body")
        self.ticket = TicketView(presenter)
        self._now_ms = desk.now_ms
        self._with_chart = with_chart
        self._following: Following | None = None
        self.outcome = OutcomePanel()
        self.checks = ChecksPanel()
        self.submit = SubmitBar(desk.now_ms)
        self._right = RightColumn(self.outcome, self.checks, self.submit)
        self._compose()
        self._ordered = 0
        self._order_tabs()

    @property
    def is_complete(self) -> bool:
        """Whether the middle has been built."""
        return self._following is not None

    @property
    def following(self) -> Following:
        """The middle; built when it is first asked for."""
        if self._following is None:
            from otoco_desktop.ui.shell.following import Following  # noqa: PLC0415 - its import is not for the start

            self._following = Following(self._now_ms, with_chart=self._with_chart)
            self._following.setMinimumWidth(CENTRE_LEAST)
            self._place.deleteLater()
            self.replaceWidget(CENTRE, self._following)
            self.setStretchFactor(CENTRE, 1)
            self._order_tabs()
            self.completed.emit()
        return self._following

    @property
    def strategies(self) -> StrategiesPanel:
        return self.following.strategies

    @property
    def timeline(self) -> TimelinePanel:
        return self.following.timeline

    def _compose(self) -> None:
        sides: tuple[tuple[QWidget, tuple[int, int]], ...] = ((self.ticket, SIDE_WIDTHS), (self._right, RIGHT_WIDTHS))
        for widget, (least, most) in sides:
            widget.setMinimumWidth(least)
            widget.setMaximumWidth(most)
        self._place = Panel(Token.BG1)
        self._place.setMinimumWidth(CENTRE_LEAST)
        for at, part in enumerate((self.ticket, self._place, self._right)):
            self.addWidget(part)
            self.setStretchFactor(at, 1 if at == CENTRE else 0)
        self.setSizes(START_SIZES)

    def splitters(self) -> tuple[Splitter, ...]:
        """Those whose places are remembered."""
        return (self,) if self._following is None else (self, self._following)

    def minimumSizeHint(self) -> QSize:  # Qt's name
        return QSize(SIDE_WIDTHS[0] + CENTRE_LEAST + RIGHT_WIDTHS[0] + 2, 300)

    def render_plan(self, verdict: Verdict, around: Surroundings, gate: Gate) -> None:
        """Show what follows from the ticket; the ticket itself has rendered already."""
        fees = around.account.fees if around.account else None
        self.outcome.render(outcome.build(verdict, around.instrument, fees, _outlook(verdict, around)))
        self.checks.render(checks.build(verdict))
        self.submit.render(checks.submit(verdict, gate))
        if len(self.checks.list.rows) > self._ordered:
            self._order_tabs()

    def take_chart(self, chart: ChartPanel) -> None:
        """Show the chart from now on."""
        upper = self.following.upper
        if upper is not None:
            upper.take_chart(chart)
            self._order_tabs()

    def give_up_chart(self) -> None:
        """There will be none."""
        if self.following.upper is not None:
            self.following.upper.give_up_chart()

    def _order_tabs(self) -> None:
        """The design's order, with each fix link right after its field while it is there."""
        stops: list[QWidget] = [
            *self.ticket.tab_stops(),
            *([] if self._following is None else self._following.chart_stops()),
            self.outcome.turn,
            *self.checks.list.rows,
            self.submit.sentence,
            self.submit.unlock,
            self.submit.button,
            *(() if self._following is None else self._following.tab_stops()),
        ]
        self._ordered = len(self.checks.list.rows)
        _chain(stops)


def _outlook(verdict: Verdict, around: Surroundings) -> Outlook | None:
    if verdict.figures is None:
        return None
    from otoco_desktop.domain.outlook import outlook  # noqa: PLC0415 - not for the start

    return outlook(verdict, around)


def _chain(stops: list[QWidget]) -> None:
    """Put the widgets in this order. Qt leaves out whatever takes no focus at that moment, so all take it for once."""
    policies = [widget.focusPolicy() for widget in stops]
    for widget in stops:
        widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    for first, second in pairwise(stops):
        QWidget.setTabOrder(first, second)
    for widget, policy in zip(stops, policies, strict=True):
        widget.setFocusPolicy(policy)
