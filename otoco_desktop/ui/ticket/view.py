"""The ticket's widgets: they show one ``TicketState`` and report what was typed and pressed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from otoco_desktop.domain.draft import QuantityMode
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.rules.exits import USE_ALL
from otoco_desktop.domain.verdict import Verdict
from otoco_desktop.ui.keys import TOGGLE
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.ticket.footer import FooterView
from otoco_desktop.ui.ticket.group import ExitGroup, FieldGroup, show_box
from otoco_desktop.ui.ticket.options import ExitQuantityLine, FeeCoinRow, PostOnlyRow
from otoco_desktop.ui.ticket.presenter import Source, TicketPresenter
from otoco_desktop.ui.ticket.state import TicketState
from otoco_desktop.ui.widgets import panel
from otoco_desktop.ui.widgets.buttons import Button, Kind
from otoco_desktop.ui.widgets.field_edit import FieldEdit
from otoco_desktop.ui.widgets.labels import buddy, figure
from otoco_desktop.ui.widgets.panel import PanelHeader, Rule, ScrollArea
from otoco_desktop.ui.widgets.price_edit import PriceEdit
from otoco_desktop.ui.widgets.segments import Segment, Segments, SegmentsLook

SIDES = (Side.BUY, Side.SELL)
MODES = tuple(QuantityMode)
SIDE_LOOK = SegmentsLook(33, 8, stretch=True, role=Role.FIELD, chosen_role=Role.STRONG)
TAG_LENGTH = 120
KEPT, MOST_ROOM = 60, 100
"""The least room for what became of what was typed, pixels, and its share of what the header has left."""


class TicketView(panel.Panel):
    """The left column. It asks the presenter for everything and decides nothing."""

    def __init__(self, presenter: TicketPresenter, parent: QWidget | None = None) -> None:
        super().__init__(Token.BG1, parent)
        self.setObjectName("ticket")
        self.setAccessibleName("Order plan")
        self._presenter = presenter
        self._make_fields()
        self._lay_out()
        self._connect()
        self.render_state(presenter.state)
        presenter.listen(self._changed)

    # Building

    def _make_fields(self) -> None:
        self.side = Segments(_side_segments(), "Side", SIDE_LOOK)
        words = [source.value for source in Source]
        self.sources = Segments(words, "Fill the entry price", SegmentsLook(momentary=True))
        self.entry = FieldGroup("&Entry price", Glyph.ENTRY, Token.ACCENT, PriceEdit("Entry price"), self.sources)
        self.mode = Segments([mode.value for mode in MODES], "Quantity mode")
        self.quantity = FieldGroup("&Quantity", None, Token.TEXT, PriceEdit("Quantity"), self.mode)
        self.stop = ExitGroup("St&op", Glyph.STOP, Token.NEG)
        self.target = ExitGroup("Tar&get", Glyph.TARGET, Token.POS)
        self.tag = FieldEdit("Tag and note", TAG_LENGTH)
        self.post_only = PostOnlyRow()
        self.fee_coin = FeeCoinRow()
        self.exit_quantity = ExitQuantityLine()
        self.footer = FooterView()
        self.kept = figure("", Role.CAPTION, Token.TEXT3)
        self.kept.setMinimumWidth(KEPT)
        self.presets_button = Button("Presets", Kind.SMALL)
        self.presets_button.setAccessibleDescription("Presets of this pair, and its last plan")
        self.clear_button = Button("Clear", Kind.SMALL)
        self.clear_button.setAccessibleName("Clear the plan")

    def _lay_out(self) -> None:
        header = PanelHeader("Order plan")
        header.add_left(self.kept, MOST_ROOM)
        header.add(self.presets_button)
        header.add(self.clear_button)
        whole = panel.column(self)
        whole.addWidget(header)
        whole.addWidget(ScrollArea(self._form()), 1)
        whole.addWidget(Rule())
        whole.addWidget(self.footer)

    def _form(self) -> QWidget:
        form = panel.Panel(Token.BG1)
        rows = panel.column(form, 0, (0, 10, 0, 12))
        rows.addLayout(_padded(self.side))
        rows.addSpacing(7)
        groups: tuple[QWidget, ...] = (self.entry, self.quantity, self.stop, self.target)
        for group in groups:
            rows.addWidget(group)
            if group is self.quantity:
                rows.addLayout(_padded(self.exit_quantity))
            rows.addSpacing(8)
            rows.addWidget(Rule())
            rows.addSpacing(8)
        rows.addWidget(self.post_only)
        names = _padded(buddy("T&ag and note", self.tag, Role.SECONDARY, Token.TEXT2))
        names.addWidget(self.fee_coin)
        rows.addLayout(names)
        rows.addSpacing(4)
        rows.addLayout(_padded(self.tag))
        rows.addStretch(1)
        return form

    def _connect(self) -> None:
        ask = self._presenter
        self.side.chosen.connect(lambda index: ask.choose_side(SIDES[index]))
        self.mode.chosen.connect(lambda index: ask.choose_mode(MODES[index]))
        self.sources.chosen.connect(lambda index: ask.fill_entry(tuple(Source)[index]))
        self.stop.kind.chosen.connect(lambda index: ask.choose_exit(Field.STOP, market=index == 0))
        self.target.kind.chosen.connect(lambda index: ask.choose_exit(Field.TARGET, market=index == 0))
        self.post_only.box.clicked.connect(ask.choose_post_only)
        self.fee_coin.choice.chosen.connect(lambda index: ask.choose_fee_coin(quote=index == 0))
        self.exit_quantity.link_activated.connect(lambda _name: ask.apply(USE_ALL))
        self.tag.textEdited.connect(ask.set_tag)
        self.clear_button.clicked.connect(ask.clear)
        for field, edit in self.boxes().items():
            self._connect_box(field, edit)
        for field, group in self.groups().items():
            group.verdict.link_activated.connect(lambda _name, field=field: self._apply_fix(field))
        for group in (self.stop, self.target):
            toggle = QShortcut(QKeySequence("Ctrl+M"), group, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            toggle.setObjectName(TOGGLE)
            toggle.activated.connect(group.toggle)

    def _connect_box(self, field: Field, edit: PriceEdit) -> None:
        edit.textEdited.connect(lambda text: self._presenter.edit(field, text))
        edit.stepped.connect(lambda ticks: self._presenter.step(field, ticks))
        edit.refused.connect(lambda reason: self._presenter.refuse(field, reason))

    def _apply_fix(self, field: Field) -> None:
        group = self.groups()[field]
        fix = self._presenter.state.verdicts[field].fix
        if fix is None:
            return
        by_key = group.verdict.hasFocus()
        self._presenter.apply(fix)
        if by_key:
            self.focus_field(fix.field)

    # Asked by the window

    def boxes(self) -> dict[Field, PriceEdit]:
        """The boxes by field, in tab order."""
        return {
            Field.ENTRY: self.entry.edit,
            Field.QUANTITY: self.quantity.edit,
            Field.STOP: self.stop.edit,
            Field.STOP_LIMIT: self.stop.limit,
            Field.TARGET: self.target.edit,
            Field.TARGET_LIMIT: self.target.limit,
        }

    def groups(self) -> dict[Field, FieldGroup]:
        """The groups by the field that names them."""
        return {
            Field.ENTRY: self.entry,
            Field.QUANTITY: self.quantity,
            Field.STOP: self.stop,
            Field.TARGET: self.target,
        }

    def tab_stops(self) -> list[QWidget]:
        """Everything Tab visits, in its order; a fix link comes right after its field."""
        groups = (self.entry, self.quantity, self.stop, self.target)
        stops: list[QWidget] = [*self.side.buttons]
        for group in groups:
            choice = [] if group is self.entry else group.choice.buttons
            below = [self.exit_quantity] if group is self.quantity else []
            stops += [*choice, *group.boxes, group.verdict, *below]
        last = (self.presets_button, self.clear_button)
        return [*stops, self.post_only.box, self.tag, *self.fee_coin.choice.buttons, *last]

    def focus_field(self, field: Field) -> None:
        """Give a field the keyboard, its text selected; called only when the trader asked for it."""
        target: QWidget = self.side if field is Field.SIDE else self.boxes()[field]
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if isinstance(target, PriceEdit):
            target.selectAll()

    def focused_field(self) -> Field | None:
        """The field that has the keyboard, if one has."""
        return next((field for field, edit in self.boxes().items() if edit.hasFocus()), None)

    def set_compact(self, compact: bool) -> None:
        """In a narrow window the API's type names and all but one line of the footer go."""
        for group in self.groups().values():
            group.caption.setVisible(not compact)
        self.footer.set_compact(compact)
        self.post_only.set_compact(compact)

    # Showing

    def _changed(self, state: TicketState, _verdict: Verdict) -> None:
        self.render_state(state)

    def render_state(self, state: TicketState) -> None:
        """Make the widgets say this; what says it already is not touched."""
        self.side.choose(SIDES.index(state.side))
        self.mode.choose(MODES.index(state.quantity_mode))
        self.stop.choose_market(state.stop_market)
        self.target.choose_market(state.target_market)
        self.tag.show_text(state.tag)
        self.post_only.render_state(state.options)
        self.fee_coin.render_state(state.options)
        self.exit_quantity.render_state(state.options)
        self.clear_button.setEnabled(state.can_clear)
        self.sources.setEnabled(state.can_fill)
        _name(self.entry.edit, f"Entry price in {state.quote}" if state.quote else "Entry price")
        for field, edit in self.boxes().items():
            show_box(edit, state.fields[field])
        for field, group in self.groups().items():
            group.show_verdict(state.verdicts[field])
        self.entry.caption.show_text(state.entry_type)
        self.stop.show_distance(state.stop_type, state.distances[Field.STOP])
        self.target.show_distance(state.target_type, state.distances[Field.TARGET])
        self.footer.render_state(state.footer)


def _name(widget: QWidget, name: str) -> None:
    if widget.accessibleName() != name:
        widget.setAccessibleName(name)


def _side_segments() -> list[Segment]:
    return [
        Segment("&Buy", Glyph.UP, Token.POS_FILL, Token.ON_FILL),
        Segment("Se&ll", Glyph.DOWN, Token.NEG_FILL, Token.ON_FILL),
    ]


def _padded(widget: QWidget) -> QHBoxLayout:
    made = panel.row(0, (panel.PADDING, 0, panel.PADDING, 0))
    made.addWidget(widget)
    return made
