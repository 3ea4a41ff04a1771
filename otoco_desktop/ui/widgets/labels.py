"""The only place that makes a ``QLabel``: always plain text, whatever the words contain."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint


class PlainLabel(QLabel):
    """A label that never reads its text as markup and keeps to a token's colour."""

    def __init__(self, text: str, role: Role, token: Token) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.font(role))
        self._token = token
        self._tint()
        self.setText(text)

    def show_text(self, text: str) -> None:
        """Take the text, touching the widget only if it differs."""
        if text != self.text():
            self.setText(text)

    def set_token(self, token: Token) -> None:
        """Take another token's colour from now on."""
        if token is not self._token:
            self._token = token
            self._tint()

    def changeEvent(self, event: QEvent) -> None:  # Qt's name
        """A switch of theme reaches a widget with colours of its own as a changed palette."""
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()
        super().changeEvent(event)

    def _tint(self) -> None:
        wanted = theme.color(self._token)
        if self.palette().color(QPalette.ColorRole.WindowText) != wanted:
            palette = QPalette(self.palette())
            palette.setColor(QPalette.ColorRole.WindowText, wanted)
            self.setPalette(palette)


def label(text: str = "", role: Role = Role.BODY, token: Token = Token.TEXT, *, wrap: bool = False) -> PlainLabel:
    """A label of this role and colour; figures that change belong in ones whose width is not followed."""
    made = PlainLabel(text, role, token)
    made.setWordWrap(wrap)
    return made


class FigureLabel(QWidget):
    """One line for a changing figure: takes the room it is given, so a new number lays nothing out."""

    def __init__(self, text: str, role: Role, token: Token, align: Qt.AlignmentFlag) -> None:
        super().__init__()
        self._text = ""
        self._role = role
        self._token = token
        self._align = align
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.line_height(role))
        self.show_text(text)

    def text(self) -> str:
        return self._text

    def show_text(self, text: str) -> None:
        """Take the text, touching the widget only if it differs."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.update()

    def set_token(self, token: Token) -> None:
        """Take another token's colour from now on."""
        if token is not self._token:
            self._token = token
            self.update()

    def sizeHint(self) -> QSize:  # Qt's name
        return QSize(round(paint.width(self._text, self._role)) + 1, theme.line_height(self._role))

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            shown = paint.elided(self._text, self._role, self.width() + 1)
            paint.text(painter, QRectF(self.rect()), shown, self._role, self._token, self._align)


def figure(
    text: str = "–", role: Role = Role.FIELD, token: Token = Token.TEXT, *, align_right: bool = False
) -> FigureLabel:
    """A label for a figure that changes with every key or price."""
    return FigureLabel(text, role, token, paint.RIGHT if align_right else paint.LEFT)


def buddy(text: str, field: QWidget, role: Role = Role.STRONG, token: Token = Token.TEXT) -> PlainLabel:
    """A label whose ``&`` marks the key that moves to the field."""
    made = PlainLabel("", role, token)
    made.setBuddy(field)
    made.setText(text)
    return made
