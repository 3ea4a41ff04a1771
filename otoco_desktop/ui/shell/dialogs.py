"""Small windows that never stop the loop: they are opened, and what they are for happens when they close."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from otoco_desktop.ui import formats, words
from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import panel
from otoco_desktop.ui.widgets.buttons import Button, Kind
from otoco_desktop.ui.widgets.labels import label
from otoco_desktop.ui.widgets.toast import Message

MARGINS = (20, 16, 20, 16)
NO_MESSAGES = "Nothing has been said yet."


@dataclass(frozen=True, slots=True)
class Question:
    """A question whose default answer changes nothing."""

    title: str
    sentence: str
    keep: str
    act: str


class Sheet(QDialog):
    """A dialog of the window it belongs to; removed when it closes."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(*MARGINS)
        self._rows.setSpacing(12)
        self._rows.addWidget(label(title, Role.SHEET_TITLE))

    def say(self, sentence: str, token: Token = Token.TEXT2) -> None:
        """Add a paragraph."""
        line = label(sentence, Role.BODY, token, wrap=True)
        line.setMinimumWidth(360)
        self._rows.addWidget(line)

    def add(self, widget: QWidget) -> None:
        self._rows.addWidget(widget, 1)

    def add_fixed(self, widget: QWidget) -> None:
        """Add what takes no more room than it needs."""
        self._rows.addWidget(widget)

    def add_buttons(self, *buttons: Button) -> None:
        """The buttons at the right end; the first one has the keyboard and Enter."""
        row = panel.row(8)
        row.addStretch(1)
        for button in buttons:
            row.addWidget(button)
        self._rows.addLayout(row)
        buttons[0].setDefault(True)
        buttons[0].setFocus()


def ask(parent: QWidget, question: Question) -> asyncio.Future[bool]:
    """Open the question; the future holds ``True`` only when the acting button was pressed."""
    answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    sheet = open_question(parent, question)

    def settle(result: int) -> None:
        if not answer.done():
            answer.set_result(result == QDialog.DialogCode.Accepted)

    sheet.finished.connect(settle)
    return answer


def open_question(parent: QWidget, question: Question) -> Sheet:
    """Open the question; the sheet is accepted only by its acting button, which never has the keyboard first."""
    sheet = Sheet(question.title, parent)
    sheet.say(question.sentence)
    keep, act = Button(question.keep), Button(question.act, Kind.DANGER)
    keep.clicked.connect(sheet.reject)
    act.clicked.connect(sheet.accept)
    act.setAutoDefault(False)
    sheet.add_buttons(keep, act)
    sheet.open()
    return sheet


def about(parent: QWidget, version: str) -> Sheet:
    """Name, version, and whose program this is not."""
    sheet = Sheet(f"{words.APP_NAME} {version}", parent)
    for sentence in words.ABOUT:
        sheet.say(sentence)
    _closing_button(sheet)
    sheet.open()
    return sheet


def explain(parent: QWidget, title: str, sentences: Sequence[str]) -> Sheet:
    """Sentences about one thing."""
    sheet = Sheet(title, parent)
    for sentence in sentences:
        sheet.say(sentence)
    _closing_button(sheet)
    sheet.open()
    return sheet


def reading(parent: QWidget, title: str, words: str, *more: Button) -> Sheet:
    """Lines in letters of one width that stand below each other and can be copied; ``more`` stands beside Close."""
    sheet, text = _with_text(parent, title, words, QSize(560, 480), *more)
    text.setFont(theme.font(Role.MONO))
    sheet.open()
    return sheet


def messages(parent: QWidget, log: Sequence[Message]) -> Sheet:
    """Everything the window has said since its start, newest last, as plain text that can be copied."""
    sheet, _text = _with_text(parent, "Messages", "\n".join(map(_line, log)) or NO_MESSAGES, QSize(560, 280))
    sheet.open()
    return sheet


def _with_text(parent: QWidget, title: str, words: str, least: QSize, *more: Button) -> tuple[Sheet, QPlainTextEdit]:
    sheet, text = Sheet(title, parent), QPlainTextEdit()
    text.setReadOnly(True)
    text.setAccessibleName(title)
    text.setPlainText(words)
    text.setMinimumSize(least)
    text.setTabChangesFocus(True)
    sheet.add(text)
    _closing_button(sheet, *more)
    return sheet, text


def _line(message: Message) -> str:
    return f"{formats.utc_clock(message.at_ms)}  {'Error: ' if message.is_error else ''}{message.text}"


def _closing_button(sheet: Sheet, *more: Button) -> None:
    close = Button("Close")
    close.clicked.connect(sheet.accept)
    sheet.add_buttons(close, *more)
