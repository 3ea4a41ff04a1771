"""The outcome panel: renders one state, decides nothing."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from otoco_desktop.ui.outcome import details
from otoco_desktop.ui.outcome.facts import FactBlock
from otoco_desktop.ui.outcome.state import Figure, OutcomeState, ResultBar
from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import icon_text, paint
from otoco_desktop.ui.widgets.buttons import Button, Kind
from otoco_desktop.ui.widgets.labels import label
from otoco_desktop.ui.widgets.panel import PADDING, Panel, PanelHeader, column
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import text_of
from otoco_desktop.ui.widgets.tips import tip

BAR_HEIGHT = 8
LABEL_HEIGHT = 16
CAPTION_HEIGHT = 14
NARROW = 330
FIGURES = 6
SHARES = {3: (96, 122, 110), 2: (1, 1, 0)}
GAP = 12
SHORT = 9
"""Characters that fit everywhere; longer figures are measured."""

SMALLER = (Role.STRONG, Role.SECONDARY_STRONG)


class ResultScale(QWidget):
    """Loss against gain, to scale, with a mark where the entry stands."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar: ResultBar | None = None
        self.setFixedHeight(LABEL_HEIGHT + 5 + BAR_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_bar(self, bar: ResultBar | None) -> None:
        if bar == self._bar:
            return
        self._bar = bar
        self.setAccessibleName("" if bar is None else f"{bar.loss}, {bar.gain}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        if self._bar is None:
            return
        with QPainter(self) as painter:
            self._paint_labels(painter, self._bar)
            self._paint_scale(painter, self._bar)

    def _paint_labels(self, painter: QPainter, bar: ResultBar) -> None:
        row = QRectF(0, 0, self.width(), LABEL_HEIGHT)
        stop = icon_text.Mark(Glyph.DOWN, Token.NEG)
        icon_text.marked(painter, row, stop, bar.loss, Role.SECONDARY_STRONG, Token.NEG)
        glyph = Glyph.DOWN if bar.gain_tone is Token.NEG else Glyph.UP
        icon_text.marked_right(painter, row, icon_text.Mark(glyph, bar.gain_tone), bar.gain, Role.SECONDARY_STRONG)

    def _paint_scale(self, painter: QPainter, bar: ResultBar) -> None:
        top = self.height() - BAR_HEIGHT
        split = round(self.width() * bar.entry_permille / 1000)
        painter.fillRect(0, top, split, BAR_HEIGHT, theme.color(Token.NEG))
        painter.fillRect(split, top, self.width() - split, BAR_HEIGHT, theme.color(Token.POS))
        painter.fillRect(QRectF(split - 1, top - 2, 2, BAR_HEIGHT + 2), theme.color(Token.TEXT))


class FigureCell(QWidget):
    """A caption over its figure, drawn as one; as wide as its caption asks.

    A figure that is too long for that is drawn smaller, never cut off.
    """

    def __init__(self, role: Role = Role.KEY_FIGURE) -> None:
        super().__init__()
        self._role = role
        self._shown = Figure("", "")
        self.setFixedHeight(CAPTION_HEIGHT + theme.line_height(role))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_figure(self, shown: Figure) -> None:
        """Show this; nothing happens when it already stands there."""
        if shown == self._shown:
            return
        relabelled = shown.label != self._shown.label
        self._shown = shown
        self.setAccessibleName(self.words)
        if relabelled:
            self.updateGeometry()
            self.update()
        else:
            self.update(0, CAPTION_HEIGHT, self.width(), self.height() - CAPTION_HEIGHT)

    @property
    def value(self) -> str:
        return self._shown.value

    @property
    def words(self) -> str:
        return f"{self._shown.label} {self._shown.value}"

    @property
    def least_width(self) -> int:
        """What the figure takes when it is drawn as small as can be, logical pixels."""
        return ceil(paint.width(self._shown.value, SMALLER[-1]))

    def _fitting_role(self) -> Role:
        roles = (self._role, *SMALLER)
        fitting = (role for role in roles if paint.prepared(self._shown.value, role).size().width() <= self.width())
        return next(fitting, roles[-1])

    def sizeHint(self) -> QSize:  # Qt's name
        return QSize(round(paint.width(self._shown.label, Role.CAPTION)) + 1, self.height())

    def minimumSizeHint(self) -> QSize:  # Qt's name
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            rect = QRectF(self.rect())
            if event.rect().top() < CAPTION_HEIGHT:
                caption = QRectF(0, 0, rect.width(), CAPTION_HEIGHT)
                paint.text(painter, caption, self._shown.label, Role.CAPTION, Token.TEXT3)
            value = rect.adjusted(0, CAPTION_HEIGHT, 0, 0)
            paint.text(painter, value, self._shown.value, self._fitting_role(), self._shown.tone)


class OutcomePanel(Panel):
    """The plan in a sentence, loss against gain, six figures and smaller facts; en dashes and why when it is wrong.

    A button turns it over to what the smaller facts mean and rest on, in sentences.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Token.BG1, parent)
        self.setAccessibleName("Outcome")
        self._state: OutcomeState | None = None
        self._columns = 0
        self.sentence = Sentence()
        self.scale = ResultScale()
        self.figures = tuple(FigureCell() for _ in range(FIGURES))
        self.facts = FactBlock()
        self.caption = label("", Role.CAPTION, Token.TEXT3, wrap=True)
        self.details = Sentence(Role.SECONDARY, Token.TEXT2)
        self.turn = Button(details.OPEN, Kind.SMALL)
        self.turn.setAccessibleName(details.OPEN_NAME)
        self.turn.clicked.connect(self._turn_over)
        self._is_turned = False
        self._grid = QGridLayout()
        self._build()

    def _build(self) -> None:
        outer = column(self)
        header = PanelHeader("Outcome")
        header.add(self.turn)
        outer.addWidget(header)
        inner = QVBoxLayout()
        inner.setContentsMargins(PADDING, 10, PADDING, 8)
        inner.setSpacing(8)
        outer.addLayout(inner)
        inner.addWidget(self.sentence)
        inner.addWidget(self.scale)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GAP)
        self._grid.setVerticalSpacing(10)
        inner.addLayout(self._grid)
        inner.addWidget(self.facts)
        inner.addWidget(self.caption)
        inner.addWidget(self.details)
        self.details.hide()
        self._arrange(3)

    @property
    def _is_narrow(self) -> bool:
        return self.width() < NARROW

    def _columns_that_fit(self) -> int:
        """Three, unless the panel is narrow or one of the figures would be cut off."""
        if self._is_narrow:
            return 2
        whole = self.width() - 2 * PADDING - 2 * GAP
        rooms = [whole * share // sum(SHARES[3]) for share in SHARES[3]]
        long = [(at, cell) for at, cell in enumerate(self.figures) if len(cell.value) > SHORT]
        return 2 if any(cell.least_width > rooms[at % 3] for at, cell in long) else 3

    def _arrange(self, columns: int) -> None:
        """Three columns as wide as their captions ask, or two equal ones."""
        if columns == self._columns:
            return
        self._columns = columns
        for at, cell in enumerate(self.figures):
            self._grid.removeWidget(cell)
            self._grid.addWidget(cell, at // columns, at % columns)
        for at, share in enumerate(SHARES[columns]):
            self._grid.setColumnStretch(at, share)

    def _turn_over(self) -> None:
        """Show the other face, and offer the way back."""
        self._is_turned = not self._is_turned
        self.turn.setText(details.CLOSE if self._is_turned else details.OPEN)
        self.turn.setAccessibleName(details.CLOSE_NAME if self._is_turned else details.OPEN_NAME)
        for widget in (self.sentence, *self.figures):
            widget.setVisible(not self._is_turned)
        self.details.setVisible(self._is_turned)
        if self._state is not None:
            self._show_face(self._state)

    def _show_face(self, state: OutcomeState) -> None:
        """What is seen of this, on the face that lies above."""
        self.scale.setVisible(state.bar is not None and not self._is_turned)
        if self._is_turned:
            self.details.set_spans(details.details(state), state.glyph, _tone(state))
        self._place_rest(state)

    def render(self, state: OutcomeState) -> None:  # type: ignore[override]  # Qt draws into a device by it
        """Show this state, touching only what differs."""
        if state == self._state:
            return
        self._state = state
        self.sentence.set_spans(state.sentence, state.glyph, _tone(state))
        self.scale.show_bar(state.bar)
        for cell, shown in zip(self.figures, state.figures, strict=True):
            cell.show_figure(shown)
        self._arrange(self._columns_that_fit())
        self.facts.show_facts(state.facts)
        self.caption.show_text(state.caption)
        self._show_face(state)

    def _place_rest(self, state: OutcomeState) -> None:
        """In a narrow column facts and caption stand on the other face, are told by the tooltip and to a reader."""
        narrow = self._is_narrow
        shown = not narrow and not self._is_turned
        self.facts.setVisible(bool(state.facts) and shown)
        self.caption.setVisible(bool(state.caption) and shown)
        facts = [f"{fact.words}." for fact in state.facts]
        details = [fact.detail for fact in state.facts] if narrow else []
        figures = [f"{cell.words}." for cell in self.figures]
        self.setAccessibleDescription(" ".join(dict.fromkeys([text_of(state.sentence), *figures, *facts, *details])))
        told = dict.fromkeys([state.caption, " ".join(facts), *details])
        tooltip = tip("\n".join(told)) if narrow and state.caption else ""
        if tooltip != self.toolTip():
            self.setToolTip(tooltip)

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        self._arrange(self._columns_that_fit())
        if self._state is not None:
            self._place_rest(self._state)
        super().resizeEvent(event)

    def minimumSizeHint(self) -> QSize:  # Qt's name
        return QSize(288, super().minimumSizeHint().height())


def _tone(state: OutcomeState) -> Token:
    return Token.NEG if state.glyph is Glyph.FAIL else Token.TEXT3
