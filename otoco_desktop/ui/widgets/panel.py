"""Panels, their headers, lines between sections, and boxes that lay widgets out on the 4 px grid."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.labels import label
from otoco_desktop.ui.widgets.scroll_bar import WIDTH, ThinScrollBar

HEADER = 36
PADDING = 12


class Panel(QWidget):
    """A ground in one token's colour."""

    def __init__(self, token: Token = Token.BG1, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ground = token
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def put_on(self, token: Token) -> None:
        """Another colour from now on."""
        self._ground = token
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), theme.color(self._ground))


class Rule(QWidget):
    """A dividing line, 1 px; across the panel unless told to stand."""

    def __init__(self, *, vertical: bool = False) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), theme.color(Token.LINE))


class PanelHeader(Panel):
    """A panel's title row, 36 px with its line; ``add`` puts widgets at the right, ``add_left`` beside the title."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(Token.BG1, parent)
        self.setFixedHeight(HEADER)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(PADDING, 0, PADDING, 1)
        self._layout.setSpacing(8)
        self.title = label(title, Role.TITLE)
        self._layout.addWidget(self.title)
        self._layout.addStretch(1)
        self._left = 1

    def add_left(self, widget: QWidget, stretch: int = 0) -> None:
        """Put a widget after the title; with ``stretch`` it takes what room is left."""
        self._layout.insertWidget(self._left, widget, stretch)
        self._left += 1

    def add(self, widget: QWidget) -> None:
        """Put a widget at the right end."""
        self._layout.addWidget(widget)

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        super().paintEvent(event)
        with QPainter(self) as painter:
            painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color(Token.LINE))


BEYOND = 24
"""How much around what has the keyboard is shown with it, logical pixels."""


class ScrollArea(QScrollArea):
    """Scrolls up and down only, and to whatever inside it takes the keyboard.

    The bar lies over the content's padding, so content keeps its width.
    """

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._content = content
        self.setWidget(content)
        self.viewport().setAutoFillBackground(False)
        self._bar = ThinScrollBar(self)
        self._bar.valueChanged.connect(self.verticalScrollBar().setValue)
        self.verticalScrollBar().valueChanged.connect(self._bar.setValue)
        self.verticalScrollBar().rangeChanged.connect(self._follow_range)
        self._follow_range(0, 0)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusObjectChanged.connect(self._follow_focus)

    def _follow_focus(self, focused: QObject | None) -> None:
        """A shortcut may lead to a field that is scrolled away; Qt itself follows Tab alone."""
        if isinstance(focused, QWidget) and self._content.isAncestorOf(focused):
            self.ensureWidgetVisible(focused, 0, BEYOND)

    def _follow_range(self, least: int, most: int) -> None:
        self._bar.setRange(least, most)
        self._bar.setPageStep(self.verticalScrollBar().pageStep())
        self._bar.setVisible(most > least)

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        super().resizeEvent(event)
        self._bar.setGeometry(self.width() - WIDTH, 0, WIDTH, self.height())
        self._bar.setPageStep(self.verticalScrollBar().pageStep())

    def minimumSizeHint(self) -> QSize:  # Qt's name
        return QSize(self._content.minimumSizeHint().width(), 60)


def column(parent: QWidget, spacing: int = 0, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QVBoxLayout:
    """A vertical layout on the widget, with nothing added to what is asked for."""
    made = QVBoxLayout(parent)
    made.setContentsMargins(*margins)
    made.setSpacing(spacing)
    return made


def row(spacing: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QHBoxLayout:
    """A horizontal layout, to be added to another or set on a widget."""
    made = QHBoxLayout()
    made.setContentsMargins(*margins)
    made.setSpacing(spacing)
    return made
