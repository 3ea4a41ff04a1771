"""Small drawing helpers shared by widgets and delegates."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPixmap, QStaticText

from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Scheme, Token

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTER = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True, slots=True)
class Box:
    """How a rectangle is filled and bordered; ``None`` leaves that part out."""

    fill: Token | None = None
    border: Token | None = None
    width: float = 1.0
    radius: float = 4.0
    dashed: bool = False


def box(painter: QPainter, rect: QRectF, look: Box) -> None:
    """Fill and border the rectangle; the border lies wholly inside it, so nothing moves when it thickens."""
    ratio = painter.device().devicePixelRatioF()
    size = (rect.width(), rect.height())
    painter.drawPixmap(rect.topLeft(), _boxed(theme.scheme(), size, look, ratio))


@lru_cache(maxsize=512)
def _boxed(_scheme: Scheme, size: tuple[float, float], look: Box, ratio: float) -> QPixmap:
    """The box as a picture: drawing round corners anew on each key costs more than copying them."""
    made = QPixmap(ceil(size[0] * ratio), ceil(size[1] * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    with QPainter(made) as painter:
        _draw_box(painter, QRectF(0, 0, *size), look)
    return made


def _draw_box(painter: QPainter, rect: QRectF, look: Box) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(theme.color(look.fill) if look.fill else Qt.BrushStyle.NoBrush)
    inset = 0.0
    if look.border:
        inset = look.width / 2
        pen = QPen(theme.color(look.border), look.width)
        if look.dashed:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
    radius = look.radius - inset
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius, radius)


def focus_ring(painter: QPainter, rect: QRectF, radius: float = 4.0) -> None:
    """The 2 px ring of whatever has the keyboard."""
    box(painter, rect, Box(border=Token.ACCENT, width=2.0, radius=radius))


def text(
    painter: QPainter,
    rect: QRectF,
    words: str,
    role: Role,
    token: Token,
    align: Qt.AlignmentFlag = LEFT,
) -> None:
    """One line of plain text, as it stands: no markup, no mnemonics."""
    if not words:
        return
    painter.setFont(theme.font(role))
    painter.setPen(theme.color(token))
    ready = prepared(words, role)
    left = rect.left()
    if align is not LEFT:
        spare = rect.width() - ready.size().width()
        left += spare if align is RIGHT else spare / 2
    painter.drawStaticText(QPointF(left, middle(rect, ready)), ready)


def middle(rect: QRectF, ready: QStaticText) -> float:
    """The top at which prepared text stands in the middle of the rectangle's height."""
    return rect.top() + (rect.height() - ready.size().height()) / 2


@lru_cache(maxsize=2048)
def width(words: str, role: Role) -> float:
    """How wide the words are on one line, logical pixels."""
    return _metrics(role).horizontalAdvance(words)


def elided(words: str, role: Role, room: float) -> str:
    """The words, shortened at the end with an ellipsis where they do not fit."""
    if width(words, role) <= room:
        return words
    return _metrics(role).elidedText(words, Qt.TextElideMode.ElideRight, room)


@cache
def _metrics(role: Role) -> QFontMetricsF:
    return QFontMetricsF(theme.font(role))


@lru_cache(maxsize=2048)
def prepared(words: str, role: Role, *, strong: bool = False) -> QStaticText:
    """The words set once; drawing the same again is then cheap."""
    made = QStaticText(words)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setPerformanceHint(QStaticText.PerformanceHint.ModerateCaching)
    made.prepare(font=theme.font(role, strong=strong))
    return made
