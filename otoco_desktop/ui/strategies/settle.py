"""The question before the trader settles an order as not placed: it takes typed words."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.strategies.looked import TYPE_IT, WANTED, is_wanted
from otoco_desktop.ui.strategies.question import QuestionSheet
from otoco_desktop.ui.strategies.state import Question
from otoco_desktop.ui.widgets.buttons import Button
from otoco_desktop.ui.widgets.field_edit import FieldEdit
from otoco_desktop.ui.widgets.panel import PADDING, column, row
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import plain, strong


class SettleSheet(QuestionSheet):
    """Closed until the words are typed. ``settled`` carries the strategy id and the words as typed."""

    settled = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ""
        self.field.textChanged.connect(self._judge)
        self.field.refused.connect(self._refused)

    def _lay_out(self) -> None:
        self.note = Sentence(Role.SECONDARY, Token.TEXT2)
        self.field = FieldEdit(TYPE_IT.rstrip("."))
        lines = column(self, 6, (PADDING, 6, PADDING, 6))
        lines.addWidget(self.sentence)
        lines.addWidget(self.note)
        answers = row(8)
        answers.addWidget(self.field, 1)
        answers.addWidget(self.keep)
        answers.addWidget(self.remove)
        lines.addLayout(answers)

    def ask_typed(self, question: Question, note: str) -> None:
        """Show the question with an empty line to type in; ``note`` says what the answer does."""
        self._words = note
        self.field.clear()
        self.ask(question)
        self.field.setAccessibleDescription(f"{question.words} {note}")
        self._judge()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _judge(self) -> None:
        open_now = is_wanted(self.field.text())
        self.remove.setEnabled(open_now)
        self.remove.setAccessibleDescription("" if open_now else TYPE_IT)
        before, wanted, after = self._words.partition(WANTED)
        self.note.set_spans((plain(before), strong(wanted), plain(after)))

    def _refused(self, reason: str) -> None:
        self.note.set_spans((plain(reason),), Glyph.WARNING, Token.WARN)

    def _entered(self) -> Button:
        return self.remove if self.field.hasFocus() else super()._entered()

    def _confirm(self) -> None:
        question, typed = self.question, self.field.text().strip()
        if question is not None and is_wanted(typed):
            self.close_question()
            self.settled.emit(question.strategy_id, typed)
