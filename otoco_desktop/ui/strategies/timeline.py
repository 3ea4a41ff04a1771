"""The selected strategy: what it is, where it stands, and everything that happened to it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QVBoxLayout, QWidget

from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.ui.outcome.state import Figure
from otoco_desktop.ui.outcome.view import FigureCell
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.strategies.doubt import DoubtPart
from otoco_desktop.ui.strategies.freshness import NOW, Freshness
from otoco_desktop.ui.strategies.story import StoryState, build
from otoco_desktop.ui.strategies.timeline_list import TimelineList
from otoco_desktop.ui.widgets import icon_text, paint
from otoco_desktop.ui.widgets.buttons import Button, Kind
from otoco_desktop.ui.widgets.chip import Chip
from otoco_desktop.ui.widgets.labels import label
from otoco_desktop.ui.widgets.panel import Panel, Rule, column, row
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.span_layout import SpanLayout
from otoco_desktop.ui.widgets.spans import plain, strong

EDGE = 16
NOTHING = "Select a strategy to see what happened to it."
FOOT = "Times in UTC. Delay is local minus exchange time, corrected for clock skew."
BIG_WIDTHS = (150, 90)
SMALL_FIGURES = 3
SMALL = QSize(128, 16)
LEAST = 120
LEAST_IN_DOUBT = 250
ROOM_FOR_EVENTS = 330


class Heading(QWidget):
    """ "S-0411 ▲ Buy 0.09874 BTC_USD" on one line."""

    def __init__(self) -> None:
        super().__init__()
        self._state: StoryState | None = None
        self.setFixedHeight(20)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_state(self, state: StoryState) -> None:
        self._state = state
        self.setAccessibleName(f"{state.label}, {state.plan}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        if self._state is None:
            return
        with QPainter(self) as painter:
            name = SpanLayout((strong(self._state.label),), Role.KEY_FIGURE, Token.TEXT, self.width())
            name.draw(painter, QPointF(0, 0))
            left = round(name.used_width) + 10
            mark = icon_text.Mark(self._state.arrow, self._state.arrow_tone)
            room = QRectF(left, 0, self.width() - left, 20)
            icon_text.marked(painter, room, mark, self._state.plan, Role.BODY, Token.TEXT)


class FigureRow(QWidget):
    """Label and figure on one line, for the smaller figures."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: Figure | None = None

    def show_figure(self, shown: Figure) -> None:
        if shown != self._shown:
            self._shown = shown
            self.setAccessibleName(f"{shown.label} {shown.value}")
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        if self._shown is None:
            return
        with QPainter(self) as painter:
            rect = QRectF(self.rect())
            paint.text(painter, rect, self._shown.label, Role.SECONDARY, Token.TEXT2)
            paint.text(painter, rect, self._shown.value, Role.SECONDARY, self._shown.tone, paint.RIGHT)


class FigureBlock(QWidget):
    """Two large figures, their widths in logical pixels, and the smaller ones in lines beside them."""

    def __init__(self, widths: tuple[int, int], smaller: int, align: Qt.AlignmentFlag) -> None:
        super().__init__()
        box = row(24)
        self.setLayout(box)
        self._big = [FigureCell(Role.RESULT) for _ in widths]
        for cell, wide in zip(self._big, widths, strict=True):
            cell.setFixedWidth(wide)
            box.addWidget(cell, 0, align)
        small = QWidget()
        lines = column(small)
        self._small = [FigureRow() for _ in range(smaller)]
        for line in self._small:
            line.setFixedSize(SMALL)
            lines.addWidget(line)
        box.addWidget(small)
        box.addStretch(1)

    def show_figures(self, figures: tuple[Figure, ...]) -> None:
        """Show these in their order; nothing where there are none."""
        self.setVisible(bool(figures))
        for cell, shown in zip(self._big, figures, strict=False):
            cell.show_figure(shown)
        for line, shown in zip(self._small, figures[len(self._big) :], strict=False):
            line.show_figure(shown)


def times_foot() -> QWidget:
    """What the times in the list above it are."""
    foot = label(FOOT, Role.CAPTION, Token.TEXT3)
    foot.setContentsMargins(EDGE, 6, EDGE, 6)
    return foot


class TimelinePanel(Panel):
    """Renders one strategy; its ids are copied as exact text. ``settled`` carries a strategy id and typed words."""

    check_requested = Signal()
    settled = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Token.BG1, parent)
        self._strategy: Strategy | None = None
        self._as_of = ""
        self.state: StoryState | None = None
        self.heading = Heading()
        self.chip = Chip()
        self.headline = Sentence(Role.BODY, Token.TEXT2)
        self.ids = label("", Role.MONO_SMALL, Token.TEXT2)
        self.copy_button = Button("Copy", Kind.SMALL, glyph=Glyph.COPY)
        self.notes = Sentence(Role.SECONDARY, Token.WARN)
        self.doubt = DoubtPart()
        self.list = TimelineList()
        self.nothing = label(NOTHING, Role.BODY, Token.TEXT3)
        self._figures = FigureBlock(BIG_WIDTHS, SMALL_FIGURES, Qt.AlignmentFlag.AlignVCenter)
        self._body = QWidget()
        self._events = QWidget()
        self._build()
        self.copy_button.clicked.connect(self._copy_ids)
        self.doubt.check_requested.connect(self.check_requested)
        self.doubt.settled.connect(self.settled)

    def _build(self) -> None:
        outer = column(self)
        outer.addWidget(self.nothing)
        self.nothing.setContentsMargins(EDGE, 12, EDGE, 12)
        outer.addWidget(self._body, 1)
        body = column(self._body)
        body.addLayout(self._head())
        body.addWidget(self._events, 1)
        body.addStretch(0)
        events = column(self._events)
        events.addWidget(Rule())
        events.addSpacing(6)
        events.addWidget(self.list, 1)
        events.addWidget(Rule())
        events.addWidget(times_foot())
        outer.addStretch(0)
        self.setMinimumHeight(LEAST)
        self._body.hide()

    def _head(self) -> QVBoxLayout:
        head = QVBoxLayout()
        head.setContentsMargins(EDGE, 8, EDGE, 8)
        head.setSpacing(6)
        title = row()
        title.addWidget(self.heading, 1)
        title.addWidget(self.chip)
        head.addLayout(title)
        head.addWidget(self.headline)
        head.addWidget(self._figures)
        head.addWidget(self.notes)
        ids = row()
        self.copy_button.setAccessibleName("Copy ids")
        ids.addWidget(self.ids)
        ids.addWidget(self.copy_button)
        ids.addStretch(1)
        head.addLayout(ids)
        head.addWidget(self.doubt)
        return head

    def tab_stops(self) -> tuple[QWidget, ...]:
        """What Tab visits while an outcome is in doubt, in its order."""
        return self.doubt.tab_stops()

    def render(  # type: ignore[override]  # Qt draws into a device by it
        self, strategy: Strategy | None, fresh: Freshness = NOW
    ) -> None:
        """Show this strategy, or that none is selected."""
        as_of = "" if strategy is None else fresh.of(strategy)
        if strategy is self._strategy and as_of == self._as_of:
            return
        self._strategy, self._as_of = strategy, as_of
        self._body.setVisible(strategy is not None)
        self.nothing.setVisible(strategy is None)
        self.state = None if strategy is None else build(strategy, as_of)
        self._show_doubt(strategy)
        if self.state is not None:
            self._show(self.state)

    def _show_doubt(self, strategy: Strategy | None) -> None:
        """When the doubt ends under the keyboard, the events take the keyboard."""
        focused = QApplication.focusWidget()
        within = focused is not None and self.doubt.isAncestorOf(focused)
        self.doubt.render(strategy)
        self._make_room()
        if within and self.doubt.isHidden():
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make_room(self) -> None:
        """In a low panel the way out of a doubt comes before the events."""
        in_doubt = not self.doubt.isHidden()
        self.setMinimumHeight(LEAST_IN_DOUBT if in_doubt else LEAST)
        self._events.setVisible(not in_doubt or self.height() >= ROOM_FOR_EVENTS)

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        self._make_room()
        super().resizeEvent(event)

    def _show(self, state: StoryState) -> None:
        self.heading.show_state(state)
        self.chip.show_words(state.chip.text, state.chip.tone, state.chip.glyph)
        self.headline.set_spans((plain(state.headline),))
        self.ids.show_text(state.ids_words)
        self.notes.set_spans((plain(" ".join(state.notes)),), Glyph.WARNING, Token.WARN)
        self.notes.setVisible(bool(state.notes))
        self._figures.show_figures(state.figures)
        self.list.show_rows(state.rows)

    def _copy_ids(self) -> None:
        if self.state is not None:
            QGuiApplication.clipboard().setText(self.state.ids_copied)
