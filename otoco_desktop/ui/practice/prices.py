"""The switch between simulated and real prices of PRACTICE, and what the window says about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QDialog, QWidget

from otoco_desktop.app.preferences import PreferencesPort
from otoco_desktop.app.real_prices import PricesState, RealPricesPort, Source
from otoco_desktop.app.state import DeskPort
from otoco_desktop.domain.lifecycle import phase
from otoco_desktop.ui.practice import words
from otoco_desktop.ui.practice.state import OVER
from otoco_desktop.ui.shell import dialogs
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.runtime import Spawn
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import panel
from otoco_desktop.ui.widgets.announcer import Announcer
from otoco_desktop.ui.widgets.buttons import Button, Kind
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import plain, strong
from otoco_desktop.ui.widgets.tick_row import TickRow

if TYPE_CHECKING:
    from otoco_desktop.ui.shell.window import MainWindow


class MarketDesk(DeskPort, Protocol):
    """A desk that can be told of another market behind its exchange, and to send nothing on the way there."""

    async def market_changed(self) -> None: ...

    def hold(self, reason: str) -> None: ...


@dataclass(frozen=True, slots=True)
class SwitchNeeds:
    """What the switch works with; without ``preferences`` nothing is remembered."""

    desk: MarketDesk
    prices: RealPricesPort
    spawn: Spawn
    preferences: PreferencesPort | None = None


class RealPricesTick(TickRow):
    """The switch as a tick with a sentence below it. ``asked`` says what the trader wants; the tick shows what is."""

    asked = Signal(bool)

    def __init__(self) -> None:
        super().__init__(words.real_prices(PricesState()), Token.BG1)
        self.setAccessibleName(words.REAL_PRICES)
        self.show_prices(PricesState())
        self.clicked.connect(self._pressed)

    def show_prices(self, state: PricesState) -> None:
        """How it stands now."""
        self.setChecked(state.source.is_wanted)
        self.set_words(words.real_prices(state), Token.ACCENT_SOFT if state.source.is_wanted else Token.BG1)
        self.setAccessibleDescription(words.real_prices_aloud(state))

    def _pressed(self, on: bool) -> None:
        self.setChecked(not on)
        self.asked.emit(on)


class PricesStrip(panel.Panel):
    """Says that real prices do not come, and offers the way on. ``simulated_asked`` is the trader's choice of it."""

    simulated_asked = Signal()

    def __init__(self, now_ms: Callable[[], int]) -> None:
        super().__init__(Token.WARN_SOFT)
        self._announcer = Announcer(self, now_ms)
        self.sentence = Sentence(Role.SECONDARY)
        self.go_on = Button(words.GO_ON, Kind.SMALL)
        box = panel.row(8, (panel.PADDING, 5, panel.PADDING, 5))
        box.addWidget(self.sentence, 1, Qt.AlignmentFlag.AlignVCenter)
        box.addWidget(self.go_on)
        self.setLayout(box)
        self.go_on.clicked.connect(self.simulated_asked)
        self.hide()

    def show_prices(self, state: PricesState) -> None:
        """Shown only while prices are held."""
        held = state.source is Source.HELD
        said = words.held(state.reason)
        if held and (said != self.accessibleName() or self.isHidden()):
            self.sentence.set_spans((strong(words.HELD), plain(f" {said}", Token.TEXT)), Glyph.WARNING, Token.WARN)
            self.setAccessibleName(said)
            self._announcer.say(f"{words.HELD} {said}")
        self.setVisible(held)


class RealPricesSwitch(QObject):
    """Belongs to one window. Asks before open strategies meet other prices, and remembers what was chosen.

    ``changed`` carries each new ``PricesState``.
    """

    changed = Signal(object)

    def __init__(self, window: MainWindow, needs: SwitchNeeds) -> None:
        super().__init__(window)
        self._window = window
        self._needs = needs
        self._before = needs.prices.state
        self.question: QDialog | None = None
        self.strip = PricesStrip(needs.desk.now_ms)
        self.strip.simulated_asked.connect(lambda: self._choose(real=False))
        self._place(self.strip)
        needs.prices.listen(self._follow)
        self._show(self._before)
        if self._before.source is Source.HELD:
            needs.prices.wish(real=True)

    def _place(self, strip: PricesStrip) -> None:
        """Above the page, where other trouble is told too."""
        body = self._window.page.parentWidget()
        rows = body.layout() if body is not None else None
        if isinstance(rows, QBoxLayout):
            rows.insertWidget(rows.indexOf(self._window.page), strip)

    @property
    def state(self) -> PricesState:
        return self._needs.prices.state

    def bind(self, tick: RealPricesTick) -> None:
        """Let this tick be one of the switches."""
        tick.asked.connect(lambda on: self.ask(on, tick.window()))
        self.changed.connect(tick.show_prices)
        tick.show_prices(self.state)

    def ask(self, on: bool, parent: QWidget | None = None) -> None:
        """Switch; with open strategies only after a question, as their stops and targets meet another price."""
        count = sum(phase(found) not in OVER for found in self._needs.desk.state.strategies)
        if not on or not count:
            self._choose(real=on)
        else:
            question = dialogs.Question(words.ASK, words.question(count), words.KEEP, words.USE)
            self.question = dialogs.open_question(parent or self._window, question)
            self.question.accepted.connect(lambda: self._choose(real=True))

    def _choose(self, *, real: bool) -> None:
        if not real:
            self._remember(real=False)
        self._needs.prices.wish(real=real)

    def _remember(self, *, real: bool) -> None:
        if self._needs.preferences is not None:
            chosen = replace(self._needs.preferences.current, real_prices=real)
            self._needs.preferences.change(chosen)

    def _follow(self, state: PricesState) -> None:
        before, self._before = self._before, state
        # What is sent on the way would meet prices that nobody was asked about.
        self._needs.desk.hold(words.CHANGING if state.source is Source.CONNECTING else "")
        if state.source is Source.REAL and not before.source.is_outside:
            self._remember(real=True)
            self._window.toasts.say(words.BEGUN)
        elif state.source is Source.SIMULATED and before.source.is_outside:
            self._window.toasts.say(words.ENDED)
        elif state.source is Source.SIMULATED and state.reason:
            self._window.toasts.complain(words.stayed(state.reason))
        if self._is_another_market(before.source, state.source):
            self._needs.spawn(self._needs.desk.market_changed(), self._window.support.failed)
        self._show(state)

    @staticmethod
    def _is_another_market(before: Source, now: Source) -> bool:
        """Whether instruments and candles are others now; held prices are the same market's."""
        return now is not before and (now is Source.REAL or (now is Source.SIMULATED and before.is_outside))

    def _show(self, state: PricesState) -> None:
        real = state.source.is_outside
        self.strip.show_prices(state)
        self._window.top_bar.badge.show_note(words.BADGE_NOTE if real else "", words.SPOKEN if real else "")
        self._window.status.show_prices(words.STATUS if real else "")
        self.changed.emit(state)
