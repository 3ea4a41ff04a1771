"""The chart's panel: timeframes, the hint, Fit, and below them the canvas with its notice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from otoco_desktop.domain.candles import CandleSeries, Timeframe
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.ui.chart import words
from otoco_desktop.ui.chart.canvas import Canvas
from otoco_desktop.ui.chart.gestures import Gestures
from otoco_desktop.ui.chart.notice import Notice
from otoco_desktop.ui.chart.presenter import ChartPresenter
from otoco_desktop.ui.chart.state import LINES, ChartState
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import panel
from otoco_desktop.ui.widgets.announcer import Announcer
from otoco_desktop.ui.widgets.buttons import Button, Kind
from otoco_desktop.ui.widgets.labels import label
from otoco_desktop.ui.widgets.panel import Panel, Rule, column
from otoco_desktop.ui.widgets.segments import Segments, SegmentsLook
from otoco_desktop.ui.widgets.tips import tip

HEADER = 34
TIMEFRAMES = tuple(Timeframe)
LOOK = SegmentsLook(height=22, padding=8, role=Role.SECONDARY, chosen_role=Role.SECONDARY_STRONG)
LEAST = QSize(420, 220)
FRAME_MS = 16


class ChartPanel(Panel):
    """``field_requested`` asks for the keyboard of a field; ``timeframe_chosen`` is for remembering.

    ``story_requested`` asks for the selected strategy's timeline in the chart's place.
    """

    field_requested = Signal(Field)
    timeframe_chosen = Signal(str)
    story_requested = Signal()

    def __init__(
        self, presenter: ChartPresenter, now_ms: Callable[[], int], focused_field: Callable[[], Field | None]
    ) -> None:
        super().__init__(Token.BG1)
        self._presenter = presenter
        self._focused_field = focused_field
        self.canvas = Canvas(now_ms)
        self.gestures = Gestures(self.canvas, focused_field)
        self.notice = Notice(self.canvas)
        self.timeframes = Segments([found.value for found in TIMEFRAMES], "Timeframe", LOOK)
        self.timeframes.choose(TIMEFRAMES.index(presenter.timeframe))
        self.hint = label(words.HINT, Role.SECONDARY, Token.TEXT3)
        self.hint.setToolTip(tip(words.HINT_MORE))
        self.fit_button = Button("Fit", Kind.SMALL, key_hint="Ctrl+0")
        self.story_button = Button("Timeline", Kind.SMALL)
        self._announcer = Announcer(self.canvas, now_ms)
        self._shown: CandleSeries | None = None
        self._coming: CandleSeries | None = None
        self._frames = QTimer(self, interval=FRAME_MS, singleShot=True)
        self._frames.timeout.connect(self._show_coming)
        self._build()
        self._connect()
        presenter.listen(self.show_state, self.show_series)
        self.show_state(presenter.state)

    def _build(self) -> None:
        self.setMinimumSize(LEAST)
        self.canvas.setAccessibleName("Price chart")
        self.fit_button.setAccessibleName("Fit chart")
        self.header = Panel(Token.BG0)
        self.header.setFixedHeight(HEADER - 1)
        row = panel.row(12, (panel.PADDING, 0, panel.PADDING, 0))
        self.header.setLayout(row)
        row.addWidget(self.timeframes)
        row.addWidget(self.story_button)
        row.addStretch(1)
        row.addWidget(self.hint)
        row.addWidget(self.fit_button)
        rows = column(self)
        rows.addWidget(self.header)
        rows.addWidget(Rule())
        rows.addWidget(self.canvas, 1)

    def _connect(self) -> None:
        ask, gestures = self._presenter, self.gestures
        self.timeframes.chosen.connect(self._choose)
        self.fit_button.clicked.connect(self.canvas.fit)
        self.story_button.clicked.connect(self.story_requested)
        gestures.held.connect(self._hold)
        gestures.dragged.connect(ask.drag)
        gestures.released.connect(ask.release)
        gestures.picked.connect(self._pick)
        for field, handle in self.canvas.handles.items():
            handle.stepped.connect(lambda ticks, field=field: self._step(field, ticks))
            handle.abandoned.connect(lambda field=field: self._abandon(field))
            handle.left.connect(lambda field=field: self.field_requested.emit(field))

    # Asked for

    def _choose(self, index: int) -> None:
        self._presenter.choose(TIMEFRAMES[index])
        self.timeframe_chosen.emit(TIMEFRAMES[index].value)

    def _hold(self, field: Field) -> None:
        self._presenter.hold(field)
        self.focus_line(field, Qt.FocusReason.MouseFocusReason)

    def _abandon(self, field: Field) -> None:
        """Esc: while dragging the line goes back, else the keyboard goes to its field."""
        if self.gestures.is_dragging:
            self.gestures.cancel()
            self._presenter.restore()
        else:
            self.field_requested.emit(field)

    def _step(self, field: Field, ticks: int) -> None:
        self._presenter.step(field, ticks)
        line = self._presenter.state.line(field)
        if line is not None:
            self._announcer.say(line.spoken)

    def _pick(self, price: Decimal) -> None:
        field = self._focused_field()
        if field is not None:
            self._presenter.pick(field, price)

    def walk_lines(self, step: int) -> None:
        """Give the keyboard to the next line, or the one before."""
        there = [field for field in LINES if self._presenter.state.line(field) is not None]
        if not there:
            self._announcer.say(words.NO_LINES)
            return
        now = next((at for at, field in enumerate(there) if self.canvas.handles[field].hasFocus()), None)
        start = 0 if step > 0 else len(there) - 1
        self.focus_line(there[start if now is None else (now + step) % len(there)], Qt.FocusReason.ShortcutFocusReason)

    def focus_line(self, field: Field, reason: Qt.FocusReason) -> None:
        """Give the keyboard to one line; Tab visits the lines as one stop, which is this one from now on."""
        for other, handle in self.canvas.handles.items():
            handle.setFocusPolicy(Qt.FocusPolicy.StrongFocus if other is field else Qt.FocusPolicy.NoFocus)
        handle = self.canvas.handles[field]
        handle.setFocus(reason)
        self._announcer.say(handle.accessibleName())

    def tab_stops(self) -> list[QWidget]:
        """Everything Tab visits here, in its order."""
        return [*self.canvas.handles.values(), *self.timeframes.buttons, self.story_button, self.fit_button]

    # Showing

    def show_strategies(self, strategies: Sequence[Strategy], instrument: Instrument | None) -> None:
        """Show the lines of what is open."""
        self._presenter.show_strategies(strategies, instrument)

    def show_state(self, state: ChartState) -> None:
        self.canvas.show_state(state)
        self.notice.show_words(state.notice)
        self._offer_lines(state)

    def _offer_lines(self, state: ChartState) -> None:
        """One of the lines that are there takes Tab."""
        there = [field for field in LINES if state.line(field) is not None]
        stops = [field for field in there if self.canvas.handles[field].focusPolicy() is not Qt.FocusPolicy.NoFocus]
        if there and not stops:
            self.canvas.handles[there[0]].setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_series(self, series: CandleSeries) -> None:
        """Another series is shown at once; prices that come faster than pictures can are shown with the next one."""
        shown, self._coming = self._shown, series
        if shown is None or (shown.instrument, shown.timeframe) != (series.instrument, series.timeframe):
            self._show_coming()
        elif not self._frames.isActive():
            self._frames.start()

    def _show_coming(self) -> None:
        series, self._shown = self._coming, self._coming
        if series is None:
            return
        self.canvas.show_series(series)
        spoken = words.spoken_chart(series, series.timeframe)
        if self.canvas.accessibleDescription() != spoken:
            self.canvas.setAccessibleDescription(spoken)

    def set_compact(self, compact: bool) -> None:
        """In a narrow window the hint goes and labels say less."""
        self.hint.setVisible(not compact)
        self.canvas.set_compact(compact)

    def retint(self) -> None:
        self.canvas.retint()

    def showEvent(self, event: QShowEvent) -> None:  # Qt's name
        super().showEvent(event)
        self._show_coming()

    def hideEvent(self, event: QHideEvent) -> None:  # Qt's name
        self._frames.stop()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        super().resizeEvent(event)
        self.notice.place()
