"""Our own icons, drawn from SVG in a token's colour at the device's pixel ratio, kept once drawn."""

from __future__ import annotations

from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.resources import resources
from otoco_desktop.ui.shell.tokens import TABLES, Scheme, Token


def paint(painter: QPainter, glyph: Glyph, token: Token, rect: QRectF) -> None:
    """Draw the icon into the rectangle (logical pixels, square)."""
    ratio = painter.device().devicePixelRatioF()
    painter.drawPixmap(rect.topLeft(), pixmap(glyph, token, round(rect.width()), ratio))


def pixmap(glyph: Glyph, token: Token, size: int, ratio: float = 1.0) -> QPixmap:
    """The icon as a square picture of ``size`` logical pixels."""
    return _drawn(theme.scheme(), glyph, token, size, ratio)


def icon(glyph: Glyph, token: Token, size: int = 16) -> QIcon:
    """For actions and menus; made anew after a theme switch."""
    made = QIcon()
    for ratio in (1.0, 2.0):
        made.addPixmap(pixmap(glyph, token, size, ratio))
    return made


def app_icon() -> QIcon:
    """The program's own icon, for windows and task bars."""
    made = QIcon()
    for size in (16, 32, 64, 128, 256):
        made.addPixmap(_draw(_source("app"), size, 1.0))
    return made


@lru_cache(maxsize=512)
def _drawn(scheme: Scheme, glyph: Glyph, token: Token, size: int, ratio: float) -> QPixmap:
    return _draw(_source(glyph.value).replace("currentColor", TABLES[scheme][token]), size, ratio)


@cache
def _source(name: str) -> str:
    return (resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def _draw(source: str, size: int, ratio: float) -> QPixmap:
    pixels = round(size * ratio)
    drawn = QPixmap(pixels, pixels)
    drawn.fill(Qt.GlobalColor.transparent)
    with QPainter(drawn) as painter:
        QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, pixels, pixels))
    drawn.setDevicePixelRatio(ratio)
    return drawn
