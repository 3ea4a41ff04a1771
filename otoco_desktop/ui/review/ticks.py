"""A warning with its own tick box."""

from __future__ import annotations

from otoco_desktop.ui.review.state import Acknowledgement
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.spans import plain, strong
from otoco_desktop.ui.widgets.tick_row import TickRow


class TickBox(TickRow):
    """Ticked when the trader has read the warning. Its accessible name is the warning."""

    def __init__(self, warning: Acknowledgement) -> None:
        words = (
            strong(f"{warning.title} "),
            strong("Warning", Token.WARN),
            plain(f" {warning.text}", Token.TEXT2),
        )
        super().__init__(words, Token.WARN_SOFT, (Glyph.WARNING, Token.WARN))
        self.warning = warning
        self.setAccessibleName(f"I have read: {warning.title}. {warning.text}")
