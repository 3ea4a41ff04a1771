"""Testing a key that is kept already: the test card alone, over the window."""

from __future__ import annotations

import asyncio

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from otoco_desktop.app.accounts import AccountsPort, AccountsState
from otoco_desktop.domain.probing import ProbeReport
from otoco_desktop.settings import Environment
from otoco_desktop.ui.accounts.layer import Layer
from otoco_desktop.ui.accounts.probe_view import ProbeCard
from otoco_desktop.ui.accounts.sheet import SheetFrame
from otoco_desktop.ui.accounts.ways import WayButtons
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.runtime import Spawn
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.buttons import Button
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import plain

NOT_READ = "The key could not be read, so nothing was tested."
STOPPED = "The test was stopped by an error inside the program. The log has the details."
READING = "Reading the key from where it is kept…"


class KeptForm(SheetFrame):
    """The card, what the keyring says, and the buttons."""

    def __init__(self) -> None:
        super().__init__("Test connection")
        self.news = Sentence(Role.SECONDARY)
        self.ways = WayButtons()
        self.card = ProbeCard()
        self.again = Button("Test again", glyph=Glyph.REFRESH)
        self.copy = Button("Copy report", glyph=Glyph.COPY)
        self.leave = Button("Close", key_hint="Esc")
        self.leave.clicked.connect(self.close_clicked)
        for part in (self.news, self.ways, self.card):
            self.body.addWidget(part)
            self.body.addSpacing(4)
        self.body.addStretch(1)
        self.footer.addWidget(self.again)
        self.footer.addWidget(self.copy)
        self.footer.addStretch(1)
        self.footer.addWidget(self.leave)

    def show_news(self, words: str, *, failed: bool) -> None:
        glyph, token = (Glyph.FAIL, Token.NEG) if failed else (Glyph.NOTE, Token.ACCENT)
        self.news.set_spans((plain(words),), glyph if words else None, token)
        self.news.setVisible(bool(words))


class KeptSheet(Layer):
    """Opened for one account; the test begins at once."""

    def __init__(self, window: QWidget, port: AccountsPort, spawn: Spawn) -> None:
        self.form = KeptForm()
        super().__init__(window, self.form, self.form)
        self._port = port
        self._spawn = spawn
        self._account: tuple[Environment, str] | None = None
        self._report: ProbeReport | None = None
        self._test: object = None
        self._round = 0
        self.closed.connect(self._stop)
        self.form.close_clicked.connect(self.close_layer)
        self.form.wants_room.connect(self._make_room)
        self.form.again.clicked.connect(self._start)
        self.form.copy.clicked.connect(self._copy)
        self.form.ways.chosen.connect(lambda _way: self._start())

    def open_for(self, environment: Environment, account: str, *, beside: bool = False) -> None:
        """Test this account's key."""
        self._account = (environment, account)
        self.beside = beside
        label = next(
            (kept.label for kept in self._port.state.accounts.get(environment, ()) if kept.name == account), account
        )
        self.form.band.show_environment(environment, f"{environment.label} key", label)
        self.open_layer(self.form.leave)
        self._start()

    def show_accounts(self, accounts: AccountsState) -> None:
        """The keyring has news while it is asked for the key."""
        if self._account is not None and self._report is None:
            self.form.show_news(accounts.trouble or accounts.busy, failed=bool(accounts.trouble))
            self.form.ways.show_ways(accounts.ways_on if accounts.trouble else ())

    def _make_room(self) -> None:
        if self.is_open:
            self.cover()

    def _start(self) -> None:
        if self._account is None:
            return
        self._cancel()
        number = self._round
        self._show(number, None, READING)

        def observe(report: ProbeReport) -> None:
            self._show(number, report, "")

        async def run(environment: Environment, account: str) -> None:
            report = await self._port.test_kept(environment, account, observe)
            self._end(number, report)

        self._test = self._spawn(run(*self._account), lambda _trouble: self._show(number, None, STOPPED, failed=True))

    def _end(self, number: int, report: ProbeReport | None) -> None:
        accounts = self._port.state
        self._show(number, report, "" if report else accounts.trouble or NOT_READ, failed=report is None)
        if report is None and number == self._round:
            self.form.ways.show_ways(accounts.ways_on)

    def _show(self, number: int, report: ProbeReport | None, words: str, *, failed: bool = False) -> None:
        if number != self._round or self._account is None:
            return
        self._report = report
        self.form.card.show_report(report)
        self.form.show_news(words, failed=failed)
        self.form.ways.show_ways(())
        done = report is not None and report.is_done
        self.form.again.setEnabled(done or failed)
        self.form.copy.setVisible(done)

    def _copy(self) -> None:
        if self._report is not None:
            QGuiApplication.clipboard().setText(self._port.report_text(self._report))

    def _cancel(self) -> None:
        self._round += 1
        if isinstance(self._test, asyncio.Task):
            self._test.cancel()
        self._test = None

    def _stop(self) -> None:
        self._cancel()
        self._account, self._report = None, None
