"""The three orders of the plan, the figures, and what happens next, as painted lines."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from otoco_desktop.ui.outcome.state import Figure
from otoco_desktop.ui.outcome.view import FigureCell
from otoco_desktop.ui.review.state import Advice, LegCard, Step
from otoco_desktop.ui.shell import icons, theme
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import icon_text, paint
from otoco_desktop.ui.widgets.panel import row
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.span_layout import SpanLayout
from otoco_desktop.ui.widgets.spans import plain, strong, text_of

LEG_HEIGHT = 76
LEG_TOP = 9
CIRCLE = 24
TEXT_LEFT = 37
LINE = 18
ICON = 14
FEE_RIGHT = 80
VALUE_RIGHT = 136
STEP_HEIGHT = 36


class LegView(QWidget):
    """One order: number, type, two lines of words, and its money at the right."""

    def __init__(self) -> None:
        super().__init__()
        self._card: LegCard | None = None
        self.setFixedHeight(LEG_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_card(self, card: LegCard) -> None:
        self._card = card
        words = " ".join(text_of(line) for line in card.lines)
        money = f"Value {card.value}, fee {card.fee}, result {card.result}"
        self.setAccessibleName(f"Leg {card.number}, {card.title}, {card.order_type}. {words} {money}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        if self._card is None:
            return
        with QPainter(self) as painter:
            self._paint_number(painter, self._card)
            self._paint_words(painter, self._card)
            self._paint_money(painter, self._card)
            painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color(Token.LINE))

    def _paint_number(self, painter: QPainter, card: LegCard) -> None:
        circle = QRectF(0.5, LEG_TOP + 0.5, CIRCLE - 1, CIRCLE - 1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color(Token.EDGE), 1))
        painter.drawEllipse(circle)
        paint.text(painter, circle, str(card.number), Role.SECONDARY_STRONG, Token.TEXT, paint.CENTER)

    def _paint_words(self, painter: QPainter, card: LegCard) -> None:
        icons.paint(painter, card.glyph, card.tone, QRectF(TEXT_LEFT, LEG_TOP + 2, ICON, ICON))
        left = TEXT_LEFT + ICON + 5
        paint.text(painter, QRectF(left, LEG_TOP, 120, LINE), card.title, Role.STRONG, Token.TEXT)
        left += round(paint.width(card.title, Role.STRONG)) + 8
        paint.text(painter, QRectF(left, LEG_TOP, 200, LINE), card.order_type, Role.MONO_SMALL, Token.TEXT3)
        for at, line in enumerate(card.lines, 1):
            words = SpanLayout(line, Role.BODY, Token.TEXT, max(1, self.width() - TEXT_LEFT - VALUE_RIGHT - 60))
            words.draw(painter, QPointF(TEXT_LEFT, LEG_TOP + 1 + at * LINE))

    def _paint_money(self, painter: QPainter, card: LegCard) -> None:
        edges = (self.width(), self.width() - FEE_RIGHT, self.width() - VALUE_RIGHT)
        cells = (
            ("Result", card.result, card.result_tone),
            ("Fee", card.fee, Token.TEXT),
            ("Value", card.value, Token.TEXT),
        )
        for right, (caption, value, tone) in zip(edges, cells, strict=True):
            paint.text(painter, QRectF(right - 110, LEG_TOP, 110, 14), caption, Role.CAPTION, Token.TEXT3, paint.RIGHT)
            room = QRectF(right - 110, LEG_TOP + 15, 110, LINE)
            paint.text(painter, room, value, Role.STRONG, tone, paint.RIGHT)


class WaitLine(QWidget):
    """The strip between entry and exits."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__()
        self.setFixedHeight(29)
        box = row(0, (TEXT_LEFT, 0, 8, 0))
        box.addWidget(sentence, 1, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(box)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color(Token.BG2))
            painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color(Token.LINE))


class FigureStrip(QWidget):
    """The six figures side by side, between two lines."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(57)
        self._cells = tuple(FigureCell() for _ in range(6))
        box = row(12, (0, 10, 0, 12))
        for cell, share in zip(self._cells, (100, 125, 105, 70, 130, 90), strict=True):
            box.addWidget(cell, share)
        self.setLayout(box)

    def show_figures(self, figures: tuple[Figure, ...]) -> None:
        for cell, shown in zip(self._cells, figures, strict=True):
            cell.show_figure(shown)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color(Token.LINE))


class StepStrip(QWidget):
    """What happens after sending, from left to right."""

    def __init__(self, steps: tuple[Step, ...]) -> None:
        super().__init__()
        self._steps = steps
        self.setFixedHeight(STEP_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(". ".join(f"{step.title}: {step.detail}" for step in steps))

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            widths = [_step_width(step) for step in self._steps]
            free = self.width() - sum(widths) - len(widths) * (ICON + 5)
            gap = max(4.0, free / (len(widths) - 1))
            left = 0.0
            for at, (step, wide) in enumerate(zip(self._steps, widths, strict=True)):
                if at:
                    painter.fillRect(QRectF(round(left - gap / 2), 2, 1, STEP_HEIGHT - 4), theme.color(Token.LINE))
                mark = icon_text.Mark(step.glyph, step.tone)
                room = wide + ICON + 6
                icon_text.marked(painter, QRectF(left, 0, room, LINE), mark, step.title, Role.STRONG, Token.TEXT)
                detail = QRectF(left + icon_text.SIZE + icon_text.GAP, LINE, room, 16)
                paint.text(painter, detail, step.detail, Role.SECONDARY, Token.TEXT2)
                left += wide + ICON + 5 + gap


def _step_width(step: Step) -> float:
    return max(paint.width(step.title, Role.STRONG), paint.width(step.detail, Role.SECONDARY))


def advice_line(advice: Advice) -> Sentence:
    """One line under "Before you send"."""
    line = Sentence(Role.SECONDARY)
    line.set_spans(advice.words, advice.glyph, advice.tone)
    return line


def wait_sentence() -> Sentence:
    """Why the exits do not work yet."""
    line = Sentence(Role.SECONDARY, Token.TEXT2)
    words = (
        plain("Legs 2 and 3 wait until leg 1 has filled "),
        strong("completely", Token.TEXT),
        plain(". The first to execute cancels the other."),
    )
    line.set_spans(words, Glyph.NOTE, Token.TEXT2)
    return line
