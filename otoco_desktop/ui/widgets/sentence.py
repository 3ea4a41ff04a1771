"""A sentence drawn from spans, with an icon before it and links inside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from otoco_desktop.ui.shell import icons, theme
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.span_layout import SpanLayout, laid_out
from otoco_desktop.ui.widgets.spans import Span, text_of

ICON = 12
ICON_ROOM = 18


@dataclass(frozen=True, slots=True)
class _Content:
    spans: tuple[Span, ...] = ()
    glyph: Glyph | None = None
    glyph_token: Token = Token.TEXT2


class Sentence(QWidget):
    """Wrapping text in typed spans; its accessible name is its words.

    With a link it takes one tab stop, and Enter or Space activates the first link.
    """

    link_activated = Signal(str)

    def __init__(self, role: Role = Role.BODY, token: Token = Token.TEXT, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role
        self._token = token
        self._content = _Content()
        self._laid: tuple[float, SpanLayout] | None = None
        self._pressed = ""
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_spans(self, spans: Sequence[Span], glyph: Glyph | None = None, glyph_token: Token = Token.TEXT2) -> None:
        """Show this; nothing happens when it already stands there."""
        content = _Content(tuple(spans), glyph, glyph_token)
        if content == self._content:
            return
        before = self._content
        high = self.heightForWidth(self.width())
        self._content = content
        self._laid = None
        if content.spans != before.spans:
            self._follow_links()
            self.setAccessibleName(self.text())
        if self.heightForWidth(self.width()) != high:
            self.updateGeometry()
        self.update()

    def text(self) -> str:
        """The words alone."""
        return text_of(self._content.spans)

    @property
    def spans(self) -> tuple[Span, ...]:
        return self._content.spans

    @property
    def links(self) -> tuple[str, ...]:
        """The names of the links, in reading order."""
        return tuple(span.link for span in self._content.spans if span.link)

    @property
    def glyph(self) -> Glyph | None:
        return self._content.glyph

    def _follow_links(self) -> None:
        linked = any(span.link for span in self._content.spans)
        if linked is self.hasMouseTracking():
            return
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if linked else Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(linked)
        if not linked:
            self.unsetCursor()

    # Geometry

    @property
    def _indent(self) -> int:
        return ICON_ROOM if self._content.glyph else 0

    def _layout(self, width: float | None = None) -> SpanLayout:
        room = (self.width() if width is None else width) - self._indent
        if self._laid is None or self._laid[0] != room:
            self._laid = (room, self._lay_out(room))
        return self._laid[1]

    def _lay_out(self, room: float) -> SpanLayout:
        return laid_out(self._content.spans, self._role, self._token, room)

    def hasHeightForWidth(self) -> bool:  # Qt's name
        return True

    def heightForWidth(self, width: int) -> int:  # Qt's name
        return max(self._layout(width).height, theme.line_height(self._role))

    def sizeHint(self) -> QSize:  # Qt's name
        wide = self._indent + round(paint.width(self.text(), self._role) + 1)
        return QSize(wide, theme.line_height(self._role))

    def minimumSizeHint(self) -> QSize:  # Qt's name
        return QSize(60, theme.line_height(self._role))

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            if self._content.glyph is not None:
                self._paint_glyph(painter, self._content.glyph, self._content.glyph_token)
            layout = self._layout()
            layout.draw(painter, QPointF(self._indent, 0))
            if self.hasFocus():
                for _, rect in layout.link_rects()[:1]:
                    paint.focus_ring(painter, rect.translated(self._indent, 0).adjusted(-3, 0, 3, 0), 3)

    def _paint_glyph(self, painter: QPainter, glyph: Glyph, token: Token) -> None:
        top = (theme.line_height(self._role) - ICON) / 2
        icons.paint(painter, glyph, token, QRectF(0, top, ICON, ICON))

    # Links

    def _link_at(self, event: QMouseEvent) -> str:
        return self._layout().link_at(event.position() - QPointF(self._indent, 0))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # Qt's name
        if self._link_at(event):
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # Qt's name
        self._pressed = self._link_at(event) if event.button() == Qt.MouseButton.LeftButton else ""
        if not self._pressed:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # Qt's name
        pressed, self._pressed = self._pressed, ""
        if pressed and self._link_at(event) == pressed:
            self.link_activated.emit(pressed)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        bare = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if self.links and bare and event.key() in keys:
            self.link_activated.emit(self.links[0])
            return
        super().keyPressEvent(event)
