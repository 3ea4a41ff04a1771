"""The Strategies page in the real window, under real keys and presses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from otoco_desktop.domain.errors import JournalTrouble
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.strategy import Phase, Strategy
from otoco_desktop.ui.history import words
from otoco_desktop.ui.history.model import COLUMNS
from otoco_desktop.ui.history.rows import Column
from otoco_desktop.ui.history.view import HistoryPage
from otoco_desktop.ui.shell.pages import KEPT_COLUMNS, KEPT_PAGE, Name
from otoco_desktop.ui.shell.window import MainWindow
from tests.ui.fakes import MemoryStore
from tests.ui.history.examples import HistoryDesk, drawn, long_history
from tests.ui.strategy_examples import Story, drawn_story, in_phase
from tests.ui.windows import open_window

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
SPOKEN = Qt.ItemDataRole.AccessibleTextRole


def shown(qtbot: QtBot, desk: HistoryDesk, store: MemoryStore | None = None) -> MainWindow:
    window = open_window(desk, store=store)
    window.resize(1360, 860)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.complete()
    return window


@pytest.fixture
def desk() -> HistoryDesk:
    return HistoryDesk(drawn(), long_history(396, 396))


@pytest.fixture
def window(qtbot: QtBot, desk: HistoryDesk) -> Iterator[MainWindow]:
    made = shown(qtbot, desk)
    yield made
    made.close_now()
    made.deleteLater()


@pytest.fixture
def page(window: MainWindow) -> HistoryPage:
    window.pages.show(Name.STRATEGIES)
    return window.pages.history


def labels(page: HistoryPage) -> list[str]:
    return [record.label for record in page.table.rows.rows]


def texts(page: HistoryPage, label: str) -> dict[Column, str]:
    at = labels(page).index(label)
    return {column: cell.text for column, cell in page.table.rows.row_at(at).cells.items()}


def shows(window: MainWindow, name: Name) -> bool:
    return window.pages.shown is name


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key, modifier)


def exported(window: MainWindow) -> list[Strategy]:
    """What the window is asked to write, instead of the question for a place."""
    found: list[Strategy] = []

    def take(strategies: Sequence[Strategy]) -> None:
        found.extend(strategies)

    window.pages.history.export_requested.disconnect()
    window.pages.history.export_requested.connect(take)
    return found


# Between the pages


def test_keys_go_from_one_page_to_the_other_and_back_to_the_field(window: MainWindow) -> None:
    window.page.ticket.focus_field(Field.STOP)
    press(Qt.Key.Key_2, CTRL)
    page = window.pages.history
    assert page.isVisible()
    assert not window.page.isVisible()
    assert page.table.hasFocus()
    assert window.top_bar.pages.index == 1
    press(Qt.Key.Key_1, CTRL)
    assert window.page.isVisible()
    assert not page.isVisible()
    assert window.page.ticket.focused_field() is Field.STOP


def test_the_switch_in_the_top_bar_does_the_same(window: MainWindow) -> None:
    QTest.mouseClick(window.top_bar.pages.button(1), Qt.MouseButton.LeftButton)
    assert shows(window, Name.STRATEGIES)
    QTest.mouseClick(window.top_bar.pages.button(0), Qt.MouseButton.LeftButton)
    assert shows(window, Name.PLAN)


def test_page_columns_and_sorting_are_remembered(qtbot: QtBot, desk: HistoryDesk) -> None:
    store = MemoryStore()
    first = shown(qtbot, desk, store)
    first.pages.show(Name.STRATEGIES)
    table = first.pages.history.table
    table.header.sectionClicked.emit(COLUMNS.index(Column.IN_R))
    next(action for action in table.columns_menu().actions() if action.text() == "Tag").setChecked(False)
    table.header.resizeSection(COLUMNS.index(Column.INSTRUMENT), 110)
    first.close_now()
    assert store.kept[KEPT_PAGE] == "strategies"
    second = shown(qtbot, desk, store)
    again = second.pages.history.table
    assert shows(second, Name.STRATEGIES)
    assert again.isColumnHidden(COLUMNS.index(Column.TAG))
    assert again.columnWidth(COLUMNS.index(Column.INSTRUMENT)) == 110
    assert second.pages.history.presenter.order.column is Column.IN_R
    second.close_now()


def test_columns_kept_by_another_program_are_left_out(qtbot: QtBot, desk: HistoryDesk) -> None:
    store = MemoryStore()
    store.put(KEPT_COLUMNS, '{"hidden": ["Weather"], "widths": 7}')
    window = shown(qtbot, desk, store)
    window.pages.show(Name.STRATEGIES)
    assert not window.pages.history.table.isColumnHidden(COLUMNS.index(Column.TAG))
    window.close_now()


def test_a_new_plan_is_typed_on_the_plan_page(window: MainWindow, page: HistoryPage) -> None:
    press(Qt.Key.Key_N, CTRL)
    assert shows(window, Name.PLAN)
    assert window.page.ticket.focused_field() is Field.ENTRY


def test_the_key_that_submits_only_brings_the_plan_into_sight(window: MainWindow, page: HistoryPage) -> None:
    from tests.ui.fakes import PLAN

    window.presenter.load(PLAN)
    press(Qt.Key.Key_Return, CTRL)
    assert shows(window, Name.PLAN)
    assert not window.review.is_open


# The list


def test_everything_is_read_and_listed(page: HistoryPage, desk: HistoryDesk) -> None:
    assert len(labels(page)) == 415
    assert [query.offset for query in desk.queries] == [0, 200, 400]
    assert page.bar.groups.button(0).text() == "All 415"
    assert texts(page, "S-0411") == {
        Column.STATE: "Target filled",
        Column.ID: "S-0411",
        Column.TAG: "range-retest",
        Column.INSTRUMENT: "BTC_USD",
        Column.SIDE: "Buy",
        Column.QUANTITY: "0.09874",
        Column.ENTRY: "92,400.00",
        Column.EXIT: "97,000.00",
        Column.RESULT: "+383.50",
        Column.IN_R: "+1.53",
        Column.CLOSED: page.table.rows.row(page.presenter.find(drawn_story().strategy_id)).cells[Column.CLOSED].text,  # type: ignore[arg-type]
    }
    assert page.table.rows.headerData(COLUMNS.index(Column.RESULT), Qt.Orientation.Horizontal) == "P&L USD"
    state = page.table.rows.index(0, 0)
    assert state.data(SPOKEN) == "S-0415, Exits active"


def test_a_search_lists_counts_and_can_be_cleared(page: HistoryPage) -> None:
    press(Qt.Key.Key_F, CTRL)
    assert page.bar.search.hasFocus()
    QTest.keyClicks(page.bar.search, "fade-open s-0413")
    assert labels(page) == ["S-0413"]
    assert page.bar.groups.button(0).text() == "All 1"
    press(Qt.Key.Key_Down)
    assert page.table.hasFocus()
    page.bar.search.setText("breakot")
    assert page.empty.text() == "Nothing matches 'breakot' in 415 strategies. Clear filters"
    page.empty.link_activated.emit("clear")
    assert len(labels(page)) == 415
    page.bar.search.setText("x")
    page.bar.search.setFocus()
    press(Qt.Key.Key_Escape)
    assert page.bar.search.text() == ""


def test_groups_instruments_and_periods_narrow_the_list(page: HistoryPage) -> None:
    QTest.mouseClick(page.bar.groups.button(3), Qt.MouseButton.LeftButton)
    assert {record.look.text for record in page.table.rows.rows} == {"Stopped"}
    page.bar.instrument.picked.emit(1)
    assert {record.instrument for record in page.table.rows.rows} == {"BTC_USD"}
    page.bar.period.picked.emit(1)
    assert page.bar.period.accessibleDescription() == "Period listed: 22 Nov 2026"
    assert page.empty.text() == "Nothing matches these filters in 415 strategies. Clear filters"


def test_an_outcome_in_doubt_cannot_be_filtered_away(page: HistoryPage, desk: HistoryDesk) -> None:
    desk.put(in_phase(Phase.UNKNOWN))
    page.bar.search.setText("nothing like it")
    assert [record.look.text for record in page.table.rows.rows] == ["Outcome unknown"]
    row = page.table.rows.row_at(0)
    assert row.cells[Column.CLOSED].text == words.KEPT
    assert page.table.rows.index(0, COLUMNS.index(Column.CLOSED)).data(SPOKEN) == words.KEPT_TIP
    page.select(in_phase(Phase.UNKNOWN).strategy_id)
    assert not page.detail.doubt.isHidden()
    page.bar.search.clear()
    assert page.table.rows.row_at(0).cells[Column.CLOSED].text == words.NOT_SETTLED


def test_a_press_on_a_caption_sorts(page: HistoryPage) -> None:
    page.table.header.sectionClicked.emit(COLUMNS.index(Column.RESULT))
    results = [record.net for record in page.table.rows.rows if record.net is not None]
    assert results == sorted(results, reverse=True)
    page.table.header.sectionClicked.emit(COLUMNS.index(Column.RESULT))
    results = [record.net for record in page.table.rows.rows if record.net is not None]
    assert results == sorted(results)


def test_rows_do_not_move_while_the_table_has_the_keyboard(page: HistoryPage, desk: HistoryDesk) -> None:
    page.table.header.sectionClicked.emit(COLUMNS.index(Column.STATE))
    # Wherever an earlier test has left the mouse.
    page.table.viewport().setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
    page.table.setFocus()
    before = labels(page)
    desk.put(Story(number=415).target_filled("95600.00").fold())
    desk.put(Story(number=417).resting().fold())
    assert labels(page) == ["S-0417", *before]
    page.bar.search.setFocus()
    page.refresh()
    assert labels(page) != ["S-0417", *before]


def test_news_tell_only_the_cells_that_changed(page: HistoryPage, desk: HistoryDesk) -> None:
    page.table.setFocus()
    told: list[tuple[int, int]] = []
    page.table.rows.dataChanged.connect(lambda first, last: told.append((first.row(), first.column())))
    at = labels(page).index("S-0415")
    page.table.rows.row_at(at)
    strategy = next(found for found in desk.state.strategies if found.label == "S-0415")
    desk.put(replace(strategy, tag="later"))
    assert told == [(at, COLUMNS.index(Column.TAG))]


def test_an_open_result_follows_the_mark(page: HistoryPage, desk: HistoryDesk, window: MainWindow) -> None:
    before = texts(page, "S-0415")[Column.RESULT]
    assert desk.state.quote is not None
    desk.tick(replace(desk.state.quote, mark=Decimal("93218.42")))
    window.pages.show_desk()
    assert texts(page, "S-0415")[Column.RESULT] != before


def test_the_model_keeps_its_promises(page: HistoryPage, desk: HistoryDesk, qtmodeltester: ModelTester) -> None:
    page.bar.search.setText("s-04")
    page.bar.search.clear()
    desk.put(Story(number=417).resting().fold())
    qtmodeltester.check(page.table.rows)  # type: ignore[no-untyped-call]


def test_numbers_are_never_cut_however_narrow(page: HistoryPage, window: MainWindow) -> None:
    from otoco_desktop.ui.history.delegate import natural_width
    from otoco_desktop.ui.history.rows import NUMBERS

    for width in (1024, 1360, 1800):
        window.resize(width, 700)
        table = page.table
        for at, column in enumerate(COLUMNS):
            if column in NUMBERS and not table.isColumnHidden(at):
                needed = max(natural_width(column, table.rows.row_at(row).cells[column]) for row in range(12))
                assert table.columnWidth(at) >= needed, (width, column)
        assert sum(table.columnWidth(at) for at in range(len(COLUMNS))) <= table.viewport().width()


def test_no_strategies_say_what_to_do(qtbot: QtBot) -> None:
    window = shown(qtbot, HistoryDesk())
    window.pages.show(Name.STRATEGIES)
    page = window.pages.history
    assert page.empty.text() == words.NO_STRATEGIES
    assert not page.bar.export_button.isEnabled()
    QTest.mouseClick(page.new_plan_button, Qt.MouseButton.LeftButton)
    assert shows(window, Name.PLAN)
    window.close_now()


def test_what_cannot_be_read_is_said_and_read_later(qtbot: QtBot, desk: HistoryDesk) -> None:
    window = shown(qtbot, desk)
    desk.trouble = JournalTrouble("The disk does not answer.")
    window.pages.show(Name.STRATEGIES)
    assert window.toasts.log[-1].text == "The disk does not answer."
    assert len(labels(window.pages.history)) == 19
    desk.trouble = None
    desk.change()
    assert len(labels(window.pages.history)) == 415
    window.close_now()


# The detail


def look_at(page: HistoryPage, strategy: Strategy) -> None:
    page.table.select(strategy.strategy_id)
    page.select(strategy.strategy_id)


def test_the_detail_tells_what_it_came_to_and_that_nothing_is_left(page: HistoryPage) -> None:
    look_at(page, drawn_story())
    detail = page.detail
    assert detail.heading.accessibleName() == "S-0411, Buy 0.09874 BTC_USD"
    assert detail.left.text() == "Closed at 11:26:47. Nothing is left to move or cancel."
    assert not detail.cancel_button.isEnabled()
    assert detail.tabs.button(2).text() == "Raw events 10"
    detail.tabs.choose(2)
    text = detail.raw.box.toPlainText()
    assert '"status": "FILLED"' in text
    assert '"fee": "47.89"' in text
    QTest.mouseClick(detail.raw.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == text


def test_the_legs_are_listed_and_a_line_can_be_copied(page: HistoryPage) -> None:
    look_at(page, drawn_story())
    page.detail.tabs.choose(1)
    legs = page.detail.legs
    lines = [(line.name, line.value) for line in legs.rows.rows]
    assert ("Target", "Filled") in lines
    assert ("Trigger, mark price", "97,020.00") in lines
    at = lines.index(("Client order id", drawn_story().intent.order.leg(LegRole.STOP).client_oid))
    legs.setCurrentIndex(legs.rows.index(at, 1))
    legs.setFocus()
    press(Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == lines[at][1]


def test_a_note_is_kept_by_the_desk(page: HistoryPage, desk: HistoryDesk) -> None:
    look_at(page, drawn_story())
    page.detail.tabs.choose(3)
    note = page.detail.note
    assert note.tag.text() == "range-retest"
    note.note.setPlainText("Asia low held twice")
    assert note.standing.text() == words.NOT_SAVED
    look_at(page, drawn()[0])
    assert note.note.toPlainText() == ""
    look_at(page, drawn_story())
    assert note.note.toPlainText() == "Asia low held twice"
    QTest.mouseClick(note.save_button, Qt.MouseButton.LeftButton)
    assert desk.noted == [(drawn_story().strategy_id, "range-retest", "Asia low held twice")]
    desk.put(replace(drawn_story(), note="Asia low held twice"))
    assert note.standing.text() == words.SAVED
    assert not note.save_button.isEnabled()


def test_a_note_that_is_too_long_is_not_saved(page: HistoryPage) -> None:
    look_at(page, drawn_story())
    page.detail.note.note.setPlainText("x" * 2_003)
    assert page.detail.note.standing.text() == "The note is 3 characters longer than 2,000."
    assert not page.detail.note.save_button.isEnabled()


def test_a_plan_is_typed_in_again_and_nothing_is_sent(window: MainWindow, page: HistoryPage, desk: HistoryDesk) -> None:
    look_at(page, drawn_story())
    press(Qt.Key.Key_D, CTRL)
    assert shows(window, Name.PLAN)
    draft = window.presenter.draft
    assert (draft.entry, draft.quantity, draft.stop) == ("92400.00", "0.09874", "90552.00")
    assert (draft.target, draft.target_limit, draft.target_market) == ("97020.00", "97000.00", False)
    assert draft.stop_market
    assert window.toasts.log[-1].text == "S-0411 is typed in as a new plan. Nothing has been sent."
    assert not desk.submitted


def test_a_plan_of_another_pair_takes_the_pair_along(window: MainWindow, page: HistoryPage, desk: HistoryDesk) -> None:
    look_at(page, drawn()[1])
    QTest.mouseClick(page.detail.duplicate_button, Qt.MouseButton.LeftButton)
    assert desk.state.instrument is not None
    assert desk.state.instrument.symbol == "ETH_USD"
    assert window.presenter.draft.entry == "3041.20"


def test_a_pair_that_is_gone_is_said(window: MainWindow, page: HistoryPage) -> None:
    look_at(page, next(found for found in drawn() if found.intent.order.instrument == "XRP_USD"))
    page.duplicate()
    assert "XRP_USD is not traded here any more" in window.toasts.log[-1].text
    assert shows(window, Name.STRATEGIES)


def test_a_cancel_is_asked_for_twice(page: HistoryPage, desk: HistoryDesk) -> None:
    look_at(page, drawn()[0])
    page.table.setFocus()
    press(Qt.Key.Key_Delete, SHIFT)
    assert page.detail.sheet.keep.hasFocus()
    assert not desk.cancelled
    QTest.mouseClick(page.detail.sheet.remove, Qt.MouseButton.LeftButton)
    assert desk.cancelled == [drawn()[0].strategy_id]
    assert page.table.hasFocus()


def test_what_is_listed_is_exported(window: MainWindow, page: HistoryPage) -> None:
    found = exported(window)
    page.bar.search.setText("fade-open s-041")
    press(Qt.Key.Key_E, CTRL)
    assert [strategy.label for strategy in found] == ["S-0413"]
    found.clear()
    look_at(page, drawn_story())
    QTest.mouseClick(page.detail.export_button, Qt.MouseButton.LeftButton)
    assert found == [drawn_story()]


def test_a_strategy_that_is_not_at_hand_is_read(
    page: HistoryPage, desk: HistoryDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = replace(drawn_story(), intent=replace(drawn_story().intent, number=300))

    async def strategy(_id: str) -> Strategy:
        return old

    monkeypatch.setattr(desk, "strategy", strategy)
    page.select(next(record.strategy_id for record in page.table.rows.rows if record.label == "S-0300"))
    assert page.detail.strategy is old


# By keyboard, and read aloud


def test_tab_visits_the_bar_the_table_and_the_detail(page: HistoryPage) -> None:
    page.bar.search.setFocus()
    visited: list[QWidget] = []
    for _ in range(12):
        press(Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        visited.append(focused)
    wanted: list[QWidget] = [
        page.bar.groups.button(0), page.bar.instrument, page.bar.period, page.bar.rows.button(0),
        page.bar.export_button, page.table, page.detail.duplicate_button,
    ]  # fmt: skip
    assert visited[: len(wanted)] == wanted


def test_every_control_has_a_name(page: HistoryPage) -> None:
    look_at(page, drawn_story())
    for stop in page.tab_stops():
        assert stop.accessibleName() or stop is page.empty, stop
    page.show_strip()
    assert page.strip.curve.accessibleDescription().startswith("Equity curve, cumulative R: ")


def test_the_statistics_follow_what_is_listed(page: HistoryPage) -> None:
    page.bar.search.setText("s-0411")
    page.show_strip()
    assert page.strip.title.text() == "1 closed trade"
    page.bar.search.setText("s-0415")
    page.show_strip()
    assert page.strip.empty.text() == words.NO_TRADES
