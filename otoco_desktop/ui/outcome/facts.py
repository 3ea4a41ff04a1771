"""The smaller numbers under the six figures: a label and its number in a line, two to a line where they fit."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from otoco_desktop.ui.outcome.state import Fact
from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.tips import tip

MOST = 4
SPACE = 4
BETWEEN = 8


class FactCell(QWidget):
    """One fact in one line; what it rests on is its description and its tooltip."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._shown = Fact("", "")

    def show_fact(self, shown: Fact) -> None:
        """Show this; nothing happens when it already stands there."""
        if shown == self._shown:
            return
        before, self._shown = self._shown, shown
        if shown.detail != before.detail:
            self.setAccessibleDescription(shown.detail)
            self.setToolTip(tip(shown.detail))
        if shown.words != before.words or shown.tone is not before.tone:
            self.setAccessibleName(shown.words)
            # Setting text is what costs in painting: a label that stands is left alone.
            left = self._value_left if shown.label == before.label else 0
            self.update(left, 0, self.width() - left, self.height())

    @property
    def words(self) -> str:
        return self._shown.words

    @property
    def needed(self) -> int:
        """The width of both texts, logical pixels."""
        return self._value_left + ceil(paint.width(self._shown.value, Role.SECONDARY_STRONG))

    @property
    def _value_left(self) -> int:
        label = self._shown.label
        space = SPACE if label and self._shown.value else 0
        return ceil(paint.width(label, Role.SECONDARY)) + space

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            rect, left = QRectF(self.rect()), self._value_left
            if event.rect().left() < left:
                paint.text(painter, rect, self._shown.label, Role.SECONDARY, Token.TEXT3)
            value = rect.adjusted(left, 0, 0, 0)
            paint.text(painter, value, self._shown.value, Role.SECONDARY_STRONG, self._shown.tone)


class FactBlock(QWidget):
    """The facts of a plan; places its cells itself, so that a new number lays nothing else out."""

    def __init__(self) -> None:
        super().__init__()
        self.cells = tuple(FactCell(self) for _ in range(MOST))
        self._facts: tuple[Fact, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_facts(self, facts: tuple[Fact, ...]) -> None:
        """Show these; nothing happens when they already stand there."""
        if facts == self._facts:
            return
        self._facts = facts
        for at, cell in enumerate(self.cells):
            if at < len(facts):
                cell.show_fact(facts[at])
            cell.setVisible(at < len(facts))
        self._place()

    def _place(self) -> None:
        """Pairs share a line, the second at the right edge; a pair that is too wide takes two."""
        wide, high, top = self.width(), theme.line_height(Role.SECONDARY), 0
        shown = self.cells[: len(self._facts)]
        for at in range(0, len(shown), 2):
            pair = shown[at : at + 2]
            right = pair[-1].needed
            if len(pair) == 1 or pair[0].needed + BETWEEN + right > wide:
                for cell in pair:
                    cell.setGeometry(0, top, wide, high)
                    top += high
                continue
            pair[0].setGeometry(0, top, wide - right - BETWEEN, high)
            pair[1].setGeometry(wide - right, top, right, high)
            top += high
        if top != self.height():
            self.setFixedHeight(top)

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        super().resizeEvent(event)
        self._place()
