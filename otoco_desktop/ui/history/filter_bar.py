"""The bar over the history: what is searched, which states, instrument and period, and how rows look."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
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
EXPORT = "&Export"
COMPACT_BELOW = 1200
GAP = 8
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
        self.instrument = DropDown("Instrument listed", 129, 96)
        self.period = DropDown("Period listed", 178, 96)
        self.rows = Segments(ROWS, "Rows", LOOK)
        self.export_button = Button(EXPORT, glyph=Glyph.EXPORT)
        self.export_button.setToolTip(tip(EXPORT_TIP))
        self._state: HistoryState | None = None
        self._compact = False
        self._build()
        self._connect()

    def _build(self) -> None:
        box = self._box = row(GAP, (PADDING, 0, PADDING, 1))
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
        self.instrument.picked.connect(self._pick_instrument)
        self.period.picked.connect(lambda at: self.period_chosen.emit(PERIODS[at]))
        self.rows.chosen.connect(lambda at: self.legs_chosen.emit(at == 1))

    def _pick_instrument(self, at: int) -> None:
        known = self._state.instruments if self._state is not None else ()
        self.instrument_chosen.emit(("", *known)[at])

    def show_state(self, state: HistoryState) -> None:
        """Show the counts and what is chosen."""
        self._state = state
        for at, text in enumerate(state.counts):
            if self.groups.button(at).text() != text:
                self.groups.set_text(at, text)
        self.groups.choose(GROUPS.index(state.wanted.group))
        if self.search.text() != state.wanted.search:
            self.search.setText(state.wanted.search)
        self._show_choices(state)

    def _show_choices(self, state: HistoryState) -> None:
        """Where room is short, the period is called by its name."""
        chosen = (words.ALL_INSTRUMENTS, *state.instruments).index(state.wanted.instrument or words.ALL_INSTRUMENTS)
        every = words.ALL_SHORT if self._compact and not chosen else ""
        self.instrument.show_items((words.ALL_INSTRUMENTS, *state.instruments), chosen, every)
        period = PERIODS.index(state.wanted.period)
        self.period.show_items([str(each) for each in PERIODS], period, "" if self._compact else state.period_words)

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        compact = event.size().width() < COMPACT_BELOW
        if compact is not self._compact:
            self._compact = compact
            self._box.setSpacing(GAP // 2 if compact else GAP)
            self.export_button.setText("" if compact else EXPORT)
            self.export_button.setAccessibleName(EXPORT.replace("&", ""))
            self.export_button.updateGeometry()
            if self._state is not None:
                self._show_choices(self._state)
        super().resizeEvent(event)

    def tab_stops(self) -> list[QWidget]:
        """Everything Tab visits here, in its order."""
        stops = [self.search, *self.groups.buttons, self.instrument, self.period, *self.rows.buttons]
        return [*stops, self.export_button]

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        super().paintEvent(event)
        with QPainter(self) as painter:
            painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color(Token.LINE))
