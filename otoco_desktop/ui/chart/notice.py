"""The strip over the chart that says why the zones are hidden."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import plain, strong

SIDE = 12
ABOVE = 7


class Notice(QWidget):
    """Lies over the top of the chart, as high as its words need, so that it moves nothing."""

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._words: tuple[str, str] | None = None
        self._sentence = Sentence(Role.SECONDARY, Token.TEXT, self)
        self.hide()

    def show_words(self, words: tuple[str, str] | None) -> None:
        """Say this, or nothing."""
        if words == self._words:
            return
        self._words = words
        self.setAccessibleName(" ".join(words or ()))
        if words is not None:
            self._sentence.set_spans((strong(f"{words[0]} "), plain(words[1])), Glyph.FAIL, Token.NEG)
        self.setVisible(words is not None)
        self.place()
        self.update()

    def place(self) -> None:
        """Take the whole width."""
        parent = self.parentWidget()
        if parent is not None:
            wide = parent.width() - 2 * SIDE
            high = self._sentence.heightForWidth(wide)
            self._sentence.setGeometry(SIDE, ABOVE, wide, high)
            self.setGeometry(0, 0, parent.width(), high + 2 * ABOVE)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color(Token.NEG_SOFT))
            painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color(Token.LINE))
