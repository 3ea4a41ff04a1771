"""The practice panel: prices by hand, scenarios on and off, by mouse, by keys and by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from otoco_desktop.domain.market import Quote
from otoco_desktop.domain.order import LegRole
from otoco_desktop.practice.scenarios import SCENARIOS
from otoco_desktop.ui.practice.offer import KEY, ScenarioOffer
from otoco_desktop.ui.practice.panel import PracticePanel, ScenarioRow
from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.tokens import Scheme, Token
from otoco_desktop.ui.widgets.tones import FieldTone
from tests.ui.fakes import BTC, QUOTE, FakeDesk, four_strategies
from tests.ui.practice.panel_parts import FakeHand, offered

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from otoco_desktop.ui.shell.window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("does not support raise", extend=True)
SLIPS = {
    "": "Enter a number.",
    "abc": '"abc" has the letter a. Write it in digits, such as 92400.00.',
    "92400.005": "92400.005 is between ticks of 0.01.",
    "0": "0 is not a price. It must be above zero.",
    "-5": "-5 is negative. Enter a number above zero.",
    "92,400.00": "92,400.00 has a comma.",
    " 92400": "There is a space before 92400.",
    "1e5": '"1e5" has the letter e. Write it in digits, such as 92400.00.',
    "92400.": "92400. ends with a point. Type its decimals.",
    "1" * 40: f"{'1' * 24}… has 40 digits before the point, 18 is the most.",
}


@pytest.fixture
def hand() -> FakeHand:
    return FakeHand()


@pytest.fixture
def offer(window: MainWindow, desk: FakeDesk, hand: FakeHand) -> Iterator[ScenarioOffer]:
    with offered(window, desk, hand) as made:
        yield made


@pytest.fixture
def panel(offer: ScenarioOffer, qtbot: QtBot) -> PracticePanel:
    offer.show()
    assert offer.panel is not None
    qtbot.waitUntil(offer.panel.isActiveWindow)
    return offer.panel


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, widget.rect().center())


def write(panel: PracticePanel, text: str) -> None:
    panel.price.price.clear()
    QTest.keyClicks(panel.price.price, text)


def row_of(panel: PracticePanel, name: str) -> ScenarioRow:
    return next(each for each in panel.rows if each.card.name == name)


# Prices


def test_it_shows_the_mark_and_follows_the_instrument(panel: PracticePanel, desk: FakeDesk) -> None:
    assert panel.price.now.text() == "BTC_USD  mark 93,118.42"
    desk.select("ETH_USD")
    panel.refresh()
    assert panel.price.now.text() == "No price yet"
    closed = (panel.price.shifts, panel.price.go, panel.price.free, *panel.price.aims.values())
    assert not any(each.isEnabled() for each in closed)
    desk.change(instrument=BTC, quote=QUOTE)
    panel.refresh()
    assert all(each.isEnabled() for each in closed)


def test_a_slip_is_named_and_nothing_moves(panel: PracticePanel, hand: FakeHand) -> None:
    field = panel.price.price
    for text, sentence in SLIPS.items():
        write(panel, text)
        click(panel.price.go)
        assert panel.price.verdict.isVisible()
        assert panel.price.verdict.text() == sentence
        assert (field.accessibleDescription(), field.tone) == (sentence, FieldTone.ERROR)
        assert field.text() == text, "what was typed is gone"
        QTest.keyClicks(field, "7")
        assert not panel.price.verdict.isVisible()
        assert (field.accessibleDescription(), field.tone) == ("", FieldTone.REST)
    assert hand.asked == []


def test_a_right_price_moves_the_market_by_button_or_enter(panel: PracticePanel, hand: FakeHand) -> None:
    write(panel, "92400.05")
    click(panel.price.go)
    QTest.keyClick(panel.price.price, Qt.Key.Key_Return)
    assert hand.asked == [("move", "BTC_USD", "92400.05")] * 2


def test_shifts_by_mouse_and_by_space(panel: PracticePanel, hand: FakeHand) -> None:
    prices = ("91256.05", "92652.83", "93584.01", "94980.79")
    for shift, price in zip(panel.price.shifts.buttons, prices, strict=True):
        click(shift)
        shift.setFocus(Qt.FocusReason.TabFocusReason)
        assert shift.hasFocus()
        QTest.keyClick(shift, Qt.Key.Key_Space)
        assert hand.asked == [("move", "BTC_USD", price)] * 2
        hand.asked.clear()


def test_the_price_goes_to_the_newest_open_strategy(panel: PracticePanel, hand: FakeHand) -> None:
    prices = {LegRole.ENTRY: "91879.40", LegRole.STOP: "90410.00", LegRole.TARGET: "95600.00"}
    for role, aim in panel.price.aims.items():
        assert aim.accessibleName() == f"To {role}"
        assert aim.accessibleDescription().replace(",", "") == prices[role]
        click(aim)
        assert hand.asked.pop() == ("move", "BTC_USD", prices[role])
    assert hand.asked == []


def test_without_an_open_strategy_there_is_nothing_to_aim_at(
    panel: PracticePanel, desk: FakeDesk, hand: FakeHand
) -> None:
    *_, closed = four_strategies()
    desk.change(strategies=(closed,))
    panel.refresh()
    for aim in panel.price.aims.values():
        assert not aim.isEnabled()
        assert aim.accessibleDescription() == ""
        click(aim)
    assert hand.asked == []


def test_the_price_is_let_go(panel: PracticePanel, hand: FakeHand) -> None:
    click(panel.price.free)
    assert hand.asked == [("walk", "BTC_USD")]


def test_a_price_that_goes_while_it_is_open_closes_the_buttons(
    panel: PracticePanel, desk: FakeDesk, qtbot: QtBot
) -> None:
    desk.change(quote=Quote("BTC_USD"))
    qtbot.waitUntil(lambda: panel.price.now.text() == "No price yet")
    assert not panel.price.go.isEnabled()


# Scenarios


def test_every_scenario_has_its_row(panel: PracticePanel) -> None:
    assert [each.card.name for each in panel.rows] == [one.name for one in SCENARIOS]
    for each, one in zip(panel.rows, SCENARIOS, strict=True):
        assert (each.accessibleName(), each.accessibleDescription()) == (one.title, one.watch)
        assert not each.isChecked()
    assert not panel.stop_all.isEnabled()


def test_a_row_says_what_it_waits_for_and_clears_itself(panel: PracticePanel, hand: FakeHand) -> None:
    for row in panel.rows:
        name, high = row.card.name, row.height()
        row.click()
        panel.refresh()
        wanted = f"Waits for {row.card.waits_for}." if row.card.waits_for else "On until switched off."
        assert (row.isChecked(), row.status) == (True, wanted)
        assert row.accessibleDescription() == f"{row.card.watch} {wanted}"
        assert row.height() > high, "there is no room for the words"
        assert panel.stop_all.isEnabled()
        hand.happens(name)
        panel.refresh()
        assert not row.isChecked()
        assert (row.status, row.accessibleDescription(), row.height()) == ("", row.card.watch, high)
    assert hand.asked == [("start", one.name) for one in SCENARIOS]


def test_it_looks_by_itself(panel: PracticePanel, hand: FakeHand, qtbot: QtBot) -> None:
    row = row_of(panel, "half-fill-stay")
    row.click()
    qtbot.waitUntil(lambda: bool(row.status))
    hand.happens("half-fill-stay")
    qtbot.waitUntil(lambda: not row.isChecked())


def test_a_row_is_switched_off_again(panel: PracticePanel, hand: FakeHand) -> None:
    row = row_of(panel, "maintenance")
    row.click()
    panel.refresh()
    row.click()
    panel.refresh()
    assert hand.asked == [("start", "maintenance"), ("stop", "maintenance")]
    assert not row.isChecked()


def test_what_was_on_before_the_panel_is_shown(offer: ScenarioOffer, hand: FakeHand) -> None:
    hand.waiting = frozenset({"late-events"})
    offer.show()
    assert offer.panel is not None
    assert [each.card.name for each in offer.panel.rows if each.isChecked()] == ["late-events"]


def test_all_are_switched_off_at_once(panel: PracticePanel, hand: FakeHand) -> None:
    for name in ("late-events", "maintenance", "gap-through-stop"):
        row_of(panel, name).click()
    panel.refresh()
    hand.asked.clear()
    click(panel.stop_all)
    assert set(hand.asked) == {("stop", "late-events"), ("stop", "maintenance"), ("stop", "gap-through-stop")}
    panel.refresh()
    assert not panel.stop_all.isEnabled()
    assert not any(each.isChecked() for each in panel.rows)


def test_an_exchange_that_does_not_answer_is_told(panel: PracticePanel, hand: FakeHand) -> None:
    assert not panel.area.isAncestorOf(panel.trouble), "it scrolls out of sight"
    for button in (panel.rows[0], panel.price.shifts.buttons[0], panel.price.free):
        hand.silent = True
        button.click()
        assert panel.trouble.isVisible()
        assert panel.trouble.text() == "The practice exchange does not answer."
        panel.refresh()
        assert panel.rows[0].isChecked() is bool(hand.waiting), "it is shown as on"
        hand.silent = False
        button.click()
        assert not panel.trouble.isVisible()


def test_any_other_failure_is_told_as_one(panel: PracticePanel, hand: FakeHand) -> None:
    hand.broken = True
    panel.rows[0].click()
    assert panel.trouble.text() == "That failed. The log has the details."


# By keys, by name, as a window


def stops(panel: PracticePanel) -> list[str]:
    """Every control that Tab visits, in its order, from the price field on."""
    found: list[str] = []
    while (focused := QApplication.focusWidget()) is not None:
        name = focused.accessibleName()
        if name in found:
            return found
        found.append(name)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    raise AssertionError("the keyboard is lost")


def test_the_keyboard_begins_at_the_price_and_visits_everything(panel: PracticePanel, hand: FakeHand) -> None:
    hand.waiting = frozenset({"maintenance"})
    panel.refresh()
    assert panel.price.price.hasFocus()
    shifts = [f"Move the price by: {words}" for words in ("−2%", "−0.5%", "+0.5%", "+2%")]
    assert stops(panel) == [
        "Practice price",
        "Move price",
        "Let it walk",
        "To entry",
        "To stop",
        "To target",
        *(one.title for one in SCENARIOS),
        "Switch all off",
        *shifts,
    ]


def test_the_focused_row_is_scrolled_into_sight(panel: PracticePanel) -> None:
    last = panel.rows[-1]
    panel.rows[-2].setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(panel.rows[-2], Qt.Key.Key_Tab)
    assert last.hasFocus()
    assert last.visibleRegion().boundingRect() == last.rect()


def test_space_switches_the_row_under_the_keyboard(panel: PracticePanel, hand: FakeHand) -> None:
    row = row_of(panel, "half-fill-stay")
    row.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(row, Qt.Key.Key_Space)
    panel.refresh()
    assert row.isChecked()
    QTest.keyClick(row, Qt.Key.Key_Space)
    assert hand.asked == [("start", "half-fill-stay"), ("stop", "half-fill-stay")]


@pytest.mark.parametrize("at", ["price", "row"])
def test_escape_closes_it_and_scenarios_go_on(at: str, panel: PracticePanel, hand: FakeHand) -> None:
    row_of(panel, "maintenance").click()
    QTest.keyClick({"price": panel.price.price, "row": panel.rows[0]}[at], Qt.Key.Key_Escape)
    assert not panel.isVisible()
    assert hand.waiting == {"maintenance"}


def test_every_control_has_a_name(panel: PracticePanel) -> None:
    assert panel.accessibleName() == panel.windowTitle() == "Practice scenarios"
    takes = [each for each in panel.findChildren(QWidget) if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert len(takes) == len(SCENARIOS) + 12
    assert all(each.accessibleName() for each in takes)


def test_it_opens_from_its_menu_once(offer: ScenarioOffer, window: MainWindow, qtbot: QtBot) -> None:
    (action,) = [each for each in window.findChildren(QAction) if "Practice scenarios" in each.text()]
    assert action.shortcut().toString() == KEY
    action.trigger()
    first = offer.panel
    assert first is not None
    first.close()
    action.trigger()
    assert offer.panel is first
    assert first.isVisible()
    qtbot.waitUntil(first.isActiveWindow)


def test_it_goes_with_the_window_and_looks_no_more(panel: PracticePanel, window: MainWindow) -> None:
    window.hide()
    assert not panel.isVisible()
    assert not panel.findChildren(type(panel._look))[0].isActive()


@pytest.mark.parametrize("scheme", Scheme)
def test_it_wears_both_themes_while_it_is_open(scheme: Scheme, panel: PracticePanel, hand: FakeHand) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    installed = theme.install(app, Scheme.DARK)
    row_of(panel, "gap-through-stop").click()
    panel.refresh()
    installed.choose(scheme)
    ground = panel.grab().toImage().pixelColor(2, 60)
    on = row_of(panel, "gap-through-stop").grab().toImage().pixelColor(200, 2)
    assert (ground, on) == (theme.color(Token.BG1), theme.color(Token.ACCENT_SOFT))
