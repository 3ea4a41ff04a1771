"""A line about the program itself: the exchange is unreachable, the journal is behind. It goes when that is over."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import panel
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import strong


class TroubleStrip(panel.Panel):
    """Shown only while there is trouble."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Token.WARN_SOFT, parent)
        self.is_red = False
        self.sentence = Sentence(Role.SECONDARY)
        rows = panel.column(self, 0, (panel.PADDING, 6, panel.PADDING, 6))
        rows.addWidget(self.sentence)
        self.hide()

    def show_trouble(self, words: str, *, red: bool = False) -> None:
        """Say this; nothing is shown for no words. Red where something would be lost with the program."""
        if (words, red) == (self.sentence.text(), self.is_red):
            return
        self.is_red = red
        glyph, token = (Glyph.FAIL, Token.NEG) if red else (Glyph.WARNING, Token.WARN)
        self.put_on(Token.NEG_SOFT if red else Token.WARN_SOFT)
        self.sentence.set_spans((strong(words),), glyph, token)
        self.setAccessibleName(words)
        self.setVisible(bool(words))
