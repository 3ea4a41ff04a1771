"""The field over the buttons while an earlier outcome is not known: the words that send a plan all the same."""

from __future__ import annotations

from otoco_desktop.ui.review.ask_strip import AskStrip
from otoco_desktop.ui.review.override import IF_IT_EXISTS, RECORDED, Override
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.field_edit import FieldEdit
from otoco_desktop.ui.widgets.spans import plain, strong

NAME = "Words to send although an outcome is unknown"
LONGEST = 200
WIDTH = 220


class OverrideStrip(AskStrip):
    """Asks for the words, and says whether they stand there."""

    def __init__(self) -> None:
        super().__init__(Token.WARN_SOFT, FieldEdit(NAME, LONGEST))
        self.edit.setMinimumWidth(WIDTH)

    def ask(self, asked: Override | None) -> None:
        """Ask for these words; nothing is asked without them."""
        self.setVisible(asked is not None)
        if asked is not None:
            why = plain(IF_IT_EXISTS, Token.TEXT2)
            spans = (strong(asked.message), why, strong(asked.wanted), plain(RECORDED, Token.TEXT2))
            self.prompt.set_spans(spans, Glyph.LOCK, Token.WARN)
