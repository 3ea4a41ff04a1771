"""The lock over the key, the touches that keep it open, and what preferences give a new plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from otoco_desktop.app.accounts import AccountsState, KeptAccount
from otoco_desktop.app.lock import LOCK_WARNING, LockedBy, LockState
from otoco_desktop.domain.errors import KeyLocked
from otoco_desktop.domain.preferences import Preferences
from otoco_desktop.settings import Environment
from otoco_desktop.ui.shell.account import AccountPorts, account_words
from otoco_desktop.ui.shell.window import MainWindow
from otoco_desktop.ui.ticket.view import TicketView
from tests.ui.fakes import PLAN, four_strategies
from tests.ui.live.scenes import FakeLock, FakePreferences, LiveDesk, live_desk
from tests.ui.windows import open_window


@pytest.fixture
def desk() -> LiveDesk:
    return live_desk("LIVE", four_strategies())


@pytest.fixture
def lock(desk: LiveDesk) -> FakeLock:
    return FakeLock(desk)


@pytest.fixture
def preferences() -> FakePreferences:
    return FakePreferences()


@pytest.fixture
def window(qtbot: QtBot, desk: LiveDesk, lock: FakeLock, preferences: FakePreferences) -> Iterator[MainWindow]:
    shown = open_window(desk)
    shown.resize(1360, 860)
    shown.take_account(AccountPorts(lock, preferences))
    shown.show()
    shown.activateWindow()
    qtbot.waitUntil(shown.isActiveWindow)
    shown.complete()
    yield shown
    shown.close_now()
    shown.deleteLater()


@pytest.fixture
def ticket(window: MainWindow) -> TicketView:
    return window.page.ticket


# The lock


def test_locked_submit_and_cancel_are_closed_with_the_reason_and_a_way_on(window: MainWindow, lock: FakeLock) -> None:
    window.presenter.load(PLAN)
    assert window.page.submit.button.isEnabled()
    assert window.page.strategies.cancel_button.isEnabled()
    window.menus.lock.trigger()
    assert not window.page.submit.button.isEnabled()
    assert window.page.submit.sentence.text() == f"Can't submit. {KeyLocked.sentence}"
    assert not window.page.strategies.cancel_button.isEnabled()
    assert window.page.strategies.cancel_button.accessibleDescription() == KeyLocked.sentence
    assert window.page.submit.unlock.isVisible()
    assert not window.menus.lock.isEnabled()
    window.page.submit.unlock.click()
    assert lock.unlocks == 1
    assert window.page.submit.button.isEnabled()
    assert window.page.strategies.cancel_button.isEnabled()
    assert not window.page.submit.unlock.isVisible()


def test_locking_says_what_it_means_once(window: MainWindow, lock: FakeLock) -> None:
    lock.become(LockState(usable=True, locked=True, by=LockedBy.IDLE))
    lock.become(replace(lock.state, unlocking=True))
    said = [message.text for message in window.toasts.log]
    assert said == [f"Locked after a while without use. {LOCK_WARNING}"]


def test_locked_the_cancel_key_asks_nothing(window: MainWindow, lock: FakeLock) -> None:
    lock.lock()
    window.cancel_selected()
    assert window.page.strategies.sheet.question is None


def test_locking_closes_a_question_that_stands_open(window: MainWindow, lock: FakeLock) -> None:
    window.cancel_selected()
    assert window.page.strategies.sheet.question is not None
    lock.lock()
    assert window.page.strategies.sheet.question is None


def test_a_failed_unlock_says_why_and_stays_locked(window: MainWindow, lock: FakeLock) -> None:
    lock.trouble = "OS keyring is locked. Unlock it, or keep the key for this session only."
    lock.lock()
    window.page.submit.unlock.click()
    assert window.toasts.log[-1].text == lock.trouble
    assert window.page.submit.unlock.isEnabled()


def test_while_the_keyring_is_asked_it_is_not_asked_again(window: MainWindow, lock: FakeLock) -> None:
    lock.lock()
    lock.become(replace(lock.state, unlocking=True))
    assert not window.page.submit.unlock.isEnabled()


def test_locking_closes_an_open_review(window: MainWindow, lock: FakeLock) -> None:
    window.presenter.load(PLAN)
    window.review.open()
    lock.lock()
    sheet = window.review.sheet.sheet
    assert sheet.notice.sentence.text() == f"Can't submit. {KeyLocked.sentence}"
    assert not sheet.submit.isEnabled()


def test_where_there_is_no_key_there_is_nothing_to_lock(qtbot: QtBot) -> None:
    window = open_window(live_desk("PRACTICE"))
    window.show()
    qtbot.waitExposed(window)
    assert not window.menus.lock.isVisible()
    assert not window.page.submit.unlock.isVisible()
    window.close_now()
    window.deleteLater()


def test_every_key_and_click_is_a_touch_and_a_move_is_none(window: MainWindow, lock: FakeLock) -> None:
    handle = window.windowHandle()
    before = lock.touches
    QTest.keyClick(handle, Qt.Key.Key_1)
    assert lock.touches == before + 1
    QTest.keyClick(handle, Qt.Key.Key_F8)
    assert lock.touches == before + 2
    before = lock.touches
    QTest.mouseClick(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(700, 500))
    assert lock.touches == before + 1
    before = lock.touches
    QTest.mouseMove(handle, QPoint(710, 510))
    QApplication.processEvents()
    assert lock.touches == before


# The account


@pytest.mark.parametrize(
    ("kept", "name", "expected"),
    [
        (KeptAccount("Main account", "k3F9"), "Main account", ("Main account", "Main account, key ending k3F9")),
        (KeptAccount("", "k3F9"), "", ("", "Key ending k3F9")),
        (KeptAccount("Main account", ""), "Main account", ("Main account", "Main account, key in use")),
        (KeptAccount("Other", "k3F9"), "Main account", ("Main account", "Main account, key in use")),
    ],
)
def test_no_more_of_a_key_than_its_end(kept: KeptAccount, name: str, expected: tuple[str, str]) -> None:
    state = AccountsState(accounts={Environment.LIVE: (kept,)}, in_use=(Environment.LIVE, name))
    assert account_words(state) == expected


def test_without_a_key_it_says_so() -> None:
    assert account_words(AccountsState()) == ("", "No key in use")


# Post-only and the coin of the fee


def test_post_only_is_offered_only_over_the_websocket(window: MainWindow, ticket: TicketView, desk: LiveDesk) -> None:
    assert ticket.post_only.isVisible()
    desk.websocket = False
    window.refresh()
    assert not ticket.post_only.isVisible()


def test_the_ticket_fits_its_narrowest_column(window: MainWindow, ticket: TicketView) -> None:
    assert ticket.post_only.minimumSizeHint().width() <= 288
    window.resize(1024, 680)
    window.presenter.load(replace(PLAN, post_only=True))
    QApplication.processEvents()
    form = ticket.post_only.parentWidget()
    assert form is not None
    assert form.minimumSizeHint().width() <= 288


def test_alt_y_chooses_post_only_and_it_is_judged(window: MainWindow, ticket: TicketView, qtbot: QtBot) -> None:
    window.presenter.load(PLAN)
    ticket.focus_field(next(iter(ticket.boxes())))
    QTest.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: window.presenter.draft.post_only)
    assert ticket.post_only.box.isChecked()
    assert ticket.post_only.box.accessibleName() == "Post-only entry"
    titles = {finding.title: finding.message for finding in window.presenter.verdict.findings}
    assert titles["Post-only"] == "will rest, best ask 93,120.10"


def test_a_choice_that_cannot_be_sent_stays_in_sight(window: MainWindow, ticket: TicketView, desk: LiveDesk) -> None:
    window.presenter.load(replace(PLAN, post_only=True))
    desk.websocket = False
    window.refresh()
    assert ticket.post_only.isVisible()
    assert not window.page.submit.button.isEnabled()
    ticket.post_only.box.click()
    assert window.page.submit.button.isEnabled()
    assert not ticket.post_only.isVisible()


def test_an_entry_that_would_take_gets_a_fix(window: MainWindow, ticket: TicketView) -> None:
    window.presenter.load(replace(PLAN, entry="93200.00", post_only=True))
    assert "Post-only cancels it." in ticket.entry.verdict.text()
    ticket.entry.verdict.link_activated.emit("fix")
    assert window.presenter.draft.entry == "93119.50"


def test_the_preferred_start_comes_with_the_websocket_and_with_each_new_plan(
    window: MainWindow, desk: LiveDesk, preferences: FakePreferences
) -> None:
    def starts() -> bool:
        return window.presenter.draft.post_only

    desk.websocket = False
    preferences.change(Preferences(post_only=True))
    assert not starts()
    desk.websocket = True
    desk.change()
    assert starts()
    window.page.ticket.post_only.box.click()
    desk.change()
    assert not starts()
    window.new_plan()
    assert starts()
    window.presenter.load(PLAN)
    preferences.change(Preferences(post_only=False))
    assert window.presenter.draft == PLAN


def test_the_coin_of_the_fee_is_chosen_per_plan_and_only_for_a_buy(window: MainWindow, ticket: TicketView) -> None:
    window.presenter.load(PLAN)
    row = ticket.fee_coin
    assert [button.text() for button in row.choice.buttons] == ["USD", "BTC"]
    assert row.choice.index == 0
    row.choice.button(1).click()
    assert window.presenter.draft.fee_in_quote is False
    fee = next(found for found in window.presenter.verdict.findings if found.title == "Fee currency")
    assert "BTC" in fee.message
    ticket.side.button(1).click()
    assert not row.isVisible()
    assert window.presenter.draft.fee_in_quote is False
