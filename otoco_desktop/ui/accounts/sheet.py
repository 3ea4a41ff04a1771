"""The frame of a sheet: title row with its cross, an environment's band, a body that scrolls, a row of buttons."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from otoco_desktop.settings import Environment
from otoco_desktop.ui import words as frame_words
from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.buttons import Button, Kind
from otoco_desktop.ui.widgets.labels import label
from otoco_desktop.ui.widgets.paint import Box
from otoco_desktop.ui.widgets.panel import Panel, Rule, ScrollArea, column, row
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import plain, strong

TITLE_HEIGHT = 32
BAND_HEIGHT = 40
FOOTER_HEIGHT = 60
EDGE = 20
BORDER = 1


class Band(Panel):
    """Which environment this is about, in its own colours."""

    def __init__(self) -> None:
        super().__init__(Token.BG2)
        self.setFixedHeight(BAND_HEIGHT)
        self.sentence = Sentence()
        box = row(0, (EDGE, 0, EDGE, 0))
        box.addWidget(self.sentence, 1, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(box)

    def show_environment(self, environment: Environment, heading: str, detail: str) -> None:
        """``LIVE key`` in bold, then what follows from it."""
        ink = frame_words.ENVIRONMENT_INK[environment.label]
        self._ground = frame_words.ENVIRONMENT_GROUND[environment.label]
        rest = Token.ON_FILL if environment.is_live else Token.TEXT
        spans = (strong(f"{heading}  ", ink), plain(detail, rest))
        self.sentence.set_spans(spans, frame_words.ENVIRONMENT_GLYPH[environment.label], ink)
        self.update()


class TitleRow(Panel):
    """The sheet's name and the cross that closes it."""

    close_clicked = Signal()

    def __init__(self, title: str) -> None:
        super().__init__(Token.BG3)
        self.setFixedHeight(TITLE_HEIGHT)
        self.title = label(title, Role.BODY)
        self.cross = Button("", Kind.BARE, glyph=Glyph.CROSS)
        self.cross.setAccessibleName("Close")
        self.cross.clicked.connect(self.close_clicked)
        box = row(8, (12, 0, 6, 0))
        box.addWidget(self.title, 1)
        box.addWidget(self.cross)
        self.setLayout(box)


class SheetFrame(Panel):
    """Title, band, body, footer. Fill ``body`` and ``footer``; the body scrolls where the window is too low."""

    WIDTH = 640
    close_clicked = Signal()
    wants_room = Signal()

    def __init__(self, title: str, *, banded: bool = True) -> None:
        super().__init__(Token.BG1)
        self.setAccessibleName(title)
        self.title_row = TitleRow(title)
        self.title_row.close_clicked.connect(self.close_clicked)
        self.band = Band()
        if not banded:
            self.band.hide()
        self._banded = banded
        self._content = QWidget()
        self.body: QVBoxLayout = column(self._content, 0, (EDGE, 16, EDGE, 12))
        self._content.installEventFilter(self)
        self.footer: QHBoxLayout = row(8, (EDGE, 14, EDGE, 14))
        outer = column(self, 0, (BORDER, BORDER, BORDER, BORDER))
        outer.addWidget(self.title_row)
        outer.addWidget(self.band)
        outer.addWidget(ScrollArea(self._content), 1)
        outer.addWidget(Rule())
        outer.addLayout(self.footer)

    def wanted_height(self) -> int:
        """The height at which the body need not scroll."""
        high = self.body.totalHeightForWidth(self.width() - 2 * BORDER)
        body = high if self.body.hasHeightForWidth() else self.body.totalSizeHint().height()
        band = BAND_HEIGHT if self._banded else 0
        return TITLE_HEIGHT + band + body + 1 + FOOTER_HEIGHT + 2 * BORDER

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        if event.type() == QEvent.Type.LayoutRequest:
            self.wants_room.emit()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        super().paintEvent(event)
        with QPainter(self) as painter:
            paint.box(painter, QRectF(self.rect()), Box(border=Token.EDGE, radius=0))


class TintedBox(QWidget):
    """A bordered box within a sheet; its top ``head`` pixels have a ground of their own."""

    def __init__(self, fill: Token, border: Token, head: int = 0) -> None:
        super().__init__()
        self._fill, self._border, self._head = fill, border, head
        self._head_fill = fill

    def set_colours(self, head_fill: Token, border: Token) -> None:
        if (head_fill, border) != (self._head_fill, self._border):
            self._head_fill, self._border = head_fill, border
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            rect = QRectF(self.rect())
            painter.fillRect(rect, theme.color(self._fill))
            painter.fillRect(QRectF(0, 0, rect.width(), self._head), theme.color(self._head_fill))
            paint.box(painter, rect, Box(border=self._border, radius=0))
