"""The bar that cannot be dismissed: an outcome is unknown, or the program itself is in trouble."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from otoco_desktop.ui.shell import icons, theme
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.state import BannerState
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import panel
from otoco_desktop.ui.widgets.buttons import Button
from otoco_desktop.ui.widgets.labels import figure

HEIGHT = 56
ICON = 22


class Banner(QWidget):
    """56 px, there only while it has something to say."""

    check_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: BannerState | None = None
        self._title = figure("", Role.STRONG)
        self._detail = figure("", Role.SECONDARY, Token.TEXT2)
        self._check = Button("Check now", glyph=Glyph.REFRESH, key_hint="F5")
        self._check.clicked.connect(self.check_requested)
        self.setFixedHeight(HEIGHT)
        self._lay_out()
        self.hide()

    def _lay_out(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addStretch(1)
        texts.addWidget(self._title)
        texts.addWidget(self._detail)
        texts.addStretch(1)
        row = panel.row(12, (50, 0, panel.PADDING, 2))
        row.addLayout(texts, 1)
        row.addWidget(self._check)
        self.setLayout(row)

    @property
    def shown(self) -> BannerState | None:
        return self._shown

    def render_state(self, state: BannerState | None) -> None:
        if state == self._shown:
            return
        self._shown = state
        self.setVisible(state is not None)
        if state is None:
            return
        self.setAccessibleName("Outcome unknown banner" if state.is_unknown else "Trouble banner")
        self.setAccessibleDescription(f"{state.title} {state.detail}".strip())
        self._title.show_text(state.title)
        self._detail.show_text(state.detail)
        self._detail.setVisible(bool(state.detail))
        self._check.setVisible(state.is_unknown)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        unknown = self._shown is not None and self._shown.is_unknown
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color(Token.WARN_SOFT))
        painter.fillRect(0, HEIGHT - 2, self.width(), 2, theme.color(Token.WARN))
        glyph = Glyph.UNKNOWN if unknown else Glyph.WARNING
        icons.paint(painter, glyph, Token.WARN, QRectF(16, (HEIGHT - 2 - ICON) / 2, ICON, ICON))
        painter.end()
