"""A row of choices in one frame: one tab stop, arrows move inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from otoco_desktop.ui.shell import icons, theme
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.paint import Box

ICON = 12
GAP = 7


@dataclass(frozen=True, slots=True)
class Segment:
    """One choice; ``fill`` is its ground when chosen, ``glyph`` stands before the text."""

    text: str
    glyph: Glyph | None = None
    fill: Token = Token.ACCENT_SOFT
    chosen_text: Token = Token.ACCENT


@dataclass(frozen=True, slots=True)
class SegmentsLook:
    """Sizes of a row; ``momentary`` makes plain buttons of the segments, out of the tab order."""

    height: int = 20
    padding: int = 7
    stretch: bool = False
    momentary: bool = False
    role: Role = Role.CAPTION
    chosen_role: Role = Role.HEADER


MINI = SegmentsLook()


class Segments(QWidget):
    """Choices side by side. ``chosen`` reports what the person picked, never what the program set."""

    chosen = Signal(int)

    def __init__(
        self,
        segments: Sequence[str | Segment],
        name: str,
        look: SegmentsLook = MINI,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._look = look
        self._buttons = [self._button(index, _as_segment(item)) for index, item in enumerate(segments)]
        self._lay_out()
        if not look.momentary:
            self._buttons[0].setChecked(True)
            self.setFocusProxy(self._buttons[0])

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for button in self._buttons:
            layout.addWidget(button, 1 if self._look.stretch else 0)
        across = QSizePolicy.Policy.Expanding if self._look.stretch else QSizePolicy.Policy.Fixed
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(self._look.height)

    def _button(self, index: int, segment: Segment) -> SegmentButton:
        button = SegmentButton(segment, self._look, self)
        words = segment.text.replace("&", "")
        button.setAccessibleName(f"{self.accessibleName()}: {words}")
        if self._look.momentary:
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        else:
            button.setCheckable(True)
            button.setAutoExclusive(True)
        button.clicked.connect(lambda: self._picked(index))
        return button

    def _picked(self, index: int) -> None:
        if not self._look.momentary:
            self.setFocusProxy(self._buttons[index])
        self.chosen.emit(index)

    @property
    def index(self) -> int:
        """Which one is chosen."""
        return next((at for at, button in enumerate(self._buttons) if button.isChecked()), 0)

    def choose(self, index: int) -> None:
        """Show this choice; says nothing."""
        if not self._buttons[index].isChecked():
            self._buttons[index].setChecked(True)
            self.setFocusProxy(self._buttons[index])

    def set_text(self, index: int, text: str) -> None:
        """Change one choice's words: "Open 3" becomes "Open 4"."""
        words = text.replace("&", "")
        self._buttons[index].show_text(text)
        self._buttons[index].setAccessibleName(f"{self.accessibleName()}: {words}")

    @property
    def buttons(self) -> tuple[SegmentButton, ...]:
        """The choices, from the left."""
        return tuple(self._buttons)

    def button(self, index: int) -> SegmentButton:
        """One of the choices, for enabling and tests."""
        return self._buttons[index]

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            paint.box(painter, QRectF(self.rect()), Box(Token.BG2, None))


class SegmentButton(QAbstractButton):
    """One choice, told to assistive technology as a radio button."""

    def __init__(self, segment: Segment, look: SegmentsLook, parent: QWidget) -> None:
        super().__init__(parent)
        self._frame = parent
        self._segment = segment
        self._look = look
        self.setText(segment.text)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str) -> None:
        """Take other words."""
        if text != self._segment.text:
            self._segment = replace(self._segment, text=text)
            self.setText(text)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:  # Qt's name
        wide = paint.width(self._words(), self._look.chosen_role) + 2 * self._look.padding
        if self._segment.glyph:
            wide += ICON + GAP
        return QSize(round(wide), self._look.height)

    def _words(self) -> str:
        return self._segment.text.replace("&", "")

    def event(self, event: QEvent) -> bool:
        """Its Alt key chooses at once; the button's own way waits a tenth of a second to look pressed."""
        if event.type() == QEvent.Type.Shortcut:
            self.click()
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # Qt's name
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            frame = QRectF(self._frame.rect()).translated(-self.pos().x(), 0)
            self._paint_ground(painter, frame)
            self._paint_text(painter)
            if self.hasFocus():
                paint.focus_ring(painter, QRectF(self.rect()))

    def _paint_ground(self, painter: QPainter, frame: QRectF) -> None:
        """This part of the shared frame: the ground clipped to the button, then the frame's border."""
        painter.save()
        painter.setClipRect(self.rect())
        if self.isChecked():
            paint.box(painter, frame, Box(self._segment.fill))
        elif self.underMouse() or self.isDown():
            paint.box(painter, frame, Box(Token.BG3))
        if self.pos().x() > 0:
            painter.fillRect(QRectF(0, 1, 1, self.height() - 2), theme.color(Token.LINE))
        paint.box(painter, frame, Box(border=Token.EDGE))
        painter.restore()

    def _paint_text(self, painter: QPainter) -> None:
        role = self._look.chosen_role if self.isChecked() else self._look.role
        token = self._token()
        wide = paint.width(self._words(), role)
        room = wide + (ICON + GAP if self._segment.glyph else 0)
        left = (self.width() - room) / 2
        if self._segment.glyph:
            top = (self.height() - ICON) / 2
            icons.paint(painter, self._segment.glyph, token, QRectF(round(left), round(top), ICON, ICON))
            left += ICON + GAP
        painter.setFont(theme.font(role))
        painter.setPen(theme.color(token))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextShowMnemonic | Qt.TextFlag.TextSingleLine
        painter.drawText(QRectF(left, 0, wide + 2, self.height()), flags, self._segment.text)

    def _token(self) -> Token:
        if not self.isEnabled():
            return Token.DIS_TEXT
        return self._segment.chosen_text if self.isChecked() else Token.TEXT2


def _as_segment(item: str | Segment) -> Segment:
    return item if isinstance(item, Segment) else Segment(item)
