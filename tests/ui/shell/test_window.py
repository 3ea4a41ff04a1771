"""The whole window over a desk without an exchange."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget

from otoco_desktop.app.state import Confirmed, Gate
from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.errors import ExchangeTrouble, JournalTrouble
from otoco_desktop.domain.finding import Field, Severity
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.market import Light
from otoco_desktop.domain.rules import evaluate
from otoco_desktop.domain.strategy import Phase
from otoco_desktop.ui.review.state import Stage
from otoco_desktop.ui.shell import looks, memory, theme, walking
from otoco_desktop.ui.shell.tokens import Scheme
from otoco_desktop.ui.shell.window import MainWindow
from otoco_desktop.ui.widgets.announcer import Announcer
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import text_of
from tests.ui.fakes import (
    CONNECTED,
    INSTRUMENTS,
    PLAN,
    QUOTE,
    WRONG_PLAN,
    FakeDesk,
    MemoryStore,
    four_strategies,
    unknown_strategy,
)
from tests.ui.strategy_examples import in_phase
from tests.ui.windows import dark_theme, open_window

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
MARKUP = "<b>bold</b><img src=x>&amp;"


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(focused(), key, modifier)


HELP = ["&Help on this field", "&Keys…"]
REPORTS = ["&Copy report for support", "&Save report…"]


def menu_texts(window: MainWindow, title: str) -> list[str]:
    menus = [menu for menu in window.menuBar().findChildren(QMenu) if menu.title() == title]
    return [action.text() for action in menus[0].actions()]


# What stands there


def test_title_badge_and_status_say_the_environment(window: MainWindow) -> None:
    assert window.windowTitle() == "OTOCO Desktop – PRACTICE"
    assert window.top_bar.badge.accessibleName() == "Environment: PRACTICE, simulated"
    assert "never sent to the exchange" in window.status.accessibleName()


def test_connections_are_named_as_the_design_says(window: MainWindow) -> None:
    assert [view.accessibleName() for view in window.top_bar.indicators] == [
        "REST connection: good, 84 milliseconds",
        "User stream: good, simulated",
        "Market stream: good, 0.2 s",
        "Clock skew: good, +42 milliseconds",
    ]


def test_both_clocks_show_milliseconds_in_utc(window: MainWindow) -> None:
    assert window.status.clocks == "Local 15:26:59.214 UTC    Exchange 15:26:59.172 UTC"


def test_quotes_and_mark_stand_in_the_top_bar(window: MainWindow) -> None:
    assert [quote.text for quote in window.top_bar.quotes.quotes] == [
        "93,120.10",
        "93,119.50",
        "93,120.10",
        "93,118.42",
        "−1.24%",
    ]


def test_a_new_quote_reaches_the_top_bar_with_the_next_beat(window: MainWindow, desk: FakeDesk, qtbot: QtBot) -> None:
    desk.tick(replace(QUOTE, last=QUOTE.ask))
    desk.tick(replace(QUOTE, last=QUOTE.bid))
    qtbot.waitUntil(lambda: window.top_bar.quotes.quotes[0].text == "93,119.50")


def test_menus_hold_only_what_exists(window: MainWindow) -> None:
    titles = [action.text() for action in window.menuBar().actions()]
    assert titles == ["&File", "&Plan", "&Strategies", "&View", "&Help"]
    assert menu_texts(window, "&Help") == [*HELP, "&Rehearsal…", *REPORTS, "&About OTOCO Desktop"]


def test_without_a_rehearsal_the_menu_has_none(qtbot: QtBot) -> None:
    window = open_window(FakeDesk())
    assert menu_texts(window, "&Help") == [*HELP, *REPORTS, "&About OTOCO Desktop"]
    window.deleteLater()


# Keys


def test_f8_walks_the_failing_fields_in_tab_order(window: MainWindow) -> None:
    window.presenter.load(WRONG_PLAN)
    ticket = window.page.ticket
    ticket.focus_field(Field.TARGET)
    visited = []
    for _ in range(4):
        press(Qt.Key.Key_F8)
        visited.append(ticket.focused_field())
    assert visited == [Field.ENTRY, Field.QUANTITY, Field.STOP, Field.ENTRY]
    press(Qt.Key.Key_F8, SHIFT)
    assert ticket.focused_field() is Field.STOP


def test_f8_walks_the_empty_fields_when_nothing_fails(window: MainWindow) -> None:
    window.presenter.edit(Field.ENTRY, "92400.00")
    press(Qt.Key.Key_F8)
    assert window.page.ticket.focused_field() is Field.QUANTITY


def test_f8_walks_the_warnings_when_nothing_fails_or_is_empty(window: MainWindow) -> None:
    window.presenter.load(replace(PLAN, stop_market=False, stop_limit="91000", target="0.3%", target_limit="92600.00"))
    warned = {found.field for found in window.presenter.verdict.of(Severity.WARNING)}
    assert warned >= {Field.STOP_LIMIT, Field.TARGET}
    wanted = [field for field in Field if field in warned]
    visited = []
    for _ in wanted:
        press(Qt.Key.Key_F8)
        visited.append(window.page.ticket.focused_field())
    assert {*visited} == {*wanted}
    assert not window.presenter.verdict.of(Severity.FAIL)


def test_f8_says_the_place_and_the_verdict(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(Announcer, "say", lambda _self, said: heard.append(said))
    window.presenter.load(WRONG_PLAN)
    heard.clear()
    press(Qt.Key.Key_F8, SHIFT)
    press(Qt.Key.Key_F8)
    assert heard == [
        "3 of 3: Stop must be below entry for a buy. It is 600.00 above 92,400.00.",
        "1 of 3: 92,400.005 is between ticks of 0.01.",
    ]
    window.presenter.load(PLAN)
    heard.clear()
    press(Qt.Key.Key_F8)
    assert heard == ["No field fails, is empty, or has a warning."]


def test_f8_tells_what_fails_without_a_field(desk: FakeDesk, window: MainWindow) -> None:
    verdict = evaluate(PLAN, replace(desk.surroundings(), clock_offset_ms=40_000))
    assert walking.words(verdict, None) == "Your clock is 40.0 s behind the exchange. Set it, then check again."


def test_a_fix_in_the_checks_fills_the_field_and_leaves_the_keyboard_alone(window: MainWindow) -> None:
    window.presenter.load(WRONG_PLAN)
    row = next(row for row in window.page.checks.list.rows if row.row is not None and row.row.code == "entry.tick")
    row.setFocus()
    window.page.checks.list.fix_requested.emit(row.row.fix if row.row else None)
    assert window.presenter.draft.entry == "92400.00"
    assert window.page.ticket.focused_field() is None


def test_the_link_in_the_submit_bar_goes_to_the_first_error(window: MainWindow) -> None:
    window.presenter.load(WRONG_PLAN)
    window.page.submit.sentence.link_activated.emit(window.page.submit.sentence.links[0])
    assert window.page.ticket.focused_field() is Field.ENTRY


def test_ctrl_n_empties_the_ticket_and_takes_the_keyboard_to_the_entry(window: MainWindow) -> None:
    window.presenter.load(PLAN)
    window.page.ticket.focus_field(Field.TARGET)
    press(Qt.Key.Key_N, CTRL)
    assert window.presenter.draft == OtocoDraft()
    assert window.page.ticket.focused_field() is Field.ENTRY


def test_ctrl_k_opens_the_search_over_the_instruments(window: MainWindow) -> None:
    press(Qt.Key.Key_K, CTRL)
    assert focused().accessibleName() == "Search instruments"
    assert window.top_bar.picker.accessibleName() == "Instrument"


def test_f5_asks_the_exchange(window: MainWindow, desk: FakeDesk) -> None:
    press(Qt.Key.Key_F5)
    assert desk.checks == 1


def test_choosing_an_instrument_shows_its_own_plan(window: MainWindow, desk: FakeDesk) -> None:
    window.presenter.load(PLAN)
    press(Qt.Key.Key_K, CTRL)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    assert window.page.ticket.entry.edit.text() == ""
    press(Qt.Key.Key_K, CTRL)
    QTest.keyClicks(focused(), "btc")
    press(Qt.Key.Key_Return)
    assert desk.state.instrument is not None
    assert desk.state.instrument.symbol == "BTC_USD"
    assert window.page.ticket.entry.edit.text() == PLAN.entry


def test_choosing_an_instrument_selects_it_on_the_desk(window: MainWindow, desk: FakeDesk) -> None:
    press(Qt.Key.Key_K, CTRL)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    chosen = desk.state.instrument
    assert chosen is not None
    assert chosen.symbol == "CRO_USD"
    assert window.page.ticket.entry.edit.suffix == "USD"
    assert [quote.text for quote in window.top_bar.quotes.quotes] == ["–"] * 5


def test_pressing_a_check_moves_to_its_field(window: MainWindow) -> None:
    window.presenter.load(WRONG_PLAN)
    row = next(row for row in window.page.checks.list.rows if row.row and row.row.field is Field.STOP)
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    assert window.page.ticket.focused_field() is Field.STOP


def test_everything_that_takes_the_keyboard_has_a_name(window: MainWindow) -> None:
    window.presenter.load(WRONG_PLAN)
    stops = [widget for widget in window.findChildren(QWidget) if widget.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert len(stops) > 20
    assert not [type(widget).__name__ for widget in stops if widget.isVisible() and not widget.accessibleName()]


def test_alt_r_reviews(window: MainWindow, qtbot: QtBot) -> None:
    window.presenter.load(PLAN)
    press(Qt.Key.Key_R, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: window.review.is_open)


# The gate


def test_the_reason_of_a_closed_gate_is_the_buttons_description(window: MainWindow, desk: FakeDesk) -> None:
    window.presenter.load(PLAN)
    assert window.page.submit.button.isEnabled()
    desk.change(gate=Gate(open=False, reason="The order channel is not confirmed yet."))
    assert not window.page.submit.button.isEnabled()
    assert "The order channel is not confirmed yet." in window.page.submit.button.accessibleDescription()


def test_old_prices_close_the_gate_and_turn_grey(window: MainWindow, desk: FakeDesk) -> None:
    window.presenter.load(PLAN)
    desk.pass_time(9_000)
    window.refresh()
    assert not window.page.submit.button.isEnabled()
    assert window.top_bar.indicators[2].accessibleName() == "Market stream: warning, 9.2 s old"
    assert {quote.token.value for quote in window.top_bar.quotes.quotes} == {"text3"}


def test_a_lost_connection_is_said_in_words(window: MainWindow, desk: FakeDesk) -> None:
    desk.change(connection=replace(CONNECTED, user=Light.DOWN, user_words="offline 00:42"))
    assert window.top_bar.indicators[1].accessibleName() == "User stream: down, offline 00:42"
    assert "3 of 4 OK" in window.top_bar.folded.accessibleName()


def test_trouble_of_the_program_is_shown_until_it_is_over(window: MainWindow, desk: FakeDesk) -> None:
    desk.change(trouble="The exchange can't be reached. Planning works; Submit stays closed.")
    assert window.trouble.isVisible()
    assert window.trouble.sentence.text().startswith("The exchange can't be reached.")
    desk.change(trouble="")
    assert not window.trouble.isVisible()


def test_an_unknown_outcome_raises_the_banner(window: MainWindow, desk: FakeDesk) -> None:
    assert not window.banner.isVisible()
    desk.put(unknown_strategy())
    assert window.banner.isVisible()
    assert window.banner.accessibleName() == "Outcome unknown banner"
    QTest.mouseClick(window.banner.check_button, Qt.MouseButton.LeftButton)
    assert desk.checks == 1


# Review, submit, cancel


def test_review_opens_by_key_and_sends_only_by_ctrl_enter(window: MainWindow, desk: FakeDesk) -> None:
    window.presenter.load(PLAN)
    press(Qt.Key.Key_Return, CTRL)
    desk.pass_time(600)
    press(Qt.Key.Key_Return)
    open_before_escape = window.review.sheet.is_open
    press(Qt.Key.Key_Escape)
    assert (open_before_escape, window.review.sheet.is_open) == (True, False)
    assert desk.submitted == []


def test_ctrl_enter_in_the_sheet_submits_once(window: MainWindow, desk: FakeDesk) -> None:
    window.presenter.load(PLAN)
    press(Qt.Key.Key_Return, CTRL)
    desk.pass_time(600)
    press(Qt.Key.Key_Return, CTRL)
    press(Qt.Key.Key_Return, CTRL)
    assert [confirmed.verdict.draft for confirmed in desk.submitted] == [PLAN]
    selected = window.page.strategies.selected_strategy
    assert selected is not None
    assert selected.label == "S-0420"


def test_what_was_said_of_a_review_left_does_not_stand_beside_one_that_is_sent(window: MainWindow) -> None:
    window.presenter.load(PLAN)
    press(Qt.Key.Key_Return, CTRL)
    press(Qt.Key.Key_Escape)
    assert [toast.message.text for toast in window.toasts.toasts] == ["Nothing was sent."]
    press(Qt.Key.Key_Return, CTRL)
    assert window.review.sheet.is_open
    assert window.toasts.toasts == ()
    assert window.toasts.log[-1].text == "Nothing was sent."


def test_a_plan_with_an_error_opens_no_review(window: MainWindow) -> None:
    window.presenter.load(WRONG_PLAN)
    window.review.open()
    press(Qt.Key.Key_Return, CTRL)
    assert not window.review.sheet.is_open


def test_a_journal_that_fails_is_said_in_the_sheet_and_kept_in_the_log(window: MainWindow, desk: FakeDesk) -> None:
    desk.trouble = JournalTrouble("The disk is full. Nothing was sent.")
    window.presenter.load(PLAN)
    press(Qt.Key.Key_Return, CTRL)
    desk.pass_time(600)
    press(Qt.Key.Key_Return, CTRL)
    assert desk.submitted == []
    assert window.toasts.log[-1].text == "The disk is full. Nothing was sent."


@pytest.mark.parametrize("recorded", [False, True])
def test_a_defect_while_sending_never_leaves_the_sheet_waiting(
    window: MainWindow, desk: FakeDesk, recorded: bool
) -> None:
    async def fail(confirmed: Confirmed) -> str | None:
        if recorded:
            desk.put(unknown_strategy(420))
        raise RuntimeError("a defect")

    desk.submit = fail  # type: ignore[method-assign]
    window.presenter.load(PLAN)
    press(Qt.Key.Key_Return, CTRL)
    desk.pass_time(600)
    desk.tick(replace(QUOTE, mark_ms=desk.monotonic_ms, book_ms=desk.monotonic_ms))
    press(Qt.Key.Key_Return, CTRL)
    sheet = window.review.sheet
    assert sheet.stage is Stage.DONE
    assert sheet._presenter is not None
    notice = sheet._presenter.status(desk.monotonic_ms).notice
    assert notice is not None
    assert text_of(notice.words).startswith("Nothing was sent." if not recorded else "S-0420: Outcome unknown.")


def test_news_of_another_strategy_does_not_end_the_wait(window: MainWindow, desk: FakeDesk) -> None:
    window.presenter.load(PLAN)
    window.review.open()
    window.review._known = frozenset(found.strategy_id for found in desk.state.strategies)
    stage = window.review.sheet.stage
    desk.put(four_strategies()[0])
    assert window.review.sheet.stage is stage


def test_a_strategy_is_cancelled_after_the_question(window: MainWindow, desk: FakeDesk) -> None:
    QTest.mouseClick(window.page.strategies.cancel_button, Qt.MouseButton.LeftButton)
    assert desk.cancelled == []
    QTest.mouseClick(window.page.strategies.sheet.remove, Qt.MouseButton.LeftButton)
    assert desk.cancelled == [four_strategies()[0].strategy_id]


def test_what_was_not_found_is_settled_by_typed_words(window: MainWindow, desk: FakeDesk) -> None:
    strategy = in_phase(Phase.UNRESOLVED)
    desk.put(strategy)
    window.page.following.select(strategy.strategy_id)
    doubt = window.page.timeline.doubt
    QTest.mouseClick(doubt.check_button, Qt.MouseButton.LeftButton)
    assert desk.checks == 1
    QTest.mouseClick(doubt.settle_button, Qt.MouseButton.LeftButton)
    press(Qt.Key.Key_Return)
    assert desk.settled == []
    QTest.keyClicks(focused(), "not placed")
    press(Qt.Key.Key_Return)
    assert desk.settled == [(strategy.strategy_id, "not placed")]
    desk.put(in_phase(Phase.RESOLVED_NOT_PLACED))
    assert window.page.timeline.chip.accessibleName() == "Resolved: not placed"
    assert not window.banner.isVisible()
    assert focused() is window.page.timeline.list


def test_a_decision_that_cannot_be_kept_is_told(window: MainWindow, desk: FakeDesk) -> None:
    desk.put(in_phase(Phase.UNRESOLVED))
    desk.trouble = JournalTrouble("The disk is full.")
    window.page.timeline.settled.emit(in_phase(Phase.UNRESOLVED).strategy_id, "not placed")
    assert window.toasts.log[-1].text == "The disk is full."
    assert desk.settled == []


def test_trouble_on_the_way_is_a_toast_that_stays(window: MainWindow, desk: FakeDesk) -> None:
    desk.trouble = ExchangeTrouble("The exchange did not answer in 5 s. Try again.")
    window.check_now()
    assert [toast.message.text for toast in window.toasts.toasts] == ["The exchange did not answer in 5 s. Try again."]


def test_a_fault_of_the_program_shows_no_internals(window: MainWindow, desk: FakeDesk) -> None:
    desk.trouble = RuntimeError("secret internals")
    window.check_now()
    assert window.support.strip.isVisible()
    assert "secret" not in window.support.strip.accessibleName()
    assert window.toasts.log == ()


# Nothing from outside is ever markup


def test_markup_from_the_exchange_is_shown_literally(window: MainWindow, desk: FakeDesk) -> None:
    hostile = Instrument(f"{MARKUP}_USD", MARKUP, "USD", INSTRUMENTS[0].price_tick, INSTRUMENTS[0].quantity_step)
    desk.change(
        instruments=(*INSTRUMENTS, hostile),
        instrument=hostile,
        gate=Gate(open=False, reason=MARKUP),
        trouble=MARKUP,
        connection=replace(CONNECTED, user_words=MARKUP),
    )
    window.presenter.load(replace(PLAN, tag=MARKUP))
    window.toasts.complain(MARKUP)
    for shown in window.findChildren(QLabel):
        assert shown.textFormat() is Qt.TextFormat.PlainText, shown.text()
    assert MARKUP in window.page.submit.sentence.text()
    assert window.trouble.sentence.text() == MARKUP
    assert any(MARKUP in sentence.text() for sentence in window.toasts.toasts[0].findChildren(Sentence))
    assert window.top_bar.picker.currentText() == f"{MARKUP}_USD"
    assert window.top_bar.indicators[1].accessibleName() == f"User stream: good, {MARKUP}"


def test_no_tooltip_can_be_read_as_markup(window: MainWindow, desk: FakeDesk) -> None:
    hostile = replace(four_strategies()[0], tag=MARKUP, note=MARKUP, anomalies=(MARKUP,))
    desk.put(hostile)
    long_words = f"{MARKUP} {'x' * 80}"
    desk.change(gate=Gate(open=False, reason=long_words), connection=replace(CONNECTED, user_words=long_words))
    window.presenter.load(PLAN)
    tips = [widget.toolTip() for widget in window.findChildren(QWidget)]
    model = window.page.strategies.table.model()
    tips += [
        str(model.data(model.index(row, column), Qt.ItemDataRole.ToolTipRole))
        for row in range(model.rowCount())
        for column in range(model.columnCount())
    ]
    assert any("&lt;b&gt;" in shown for shown in tips)
    assert not [shown for shown in tips if "<b>" in shown or "<img" in shown]


def test_every_tooltip_of_words_goes_through_the_one_safe_way() -> None:
    package = Path(str(theme.__file__)).parents[1]
    calls = [
        line.strip()
        for path in package.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "setToolTip(" in line and "tip(" not in line.split("setToolTip(", 1)[1]
    ]
    assert sorted(calls) == [
        "self.setToolTip(tooltip)",
        "self.setToolTip(tooltip)",
        'self.setToolTip(words.ENVIRONMENT_NOTICE.get(environment, ""))',
    ]


def test_no_label_of_the_window_reads_markup(window: MainWindow) -> None:
    window.presenter.load(PLAN)
    window.review.open()
    labels = window.findChildren(QLabel)
    assert len(labels) > 20
    assert all(shown.textFormat() is Qt.TextFormat.PlainText for shown in labels)


# Sizes


def test_a_small_window_folds_and_keeps_submit_in_sight(window: MainWindow) -> None:
    window.resize(1024, 680)
    QApplication.sendPostedEvents()
    assert window.size().width() == 1024
    assert window.top_bar.folded.isVisible()
    assert not any(view.isVisible() for view in window.top_bar.indicators)
    assert not window.page.ticket.stop.caption.isVisible()
    assert window.page.ticket.width() >= 288
    button = window.page.submit.button
    corner = button.mapTo(window, QPoint(button.width(), button.height()))
    assert corner.x() <= 1024
    assert corner.y() <= 680


def test_a_large_window_gives_the_room_to_the_middle(window: MainWindow) -> None:
    ticket, right = window.page.ticket.width(), window.page.submit.width()
    window.resize(1800, 1000)
    QApplication.sendPostedEvents()
    assert (window.page.ticket.width(), window.page.submit.width()) == (ticket, right)
    assert window.top_bar.indicators[0].isVisible()


def test_the_window_cannot_become_smaller_than_the_design_allows(window: MainWindow) -> None:
    window.resize(400, 300)
    assert (window.width(), window.height()) == (1024, 680)


# Memory, theme, closing


def test_place_and_splitters_are_kept(qtbot: QtBot, desk: FakeDesk) -> None:
    store = MemoryStore()
    first = open_window(desk, store=store)
    first.resize(1024, 700)
    first.show()
    first.page.following.setSizes([170, 400])
    sizes = first.page.following.sizes()
    first.remember()
    first.close_now()
    second = open_window(desk, store=store)
    second.show()
    assert (second.width(), second.height()) == (1024, 700)
    assert second.page.following.sizes() == sizes
    second.close_now()
    for window in (first, second):
        window.deleteLater()


@pytest.mark.parametrize("kept", ["", "not base64!", "AAAA"])
def test_unreadable_memory_is_no_memory(qtbot: QtBot, kept: str) -> None:
    store = MemoryStore()
    store.put(memory.GEOMETRY, kept)
    store.put("body", kept)
    window = open_window(FakeDesk(), store=store)
    assert (window.width(), window.height()) == (1360, 860)
    window.deleteLater()


def test_a_window_off_every_screen_is_brought_back(window: MainWindow) -> None:
    window.move(9_000, 9_000)
    memory.rescue(window)
    available = QApplication.primaryScreen().availableGeometry()
    assert available.contains(window.frameGeometry().center()) or available.intersects(window.frameGeometry())


def test_a_window_switched_live_looks_like_one_opened_so(qtbot: QtBot) -> None:
    switched = open_window(FakeDesk(four_strategies()))
    pictures = []
    for scheme in (Scheme.LIGHT, Scheme.DARK):
        opened = open_window(FakeDesk(four_strategies()), theme.install(application(), scheme))
        switched.looks.choose_theme(scheme)
        pictures.append([shot(switched), shot(opened)])
        opened.close_now()
        opened.deleteLater()
    switched.close_now()
    switched.deleteLater()
    dark_theme()
    assert pictures[0][0] == pictures[0][1]
    assert pictures[1][0] == pictures[1][1]
    assert pictures[0][0] != pictures[1][0]


def application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app


def shot(window: MainWindow) -> QImage:
    window.complete()
    window.presenter.load(PLAN)
    window.show()
    window.page.submit.button.setFocus()
    window.page.ticket.entry.edit.deselect()
    QApplication.sendPostedEvents()
    return window.grab().toImage()


def test_the_chosen_theme_is_remembered(window: MainWindow) -> None:
    store = window._surface.store
    for scheme in (Scheme.LIGHT, None, Scheme.DARK):
        window.looks.choose_theme(scheme)
        assert looks.theme_choice(store) is scheme
        ticked = [action.text() for action in window.findChildren(QAction) if action.isChecked()]
        assert ticked == [{Scheme.LIGHT: "&Light", None: "&System", Scheme.DARK: "&Dark"}[scheme]]
    window.looks.choose_theme(Scheme.LIGHT)
    dark_theme()
    assert isinstance(store, MemoryStore)
    later = open_window(FakeDesk(), store=store)
    assert (later.looks.theme, theme.scheme()) == (Scheme.LIGHT, Scheme.LIGHT)
    later.deleteLater()
    dark_theme()


def test_closing_is_announced_first_and_done_when_asked(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.closing):
        window.close()
    assert window.isVisible()
    window.close_now()
    assert not window.isVisible()


def test_messages_and_about_open_without_a_nested_loop(window: MainWindow, qtbot: QtBot) -> None:
    from otoco_desktop.ui.shell import dialogs

    window.toasts.say("Plan kept.")
    sheets = [dialogs.messages(window, window.toasts.log), dialogs.about(window, "0.1.0")]
    assert all(sheet.isVisible() for sheet in sheets)
    texts = [shown.text() for shown in sheets[1].findChildren(QLabel)]
    assert any("Not affiliated" in text for text in texts)
    for sheet in sheets:
        sheet.accept()
    qtbot.waitUntil(lambda: not QApplication.activeModalWidget())
