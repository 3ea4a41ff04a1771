"""The field over the buttons while an earlier outcome is not known: the words that send a plan all the same."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal

from otoco_desktop.ui.review.override import IF_IT_EXISTS, RECORDED, Override
from otoco_desktop.ui.review.retype import Answer
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.field_edit import FieldEdit
from otoco_desktop.ui.widgets.panel import Panel, column, row
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import plain, strong

NAME = "Words to send although an outcome is unknown"
LONGEST = 200
WIDTH = 220
EDGE = 16


class OverrideStrip(Panel):
    """Asks for the words, and says whether they stand there. ``typed`` carries the text."""

    typed = Signal(str)

    def __init__(self) -> None:
        super().__init__(Token.WARN_SOFT)
        self.prompt = Sentence()
        self.edit = FieldEdit(NAME, LONGEST)
        self.edit.setMinimumWidth(WIDTH)
        self.answer = Sentence()
        self.edit.textEdited.connect(self.typed)
        box = column(self, 8, (EDGE, 11, EDGE, 10))
        box.addWidget(self.prompt)
        line = row(12)
        line.addWidget(self.edit)
        line.addWidget(self.answer, 1, Qt.AlignmentFlag.AlignVCenter)
        box.addLayout(line)
        self.hide()

    def ask(self, asked: Override | None) -> None:
        """Ask for these words; nothing is asked without them."""
        self.setVisible(asked is not None)
        if asked is not None:
            why = plain(IF_IT_EXISTS, Token.TEXT2)
            spans = (strong(asked.message), why, strong(asked.wanted), plain(RECORDED, Token.TEXT2))
            self.prompt.set_spans(spans, Glyph.LOCK, Token.WARN)

    def show_typed(self, text: str, answer: Answer) -> None:
        """What counts as typed, and whether it is what was asked for."""
        if self.edit.text() != text:
            self.edit.setText(text)
        self.answer.set_spans((plain(answer.words),) if answer.words else (), answer.glyph, answer.tone)
        if self.edit.accessibleDescription() != answer.words:
            self.edit.setAccessibleDescription(answer.words)
