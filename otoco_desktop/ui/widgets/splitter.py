"""A splitter whose handle is drawn 1 px wide and grabbed 7 px wide."""

from __future__ import annotations

from PySide6.QtCore import QMargins, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QSplitter, QSplitterHandle, QWidget

from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.tokens import Token

GRAB_EACH_SIDE = 3


class Splitter(QSplitter):
    """Children keep their minimum; nothing collapses."""

    def __init__(self, orientation: Qt.Orientation, name: str, parent: QWidget | None = None) -> None:
        super().__init__(orientation, parent)
        self.setObjectName(name)
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)

    def createHandle(self) -> QSplitterHandle:  # noqa: N802 - Qt's name
        return _Handle(self.orientation(), self)


class _Handle(QSplitterHandle):
    """Qt lays a handle out by its contents rectangle; the margins around it only catch the mouse."""

    def resizeEvent(self, _event: QResizeEvent) -> None:  # Qt's name
        grab = GRAB_EACH_SIDE
        across = self.orientation() is Qt.Orientation.Horizontal
        self.setContentsMargins(QMargins(grab, 0, grab, 0) if across else QMargins(0, grab, 0, grab))
        self.setAttribute(Qt.WidgetAttribute.WA_MouseNoMask)
        self.setMask(QRegion(self.contentsRect()))

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            painter.fillRect(self.contentsRect(), theme.color(Token.LINE))
