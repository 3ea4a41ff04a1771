"""Paints the shapes of a board."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from otoco_desktop.ui.chart.board import Band, Body, Dash, Leader, Note, Shape, Stroke, Tag
from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Scheme, Token
from otoco_desktop.ui.widgets import paint

PATTERNS = {Dash.DASHED: [8.0, 4.0], Dash.DOTTED: [1.5, 2.5], Dash.FINE: [1.0, 3.0]}
ZONE_ALPHA = {Scheme.DARK: 40, Scheme.LIGHT: 30}
INSET = 9.0


def draw(painter: QPainter, shape: Shape) -> None:
    """Draw one shape."""
    if isinstance(shape, Stroke):
        painter.setPen(_pen(shape.token, shape.dash))
        painter.drawLine(QLineF(shape.x, shape.y, shape.to_x, shape.to_y))
    elif isinstance(shape, Band):
        soft = QColor(theme.color(shape.token))
        soft.setAlpha(ZONE_ALPHA[theme.scheme()])
        painter.fillRect(QRectF(*shape.rect), soft)
    elif isinstance(shape, Tag):
        _tag(painter, shape)
    elif isinstance(shape, Leader):
        _leader(painter, shape)
    elif isinstance(shape, Note):
        _note(painter, shape)
    else:
        _body(painter, shape)


def _pen(token: Token, dash: Dash) -> QPen:
    pen = QPen(theme.color(token), 1.0 if dash is Dash.FINE else 1.5)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dash in PATTERNS:
        pen.setDashPattern(PATTERNS[dash])
    return pen


def _tag(painter: QPainter, tag: Tag) -> None:
    rect = QRectF(*tag.rect)
    painter.fillRect(rect, theme.color(tag.border or tag.fill))
    if tag.border is not None:
        painter.fillRect(rect.adjusted(1, 1, -1, -1), theme.color(tag.fill))
    role = Role.SECONDARY_STRONG if tag.border is None else Role.SECONDARY
    if not tag.words:
        return
    inset = min(INSET, max(2.0, (rect.width() - paint.width(tag.words, role)) / 2))
    shown = paint.elided(tag.words, role, rect.width() - 2)
    paint.text(painter, rect.adjusted(inset, 0, 0, 0), shown, role, tag.ink)


def _leader(painter: QPainter, leader: Leader) -> None:
    painter.setPen(_pen(leader.token, Dash.SOLID))
    turn = leader.x + 3
    points = ((leader.x, leader.y), (turn, leader.y), (turn, leader.to_y), (leader.to_x, leader.to_y))
    painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))


def _note(painter: QPainter, note: Note) -> None:
    strong = note.token in (Token.POS, Token.NEG)
    role = Role.SECONDARY_STRONG if strong else Role.SECONDARY
    shown = paint.elided(note.words, role, note.rect[2])
    paint.text(painter, QRectF(*note.rect), shown, role, note.token, paint.RIGHT if note.to_right else paint.LEFT)


def _body(painter: QPainter, body: Body) -> None:
    up = body.close <= body.open
    token = Token.CANDLE_UP if up else Token.CANDLE_DOWN
    top, bottom = min(body.open, body.close), max(body.open, body.close)
    middle = body.x + body.width / 2
    painter.setPen(QPen(theme.color(token), 1))
    painter.drawLine(QLineF(middle, body.high, middle, top))
    painter.drawLine(QLineF(middle, bottom, middle, body.low))
    painter.setBrush(theme.color(Token.BG1) if up else theme.color(token))
    painter.drawRect(QRectF(body.x, top, body.width, max(bottom - top, 0.5)))
