"""The strategies panel under real keys and clicks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from otoco_desktop.domain.headline import headline
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.strategy import Phase
from otoco_desktop.ui.strategies.freshness import Freshness, headline_as_of
from otoco_desktop.ui.strategies.model import COLUMNS, StrategiesModel
from otoco_desktop.ui.strategies.rows import Column, Show, build
from otoco_desktop.ui.strategies.state import NO_STRATEGIES
from otoco_desktop.ui.strategies.view import StrategiesPanel
from otoco_desktop.ui.widgets.announcer import Announcer
from tests.ui.strategy_examples import MARKS, NOON, Story, as_drawn, in_phase

LEFT = Qt.MouseButton.LeftButton
SPOKEN = Qt.ItemDataRole.AccessibleTextRole


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[StrategiesPanel]:
    made = StrategiesPanel()
    made.resize(688, 260)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.close()
    made.deleteLater()


def labels(panel: StrategiesPanel) -> list[str]:
    return [row.label for row in panel.table.rows.rows]


def click_row(panel: StrategiesPanel, at: int) -> None:
    table = panel.table
    where = table.visualRect(table.rows.index(at, 1)).center()
    QTest.mouseClick(table.viewport(), LEFT, pos=where)


def test_it_lists_counts_and_speaks(panel: StrategiesPanel) -> None:
    panel.render(as_drawn(), MARKS, NOON)
    assert labels(panel) == ["S-0413", "S-0415", "S-0414", "S-0412"]
    assert [panel.segments.button(at).text() for at in range(3)] == ["Open 3", "Today 4", "All 4"]
    stop = panel.table.rows.index(1, COLUMNS.index(Column.STOP))
    assert stop.data(SPOKEN) == "Stop leg, active, 90,410.00"
    assert panel.table.accessibleName() == "Strategies table"
    assert panel.table.rows.headerData(5, Qt.Orientation.Horizontal) == "P&L USD"


def test_the_segments_choose_what_is_listed(panel: StrategiesPanel) -> None:
    panel.render(as_drawn(), MARKS, NOON)
    QTest.mouseClick(panel.segments.button(0), LEFT)
    assert panel.show_choice is Show.OPEN
    assert labels(panel) == ["S-0413", "S-0415", "S-0414"]


def test_no_strategies_say_what_to_do(panel: StrategiesPanel, qtbot: QtBot) -> None:
    panel.render((), {}, NOON)
    assert panel.empty.text() == NO_STRATEGIES
    assert panel.empty.isVisible()
    with qtbot.waitSignal(panel.new_plan_requested):
        QTest.mouseClick(panel.new_plan_button, LEFT)


def test_a_click_selects_and_tells(panel: StrategiesPanel, qtbot: QtBot) -> None:
    panel.render(as_drawn(), MARKS, NOON)
    with qtbot.waitSignal(panel.selected) as told:
        click_row(panel, 2)
    assert told.args == [as_drawn()[1].strategy_id]
    assert panel.selected_strategy is not None
    assert panel.selected_strategy.label == "S-0414"


def test_the_selection_follows_its_strategy(panel: StrategiesPanel) -> None:
    panel.render(as_drawn(), MARKS, NOON)
    panel.select(as_drawn()[1].strategy_id)
    newest = Story(number=420).resting().fold()
    panel.render((newest, *as_drawn()), MARKS, NOON)
    assert panel.table.selected == as_drawn()[1].strategy_id
    assert panel.table.currentIndex().row() == 3


def test_arrows_walk_the_rows(panel: StrategiesPanel, qtbot: QtBot) -> None:
    panel.render(as_drawn(), MARKS, NOON)
    panel.table.setFocus()
    with qtbot.waitSignal(panel.selected):
        QTest.keyClick(panel.table, Qt.Key.Key_Down)
    assert panel.table.currentIndex().row() == 1


def test_a_row_does_not_leave_while_the_table_is_in_use(panel: StrategiesPanel) -> None:
    panel.choose(Show.OPEN)
    panel.render(as_drawn(), MARKS, NOON)
    panel.table.setFocus()
    done = Story(number=415).target_filled("95600.00").fold()
    panel.render((done, *as_drawn()[1:]), MARKS, NOON)
    assert labels(panel)[1] == "S-0415"
    panel.segments.setFocus()
    panel.render((done, *as_drawn()[1:]), MARKS, NOON)
    assert labels(panel) == ["S-0413", "S-0414"]


def test_what_may_have_no_stop_comes_first_but_nothing_moves_under_the_hand(panel: StrategiesPanel) -> None:
    panel.render(as_drawn()[:2], MARKS, NOON)
    panel.table.setFocus()
    bare = Story(number=414).protected().leg(LegRole.STOP, "CANCELED").fold()
    panel.render((as_drawn()[0], bare), MARKS, NOON)
    assert labels(panel) == ["S-0415", "S-0414"]
    panel.segments.setFocus()
    panel.render((as_drawn()[0], bare), MARKS, NOON)
    assert labels(panel) == ["S-0414", "S-0415"]


def test_rows_say_as_of_when_they_are_known_while_no_events_reach_us(panel: StrategiesPanel) -> None:
    """Only what is still open; what has ended stays ended."""
    panel.render(as_drawn(), MARKS, NOON, Freshness(live=False, known_ms=NOON + 7_331_000))
    spoken = [row.cells[Column.STATE].spoken for row in panel.table.rows.rows]
    assert spoken[1] == "S-0415, Exits active, as of 14:02:11, range-retest"
    assert "as of" not in spoken[3]
    panel.render(as_drawn(), MARKS, NOON)
    assert "as of" not in panel.table.rows.rows[1].cells[Column.STATE].spoken


def test_without_one_check_it_is_known_as_of_its_newest_report() -> None:
    strategy = as_drawn()[0]
    assert Freshness(live=False).of(strategy) == "12:00:00"
    assert headline_as_of(strategy, "14:02:11").startswith("As of 14:02:11, reconnecting. Entry filled at 91,880.00.")
    assert headline_as_of(strategy, "") == headline(strategy)


def test_only_the_changed_cell_is_told(qtmodeltester: ModelTester) -> None:
    model = StrategiesModel()
    rows = [build(found, MARKS.get(found.intent.order.instrument)) for found in as_drawn()]
    model.show_rows(rows)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]  # pytest-qt states no types here
    told: list[tuple[int, int, int]] = []

    def note(first: QModelIndex, last: QModelIndex) -> None:
        told.append((first.row(), first.column(), last.column()))

    model.dataChanged.connect(note)
    model.show_rows([build(as_drawn()[0], Decimal("95000.00")), *rows[1:]])
    assert told == [(0, COLUMNS.index(Column.RESULT), COLUMNS.index(Column.RESULT))]


def test_rows_come_and_go_without_a_reset() -> None:
    model = StrategiesModel()
    drawn = [build(found) for found in as_drawn()]
    model.show_rows(drawn[1:])
    resets: list[str] = []
    model.modelReset.connect(lambda: resets.append("reset"))
    model.show_rows(drawn)
    model.show_rows([drawn[0], *drawn[2:]])
    model.show_rows([])
    assert resets == []
    assert model.rowCount() == 0


def test_cancel_asks_first_and_the_default_changes_nothing(panel: StrategiesPanel, qtbot: QtBot) -> None:
    panel.render((in_phase(Phase.PROTECTED),), MARKS, NOON)
    panel.select(in_phase(Phase.PROTECTED).strategy_id)
    with qtbot.assertNotEmitted(panel.cancel_requested):
        QTest.mouseClick(panel.cancel_button, LEFT)
        assert panel.sheet.isVisible()
        assert panel.sheet.sentence.text() == "This removes your stop. 0.08120 BTC will be unprotected."
        assert panel.focusWidget() is panel.sheet.keep
        QTest.keyClick(panel.sheet.keep, Qt.Key.Key_Return)
    assert not panel.sheet.isVisible()


def test_cancel_is_asked_for_once_it_is_confirmed(panel: StrategiesPanel, qtbot: QtBot) -> None:
    strategy = in_phase(Phase.WORKING)
    panel.render((strategy,), MARKS, NOON)
    panel.select(strategy.strategy_id)
    panel.table.setFocus()
    QTest.keyClick(panel.table, Qt.Key.Key_Delete, Qt.KeyboardModifier.ShiftModifier)
    with qtbot.waitSignal(panel.cancel_requested) as asked:
        QTest.mouseClick(panel.sheet.remove, LEFT)
    assert asked.args == [strategy.strategy_id]
    assert not panel.sheet.isVisible()


def test_escape_keeps_the_strategy(panel: StrategiesPanel, qtbot: QtBot) -> None:
    strategy = in_phase(Phase.WORKING)
    panel.render((strategy,), MARKS, NOON)
    panel.select(strategy.strategy_id)
    panel.ask_cancel()
    with qtbot.assertNotEmitted(panel.cancel_requested):
        QTest.keyClick(panel.sheet.keep, Qt.Key.Key_Escape)
    assert panel.sheet.question is None


def test_a_question_that_is_no_longer_true_is_taken_back(panel: StrategiesPanel) -> None:
    panel.render((in_phase(Phase.WORKING),), MARKS, NOON)
    panel.select(in_phase(Phase.WORKING).strategy_id)
    panel.ask_cancel()
    panel.render((in_phase(Phase.PROTECTED),), MARKS, NOON)
    assert panel.sheet.question is None
    panel.ask_cancel()
    panel.render((in_phase(Phase.CLOSED),), MARKS, NOON)
    assert not panel.sheet.isVisible()
    assert not panel.cancel_button.isEnabled()
    assert panel.cancel_button.accessibleDescription() == "Nothing is left to cancel."


def test_a_narrow_table_drops_the_entry_and_cuts_no_digit(panel: StrategiesPanel) -> None:
    panel.resize(446, 260)
    panel.render(as_drawn(), MARKS, NOON)
    table = panel.table
    assert table.isColumnHidden(COLUMNS.index(Column.ENTRY))
    assert sum(table.columnWidth(at) for at in range(6)) <= table.viewport().width()
    panel.resize(688, 260)
    assert not table.isColumnHidden(COLUMNS.index(Column.ENTRY))


def test_the_current_row_is_copied_as_text(panel: StrategiesPanel) -> None:
    panel.render(as_drawn(), MARKS, NOON)
    panel.select(as_drawn()[1].strategy_id)
    QTest.keyClick(panel.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().text().split("\t")
    assert copied[0] == "S-0414"
    assert "Stop leg, waiting, 2,968.00" in copied


def test_markup_from_outside_is_plain_text(panel: StrategiesPanel) -> None:
    strategy = Story(tag="<b>bold</b>\n2").protected().leg(LegRole.STOP, "<i>X</i>").fold()
    panel.render((strategy,), MARKS, NOON)
    assert panel.table.rows.rows[0].cells[Column.STATE].lower == "<b>bold</b> 2"
    assert "<i>X</i>" in str(panel.table.rows.index(0, COLUMNS.index(Column.STOP)).data(SPOKEN))
    panel.grab()


def test_a_click_beside_the_rows_keeps_the_selection(panel: StrategiesPanel) -> None:
    one = replace(as_drawn()[0])
    panel.render((one,), MARKS, NOON)
    panel.select(one.strategy_id)
    QTest.mouseClick(panel.table.viewport(), LEFT, pos=QPoint(20, 150))
    assert panel.table.selected == one.strategy_id


def test_a_change_of_state_is_announced_and_a_price_is_not(
    panel: StrategiesPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(Announcer, "say", lambda _self, words: told.append(words))
    panel.render(as_drawn(), MARKS, NOON)
    panel.render(as_drawn(), {"BTC_USD": Decimal("95000")}, NOON)
    assert told == []
    panel.render((Story(number=415).target_filled("95600.00").fold(), *as_drawn()[1:]), MARKS, NOON)
    assert told == ["S-0415: Target filled at 95,600.00: +283.41 USD, +2.37 R. Stop cancelled."]
