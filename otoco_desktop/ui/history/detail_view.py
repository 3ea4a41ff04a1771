"""The selected strategy: what it came to, what can still be done, and four ways to look into it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QStackedLayout, QVBoxLayout, QWidget

from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.ui.history import detail
from otoco_desktop.ui.history.legs_list import LegsList
from otoco_desktop.ui.history.texts import EDGE, SMALL_HEIGHT, NotePage, RawPage
from otoco_desktop.ui.review.tabs import Tabs
from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.strategies.doubt import DoubtPart
from otoco_desktop.ui.strategies.exit_asks import ExitAsks, ExitButtons
from otoco_desktop.ui.strategies.question import QuestionSheet
from otoco_desktop.ui.strategies.state import Question, cancel_question, why_no_cancel
from otoco_desktop.ui.strategies.story import StoryState, build
from otoco_desktop.ui.strategies.timeline import NOTHING, SMALL_FIGURES, FigureBlock, Heading, times_foot
from otoco_desktop.ui.strategies.timeline_list import TimelineList
from otoco_desktop.ui.widgets.buttons import Button, Kind
from otoco_desktop.ui.widgets.chip import Chip
from otoco_desktop.ui.widgets.labels import label
from otoco_desktop.ui.widgets.panel import Panel, Rule, column, row
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import plain
from otoco_desktop.ui.widgets.tips import tip

TABS = ("Timeline", "Legs", "Raw events", "Note")
RAW_AT, NOTE_AT = 2, 3
BIG_WIDTHS = (150, 82)


class TabRow(Panel):
    """The tabs with their line."""

    def __init__(self, tabs: Tabs) -> None:
        super().__init__(Token.BG1)
        box = row(0, (EDGE - 3, 1, EDGE, 1))
        box.addWidget(tabs)
        self.setLayout(box)

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        super().paintEvent(event)
        with QPainter(self) as painter:
            for top in (0, self.height() - 1):
                painter.fillRect(0, top, self.width(), 1, theme.color(Token.LINE))


class DetailPanel(Panel):
    """Renders one strategy, or that none is selected. Signals carry a strategy id first."""

    duplicate_requested = Signal(str)
    export_requested = Signal(str)
    cancel_requested = Signal(str)
    noted = Signal(str, str, str)
    check_requested = Signal()
    settled = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Token.BG1, parent)
        self._strategy: Strategy | None = None
        self._closed = ""
        self.heading = Heading()
        self.chip = Chip()
        self.headline = Sentence(Role.BODY, Token.TEXT2)
        self.notes = Sentence(Role.SECONDARY, Token.WARN)
        self.duplicate_button = Button("&Duplicate as new plan", Kind.SMALL, glyph=Glyph.DUPLICATE)
        self.export_button = Button("Export CSV", Kind.SMALL, glyph=Glyph.EXPORT)
        self.cancel_button = Button("Cancel strategy", Kind.SMALL_DANGER)
        self.left = Sentence(Role.SECONDARY, Token.TEXT2)
        self.sheet = QuestionSheet()
        self._asking = QWidget()
        self.exits = self._place_questions()
        self.exit_buttons = ExitButtons(self.exits)
        self.tabs = Tabs(TABS)
        self.doubt = DoubtPart()
        self.timeline = TimelineList()
        self.legs = LegsList()
        self.raw = RawPage()
        self.note = NotePage()
        self.nothing = label(NOTHING, Role.BODY, Token.TEXT3, wrap=True)
        self._figures = FigureBlock(BIG_WIDTHS, SMALL_FIGURES, Qt.AlignmentFlag.AlignTop)
        self._body = QWidget()
        self._doubt_frame = QWidget()
        self._build()
        self._connect()

    def _build(self) -> None:
        outer = column(self)
        self.nothing.setContentsMargins(EDGE, 12, EDGE, 12)
        outer.addWidget(self.nothing, 0, Qt.AlignmentFlag.AlignTop)
        outer.addWidget(self._body, 1)
        body = column(self._body)
        body.addLayout(self._head())
        body.addWidget(self._asking)
        body.addWidget(TabRow(self.tabs))
        pages = QWidget()
        self._pages = QStackedLayout(pages)
        for page in (self._timeline_page(), self.legs, self.raw, self.note):
            self._pages.addWidget(page)
        body.addWidget(pages, 1)
        self._body.hide()

    def _place_questions(self) -> ExitAsks:
        lines = column(self._asking)
        lines.addWidget(self.sheet)
        return ExitAsks(self.sheet, lines, lambda: self.legs.chosen_exit)

    def _head(self) -> QVBoxLayout:
        head = QVBoxLayout()
        head.setContentsMargins(EDGE, 12, EDGE, 10)
        head.setSpacing(8)
        title = row()
        title.addWidget(self.heading, 1)
        title.addWidget(self.chip)
        head.addLayout(title)
        head.addWidget(self._figures)
        head.addWidget(self.headline)
        head.addWidget(self.notes)
        buttons = row(8)
        for button in (self.duplicate_button, self.export_button, self.cancel_button):
            button.setFixedHeight(SMALL_HEIGHT)
            buttons.addWidget(button)
        buttons.addStretch(1)
        head.addLayout(buttons)
        head.addWidget(self.exit_buttons)
        head.addWidget(self.left)
        return head

    def _timeline_page(self) -> QWidget:
        page = QWidget()
        lines = column(page)
        column(self._doubt_frame, 0, (EDGE, 8, EDGE, 8)).addWidget(self.doubt)
        lines.addWidget(self._doubt_frame)
        lines.addSpacing(6)
        lines.addWidget(self.timeline, 1)
        lines.addWidget(Rule())
        lines.addWidget(times_foot())
        return page

    def _connect(self) -> None:
        self.tabs.chosen.connect(self._choose_tab)
        self.duplicate_button.clicked.connect(lambda: self._say(self.duplicate_requested))
        self.export_button.clicked.connect(lambda: self._say(self.export_requested))
        self.cancel_button.clicked.connect(self.ask_cancel)
        self.legs.remove_pressed.connect(self.exits.ask_remove)
        self.sheet.confirmed.connect(self._confirmed)
        self.note.saved.connect(self.noted)
        self.doubt.check_requested.connect(self.check_requested)
        self.doubt.settled.connect(self.settled)

    def _say(self, signal: object) -> None:
        if self._strategy is not None:
            signal.emit(self._strategy.strategy_id)  # type: ignore[attr-defined]  # a bound signal has no public type

    @property
    def strategy(self) -> Strategy | None:
        """What is shown."""
        return self._strategy

    def tab_stops(self) -> list[QWidget]:
        """Everything Tab visits here, in its order."""
        buttons = [self.duplicate_button, self.export_button, self.cancel_button, *self.exit_buttons.buttons.values()]
        buttons += [self.sheet.keep, self.sheet.remove, *self.exits.strip.tab_stops()]
        tabs = [self.tabs.button(at) for at in range(len(TABS))]
        pages = [self.timeline, self.legs, self.raw.box, self.raw.copy_button]
        return [
            *buttons, *tabs, *self.doubt.tab_stops(), *pages, self.note.tag, self.note.note, self.note.save_button,
        ]  # fmt: skip

    def render(self, strategy: Strategy | None) -> None:  # type: ignore[override]  # Qt draws into a device by it
        """Show this strategy, or that none is selected."""
        if strategy is self._strategy:
            return
        self._strategy = strategy
        self._body.setVisible(strategy is not None)
        self.nothing.setVisible(strategy is None)
        self._show_doubt(strategy)
        self._follow_cancel()
        if strategy is not None:
            self._show_head(strategy, build(strategy))
            self._show_pages(strategy)

    def _show_doubt(self, strategy: Strategy | None) -> None:
        """When the doubt ends under the keyboard, the events take the keyboard."""
        focused = QApplication.focusWidget()
        within = focused is not None and self.doubt.isAncestorOf(focused)
        self.doubt.render(strategy)
        self._doubt_frame.setVisible(not self.doubt.isHidden())
        if within and self.doubt.isHidden():
            self.timeline.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_head(self, strategy: Strategy, state: StoryState) -> None:
        self.heading.show_state(state)
        self.chip.show_words(state.chip.text, state.chip.tone, state.chip.glyph)
        self._figures.show_figures(state.figures)
        self.headline.set_spans((plain(state.headline),))
        self.headline.setVisible(not state.figures)
        self.notes.set_spans((plain(" ".join(state.notes)),), Glyph.WARNING, Token.WARN)
        self.notes.setVisible(bool(state.notes))
        self.timeline.show_rows(state.rows)
        words = detail.left_words(strategy)
        self.left.set_spans((plain(words),), Glyph.LOCK, Token.TEXT2)
        self.left.setVisible(bool(words))

    def _show_pages(self, strategy: Strategy) -> None:
        facts = detail.facts_of(strategy)
        self.tabs.button(RAW_AT).show_text(f"{TABS[RAW_AT]} {len(facts)}")
        self.legs.show_lines(detail.leg_lines(strategy))
        self.note.show_note(strategy.strategy_id, strategy.tag, strategy.note)
        if self.tabs.index == RAW_AT:
            self.raw.show_text(detail.raw_text(facts))

    def _choose_tab(self, at: int) -> None:
        """Raw text is made when it is looked at."""
        self._pages.setCurrentIndex(at)
        if at == RAW_AT and self._strategy is not None:
            self.raw.show_text(detail.raw_text(detail.facts_of(self._strategy)))

    # Cancel

    def close_cancel(self, reason: str) -> None:
        """Nothing can be cancelled for this reason; empty when it is over."""
        if reason != self._closed:
            self._closed = reason
            self._follow_cancel()

    def _follow_cancel(self) -> None:
        """Button and question belong to the strategy shown."""
        strategy = self._strategy
        reason = why_no_cancel(strategy) or self._closed
        self.cancel_button.setEnabled(not reason)
        self.cancel_button.setAccessibleDescription(reason)
        self.cancel_button.setToolTip(tip(reason))
        self.exit_buttons.show_offers(strategy, self._closed)
        self.exits.follow(strategy, self._closed)

    def _confirmed(self, question: Question) -> None:
        if question.role is None:
            self.cancel_requested.emit(question.strategy_id)

    def ask_cancel(self) -> None:
        """Ask before cancelling, if it can be cancelled."""
        if self._strategy is not None and not (why_no_cancel(self._strategy) or self._closed):
            self.sheet.ask(cancel_question(self._strategy))
