"""A window beside the main one: moves the practice price by hand and chooses what goes wrong."""

from __future__ import annotations

from collections.abc import Coroutine
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from otoco_desktop.app.hand import PracticeHand, ScenarioCard
from otoco_desktop.app.real_prices import PricesState
from otoco_desktop.app.state import DeskPort
from otoco_desktop.domain.errors import ExchangeTrouble
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.money import grouped
from otoco_desktop.domain.order import LegRole
from otoco_desktop.ui.practice import state, words
from otoco_desktop.ui.practice.prices import RealPricesSwitch, RealPricesTick
from otoco_desktop.ui.shell.runtime import Spawn
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.buttons import Button, Kind
from otoco_desktop.ui.widgets.field_edit import FieldEdit
from otoco_desktop.ui.widgets.labels import buddy, label
from otoco_desktop.ui.widgets.panel import Panel, PanelHeader, Rule, ScrollArea, column, row
from otoco_desktop.ui.widgets.segments import Segments, SegmentsLook
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import plain
from otoco_desktop.ui.widgets.tick_row import TickRow
from otoco_desktop.ui.widgets.tones import FieldTone

WIDTH, HEIGHT = 400, 620
LOOK_MS = 250


class ScenarioRow(TickRow):
    """One scenario with its tick. ``asked`` says what the trader wants: on or off."""

    asked = Signal(str, bool)

    def __init__(self, card: ScenarioCard) -> None:
        super().__init__(words.row(card, ""), Token.BG1)
        self.card = card
        self.status = ""
        self.setAccessibleName(card.title)
        self.setAccessibleDescription(card.watch)
        self.clicked.connect(lambda on: self.asked.emit(card.name, on))

    def show_waiting(self, *, waiting: bool, real: bool = False) -> None:
        """Whether it is still to happen, or lasts; with ``real`` prices one that moves them cannot be asked for."""
        closed = real and self.card.moves_price
        self.setChecked(waiting)
        self.setEnabled(not closed)
        status = words.NOT_WHILE_REAL if closed else words.status(self.card) if waiting else ""
        if status != self.status:
            self.status = status
            self.set_words(words.row(self.card, status), Token.ACCENT_SOFT if waiting else Token.BG1)
            self.setAccessibleDescription(" ".join(filter(None, (self.card.watch, status))))


class PriceByHand(Panel):
    """Moves the price of the instrument in the ticket. ``price_asked`` and ``walk_asked`` say what is wanted."""

    price_asked = Signal(str, object)
    walk_asked = Signal(str)

    def __init__(self, desk: DeskPort) -> None:
        super().__init__(Token.BG1)
        self._desk = desk
        self._places: dict[LegRole, Decimal] = {}
        self._is_real = False
        self.now = label("", Role.STRONG)
        self.shifts = Segments(
            words.SHIFT_WORDS, "Move the price by", SegmentsLook(height=24, padding=9, momentary=True)
        )
        self.price = FieldEdit("Practice price")
        self.price.setFixedWidth(120)
        self.go = Button("&Move price")
        self.free = Button("Let it &walk")
        self.verdict = Sentence(Role.SECONDARY, Token.NEG)
        self.aims = {role: Button(f"To {role}", Kind.SMALL) for role in LegRole}
        self._lay_out()
        self.shifts.chosen.connect(self._shift)
        self.price.returnPressed.connect(self._move)
        self.price.textChanged.connect(lambda: self._show_verdict(""))
        for shift in self.shifts.buttons:
            shift.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.go.clicked.connect(self._move)
        self.free.clicked.connect(self._walk)
        for role, button in self.aims.items():
            button.clicked.connect(lambda _on, role=role: self._aim(role))

    def _lay_out(self) -> None:
        rows = column(self, 8, (12, 12, 12, 12))
        first, second, third = row(8), row(8), row(8)
        first.addWidget(self.now, 1)
        first.addWidget(self.shifts)
        second.addWidget(buddy("&Price", self.price, Role.SECONDARY_STRONG))
        for widget in (self.price, self.go, self.free):
            second.addWidget(widget)
        second.addStretch(1)
        third.addWidget(label("Newest open strategy", Role.SECONDARY, Token.TEXT2))
        for button in self.aims.values():
            third.addWidget(button)
        third.addStretch(1)
        for each in (first, second, third):
            rows.addLayout(each)
        rows.addWidget(self.verdict)
        self.verdict.hide()

    def show_real(self, *, real: bool) -> None:
        """Whether the price comes from a real market, and is not to be moved."""
        self._is_real = real
        for widget in (self.shifts, self.price, self.go, self.free, *self.aims.values()):
            widget.setEnabled(not real)
        self._show_verdict("")
        self.verdict.set_spans((plain(words.NOT_BY_HAND, Token.TEXT2),) if real else ())
        self.verdict.setVisible(real)
        self.price.setAccessibleDescription(words.NOT_BY_HAND if real else "")

    def refresh(self) -> None:
        """Show the mark price and where it may go as of now."""
        around = self._desk.surroundings()
        instrument, quote = around.instrument, around.quote
        mark = quote.mark if quote is not None else None
        known = instrument is not None and mark is not None and not self._is_real
        for widget in (self.shifts, self.go, self.free):
            widget.setEnabled(known)
        if instrument is None or mark is None:
            self.now.show_text(words.NO_PRICE)
            self._show_aims({}, 0)
        else:
            self.now.show_text(f"{instrument.symbol}  mark {grouped(mark, instrument.price_places)}")
            spread = state.spread(quote, instrument)
            self._show_aims(state.aims(self._desk.state.strategies, instrument, spread), instrument.price_places)

    def _show_aims(self, places: dict[LegRole, Decimal], decimals: int) -> None:
        self._places = places
        for role, button in self.aims.items():
            price = places.get(role)
            button.setEnabled(price is not None and not self._is_real)
            button.setAccessibleDescription("" if price is None else grouped(price, decimals))

    @property
    def _instrument(self) -> Instrument | None:
        return self._desk.surroundings().instrument

    def _shift(self, index: int) -> None:
        around = self._desk.surroundings()
        if around.instrument is not None and around.quote is not None and around.quote.mark is not None:
            self._ask(around.instrument, state.shifted(around.quote.mark, state.SHIFTS[index], around.instrument))

    def _move(self) -> None:
        instrument = self._instrument
        if instrument is None:
            return
        price = state.read_price(self.price.text(), instrument)
        self._show_verdict(price if isinstance(price, str) else "")
        if isinstance(price, Decimal):
            self._ask(instrument, price)

    def _show_verdict(self, reason: str) -> None:
        """Why the typed price is none; empty while nothing is wrong with it."""
        self.verdict.set_spans((plain(reason),) if reason else ())
        self.verdict.setVisible(bool(reason))
        self.price.set_tone(FieldTone.ERROR if reason else FieldTone.REST)
        self.price.setAccessibleDescription(reason)

    def _aim(self, role: LegRole) -> None:
        instrument, price = self._instrument, self._places.get(role)
        if instrument is not None and price is not None:
            self._ask(instrument, price)

    def _ask(self, instrument: Instrument, price: Decimal) -> None:
        self.price_asked.emit(instrument.symbol, price)

    def _walk(self) -> None:
        if self._instrument is not None:
            self.walk_asked.emit(self._instrument.symbol)


class PracticePanel(QWidget):
    """Stands beside the main window and closes with it; what it starts goes on without it."""

    def __init__(self, window: QWidget, desk: DeskPort, hand: PracticeHand, spawn: Spawn) -> None:
        super().__init__(window, Qt.WindowType.Tool)
        self._hand = hand
        self._spawn = spawn
        self.setWindowTitle(words.TITLE)
        self.setAccessibleName(words.TITLE)
        self._is_real = False
        self.price = PriceByHand(desk)
        self.real = RealPricesTick()
        self.rows = tuple(ScenarioRow(card) for card in hand.cards)
        self.introduction = label(words.INTRODUCTION, Role.SECONDARY, Token.TEXT3, wrap=True)
        self.trouble = Sentence(Role.SECONDARY, Token.NEG)
        self.stop_all = Button("Switch all &off", Kind.SMALL)
        self._look = QTimer(self, interval=LOOK_MS)
        self._lay_out()
        self._connect()
        self.resize(WIDTH, HEIGHT)

    def _lay_out(self) -> None:
        outer = column(self)
        header = PanelHeader(words.TITLE)
        header.add(self.stop_all)
        outer.addWidget(header)
        outer.addWidget(self.price)
        outer.addWidget(self._switch())
        outer.addWidget(Rule())
        outer.addWidget(self._said())
        self.area = ScrollArea(self._listed())
        outer.addWidget(self.area, 1)

    def _switch(self) -> Panel:
        """Where prices come from; shown once there is a choice."""
        box = Panel(Token.BG1)
        column(box, 0, (12, 0, 12, 12)).addWidget(self.real)
        self.real.hide()
        return box

    def take_switch(self, switch: RealPricesSwitch) -> None:
        """Offer real prices, and leave the price alone while they are on."""
        self.real.show()
        switch.bind(self.real)
        switch.changed.connect(self._show_prices)
        self._show_prices(switch.state)

    def _show_prices(self, state: PricesState) -> None:
        self._is_real = state.source.is_outside
        self.price.show_real(real=self._is_real)
        self.introduction.show_text(words.AT_REAL_PRICES if self._is_real else words.INTRODUCTION)
        self.refresh()

    def _said(self) -> Panel:
        """What this is, and what went wrong; it stands still while the scenarios scroll."""
        said = Panel(Token.BG1)
        rows = column(said, 4, (12, 12, 12, 4))
        rows.addWidget(self.introduction)
        rows.addWidget(self.trouble)
        self.trouble.hide()
        return said

    def _listed(self) -> Panel:
        listed = Panel(Token.BG1)
        rows = column(listed, 8, (12, 4, 12, 12))
        for each in self.rows:
            rows.addWidget(each)
        rows.addStretch(1)
        return listed

    def _connect(self) -> None:
        for each in self.rows:
            each.asked.connect(self._asked)
        self.stop_all.clicked.connect(self._stop_all)
        self.price.price_asked.connect(lambda symbol, price: self._run(self._hand.move(symbol, price)))
        self.price.walk_asked.connect(lambda symbol: self._run(self._hand.walk(symbol)))
        self._look.timeout.connect(self.refresh)

    def refresh(self) -> None:
        """Show which scenarios wait or last, and the price."""
        waiting = self._hand.waiting
        for each in self.rows:
            each.show_waiting(waiting=each.card.name in waiting, real=self._is_real)
        self.stop_all.setEnabled(bool(waiting))
        self.price.refresh()

    def _asked(self, name: str, on: bool) -> None:
        self._run(self._hand.start(name) if on else self._hand.stop(name))

    def _stop_all(self) -> None:
        for name in self._hand.waiting:
            self._run(self._hand.stop(name))

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        self.trouble.hide()
        self._spawn(work, self._failed)

    def _failed(self, trouble: Exception) -> None:
        known = isinstance(trouble, ExchangeTrouble)
        self.trouble.set_spans((plain(str(trouble) if known else words.FAILED),))
        self.trouble.show()

    def showEvent(self, event: QShowEvent) -> None:  # Qt's name
        super().showEvent(event)
        self.refresh()
        self.price.price.setFocus()
        self._look.start()

    def hideEvent(self, event: QHideEvent) -> None:  # Qt's name
        self._look.stop()
        super().hideEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)
