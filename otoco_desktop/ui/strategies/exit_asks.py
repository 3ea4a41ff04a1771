"""Asking about one exit of a strategy: which one is meant, and whether it is really to go. Strips, never dialogs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QMenu, QWidget

from otoco_desktop.domain.lifecycle import is_live
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.strategies import exit_words as words
from otoco_desktop.ui.strategies.exit_words import MOVE, REMOVE, Choice
from otoco_desktop.ui.strategies.question import QuestionSheet
from otoco_desktop.ui.strategies.state import Question
from otoco_desktop.ui.widgets.buttons import Button, Kind
from otoco_desktop.ui.widgets.panel import PADDING, Panel, row
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import strong
from otoco_desktop.ui.widgets.tips import tip

Act = Callable[[LegRole], None]
SMALL_HEIGHT = 26


class ChoiceStrip(Panel):
    """Stop, target, or neither. ``chosen`` carries the exit; Esc and the last button change nothing."""

    chosen = Signal(object)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__(Token.BG3)
        self.choice: Choice | None = None
        self.sentence = Sentence(Role.BODY)
        self.buttons = {role: Button(role.value.capitalize()) for role in (LegRole.STOP, LegRole.TARGET)}
        self.keep = Button("Keep both")
        box = row(8, (PADDING, 6, PADDING, 6))
        box.addWidget(self.sentence, 1, Qt.AlignmentFlag.AlignVCenter)
        for role, button in self.buttons.items():
            button.clicked.connect(partial(self._choose, role))
            box.addWidget(button)
        self.keep.clicked.connect(self.close_choice)
        box.addWidget(self.keep)
        self.setLayout(box)
        self.hide()

    def ask(self, choice: Choice) -> None:
        """Show it; the keyboard goes to what changes nothing, or where nothing is removed to the first exit."""
        self.show_choice(choice)
        self.show()
        free = [self.buttons[offer.role] for offer in choice.offers if not offer.reason]
        first = free[0] if free and choice.verb == MOVE else self.keep
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_choice(self, choice: Choice) -> None:
        """Say this; a closed exit says why."""
        self.choice = choice
        self.sentence.set_spans((strong(choice.words),), Glyph.NOTE, Token.ACCENT)
        self.setAccessibleName(choice.words)
        self.keep.setAccessibleDescription(choice.words)
        for offer in choice.offers:
            button = self.buttons[offer.role]
            button.setEnabled(not offer.reason)
            button.setAccessibleName(f"{choice.verb} {offer.role.value}")
            button.setAccessibleDescription(offer.reason or choice.words)
            button.setToolTip(tip(offer.reason))

    def tab_stops(self) -> list[Button]:
        """What Tab visits, in its order."""
        return [*self.buttons.values(), self.keep]

    def close_choice(self) -> None:
        """Take it back; nothing changes."""
        if self.choice is not None:
            self.choice = None
            self.hide()
            self.closed.emit()

    def _choose(self, role: LegRole) -> None:
        if self.choice is not None:
            self.close_choice()
            self.chosen.emit(role)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        if event.key() == Qt.Key.Key_Escape:
            self.close_choice()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            pressed = next((button for button in self.buttons.values() if button.hasFocus()), self.keep)
            pressed.click()
        else:
            super().keyPressEvent(event)


class ExitAsks(QObject):
    """Belongs to a list of strategies, under whose question it places its own.

    ``removal_confirmed`` and ``move_chosen`` carry the strategy's id and the exit, ``told`` why nothing can be done.
    """

    removal_confirmed = Signal(str, object)
    move_chosen = Signal(str, object)
    told = Signal(str)

    def __init__(self, sheet: QuestionSheet, lines: QBoxLayout, chosen: Callable[[], LegRole | None]) -> None:
        super().__init__(sheet)
        self._sheet = sheet
        self._chosen = chosen
        self._strategy: Strategy | None = None
        self._closed = ""
        self.strip = ChoiceStrip()
        lines.insertWidget(lines.indexOf(sheet) + 1, self.strip)
        self.strip.chosen.connect(self._take)
        sheet.confirmed.connect(self._confirmed)
        self._verb = MOVE

    # What it is about

    def follow(self, strategy: Strategy | None, closed: str) -> None:
        """Be about this one from now on; a question that is no longer true is taken back."""
        if strategy is self._strategy and closed == self._closed:
            return
        self._strategy, self._closed = strategy, closed
        question, choice = self._sheet.question, self.strip.choice
        if question is not None and not words.still_asked(strategy, question, closed):
            self._sheet.close_question()
        if choice is None:
            return
        if strategy is None or strategy.strategy_id != choice.strategy_id or words.why_none(strategy, closed):
            self.strip.close_choice()
        else:
            self.strip.show_choice(words.choice(strategy, choice.verb, closed))

    # What the person asks for

    def ask_remove(self, role: LegRole | None = None) -> None:
        """Ask whether this exit is to go; without one, about the chosen one or which one."""
        self._ask(REMOVE, role or self._chosen())

    def ask_move(self, role: LegRole | None = None) -> None:
        """Ask to move this exit; without one, the chosen one or which one."""
        self._ask(MOVE, role or self._chosen())

    def fill(self, menu: QMenu) -> None:
        """Add what can be done to either exit; what cannot be done says why."""
        if self._strategy is None:
            return
        for verb, ask in ((MOVE, self.ask_move), (REMOVE, self.ask_remove)):
            for offer in words.offers(self._strategy, self._closed):
                name = f"{verb} {offer.role.value}"
                action = menu.addAction(f"{name}: {offer.reason}" if offer.reason else f"{name}…")
                action.setEnabled(not offer.reason)
                action.triggered.connect(partial(_press, ask, offer.role))

    def _ask(self, verb: str, role: LegRole | None) -> None:
        strategy = self._strategy
        if strategy is None:
            self.told.emit(words.NOT_SELECTED)
            return
        self._verb = verb
        offers = [offer for offer in words.offers(strategy, self._closed) if role in (None, offer.role)]
        free = [offer for offer in offers if not offer.reason]
        if len(free) == 1:
            self._take(free[0].role)
        elif free:
            self._sheet.close_question()
            self.strip.ask(words.choice(strategy, verb, self._closed))
        else:
            self.told.emit(" ".join(dict.fromkeys(offer.reason for offer in offers)))

    def _take(self, role: LegRole) -> None:
        """The exit is known now."""
        strategy = self._strategy
        if strategy is None:
            return
        self.strip.close_choice()
        if self._verb == MOVE:
            self.move_chosen.emit(strategy.strategy_id, role)
        else:
            self._sheet.ask(words.remove_question(strategy, role))

    def _confirmed(self, question: Question) -> None:
        if question.role is not None:
            self.removal_confirmed.emit(question.strategy_id, question.role)


def row_menu(parent: QWidget, asks: ExitAsks, cancel: Button) -> QMenu:
    """What can be done to the selected strategy; ``cancel`` is the button that does the last of it. Gone once shut."""
    menu = QMenu(parent)
    menu.setAccessibleName("Strategy")
    asks.fill(menu)
    menu.addSeparator()
    why = cancel.accessibleDescription()
    action = menu.addAction(f"{cancel.words}: {why}" if why else f"{cancel.words}…")
    action.setEnabled(cancel.isEnabled())
    action.triggered.connect(cancel.click)
    menu.aboutToHide.connect(menu.deleteLater)
    return menu


class ExitButtons(QWidget):
    """A button for everything that can be done to either exit; what cannot be done says why."""

    def __init__(self, asks: ExitAsks) -> None:
        super().__init__()
        line = row(8)
        self.buttons: dict[tuple[str, LegRole], Button] = {}
        for verb, ask in ((MOVE, asks.ask_move), (REMOVE, asks.ask_remove)):
            for role in (LegRole.STOP, LegRole.TARGET):
                button = Button(f"{verb} {role.value}", Kind.SMALL if verb == MOVE else Kind.SMALL_DANGER)
                button.setFixedHeight(SMALL_HEIGHT)
                button.clicked.connect(partial(_press, ask, role))
                line.addWidget(button)
                self.buttons[verb, role] = button
        line.addStretch(1)
        self.setLayout(line)

    def show_offers(self, strategy: Strategy | None, closed: str) -> None:
        """Be about this one; there are none for what has ended."""
        self.setVisible(strategy is not None and is_live(strategy))
        for offer in words.offers(strategy, closed) if strategy is not None else ():
            for verb in (MOVE, REMOVE):
                button = self.buttons[verb, offer.role]
                button.setEnabled(not offer.reason)
                button.setAccessibleDescription(offer.reason)
                button.setToolTip(tip(offer.reason))


def _press(ask: Act, role: LegRole, _checked: bool = False) -> None:
    ask(role)
