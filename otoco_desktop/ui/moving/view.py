"""The sheet's body: where the exit stands, the boxes for its new prices, what changes, and what speaks against it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.moving import FIELDS
from otoco_desktop.domain.order import LegRole
from otoco_desktop.settings import Environment
from otoco_desktop.ui.accounts.sheet import SheetFrame
from otoco_desktop.ui.checks.submit import SUBMIT_KEY, key_words
from otoco_desktop.ui.moving import words
from otoco_desktop.ui.moving.state import ChangeLine, MoveState, Stage
from otoco_desktop.ui.review.retype_strip import RetypeStrip
from otoco_desktop.ui.review.sheet import NoticeBand, SubmitButton
from otoco_desktop.ui.review.state import Advice
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.ticket.group import ExitGroup, show_box
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.buttons import Button, Kind
from otoco_desktop.ui.widgets.labels import label
from otoco_desktop.ui.widgets.panel import Rule, column
from otoco_desktop.ui.widgets.price_edit import PriceEdit
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.tips import tip

LINE, TALLER = 20, 6
NAME_SHARE = 40
"""How much of a line its name takes, in percent; before and after share the rest."""


class ChangeRow(QWidget):
    """``Trigger   90,410.00 → 91,200.00`` on one line, the figures under each other."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: ChangeLine | None = None
        self.setFixedHeight(LINE)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_line(self, line: ChangeLine) -> None:
        if line != self._shown:
            self._shown = line
            self.setAccessibleName(line.spoken)
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        line = self._shown
        if line is None:
            return
        with QPainter(self) as painter:
            rect = QRectF(self.rect())
            half = rect.width() * (100 - NAME_SHARE) / 200
            paint.text(painter, rect, line.name, Role.SECONDARY, Token.TEXT2)
            before = rect.adjusted(0, 0, -half, 0)
            paint.text(painter, before, line.before, Role.SECONDARY, Token.TEXT2, paint.RIGHT)
            paint.text(painter, rect, line.after, Role.SECONDARY_STRONG, line.tone, paint.RIGHT)


class Changes(QWidget):
    """Now and after, line by line."""

    def __init__(self) -> None:
        super().__init__()
        self._lines = column(self)
        self._head = ChangeRow()
        self._head.show_line(ChangeLine("", words.NOW, words.AFTER, Token.TEXT2))
        self._lines.addWidget(self._head)
        self.rows: list[ChangeRow] = []

    def show_lines(self, lines: tuple[ChangeLine, ...]) -> None:
        while len(self.rows) < len(lines):
            self.rows.append(ChangeRow())
            self._lines.addWidget(self.rows[-1])
        for at, row in enumerate(self.rows):
            row.setVisible(at < len(lines))
            if at < len(lines):
                row.show_line(lines[at])


class Advices(QWidget):
    """What was found and what is to be known, a sentence each."""

    link_activated = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._lines = column(self, 6)
        self.sentences: list[Sentence] = []

    def show_advice(self, advice: tuple[Advice, ...]) -> None:
        while len(self.sentences) < len(advice):
            sentence = Sentence(Role.SECONDARY)
            sentence.link_activated.connect(self.link_activated)
            self.sentences.append(sentence)
            self._lines.addWidget(sentence)
        for at, sentence in enumerate(self.sentences):
            sentence.setVisible(at < len(advice))
            if at < len(advice):
                sentence.set_spans(advice[at].words, advice[at].glyph, advice[at].tone)


class MoveForm(SheetFrame):
    """Renders a ``MoveState``. ``typed`` and ``stepped`` carry a field; ``link_activated`` the link's name."""

    WIDTH = 520
    typed = Signal(object, str)
    stepped = Signal(object, int)
    refused = Signal(object, str)
    link_activated = Signal(str)
    fix_activated = Signal()
    move_clicked = Signal()

    def __init__(self) -> None:
        super().__init__("")
        self.plan = label("", Role.STRONG)
        self.standing = Sentence(Role.BODY)
        self.groups = {
            LegRole.STOP: ExitGroup("&New stop", Glyph.STOP, Token.NEG),
            LegRole.TARGET: ExitGroup("&New target", Glyph.TARGET, Token.POS),
        }
        self.links = Sentence(Role.SECONDARY)
        self.changes = Changes()
        self.advice = Advices()
        self.notice = NoticeBand()
        self.retype = RetypeStrip()
        self.keep = Button("", key_hint="Esc")
        self.foot = label("", Role.SECONDARY, Token.TEXT3, wrap=True)
        self.move_button = SubmitButton("", Kind.PRIMARY, key_hint=key_words(SUBMIT_KEY))
        self._role = LegRole.STOP
        self._live = False
        self._build()
        self._connect()

    def _build(self) -> None:
        self.body.addWidget(self.plan)
        self.body.addSpacing(4)
        self.body.addWidget(self.standing)
        self.body.addSpacing(12)
        for group in self.groups.values():
            group.kind.hide()
            self.body.addWidget(group)
            inside = group.layout()
            if isinstance(inside, QVBoxLayout):
                inside.setContentsMargins(0, 0, 0, 0)
        self.body.addSpacing(4)
        for part in (self.links, Rule(), self.changes, Rule(), self.advice):
            self.body.addWidget(part)
            self.body.addSpacing(8)
        self.body.addStretch(1)
        for strip in (self.notice, self.retype):
            self.body.addWidget(strip)
        self.retype.edit.setAccessibleName(words.RETYPE_NAME)
        self.footer.addWidget(self.keep)
        self.footer.addWidget(self.foot, 1)
        self.footer.addWidget(self.move_button)

    def _connect(self) -> None:
        for role, group in self.groups.items():
            for field, edit in zip(FIELDS[role], group.boxes, strict=True):
                self._connect_box(field, edit)
            group.verdict.link_activated.connect(lambda _name: self.fix_activated.emit())
        self.links.link_activated.connect(self.link_activated)
        self.advice.link_activated.connect(self.link_activated)
        self.keep.clicked.connect(self.close_clicked)
        self.move_button.clicked.connect(self.move_clicked)

    def _connect_box(self, field: Field, edit: PriceEdit) -> None:
        edit.textEdited.connect(lambda text: self.typed.emit(field, text))
        edit.stepped.connect(lambda ticks: self.stepped.emit(field, ticks))
        edit.refused.connect(lambda reason: self.refused.emit(field, reason))

    def wanted_height(self) -> int:
        """As for every sheet, with a higher button in the footer."""
        return super().wanted_height() + TALLER

    @property
    def group(self) -> ExitGroup:
        """The boxes of the exit that is moved."""
        return self.groups[self._role]

    def show_exit(self, role: LegRole, environment: Environment, *, limited: bool) -> None:
        """Be about this exit from now on."""
        self._role, self._live = role, environment.is_live
        title = words.TITLE.format(exit=role)
        self.title_row.title.show_text(title)
        self.setAccessibleName(title)
        self.band.show_environment(environment, f"{environment.label} order", words.ONE_ORDER)
        for each, group in self.groups.items():
            group.setVisible(each is role)
        self.group.choose_market(not limited)
        self.move_button.setText(title)
        self.move_button.setAccessibleName(title)
        self.move_button.set_kind(Kind.LIVE if self._live else Kind.PRIMARY)
        self.move_button.updateGeometry()

    def first_stop(self) -> PriceEdit:
        """What has the keyboard when the sheet opens."""
        return self.group.edit

    def show_state(self, state: MoveState) -> None:
        """Make the widgets say this; what says it already is not touched."""
        shown, group = state.content, self.group
        self.plan.show_text(shown.plan)
        self.standing.set_spans(shown.standing)
        for field, edit in zip(FIELDS[self._role], group.boxes, strict=True):
            show_box(edit, shown.fields[field])
            if edit.isReadOnly() == state.editable:
                edit.setReadOnly(not state.editable)
        group.show_verdict(shown.verdict)
        group.show_distance(shown.order_type, shown.distance)
        self.links.set_spans(shown.links if state.editable else ())
        self.changes.show_lines(shown.changes)
        self.advice.show_advice(shown.advice)
        self.notice.show_notice(state.notice)
        self.retype.ask(state.retype)
        self.retype.show_typed(state.typed, state.answer)
        self.foot.show_text(state.footer)
        self._show_buttons(state)

    def _show_buttons(self, state: MoveState) -> None:
        button, keep = self.move_button, words.KEEP.format(exit=self._role) if state.can_keep else words.CLOSE
        if self.keep.text() != keep:
            self.keep.setText(keep)
            self.keep.setAccessibleName(keep)
            self.keep.updateGeometry()
        button.setVisible(state.stage in (Stage.TYPING, Stage.SENDING))
        if button.isEnabled() is bool(state.reason):
            button.setEnabled(not state.reason)
        button.set_glyph(Glyph.LOCK if state.reason else Glyph.LIVE if self._live else None)
        if button.accessibleDescription() != state.reason:
            button.setAccessibleDescription(state.reason)
            button.setToolTip(tip(state.reason))
