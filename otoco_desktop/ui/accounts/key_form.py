"""What stands in the key sheet: fields, where the key is kept, advice, the test, the tick, the buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from otoco_desktop.app.accounts import KeyringMood, Remark
from otoco_desktop.domain.credentials import LONGEST_NAME
from otoco_desktop.domain.errors import WayOn
from otoco_desktop.settings import Environment
from otoco_desktop.ui import words as frame_words
from otoco_desktop.ui.accounts import words
from otoco_desktop.ui.accounts.controls import FilledButton, KeyField, SecretField, SheetField, Tick
from otoco_desktop.ui.accounts.presenter import KeyStatus, needs_tick
from otoco_desktop.ui.accounts.probe_view import ProbeCard
from otoco_desktop.ui.accounts.sheet import SheetFrame, TintedBox
from otoco_desktop.ui.accounts.ways import WayButtons
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.buttons import Button
from otoco_desktop.ui.widgets.labels import buddy, figure, label
from otoco_desktop.ui.widgets.panel import column, row
from otoco_desktop.ui.widgets.sentence import ICON_ROOM, Sentence
from otoco_desktop.ui.widgets.spans import plain, strong
from otoco_desktop.ui.widgets.tips import tip
from otoco_desktop.ui.widgets.tones import FieldTone

MOODS = {
    KeyringMood.READY: (Glyph.PASS, Token.POS),
    KeyringMood.WAITING: (Glyph.WAITING, Token.ACCENT),
    KeyringMood.LOCKED: (Glyph.LOCK, Token.WARN),
    KeyringMood.MISSING: (Glyph.WARNING, Token.WARN),
    KeyringMood.TROUBLE: (Glyph.FAIL, Token.NEG),
}


NEED_A_TEST = frozenset({WayOn.UNLOCK, WayOn.TRY_AGAIN, WayOn.SESSION_ONLY})


class Labelled(QWidget):
    """A label with its mnemonic, a field, and a remark that takes room only when there is one."""

    def __init__(self, caption: str, field: SheetField, hint: str = "") -> None:
        super().__init__()
        self.field = field
        self.remark = Sentence(Role.SECONDARY, Token.TEXT2)
        self.remark.hide()
        head = row(8)
        head.addWidget(buddy(caption, field, Role.SECONDARY_STRONG), 1)
        head.addWidget(label(hint, Role.SECONDARY, Token.TEXT3))
        box = column(self, 4)
        box.addLayout(head)
        box.addWidget(field)
        box.addWidget(self.remark)
        box.addStretch(1)

    def show_remark(self, remark: Remark) -> None:
        """A note, or why the text is refused; the field's description says the same."""
        glyph, token = (Glyph.FAIL, Token.NEG) if remark.refused else (Glyph.NOTE, Token.ACCENT)
        self.remark.set_spans((plain(remark.text),), glyph, token)
        self.remark.setVisible(bool(remark.text))
        self.field.setAccessibleDescription(remark.text)
        self.field.set_tone(FieldTone.ERROR if remark.refused else FieldTone.REST)


class StoredIn(QWidget):
    """Where the key will be kept, and what helps when it cannot be."""

    def __init__(self) -> None:
        super().__init__()
        self.title = Sentence(Role.SECONDARY)
        self.detail = Sentence(Role.SECONDARY, Token.TEXT2)
        box = column(self, 4)
        box.addWidget(label("Stored in", Role.SECONDARY_STRONG))
        box.addWidget(self.title)
        indented = row(0, (ICON_ROOM, 0, 0, 0))
        indented.addWidget(self.detail)
        box.addLayout(indented)
        box.addStretch(1)

    def show_status(self, status: KeyStatus) -> None:
        keyring = status.keyring
        glyph, token = MOODS[keyring.mood]
        self.title.set_spans((strong(keyring.title),), glyph, token)
        self.detail.set_spans((plain(keyring.detail),))
        self.detail.setVisible(bool(keyring.detail))


class KeyForm(SheetFrame):
    """Renders a ``KeyStatus``; the signals say what the person does."""

    edited = Signal()
    key_edited = Signal()
    ticked = Signal(bool)
    test_clicked = Signal()
    copy_clicked = Signal()
    save_clicked = Signal()
    way_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__("Add API key")
        self.key_field = KeyField("API key")
        self.secret_field = SecretField("Secret")
        self.api_key = Labelled("&API key", self.key_field)
        self.secret = Labelled("&Secret", self.secret_field, words.SHOWN_ONCE)
        self.name = Labelled("&Name on this computer", SheetField("Name on this computer", LONGEST_NAME + 1))
        self.stored = StoredIn()
        self.untested = label(words.NOT_TESTED, Role.SECONDARY, Token.TEXT3)
        self.advice = _advice()
        self.card = ProbeCard()
        self.tick = Tick(words.TICK)
        self.why_not = figure("", Role.SECONDARY, Token.TEXT3, align_right=True)
        self.news = Sentence(Role.SECONDARY)
        self.ways = WayButtons()
        self.test = Button("Test connection")
        self.copy = Button("Copy report", glyph=Glyph.COPY)
        self.cancel = Button("Cancel", key_hint="Esc")
        self.save = FilledButton("")
        self._build()
        self._connect()

    def _build(self) -> None:
        body = self.body
        for left, right in ((self.api_key, self.secret), (self.name, self.stored)):
            pair = row(16)
            pair.addWidget(left, 1)
            pair.addWidget(right, 1)
            body.addLayout(pair)
            body.addSpacing(14)
        body.addWidget(self.advice)
        body.addSpacing(14)
        body.addWidget(self.untested)
        body.addWidget(self.card)
        body.addSpacing(10)
        body.addLayout(self._tick_row())
        body.addWidget(self.news)
        body.addSpacing(4)
        body.addWidget(self.ways)
        body.addStretch(1)
        for button in (self.test, self.copy):
            self.footer.addWidget(button)
        self.footer.addStretch(1)
        for button in (self.cancel, self.save):
            self.footer.addWidget(button)

    def _tick_row(self) -> QHBoxLayout:
        box = row(12)
        box.addWidget(self.tick)
        box.addWidget(self.why_not, 1)
        return box

    def _connect(self) -> None:
        self.name.field.textChanged.connect(self.edited)
        for part in (self.api_key, self.secret):
            part.field.textChanged.connect(self.key_edited)
        self.tick.clicked.connect(self.ticked)
        self.test.clicked.connect(self.test_clicked)
        self.copy.clicked.connect(self.copy_clicked)
        self.save.clicked.connect(self.save_clicked)
        self.cancel.clicked.connect(self.close_clicked)
        self.ways.chosen.connect(self.way_chosen)

    def start(self, environment: Environment, name: str) -> None:
        """A clean form for this environment."""
        self.wipe()
        self.name.field.setText(name)
        self.band.show_environment(environment, f"{environment.label} key", words.KEY_BANDS[environment])
        self.save.set_fill(Token.LIVE_FILL if environment.is_live else Token.ACCENT_FILL)
        self.save.set_glyph(frame_words.ENVIRONMENT_GLYPH[environment.label])
        self.save.show_text(f"Save {environment.label} key")
        for part in (self.advice, self.tick):
            part.setVisible(needs_tick(environment))

    def wipe(self) -> None:
        """Nothing typed stays in a widget."""
        for part in (self.api_key, self.secret, self.name):
            part.field.setText("")

    def show_status(self, status: KeyStatus, *, may_keep: bool) -> None:
        """Show this."""
        self.name.show_remark(status.name)
        self.api_key.show_remark(status.api_key)
        self.secret.show_remark(status.secret)
        self.key_field.show_good(good=status.api_key_good)
        self.stored.show_status(status)
        self.card.show_report(status.report)
        self.untested.setVisible(status.report is None)
        self._show_buttons(status)
        self._show_news(status, may_keep=may_keep)

    def _show_buttons(self, status: KeyStatus) -> None:
        if self.test.text() != status.test_label:
            self.test.setText(status.test_label)
            self.test.setAccessibleName(status.test_label)
            self.test.updateGeometry()
        self.test.setEnabled(status.can_test)
        self.copy.setVisible(status.report is not None and status.report.is_done)
        self.tick.setEnabled(status.can_tick)
        self.tick.setChecked(status.ticked)
        self.save.setEnabled(status.can_save)
        self.why_not.show_text(status.save_reason)
        self.save.setToolTip(tip(status.save_reason))
        self.save.setAccessibleDescription(status.save_reason)

    def _show_news(self, status: KeyStatus, *, may_keep: bool) -> None:
        glyph, token = (Glyph.FAIL, Token.NEG) if status.is_trouble else (Glyph.NOTE, Token.ACCENT)
        self.news.set_spans((plain(status.news),), glyph if status.news else None, token)
        self.news.setVisible(bool(status.news))
        self.ways.show_ways(status.ways_on, frozenset() if may_keep else NEED_A_TEST, status.save_reason)


def _advice() -> QWidget:
    made = TintedBox(Token.BG2, Token.LINE)
    box: QVBoxLayout = column(made, 6, (12, 8, 12, 12))
    box.addWidget(label(words.ADVICE_TITLE, Role.TITLE))
    for bold, rest in words.ADVICE:
        line = Sentence(Role.SECONDARY, Token.TEXT2)
        line.set_spans((strong(bold, Token.TEXT), plain(rest)), Glyph.NOTE, Token.ACCENT)
        box.addWidget(line, 0, Qt.AlignmentFlag.AlignTop)
    return made
