"""A box for typing that keeps every character and draws its states without moving anything."""

from __future__ import annotations

import sys

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPalette, QValidator
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.paint import Box
from otoco_desktop.ui.widgets.tones import FieldTone

HEIGHT = 30
INSET = 7
LONGEST = 80
ALT_LEADS = sys.platform != "darwin"
"""There the key of that place writes letters of its own."""

REFUSED = "Not pasted: the text has a line break or a character that can't be seen."
TOO_LONG = f"Not pasted: the text is longer than {LONGEST} characters."


class VisibleText(QValidator):
    """Lets in what can be seen and nothing else; refusing is all or nothing, so no text is ever cut."""

    def __init__(self, longest: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._longest = longest
        self.reason = ""

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        self.reason = "" if text.isprintable() else REFUSED
        if not self.reason and len(text) > self._longest:
            self.reason = TOO_LONG.replace(str(LONGEST), str(self._longest))
        state = QValidator.State.Invalid if self.reason else QValidator.State.Acceptable
        return state, text, position


class FieldEdit(QLineEdit):
    """A line to type in. ``refused`` reports why a paste was not taken; the text then stays as it was."""

    refused = Signal(str)

    def __init__(self, name: str, longest: int = LONGEST, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = FieldTone.REST
        self._visible = VisibleText(longest, self)
        self.setAccessibleName(name)
        self.setFrame(False)
        self.setFont(theme.font(Role.FIELD))
        self.setFixedHeight(HEIGHT)
        self.setTextMargins(INSET, 0, INSET, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setValidator(self._visible)
        self._clear_ground()
        self.inputRejected.connect(self._tell_refusal)

    def _clear_ground(self) -> None:
        """The box is drawn here; the line edit itself stays transparent over it."""
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Base, QColor(Qt.GlobalColor.transparent))
        self.setPalette(palette)

    def _tell_refusal(self) -> None:
        if self._visible.reason:
            self.refused.emit(self._visible.reason)

    def show_text(self, text: str) -> None:
        """Put the program's text in, keeping the cursor where nothing changed."""
        if text != self.text():
            self.setText(text)

    def set_tone(self, tone: FieldTone) -> None:
        """Border the box so from now on."""
        if tone is not self._tone:
            self._tone = tone
            self.update()

    @property
    def tone(self) -> FieldTone:
        return self._tone

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """A letter with Alt leads somewhere and is never written, also where the window's shortcuts rest."""
        written = bool(event.text()) and event.text().isprintable()
        if written and ALT_LEADS and event.modifiers() == Qt.KeyboardModifier.AltModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:  # Qt's name
        return QSize(120, HEIGHT)

    def minimumSizeHint(self) -> QSize:  # Qt's name
        return QSize(64, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            self._paint_box(painter)
            self._paint_inside(painter)
        super().paintEvent(event)

    def _paint_box(self, painter: QPainter) -> None:
        rect = QRectF(self.rect())
        if not self.isEnabled():
            paint.box(painter, rect, Box(Token.DIS_BG, Token.LINE))
            return
        marked = {FieldTone.WARN: Token.WARN, FieldTone.ERROR: Token.NEG}.get(self._tone)
        focused = self.hasFocus()
        border = marked or (Token.ACCENT if focused else Token.EDGE)
        paint.box(painter, rect, Box(Token.BG2, border, width=2.0 if marked or focused else 1.0))
        if marked and focused:
            paint.box(painter, rect.adjusted(3, 3, -3, -3), Box(border=Token.ACCENT, width=1.0, radius=2))

    def _paint_inside(self, painter: QPainter) -> None:
        """For subclasses: what stands in the box beside the text."""
