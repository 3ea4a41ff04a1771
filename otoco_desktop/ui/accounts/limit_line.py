"""One line of the settings sheet: a caption, a field, its unit, and the sentence for what stands there."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from otoco_desktop.domain.preferences import Preferences
from otoco_desktop.ui.accounts import choices
from otoco_desktop.ui.accounts.choices import Limit, Reading
from otoco_desktop.ui.accounts.controls import SheetField
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.labels import buddy, label
from otoco_desktop.ui.widgets.panel import row
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import link, plain
from otoco_desktop.ui.widgets.tones import FieldTone

CAPTION_WIDTH = 130
FIELD_WIDTH = 130
LINE = 32


class LimitLine(QWidget):
    """A number with its verdict. ``committed`` carries a reading that may be applied."""

    committed = Signal(object)

    def __init__(self, limit: Limit) -> None:
        super().__init__()
        self.limit = limit
        self._chosen = Preferences()
        self._shown = ""
        self.field = SheetField(choices.SPOKEN[limit])
        self.field.setFixedWidth(FIELD_WIDTH)
        self.field.setPlaceholderText(choices.EMPTY.get(limit, ""))
        self.verdict = Sentence(Role.SECONDARY, Token.TEXT2)
        caption = buddy(choices.CAPTIONS[limit], self.field, Role.SECONDARY_STRONG)
        caption.setFixedWidth(CAPTION_WIDTH)
        unit = label(choices.UNITS.get(limit, choices.COIN), Role.SECONDARY, Token.TEXT3)
        unit.setFixedWidth(28)
        box = row(8)
        box.addWidget(caption)
        box.addWidget(self.field)
        box.addWidget(unit)
        box.addWidget(self.verdict, 1, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(box)
        self.setFixedHeight(LINE)
        self.field.textChanged.connect(self._judge)
        self.field.editingFinished.connect(self.commit)
        self.verdict.link_activated.connect(self._take_fix)

    def show_preferences(self, chosen: Preferences) -> None:
        """Show what applies; a text that is being typed, or that does not apply, is left alone."""
        self._chosen = chosen
        text = choices.text_of(self.limit, chosen)
        if text != self._shown:
            self._shown = text
            self.field.setText(text)
        self._judge()

    def restore(self, chosen: Preferences) -> None:
        """Show what applies, whatever stands there."""
        self._shown = choices.text_of(self.limit, chosen)
        self._chosen = chosen
        self.field.setText(self._shown)
        self._judge()

    def commit(self) -> None:
        """Apply what stands there if it can be applied and differs."""
        reading = self._read()
        if reading.chosen is not None and reading.chosen != self._chosen:
            self._shown = self.field.text()
            self.committed.emit(reading.chosen)

    def _read(self) -> Reading:
        return choices.read(self.limit, self.field.text(), self._chosen)

    def _judge(self) -> None:
        reading = self._read()
        wrong = reading.chosen is None
        glyph, token = (Glyph.FAIL, Token.NEG) if wrong and not reading.unfinished else (Glyph.NOTE, Token.ACCENT)
        spans = [plain(f"{reading.sentence} ")]
        if reading.fix:
            spans.append(link(f"Use {reading.fix}", reading.fix))
        self.verdict.set_spans(spans, glyph if wrong else None, token)
        self.field.set_tone(FieldTone.ERROR if wrong and not reading.unfinished else FieldTone.REST)
        self.field.setAccessibleDescription(reading.sentence)

    def _take_fix(self, text: str) -> None:
        self.field.setText(text)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
