"""From the submit button to the sent plan: prepare, open the sheet, spend the confirmation once, follow."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from otoco_desktop.app.state import Confirmed, DeskPort
from otoco_desktop.domain.errors import JournalTrouble
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.ui.review.view import ReviewSheet
from otoco_desktop.ui.shell.runtime import Spawn
from otoco_desktop.ui.ticket.presenter import TicketPresenter

SPENT = "This plan was sent already."
NO_LONGER = "The plan no longer passes its checks. Nothing was sent."


class ReviewFlow(QObject):
    """Owns the review sheet of one window. ``sent`` carries the id of a strategy that was committed."""

    sent = Signal(str)

    def __init__(self, window: QWidget, desk: DeskPort, presenter: TicketPresenter, spawn: Spawn) -> None:
        super().__init__(window)
        self._desk = desk
        self._presenter = presenter
        self._spawn = spawn
        self._known: frozenset[str] = frozenset()
        self.say: Callable[[str], None] = lambda _words: None
        self.complain: Callable[[Exception], None] = lambda _trouble: None
        self.sheet = ReviewSheet(window, lambda: desk.surroundings().now_ms)
        self.sheet.submit_requested.connect(self._submit)
        self.sheet.check_again_requested.connect(self._check_again)
        self.sheet.closed.connect(self._closed)

    def open(self) -> None:
        """Judge with the newest prices; open the sheet only if the plan may be sent."""
        if self.sheet.is_open:
            return
        self._presenter.refresh()
        confirmed = self._desk.prepare(self._presenter.draft)
        desk = self._desk.state
        if confirmed is not None and desk.instrument is not None:
            self.sheet.open_with(confirmed, desk.instrument, desk.environment.upper(), desk.quote)

    def refresh(self) -> None:
        """The market, a check or the gate may have changed."""
        if self.sheet.is_open:
            desk = self._desk.state
            self.sheet.observe(self._presenter.verdict, desk.quote, desk.gate)

    def follow(self, strategy: Strategy) -> None:
        """News of the strategy that was sent from here, and of no other."""
        if strategy.strategy_id not in self._known:
            self.sheet.follow(strategy)

    def close(self) -> None:
        """Close the sheet with the window; what is being sent goes on."""
        self.sheet.close_sheet()

    def _check_again(self) -> None:
        self._presenter.refresh()
        confirmed = self._desk.prepare(self._presenter.draft)
        if confirmed is None:
            self.sheet.close_sheet()
            self.say(NO_LONGER)
        else:
            self.sheet.renew(confirmed, self._desk.state.quote)

    def _submit(self, confirmed: Confirmed) -> None:
        self._known = frozenset(found.strategy_id for found in self._desk.state.strategies)
        self._spawn(self._send(confirmed), self._failed)

    async def _send(self, confirmed: Confirmed) -> None:
        strategy_id = await self._desk.submit(confirmed)
        if strategy_id is None:
            self.sheet.failed(SPENT)
        else:
            self.sent.emit(strategy_id)

    def _failed(self, trouble: Exception) -> None:
        if isinstance(trouble, JournalTrouble):
            self.sheet.failed(str(trouble))
        self.complain(trouble)

    def _closed(self, words: str) -> None:
        if words:
            self.say(words)
