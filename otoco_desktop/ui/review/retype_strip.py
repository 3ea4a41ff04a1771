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

from otoco_desktop.ui.review.ask_strip import AskStrip
from otoco_desktop.ui.review.retype import Retype
from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.field_edit import FieldEdit
from otoco_desktop.ui.widgets.paint import Box
from otoco_desktop.ui.widgets.spans import plain, strong

NAME = "Retype entry value to confirm"
WIDTH = 132


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


class RetypeStrip(AskStrip):
    """Asks for the value, and says how what was typed compares."""

    paste_refused = Signal()

    def __init__(self) -> None:
        edit = RetypeEdit()
        super().__init__(Token.LIVE_SOFT, edit)
        edit.paste_refused.connect(self.paste_refused)

    def ask(self, asked: Retype | None) -> None:
        """Ask for this; nothing is asked without it."""
        self.setVisible(asked is not None)
        if asked is not None:
            self.prompt.set_spans((strong(asked.prompt), plain(f" {asked.why}", Token.TEXT2)))

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        super().paintEvent(event)
        with QPainter(self) as painter:
            painter.fillRect(0, 0, self.width(), 1, theme.color(Token.LIVE))
