"""Where the trader chooses: the environment page in place of the plan, and the sheets of settings and account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMainWindow, QMenuBar, QStackedWidget, QVBoxLayout, QWidget

from otoco_desktop.app.accounts import AccountsPort
from otoco_desktop.app.lock import LockPort
from otoco_desktop.app.preferences import PreferencesPort
from otoco_desktop.app.state import DeskPort
from otoco_desktop.domain.lifecycle import phase
from otoco_desktop.domain.promised import promised
from otoco_desktop.domain.strategy import Phase
from otoco_desktop.settings import Environment
from otoco_desktop.ui.accounts.account_view import AccountSheet
from otoco_desktop.ui.accounts.flow import AccountsFlow
from otoco_desktop.ui.accounts.lock_strip import LockStrip
from otoco_desktop.ui.accounts.page import EnvironmentPage
from otoco_desktop.ui.accounts.settings_sheet import SettingsSheet
from otoco_desktop.ui.shell.account import account_words
from otoco_desktop.ui.shell.bridge import Bridge
from otoco_desktop.ui.shell.looks import Looks
from otoco_desktop.ui.shell.menus import add_tool
from otoco_desktop.ui.shell.runtime import Spawn
from otoco_desktop.ui.widgets.panel import column

STILL_SENDING = "Not while a plan is being sent. Wait for the exchange's answer, then switch."


@dataclass(frozen=True, slots=True)
class RoomNeeds:
    """What the room works with; ``offered`` are the environments to choose from."""

    accounts: AccountsPort
    preferences: PreferencesPort
    desk: DeskPort
    spawn: Spawn
    offered: Sequence[Environment]
    environment: Environment
    looks: Looks


class AccountRoom(QObject):
    """Owns the page and the sheets of one window. ``chosen`` carries an environment and the name of an account.

    ``left`` follows every way back to the plan, which then wants the keyboard.
    """

    chosen = Signal(object, str)
    left = Signal()
    quit_requested = Signal()

    def __init__(self, window: QMainWindow, menu_bar: QMenuBar, needs: RoomNeeds) -> None:
        super().__init__(window)
        self._needs = needs
        self._current: Environment | None = None
        self.page = EnvironmentPage(needs.offered, None)
        self.page.go.setAutoDefault(True)  # so that Enter presses it; Space alone does elsewhere
        self.flow = AccountsFlow(window, self.page, needs.accounts, needs.spawn)
        self.settings = SettingsSheet(window, needs.preferences, needs.environment, needs.looks)
        self.account = AccountSheet(window)
        self.lock_strip = LockStrip()
        self._stack = _stacked(window, self.lock_strip, _Resting(self.page))
        self._offer(menu_bar)
        self.page.continue_requested.connect(self.chosen)
        self.page.quit_requested.connect(self.quit_requested)
        self.page.back_requested.connect(self.leave)
        needs.accounts.listen(lambda _state: self._show_account())
        bridge = Bridge(needs.desk, self)
        for news in (bridge.state, bridge.strategy):
            news.connect(lambda _news: self._show_desk())

    def ask(self, current: Environment | None, preferred: Environment | None = None, account: str = "") -> None:
        """Show the page; without a ``current`` environment there is no way back to a plan."""
        self._current = current
        self._show_current()
        self.page.choose(preferred or current or self._needs.environment, account or None)
        self.flow.refresh()
        self._stack.setCurrentIndex(1)
        self.page.go.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Back to the plan."""
        if self.is_asking:
            self._stack.setCurrentIndex(0)
            self.left.emit()

    def take_lock(self, lock: LockPort) -> None:
        """Say over the plan when it is locked, and unlock it from there."""
        lock.listen(self.lock_strip.show_lock)
        self.lock_strip.show_lock(lock.state)
        self.lock_strip.unlock_requested.connect(lambda: self._needs.spawn(lock.unlock(), lambda _trouble: None))
        self.lock_strip.way_chosen.connect(lambda _way: self.ask(self._current or self._needs.environment))

    @property
    def is_asking(self) -> bool:
        return self._stack.currentIndex() == 1

    def show_account(self) -> None:
        """Open the account's sheet with what is known now."""
        self.account.open_sheet()
        self._show_account()

    def close(self) -> None:
        """Close every sheet; no text stays in any field."""
        self.flow.close()
        self.settings.close_layer()
        self.account.close_layer()

    def _show_desk(self) -> None:
        self._show_account()
        if self.is_asking:
            self._show_current()

    def _show_current(self) -> None:
        """Nobody leaves while a plan is on its way."""
        sending = any(phase(found) is Phase.INTENT for found in self._needs.desk.state.strategies)
        self.page.show_current(self._current, STILL_SENDING if sending else "")

    def _show_account(self) -> None:
        if not self.account.is_open:
            return
        desk, accounts = self._needs.desk.state, self._needs.accounts.state
        _name, words = account_words(accounts)
        label = self._needs.environment.label
        self.account.panel.show_owner(f"{label}  {words}" if self._needs.environment.needs_key else label)
        known = accounts.knowledge.get(self._needs.environment)
        self.account.panel.show_account(desk.account, promised(desk.strategies), known)

    def _offer(self, menu_bar: QMenuBar) -> None:
        add_tool(menu_bar, "&Settings…", self.settings.open_sheet, "Ctrl+,")
        add_tool(menu_bar, "&Account…", self.show_account, "Ctrl+Shift+A")


class _Resting(QWidget):
    """Holds the page; the plan's shortcuts rest while the keyboard is in it."""

    def __init__(self, page: EnvironmentPage) -> None:
        super().__init__()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(page)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and _is_of_the_plan(event):
            event.accept()
            return True
        return super().event(event)


def _is_of_the_plan(event: QKeyEvent) -> bool:
    """Anything but the menus' letters and Quit."""
    alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
    leave = event.key() == Qt.Key.Key_Q and event.modifiers() == Qt.KeyboardModifier.ControlModifier
    return not alt and not leave


def _stacked(window: QMainWindow, strip: QWidget, page: QWidget) -> QStackedWidget:
    """Put what the window shows, under the strip, and the page into one stack."""
    stack = QStackedWidget()
    plan = QWidget()
    rows = column(plan)
    rows.addWidget(strip)
    body = window.takeCentralWidget()
    if body is not None:
        rows.addWidget(body, 1)
    stack.addWidget(plan)
    stack.addWidget(page)
    window.setCentralWidget(stack)
    return stack
