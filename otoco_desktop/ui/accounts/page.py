"""The environment page: where this program trades, in place of the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from otoco_desktop.app.accounts import AccountsState
from otoco_desktop.settings import Environment
from otoco_desktop.ui.accounts import state, words
from otoco_desktop.ui.accounts.choice_card import ChoiceCard
from otoco_desktop.ui.accounts.controls import TALL, FilledButton
from otoco_desktop.ui.accounts.state import Choice, PageFrame, PageState
from otoco_desktop.ui.accounts.ways import WayButtons
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.buttons import Button
from otoco_desktop.ui.widgets.labels import label
from otoco_desktop.ui.widgets.panel import Panel, ScrollArea, column, row
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import link, plain
from otoco_desktop.ui.words import ENVIRONMENT_GLYPH

COLUMN = 560
LEFT = 56
TOP = 64
BOTTOM = 24
ADD = "add"


class EnvironmentPage(Panel):
    """Choose an environment and its account. ``continue_requested`` carries an ``Environment`` and an account name.

    ``offered`` are the environments to choose from; ``current`` is the one that runs, ``None`` at the first start.
    """

    continue_requested = Signal(object, str)
    add_requested = Signal(object)
    test_requested = Signal(object, str)
    forget_requested = Signal(object, str)
    way_requested = Signal(object)
    quit_requested = Signal()
    back_requested = Signal()

    def __init__(self, offered: Sequence[Environment], current: Environment | None = None) -> None:
        super().__init__(Token.BG0)
        self.setAccessibleName("Environment")
        self._frame = PageFrame(tuple(offered), current)
        self._accounts = AccountsState()
        self._choice = Choice(current or offered[0])
        self.cards = {environment: ChoiceCard(environment) for environment in offered}
        self.news = Sentence(Role.SECONDARY)
        self.ways = WayButtons()
        self.footer = label("", Role.SECONDARY, Token.TEXT3, wrap=True)
        self.leave = Button("Quit")
        self.go = FilledButton("", height=TALL)
        self.reason = Sentence(Role.SECONDARY, Token.TEXT3)
        self._group = QButtonGroup(self)
        self._build()
        self._connect()
        self._refresh()

    def _build(self) -> None:
        left = QWidget()
        left.setFixedWidth(COLUMN)
        box = column(left)
        box.addWidget(label(words.PAGE_TITLE, Role.PAGE_TITLE))
        box.addSpacing(4)
        box.addWidget(label(words.PAGE_LEAD, Role.BODY, Token.TEXT2))
        box.addSpacing(20)
        for card in self.cards.values():
            self._group.addButton(card.radio)
            box.addWidget(card)
            box.addSpacing(12)
        box.addWidget(self.news)
        box.addWidget(self.ways)
        box.addSpacing(4)
        box.addLayout(self._buttons())
        box.addSpacing(6)
        box.addWidget(self.reason, 0, Qt.AlignmentFlag.AlignRight)
        box.addStretch(1)
        self._fill(left)

    def _buttons(self) -> QHBoxLayout:
        buttons = row(8)
        self.leave.setFixedHeight(TALL)
        buttons.addWidget(self.footer, 1)
        buttons.addWidget(self.leave)
        buttons.addWidget(self.go)
        return buttons

    def _fill(self, left: QWidget) -> None:
        ground = Panel(Token.BG0)
        across = row(0, (LEFT, TOP, BOTTOM, BOTTOM))
        across.addWidget(left)
        across.addStretch(1)
        ground.setLayout(across)
        column(self).addWidget(ScrollArea(ground), 1)

    def _connect(self) -> None:
        for environment, card in self.cards.items():
            self._connect_card(environment, card)
        self.go.clicked.connect(self._go)
        self.leave.clicked.connect(self._leave)
        self.reason.link_activated.connect(lambda _name: self.add_requested.emit(self._choice.environment))
        self.ways.chosen.connect(self.way_requested)

    def _connect_card(self, environment: Environment, card: ChoiceCard) -> None:
        card.picked.connect(lambda: self.choose(environment))
        card.account_picked.connect(lambda name: self.choose(environment, name))
        card.add_requested.connect(lambda: self.add_requested.emit(environment))
        card.test_requested.connect(lambda name: self.test_requested.emit(environment, name))
        card.forget_requested.connect(lambda name: self.forget_requested.emit(environment, name))

    # Told from outside

    def show_accounts(self, accounts: AccountsState) -> None:
        """Show these accounts and what became of the last request."""
        self._accounts = accounts
        self._refresh()

    def show_current(self, current: Environment | None, refusal: str = "") -> None:
        """Which environment runs; ``refusal`` says why it cannot be switched now, or is empty."""
        self._frame = replace(self._frame, current=current, refusal=refusal)
        self._refresh()

    def choose(self, environment: Environment, account: str | None = None) -> None:
        """Pick this one; nothing else happens."""
        self._choice = Choice(environment, account)
        self._refresh()

    @property
    def choice(self) -> Choice:
        """What is picked, with an account that exists."""
        return state.settled(self._choice, self._accounts)

    # What the person does

    def _go(self) -> None:
        picked = self.choice
        self.continue_requested.emit(picked.environment, picked.account or "")

    def _leave(self) -> None:
        if self._frame.current is None:
            self.quit_requested.emit()
        else:
            self.back_requested.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        if event.key() == Qt.Key.Key_Escape and self._frame.current is not None:
            self.back_requested.emit()
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:  # Qt's name
        super().showEvent(event)
        self.cards[self._choice.environment].radio.setFocus(Qt.FocusReason.OtherFocusReason)

    # Rendering

    def _refresh(self) -> None:
        page = state.build(self._choice, self._accounts, self._frame)
        self._choice = page.choice
        for card in page.cards:
            self.cards[card.environment].show_card(card)
        self._show_buttons(page)
        self._show_reason(page)
        failed = bool(self._accounts.trouble)
        glyph, token = (Glyph.FAIL, Token.NEG) if failed else (Glyph.NOTE, Token.ACCENT)
        self.news.set_spans((plain(page.news),), glyph if page.news else None, token)
        self.news.setVisible(bool(page.news))
        self.ways.show_ways(page.ways_on)
        self.footer.show_text(page.footer)

    def _show_buttons(self, page: PageState) -> None:
        environment = page.choice.environment
        self.go.set_fill(Token.LIVE_FILL if environment.is_live else Token.ACCENT_FILL)
        self.go.set_glyph(ENVIRONMENT_GLYPH[environment.label] if page.can_go else Glyph.LOCK)
        self.go.show_text(page.go_label)
        self.go.setEnabled(page.can_go)
        self.go.setAccessibleDescription(page.reason)
        first = self._frame.current is None
        self.leave.setText("Quit" if first else "Back to plan")
        self.leave.setAccessibleName(self.leave.words)
        self.leave.set_key_hint("" if first else "Esc")
        self.leave.updateGeometry()

    def _show_reason(self, page: PageState) -> None:
        spans = (link(page.reason, ADD),) if page.add_link else (plain(page.reason),)
        self.reason.set_spans(spans if page.reason else ())
        self.reason.updateGeometry()
