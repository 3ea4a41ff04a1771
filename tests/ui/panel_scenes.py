"""Each panel as a widget with the drawings' example data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from PySide6.QtWidgets import QWidget

from otoco_desktop.app.state import Confirmed, Gate
from otoco_desktop.domain.strategy import Phase, Strategy
from otoco_desktop.domain.verdict import Verdict
from otoco_desktop.ui.checks import state as checks
from otoco_desktop.ui.checks.submit import SubmitBar
from otoco_desktop.ui.checks.view import ChecksPanel
from otoco_desktop.ui.outcome import state as outcome
from otoco_desktop.ui.outcome.view import OutcomePanel
from otoco_desktop.ui.review.view import ReviewSheet
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.strategies.banner import UnknownBanner
from otoco_desktop.ui.strategies.state import banner
from otoco_desktop.ui.strategies.timeline import TimelinePanel
from otoco_desktop.ui.strategies.view import StrategiesPanel
from otoco_desktop.ui.widgets.panel import Panel, Rule, column
from tests.ui import plan_examples as plans
from tests.ui import strategy_examples as strategies

OPEN = Gate(open=True)


def right_column(verdict: Verdict, width: int = 352, height: int = 760) -> QWidget:
    """Outcome, checks and the submit bar under each other."""
    widget = QWidget()
    box = column(widget)
    panel, found, bar = OutcomePanel(), ChecksPanel(), SubmitBar(lambda: 0)
    for part in (panel, Rule(), found, bar):
        box.addWidget(part, 1 if part is found else 0)
    widget.resize(width, height)
    panel.render(outcome.build(verdict, plans.BTC, plans.FEES))
    found.render(checks.build(verdict))
    bar.render(checks.submit(verdict, OPEN))
    return widget


def table(width: int = 688, height: int = 235) -> QWidget:
    panel = StrategiesPanel()
    panel.resize(width, height)
    panel.render(strategies.as_drawn(), strategies.MARKS, strategies.NOON)
    panel.table.select(strategies.as_drawn()[0].strategy_id)
    panel.render(strategies.as_drawn(), strategies.MARKS, strategies.NOON)
    return panel


def every_phase() -> QWidget:
    panel = StrategiesPanel()
    panel.resize(760, 720)
    stories = [replace_number(strategies.in_phase(phase), 400 + at) for at, phase in enumerate(Phase)]
    panel.render(stories, strategies.MARKS, strategies.NOON)
    return panel


def replace_number(strategy: Strategy, number: int) -> Strategy:
    return replace(strategy, intent=replace(strategy.intent, strategy_id=f"id{number}", number=number))


def asking() -> QWidget:
    panel = table(688, 270)
    assert isinstance(panel, StrategiesPanel)
    panel.ask_cancel()
    return panel


def timeline(strategy: Strategy, height: int = 720) -> QWidget:
    panel = TimelinePanel()
    panel.resize(480, height)
    panel.render(strategy)
    return panel


def empty_table() -> QWidget:
    panel = StrategiesPanel()
    panel.resize(688, 235)
    panel.render((), {}, strategies.NOON)
    return panel


def unknown_banner() -> QWidget:
    panel = UnknownBanner(lambda: 0)
    panel.resize(1360, 56)
    panel.render(banner((strategies.in_phase(Phase.UNKNOWN),)))
    return panel


def review(verdict: Verdict, tab: int = 0, mark: str = "93128.00", width: int = 1360, height: int = 860) -> QWidget:
    """The sheet over an empty window; a mark far from the plan's locks it."""
    window = Panel(Token.BG0)
    window.resize(width, height)
    sheet = ReviewSheet(window, lambda: plans.NOW_MS)
    window.show()
    sheet.open_with(Confirmed("token", verdict, plans.REQUEST_JSON), plans.BTC, "PRACTICE", plans.QUOTE)
    sheet.observe(verdict, replace(plans.QUOTE, mark=Decimal(mark)), OPEN)
    sheet.sheet.tabs.choose(tab)
    return window


def review_done(strategy: Strategy) -> QWidget:
    """The sheet after the plan was sent and the exchange said this."""
    window = Panel(Token.BG0)
    window.resize(1024, 680)
    moments = iter([plans.NOW_MS, *[plans.NOW_MS + 500] * 50])
    sheet = ReviewSheet(window, lambda: next(moments))
    window.show()
    sheet.open_with(Confirmed("token", plans.ready(), plans.REQUEST_JSON), plans.BTC, "PRACTICE", plans.QUOTE)
    sheet.sheet.submit.click()
    sheet.follow(strategy)
    sheet.sheet.setUpdatesEnabled(True)  # painting rests for a moment after the click
    return window


SCENES: dict[str, Callable[[], QWidget]] = {
    "right-ready": lambda: right_column(plans.ready()),
    "right-errors": lambda: right_column(plans.broken()),
    "right-empty": lambda: right_column(plans.empty()),
    "table": table,
    "table-narrow": lambda: table(447, 147),
    "table-phases": every_phase,
    "table-asking": asking,
    "table-empty": empty_table,
    "timeline": lambda: timeline(strategies.drawn_story()),
    "timeline-unknown": lambda: timeline(strategies.in_phase(Phase.UNRESOLVED), 500),
    "banner": unknown_banner,
    "review": lambda: review(plans.ready()),
    "review-json": lambda: review(plans.ready(), 1),
    "review-checks": lambda: review(plans.ready(plans.FEE_WARNING), 2),
    "review-locked": lambda: review(plans.ready(plans.FEE_WARNING), mark="93400.00"),
    "review-sending": lambda: review_done(strategies.in_phase(Phase.INTENT)),
    "review-refused": lambda: review_done(strategies.in_phase(Phase.REJECTED)),
    "review-unknown": lambda: review_done(strategies.in_phase(Phase.UNKNOWN)),
    "review-small": lambda: review(plans.ready(plans.FEE_WARNING), width=700, height=600),
    "right-narrow": lambda: right_column(plans.selling(), 288, 600),
}
