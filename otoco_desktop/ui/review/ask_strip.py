"""A field over the buttons that asks for words, and says beside it what was typed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal

from otoco_desktop.ui.review.retype import Answer
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.field_edit import FieldEdit
from otoco_desktop.ui.widgets.panel import Panel, column, row
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import plain

EDGE = 16


class AskStrip(Panel):
    """Hidden until something is asked. ``typed`` carries the text."""

    typed = Signal(str)

    def __init__(self, ground: Token, edit: FieldEdit) -> None:
        super().__init__(ground)
        self.prompt = Sentence()
        self.edit = edit
        self.answer = Sentence()
        edit.textEdited.connect(self.typed)
        box = column(self, 8, (EDGE, 11, EDGE, 10))
        box.addWidget(self.prompt)
        line = row(12)
        line.addWidget(edit)
        line.addWidget(self.answer, 1, Qt.AlignmentFlag.AlignVCenter)
        box.addLayout(line)
        self.hide()

    def show_typed(self, text: str, answer: Answer) -> None:
        """What counts as typed, and how it compares with what was asked for."""
        self.edit.show_text(text)
        self.answer.set_spans((plain(answer.words),) if answer.words else (), answer.glyph, answer.tone)
        if self.edit.accessibleDescription() != answer.words:
            self.edit.setAccessibleDescription(answer.words)
