"""The test card: steps stream in, each with its verdict, its time and what to change."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from otoco_desktop.domain.probing import ProbeReport
from otoco_desktop.ui.accounts.rows import ProbeCardState, ProbeRow, probe_card
from otoco_desktop.ui.accounts.sheet import TintedBox
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.labels import FigureLabel, label
from otoco_desktop.ui.widgets.panel import column, row
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import plain, strong

HEAD = 34
TOOK_WIDTH = 72


class StepLine(QWidget):
    """One step. Its accessible name is its verdict with all its words."""

    def __init__(self) -> None:
        super().__init__()
        self.sentence = Sentence(Role.SECONDARY, Token.TEXT2)
        self.took = FigureLabel("", Role.SECONDARY, Token.TEXT3, paint.RIGHT)
        self.took.setFixedWidth(TOOK_WIDTH)
        box = row(8)
        box.addWidget(self.sentence, 1)
        box.addWidget(self.took, 0, Qt.AlignmentFlag.AlignTop)
        self.setLayout(box)

    def show_row(self, shown: ProbeRow) -> None:
        title = Token.TEXT3 if shown.quiet else Token.TEXT
        spans = [strong(f"{shown.title} ", title), plain(f"{shown.detail} " if shown.detail else "")]
        if shown.remedy:
            spans.append(plain(shown.remedy, Token.TEXT))
        self.sentence.set_spans(spans, shown.glyph, shown.token)
        self.sentence.setAccessibleName(shown.spoken)
        self.took.show_text(shown.took)


class ProbeCard(TintedBox):
    """Shows one report; hidden while there is none. How a test ended is announced, once."""

    def __init__(self) -> None:
        super().__init__(Token.BG1, Token.EDGE, HEAD)
        self.setAccessibleName("Connection test")
        self.headline = Sentence(Role.TITLE)
        self.tested = label("", Role.SECONDARY, Token.TEXT2)
        self.lines: tuple[StepLine, ...] = ()
        self._shown: ProbeCardState | None = None
        head = row(8, (12, 0, 12, 0))
        head.addWidget(self.headline, 1, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.tested, 0, Qt.AlignmentFlag.AlignVCenter)
        top = QWidget()
        top.setFixedHeight(HEAD)
        top.setLayout(head)
        outer = column(self)
        outer.addWidget(top)
        steps = QWidget()
        self._rows = column(steps, 7, (12, 9, 12, 9))
        outer.addWidget(steps)
        self.hide()

    def show_report(self, report: ProbeReport | None) -> None:
        """Show this test, or nothing."""
        card = probe_card(report) if report else None
        if card != self._shown:
            self._shown = card
            if card is not None:
                self._show(card)
            self.setVisible(card is not None)

    def _show(self, card: ProbeCardState) -> None:
        self.set_colours(card.ground, card.border)
        self.headline.set_spans((strong(card.headline),), card.glyph, card.ink)
        self.tested.show_text(card.tested)
        if card.done:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, card.news))
        while len(self.lines) < len(card.rows):
            self.lines = (*self.lines, StepLine())
            self._rows.addWidget(self.lines[-1])
        for line in self.lines[len(card.rows) :]:
            line.hide()
        for line, shown in zip(self.lines, card.rows, strict=False):
            line.show_row(shown)
            line.show()
