"""The one listener of the desk that emits signals; everything else of the window listens to these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, Signal

from otoco_desktop.app.state import DeskPort, DeskState
from otoco_desktop.domain.market import Quote

if TYPE_CHECKING:
    from otoco_desktop.domain.strategy import Strategy

CREDIT_MS, CHANGE_MS = 2_000, 100
"""Twenty changes are shown at once each by itself, and ten a second for as long as it takes."""


class Bridge(QObject):
    """Turns each announcement of the desk into a signal, in the same call."""

    state = Signal(object)
    quote = Signal(object)
    strategy = Signal(object)

    def __init__(self, desk: DeskPort, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._credit_ms = CREDIT_MS
        self._since = QElapsedTimer()
        self._since.start()
        desk.listen(self)

    def shows_at_once(self) -> bool:
        """Whether to show a change of a strategy now; in a flood of them the window's next beat shows them all."""
        self._credit_ms = min(CREDIT_MS, self._credit_ms + self._since.restart())
        if self._credit_ms < CHANGE_MS:
            return False
        self._credit_ms -= CHANGE_MS
        return True

    def desk_changed(self, state: DeskState) -> None:
        self.state.emit(state)

    def quote_changed(self, quote: Quote) -> None:
        self.quote.emit(quote)

    def strategy_changed(self, strategy: Strategy) -> None:
        self.strategy.emit(strategy)
