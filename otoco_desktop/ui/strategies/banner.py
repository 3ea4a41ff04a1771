"""The banner for unknown outcomes: cannot be dismissed, goes away when everything is settled."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from otoco_desktop.ui.shell import icons, theme
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.strategies.state import BannerState
from otoco_desktop.ui.widgets.announcer import Announcer
from otoco_desktop.ui.widgets.buttons import Button
from otoco_desktop.ui.widgets.labels import figure, label
from otoco_desktop.ui.widgets.panel import Panel, column, row
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import plain
from otoco_desktop.ui.widgets.tips import tip

HEIGHT = 56
LINE = 2
ICON = 20
LEFT = 16
TEXT_LEFT = 50


class UnknownBanner(Panel):
    """``check_requested`` asks the exchange now; the key F5 is bound by the window."""

    check_requested = Signal()

    def __init__(self, now_ms: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(Token.WARN_SOFT, parent)
        self._announcer = Announcer(self, now_ms)
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName("Outcome unknown banner")
        self.title = figure("", Role.TITLE)
        self.detail = Sentence(Role.SECONDARY, Token.TEXT2)
        self.checked = label("", Role.SECONDARY, Token.TEXT2)
        self.check_button = Button("Check now", glyph=Glyph.REFRESH, key_hint="F5")
        self.check_button.clicked.connect(self.check_requested)
        self._build()
        self.hide()

    def _build(self) -> None:
        box = row(12, (TEXT_LEFT, 0, LEFT - 4, LINE))
        words = QWidget()
        lines = column(words, 0)
        lines.addStretch(1)
        lines.addWidget(self.title)
        lines.addWidget(self.detail)
        lines.addStretch(1)
        box.addWidget(words, 1)
        box.addWidget(self.checked)
        box.addWidget(self.check_button)
        self.setLayout(box)

    def render(self, state: BannerState | None) -> None:  # type: ignore[override]  # Qt draws into a device by it
        """Show this, or go away because everything is settled."""
        self.setVisible(state is not None)
        if state is None:
            return
        self.title.show_text(state.title)
        self.detail.set_spans((plain(state.detail),))
        self.detail.setToolTip(tip(state.detail))
        self.checked.show_text(state.checked)
        self.setAccessibleDescription(f"{state.title} {state.detail}")
        self._announcer.say(state.title)

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        super().paintEvent(event)
        with QPainter(self) as painter:
            top = (self.height() - LINE - ICON) / 2
            icons.paint(painter, Glyph.UNKNOWN, Token.WARN, QRectF(LEFT, round(top), ICON, ICON))
            painter.fillRect(0, self.height() - LINE, self.width(), LINE, theme.color(Token.WARN))
