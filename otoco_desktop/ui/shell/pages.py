"""Plan or Strategies: which page the window shows, and the way from one to the other.

The Strategies page is imported and built when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QBoxLayout, QWidget

from otoco_desktop.domain.errors import JournalTrouble
from otoco_desktop.domain.finding import Field
from otoco_desktop.ui.shell import memory

if TYPE_CHECKING:
    from otoco_desktop.domain.draft import OtocoDraft
    from otoco_desktop.domain.strategy import Strategy
    from otoco_desktop.ui.history.view import HistoryPage
    from otoco_desktop.ui.shell.exits import Exits
    from otoco_desktop.ui.shell.pasting import Pasting
    from otoco_desktop.ui.shell.presetting import Presetting
    from otoco_desktop.ui.shell.window import MainWindow, Surface

KEPT_PAGE = "page"
KEPT_COLUMNS = "history columns"
PLANNED_AGAIN = "{label} is typed in as a new plan. Nothing has been sent."
NOT_TRADED_HERE = "{symbol} is not traded here any more, so {label} cannot be planned again."


class Name(StrEnum):
    """The pages, in the order of their switch."""

    PLAN = "plan"
    STRATEGIES = "strategies"


NAMES = tuple(Name)


class Pages(QObject):
    """Belongs to one window, and places the page beside its plan page."""

    def __init__(self, window: MainWindow, rows: QBoxLayout, surface: Surface) -> None:
        super().__init__(window)
        self._window = window
        self._rows = rows
        self._surface = surface
        self._history: HistoryPage | None = None
        self._left: Field | None = None
        self._pasting: Pasting | None = None
        self._presetting: Presetting | None = None
        self._exits: Exits | None = None
        window.top_bar.pages.chosen.connect(lambda at: self.show(NAMES[at]))

    @property
    def shown(self) -> Name:
        is_history = self._history is not None and not self._history.isHidden()
        return Name.STRATEGIES if is_history else Name.PLAN

    @property
    def history(self) -> HistoryPage:
        """The Strategies page; built when it is first asked for."""
        if self._history is None:
            from otoco_desktop.ui.history.view import HistoryPage  # noqa: PLC0415 - its import is not for the start

            self._history = HistoryPage(self._window.desk, self._surface.spawn, None)
            self._history.hide()
            self._rows.insertWidget(self._rows.indexOf(self._window.page) + 1, self._history, 1)
            self._connect(self._history)
            self._history.take_choices(self._surface.store.get(KEPT_COLUMNS))
            memory.recall_splitter(self._surface.store, self._history.splitter)
            self._order_tabs(self._history)
        return self._history

    @property
    def pasting(self) -> Pasting:
        """Plans that come as text; built with what the first paint did without."""
        if self._pasting is None:
            from otoco_desktop.ui.shell.pasting import Pasting  # noqa: PLC0415 - its import is not for the start

            self._pasting = Pasting(self._window, self._surface.spawn)
        return self._pasting

    @property
    def presetting(self) -> Presetting:
        """Presets and the last plan; built with what the first paint did without."""
        if self._presetting is None:
            from otoco_desktop.ui.shell.presetting import Presetting  # noqa: PLC0415 - its import is not for the start

            self._presetting = Presetting(self._window, self._surface.spawn)
        return self._presetting

    @property
    def exits(self) -> Exits:
        """Removing and moving one exit; built with what the first paint did without."""
        if self._exits is None:
            from otoco_desktop.ui.shell.exits import Exits  # noqa: PLC0415 - its import is not for the start

            self._exits = Exits(self._window, self._surface.spawn)
        return self._exits

    def begun(self, draft: OtocoDraft) -> OtocoDraft:
        """A new plan, with the preset for new plans where the pair has one."""
        return draft if self._presetting is None else self._presetting.begun(draft)

    def _connect(self, page: HistoryPage) -> None:
        window = self._window
        page.duplicate_requested.connect(self.plan_again)
        page.export_requested.connect(window.support.export)
        page.cancel_requested.connect(window.cancel)
        page.noted.connect(self._note)
        page.check_requested.connect(window.check_now)
        page.settled.connect(window.settle)
        page.new_plan_requested.connect(window.new_plan)
        page.failed.connect(window.support.failed)
        page.chosen_changed.connect(self.remember)
        self.exits.join(page.detail.exits)

    def _order_tabs(self, page: HistoryPage) -> None:
        for first, second in pairwise(page.tab_stops()):
            QWidget.setTabOrder(first, second)

    # Which page

    def show(self, name: Name) -> None:
        """Show this page from now on; remembered."""
        self._window.top_bar.pages.choose(NAMES.index(name))
        if name is self.shown:
            return
        if name is Name.STRATEGIES:
            self._show_history(self.history)
        else:
            self.history.hide()
            self._window.page.show()
            self._window.page.ticket.focus_field(self._left or Field.ENTRY)
        self._surface.store.put(KEPT_PAGE, name.value)

    def _show_history(self, page: HistoryPage) -> None:
        self._left = self._window.page.ticket.focused_field()
        self._window.page.hide()
        page.show_desk(self._window.desk.state)
        page.close_cancel(self._window.account.closed_reason)
        page.show()
        page.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def recall(self) -> None:
        """The page of the last time, and the commands for pasted plans."""
        _ = self.pasting, self.presetting, self.exits
        self._window.top_bar.picker.take(self._surface.store, self._surface.spawn)
        if self._surface.store.get(KEPT_PAGE) == Name.STRATEGIES.value:
            self.show(Name.STRATEGIES)

    def remember(self) -> None:
        """Keep the columns, and where the page is divided."""
        if self._history is not None:
            self._surface.store.put(KEPT_COLUMNS, self._history.table.choices.text())
            memory.remember_splitter(self._surface.store, self._history.splitter)

    def on_plan(self, act: Callable[[], object]) -> Callable[[], None]:
        """The act of the plan page, which first comes into sight."""

        def go() -> None:
            self.show(Name.PLAN)
            act()

        return go

    def seen_on_plan(self, act: Callable[[], object]) -> Callable[[], None]:
        """The act of the plan page, done only where the plan is in sight; else it comes into sight and no more."""
        return lambda: act() if self.shown is Name.PLAN else self.show(Name.PLAN)  # type: ignore[return-value]

    # What the desk tells

    def show_desk(self) -> None:
        """Strategies, marks, or the lock have news; a page out of sight takes them when it is shown."""
        if self._history is not None and self.shown is Name.STRATEGIES:
            self._history.show_desk(self._window.desk.state)
            self._history.close_cancel(self._window.account.closed_reason)

    def show_strategy(self, strategy: Strategy) -> None:
        """One strategy is new or different."""
        if self._history is not None:
            self._history.show_strategy(strategy)

    # Asked for by keys and presses

    def search(self) -> None:
        self.show(Name.STRATEGIES)
        self.history.focus_search()

    def cancel_selected(self) -> None:
        """Ask before cancelling the strategy that is selected on the page in sight."""
        if self.shown is Name.STRATEGIES:
            self.history.ask_cancel()
        else:
            self._window.complete().strategies.ask_cancel()

    def move_exit(self) -> None:
        """Move the stop or the target of the strategy that is selected on the page in sight."""
        self.exits.ask_move()

    def remove_exit(self) -> None:
        """Ask before removing the stop or the target of the strategy that is selected on the page in sight."""
        self.exits.ask_remove()

    def duplicate_selected(self) -> None:
        """Plan again what is selected on the page in sight."""
        if self.shown is Name.STRATEGIES:
            self.history.duplicate()
        elif (strategy := self._window.complete().strategies.selected_strategy) is not None:
            self.plan_again(strategy)

    def export(self) -> None:
        """What is listed here, or what is at hand."""
        if self.shown is Name.STRATEGIES:
            self.history.export()
        else:
            self._window.support.export()

    def plan_again(self, strategy: Strategy) -> None:
        """Type the strategy's plan into the ticket; sending it is another matter."""
        from otoco_desktop.domain.again import draft_of  # noqa: PLC0415 - its import is not for the start

        window, symbol = self._window, strategy.intent.order.instrument
        state = window.desk.state
        if state.instruments and symbol not in {known.symbol for known in state.instruments}:
            window.toasts.say(NOT_TRADED_HERE.format(symbol=symbol, label=strategy.label))
            return
        self.show(Name.PLAN)
        if state.instrument is None or state.instrument.symbol != symbol:
            window.choose_instrument(symbol)
        window.presenter.load(draft_of(strategy))
        window.toasts.say(PLANNED_AGAIN.format(label=strategy.label))

    def _note(self, strategy_id: str, tag: str, note: str) -> None:
        self._surface.spawn(self._window.desk.note(strategy_id, tag, note), self._not_noted)

    def _not_noted(self, trouble: Exception) -> None:
        """The boxes keep what was typed."""
        self._window.support.failed(
            JournalTrouble(f"The note was not saved. {trouble}") if isinstance(trouble, JournalTrouble) else trouble
        )
