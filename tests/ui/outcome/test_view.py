"""The outcome panel shows its state and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from otoco_desktop.ui.outcome.state import OutcomeState, build
from otoco_desktop.ui.outcome.view import OutcomePanel
from tests.ui import plan_examples as plans


def panel(qtbot: QtBot, width: int = 352) -> OutcomePanel:
    made = OutcomePanel()
    qtbot.addWidget(made)
    made.resize(width, 320)
    made.show()
    return made


def test_it_shows_the_sentence_the_figures_and_says_them(qtbot: QtBot) -> None:
    shown = panel(qtbot)
    shown.render(build(plans.ready(), plans.BTC, plans.FEES))
    assert shown.sentence.text().startswith("Buy 0.09874 BTC at 92,400.00 or lower.")
    assert [cell.words for cell in shown.figures][1] == "Max loss incl. fees −249.99"
    assert shown.scale.isVisible()
    assert shown.accessibleName() == "Outcome"
    assert "Gain incl. fees +383.51" in shown.accessibleDescription()


def test_an_error_takes_every_number_away(qtbot: QtBot) -> None:
    shown = panel(qtbot)
    shown.render(build(plans.ready(), plans.BTC, plans.FEES))
    shown.render(build(plans.broken(), plans.BTC, plans.FEES))
    assert not any(mark.isdigit() for cell in shown.figures for mark in cell.words)
    assert not shown.scale.isVisible()
    assert not shown.caption.isVisible()


def test_a_narrow_column_has_two_columns_and_the_caption_as_a_tooltip(qtbot: QtBot) -> None:
    shown = panel(qtbot, 288)
    shown.render(build(plans.ready(), plans.BTC, plans.FEES))
    assert not shown.caption.isVisible()
    assert shown.toolTip().startswith("USD. Fees: maker 0.25% in")
    first, second, third = (cell.geometry() for cell in shown.figures[:3])
    assert first.top() == second.top()
    assert third.top() > first.top()


def with_figures(value: str) -> OutcomeState:
    state = build(plans.ready(), plans.BTC, plans.FEES)
    return replace(state, figures=tuple(replace(figure, value=value) for figure in state.figures))


@pytest.mark.parametrize(
    ("value", "columns"), [("−249.99", 3), ("−0.16057823", 3), ("1,234,567.89", 3), ("−123,456.12345678", 2)]
)
def test_no_figure_is_cut_off_however_long(qtbot: QtBot, value: str, columns: int) -> None:
    shown = panel(qtbot)
    shown.render(with_figures(value))
    qtbot.waitUntil(lambda: len({cell.x() for cell in shown.figures}) == columns, timeout=20_000)
    assert all(cell.least_width <= cell.width() for cell in shown.figures)
    assert shown.caption.isVisible()
    shown.render(with_figures("0.01"))
    qtbot.waitUntil(lambda: len({cell.x() for cell in shown.figures}) == 3, timeout=20_000)
