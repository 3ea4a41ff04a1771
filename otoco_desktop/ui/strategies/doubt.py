"""An order in doubt, inside its detail: what the exchange answered, and how the trader may settle it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.ui.shell import icons
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.strategies import looked
from otoco_desktop.ui.strategies.looked import AnswerRow, LookedState
from otoco_desktop.ui.strategies.settle import SettleSheet
from otoco_desktop.ui.strategies.state import Question
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.buttons import Button, Kind
from otoco_desktop.ui.widgets.panel import column, row
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import plain
from otoco_desktop.ui.widgets.tips import tip

CHECKED_IT = "I checked on the exchange: it is not there…"
LINE = 18
ICON = 12
GAP = 12


class Answers(QWidget):
    """The newest round, one line per source: where, asked at, answer."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[AnswerRow, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def rows(self) -> tuple[AnswerRow, ...]:
        return self._rows

    def show_rows(self, rows: tuple[AnswerRow, ...]) -> None:
        """Take the answers, touching the widget only if they differ."""
        if rows == self._rows:
            return
        self._rows = rows
        spoken = "\n".join(shown.spoken for shown in rows)
        self.setAccessibleName(f"Answers of the newest round: {spoken}")
        self.setToolTip(tip(spoken))
        self.setFixedHeight(LINE * len(rows))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            source_width = max((paint.width(shown.source, Role.SECONDARY) for shown in self._rows), default=0.0)
            for at, shown in enumerate(self._rows):
                self._paint_row(painter, shown, at * LINE, source_width)

    def _paint_row(self, painter: QPainter, shown: AnswerRow, top: float, source_width: float) -> None:
        icons.paint(painter, shown.glyph, shown.tone, QRectF(0, top + (LINE - ICON) / 2, ICON, ICON))
        left = ICON + 6.0
        asked = paint.width(shown.asked, Role.SECONDARY)
        texts = ((shown.source, source_width, Token.TEXT), (shown.asked, asked, Token.TEXT2))
        for words, wide, token in texts:
            paint.text(painter, QRectF(left, top, wide + 2, LINE), words, Role.SECONDARY, token)
            left += wide + GAP
        room = QRectF(left, top, self.width() - left, LINE)
        cut = paint.elided(shown.words, Role.SECONDARY, room.width())
        paint.text(painter, room, cut, Role.SECONDARY, Token.TEXT2)


class DoubtPart(QWidget):
    """Shown while an outcome is in doubt. ``settled`` carries the strategy id and the trader's typed words."""

    check_requested = Signal()
    settled = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._strategy: Strategy | None = None
        self._state: LookedState | None = None
        self._asked: Question | None = None
        self.sentence = Sentence(Role.SECONDARY, Token.TEXT2)
        self.answers = Answers()
        self.check_button = Button("Check again", Kind.SMALL, glyph=Glyph.REFRESH)
        self.settle_button = Button(CHECKED_IT, Kind.SMALL)
        self.sheet = SettleSheet()
        self._build()
        self.check_button.clicked.connect(self.check_requested)
        self.settle_button.clicked.connect(self._ask)
        self.sheet.settled.connect(self.settled)
        self.sheet.closed.connect(self._closed)

    def _build(self) -> None:
        lines = column(self, 6)
        top = row(8)
        top.addWidget(self.sentence, 1)
        top.addWidget(self.check_button, 0, Qt.AlignmentFlag.AlignTop)
        lines.addLayout(top)
        lines.addWidget(self.answers)
        lines.addWidget(self.settle_button, 0, Qt.AlignmentFlag.AlignLeft)
        lines.addWidget(self.sheet)
        self.hide()

    def tab_stops(self) -> tuple[QWidget, ...]:
        """Everything Tab visits here, in its order."""
        return self.check_button, self.settle_button, self.sheet.field, self.sheet.keep, self.sheet.remove

    def render(self, strategy: Strategy | None) -> None:  # type: ignore[override]  # Qt draws into a device by it
        """Show what was looked at; a question about what is no longer so is taken back."""
        self._strategy = strategy
        self._state = None if strategy is None else looked.build(strategy)
        question = self._state.question if self._state else None
        if self.sheet.question != question:
            self.sheet.close_question()
        if self._state is not None:
            self.sentence.set_spans((plain(self._state.words),))
            self.answers.show_rows(self._state.answers)
        self._show_parts()

    def _show_parts(self) -> None:
        """Everything else gives its room to the question while it is asked."""
        asking = self.sheet.question is not None
        state = self._state
        self.sentence.setVisible(not asking)
        self.answers.setVisible(state is not None and bool(state.answers) and not asking)
        for button in (self.check_button, self.settle_button):
            button.setVisible(state is not None and state.question is not None and not asking)
        self.setVisible(state is not None)

    def _ask(self) -> None:
        if self._strategy is not None and self._state is not None and self._state.question is not None:
            self._asked = self._state.question
            self.sheet.ask_typed(self._asked, looked.unlock_words(self._strategy))
            self._show_parts()

    def _closed(self) -> None:
        """Back to where it was asked from, unless something else has been selected meanwhile."""
        self._show_parts()
        if self._state is not None and self._state.question == self._asked:
            self.settle_button.setFocus(Qt.FocusReason.OtherFocusReason)
