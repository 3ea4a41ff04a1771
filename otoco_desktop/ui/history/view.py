"""The Strategies page: renders the presenter's states, reads the history in the background, decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Protocol

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from otoco_desktop.app.state import DeskState
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.ui.foreign import foreign
from otoco_desktop.ui.history import words
from otoco_desktop.ui.history.detail_view import DetailPanel
from otoco_desktop.ui.history.filter_bar import FilterBar
from otoco_desktop.ui.history.presenter import HistoryPresenter
from otoco_desktop.ui.history.rows import Frame
from otoco_desktop.ui.history.source import A_TIME, HistoryPort, Ledger
from otoco_desktop.ui.history.state import HistoryState
from otoco_desktop.ui.history.strip import StatisticsStrip
from otoco_desktop.ui.history.table import HistoryTable
from otoco_desktop.ui.shell.runtime import Spawn
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.strategies.exit_asks import row_menu
from otoco_desktop.ui.strategies.rows import exits_spoken
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.announcer import Announcer
from otoco_desktop.ui.widgets.buttons import Button
from otoco_desktop.ui.widgets.panel import Panel, column
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import link, plain, text_of
from otoco_desktop.ui.widgets.splitter import Splitter

SIZES = [880, 480]
TABLE_LEAST, DETAIL_LEAST, DETAIL_MOST = 500, 440, 640
SHOWN_EVERY = 8 * A_TIME
SETTLE_MS = 500
"""So long after news everything is sorted and counted again."""

EMPTY_MOST, EMPTY_SPARE = 420, 8
STRIP_MS = 30
"""The figures follow a key by this much, so that its rows are painted first."""


class HistoryDesk(HistoryPort, Protocol):
    """What the page may ask of the desk."""

    def now_ms(self) -> int: ...


class HistoryPage(QWidget):
    """``chosen_changed`` says that columns, sorting or rows are to be remembered. Signals carry strategies or ids."""

    duplicate_requested = Signal(object)
    export_requested = Signal(object)
    cancel_requested = Signal(str)
    noted = Signal(str, str, str)
    check_requested = Signal()
    settled = Signal(str, str)
    new_plan_requested = Signal()
    chosen_changed = Signal()
    failed = Signal(object)

    def __init__(self, desk: HistoryDesk, spawn: Spawn, zone: tzinfo | None) -> None:
        super().__init__()
        self._desk = desk
        self._spawn = spawn
        self._reading = False
        self._with_coin = False
        self.presenter = HistoryPresenter(Ledger(), desk.now_ms, zone)
        self.bar = FilterBar()
        self.table = HistoryTable()
        self.strip = StatisticsStrip()
        self.detail = DetailPanel()
        self.splitter = Splitter(Qt.Orientation.Horizontal, "history")
        self.empty = Sentence()
        self.new_plan_button = Button("New plan")
        self._announcer = Announcer(self.table, desk.now_ms)
        self._later = QTimer(self, interval=STRIP_MS, singleShot=True)
        self._settling = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._stale = True
        self._build()
        self._connect()

    def _build(self) -> None:
        outer = column(self)
        outer.addWidget(self.bar)
        outer.addWidget(self.splitter, 1)
        for at, part in enumerate((self._left(), self.detail)):
            self.splitter.addWidget(part)
            self.splitter.setStretchFactor(at, 1 - at)
        self.detail.setMinimumWidth(DETAIL_LEAST)
        self.detail.setMaximumWidth(DETAIL_MOST)
        self.splitter.setSizes(SIZES)

    def _left(self) -> QWidget:
        left = Panel(Token.BG1)
        lines = column(left)
        body = QWidget()
        self._stack = QStackedLayout(body)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty_page())
        lines.addWidget(body, 1)
        lines.addWidget(self.strip)
        left.setMinimumWidth(TABLE_LEAST)
        return left

    def _empty_page(self) -> QWidget:
        page = QWidget()
        box = QVBoxLayout(page)
        box.setContentsMargins(40, 20, 40, 20)
        box.setSpacing(12)
        box.addStretch(1)
        box.addWidget(self.empty, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addWidget(self.new_plan_button, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(1)
        return page

    def _connect(self) -> None:
        bar, presenter = self.bar, self.presenter
        bar.searched.connect(lambda text: self._show(presenter.search(text)))
        bar.group_chosen.connect(lambda group: self._show(presenter.choose_group(group)))
        bar.instrument_chosen.connect(lambda name: self._show(presenter.choose_instrument(name)))
        bar.period_chosen.connect(lambda period: self._show(presenter.choose_period(period)))
        bar.legs_chosen.connect(self._choose_legs)
        bar.search.left.connect(lambda: self.table.setFocus(Qt.FocusReason.TabFocusReason))
        bar.export_button.clicked.connect(self.export)
        self.empty.link_activated.connect(lambda _name: self.clear_filters())
        self.new_plan_button.clicked.connect(self.new_plan_requested)
        self._later.timeout.connect(self.show_strip)
        self._settling.timeout.connect(self.refresh)
        self._connect_table()
        self._connect_detail()

    def _connect_table(self) -> None:
        self.table.picked.connect(self._picked)
        self.table.sorted_by.connect(self._sort)
        self.table.cancel_pressed.connect(self.ask_cancel)
        self.table.remove_pressed.connect(self.detail.exits.ask_remove)
        self.table.menu_requested.connect(self._open_menu)
        self.table.choices_changed.connect(self.chosen_changed)

    def _connect_detail(self) -> None:
        detail = self.detail
        detail.duplicate_requested.connect(lambda _id: self.duplicate())
        detail.export_requested.connect(lambda _id: self._export_shown())
        detail.cancel_requested.connect(self.cancel_requested)
        detail.noted.connect(self.noted)
        detail.check_requested.connect(self.check_requested)
        detail.settled.connect(self.settled)
        for strip in (detail.sheet, detail.exits.strip):
            strip.closed.connect(lambda: self.table.setFocus(Qt.FocusReason.OtherFocusReason))

    def tab_stops(self) -> list[QWidget]:
        """Everything Tab visits here, in its order."""
        return [*self.bar.tab_stops(), self.table, self.empty, self.new_plan_button, *self.detail.tab_stops()]

    def showEvent(self, event: QShowEvent) -> None:  # Qt's name
        super().showEvent(event)
        self._later.start()

    def hideEvent(self, event: QHideEvent) -> None:  # Qt's name
        self._later.stop()
        if self._settling.isActive():
            self._settling.stop()
            self._stale = True
        super().hideEvent(event)

    # What the desk tells

    def show_desk(self, desk: DeskState) -> None:
        """Take what is at hand, and begin to read the rest once there is a desk to read from."""
        quote = desk.quote
        marks = {quote.instrument: quote.mark} if quote is not None and quote.mark is not None else {}
        moved = marks != self.presenter.marks
        self.presenter.take_marks(marks)
        if self.presenter.ledger.take_strategies(desk.strategies) or self._stale:
            self.refresh()
        elif moved:
            self.table.rows.show_marks(self._frame())
        self._announcer.flush()
        if desk.gate != DeskState("").gate:
            self._read_on()

    def show_strategy(self, strategy: Strategy) -> None:
        """One strategy is new or different; sorting and figures follow a little later, out of its way."""
        ledger = self.presenter.ledger
        if not ledger.take_strategies([strategy]):
            return
        if not self.isVisible():
            self._stale = True
            return
        self._show(self.presenter.take_news(ledger.record(strategy.strategy_id)))
        self._follow_selection()
        self._settling.start()
        said = ". ".join(filter(None, (self._look(strategy), exits_spoken(strategy))))
        self._announcer.say(f"{strategy.label}: {said}")

    def _look(self, strategy: Strategy) -> str:
        found = self.presenter.find(strategy.strategy_id)
        return found.look.text if found is not None else ""

    def refresh(self) -> None:
        """Show the ledger as it is now; what is under the pointer keeps its place."""
        self._stale = False
        self._show(self.presenter.take(held=self.table.is_in_use))
        self._follow_selection()

    def _read_on(self) -> None:
        if not self._reading and not self.presenter.ledger.is_complete:
            self._reading = True
            self._spawn(self._read(), self._unread)

    async def _read(self) -> None:
        """Page by page, until everything is known."""
        ledger = self.presenter.ledger
        while not ledger.is_complete:
            query = ledger.next_query
            complete = ledger.take_page(await self._desk.history(query))
            if complete or query.offset % SHOWN_EVERY == 0:
                self.refresh()
        self._reading = False

    def _unread(self, trouble: Exception) -> None:
        """The next news of the desk tries again."""
        self._reading = False
        self.failed.emit(trouble)

    # What the presenter says

    def _frame(self) -> Frame:
        return Frame(self.presenter.zone, self._with_coin, self.presenter.marks)

    def _show(self, state: HistoryState) -> None:
        self._with_coin = state.with_coin
        self.bar.show_state(state)
        self.table.show_state(state, self._frame())
        self._show_empty(state)
        if self.isVisible():
            self._later.start()

    def _show_empty(self, state: HistoryState) -> None:
        spans = [plain(foreign(state.empty))]
        if state.offers_clear:
            spans = [plain(f"{foreign(state.empty)} "), link(words.CLEAR_FILTERS, "clear")]
        self.empty.set_spans(spans if state.empty else ())
        self.empty.setFixedWidth(min(EMPTY_MOST, round(paint.width(text_of(spans), Role.BODY)) + EMPTY_SPARE))
        self.new_plan_button.setVisible(state.offers_new_plan)
        self.bar.export_button.setEnabled(bool(state.listed))
        self._stack.setCurrentIndex(1 if state.empty else 0)

    def show_strip(self) -> None:
        """The figures of what is listed, now."""
        self.strip.show_state(self.presenter.strip())

    def _choose_legs(self, with_legs: bool) -> None:
        self.table.choices.with_legs = with_legs
        self.table.show_legs(with_legs)
        self.chosen_changed.emit()

    def _sort(self, column: object) -> None:
        self._show(self.presenter.press_header(column))  # type: ignore[arg-type]  # a signal's object
        self.table.choices.order = self.presenter.order
        self.chosen_changed.emit()

    def take_choices(self, kept: str | None) -> None:
        """Columns, sorting and rows as they were left."""
        choices = self.table.choices
        choices.take_text(kept)
        self.bar.rows.choose(1 if choices.with_legs else 0)
        self.table.show_legs(choices.with_legs)
        self._show(self.presenter.sort(choices.order))

    # The selected one

    def select(self, strategy_id: str) -> None:
        """Look at this strategy, listed or not."""
        self.table.select(strategy_id)
        self._picked(strategy_id)

    def _follow_selection(self) -> None:
        """The first row is looked at until another is picked; what is looked at follows its news."""
        if not self.table.selected and self.table.rows.rowCount():
            self.table.select(self.table.rows.rows[0].strategy_id)
        self._picked(self.table.selected)

    def _picked(self, strategy_id: str) -> None:
        at_hand = self.presenter.ledger.at_hand(strategy_id)
        if at_hand is not None or not strategy_id:
            self.detail.render(at_hand)
        elif self.detail.strategy is None or self.detail.strategy.strategy_id != strategy_id:
            self._spawn(self._fetch(strategy_id), self._not_fetched)

    async def _fetch(self, strategy_id: str) -> None:
        strategy = await self._desk.strategy(strategy_id)
        if self.table.selected == strategy_id:
            self.detail.render(strategy)

    def _not_fetched(self, trouble: Exception) -> None:
        self.detail.render(None)
        self.failed.emit(trouble)

    def _open_menu(self, at: QPoint) -> None:
        """What can be done to the selected strategy, and the columns."""
        menu = row_menu(self, self.detail.exits, self.detail.cancel_button)
        menu.addSeparator()
        columns = self.table.columns_menu()
        menu.addMenu(columns)
        menu.aboutToHide.connect(columns.deleteLater)
        menu.popup(at)

    def close_cancel(self, reason: str) -> None:
        """Nothing can be cancelled for this reason; empty when it is over."""
        self.detail.close_cancel(reason)

    def ask_cancel(self) -> None:
        """Ask before cancelling the selected strategy."""
        self.detail.ask_cancel()

    def duplicate(self) -> None:
        """Ask for a new plan like the selected strategy."""
        if self.detail.strategy is not None:
            self.duplicate_requested.emit(self.detail.strategy)

    # Export

    def export(self) -> None:
        """Export what is listed, in its order."""
        listed = [record.strategy_id for record in self.presenter.listed]
        if listed:
            self._spawn(self._gather(listed), self.failed.emit)

    def _export_shown(self) -> None:
        if self.detail.strategy is not None:
            self.export_requested.emit((self.detail.strategy,))

    async def _gather(self, strategy_ids: Sequence[str]) -> None:
        """What is not at hand is read first."""
        ledger = self.presenter.ledger
        found = [ledger.at_hand(each) or await self._desk.strategy(each) for each in strategy_ids]
        self.export_requested.emit(tuple(found))

    # Filters

    def focus_search(self) -> None:
        """Put the keyboard into the search box, its words selected."""
        self.bar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.bar.search.selectAll()

    def clear_filters(self) -> None:
        """List everything again."""
        self._show(self.presenter.clear_filters())
        self.focus_search()
