"""Preferences of one environment: a sheet whose changes apply at once."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from otoco_desktop.app.preferences import PreferencesPort
from otoco_desktop.domain.preferences import Preferences
from otoco_desktop.domain.transport import Transport
from otoco_desktop.settings import Environment
from otoco_desktop.ui.accounts import choices
from otoco_desktop.ui.accounts.choices import Limit, Reading
from otoco_desktop.ui.accounts.controls import SheetField, Tick
from otoco_desktop.ui.accounts.layer import Layer
from otoco_desktop.ui.accounts.sheet import SheetFrame
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.buttons import Button
from otoco_desktop.ui.widgets.labels import buddy, label
from otoco_desktop.ui.widgets.panel import Rule, row
from otoco_desktop.ui.widgets.segments import Segments, SegmentsLook
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import link, plain
from otoco_desktop.ui.widgets.tips import tip
from otoco_desktop.ui.widgets.tones import FieldTone

CAPTION_WIDTH = 130
FIELD_WIDTH = 130
LINE = 32
ALT_KEYS = {
    Limit.RISK: Qt.Key.Key_R,
    Limit.TRADE: Qt.Key.Key_T,
    Limit.OPEN_RISK: Qt.Key.Key_O,
    Limit.CAP: Qt.Key.Key_H,
    Limit.AUTO_LOCK: Qt.Key.Key_L,
}
APPLIES = "Changes apply at once, to this environment only."


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
        self.field.setPlaceholderText("no limit" if limit in choices.SAID else "")
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


class SettingsForm(SheetFrame):
    """The sheet's contents. ``changed`` carries the ``Preferences`` that should apply from now on."""

    changed = Signal(object)

    def __init__(self, environment: Environment) -> None:
        super().__init__("Settings")
        self._chosen = Preferences()
        self._environment = environment
        look = SegmentsLook(height=26, padding=12, role=Role.SECONDARY, chosen_role=Role.SECONDARY_STRONG)
        self.transport = Segments(choices.TRANSPORT_LABELS, "Send orders over", look)
        self.transport_note = Sentence(Role.SECONDARY, Token.TEXT2)
        self.limits = {limit: LimitLine(limit) for limit in choices.limits_for(environment)}
        self.fee = Tick(choices.FEE_WORDS)
        self.post_only = Tick(choices.POST_ONLY_WORDS)
        self.retype = Tick(choices.RETYPE_WORDS)
        self.sound = Tick(choices.SOUND_WORDS)
        self.trouble = Sentence(Role.SECONDARY)
        self.leave = Button("Close", key_hint="Esc")
        self._build()
        self._connect()

    def _build(self) -> None:
        self.band.show_environment(self._environment, self._environment.label, APPLIES)
        body = self.body
        body.addLayout(self._sending())
        body.addSpacing(10)
        for tick in (self.fee, self.post_only, self.sound, self.retype):
            body.addWidget(tick)
        self.retype.setEnabled(False)
        self.retype.setToolTip(tip(choices.RETYPE_NOTE))
        self.retype.setAccessibleDescription(choices.RETYPE_NOTE)
        self.retype.setVisible(self._environment.is_live)
        body.addSpacing(12)
        body.addWidget(Rule())
        body.addSpacing(12)
        body.addWidget(label("Limits", Role.TITLE))
        body.addSpacing(8)
        for line in self.limits.values():
            body.addWidget(line)
            body.addSpacing(6)
        body.addWidget(self.trouble)
        body.addStretch(1)
        self.footer.addStretch(1)
        self.footer.addWidget(self.leave)

    def _sending(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        caption = label("Send orders over", Role.SECONDARY_STRONG)
        caption.setFixedWidth(CAPTION_WIDTH)
        grid.addWidget(caption, 0, 0)
        grid.addWidget(self.transport, 0, 1, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(self.transport_note, 1, 1)
        grid.setColumnStretch(1, 1)
        return grid

    def _connect(self) -> None:
        self.transport.chosen.connect(lambda at: self._change(replace(self._chosen, transport=choices.TRANSPORTS[at])))
        self.fee.clicked.connect(lambda on: self._change(replace(self._chosen, fee_in_quote=on)))
        self.post_only.clicked.connect(lambda on: self._change(replace(self._chosen, post_only=on)))
        self.sound.clicked.connect(lambda on: self._change(replace(self._chosen, sound=on)))
        for line in self.limits.values():
            line.committed.connect(self._change)
        self.leave.clicked.connect(self.close_clicked)

    def _change(self, chosen: Preferences) -> None:
        if chosen != self._chosen:
            self.changed.emit(chosen)

    def show_preferences(self, chosen: Preferences, trouble: str) -> None:
        """Show what applies now."""
        self._chosen = chosen
        self.transport.choose(choices.TRANSPORTS.index(chosen.transport))
        self.transport_note.set_spans((plain(choices.TRANSPORT_NOTES[chosen.transport]),))
        self.fee.setChecked(chosen.fee_in_quote)
        self._show_post_only(chosen)
        self.sound.setChecked(chosen.sound)
        self.retype.setChecked(chosen.retype_in_live or self._environment.is_live)
        for line in self.limits.values():
            line.show_preferences(chosen)
        self.trouble.set_spans((plain(trouble),), Glyph.WARNING if trouble else None, Token.WARN)
        self.trouble.setVisible(bool(trouble))

    def _show_post_only(self, chosen: Preferences) -> None:
        over_rest = chosen.transport is Transport.REST
        note = choices.POST_ONLY_NOTE if over_rest else ""
        self.post_only.setChecked(chosen.post_only)
        self.post_only.setEnabled(not over_rest)
        self.post_only.setToolTip(tip(note))
        self.post_only.setAccessibleDescription(note)

    def restore(self) -> None:
        """Texts that do not apply give way to what does."""
        for line in self.limits.values():
            line.restore(self._chosen)

    def commit(self) -> None:
        """Apply what is typed and right."""
        for line in self.limits.values():
            line.commit()


class SettingsSheet(Layer):
    """The preferences over the window."""

    def __init__(self, window: QWidget, port: PreferencesPort, environment: Environment) -> None:
        self.form = SettingsForm(environment)
        super().__init__(window, self.form, self.form)
        self._port = port
        self.form.changed.connect(self._apply)
        self.form.close_clicked.connect(self.close_layer)
        self.form.wants_room.connect(self._make_room)
        port.listen(lambda _chosen: self._show())
        self._show()

    def open_sheet(self) -> None:
        """Show what applies, with the keyboard in the first choice."""
        self._show()
        self.form.restore()
        keys = {ALT_KEYS[limit]: line.field for limit, line in self.form.limits.items()}
        self.open_layer(self.form.transport.button(self.form.transport.index), keys)

    def close_layer(self) -> None:
        """What is typed and right applies; what is not right is let go."""
        if self.is_open:
            self.form.commit()
        super().close_layer()

    def _apply(self, chosen: Preferences) -> None:
        self._port.change(chosen)
        self._show()

    def _show(self) -> None:
        self.form.show_preferences(self._port.current, self._port.trouble)

    def _make_room(self) -> None:
        if self.is_open:
            self.cover()
