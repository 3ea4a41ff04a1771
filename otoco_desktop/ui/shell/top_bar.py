"""The top bar: environment, instrument, quotes, and how the program is connected."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QWidget

from otoco_desktop.app.state import DeskState
from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.badge import Badge
from otoco_desktop.ui.shell.indicators import IndicatorView
from otoco_desktop.ui.shell.instrument_picker import InstrumentPicker
from otoco_desktop.ui.shell.quote_strip import QuoteStrip
from otoco_desktop.ui.shell.state import FrameState, Indicator
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import panel
from otoco_desktop.ui.widgets.segments import Segments, SegmentsLook

HEIGHT = 52
CONNECTIONS = 4
PAGES = ("Plan", "Strategies")
PAGES_LOOK = SegmentsLook(height=28, padding=10, role=Role.BODY, chosen_role=Role.STRONG)


class TopBar(panel.Panel):
    """52 px; ``instrument_chosen`` carries a symbol."""

    instrument_chosen = Signal(str)

    def __init__(self, environment: str, parent: QWidget | None = None) -> None:
        super().__init__(Token.BG1, parent)
        self.setFixedHeight(HEIGHT)
        self.badge = Badge(environment)
        self.pages = Segments(PAGES, "Page", PAGES_LOOK)
        self.picker = InstrumentPicker()
        self.picker.symbol_chosen.connect(self.instrument_chosen)
        self.quotes = QuoteStrip()
        self.indicators = tuple(IndicatorView() for _ in range(CONNECTIONS))
        self.folded = IndicatorView(opens_menu=True)
        self.folded.pressed.connect(self._unfold)
        self._shown: tuple[Indicator, ...] = ()
        self._compact = False
        self._lay_out()

    def _lay_out(self) -> None:
        row = panel.row(16, (panel.PADDING, 0, panel.PADDING, 1))
        row.addWidget(self.badge)
        row.addWidget(self.pages)
        row.addWidget(self.picker)
        row.addWidget(self.quotes)
        row.addStretch(1)
        for indicator in (*self.indicators, self.folded):
            row.addWidget(indicator)
        self.setLayout(row)
        self.set_compact(False)

    def set_compact(self, compact: bool) -> None:
        """Fold the connections into one and the instrument to its name."""
        self._compact = compact
        self.folded.setVisible(compact)
        for indicator in self.indicators:
            indicator.setVisible(not compact)
        self.picker.set_compact(compact)

    def show_desk(self, desk: DeskState) -> None:
        """Offer these instruments and show the chosen one."""
        self.picker.show_instruments(desk.instruments, desk.instrument)

    def render_state(self, state: FrameState) -> None:
        self.quotes.show_quotes(state.quotes)
        self._shown = state.indicators
        for view, indicator in zip(self.indicators, state.indicators, strict=True):
            view.show_indicator(indicator)
        self.folded.show_indicator(state.folded)

    def _unfold(self) -> None:
        menu = QMenu(self)
        for indicator in self._shown:
            menu.addAction(f"{indicator.name}: {indicator.text}".replace("&", "&&")).setEnabled(False)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.folded.mapToGlobal(QPoint(0, self.folded.height())))

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        super().paintEvent(event)
        with QPainter(self) as painter:
            painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color(Token.LINE))
