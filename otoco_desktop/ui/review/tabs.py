"""The tabs of the review sheet: underlined words, one tab stop, arrows move."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.panel import row

HEIGHT = 34
PADDING = 3
GAP = 16


class TabButton(QAbstractButton):
    """One tab."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.ink = Token.ACCENT
        self.setText(words)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAccessibleName(words)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_text(self, words: str) -> None:
        if words != self.text():
            self.setText(words)
            self.setAccessibleName(words)
            self.updateGeometry()

    def sizeHint(self) -> QSize:  # Qt's name
        return QSize(round(paint.width(self.text(), Role.STRONG)) + 2 * PADDING + 1, HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Arrows belong to the row; a button would move the focus by itself."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            chosen = self.isChecked()
            role, token = (Role.STRONG, Token.TEXT) if chosen else (Role.BODY, Token.TEXT2)
            paint.text(painter, QRectF(self.rect()).adjusted(0, 0, 0, -2), self.text(), role, token, paint.CENTER)
            if chosen:
                painter.fillRect(0, self.height() - 2, self.width(), 2, theme.color(self.ink))
            if self.hasFocus():
                paint.focus_ring(painter, QRectF(self.rect()).adjusted(0, 4, 0, -4))


class Tabs(QWidget):
    """Reports the tab that was chosen by its place."""

    chosen = Signal(int)

    def __init__(self, words: tuple[str, ...]) -> None:
        super().__init__()
        self._buttons = tuple(TabButton(text) for text in words)
        box = row(GAP)
        for button in self._buttons:
            box.addWidget(button)
            button.clicked.connect(lambda _checked, which=button: self.choose(self._buttons.index(which)))
        box.addStretch(1)
        self.setLayout(box)
        self.choose(0)

    @property
    def index(self) -> int:
        return next(at for at, button in enumerate(self._buttons) if button.isChecked())

    def set_ink(self, ink: Token) -> None:
        """Underline the chosen tab so."""
        for button in self._buttons:
            button.ink = ink

    def button(self, index: int) -> TabButton:
        return self._buttons[index]

    def choose(self, index: int) -> None:
        """Go to this tab; it becomes the row's one tab stop."""
        for at, button in enumerate(self._buttons):
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if at == index else Qt.FocusPolicy.NoFocus)
        self._buttons[index].setChecked(True)
        self.chosen.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()), 0)
        if not step:
            super().keyPressEvent(event)
            return
        self.choose((self.index + step) % len(self._buttons))
        self._buttons[self.index].setFocus(Qt.FocusReason.TabFocusReason)
