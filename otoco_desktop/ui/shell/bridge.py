"""The one listener of the desk that emits signals; everything else of the window listens to these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from otoco_desktop.app.state import DeskPort, DeskState
from otoco_desktop.domain.market import Quote

if TYPE_CHECKING:
    from otoco_desktop.domain.strategy import Strategy


class Bridge(QObject):
    """Turns each announcement of the desk into a signal, in the same call."""

    state = Signal(object)
    quote = Signal(object)
    strategy = Signal(object)

    def __init__(self, desk: DeskPort, parent: QObject | None = None) -> None:
        super().__init__(parent)
        desk.listen(self)

    def desk_changed(self, state: DeskState) -> None:
        self.state.emit(state)

    def quote_changed(self, quote: Quote) -> None:
        self.quote.emit(quote)

    def strategy_changed(self, strategy: Strategy) -> None:
        self.strategy.emit(strategy)
