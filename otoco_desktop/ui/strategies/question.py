"""A question before something is changed: a strip in the window, never a dialog, whose default changes nothing."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.strategies.state import Question
from otoco_desktop.ui.widgets.buttons import Button, Kind
from otoco_desktop.ui.widgets.panel import PADDING, Panel, row
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import strong


class QuestionSheet(Panel):
    """Asks once. ``confirmed`` carries the question; Esc and the default button only close it."""

    confirmed = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Token.WARN_SOFT, parent)
        self._question: Question | None = None
        self.sentence = Sentence(Role.BODY)
        self.keep = Button("Keep strategy", Kind.ORDINARY)
        self.remove = Button("Cancel strategy", Kind.DANGER)
        self.keep.clicked.connect(self.close_question)
        self.remove.clicked.connect(self._confirm)
        self._lay_out()
        self.hide()

    def _lay_out(self) -> None:
        box = row(8, (PADDING, 6, PADDING, 6))
        box.addWidget(self.sentence, 1, Qt.AlignmentFlag.AlignVCenter)
        box.addWidget(self.keep)
        box.addWidget(self.remove)
        self.setLayout(box)

    @property
    def question(self) -> Question | None:
        return self._question

    def ask(self, question: Question) -> None:
        """Show the question and put the keyboard on the answer that changes nothing."""
        self._question = question
        self.sentence.set_spans((strong(question.words),), Glyph.WARNING, Token.WARN)
        for button, words in ((self.keep, question.keep), (self.remove, question.remove)):
            button.setText(words)
            button.setAccessibleName(words)
            button.setAccessibleDescription(question.words)
            button.updateGeometry()
        self.setAccessibleName(question.words)
        self.show()
        self.keep.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_question(self) -> None:
        """Take the question back; nothing changes."""
        if self._question is not None:
            self._question = None
            self.hide()
            self.closed.emit()

    def _confirm(self) -> None:
        question = self._question
        if question is not None:
            self.close_question()
            self.confirmed.emit(question)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        if event.key() == Qt.Key.Key_Escape:
            self.close_question()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._entered().click()
        else:
            super().keyPressEvent(event)

    def _entered(self) -> Button:
        """What Enter presses."""
        return self.remove if self.remove.hasFocus() else self.keep
