"""The strategies panel: what is listed, the table, and the way to cancel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from otoco_desktop.domain.headline import headline
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.strategies.audit_bar import AuditBar
from otoco_desktop.ui.strategies.exit_asks import ExitAsks, row_menu
from otoco_desktop.ui.strategies.freshness import NOW, Freshness
from otoco_desktop.ui.strategies.question import QuestionSheet
from otoco_desktop.ui.strategies.rows import Show
from otoco_desktop.ui.strategies.state import Question, TableBuilder, TableState, cancel_question, why_no_cancel
from otoco_desktop.ui.strategies.table import StrategiesTable
from otoco_desktop.ui.widgets.announcer import Announcer
from otoco_desktop.ui.widgets.buttons import Button, Kind
from otoco_desktop.ui.widgets.labels import label
from otoco_desktop.ui.widgets.panel import Panel, PanelHeader, column
from otoco_desktop.ui.widgets.segments import Segments
from otoco_desktop.ui.widgets.tips import tip

SHOWS = tuple(Show)


class StrategiesPanel(Panel):
    """Open, today's or all strategies. ``selected`` and ``cancel_requested`` carry a strategy id."""

    selected = Signal(str)
    cancel_requested = Signal(str)
    new_plan_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Token.BG1, parent)
        self._builder = TableBuilder()
        self._strategies: tuple[Strategy, ...] = ()
        self._marks: Mapping[str, Decimal] = {}
        self._now_ms = 0
        self._held: frozenset[str] = frozenset()
        self._said: dict[str, tuple[str, str]] = {}
        self._closed = ""
        self._announcer = Announcer(self, lambda: self._now_ms)
        self.table = StrategiesTable()
        self.audit = AuditBar()
        self.sheet = QuestionSheet()
        self.segments = Segments([f"{show} 0" for show in SHOWS], "Strategies shown")
        self.cancel_button = Button("Cancel strategy", Kind.SMALL_DANGER)
        self.new_plan_button = Button("New plan")
        self.empty = label("", Role.BODY, Token.TEXT2, wrap=True)
        self._build()
        self._connect()
        self.segments.choose(SHOWS.index(Show.TODAY))

    def _build(self) -> None:
        header = PanelHeader("Strategies")
        header.add_left(self.segments)
        header.add(self.cancel_button)
        outer = column(self)
        outer.addWidget(header)
        outer.addWidget(self.sheet)
        self.exits = ExitAsks(self.sheet, outer, lambda: self.table.chosen_exit)
        body = QWidget()
        self._stack = QStackedLayout(body)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty_page())
        outer.addWidget(body, 1)
        outer.addWidget(self.audit)

    def _empty_page(self) -> QWidget:
        page = QWidget()
        box = QVBoxLayout(page)
        box.setContentsMargins(40, 20, 40, 20)
        box.setSpacing(12)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box.addStretch(1)
        box.addWidget(self.empty)
        box.addWidget(self.new_plan_button, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(1)
        return page

    def _connect(self) -> None:
        self.segments.chosen.connect(self._show_chosen)
        self.cancel_button.clicked.connect(self.ask_cancel)
        self.table.cancel_pressed.connect(self.ask_cancel)
        self.table.remove_pressed.connect(self.exits.ask_remove)
        self.table.menu_requested.connect(self._open_menu)
        self.table.picked.connect(self._picked)
        self.sheet.confirmed.connect(self._confirmed)
        self.sheet.closed.connect(self._question_closed)
        self.exits.strip.closed.connect(self._question_closed)
        self.new_plan_button.clicked.connect(self.new_plan_requested)

    def is_alarming(self, strategy: Strategy) -> bool:
        """Whether something it bought may have no stop; answered once for as long as it is the same."""
        return self._builder.is_alarming(strategy)

    @property
    def show_choice(self) -> Show:
        """What is listed."""
        return SHOWS[self.segments.index]

    def choose(self, show: Show) -> None:
        """List this from now on."""
        self.segments.choose(SHOWS.index(show))
        self._show_chosen()

    @property
    def selected_strategy(self) -> Strategy | None:
        """The selected strategy as last rendered, listed or not."""
        return next((found for found in self._strategies if found.strategy_id == self.table.selected), None)

    def select(self, strategy_id: str) -> None:
        """Select a strategy, for one that was just sent; says nothing."""
        self.table.select(strategy_id)
        self._follow_selection()

    def render(  # type: ignore[override]  # Qt draws into a device by it
        self, strategies: Sequence[Strategy], marks: Mapping[str, Decimal], now_ms: int, fresh: Freshness = NOW
    ) -> None:
        """Show these, newest first. ``marks`` holds mark prices by instrument; ``now_ms`` is the wall clock."""
        self._builder.take_freshness(fresh)
        self._strategies, self._marks, self._now_ms = tuple(strategies), marks, now_ms
        self._announce()
        self._refresh()

    def _refresh(self) -> None:
        listed = frozenset(row.strategy_id for row in self.table.rows.rows)
        self._held = listed if self.table.is_in_use else frozenset()
        state = self._builder.build(self._strategies, self._marks, self.show_choice, self._now_ms, self._held)
        self._show_counts(state)
        self.table.show_rows(state.rows, state.result_header)
        self.empty.show_text(state.empty)
        self.new_plan_button.setVisible(state.offers_new_plan)
        self._stack.setCurrentIndex(1 if state.empty else 0)
        self._follow_selection()

    def _announce(self) -> None:
        """Say the worst, then newest, of what changed since the last time; the first time nothing is news."""
        now = {found.strategy_id: self._builder.words(found) for found in self._strategies}
        before, self._said = self._said, now
        news = [found for found in self._strategies if before.get(found.strategy_id) != now[found.strategy_id]]
        if before and news:
            news.sort(key=lambda found: not self._builder.is_alarming(found))
            self._announcer.say(f"{news[0].label}: {self._news(news[0], before)}")
        else:
            self._announcer.flush()

    def _news(self, strategy: Strategy, before: Mapping[str, tuple[str, str]]) -> str:
        """What became of an exit of which something was asked, or where the strategy stands."""
        state, exits = self._builder.words(strategy)
        same = before.get(strategy.strategy_id, ("", ""))[0] == state
        return exits if same and exits else headline(strategy)

    def _show_counts(self, state: TableState) -> None:
        for at, show in enumerate(SHOWS):
            words = f"{show} {state.counts.of(show)}"
            button = self.segments.button(at)
            if button.text() != words:
                self.segments.set_text(at, words)

    def _show_chosen(self, _index: int = 0) -> None:
        self._held = frozenset()
        state = self._builder.build(self._strategies, self._marks, self.show_choice, self._now_ms)
        self.table.show_rows(state.rows, state.result_header)
        self._refresh()

    def _picked(self, strategy_id: str) -> None:
        self._follow_selection()
        self.selected.emit(strategy_id)

    def _follow_selection(self) -> None:
        """The cancel button and its question belong to the selected strategy only."""
        strategy = self.selected_strategy
        reason = why_no_cancel(strategy) or self._closed
        if self.cancel_button.isEnabled() != (not reason):
            self.cancel_button.setEnabled(not reason)
        if self.cancel_button.accessibleDescription() != reason:
            self.cancel_button.setAccessibleDescription(reason)
            self.cancel_button.setToolTip(tip(reason))
        self.exits.follow(strategy, self._closed)

    def close_cancel(self, reason: str) -> None:
        """Nothing can be cancelled for this reason; empty when it is over."""
        if reason != self._closed:
            self._closed = reason
            self._follow_selection()

    def ask_cancel(self) -> None:
        """Ask before cancelling the selected strategy, if it can be cancelled."""
        strategy = self.selected_strategy
        if strategy is not None and not (why_no_cancel(strategy) or self._closed):
            self.sheet.ask(cancel_question(strategy))

    def _confirmed(self, question: Question) -> None:
        if question.role is None:
            self.cancel_requested.emit(question.strategy_id)

    def _open_menu(self, at: QPoint) -> None:
        """What can be done to the selected strategy."""
        menu = row_menu(self, self.exits, self.cancel_button)
        menu.popup(at)

    def _question_closed(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
