"""Preferences of one environment: a sheet whose changes apply at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from otoco_desktop.app.preferences import PreferencesPort
from otoco_desktop.domain.preferences import Preferences
from otoco_desktop.domain.transport import Transport
from otoco_desktop.settings import Environment
from otoco_desktop.ui.accounts import choices
from otoco_desktop.ui.accounts.choice_lines import ChoiceLine, LookLines
from otoco_desktop.ui.accounts.choices import Limit
from otoco_desktop.ui.accounts.controls import Tick
from otoco_desktop.ui.accounts.layer import Layer
from otoco_desktop.ui.accounts.limit_line import LimitLine
from otoco_desktop.ui.accounts.sheet import SheetFrame
from otoco_desktop.ui.practice.prices import RealPricesSwitch, RealPricesTick
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.looks import Looks
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.buttons import Button
from otoco_desktop.ui.widgets.labels import label
from otoco_desktop.ui.widgets.panel import Rule, column
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import plain
from otoco_desktop.ui.widgets.tips import tip

ALT_KEYS = {
    Limit.RISK: Qt.Key.Key_R,
    Limit.TRADE: Qt.Key.Key_T,
    Limit.OPEN_RISK: Qt.Key.Key_O,
    Limit.CAP: Qt.Key.Key_H,
    Limit.AUTO_LOCK: Qt.Key.Key_L,
    Limit.STOP_START: Qt.Key.Key_S,
    Limit.TARGET_START: Qt.Key.Key_G,
    Limit.RISK_UNIT: Qt.Key.Key_U,
}
APPLIES = "Changes apply at once, to this environment only."


class SettingsForm(SheetFrame):
    """The sheet's contents. ``changed`` carries the ``Preferences`` that should apply from now on."""

    changed = Signal(object)

    def __init__(self, environment: Environment, looks: Looks) -> None:
        super().__init__("Settings")
        self._chosen = Preferences()
        self._environment = environment
        self.sending = ChoiceLine("Send orders o&ver", choices.TRANSPORT_LABELS, "Send orders over", note_below=True)
        self.transport, self.transport_note = self.sending.choices, self.sending.note
        self.limits = {limit: LimitLine(limit) for limit in (*choices.limits_for(environment), *choices.STARTS)}
        self.stop_exit = ChoiceLine("Sto&p leaves at", choices.WAYS_OUT, "Exit of a new plan's stop")
        self.target_exit = ChoiceLine("Targ&et leaves at", choices.WAYS_OUT, "Exit of a new plan's target")
        self.looks = LookLines(looks)
        self.fee = Tick(choices.FEE_WORDS)
        self.post_only = Tick(choices.POST_ONLY_WORDS)
        self.retype = Tick(choices.RETYPE_WORDS)
        self.sound = Tick(choices.SOUND_WORDS)
        self.trouble = Sentence(Role.SECONDARY)
        self.real_prices = RealPricesTick()
        self.keys = Button("Change keys…")
        self.leave = Button("Close", key_hint="Esc")
        self._build()
        self._connect()

    def _build(self) -> None:
        self.band.show_environment(self._environment, self._environment.label, APPLIES)
        self.body.addWidget(self.sending)
        self.body.addSpacing(10)
        for tick in (self.fee, self.sound, self.retype):
            self.body.addWidget(tick)
        self.retype.setEnabled(False)
        self.retype.setToolTip(tip(choices.RETYPE_NOTE))
        self.retype.setAccessibleDescription(choices.RETYPE_NOTE)
        self.retype.setVisible(self._environment.is_live)
        self._part("Limits", [line for limit, line in self.limits.items() if limit not in choices.STARTS])
        self.body.addWidget(self.trouble)
        self.prices = QWidget()
        self._part("Practice prices", [self.real_prices], self.prices)
        self.prices.hide()
        starts = [self.limits[limit] for limit in choices.STARTS]
        self._part("New plans", [self.post_only, self.stop_exit, self.target_exit, *starts])
        self._part("Looks", [self.looks])
        self._part("Keyboard", [self.keys])
        self.body.addStretch(1)
        self.footer.addStretch(1)
        self.footer.addWidget(self.leave)

    def _part(self, title: str, lines: Iterable[QWidget], inside: QWidget | None = None) -> None:
        """A line across, a heading, and what belongs to it; ``inside`` is what they are hidden and shown with."""
        rows: QBoxLayout = self.body
        if inside is not None:
            rows = column(inside)
            self.body.addWidget(inside)
        rows.addSpacing(8)
        rows.addWidget(Rule())
        rows.addSpacing(12)
        rows.addWidget(label(title, Role.TITLE))
        rows.addSpacing(8)
        for line in lines:
            rows.addWidget(line)
            rows.addSpacing(6)

    def take_switch(self, switch: RealPricesSwitch) -> None:
        """Offer real prices, which only PRACTICE has."""
        switch.bind(self.real_prices)
        self.prices.show()

    def _connect(self) -> None:
        self.transport.chosen.connect(lambda at: self._change(replace(self._chosen, transport=choices.TRANSPORTS[at])))
        self.fee.clicked.connect(lambda on: self._change(replace(self._chosen, fee_in_quote=on)))
        self.post_only.clicked.connect(lambda on: self._change(replace(self._chosen, post_only=on)))
        self.sound.clicked.connect(lambda on: self._change(replace(self._chosen, sound=on)))
        self.stop_exit.chosen.connect(lambda at: self._change(replace(self._chosen, stop_market=at == 0)))
        self.target_exit.chosen.connect(lambda at: self._change(replace(self._chosen, target_market=at == 0)))
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
        self.sending.say(choices.TRANSPORT_NOTES[chosen.transport])
        self.fee.setChecked(chosen.fee_in_quote)
        self._show_starts(chosen)
        self.sound.setChecked(chosen.sound)
        self.retype.setChecked(chosen.retype_in_live or self._environment.is_live)
        for line in self.limits.values():
            line.show_preferences(chosen)
        self.trouble.set_spans((plain(trouble),), Glyph.WARNING if trouble else None, Token.WARN)
        self.trouble.setVisible(bool(trouble))

    def _show_starts(self, chosen: Preferences) -> None:
        self.stop_exit.choices.choose(0 if chosen.stop_market else 1)
        self.target_exit.choices.choose(0 if chosen.target_market else 1)
        for line in (self.stop_exit, self.target_exit):
            line.say(choices.SELL_NOTE)
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

    def __init__(self, window: QWidget, port: PreferencesPort, environment: Environment, looks: Looks) -> None:
        self.form = SettingsForm(environment, looks)
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
        self.form.looks.show_looks()
        self.open_layer(self.form.transport.button(self.form.transport.index), self._keys_of(self.form))

    def _keys_of(self, form: SettingsForm) -> dict[Qt.Key, QWidget]:
        """The letters that move to a line with Alt."""
        return {
            **{ALT_KEYS[limit]: line.field for limit, line in form.limits.items()},
            Qt.Key.Key_V: form.transport,
            Qt.Key.Key_P: form.stop_exit.choices,
            Qt.Key.Key_E: form.target_exit.choices,
            Qt.Key.Key_M: form.looks.theme.choices,
            Qt.Key.Key_X: form.looks.sizes.choices,
        }

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
