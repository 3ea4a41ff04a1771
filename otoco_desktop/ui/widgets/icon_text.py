"""An icon and one line of text, painted together."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from otoco_desktop.ui.shell import icons
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint

GAP = 5
SMALL = frozenset({Glyph.UP, Glyph.DOWN})
SMALL_SIZE = 8
SIZE = 12


@dataclass(frozen=True, slots=True)
class Mark:
    """An icon in its colour."""

    glyph: Glyph
    token: Token

    @property
    def size(self) -> int:
        """Arrows are smaller than the other icons in a line of text."""
        return SMALL_SIZE if self.glyph in SMALL else SIZE


def marked(painter: QPainter, rect: QRectF, mark: Mark, words: str, role: Role, token: Token) -> None:
    """From the left edge: the icon, then the words, elided where they do not fit."""
    top = rect.top() + (rect.height() - mark.size) / 2
    icons.paint(painter, mark.glyph, mark.token, QRectF(round(rect.left()), round(top), mark.size, mark.size))
    room = rect.adjusted(mark.size + GAP, 0, 0, 0)
    paint.text(painter, room, paint.elided(words, role, room.width()), role, token)


def marked_right(painter: QPainter, rect: QRectF, mark: Mark, words: str, role: Role) -> None:
    """The same in one colour, ending at the right edge."""
    wide = paint.width(words, role) + mark.size + GAP + 1
    marked(painter, rect.adjusted(max(0.0, rect.width() - wide), 0, 0, 0), mark, words, role, mark.token)
