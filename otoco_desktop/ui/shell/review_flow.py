"""From the submit button to the sent plan: prepare, open the sheet, spend the confirmation once, follow."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from otoco_desktop.app.state import Confirmed, DeskPort
from otoco_desktop.domain.errors import JournalTrouble
from otoco_desktop.ui.shell.runtime import Spawn
from otoco_desktop.ui.ticket.presenter import TicketPresenter

if TYPE_CHECKING:
    from otoco_desktop.domain.draft import OtocoDraft
    from otoco_desktop.domain.strategy import Strategy
    from otoco_desktop.ui.review.view import ReviewSheet

SPENT = "This review is out of date. Look under Strategies before you plan it again."
DEFECT = "Something went wrong inside OTOCO Desktop. Look under Strategies before you plan it again."
NO_LONGER = "The plan no longer passes its checks. Nothing was sent."


class ReviewFlow(QObject):
    """Owns the review sheet of one window. ``sent`` carries the id of a strategy that was committed.

    ``spent`` is the plan that was submitted last, whatever has been typed since.
    """

    sent = Signal(str)

    def __init__(self, window: QWidget, desk: DeskPort, presenter: TicketPresenter, spawn: Spawn) -> None:
        super().__init__(window)
        self._desk = desk
        self._presenter = presenter
        self._spawn = spawn
        self._known: frozenset[str] = frozenset()
        self.spent: OtocoDraft | None = None
        self.say: Callable[[str], Callable[[], None]] = lambda _words: _nothing
        self._take_back: Callable[[], None] = _nothing
        self.complain: Callable[[Exception], None] = lambda _trouble: None
        self._window = window
        self._sheet: ReviewSheet | None = None
        self.account = ""

    @property
    def sheet(self) -> ReviewSheet:
        """The sheet; built when it is first asked for."""
        if self._sheet is None:
            from otoco_desktop.ui.review.view import ReviewSheet  # noqa: PLC0415 - its import is not for the start

            self._sheet = ReviewSheet(self._window, lambda: self._desk.surroundings().now_ms, self._desk.now_ms)
            self._sheet.submit_requested.connect(self._submit)
            self._sheet.check_again_requested.connect(self._check_again)
            self._sheet.closed.connect(self._closed)
        self._sheet.account = self.account
        return self._sheet

    @property
    def is_open(self) -> bool:
        return self._sheet is not None and self._sheet.is_open

    def open(self) -> None:
        """Judge with the newest prices; open the sheet only if the plan may be sent."""
        if self.is_open:
            return
        self._presenter.refresh()
        confirmed = self._desk.prepare(self._presenter.draft)
        desk = self._desk.state
        if confirmed is not None and desk.instrument is not None:
            self._known = frozenset(found.strategy_id for found in desk.strategies)
            self._take_back()
            self.sheet.open_with(confirmed, desk.instrument, desk.environment.upper(), desk.quote)

    @property
    def is_sending(self) -> bool:
        """Whether a confirmed plan is on its way and the exchange has not answered."""
        return self._sheet is not None and self._sheet.is_sending

    def refresh(self) -> None:
        """The market, a check or the gate may have changed."""
        if self.is_open:
            desk = self._desk.state
            self.sheet.observe(self._presenter.verdict, desk.quote, desk.gate)

    def follow(self, strategy: Strategy) -> None:
        """News of the strategy that was sent from here, and of no other."""
        if self.is_open and strategy.strategy_id not in self._known:
            self.sheet.follow(strategy)

    def is_about_to_send(self, strategy: Strategy) -> bool:
        """Whether its bytes leave next: what was recorded is then shown by the next beat, so as not to delay them."""
        return self.is_open and strategy.strategy_id not in self._known and self.sheet.is_about_to_send(strategy)

    def close(self) -> None:
        """Close the sheet with the window; what is being sent goes on."""
        if self.is_open:
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
        self.spent = confirmed.verdict.draft
        self._spawn(self._follow_sending(self._desk.submit(confirmed)), self._failed)

    async def _follow_sending(self, sending: Coroutine[Any, Any, str | None]) -> None:
        strategy_id = await sending
        if strategy_id is None:
            self.sheet.failed(SPENT)
        else:
            self.sent.emit(strategy_id)

    def _failed(self, trouble: Exception) -> None:
        """Nothing was sent only where nothing was recorded; what was recorded tells its own state."""
        recorded = self._sending()
        for strategy in recorded:
            self.sheet.follow(strategy)
        if not recorded:
            self.sheet.failed(str(trouble) if isinstance(trouble, JournalTrouble) else DEFECT)
        self.complain(trouble)

    def _closed(self, words: str) -> None:
        if words:
            self._take_back = self.say(words)
        for sending in self._sending():
            self.sent.emit(sending.strategy_id)

    def _sending(self) -> list[Strategy]:
        """What was recorded since the review opened: it is looked at next, whether or not an answer has come."""
        return [found for found in self._desk.state.strategies if found.strategy_id not in self._known]


def _nothing() -> None:
    """Nothing was said yet."""
