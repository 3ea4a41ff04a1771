"""The three pages of the review sheet: summary, request, checks."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QGuiApplication, QSyntaxHighlighter, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QVBoxLayout, QWidget

from otoco_desktop.ui.checks.view import CheckList
from otoco_desktop.ui.foreign import foreign
from otoco_desktop.ui.review.legs import FigureStrip, LegView, StepStrip, WaitLine, advice_line, wait_sentence
from otoco_desktop.ui.review.state import ReviewContent
from otoco_desktop.ui.review.summary import STEPS
from otoco_desktop.ui.review.ticks import TickBox
from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.buttons import Button, Kind
from otoco_desktop.ui.widgets.labels import label
from otoco_desktop.ui.widgets.panel import ScrollArea, column, row
from otoco_desktop.ui.widgets.scroll_bar import ThinScrollBar
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import plain, strong

EDGE = 16
SOCKET = "Websocket"
EXACT = "Exactly what will be sent. Numbers are text so no digit is rounded. The secret is never shown or logged."


class SummaryPage(QWidget):
    """Legs, figures, warnings to tick, advice and what happens next. ``ticked`` carries a code and a choice."""

    ticked = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self.legs = tuple(LegView() for _ in range(3))
        self.figures = FigureStrip()
        self.boxes: tuple[TickBox, ...] = ()
        self._moving = QWidget()
        self._lines = column(self._moving, 7)
        body = QWidget()
        self._fill(column(body, 0, (EDGE, 0, EDGE, 12)))
        column(self).addWidget(ScrollArea(body))

    def _fill(self, box: QVBoxLayout) -> None:
        entry, stop, target = self.legs
        box.addWidget(entry)
        box.addWidget(WaitLine(wait_sentence()))
        box.addWidget(stop)
        box.addWidget(target)
        box.addWidget(self.figures)
        box.addSpacing(10)
        box.addWidget(label("Before you send", Role.TITLE))
        box.addSpacing(6)
        box.addWidget(self._moving)
        box.addSpacing(12)
        box.addWidget(label("What happens next", Role.TITLE))
        box.addSpacing(8)
        box.addWidget(StepStrip(STEPS))
        box.addStretch(1)

    def show_content(self, content: ReviewContent, ticked: frozenset[str]) -> None:
        """Show this plan; the warnings come first, each with its tick box."""
        for view, card in zip(self.legs, content.legs, strict=True):
            view.show_card(card)
        self.figures.show_figures(content.figures)
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.boxes = tuple(TickBox(warning) for warning in content.warnings)
        for box in self.boxes:
            box.setChecked(box.warning.code in ticked)
            box.toggled.connect(self._forward(box.warning.code))
            self._lines.addWidget(box)
        for advice in content.advice:
            self._lines.addWidget(advice_line(advice))

    def _forward(self, code: str) -> Callable[[bool], None]:
        return lambda on: self.ticked.emit(code, on)

    def lock(self) -> None:
        """The plan has been sent: ticks stay as they are."""
        for box in self.boxes:
            box.setEnabled(False)


class JsonColours(QSyntaxHighlighter):
    """Names in the accent colour; the text itself stays plain."""

    NAME = QRegularExpression(r'"[^"\n]*"(?=\s*:)')

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)

    def highlightBlock(self, text: str) -> None:  # noqa: N802 - Qt's name
        look = QTextCharFormat()
        look.setForeground(theme.color(Token.ACCENT))
        found = self.NAME.globalMatch(text)
        while found.hasNext():
            match = found.next()
            self.setFormat(match.capturedStart(), match.capturedLength(), look)


class RequestPage(QWidget):
    """The request as it will be sent, to read and to copy."""

    def __init__(self) -> None:
        super().__init__()
        self.address = Sentence(Role.SECONDARY, Token.TEXT2)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setVerticalScrollBar(ThinScrollBar(self.text))
        self.text.setFont(theme.font(Role.MONO))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName("Request JSON")
        self._colours = JsonColours(self.text.document())
        self.copy_button = Button("Copy", Kind.SMALL, glyph=Glyph.COPY)
        self.copy_button.setAccessibleName("Copy request JSON")
        self.copy_button.clicked.connect(self._copy)
        self._build()

    def _build(self) -> None:
        box = column(self, 6, (EDGE, 8, EDGE, 12))
        head = row()
        head.addWidget(self.address, 1, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.copy_button)
        box.addLayout(head)
        note = Sentence(Role.SECONDARY, Token.TEXT2)
        note.set_spans((plain(EXACT),), Glyph.NOTE, Token.ACCENT)
        box.addWidget(note)
        box.addWidget(self.text, 1)

    def show_content(self, content: ReviewContent) -> None:
        if content.request_json != self.text.toPlainText():
            self.text.setPlainText(content.request_json)
        way, _, where = content.request_address.rpartition(" ")
        self.address.set_spans((strong(f"{way or SOCKET} ", Token.TEXT), plain(foreign(where))))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())


class ChecksPage(QWidget):
    """Every check as it stood when the plan was frozen."""

    def __init__(self) -> None:
        super().__init__()
        self.list = CheckList(leads=False)
        column(self).addWidget(ScrollArea(self.list))

    def show_content(self, content: ReviewContent) -> None:
        self.list.show_rows(content.checks.rows)
