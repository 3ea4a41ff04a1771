"""The outcome panel's other face: what its numbers mean and rest on, in sight, for mouse and keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from otoco_desktop.ui.outcome.details import CLOSE, OPEN, details
from otoco_desktop.ui.outcome.view import OutcomePanel
from otoco_desktop.ui.shell.window import MainWindow
from otoco_desktop.ui.widgets.spans import text_of
from tests.ui import plan_examples as plans
from tests.ui.fakes import PLAN, FakeDesk
from tests.ui.outcome.test_facts import shown
from tests.ui.windows import open_window

NARROW, WIDE, HIGH = 288, 352, 420


@pytest.fixture(params=[NARROW, WIDE])
def panel(qtbot: QtBot, request: pytest.FixtureRequest) -> OutcomePanel:
    made = OutcomePanel()
    qtbot.addWidget(made)
    made.resize(request.param, HIGH)
    made.render(shown())
    made.show()
    return made


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    made = open_window(FakeDesk())
    made.complete()
    made.show()
    made.presenter.load(PLAN)
    yield made
    made.hide()
    made.deleteLater()


def test_every_sentence_behind_a_number_is_there_once() -> None:
    state = shown()
    said = text_of(details(state))
    for fact in state.facts:
        assert fact.words in said
        assert said.count(fact.detail) == 1
    assert said.endswith(state.caption)


def test_a_plan_without_an_outcome_says_why_on_both_faces() -> None:
    state = shown(replace(plans.BUY, stop="93000"))
    assert details(state) == state.sentence


def test_the_panel_turns_over_and_back(panel: OutcomePanel) -> None:
    assert (panel.turn.words, panel.details.isVisible()) == (OPEN, False)
    panel.turn.click()
    assert panel.details.text() == text_of(details(shown()))
    assert panel.turn.words == CLOSE
    assert panel.details.isVisible()
    hidden = (panel.sentence, panel.scale, panel.facts, panel.caption, *panel.figures)
    assert not any(widget.isVisible() for widget in hidden)
    panel.turn.click()
    assert panel.sentence.isVisible()
    assert panel.scale.isVisible()
    assert all(cell.isVisible() for cell in panel.figures)
    assert panel.facts.isVisible() is (panel.width() == WIDE)
    assert not panel.details.isVisible()


def test_the_face_that_lies_above_follows_the_plan(panel: OutcomePanel) -> None:
    panel.turn.click()
    limit = shown(replace(plans.BUY, stop_market=False, stop_limit="90500.00"))
    panel.render(limit)
    assert panel.details.text() == text_of(details(limit))
    wrong = shown(replace(plans.BUY, stop="93000"))
    panel.render(wrong)
    assert panel.details.text() == text_of(wrong.sentence)
    assert panel.details.isVisible()
    assert not panel.scale.isVisible()
    panel.turn.click()
    panel.render(limit)
    assert panel.sentence.text() == text_of(limit.sentence)


def test_it_is_one_stop_before_the_checks_and_turned_by_a_key(window: MainWindow) -> None:
    page = window.page
    page.outcome.turn.setFocus(Qt.FocusReason.TabFocusReason)
    assert QApplication.focusWidget() is page.outcome.turn
    QTest.keyClick(page.outcome.turn, Qt.Key.Key_Space)
    assert page.outcome.details.isVisible()
    assert page.outcome.turn.accessibleName().startswith(CLOSE)
    QTest.keyClick(page.outcome.turn, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is page.checks.list.rows[0]
