"""Pictures of the accounts screens at the drawings' size: ``python -m tests.ui.accounts.pictures DIR``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from otoco_desktop.app.accounts import AccountsState, KeptAccount, KeyringMood, KeyringWords
from otoco_desktop.app.lock import LockedBy, LockState
from otoco_desktop.domain.errors import KeyringLocked, WayOn
from otoco_desktop.domain.preferences import Preferences
from otoco_desktop.settings import Environment
from otoco_desktop.ui.accounts.account_view import AccountSheet
from otoco_desktop.ui.accounts.flow import AccountsFlow
from otoco_desktop.ui.accounts.lock_strip import LockStrip
from otoco_desktop.ui.accounts.page import EnvironmentPage
from otoco_desktop.ui.accounts.settings_sheet import SettingsSheet
from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.looks import Looks
from otoco_desktop.ui.shell.tokens import Scheme
from otoco_desktop.ui.widgets.panel import column
from tests.ui.accounts import fakes
from tests.ui.fakes import MemoryStore

SIZES = ((1360, 860), (1024, 680))
LIVE = Environment.LIVE


def host(page: QWidget) -> QWidget:
    window = QWidget()
    window.setContentsMargins(0, 28, 0, 0)
    box = column(window)
    box.addWidget(page)
    return window


def typed(flow: AccountsFlow) -> None:
    form = flow.key_sheet.form
    form.key_field.setText(fakes.KEY)
    form.secret_field.setText(fakes.SECRET)


def first_run(port: fakes.FakeAccounts, environment: Environment = LIVE) -> tuple[QWidget, AccountsFlow]:
    page = EnvironmentPage(fakes.OFFERED)
    window = host(page)
    flow = AccountsFlow(window, page, port, fakes.Stepwise())
    page.choose(environment)
    return window, flow


def adding() -> QWidget:
    window, flow = first_run(fakes.FakeAccounts())
    window.show()
    flow.add_key(LIVE)
    typed(flow)
    flow.key_sheet.form.test.click()
    flow.key_sheet.form.tick.click()
    return window


def halfway() -> QWidget:
    port = fakes.FakeAccounts()
    port.hold = fakes.Held()
    window, flow = first_run(port)
    window.show()
    flow.add_key(LIVE)
    typed(flow)
    flow.key_sheet.form.test.click()
    return window


def failed() -> QWidget:
    port = fakes.FakeAccounts()
    port.reports = [fakes.BAD]
    window, flow = first_run(port, Environment.SANDBOX)
    window.show()
    flow.add_key(Environment.SANDBOX)
    flow.key_sheet.form.key_field.setText(f" “{fakes.KEY}”\n")
    flow.key_sheet.form.secret_field.setText(fakes.SECRET + " x")
    flow.key_sheet.form.secret_field.setText(fakes.SECRET)
    flow.key_sheet.form.test.click()
    return window


def refused() -> QWidget:
    port = fakes.FakeAccounts()
    port.show(
        keyring=KeyringWords(KeyringMood.LOCKED, "OS keyring, locked", "GNOME Keyring", (WayOn.UNLOCK,)),
        trouble=str(KeyringLocked()),
        ways_on=KeyringLocked.ways_on,
    )
    window, flow = first_run(port)
    window.show()
    flow.add_key(LIVE)
    flow.key_sheet.form.key_field.setText("two parts")
    flow.key_sheet.form.secret_field.setText(fakes.SECRET)
    return window


def chosen(environment: Environment) -> QWidget:
    return first_run(fakes.FakeAccounts(), environment)[0]


def accounts() -> QWidget:
    kept = (fakes.MAIN, KeptAccount("Second", "Zz19", session_only=True))
    sandbox = (KeptAccount("", "aaaa"),)
    state = AccountsState(accounts={LIVE: kept, Environment.SANDBOX: sandbox}, in_use=(LIVE, "Second"))
    page = EnvironmentPage(tuple(Environment), LIVE)
    window = host(page)
    AccountsFlow(window, page, fakes.FakeAccounts(state), fakes.Stepwise())
    page.choose(LIVE)
    return window


def settings() -> QWidget:
    window = host(QWidget())
    window.show()
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    looks = Looks(theme.install(app, theme.scheme()), MemoryStore())
    sheet = SettingsSheet(window, fakes.FakePreferences(Preferences(hard_cap=None)), LIVE, looks)
    sheet.open_sheet()
    sheet.form.limits[list(sheet.form.limits)[1]].field.setText("1,000.50")
    return window


def account() -> QWidget:
    window = host(QWidget())
    window.show()
    sheet = AccountSheet(window)
    sheet.panel.show_owner("LIVE  Main account (…k3F9)")
    sheet.panel.show_account(fakes.ACCOUNT, fakes.PROMISES, fakes.KNOWLEDGE)
    sheet.open_sheet()
    return window


def locked() -> QWidget:
    window = QWidget()
    box = column(window)
    strip = LockStrip()
    box.addWidget(strip)
    box.addStretch(1)
    strip.show_lock(LockState(usable=True, locked=True, by=LockedBy.IDLE, ways_on=(WayOn.ENTER_AGAIN,)))
    return window


SCENES: dict[str, Callable[[], QWidget]] = {
    "first-run": adding,
    "halfway": halfway,
    "failed": failed,
    "refused": refused,
    "practice": lambda: chosen(Environment.PRACTICE),
    "live": lambda: chosen(LIVE),
    "accounts": accounts,
    "settings": settings,
    "account": account,
    "locked": locked,
}


def main(folder: Path, names: list[str]) -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    for scheme in Scheme:
        theme.install(app, scheme)
        for name in names or SCENES:
            for width, height in SIZES:
                window = SCENES[name]()
                window.resize(width, height)
                window.show()
                for _ in range(3):
                    app.sendPostedEvents()
                    app.processEvents()
                window.grab().save(str(folder / f"{name}-{scheme.value}-{width}.png"))
                window.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
