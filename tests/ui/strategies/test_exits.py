"""Removing one exit, from the table: which one is meant, what is asked, and what stands there until it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from otoco_desktop.domain.events import Refused
from otoco_desktop.domain.history import row_of
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.strategy import Phase, Strategy
from otoco_desktop.ui.chart.others import others
from otoco_desktop.ui.history.detail import facts_of, leg_lines, raw_text
from otoco_desktop.ui.history.record import look_of_row, record_of
from otoco_desktop.ui.history.rows import Frame
from otoco_desktop.ui.history.rows import build as history_row
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.strategies import exit_words as words
from otoco_desktop.ui.strategies.exit_asks import row_menu
from otoco_desktop.ui.strategies.model import COLUMNS
from otoco_desktop.ui.strategies.phases import PHASES
from otoco_desktop.ui.strategies.rows import Column, build, exits_spoken
from otoco_desktop.ui.strategies.state import cancel_question
from otoco_desktop.ui.strategies.view import StrategiesPanel
from otoco_desktop.ui.widgets.announcer import Announcer
from tests.ui.exit_stories import moved, moving, removing
from tests.ui.fakes import BTC
from tests.ui.strategy_examples import MARKS, NOON, Prices, Story, in_phase

Key = Qt.Key
STOP, TARGET = LegRole.STOP, LegRole.TARGET
REFUSED = Refused("140001", "API_DISABLED", "")


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[StrategiesPanel]:
    made = StrategiesPanel()
    made.resize(688, 300)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.close()
    made.deleteLater()


def show(panel: StrategiesPanel, strategy: Strategy) -> None:
    """With the keyboard in its row, in no exit's cell."""
    panel.render((strategy,), MARKS, NOON)
    panel.select(strategy.strategy_id)
    panel.table.setFocus()


def go_to(panel: StrategiesPanel, column: Column) -> None:
    """With the arrow."""
    while COLUMNS[panel.table.currentIndex().column()] is not column:
        before = panel.table.currentIndex().column()
        QTest.keyClick(panel.table, Key.Key_Right)
        assert panel.table.currentIndex().column() > before


def press(key: Qt.Key) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, key)


# The words


@pytest.mark.parametrize(
    ("strategy", "role", "asked"),
    [
        (in_phase(Phase.PROTECTED), STOP, "This removes your stop. 0.08120 BTC will be unprotected."),
        (in_phase(Phase.PROTECTED), TARGET, "This removes your target. Only the stop will close this position."),
        (
            in_phase(Phase.WORKING),
            STOP,
            "This removes your stop. When the entry fills, 0.08120 BTC will be unprotected.",
        ),
        (
            in_phase(Phase.WORKING),
            TARGET,
            "This removes your target. When the entry fills, only the stop will close this position.",
        ),
        (
            removing(STOP).fold(),
            TARGET,
            "This removes your target. Nothing will close this position.",
        ),
    ],
)
def test_the_question_says_what_will_be_left(strategy: Strategy, role: LegRole, asked: str) -> None:
    question = words.remove_question(strategy, role)
    assert question.words == asked
    assert (question.keep, question.remove) == (f"Keep {role}", f"Remove {role}")


def test_an_exit_that_cannot_be_changed_says_why() -> None:
    triggered = in_phase(Phase.TRIGGERED)
    stop, target = words.offers(triggered)
    assert "triggered" in stop.reason
    assert target.reason == ""
    assert words.why_none(triggered) == ""
    over = words.why_none(in_phase(Phase.CLOSED))
    assert "stop is over" in over
    assert "target is over" in over
    assert words.why_none(None) == words.NOT_SELECTED
    assert words.why_none(triggered, "Locked.") == "Locked."


def test_a_question_holds_as_long_as_its_words_do() -> None:
    working, protected = in_phase(Phase.WORKING), in_phase(Phase.PROTECTED)
    question = words.remove_question(working, STOP)
    assert words.still_asked(working, question, "")
    assert not words.still_asked(working, question, "Locked.")
    assert not words.still_asked(protected, question, "")
    assert not words.still_asked(None, question, "")
    whole = cancel_question(working)
    assert words.still_asked(working, whole, "")
    assert not words.still_asked(protected, whole, "")


# The table


def test_del_on_an_exits_cell_asks_about_that_exit(panel: StrategiesPanel, qtbot: QtBot) -> None:
    show(panel, in_phase(Phase.PROTECTED))
    go_to(panel, Column.TARGET)
    press(Key.Key_Delete)
    assert panel.sheet.sentence.text() == "This removes your target. Only the stop will close this position."
    assert panel.sheet.keep.hasFocus()
    with qtbot.assertNotEmitted(panel.exits.removal_confirmed), qtbot.assertNotEmitted(panel.cancel_requested):
        press(Key.Key_Return)
    assert not panel.sheet.isVisible()
    assert panel.table.hasFocus()
    assert panel.table.chosen_exit is TARGET, "the cell stays chosen"


def test_a_removal_is_asked_for_once_it_is_confirmed(panel: StrategiesPanel, qtbot: QtBot) -> None:
    strategy = in_phase(Phase.PROTECTED)
    show(panel, strategy)
    go_to(panel, Column.STOP)
    press(Key.Key_Delete)
    press(Key.Key_Tab)
    with (
        qtbot.assertNotEmitted(panel.cancel_requested),
        qtbot.waitSignal(panel.exits.removal_confirmed) as asked,
    ):
        press(Key.Key_Return)
        press(Key.Key_Return)
    assert asked.args == [strategy.strategy_id, STOP]
    assert not panel.sheet.isVisible()


def test_without_an_exits_cell_the_strip_asks_which(panel: StrategiesPanel) -> None:
    show(panel, in_phase(Phase.PROTECTED))
    press(Key.Key_Delete)
    strip = panel.exits.strip
    assert strip.isVisible()
    assert strip.sentence.text() == "Remove which exit of S-0415?"
    assert strip.keep.hasFocus()
    press(Key.Key_Return)
    assert not strip.isVisible()
    assert panel.sheet.question is None
    press(Key.Key_Delete)
    QTest.mouseClick(strip.buttons[TARGET], Qt.MouseButton.LeftButton)
    assert panel.sheet.sentence.text().startswith("This removes your target.")
    press(Key.Key_Escape)
    assert panel.sheet.question is None


def test_where_one_exit_is_left_it_is_the_one_that_is_meant(panel: StrategiesPanel) -> None:
    show(panel, in_phase(Phase.TRIGGERED))
    press(Key.Key_Delete)
    assert panel.sheet.sentence.text().startswith("This removes your target.")


def test_what_cannot_be_done_is_said(panel: StrategiesPanel, qtbot: QtBot) -> None:
    show(panel, in_phase(Phase.TRIGGERED))
    go_to(panel, Column.STOP)
    with qtbot.waitSignal(panel.exits.told) as told:
        press(Key.Key_Delete)
    assert "triggered" in str(told.args)
    panel.close_cancel("Locked. Unlock to submit or cancel.")
    with qtbot.waitSignal(panel.exits.told) as told:
        press(Key.Key_Delete)
    assert told.args == ["Locked. Unlock to submit or cancel."]
    assert not panel.sheet.isVisible()


def test_a_question_goes_when_its_exit_goes(panel: StrategiesPanel) -> None:
    show(panel, in_phase(Phase.PROTECTED))
    go_to(panel, Column.STOP)
    press(Key.Key_Delete)
    panel.render((Story().stopped("90410.00").fold(),), MARKS, NOON)
    assert panel.sheet.question is None
    panel.render((in_phase(Phase.PROTECTED),), MARKS, NOON)
    panel.table.setCurrentIndex(panel.table.rows.index(0, 0))
    panel.exits.ask_remove()
    assert panel.exits.strip.isVisible()
    panel.close_cancel("Locked.")
    assert not panel.exits.strip.isVisible()


def test_the_choice_follows_the_strategy_while_it_is_open(panel: StrategiesPanel) -> None:
    show(panel, in_phase(Phase.PROTECTED))
    panel.exits.ask_remove()
    panel.render((in_phase(Phase.TRIGGERED),), MARKS, NOON)
    strip = panel.exits.strip
    assert strip.isVisible()
    assert not strip.buttons[STOP].isEnabled()
    assert "triggered" in strip.buttons[STOP].accessibleDescription()
    assert strip.buttons[TARGET].accessibleName() == "Remove target"
    assert strip.buttons[TARGET].isEnabled()


def test_moving_begins_where_nothing_is_changed_yet(panel: StrategiesPanel, qtbot: QtBot) -> None:
    show(panel, in_phase(Phase.PROTECTED))
    panel.exits.ask_move()
    strip = panel.exits.strip
    assert strip.sentence.text() == "Move which exit of S-0415?"
    assert strip.buttons[STOP].hasFocus()
    with qtbot.waitSignal(panel.exits.move_chosen) as chosen:
        press(Key.Key_Return)
    assert chosen.args[1] is STOP
    with qtbot.waitSignal(panel.exits.move_chosen) as chosen:
        panel.exits.ask_move(TARGET)
    assert chosen.args[1] is TARGET


def test_the_row_menu_offers_what_can_be_done_and_says_why_not(panel: StrategiesPanel, qtbot: QtBot) -> None:
    show(panel, in_phase(Phase.TRIGGERED))
    menu = row_menu(panel, panel.exits, panel.cancel_button)
    texts = {action.text(): action for action in menu.actions() if not action.isSeparator()}
    assert [text.split(":")[0] for text in texts] == [
        "Move stop",
        "Move target…",
        "Remove stop",
        "Remove target…",
        "Cancel strategy…",
    ]
    closed = [text for text, action in texts.items() if not action.isEnabled()]
    assert len(closed) == 2
    assert all("triggered" in text for text in closed)
    with qtbot.waitSignal(panel.exits.move_chosen):
        texts["Move target…"].trigger()
    texts["Remove target…"].trigger()
    assert panel.sheet.sentence.text().startswith("This removes your target.")
    menu.deleteLater()


def test_the_menu_key_opens_it_under_the_row(
    panel: StrategiesPanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QMenu] = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, _at: opened.append(menu))
    show(panel, in_phase(Phase.PROTECTED))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(1, 1), QPoint(1, 1))
    with qtbot.waitSignal(panel.table.menu_requested) as asked:
        QApplication.sendEvent(panel.table.viewport(), event)
    place = panel.table.viewport().mapFromGlobal(asked.args[0])
    assert place.y() == panel.table.visualRect(panel.table.currentIndex()).bottom()
    assert [menu.accessibleName() for menu in opened] == ["Strategy"]


# Until it is shown


def test_a_request_stands_in_the_cell_until_a_report_proves_it() -> None:
    cell = build(removing(STOP).fold()).cells[Column.STOP]
    assert (cell.upper, cell.lower, cell.glyph) == ("90,410.00", "Remove requested", Glyph.EXPIRED)
    assert cell.spoken == "Stop leg, remove requested, 90,410.00, active until then"
    gone = removing(STOP).leg(STOP, "CANCELED").fold()
    assert build(gone).cells[Column.STOP].lower == "Cancelled"
    refused = removing(STOP, outcome=REFUSED).fold()
    assert build(refused).cells[Column.STOP].lower == "Active"


def test_a_move_shows_both_prices_until_a_report_proves_it() -> None:
    cell = build(moving(STOP, "91000.00").fold()).cells[Column.STOP]
    assert (cell.upper, cell.lower) == ("90,410.00 → 91,000.00", "Move requested")
    assert cell.narrow == ("90,410.00", "→ 91,000.00")
    assert cell.spoken == "Stop leg, move requested, 90,410.00, to 91,000.00"
    shown = build(moved(moving(STOP, "91000.00"), STOP, "91000.00").fold()).cells[Column.STOP]
    assert (shown.upper, shown.lower, shown.narrow) == ("91,000.00", "Active", None)


def test_a_narrow_table_keeps_every_digit_of_a_move(panel: StrategiesPanel) -> None:
    strategy = moving(TARGET, "96200.00").fold()
    for width in (446, 688):
        panel.resize(width, 260)
        show(panel, strategy)
        table = panel.table
        assert sum(table.columnWidth(at) for at in range(len(COLUMNS))) <= table.viewport().width()
        panel.grab()


def test_a_request_and_its_end_are_announced(panel: StrategiesPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(Announcer, "say", lambda _self, said: told.append(said))
    panel.render((in_phase(Phase.PROTECTED),), MARKS, NOON)
    panel.render((moving(STOP, "91000.00").fold(),), MARKS, NOON)
    panel.render((moved(moving(STOP, "91000.00"), STOP, "91000.00").fold(),), MARKS, NOON)
    assert told == [
        "S-0415: Stop leg, move requested, 90,410.00, to 91,000.00",
        "S-0415: Stop leg, active, 91,000.00",
    ]
    assert exits_spoken(in_phase(Phase.PROTECTED)) == ""


def test_the_copied_row_has_the_request(panel: StrategiesPanel) -> None:
    show(panel, removing(TARGET).fold())
    QTest.keyClick(panel.table, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert "Target leg, remove requested" in QGuiApplication.clipboard().text()


def test_prices_with_fewer_decimals_keep_theirs() -> None:
    story = Story(Prices("SOL_USD", "41.500", "138.42", "134.10", "149.00"), 413).resting()
    assert words.remove_question(story.fold(), STOP).words.endswith("41.500 SOL will be unprotected.")


def test_where_the_target_was_removed_the_stop_alone_is_active() -> None:
    """The chip claims no target that is not there, and nothing is alarming."""
    strategy = removing(TARGET).leg(TARGET, "CANCELED").fold()
    chip = build(strategy).cells[Column.STATE].chip
    assert chip is not None
    assert (chip.text, chip.tone) == ("Stop active", PHASES[Phase.PROTECTED].tone)
    assert record_of(strategy).look == look_of_row(row_of(strategy)) == chip


def test_a_moved_exit_has_two_lines_on_the_chart_until_it_is_shown() -> None:
    found = {line.words: line.price for line in others([moving(STOP, "91000.00").fold()], BTC)}
    assert found["S-0415 stop, move requested"] == Decimal("90410.00")
    assert found["S-0415 stop, requested"] == Decimal("91000.00")
    assert found["S-0415 target"] == Decimal("95600.00")
    shown = others([moved(moving(STOP, "91000.00"), STOP, "91000.00").fold()], BTC)
    assert [(line.words, line.price) for line in shown] == [
        ("S-0415 stop", Decimal("91000.00")),
        ("S-0415 target", Decimal("95600.00")),
    ]


def test_the_page_shows_both_prices_and_what_was_asked() -> None:
    strategy = moving(STOP, "91000.00").fold()
    stop = history_row(record_of(strategy), Frame()).legs[1]
    assert (stop.text, stop.status) == ("Stop 90,410.00 → 91,000.00", "Move requested")
    lines = {line.key: line.value for line in leg_lines(strategy)}
    assert lines["stop title"] == "Move requested"
    assert lines["stop Trigger, mark price"] == "90,410.00 → 91,000.00"
    assert lines["target Trigger, mark price"] == "95,600.00"
    raw = raw_text(facts_of(strategy))
    assert "move of one exit requested" in raw
    assert "answer to the request about one exit" in raw
