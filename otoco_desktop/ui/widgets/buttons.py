"""Push buttons, drawn with tokens: ordinary, small, primary, dangerous, and a bare one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from otoco_desktop.ui.shell import icons, theme
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.key_hint import hint_width, paint_hint
from otoco_desktop.ui.widgets.paint import Box

GAP = 8
ICON = 14


class Kind(StrEnum):
    """What a button is; decides height, padding and colours."""

    ORDINARY = "ordinary"
    SMALL = "small"
    SMALL_DANGER = "small danger"
    DANGER = "danger"
    PRIMARY = "primary"
    LIVE = "live"
    BARE = "bare"


@dataclass(frozen=True, slots=True)
class _Look:
    height: int
    padding: int
    role: Role
    fill: Token | None
    hover: Token
    border: Token | None
    text: Token


_LOOKS = {
    Kind.ORDINARY: _Look(30, 12, Role.FIELD, Token.BG2, Token.BG3, Token.EDGE, Token.TEXT),
    Kind.SMALL: _Look(22, 7, Role.FIELD, Token.BG2, Token.BG3, Token.EDGE, Token.TEXT),
    Kind.SMALL_DANGER: _Look(24, 10, Role.FIELD, None, Token.NEG_SOFT, Token.NEG, Token.NEG),
    Kind.DANGER: _Look(30, 12, Role.FIELD, None, Token.NEG_SOFT, Token.NEG, Token.NEG),
    Kind.PRIMARY: _Look(36, 16, Role.STRONG, Token.ACCENT_FILL, Token.ACCENT_FILL, None, Token.ON_FILL),
    Kind.LIVE: _Look(36, 16, Role.STRONG, Token.LIVE_FILL, Token.LIVE_FILL, None, Token.ON_FILL),
    Kind.BARE: _Look(24, 4, Role.SECONDARY, None, Token.BG3, None, Token.TEXT2),
}
_OFF = _Look(36, 16, Role.FIELD, Token.DIS_BG, Token.DIS_BG, Token.LINE, Token.DIS_TEXT)


class Button(QPushButton):
    """A push button; ``&`` in the text marks its Alt key. Never a dialog's default by itself."""

    def __init__(
        self,
        text: str,
        kind: Kind = Kind.ORDINARY,
        *,
        glyph: Glyph | None = None,
        key_hint: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._kind = kind
        self._glyph = glyph
        self._key_hint = key_hint
        self.setAutoDefault(False)
        self.setAccessibleName(self.words)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @property
    def words(self) -> str:
        """The text without its mnemonic mark."""
        return self.text().replace("&", "")

    def set_kind(self, kind: Kind) -> None:
        """Be this from now on."""
        if kind is not self._kind:
            self._kind = kind
            self.updateGeometry()
            self.update()

    def set_glyph(self, glyph: Glyph | None) -> None:
        """Show this icon before the text, or none."""
        if glyph is not self._glyph:
            self._glyph = glyph
            self.update()

    def set_key_hint(self, hint: str) -> None:
        """Show this key after the text; empty for none."""
        if hint != self._key_hint:
            self._key_hint = hint
            self.update()

    def sizeHint(self) -> QSize:  # Qt's name
        look = _LOOKS[self._kind]
        return QSize(round(self._content_width() + 2 * look.padding), look.height)

    def minimumSizeHint(self) -> QSize:  # Qt's name
        return self.sizeHint()

    def _content_width(self) -> float:
        wide = paint.width(self.words, _LOOKS[self._kind].role) if self.words else -GAP
        if self._glyph:
            wide += ICON + GAP
        if self._key_hint:
            wide += hint_width(self._key_hint) + GAP
        return wide

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        look = _LOOKS[self._kind]
        drawn = look if self.isEnabled() else _OFF
        with QPainter(self) as painter:
            rect = QRectF(self.rect())
            paint.box(painter, rect, Box(drawn.hover if self._is_raised() else drawn.fill, drawn.border))
            if self.hasFocus():
                paint.focus_ring(painter, rect)
                if self._kind in (Kind.PRIMARY, Kind.LIVE):
                    paint.box(painter, rect.adjusted(2, 2, -2, -2), Box(border=Token.ON_FILL, radius=3))
            self._paint_content(painter, look, drawn.text)

    def _is_raised(self) -> bool:
        return self.underMouse() or self.isDown()

    def _paint_content(self, painter: QPainter, look: _Look, token: Token) -> None:
        left = (self.width() - self._content_width()) / 2
        if self._glyph:
            top = (self.height() - ICON) / 2
            icons.paint(painter, self._glyph, token, QRectF(round(left), round(top), ICON, ICON))
            left += ICON + GAP
        painter.setFont(theme.font(look.role))
        painter.setPen(theme.color(token))
        wide = paint.width(self.words, look.role)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextShowMnemonic | Qt.TextFlag.TextSingleLine
        painter.drawText(QRectF(left, 0, wide + 2, self.height()), flags, self.text())
        if self._key_hint:
            left += wide + GAP if self.words else 0
            paint_hint(painter, left, self.height() / 2, self._key_hint, token)
