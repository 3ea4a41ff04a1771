"""The bar over the history: what is searched, which states, instrument and period, and how rows look."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from otoco_desktop.ui.history import words
from otoco_desktop.ui.history.controls import DropDown, SearchBox
from otoco_desktop.ui.history.filters import Period
from otoco_desktop.ui.history.record import Group
from otoco_desktop.ui.history.state import HistoryState
from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.buttons import Button
from otoco_desktop.ui.widgets.panel import PADDING, Panel, row
from otoco_desktop.ui.widgets.segments import Segments, SegmentsLook
from otoco_desktop.ui.widgets.tips import tip

HEIGHT = 44
GROUPS = tuple(Group)
PERIODS = tuple(Period)
ROWS = ("Compact", "Legs")
LOOK = SegmentsLook(height=28, padding=10, role=Role.SECONDARY, chosen_role=Role.SECONDARY_STRONG)
EXPORT_TIP = "Export what is listed as CSV (Ctrl+E)"


class FilterBar(Panel):
    """Reports what was chosen and renders what holds; decides nothing."""

    searched = Signal(str)
    group_chosen = Signal(object)
    instrument_chosen = Signal(str)
    period_chosen = Signal(object)
    legs_chosen = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Token.BG1, parent)
        self.setFixedHeight(HEIGHT)
        self.search = SearchBox()
        self.groups = Segments([str(group) for group in GROUPS], "States listed", LOOK)
        self.instrument = DropDown("Instrument listed", 129, 92)
        self.period = DropDown("Period listed", 164, 92)
        self.rows = Segments(ROWS, "Rows", LOOK)
        self.export_button = Button("&Export", glyph=Glyph.EXPORT)
        self.export_button.setToolTip(tip(EXPORT_TIP))
        self._instruments: tuple[str, ...] = ()
        self._build()
        self._connect()

    def _build(self) -> None:
        box = row(8, (PADDING, 0, PADDING, 1))
        box.addWidget(self.search, 100)
        for control in (self.groups, self.instrument, self.period):
            box.addWidget(control)
        box.addStretch(1)
        box.addWidget(self.rows)
        box.addWidget(self.export_button)
        self.setLayout(box)

    def _connect(self) -> None:
        self.search.textChanged.connect(self.searched)
        self.groups.chosen.connect(lambda at: self.group_chosen.emit(GROUPS[at]))
        self.instrument.picked.connect(lambda at: self.instrument_chosen.emit(("", *self._instruments)[at]))
        self.period.picked.connect(lambda at: self.period_chosen.emit(PERIODS[at]))
        self.rows.chosen.connect(lambda at: self.legs_chosen.emit(at == 1))

    def show_state(self, state: HistoryState) -> None:
        """Show the counts and what is chosen."""
        for at, text in enumerate(state.counts):
            if self.groups.button(at).text() != text:
                self.groups.set_text(at, text)
        self.groups.choose(GROUPS.index(state.wanted.group))
        self._instruments = state.instruments
        known = ("", *state.instruments)
        chosen = known.index(state.wanted.instrument) if state.wanted.instrument in known else 0
        self.instrument.show_items((words.ALL_INSTRUMENTS, *state.instruments), chosen)
        self.period.show_items([str(period) for period in PERIODS], PERIODS.index(state.wanted.period),
                               state.period_words)  # fmt: skip
        if self.search.text() != state.wanted.search:
            self.search.setText(state.wanted.search)

    def tab_stops(self) -> list[QWidget]:
        """Everything Tab visits here, in its order."""
        stops = [self.search, *self.groups.buttons, self.instrument, self.period, *self.rows.buttons]
        return [*stops, self.export_button]

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color(Token.LINE))
        painter.end()


