"""The field over the buttons in LIVE: the entry value, typed by hand."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)

from otoco_desktop.ui.review.retype import WHY, Answer, Retype
from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.field_edit import FieldEdit
from otoco_desktop.ui.widgets.paint import Box
from otoco_desktop.ui.widgets.panel import Panel, column, row
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import plain, strong

NAME = "Retype entry value to confirm"
WIDTH = 132
EDGE = 16


class RetypeEdit(FieldEdit):
    """Takes keys only: neither paste nor drop nor a middle click nor a menu puts text in."""

    paste_refused = Signal()

    def __init__(self) -> None:
        super().__init__(NAME, 24)
        self.setFixedWidth(WIDTH)
        self.setAcceptDrops(False)
        self.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste_refused.emit()
            event.accept()
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # Qt's name
        """A middle click pastes the selection on some systems."""
        if event.button() == Qt.MouseButton.MiddleButton:
            self.paste_refused.emit()
            event.accept()
            return
        super().mouseReleaseEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # Qt's name
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # Qt's name
        event.ignore()

    def _paint_box(self, painter: QPainter) -> None:
        width = 2.0 if self.hasFocus() else 1.0
        paint.box(painter, QRectF(self.rect()), Box(Token.BG2, Token.LIVE, width=width))


class RetypeStrip(Panel):
    """Asks for the value, and says how what was typed compares. ``typed`` carries the text."""

    typed = Signal(str)
    paste_refused = Signal()

    def __init__(self) -> None:
        super().__init__(Token.LIVE_SOFT)
        self.prompt = Sentence()
        self.edit = RetypeEdit()
        self.answer = Sentence()
        self.edit.textEdited.connect(self.typed)
        self.edit.paste_refused.connect(self.paste_refused)
        box = column(self, 8, (EDGE, 11, EDGE, 10))
        box.addWidget(self.prompt)
        line = row(12)
        line.addWidget(self.edit)
        line.addWidget(self.answer, 1, Qt.AlignmentFlag.AlignVCenter)
        box.addLayout(line)
        self.hide()

    def ask(self, asked: Retype | None) -> None:
        """Ask for this; nothing is asked without it."""
        self.setVisible(asked is not None)
        if asked is not None:
            self.prompt.set_spans((strong(asked.prompt), plain(f" {WHY}", Token.TEXT2)))

    def show_typed(self, text: str, answer: Answer) -> None:
        """What counts as typed, and how it compares."""
        self.edit.show_text(text)
        self.answer.set_spans((plain(answer.words),) if answer.words else (), answer.glyph, answer.tone)
        if self.edit.accessibleDescription() != answer.words:
            self.edit.setAccessibleDescription(answer.words)

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        super().paintEvent(event)
        with QPainter(self) as painter:
            painter.fillRect(0, 0, self.width(), 1, theme.color(Token.LIVE))
