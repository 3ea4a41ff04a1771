"""The switch to real prices as the window shows it, over prices that stand as they are told to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel

from otoco_desktop.app.real_prices import SILENT, Source
from otoco_desktop.ui.practice import words
from otoco_desktop.ui.practice.panel import PracticePanel
from otoco_desktop.ui.practice.prices import RealPricesSwitch, RealPricesTick, SwitchNeeds
from otoco_desktop.ui.shell.window import MainWindow
from tests.ui.accounts.fakes import FakePreferences
from tests.ui.fakes import four_strategies
from tests.ui.practice.panel_parts import FakeHand, FakePrices, MarketDesk
from tests.ui.windows import Inline, open_window

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Scene:
    """A window with its switch, and everything it stands on."""

    def __init__(self, desk: MarketDesk) -> None:
        self.desk, self.prices, self.chosen = desk, FakePrices(), FakePreferences()
        self.window: MainWindow = open_window(desk)
        self.window.complete()
        self.window.show()
        needs = SwitchNeeds(desk, self.prices, Inline(), self.chosen)
        self.switch = RealPricesSwitch(self.window, needs)
        self.tick = RealPricesTick()
        self.switch.bind(self.tick)

    def kept(self) -> bool:
        """Whether the next start begins with real prices."""
        return self.chosen.current.real_prices

    def told(self) -> list[str]:
        return [message.text for message in self.window.toasts.log]


@pytest.fixture
def scene(qtbot: QtBot) -> Iterator[Scene]:
    made = Scene(MarketDesk(()))
    qtbot.addWidget(made.tick)
    yield made
    made.window.hide()
    made.window.deleteLater()


def test_it_begins_without_a_word(scene: Scene) -> None:
    assert scene.told() == []
    assert scene.window.top_bar.badge.shown == "PRACTICE"
    assert not scene.tick.isChecked()
    assert words.WHAT in scene.tick.accessibleDescription()
    assert "needs no key" in scene.tick.accessibleDescription()


def test_the_tick_shows_what_is_and_not_what_is_wished(scene: Scene) -> None:
    scene.tick.click()
    assert scene.prices.wishes == [True]
    assert not scene.tick.isChecked()
    scene.prices.stand(Source.CONNECTING)
    assert scene.tick.isChecked()
    assert words.CONNECTING in scene.tick.accessibleDescription()
    assert not scene.kept(), "kept once they have come"
    scene.prices.stand(Source.REAL)
    assert scene.kept()
    assert scene.desk.changes == 1
    assert scene.told() == [words.BEGUN]


def test_a_failure_says_why_and_keeps_nothing(scene: Scene) -> None:
    scene.prices.stand(Source.CONNECTING)
    scene.prices.stand(Source.SIMULATED, "No connection.")
    assert scene.told() == ["Prices stay simulated. No connection."]
    assert not scene.kept()
    assert scene.desk.changes == 0
    assert "No connection." in scene.tick.accessibleDescription()


def test_nothing_is_sent_on_the_way_from_one_market_to_the_other(scene: Scene) -> None:
    for source, held in (
        (Source.CONNECTING, words.CHANGING),
        (Source.REAL, ""),
        (Source.HELD, ""),
        (Source.SIMULATED, ""),
        (Source.CONNECTING, words.CHANGING),
        (Source.SIMULATED, ""),
    ):
        scene.prices.stand(source)
        assert scene.desk.held[-1] == held


def test_held_prices_have_a_notice_with_the_way_on(scene: Scene) -> None:
    scene.prices.stand(Source.REAL)
    scene.prices.stand(Source.HELD, SILENT)
    strip = scene.switch.strip
    assert strip.isVisible()
    assert strip.accessibleName() == f"{SILENT} {words.HOLDS}"
    assert scene.window.top_bar.badge.shown == "PRACTICE, real prices"
    assert scene.kept(), "it goes on when they come again"
    strip.go_on.click()
    assert scene.prices.wishes == [False]
    assert not scene.kept()
    scene.prices.stand(Source.SIMULATED)
    assert not strip.isVisible()
    assert scene.told()[-1] == words.ENDED
    assert scene.window.status.notice == "Practice account: orders are simulated here and never sent to the exchange"


def test_what_moves_the_price_by_hand_rests_while_prices_are_real(scene: Scene, qtbot: QtBot) -> None:
    panel = PracticePanel(scene.window, scene.desk, FakeHand(), Inline())
    qtbot.addWidget(panel)
    panel.take_switch(scene.switch)
    moving = (panel.price.shifts, panel.price.price, panel.price.go, panel.price.free)
    assert all(each.isEnabled() for each in moving)
    scene.prices.stand(Source.REAL)
    assert not any(each.isEnabled() for each in moving)
    assert panel.price.price.accessibleDescription() == words.NOT_BY_HAND
    assert [row.card.name for row in panel.rows if not row.isEnabled()] == ["gap-through-stop"]
    assert panel.introduction.text() == words.AT_REAL_PRICES
    scene.prices.stand(Source.SIMULATED)
    assert all(each.isEnabled() for each in (*moving, *panel.rows))
    assert panel.introduction.text() == words.INTRODUCTION


def test_open_strategies_are_counted_in_one_question(qtbot: QtBot) -> None:
    scene = Scene(MarketDesk(four_strategies()))
    qtbot.addWidget(scene.tick)
    scene.switch.ask(True, scene.window)
    question = scene.switch.question
    assert question is not None
    said = " ".join(label.text() for label in question.findChildren(QLabel))
    assert "open practice strategies go on at the exchange's own prices." in said
    assert scene.prices.wishes == []
    question.accept()
    assert scene.prices.wishes == [True]
    scene.window.hide()
    scene.window.deleteLater()
