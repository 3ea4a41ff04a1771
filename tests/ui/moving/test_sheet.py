"""Moving an exit in the real window: keys, the market under it, and everything that may come between."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from otoco_desktop.domain.errors import JournalTrouble
from otoco_desktop.domain.events import Refused
from otoco_desktop.domain.market import Light
from otoco_desktop.domain.order import LegRole
from otoco_desktop.ui.moving import words
from otoco_desktop.ui.moving.sheet import REFRESH_MS, MoveSheet
from otoco_desktop.ui.moving.state import Stage
from otoco_desktop.ui.moving.view import MoveForm
from otoco_desktop.ui.shell.account import AccountPorts
from otoco_desktop.ui.shell.pages import Name
from otoco_desktop.ui.shell.window import MainWindow
from otoco_desktop.ui.strategies.model import COLUMNS
from otoco_desktop.ui.strategies.rows import Column
from tests.ui.exit_stories import move, moved, removing
from tests.ui.fakes import QUOTE, FakeDesk
from tests.ui.live.scenes import FakeLock, live_desk
from tests.ui.strategy_examples import Prices, Story
from tests.ui.windows import open_window

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

Key, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
CTRL_SHIFT = CTRL | Qt.KeyboardModifier.ShiftModifier
STOP, TARGET = LegRole.STOP, LegRole.TARGET
LIMITED = Prices(target_limit="95500.00")


def protected(prices: Prices | None = None, number: int = 415) -> Story:
    return Story(prices or Prices(), number).protected()


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk([protected().fold()])


Shown = Callable[[FakeDesk], MainWindow]


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[Shown]:
    """Windows on screen, over the desk that each is given."""
    windows: list[MainWindow] = []

    def show(desk: FakeDesk) -> MainWindow:
        window = open_window(desk)
        windows.append(window)
        window.resize(1360, 860)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        window.complete()
        return window

    yield show
    for window in windows:
        window.close_now()
        window.deleteLater()


@pytest.fixture
def window(shown: Shown, desk: FakeDesk) -> MainWindow:
    return shown(desk)


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, key, modifier)


def type_in(text: str) -> None:
    """Over what is selected."""
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClicks(widget, text)


def retype(text: str) -> None:
    """In place of what stands there."""
    press(Key.Key_A, CTRL)
    type_in(text)


def opened(window: MainWindow, desk: FakeDesk, column: Column = Column.STOP) -> MoveSheet:
    """By the keys alone: to the row, to the exit's cell, Ctrl+Shift+M; half a second later."""
    table = window.page.strategies.table
    table.setFocus()
    while COLUMNS[table.currentIndex().column()] is not column:
        press(Key.Key_Right)
    press(Key.Key_M, CTRL_SHIFT)
    sheet = window.pages.exits.sheet
    assert sheet.is_open
    desk.pass_time(600)
    tick(desk)
    return sheet


def tick(desk: FakeDesk, mark: str = "93118.42") -> None:
    """A fresh mark price."""
    desk.tick(replace(QUOTE, mark=Decimal(mark), mark_ms=desk.monotonic_ms, book_ms=desk.monotonic_ms))


def form(window: MainWindow) -> MoveForm:
    return window.pages.exits.sheet.form


def reason(window: MainWindow) -> str:
    """Why the button is closed."""
    return form(window).move_button.accessibleDescription()


# Opening and typing


def test_it_opens_with_the_exits_price_selected(window: MainWindow, desk: FakeDesk) -> None:
    sheet = opened(window, desk)
    assert form(window).accessibleName() == "Move stop"
    edit = form(window).first_stop()
    assert edit.hasFocus()
    assert (edit.text(), edit.selectedText()) == ("90410.00", "90410.00")
    assert edit.accessibleName() == "New stop trigger"
    assert form(window).plan.text() == "S-0415  Buy 0.08120 BTC_USD"
    assert form(window).standing.text().startswith("Stop now 90,410.00, leaves at market. Mark 93,118.42")
    assert not form(window).move_button.isEnabled()
    assert reason(window) == words.TYPE_FIRST
    assert form(window).group.verdict.text() == words.TYPE_FIRST
    press(Key.Key_Escape)
    assert not sheet.is_open
    assert window.page.strategies.table.hasFocus()
    assert desk.moved == []


def test_every_key_is_judged_and_shown_before_and_after(window: MainWindow, desk: FakeDesk) -> None:
    opened(window, desk)
    type_in("92000")
    lines = {row.accessibleName().split(":")[0]: row.accessibleName() for row in form(window).changes.rows}
    assert lines["Trigger"] == "Trigger: 90,410.00 now, 92,000.00 after"
    assert lines["From mark"] == "From mark: −2,708.42, −2.91% now, −1,118.42, −1.20% after"
    assert lines["If it fills, USD after fees"].startswith("If it fills, USD after fees: −174.72 now, −46.26 after")
    assert form(window).move_button.isEnabled()
    retype("93500")
    assert not form(window).move_button.isEnabled()
    assert reason(window).startswith("At 93,500.00 it would trigger at once")
    assert form(window).group.verdict.text().startswith("At 93,500.00 it would trigger at once")
    assert form(window).first_stop().accessibleDescription().startswith("At 93,500.00 it would trigger at once")


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("1%", "90961.20"),
        ("-500", "91380.00"),
        ("mark-1%", "92187.24"),
        ("entry+100*tick", "91881.00"),
        ("91000.00", "91000.00"),
    ],
)
def test_the_tickets_grammar_holds(window: MainWindow, desk: FakeDesk, text: str, trigger: str) -> None:
    opened(window, desk)
    type_in(text)
    assert form(window).first_stop().text() == text, "what was typed stays"
    press(Key.Key_Return, CTRL)
    assert desk.moved == [(protected().strategy_id, STOP, Decimal(trigger), None)]


def test_r_of_a_target_is_the_planned_risk_wherever_the_stop_is_now(shown: Shown) -> None:
    story = moved(move(protected(), STOP, "92000.00"), STOP, "92000.00")
    desk = FakeDesk([story.fold()])
    window = shown(desk)
    opened(window, desk, Column.TARGET)
    type_in("3R")
    press(Key.Key_Return, CTRL)
    assert [asked[2] for asked in desk.moved] == [Decimal("96290.00")]


def test_arrows_move_by_ticks(window: MainWindow, desk: FakeDesk) -> None:
    opened(window, desk)
    press(Key.Key_Up)
    assert form(window).first_stop().text() == "90410.01"
    press(Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    press(Key.Key_Down, CTRL)
    assert form(window).first_stop().text() == "90409.11"


def test_what_is_not_understood_stays_as_typed_and_moves_nothing(window: MainWindow, desk: FakeDesk) -> None:
    opened(window, desk)
    for text in ("", "92,000", "nonsense", "92000.001"):
        retype(text) if text else press(Key.Key_Delete)
        press(Key.Key_Return, CTRL)
        assert reason(window), text
    assert form(window).first_stop().text() == "92000.001"
    assert desk.moved == []


def test_a_fix_link_fills_the_field(window: MainWindow, desk: FakeDesk) -> None:
    opened(window, desk)
    type_in("92000.001")
    verdict = form(window).group.verdict
    assert verdict.links
    verdict.link_activated.emit(verdict.links[0])
    assert form(window).first_stop().text() == "92000.00"
    assert form(window).move_button.isEnabled()


def test_break_even_has_the_fees_in_it(window: MainWindow, desk: FakeDesk) -> None:
    opened(window, desk)
    links = form(window).links
    assert links.text().startswith("Break-even 92,572.5")
    links.setFocus()
    press(Key.Key_Return)
    assert form(window).first_stop().text().startswith("92572.5")
    assert form(window).first_stop().hasFocus()
    result = next(row.accessibleName() for row in form(window).changes.rows if "fees" in row.accessibleName())
    assert result.split(", ")[-1] in ("0.00 after", "+0.00 after", "+0.01 after")


def test_a_limit_moves_beside_its_trigger(shown: Shown) -> None:
    desk = FakeDesk([protected(LIMITED).fold()])
    window = shown(desk)
    opened(window, desk, Column.TARGET)
    group = form(window).group
    assert group.limit.isVisible()
    assert (group.limit.accessibleName(), group.limit.text()) == ("New target limit price", "95500.00")
    assert not group.kind.isVisible(), "a move never makes one kind of the other"
    type_in("96000")
    links = form(window).links
    assert links.text().endswith("Limit at its distance 95,900.00")
    links.link_activated.emit("gap")
    assert group.limit.text() == "95900.00"
    press(Key.Key_Return, CTRL)
    assert desk.moved == [(protected(LIMITED).strategy_id, TARGET, Decimal("96000.00"), Decimal("95900.00"))]


def test_a_paste_with_a_line_break_is_refused_aloud(window: MainWindow, desk: FakeDesk) -> None:
    opened(window, desk)
    QApplication.clipboard().setText("92000\n1")
    press(Key.Key_V, CTRL)
    assert form(window).first_stop().text() == "90410.00"
    assert form(window).group.verdict.text().startswith("Not pasted")


# Sending


def test_enter_alone_never_sends_and_ctrl_enter_sends_once(window: MainWindow, desk: FakeDesk) -> None:
    opened(window, desk)
    type_in("92000")
    press(Key.Key_Return)
    press(Key.Key_Enter)
    button = form(window).move_button
    button.setFocus()
    for key in (Key.Key_Return, Key.Key_Space):
        press(key)
    assert desk.moved == []
    edit = form(window).first_stop()
    edit.setFocus()
    QApplication.sendEvent(edit, QKeyEvent(QEvent.Type.KeyPress, Key.Key_Return, CTRL, "", True))
    assert desk.moved == [], "a key that repeats is no press"
    press(Key.Key_Return, CTRL)
    press(Key.Key_Return, CTRL)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QTest.mouseDClick(button, Qt.MouseButton.LeftButton)
    assert desk.moved == [(protected().strategy_id, STOP, Decimal("92000.00"), None)]


def test_the_first_half_second_sends_nothing(window: MainWindow, desk: FakeDesk) -> None:
    window.pages.exits.open(protected().strategy_id, STOP)
    type_in("92000")
    press(Key.Key_Return, CTRL)
    assert desk.moved == []
    desk.pass_time(600)
    tick(desk)
    press(Key.Key_Return, CTRL)
    assert len(desk.moved) == 1


class Held:
    """Starts what waits, and ends it when told."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Coroutine[Any, Any, Any], Callable[[Exception], None]]] = []

    def __call__(self, work: Coroutine[Any, Any, Any], on_error: Callable[[Exception], None]) -> None:
        self.waiting.append((work, on_error))

    def finish(self) -> None:
        for work, on_error in self.waiting:
            try:
                work.send(None)
            except StopIteration:
                pass
            except JournalTrouble as trouble:
                on_error(trouble)
        self.waiting.clear()


@pytest.fixture
def held(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> Held:
    made = Held()
    monkeypatch.setattr(window.pages.exits, "_spawn", made)
    return made


def test_the_answer_is_followed_until_the_exchange_shows_the_move(
    window: MainWindow, desk: FakeDesk, held: Held
) -> None:
    sheet = opened(window, desk)
    type_in("92000")
    press(Key.Key_Return, CTRL)
    assert form(window).notice.sentence.text() == "Saved. Asking the exchange to move the stop…"
    assert form(window).keep.hasFocus()
    assert form(window).keep.text() == words.CLOSE
    desk.put(move(protected(), STOP, "92000.00").fold())
    held.finish()
    assert sheet.presenter is not None
    assert sheet.presenter.stage is Stage.ASKED
    said = form(window).notice.sentence.text()
    assert said == "Move requested. The stop counts at 90,410.00 until the exchange reports 92,000.00."
    desk.put(moved(move(protected(), STOP, "92000.00"), STOP, "92000.00").fold())
    assert form(window).notice.sentence.text() == "Stop moved to 92,000.00."
    press(Key.Key_Escape)
    assert not sheet.is_open


def test_a_refusal_says_why_and_lets_another_price_be_tried(window: MainWindow, desk: FakeDesk, held: Held) -> None:
    opened(window, desk)
    type_in("92000")
    press(Key.Key_Return, CTRL)
    desk.put(move(protected(), STOP, "92000.00", outcome=Refused("229", "INVALID_REF_PRICE", "")).fold())
    held.finish()
    said = form(window).notice.sentence.text()
    assert said.startswith("The stop was not moved. The exchange refused it: invalid trigger price (code 229).")
    assert said.endswith("It stays at 90,410.00.")
    assert "Nothing was placed" not in said
    assert form(window).first_stop().text() == "92000", "what was typed stays"
    form(window).first_stop().setFocus()
    retype("91900")
    assert form(window).notice.isHidden()
    desk.pass_time(600)
    tick(desk)
    press(Key.Key_Return, CTRL)
    held.finish()
    assert [asked[2] for asked in desk.moved] == [Decimal("92000.00"), Decimal("91900.00")]


def test_what_could_not_be_recorded_was_not_sent_and_what_was_typed_stays(window: MainWindow, desk: FakeDesk) -> None:
    opened(window, desk)
    type_in("92000")
    desk.trouble = JournalTrouble("Cannot record. The disk is full.")
    press(Key.Key_Return, CTRL)
    assert form(window).notice.sentence.text() == "Nothing was sent. Cannot record. The disk is full."
    assert form(window).first_stop().text() == "92000"
    assert "Cannot record. The disk is full." in [message.text for message in window.toasts.log]


def test_closing_while_it_is_sent_says_that_it_goes_on(window: MainWindow, desk: FakeDesk, held: Held) -> None:
    sheet = opened(window, desk)
    type_in("92000")
    press(Key.Key_Return, CTRL)
    press(Key.Key_Escape)
    assert not sheet.is_open
    assert window.toasts.log[-1].text == words.CLOSED_WHILE_SENDING.format(exit="stop")
    held.finish()
    assert not sheet.is_open


def test_esc_after_typing_says_that_nothing_was_sent(window: MainWindow, desk: FakeDesk) -> None:
    opened(window, desk)
    type_in("92000")
    press(Key.Key_Escape)
    assert window.toasts.log[-1].text == "Nothing was sent."
    assert desk.moved == []


# What comes between


def test_it_locks_itself_when_the_exit_goes_its_own_way(window: MainWindow, desk: FakeDesk) -> None:
    sheet = opened(window, desk)
    type_in("92000")
    desk.put(protected().leg(STOP, "ACTIVE", "0.01000", "90405.00").fold())
    assert form(window).notice.sentence.text().startswith("Can't move. The stop has triggered")
    assert not form(window).move_button.isEnabled()
    edit = form(window).first_stop()
    assert edit.isReadOnly()
    assert edit.text() == "92000"
    press(Key.Key_Return, CTRL)
    assert desk.moved == []
    assert sheet.is_open


def test_a_request_from_elsewhere_locks_it_while_it_is_under_way(window: MainWindow, desk: FakeDesk) -> None:
    opened(window, desk)
    type_in("92000")
    desk.put(removing(STOP, protected(), outcome=None).fold())
    assert form(window).notice.sentence.text() == "Can't move. A request about the stop is under way."
    desk.put(protected().fold())
    assert form(window).notice.isHidden()
    assert form(window).move_button.isEnabled()


def test_the_market_moves_under_what_is_typed(window: MainWindow, desk: FakeDesk) -> None:
    opened(window, desk)
    type_in("92000")
    tick(desk, "91900.00")
    assert reason(window).startswith("At 92,000.00 it would trigger at once")
    tick(desk, "93000.00")
    assert form(window).move_button.isEnabled()
    desk.pass_time(9_000)
    window.pages.exits.sheet.refresh()
    assert "old" in reason(window)
    press(Key.Key_Return, CTRL)
    assert desk.moved == []


def test_offline_and_lost_events_are_said(window: MainWindow, desk: FakeDesk) -> None:
    opened(window, desk)
    type_in("92000")
    desk.change(connection=replace(desk.state.connection, rest=Light.DOWN))
    window.pages.exits.sheet.refresh()
    assert reason(window) == f"Can't move. {words.OFFLINE}"
    assert form(window).first_stop().text() == "92000"
    desk.change(connection=replace(desk.state.connection, rest=Light.GOOD), live=False)
    window.pages.exits.sheet.refresh()
    said = [sentence.text() for sentence in form(window).advice.sentences if sentence.isVisible()]
    assert words.NOT_LIVE.format(exit="stop") in said
    assert form(window).move_button.isEnabled(), "moving is allowed where the state is polled"


def test_a_locked_key_closes_it(window: MainWindow, desk: FakeDesk) -> None:
    lock = FakeLock(desk)
    window.take_account(AccountPorts(lock))
    opened(window, desk)
    type_in("92000")
    lock.lock()
    window.pages.exits.sheet.refresh()
    assert reason(window) == "Can't move. Locked. Unlock to submit or cancel."
    press(Key.Key_Return, CTRL)
    assert desk.moved == []


def test_another_pairs_prices_are_one_link_away(shown: Shown) -> None:
    eth = Prices("ETH_USD", "2.40000", "3041.20", "2968.00", "3214.00")
    desk = FakeDesk([protected(eth, 414).fold()])
    window = shown(desk)
    opened(window, desk)
    type_in("3000")
    assert not form(window).move_button.isEnabled()
    found = [each for each in form(window).advice.sentences if each.links]
    assert found[0].text() == "Prices of ETH_USD are not followed now. Show ETH_USD"
    found[0].link_activated.emit(found[0].links[0])
    assert desk.state.instrument is not None
    assert desk.state.instrument.symbol == "ETH_USD"
    assert form(window).first_stop().text() == "3000"


# LIVE


def test_live_asks_for_the_new_trigger_once_more(shown: Shown) -> None:
    desk = live_desk("LIVE", [protected().fold()])
    window = shown(desk)
    window.take_account(AccountPorts(FakeLock()))
    opened(window, desk)
    type_in("92000.50")
    strip = form(window).retype
    assert strip.isVisible()
    assert strip.edit.accessibleName() == words.RETYPE_NAME
    assert strip.prompt.text().startswith("Type the new trigger in whole USD to confirm")
    press(Key.Key_Return, CTRL)
    assert desk.moved == []
    assert reason(window) == words.RETYPE_FIRST
    strip.edit.setFocus()
    QApplication.clipboard().setText("92000")
    press(Key.Key_V, CTRL)
    assert strip.edit.text() == ""
    assert "Pasting is off" in strip.answer.text()
    type_in("91000")
    assert strip.answer.text() == "91000 is not the new trigger. Type 92000 or 92001."
    retype("92001")
    assert strip.answer.text() == "Matches the new trigger of 92,000.50 USD."
    press(Key.Key_Return)
    assert desk.moved == []
    press(Key.Key_Return, CTRL)
    assert [asked[2] for asked in desk.moved] == [Decimal("92000.50")]


def test_nothing_is_looked_at_once_the_window_has_gone(window: MainWindow, desk: FakeDesk) -> None:
    sheet = opened(window, desk)
    assert [timer.isActive() for timer in sheet.findChildren(QTimer) if timer.interval() == REFRESH_MS] == [True]
    window.close_now()
    assert [timer.isActive() for timer in sheet.findChildren(QTimer) if timer.interval() == REFRESH_MS] == [False]


def test_practice_asks_for_no_typing(window: MainWindow, desk: FakeDesk) -> None:
    opened(window, desk)
    assert form(window).retype.isHidden()


# The keyboard, and who does not see


def stops(sheet: MoveSheet) -> list[str]:
    """Where Tab goes, by name."""
    names: list[str] = []
    for _ in range(12):
        widget = QApplication.focusWidget()
        assert widget is not None
        assert sheet.isAncestorOf(widget)
        names.append(widget.accessibleName())
        press(Key.Key_Tab)
        if QApplication.focusWidget() is sheet.form.first_stop():
            break
    return names


def test_tab_goes_round_inside_in_reading_order(window: MainWindow, desk: FakeDesk) -> None:
    sheet = opened(window, desk)
    type_in("92000")
    assert stops(sheet) == ["New stop trigger", "Break-even 92,572.55", "Keep stop", "Move stop", "Close"]


def test_a_letter_with_alt_leads_to_the_box_and_writes_nothing(window: MainWindow, desk: FakeDesk) -> None:
    """As X11 sends it: the letter comes as text, too."""
    opened(window, desk)
    edit = form(window).first_stop()
    for start in (edit, form(window).keep):
        start.setFocus()
        event = QKeyEvent(QEvent.Type.KeyPress, Key.Key_N, Qt.KeyboardModifier.AltModifier, "n")
        QApplication.sendEvent(start, event)
        assert edit.hasFocus()
        assert edit.text() == "90410.00"


def test_everything_has_a_name(window: MainWindow, desk: FakeDesk) -> None:
    sheet = opened(window, desk)
    taking = [each for each in sheet.findChildren(QWidget) if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert [each for each in taking if each.isVisible() and not each.accessibleName()] == []


def test_without_a_choice_the_menu_says_what_to_do(window: MainWindow, desk: FakeDesk) -> None:
    desk.put(Story().stopped("90410.00").fold())
    window.page.strategies.table.setFocus()
    press(Key.Key_M, CTRL_SHIFT)
    assert "stop is over" in window.toasts.log[-1].text


# The Strategies page


def test_the_page_moves_and_removes_too(window: MainWindow, desk: FakeDesk) -> None:
    window.pages.show(Name.STRATEGIES)
    detail = window.pages.history.detail
    buttons = detail.exit_buttons.buttons
    assert [button.text() for button in buttons.values()] == [
        "Move stop",
        "Move target",
        "Remove stop",
        "Remove target",
    ]
    buttons["Remove", TARGET].click()
    assert detail.sheet.sentence.text() == "This removes your target. Only the stop will close this position."
    detail.sheet.remove.setFocus()
    press(Key.Key_Return)
    assert desk.removed == [(protected().strategy_id, TARGET)]
    buttons["Move", STOP].click()
    assert window.pages.exits.sheet.is_open
    assert form(window).accessibleName() == "Move stop"
    press(Key.Key_Escape)


def test_del_in_the_legs_is_about_the_leg_of_the_line(window: MainWindow, desk: FakeDesk) -> None:
    window.pages.show(Name.STRATEGIES)
    detail = window.pages.history.detail
    detail.tabs.button(1).click()
    legs = detail.legs
    legs.setFocus()
    at = next(at for at, line in enumerate(legs.rows.rows) if line.role is STOP)
    legs.setCurrentIndex(legs.rows.index(at, 0))
    press(Key.Key_Delete)
    assert detail.sheet.sentence.text() == "This removes your stop. 0.08120 BTC will be unprotected."
    press(Key.Key_Escape)
    window.pages.history.table.setFocus()
    press(Key.Key_Delete)
    assert detail.exits.strip.isVisible()


def test_buttons_of_the_page_say_why_they_are_closed(window: MainWindow, desk: FakeDesk) -> None:
    window.pages.show(Name.STRATEGIES)
    desk.put(protected().leg(STOP, "ACTIVE", "0.01000", "90405.00").fold())
    buttons = window.pages.history.detail.exit_buttons
    assert not buttons.buttons["Move", STOP].isEnabled()
    assert "triggered" in buttons.buttons["Move", STOP].accessibleDescription()
    assert buttons.buttons["Move", TARGET].isEnabled()
    desk.put(Story().stopped("90410.00").fold())
    assert not buttons.isVisible()
