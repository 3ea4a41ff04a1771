"""Boxes of many lines: what is stored, to be read and copied, and the trader's own note."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from otoco_desktop.ui.history import words
from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.buttons import Button, Kind
from otoco_desktop.ui.widgets.field_edit import FieldEdit
from otoco_desktop.ui.widgets.labels import buddy, label
from otoco_desktop.ui.widgets.paint import Box
from otoco_desktop.ui.widgets.panel import column, row
from otoco_desktop.ui.widgets.scroll_bar import ThinScrollBar

EDGE = 16
SMALL_HEIGHT = 26
NOTE_HEIGHT = 140


class TextBox(QPlainTextEdit):
    """Plain text in a box; the ring says who has the keyboard. Tab leaves it."""

    def __init__(self, name: str, role: Role) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFont(theme.font(role))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBar(ThinScrollBar(self))
        self.setViewportMargins(4, 4, 4, 4)
        self.viewport().setAutoFillBackground(False)
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        self.setPalette(palette)

    def focusInEvent(self, event: QFocusEvent) -> None:  # Qt's name
        super().focusInEvent(event)
        self._repaint_frame()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # Qt's name
        super().focusOutEvent(event)
        self._repaint_frame()

    def _repaint_frame(self) -> None:
        parent = self.parentWidget()
        if parent is not None:
            parent.update()


class Framed(QWidget):
    """Draws the box around a ``TextBox``."""

    def __init__(self, box: TextBox) -> None:
        super().__init__()
        self._box = box
        column(self, 0, (2, 2, 2, 2)).addWidget(box)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            focused = self._box.hasFocus()
            border = Token.ACCENT if focused else Token.LINE if self._box.isReadOnly() else Token.EDGE
            paint.box(painter, QRectF(self.rect()), Box(Token.BG2, border, width=2.0 if focused else 1.0))


class RawPage(QWidget):
    """What is stored, as JSON."""

    def __init__(self) -> None:
        super().__init__()
        self.box = TextBox("Raw events", Role.MONO_SMALL)
        self.box.setReadOnly(True)
        self.box.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.copy_button = Button("Copy all", Kind.SMALL, glyph=Glyph.COPY)
        self.copy_button.setFixedHeight(SMALL_HEIGHT)
        self.copy_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.box.toPlainText()))
        lines = column(self, 8, (EDGE, 12, EDGE, 12))
        lines.addWidget(Framed(self.box), 1)
        lines.addWidget(self.copy_button, 0, Qt.AlignmentFlag.AlignLeft)

    def show_text(self, text: str) -> None:
        if text != self.box.toPlainText():
            self.box.setPlainText(text)


class NotePage(QWidget):
    """Tag and note, kept when saved. ``saved`` carries the strategy id, the tag and the note.

    What was typed and not saved waits here until its strategy is looked at again.
    """

    saved = Signal(str, str, str)

    def __init__(self) -> None:
        super().__init__()
        self._strategy_id = ""
        self._stored = ("", "")
        self._unsaved: dict[str, tuple[str, str]] = {}
        self.tag = FieldEdit("Tag")
        self.note = TextBox("Note", Role.BODY)
        self.save_button = Button("&Save note", Kind.SMALL)
        self.standing = label("", Role.SECONDARY, Token.TEXT3)
        self._build()
        self.tag.textChanged.connect(self._typed)
        self.note.textChanged.connect(self._typed)
        self.save_button.clicked.connect(self._save)

    def _build(self) -> None:
        self.save_button.setFixedHeight(SMALL_HEIGHT)
        lines = column(self, 4, (EDGE, 12, EDGE, 12))
        lines.addWidget(buddy("Tag", self.tag, Role.SECONDARY, Token.TEXT2))
        lines.addWidget(self.tag)
        lines.addSpacing(8)
        lines.addWidget(buddy("Note", self.note, Role.SECONDARY, Token.TEXT2))
        framed = Framed(self.note)
        framed.setFixedHeight(NOTE_HEIGHT)
        lines.addWidget(framed)
        lines.addSpacing(8)
        foot = row(12)
        foot.addWidget(self.save_button)
        foot.addWidget(self.standing, 1)
        lines.addLayout(foot)
        lines.addStretch(1)

    @property
    def typed(self) -> tuple[str, str]:
        """Tag and note as they stand in the boxes."""
        return self.tag.text().strip(), self.note.toPlainText().strip()

    def show_note(self, strategy_id: str, tag: str, note: str) -> None:
        """Show what is stored, or what was typed over it and not saved."""
        if (strategy_id, tag, note) == (self._strategy_id, *self._stored):
            return
        news = strategy_id == self._strategy_id
        if news and self.typed in ((tag, note), self._stored):
            self._unsaved.pop(strategy_id, None)
        self._strategy_id, self._stored = strategy_id, (tag, note)
        waiting = self._unsaved.get(strategy_id, self._stored)
        with QSignalBlocker(self.tag), QSignalBlocker(self.note):
            self.tag.setText(waiting[0])
            self.note.setPlainText(waiting[1])
        self._tell(words.SAVED if news and waiting == self._stored else "")

    def _typed(self) -> None:
        if self.typed == self._stored:
            self._unsaved.pop(self._strategy_id, None)
        else:
            self._unsaved[self._strategy_id] = self.typed
        self._tell("")

    def _tell(self, calm: str) -> None:
        tag, note = self.typed
        changed = (tag, note) != self._stored
        much = len(note) - words.LONGEST_NOTE
        too_long = f"The note is {much:,} characters longer than {words.LONGEST_NOTE:,}."
        self.save_button.setEnabled(changed and much <= 0)
        self.standing.show_text(too_long if much > 0 else words.NOT_SAVED if changed else calm)
        self.standing.set_token(Token.WARN if changed else Token.TEXT3)

    def _save(self) -> None:
        tag, note = self.typed
        self.saved.emit(self._strategy_id, tag, note)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Enter in the tag saves; in the note it is a new line."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.tag.hasFocus():
            self.save_button.click()
        else:
            super().keyPressEvent(event)
