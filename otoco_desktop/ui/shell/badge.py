"""The environment badge, first thing in the top bar."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from otoco_desktop.ui import words
from otoco_desktop.ui.shell import icons
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.paint import Box

HEIGHT = 28
PADDING = 11
ICON = 13
GAP = 7
SPACING = 0.6


class Badge(QAbstractButton):
    """Icon, word and outline say the environment. Where there is a page of environments, a press asks for it."""

    def __init__(self, environment: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = environment
        self._note = ""
        self._offers_page = False
        self._ink = words.ENVIRONMENT_INK.get(environment, Token.TEXT2)
        self.setAccessibleName(words.ENVIRONMENT_SPOKEN.get(environment, f"Environment: {environment}"))
        self.setToolTip(words.ENVIRONMENT_NOTICE.get(environment, ""))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_note(self, note: str, spoken: str) -> None:
        """Say this after the environment's name from now on; nothing for no words."""
        self._note = note
        self.setAccessibleName(spoken or words.ENVIRONMENT_SPOKEN.get(self._name, f"Environment: {self._name}"))
        self.updateGeometry()
        self.update()

    @property
    def shown(self) -> str:
        """What stands on it."""
        return self._name + self._note

    def offer_page(self) -> None:
        """From now on it can be pressed."""
        self._offers_page = True
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802 - Qt's name
        return self._offers_page and self.rect().contains(pos)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:  # Qt's name
        wide = paint.width(self._name, Role.SECONDARY_STRONG) + SPACING * len(self._name)
        wide += paint.width(self._note, Role.SECONDARY_STRONG)
        return QSize(round(wide) + 2 * PADDING + ICON + GAP, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            rect = QRectF(self.rect())
            ground = words.ENVIRONMENT_GROUND.get(self._name, Token.BG2)
            border = None if self._name == "LIVE" else self._ink
            paint.box(painter, rect, Box(ground, border, dashed=self._name == "SANDBOX"))
            glyph = words.ENVIRONMENT_GLYPH.get(self._name, Glyph.LOCAL)
            icons.paint(painter, glyph, self._ink, QRectF(PADDING, (HEIGHT - ICON) / 2, ICON, ICON))
            self._paint_name(painter, rect.adjusted(PADDING + ICON + GAP, 0, 0, 0))
            if self.hasFocus():
                paint.focus_ring(painter, rect)

    def _paint_name(self, painter: QPainter, room: QRectF) -> None:
        for letter in self._name:
            paint.text(painter, room, letter, Role.SECONDARY_STRONG, self._ink)
            room = room.adjusted(paint.width(letter, Role.SECONDARY_STRONG) + SPACING, 0, 0, 0)
        paint.text(painter, room, self._note, Role.SECONDARY_STRONG, self._ink)
