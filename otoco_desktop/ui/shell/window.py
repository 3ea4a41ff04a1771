"""The main window: places the parts, turns keys and presses into questions to the desk, and shows the answers."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from otoco_desktop.app.state import DeskPort, DeskState
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.verdict import Verdict
from otoco_desktop.ui import words
from otoco_desktop.ui.shell import icons, memory, state
from otoco_desktop.ui.shell.account import AccountFrame, AccountPorts
from otoco_desktop.ui.shell.bridge import Bridge
from otoco_desktop.ui.shell.charting import FAILED as CHART_FAILED
from otoco_desktop.ui.shell.charting import Charting, ChartParts
from otoco_desktop.ui.shell.help import Help
from otoco_desktop.ui.shell.looks import Looks
from otoco_desktop.ui.shell.memory import UiStore
from otoco_desktop.ui.shell.menus import Commands, Menus
from otoco_desktop.ui.shell.page import Page
from otoco_desktop.ui.shell.pages import Name, Pages
from otoco_desktop.ui.shell.review_flow import ReviewFlow
from otoco_desktop.ui.shell.runtime import Spawn
from otoco_desktop.ui.shell.status_bar import StatusBar
from otoco_desktop.ui.shell.support import Report, Support
from otoco_desktop.ui.shell.theme import Theme
from otoco_desktop.ui.shell.top_bar import TopBar
from otoco_desktop.ui.shell.trouble_strip import TroubleStrip
from otoco_desktop.ui.shell.walking import Walk
from otoco_desktop.ui.ticket.presenter import TicketPresenter
from otoco_desktop.ui.ticket.state import TicketState
from otoco_desktop.ui.widgets.panel import column
from otoco_desktop.ui.widgets.toast import ToastHost

if TYPE_CHECKING:
    from otoco_desktop.app.defects import Defects
    from otoco_desktop.domain.strategy import Strategy
    from otoco_desktop.ui.chart.view import ChartPanel
    from otoco_desktop.ui.shell.following import Following
    from otoco_desktop.ui.strategies.banner import UnknownBanner

COMPACT_BELOW = 1200
BEAT_MS = 100
CALM_BEATS = 5
ABOVE_STATUS = 32
STILL_SENDING = "Not while a plan is being sent. Wait for the exchange's answer, then switch."


@dataclass(frozen=True, slots=True)
class Surface:
    """What the window stands on: how to start work, what to remember, the theme; what it may offer.

    Without ``chart`` the window has none, without ``looks`` it keeps its own choice of them in its store.
    """

    spawn: Spawn
    store: UiStore
    theme: Theme
    offers_rehearsal: bool = False
    offers_environments: bool = False
    chart: ChartParts | None = None
    looks: Looks | None = None


class MainWindow(QMainWindow):
    """Shows one desk. The first attempt to close is only announced by ``closing``; ``close_now`` closes."""

    closing = Signal()
    rehearsal_requested = Signal()
    environment_page_requested = Signal()

    def __init__(self, desk: DeskPort, surface: Surface) -> None:
        super().__init__()
        self._desk = desk
        self._surface = surface
        self.looks = surface.looks or Looks(surface.theme, surface.store, self)
        self._environment = desk.state.environment.upper()
        self._may_close = False
        self._dirty = False
        self._beats = 0
        self._compact: bool | None = None
        self._make_parts()
        self._lay_out()
        self.menus = Menus(self, self._commands(), self.looks, live=self._environment == "LIVE")
        self._connect()
        memory.recall(surface.store, self, self.page.splitters())
        self._show_desk(desk.state)

    # Building

    def _make_parts(self) -> None:
        self.name_account("")
        self.presenter = TicketPresenter(self._desk)
        self.bridge = Bridge(self._desk, self)
        self.top_bar = TopBar(self._environment)
        self.trouble = TroubleStrip()
        self.page = Page(self._desk, self.presenter, with_chart=self._surface.chart is not None)
        self.chart = Charting(self.page, self._desk, self.presenter, self._surface.store)
        self.status = StatusBar(self._environment)
        self._beat = QTimer(self, interval=BEAT_MS)

    def _lay_out(self) -> None:
        body = QWidget()
        rows = column(body)
        self._rows = rows
        rows.addWidget(self.top_bar)
        rows.addWidget(self.trouble)
        rows.addWidget(self.page, 1)
        rows.addWidget(self.status)
        self.setCentralWidget(body)
        self.help = Help(self)
        self.toasts = ToastHost(body, self._desk.now_ms, ABOVE_STATUS)
        self.review = ReviewFlow(self, self._desk, self.presenter, self._surface.spawn)
        self.support = Support(self, rows, self._desk, self._surface.spawn, self.toasts)
        self.pages = Pages(self, rows, self._surface)
        self.walk = Walk(self)
        self.review.say = self.toasts.say
        self.review.complain = self._failed
        self.account = AccountFrame(self, self._desk, self._surface.spawn)

    def _commands(self) -> Commands:
        ticket, pages = self.page.ticket, self.pages
        return Commands(
            new_plan=self.new_plan,
            close=self.close,
            review=pages.seen_on_plan(self.review.open),
            fail_next=pages.on_plan(lambda: self.walk.go(1)),
            fail_previous=pages.on_plan(lambda: self.walk.go(-1)),
            focus_entry=pages.on_plan(lambda: ticket.focus_field(Field.ENTRY)),
            focus_quantity=pages.on_plan(lambda: ticket.focus_field(Field.QUANTITY)),
            focus_stop=pages.on_plan(lambda: ticket.focus_field(Field.STOP)),
            focus_target=pages.on_plan(lambda: ticket.focus_field(Field.TARGET)),
            focus_instrument=self.top_bar.picker.showPopup,
            move_exit=pages.move_exit,
            remove_exit=pages.remove_exit,
            cancel_selected=pages.cancel_selected,
            check=self.check_now,
            messages=self.show_messages,
            about=self.help.show_about,
            help_field=self.help.show_field,
            show_keys=self.help.show_keys,
            copy_report=self.support.copy_report,
            save_report=self.support.save_report,
            export=pages.export,
            show_plan=lambda: pages.show(Name.PLAN),
            show_strategies=lambda: pages.show(Name.STRATEGIES),
            search=pages.search,
            duplicate=pages.duplicate_selected,
            fit_chart=self.chart.fit,
            next_line=pages.on_plan(lambda: self.chart.walk(1)),
            previous_line=pages.on_plan(lambda: self.chart.walk(-1)),
            lock=self.account.lock,
            rehearse=self.rehearsal_requested.emit if self._surface.offers_rehearsal else None,
            environments=self.ask_environments if self._surface.offers_environments else None,
        )

    def _connect(self) -> None:
        page = self.page
        self.presenter.listen(self._plan_changed)
        self.bridge.state.connect(self._show_desk)
        self.bridge.quote.connect(self._mark_dirty)
        self.bridge.strategy.connect(self._strategy_changed)
        self.top_bar.instrument_chosen.connect(self.choose_instrument)
        page.completed.connect(self._take_in)
        if self._surface.offers_environments:
            self.top_bar.badge.offer_page()
            self.top_bar.badge.clicked.connect(self.ask_environments)
        page.submit.unlock_requested.connect(self.account.unlock)
        page.checks.field_requested.connect(page.ticket.focus_field)
        page.submit.review_requested.connect(self.review.open)
        page.checks.fix_requested.connect(self.presenter.apply)
        page.submit.first_error_requested.connect(self.walk.first)
        self.review.sent.connect(self._sent)
        self._surface.theme.changed.connect(self._retint)
        self._beat.timeout.connect(self._on_beat)

    def complete(self) -> Following:
        """Build what the first paint did without; the first beat does it at the latest."""
        return self.page.following

    def _take_in(self) -> None:
        following = self.page.following
        following.join(self, self._rows)
        following.strategies.cancel_requested.connect(self.cancel)
        following.strategies.new_plan_requested.connect(self.new_plan)
        following.timeline.check_requested.connect(self.check_now)
        following.timeline.settled.connect(self.settle)
        memory.recall_splitter(self._surface.store, following)
        following.show_desk(self._desk.state)
        following.strategies.close_cancel(self.account.closed_reason)
        self.pages.recall()
        self.setWindowIcon(icons.app_icon())
        if self._surface.chart is not None and self.isEnabled():
            self._surface.spawn(self.chart.bring(self._surface.chart, self._take_chart), self._without_chart)

    @property
    def desk(self) -> DeskPort:
        return self._desk

    def _take_chart(self, chart: ChartPanel) -> None:
        chart.set_compact(bool(self._compact))
        self.menus.offer_chart()

    def _without_chart(self, _trouble: Exception) -> None:
        """The log has why."""
        self.page.give_up_chart()
        self.toasts.complain(CHART_FAILED)

    @property
    def banner(self) -> UnknownBanner:
        return self.complete().banner

    def take_support(self, defects: Defects, report: Report | None = None) -> None:
        """Show these failures of the program from now on; ``report`` makes the text for whoever helps."""
        self.support.take(defects, report)

    # The account

    def take_account(self, ports: AccountPorts) -> None:
        """Show this account from now on; called once, when its parts are there."""
        self.account.take(ports)

    def name_account(self, name: str) -> None:
        """The title says program, environment and, where there is one, the account."""
        self.setWindowTitle(" – ".join(filter(None, (words.APP_NAME, self._environment, name))))

    def ask_environments(self) -> None:
        """Ask for the page of environments, unless something is being sent."""
        from otoco_desktop.domain.lifecycle import phase  # noqa: PLC0415 - its import is not for the start
        from otoco_desktop.domain.strategy import Phase  # noqa: PLC0415 - its import is not for the start

        sending = any(phase(found) is Phase.INTENT for found in self._desk.state.strategies)
        if sending or self.review.is_sending:
            self.toasts.say(STILL_SENDING)
        else:
            self.environment_page_requested.emit()

    # Asked for by keys and presses

    def new_plan(self) -> None:
        """An empty ticket, with the keyboard in the entry price."""
        self.pages.show(Name.PLAN)
        self.presenter.load(self.pages.begun(self.account.new_draft()))
        self.page.ticket.focus_field(Field.ENTRY)

    def check_now(self) -> None:
        """Ask the exchange about everything that is open."""
        self.support.check()

    def cancel_selected(self) -> None:
        """Ask before cancelling the selected strategy."""
        self.pages.cancel_selected()

    def cancel(self, strategy_id: str) -> None:
        """Ask the exchange to cancel it; the trader has been asked."""
        self._run(self._desk.cancel(strategy_id))

    def settle(self, strategy_id: str, words: str) -> None:
        """Record the trader's typed decision."""
        self._run(self._desk.settle(strategy_id, words))

    def _sent(self, strategy_id: str) -> None:
        self.complete().select(strategy_id)

    def choose_instrument(self, symbol: str) -> None:
        """Take this pair from now on."""
        self.top_bar.quotes.forget_widths()
        self._desk.select(symbol)

    def show_messages(self) -> None:
        """Everything the window has said since its start."""
        from otoco_desktop.ui.shell import dialogs  # noqa: PLC0415 - its import is not for the start

        dialogs.messages(self, self.toasts.log)

    def _retint(self) -> None:
        """Bound to the window, not to the menus, so that Qt forgets it together with the window."""
        self.menus.retint()
        if self.chart.panel is not None:
            self.chart.panel.retint()

    def _run(self, work: Coroutine[Any, Any, Any]) -> None:
        self._surface.spawn(work, self._failed)

    def _failed(self, trouble: Exception) -> None:
        """A sentence made for people is shown; anything else is a defect."""
        self.support.failed(trouble)

    # Shown when the desk or the ticket says so

    def _show_desk(self, desk: DeskState) -> None:
        self.top_bar.show_desk(desk)
        self._show_strategies()
        self.refresh()
        self.account.follow_desk()

    def _strategy_changed(self, strategy: Strategy) -> None:
        if not self.review.is_about_to_send(strategy):
            if self.bridge.shows_at_once():
                self.pages.show_strategy(strategy)
            self._show_strategies()
            self.review.follow(strategy)
        self._dirty = True

    def _show_strategies(self) -> None:
        if self.page.is_complete:
            self.page.following.show_desk(self._desk.state)
        self.pages.show_desk()

    def _plan_changed(self, _state: TicketState, verdict: Verdict) -> None:
        desk = self._desk.state
        self.page.render_plan(verdict, self.presenter.surroundings, desk.gate)
        self.menus.review.setEnabled(self.page.submit.button.isEnabled())

    def refresh(self) -> None:
        """Judge and show everything as of now."""
        self._dirty = False
        self.presenter.refresh()
        around = self.presenter.surroundings
        frame = state.build(self._desk.state, around.quote, around.now_ms, around.settings)
        self.top_bar.render_state(frame)
        self.trouble.show_trouble(frame.trouble, red=frame.is_behind)
        self.review.refresh()

    # The beat: clocks ten times a second, prices with it, ages twice a second

    def _mark_dirty(self, _quote: object) -> None:
        self._dirty = True

    def _on_beat(self) -> None:
        self.complete()
        self._show_times()
        self._beats = (self._beats + 1) % CALM_BEATS
        if self._dirty:
            self._show_strategies()
        if self._dirty or not self._beats:
            self.refresh()

    def _show_times(self) -> None:
        self.status.show_times(self._desk.now_ms(), self._desk.exchange_ms())

    def showEvent(self, event: QShowEvent) -> None:  # Qt's name
        super().showEvent(event)
        self._show_times()
        self._beat.start()
        if self.focusWidget() is None:
            self.page.ticket.focus_field(Field.ENTRY)

    def hideEvent(self, event: QHideEvent) -> None:  # Qt's name
        self._beat.stop()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        compact = event.size().width() < COMPACT_BELOW
        if compact is not self._compact:
            self._compact = compact
            self.top_bar.set_compact(compact)
            self.page.ticket.set_compact(compact)
            if self.chart.panel is not None:
                self.chart.panel.set_compact(compact)
        super().resizeEvent(event)

    # Closing

    def closeEvent(self, event: QCloseEvent) -> None:  # Qt's name
        if self._may_close:
            event.accept()
            return
        event.ignore()
        self.remember()
        self.complete().leaving.leave(self._desk.state.strategies)

    def close_now(self) -> None:
        """Really close, after everything else has ended."""
        self._may_close = True
        self.toasts.clear()
        self.review.close()
        self.close()

    def remember(self) -> None:
        """Keep the window's place and its splitters."""
        memory.remember(self._surface.store, self, self.page.splitters())
        self.pages.remember()
