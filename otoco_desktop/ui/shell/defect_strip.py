"""Says that the program itself has failed, that sending is paused, and what to do. Built when it is first needed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.announcer import Announcer
from otoco_desktop.ui.widgets.buttons import Button, Kind
from otoco_desktop.ui.widgets.panel import PADDING, Panel, row
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import plain, strong

WRONG = "Something went wrong inside OTOCO Desktop. Sending is paused."
NEXT = "Orders on the exchange stay as they are, and you can cancel. Check with the exchange to go on."
UNANSWERED = "The exchange has not answered everything. Sending stays paused. Check again."
CHECK, CHECKING = "Check with the exchange", "Checking…"


class DefectStrip(Panel):
    """Shown while sending is paused after a failure inside the program."""

    check_requested = Signal()
    copy_requested = Signal()
    save_requested = Signal()

    def __init__(self, now_ms: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(Token.NEG_SOFT, parent)
        self._announcer = Announcer(self, now_ms)
        self.sentence = Sentence(Role.SECONDARY)
        self.check_button = Button(CHECK, Kind.SMALL, glyph=Glyph.REFRESH)
        self.copy_button = Button("Copy report", Kind.SMALL, glyph=Glyph.COPY)
        self.save_button = Button("Save report…", Kind.SMALL, glyph=Glyph.SAVE)
        box = row(8, (PADDING, 5, PADDING, 5))
        box.addWidget(self.sentence, 1, Qt.AlignmentFlag.AlignVCenter)
        signals = (self.check_requested, self.copy_requested, self.save_requested)
        for button, asked in zip((self.check_button, self.copy_button, self.save_button), signals, strict=True):
            button.clicked.connect(asked)
            box.addWidget(button)
        self.setLayout(box)

    def show_pause(self, *, checking: bool = False, unanswered: bool = False) -> None:
        """Sending is paused; the exchange is being asked, or was and has not answered."""
        next_words = UNANSWERED if unanswered else NEXT
        self.sentence.set_spans((strong(f"{WRONG} "), plain(next_words, Token.TEXT)), Glyph.FAIL, Token.NEG)
        self.setAccessibleName(f"{WRONG} {next_words}")
        words = CHECKING if checking else CHECK
        if words != self.check_button.text():
            self.check_button.setText(words)
            self.check_button.setAccessibleName(words)
            self.check_button.updateGeometry()
        self.check_button.setEnabled(not checking)
        self.show()
        self._announcer.say(f"{WRONG} {next_words}")
