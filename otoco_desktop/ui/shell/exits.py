"""Removing and moving one exit of the selected strategy: asked on the page in sight, sent once, followed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from otoco_desktop.domain.errors import JournalTrouble, KeyLocked
from otoco_desktop.domain.market import Light
from otoco_desktop.domain.order import LegRole
from otoco_desktop.settings import Environment
from otoco_desktop.ui.shell.pages import Name

if TYPE_CHECKING:
    from otoco_desktop.domain.strategy import Strategy
    from otoco_desktop.ui.moving.presenter import Around, Move
    from otoco_desktop.ui.moving.sheet import MoveSheet
    from otoco_desktop.ui.shell.runtime import Spawn
    from otoco_desktop.ui.shell.window import MainWindow
    from otoco_desktop.ui.strategies.exit_asks import ExitAsks


class Exits(QObject):
    """Belongs to one window. The sheet for moving is built when it is first asked for."""

    def __init__(self, window: MainWindow, spawn: Spawn) -> None:
        super().__init__(window)
        self._window = window
        self._spawn = spawn
        self._sheet: MoveSheet | None = None
        self.join(window.page.strategies.exits)

    def join(self, asks: ExitAsks) -> None:
        """Do what is asked for there."""
        asks.removal_confirmed.connect(self._remove)
        asks.move_chosen.connect(self.open)
        asks.told.connect(self._window.toasts.say)

    @property
    def _asks(self) -> ExitAsks:
        """The questions of the page in sight."""
        pages = self._window.pages
        return pages.history.detail.exits if pages.shown is Name.STRATEGIES else self._window.page.strategies.exits

    def ask_move(self) -> None:
        """Move the chosen exit, or let the trader choose which."""
        self._asks.ask_move()

    def ask_remove(self) -> None:
        """Ask before removing the chosen exit, or let the trader choose which."""
        self._asks.ask_remove()

    # Removing

    def _remove(self, strategy_id: str, role: LegRole) -> None:
        self._spawn(self._window.desk.cancel_leg(strategy_id, role), self._window.support.failed)

    # Moving

    @property
    def sheet(self) -> MoveSheet:
        """The sheet; built when it is first asked for."""
        if self._sheet is None:
            from otoco_desktop.ui.moving.sheet import MoveSheet  # noqa: PLC0415 - its import is not for the start

            window = self._window
            self._sheet = made = MoveSheet(window, self._around, window.desk.now_ms)
            made.move_requested.connect(self._move)
            made.pair_requested.connect(window.choose_instrument)
            made.said.connect(window.toasts.say)
            window.bridge.strategy.connect(made.follow)
            window.bridge.quote.connect(lambda _quote: made.refresh())
        return self._sheet

    def open(self, strategy_id: str, role: LegRole) -> None:
        """Show the sheet for this exit."""
        strategy = self._find(strategy_id)
        if strategy is not None and not self.sheet.is_open:
            environment = Environment(self._window.desk.state.environment.lower())
            self.sheet.open_for(strategy, role, environment)

    def _find(self, strategy_id: str) -> Strategy | None:
        strategies = self._window.desk.state.strategies
        return next((found for found in strategies if found.strategy_id == strategy_id), None)

    def _around(self, strategy: Strategy) -> Around:
        """The market of the strategy's own pair, of which only the chosen one's prices are followed."""
        from otoco_desktop.ui.moving.presenter import Around  # noqa: PLC0415 - its import is not for the start

        desk, symbol = self._window.desk, strategy.intent.order.instrument
        market, state = desk.surroundings(), desk.state
        if market.instrument is None or market.instrument.symbol != symbol:
            listed = next((each for each in state.instruments if each.symbol == symbol), None)
            market = replace(market, instrument=listed, quote=None)
        offline = state.connection.rest is Light.DOWN
        return Around(market, desk.now_ms(), self._window.account.closed_reason, offline=offline, live=state.live)

    def _move(self, move: Move) -> None:
        self._spawn(self._send(move), lambda trouble: self._failed(move, trouble))

    async def _send(self, move: Move) -> None:
        await self._window.desk.move(move.strategy_id, move.role, move.trigger, move.price)
        strategy = self._find(move.strategy_id)
        if strategy is not None:
            self.sheet.follow(strategy)
        self.sheet.sent(move)

    def _failed(self, move: Move, trouble: Exception) -> None:
        """What was typed stays where the sheet is still open."""
        self.sheet.failed(move, str(trouble) if isinstance(trouble, JournalTrouble | KeyLocked) else "")
        self._window.support.failed(trouble)
