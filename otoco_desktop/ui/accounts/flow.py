"""From the environment page to a kept key: opens the sheets, asks before forgetting, and shows the news."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from otoco_desktop.app.accounts import AccountsPort, AccountsState
from otoco_desktop.domain.errors import WayOn
from otoco_desktop.settings import Environment
from otoco_desktop.ui.accounts.kept_sheet import KeptSheet
from otoco_desktop.ui.accounts.key_sheet import KeySheet
from otoco_desktop.ui.accounts.page import EnvironmentPage
from otoco_desktop.ui.shell import dialogs
from otoco_desktop.ui.shell.dialogs import Question
from otoco_desktop.ui.shell.runtime import Spawn


class AccountsFlow(QObject):
    """Joins one environment page with the accounts behind it. The page's own signals to continue, to go back and to
    quit are the program's to answer.
    """

    def __init__(self, window: QWidget, page: EnvironmentPage, port: AccountsPort, spawn: Spawn) -> None:
        super().__init__(window)
        self._window = window
        self._page = page
        self._port = port
        self._spawn = spawn
        self.key_sheet = KeySheet(window, port, spawn)
        self.kept_sheet = KeptSheet(window, port, spawn)
        page.add_requested.connect(self.add_key)
        page.test_requested.connect(self._test)
        page.forget_requested.connect(self._ask_to_forget)
        page.way_requested.connect(self._take_way)
        self.key_sheet.kept.connect(self._kept)
        for sheet in (self.key_sheet, self.kept_sheet):
            sheet.closed.connect(lambda: self.show_accounts(port.state))
        port.listen(self.show_accounts)
        self.show_accounts(port.state)

    def show_accounts(self, accounts: AccountsState) -> None:
        """Show the accounts wherever they are shown; news stand in the sheet while one lies over the page."""
        covered = self.key_sheet.is_open or self.kept_sheet.is_open
        quiet = replace(accounts, busy="", trouble="", notice="", ways_on=())
        self._page.show_accounts(quiet if covered else accounts)
        self.key_sheet.show_accounts(accounts)
        self.kept_sheet.show_accounts(accounts)

    def refresh(self) -> None:
        """Read the lists of accounts again."""
        self._run(self._port.refresh())

    def add_key(self, environment: Environment) -> None:
        """Open the key sheet; beside the page when that is what the window shows."""
        self.key_sheet.open_for(environment, beside=self._page.isVisible())
        self.show_accounts(self._port.state)

    def close(self) -> None:
        """Close the sheets with the window."""
        self.key_sheet.close_layer()
        self.kept_sheet.close_layer()

    def _kept(self, environment: Environment, account: str) -> None:
        self._page.choose(environment, account)

    def _test(self, environment: Environment, account: str) -> None:
        self.kept_sheet.open_for(environment, account, beside=self._page.isVisible())
        self.show_accounts(self._port.state)

    def _ask_to_forget(self, environment: Environment, account: str) -> None:
        kept = self._port.state.accounts.get(environment, ())
        label = next((found.label for found in kept if found.name == account), account)
        self._run(self._forget(environment, account, forget_question(environment, label)))

    async def _forget(self, environment: Environment, account: str, question: Question) -> None:
        if await dialogs.ask(self._window, question):
            await self._port.forget(environment, account)

    def _take_way(self, way: WayOn) -> None:
        """A way on from trouble on the page: enter it again, forget it, take what changed, or read its key again."""
        choice = self._page.choice
        if way in (WayOn.ENTER_AGAIN, WayOn.SESSION_ONLY):
            self.add_key(choice.environment)
        elif way is WayOn.FORGET:
            self._ask_to_forget(choice.environment, choice.account or "")
        elif way is WayOn.TAKE_CHANGED:
            self._run(self._port.take_changed(choice.environment, choice.account or ""))
        elif choice.account is not None:
            self._test(choice.environment, choice.account)
        else:
            self.refresh()

    def _run(self, work: Coroutine[Any, Any, Any]) -> None:
        self._spawn(work, lambda _trouble: self.show_accounts(self._port.state))


def forget_question(environment: Environment, label: str) -> Question:
    """The question before a key is removed; the default keeps it."""
    return Question(
        title=f"Forget the {environment.label} key {label}?",
        sentence=(
            "It is removed from this computer and no longer used here. On the exchange it stays valid until you delete "
            "it there. Orders on the exchange and the history on this computer stay."
        ),
        keep="Keep it",
        act="Forget it",
    )
