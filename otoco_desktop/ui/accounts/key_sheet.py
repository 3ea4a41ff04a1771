"""Adding a key: a sheet over the window. What was typed leaves the widgets the moment it closes."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from otoco_desktop.app.accounts import AccountsPort, AccountsState, Entered, enter
from otoco_desktop.domain.errors import WayOn
from otoco_desktop.domain.probing import ProbeReport
from otoco_desktop.settings import Environment
from otoco_desktop.ui.accounts.key_form import KeyForm
from otoco_desktop.ui.accounts.layer import Layer
from otoco_desktop.ui.accounts.presenter import KeyPresenter
from otoco_desktop.ui.accounts.words import FIRST_NAME
from otoco_desktop.ui.shell.runtime import Spawn


class KeySheet(Layer):
    """``kept`` carries the environment and the account name once the key is in the keyring or held for the session."""

    kept = Signal(object, str)

    def __init__(self, window: QWidget, port: AccountsPort, spawn: Spawn) -> None:
        self.form = KeyForm()
        super().__init__(window, self.form, self.form)
        self._port = port
        self._spawn = spawn
        self._presenter: KeyPresenter | None = None
        self._test: object = None
        self.closed.connect(self._wipe)
        self.form.close_clicked.connect(self.close_layer)
        self.form.wants_room.connect(self._make_room)
        self.form.edited.connect(self._typed)
        self.form.key_edited.connect(self._key_typed)
        self.form.ticked.connect(self._ticked)
        self.form.test_clicked.connect(self._start_test)
        self.form.copy_clicked.connect(self._copy_report)
        self.form.save_clicked.connect(self._save)
        self.form.way_chosen.connect(self._take_way)

    def open_for(self, environment: Environment, *, beside: bool = False) -> None:
        """Begin anew for this environment. ``beside`` keeps what stands left of the sheet in view."""
        self._presenter = None
        names = [account.name for account in self._port.state.accounts.get(environment, ())]
        self.form.start(environment, "" if FIRST_NAME in names else FIRST_NAME)
        self._presenter = KeyPresenter(environment)
        self.beside = beside
        self._typed()
        form = self.form
        keys = {Qt.Key.Key_A: form.api_key.field, Qt.Key.Key_S: form.secret.field, Qt.Key.Key_N: form.name.field}
        self.open_layer(form.api_key.field, keys)

    def show_accounts(self, accounts: AccountsState) -> None:
        """The keyring or a request has news."""
        if self._presenter is not None:
            status = self._presenter.status(accounts)
            self.form.show_status(status, may_keep=self._presenter.may_keep)

    def _refresh(self) -> None:
        self.show_accounts(self._port.state)

    def _make_room(self) -> None:
        if self.is_open:
            self.cover()

    def _entered(self) -> Entered:
        form = self.form
        return enter(form.name.field.text(), form.api_key.field.text(), form.secret.field.text())

    # What the person does

    def _typed(self) -> None:
        if self._presenter is not None:
            self._presenter.type(self._entered())
            self._refresh()

    def _key_typed(self) -> None:
        if self._presenter is not None:
            self._stop_test()
            self._presenter.forget_test()
            self._typed()

    def _ticked(self, on: bool) -> None:
        if self._presenter is not None:
            self._presenter.tick(on=on)
            self._refresh()

    def _start_test(self) -> None:
        entered = self._entered()
        if self._presenter is None or entered.credentials is None:
            return
        self._stop_test()
        presenter, number = self._presenter, self._presenter.begin_test()
        self._refresh()

        def observe(report: ProbeReport) -> None:
            presenter.observe(number, report)
            self._refresh()

        def stopped(_trouble: Exception) -> None:
            presenter.end_test(number, stopped=True)
            self._refresh()

        async def run() -> None:
            observe(await self._port.test(presenter.environment, entered, observe))
            presenter.end_test(number)
            self._refresh()

        self._test = self._spawn(run(), stopped)

    def _stop_test(self) -> None:
        """A test that is no longer wanted ends; one that cannot be ended is not listened to."""
        if isinstance(self._test, asyncio.Task):
            self._test.cancel()
        self._test = None

    def _copy_report(self) -> None:
        if self._presenter is not None and self._presenter.report is not None:
            QGuiApplication.clipboard().setText(self._port.report_text(self._presenter.report))

    def _save(self) -> None:
        self._keep(WayOn.TRY_AGAIN)

    def _take_way(self, way: WayOn) -> None:
        form, presenter = self.form, self._presenter
        if presenter is None:
            return
        if way is WayOn.ENTER_AGAIN:
            form.api_key.field.setText("")
            form.secret.field.setText("")
            form.api_key.field.setFocus(Qt.FocusReason.OtherFocusReason)
        elif way is WayOn.FORGET:
            self._ask(self._port.forget(presenter.environment, self._entered().account))
        elif way is WayOn.TAKE_CHANGED:
            self._ask(self._port.take_changed(presenter.environment, self._entered().account))
        else:
            self._keep(way)

    def _keep(self, way: WayOn) -> None:
        """Keep it, in the keyring or for the session; the sheet closes only when it is kept."""
        presenter, entered = self._presenter, self._entered()
        if presenter is None or not presenter.may_keep:
            return
        for_session = way is WayOn.SESSION_ONLY
        if presenter.is_saving and not for_session:
            return
        keep = self._port.keep_for_session if for_session else self._port.keep
        presenter.saving(on=True)
        self._refresh()

        async def run() -> None:
            done = await keep(presenter.environment, entered)
            presenter.saving(on=False)
            self._refresh()
            if done and self._presenter is presenter:
                self.close_layer()
                self.kept.emit(presenter.environment, entered.account)

        def stopped(_trouble: Exception) -> None:
            presenter.saving(on=False)
            self._refresh()

        self._spawn(run(), stopped)

    def _ask(self, work: Coroutine[Any, Any, Any]) -> None:
        self._spawn(work, lambda _trouble: self._refresh())

    def _wipe(self) -> None:
        self._stop_test()
        self._presenter = None
        self.form.wipe()
