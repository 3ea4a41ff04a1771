"""An icon and one line of text, painted together."""

from __future__ import annotations

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


def icon_size(glyph: Glyph) -> int:
    """Arrows are smaller than the other icons in a line of text."""
    return SMALL_SIZE if glyph in SMALL else SIZE


def left(painter: QPainter, rect: QRectF, glyph: Glyph, words: str, role: Role, token: Token) -> None:
    """From the left edge: icon, then words, elided where they do not fit."""
    two(painter, rect, glyph, token, words, role, token)


def two(painter: QPainter, rect: QRectF, glyph: Glyph, ink: Token, words: str, role: Role, token: Token) -> None:
    """Like ``left`` with a colour of its own for the icon."""
    size = icon_size(glyph)
    top = rect.top() + (rect.height() - size) / 2
    icons.paint(painter, glyph, ink, QRectF(rect.left(), round(top), size, size))
    room = rect.adjusted(size + GAP, 0, 0, 0)
    paint.text(painter, room, paint.elided(words, role, room.width()), role, token)


def right(painter: QPainter, rect: QRectF, glyph: Glyph, words: str, role: Role, token: Token) -> None:
    """The same, ending at the right edge."""
    wide = paint.width(words, role) + icon_size(glyph) + GAP + 1
    left(painter, rect.adjusted(max(0.0, rect.width() - wide), 0, 0, 0), glyph, words, role, token)
