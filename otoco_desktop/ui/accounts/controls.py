"""Controls that these screens need beside the kit: a button in an environment's fill, a tick, a choice, two fields."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QValidator
from PySide6.QtWidgets import QCheckBox, QLineEdit, QRadioButton, QSizePolicy, QWidget

from otoco_desktop.ui.shell import icons
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.buttons import GAP, ICON, Button
from otoco_desktop.ui.widgets.field_edit import FieldEdit
from otoco_desktop.ui.widgets.paint import Box

BOX = 16
TEXT_LEFT = BOX + 8
TALL = 36
PADDING = 12
MARK = 14
LONGEST_PASTE = 4_096


class FilledButton(Button):
    """The button that acts, in the fill of its environment: magenta in LIVE, the accent elsewhere."""

    def __init__(self, text: str, fill: Token = Token.ACCENT_FILL, height: int = 30) -> None:
        super().__init__(text)
        self._fill = fill
        self._tall = height

    def set_fill(self, fill: Token) -> None:
        if fill is not self._fill:
            self._fill = fill
            self.update()

    def show_text(self, text: str) -> None:
        """Take other words; the accessible name follows."""
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(self.words)
            self.updateGeometry()

    def sizeHint(self) -> QSize:  # Qt's name
        wide = paint.width(self.words, Role.STRONG) + 2 * PADDING + ICON + GAP
        return QSize(round(wide), self._tall)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            rect = QRectF(self.rect())
            ready = self.isEnabled()
            ink = Token.ON_FILL if ready else Token.DIS_TEXT
            paint.box(painter, rect, Box(self._fill) if ready else Box(Token.DIS_BG, Token.LINE))
            if self.hasFocus():
                paint.focus_ring(painter, rect)
                paint.box(painter, rect.adjusted(2, 2, -2, -2), Box(border=Token.ON_FILL, radius=3))
            self._paint_words(painter, ink)

    def _paint_words(self, painter: QPainter, ink: Token) -> None:
        wide = paint.width(self.words, Role.STRONG)
        left = (self.width() - wide) / 2
        if self._glyph:
            left = (self.width() - wide - ICON - GAP) / 2
            top = (self.height() - ICON) / 2
            icons.paint(painter, self._glyph, ink, QRectF(round(left), round(top), ICON, ICON))
            left += ICON + GAP
        paint.text(painter, QRectF(left, 0, wide, self.height()), self.words, Role.STRONG, ink)


class Tick(QCheckBox):
    """A tick box with one line of words, which are its accessible name."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words
        self.setAccessibleName(words)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # Qt's name
        return QSize(round(paint.width(self._words, Role.BODY)) + TEXT_LEFT + 6, 24)

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802 - Qt's name
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            place = QRectF(0, (self.height() - BOX) / 2, BOX, BOX)
            paint.box(painter, place, self._box())
            if self.isChecked():
                ink = Token.ON_FILL if self.isEnabled() else Token.DIS_TEXT
                icons.paint(painter, Glyph.TICK, ink, place.adjusted(2, 2, -2, -2))
            ink = Token.TEXT if self.isEnabled() else Token.DIS_TEXT
            paint.text(painter, QRectF(self.rect()).adjusted(TEXT_LEFT, 0, 0, 0), self._words, Role.BODY, ink)
            if self.hasFocus():
                paint.focus_ring(painter, QRectF(self.rect()))

    def _box(self) -> Box:
        if not self.isEnabled():
            return Box(Token.DIS_BG, Token.LINE, radius=3)
        if self.isChecked():
            return Box(Token.ACCENT_FILL, radius=3)
        return Box(Token.BG2, Token.EDGE, radius=3)


class Radio(QRadioButton):
    """One of several choices, in the colour of what it stands for; ``words`` may be empty beside a heading."""

    def __init__(self, spoken: str, words: str = "", ink: Token = Token.ACCENT_FILL) -> None:
        super().__init__()
        self._words = words
        self._ink = ink
        self.setAccessibleName(spoken)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # Qt's name
        beside = paint.width(self._words, Role.FIELD) + 14 if self._words else 0
        return QSize(round(BOX + 4 + beside), 24)

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802 - Qt's name
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            place = QRectF(2, (self.height() - BOX) / 2, BOX, BOX)
            chosen = self.isChecked()
            look = Box(self._ink, radius=BOX / 2) if chosen else Box(Token.BG1, Token.EDGE, radius=BOX / 2)
            paint.box(painter, place, look)
            if chosen:
                paint.box(painter, place.adjusted(5, 5, -5, -5), Box(Token.ON_FILL, radius=3))
            paint.text(painter, QRectF(self.rect()).adjusted(BOX + 12, 0, 0, 0), self._words, Role.FIELD, Token.TEXT)
            if self.hasFocus():
                paint.focus_ring(painter, QRectF(self.rect()), 6)


class SheetField(FieldEdit):
    """A field of a sheet: Alt with a letter is left to the sheet, Enter does nothing but commit."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        if event.modifiers() == Qt.KeyboardModifier.AltModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)


class AnyText(QValidator):
    """Lets in every character, so that what clings to a pasted key arrives where it is named."""

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        return QValidator.State.Acceptable, text, position


class KeyField(SheetField):
    """Takes whatever is pasted, because what clings to a key is taken off and said; a tick when it looks right."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, LONGEST_PASTE, parent)
        self.setValidator(AnyText(self))
        self.setMaxLength(LONGEST_PASTE)
        self._good = False
        hints = Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhNoAutoUppercase
        self.setInputMethodHints(hints | Qt.InputMethodHint.ImhSensitiveData)

    def show_good(self, *, good: bool) -> None:
        """Whether it may be a key."""
        if good is not self._good:
            self._good = good
            self.setTextMargins(self.textMargins().left(), 0, MARK + 14 if good else self.textMargins().left(), 0)
            self.update()

    def wipe(self) -> None:
        """Empty it together with its undo history, which ``clear`` would keep."""
        self.setText("")

    def _paint_inside(self, painter: QPainter) -> None:
        if self._good:
            place = QRectF(self.width() - MARK - 9, (self.height() - MARK) / 2, MARK, MARK)
            icons.paint(painter, Glyph.PASS, Token.POS, place)


class SecretField(KeyField):
    """Always masked; nothing of it can be copied, dragged or read out."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setDragEnabled(False)
