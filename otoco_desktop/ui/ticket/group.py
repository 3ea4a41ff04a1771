"""One section of the ticket: label row, box or boxes, and the lines below them."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from otoco_desktop.ui.shell import icons, theme
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.ticket.state import Distance, FieldState, VerdictWords
from otoco_desktop.ui.widgets import panel
from otoco_desktop.ui.widgets.labels import buddy, label
from otoco_desktop.ui.widgets.price_edit import PriceEdit
from otoco_desktop.ui.widgets.segments import Segments
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.verdict_line import VerdictLine

ROW = 20
GLYPH = 13


class GlyphMark(QWidget):
    """An icon that stands beside words and is therefore silent."""

    def __init__(self, glyph: Glyph, token: Token, size: int = GLYPH) -> None:
        super().__init__()
        self._glyph = glyph
        self._token = token
        self.setFixedSize(size, size)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            icons.paint(painter, self._glyph, self._token, QRectF(self.rect()))


class FieldGroup(QWidget):
    """A named box with a choice at the right of its label and a verdict below."""

    def __init__(self, title: str, glyph: Glyph | None, token: Token, edit: PriceEdit, choice: Segments) -> None:
        super().__init__()
        self.edit = edit
        self.choice = choice
        self.caption = label("", Role.SECONDARY, Token.TEXT3)
        self.verdict = VerdictLine()
        self._rows = panel.column(self, 4, (panel.PADDING, 0, panel.PADDING, 0))
        self._rows.addLayout(self._label_row(title, glyph, token))
        self._add_boxes(self._rows)
        self._rows.addWidget(self.verdict)

    def _label_row(self, title: str, glyph: Glyph | None, token: Token) -> QHBoxLayout:
        row = panel.row(6)
        if glyph is not None:
            row.addWidget(GlyphMark(glyph, token))
        name = buddy(title, self.edit, Role.SECONDARY_STRONG)
        name.setFixedHeight(ROW)
        row.addWidget(name)
        row.addWidget(self.caption)
        row.addStretch(1)
        row.addWidget(self.choice)
        return row

    def _add_boxes(self, rows: QVBoxLayout) -> None:
        rows.addWidget(self.edit)

    @property
    def boxes(self) -> list[PriceEdit]:
        """What can be typed into, in tab order."""
        return [self.edit]

    def show_verdict(self, words: VerdictWords) -> None:
        self.verdict.set_spans(words.spans, words.glyph, words.glyph_token)


def show_box(edit: PriceEdit, shown: FieldState) -> None:
    """Make a box say this; what it says already is not touched."""
    edit.show_text(shown.text)
    edit.set_suffix(shown.suffix, muted=shown.suffix_muted)
    edit.set_tone(shown.tone)
    if edit.accessibleDescription() != shown.description:
        edit.setAccessibleDescription(shown.description)


class ExitGroup(FieldGroup):
    """A stop or a target: leaves at market, or by a limit in a second box."""

    def __init__(self, title: str, glyph: Glyph, token: Token) -> None:
        name = title.replace("&", "")
        self.kind = Segments(["Market", "Limit"], f"{name} type")
        self.limit = PriceEdit(f"{name} limit price")
        self.distance = DistanceLine()
        self._limit_column = QWidget()
        self._trigger_name = label("Trigger", Role.CAPTION, Token.TEXT3)
        super().__init__(title, glyph, token, PriceEdit(f"{name} trigger"), self.kind)
        self.choose_market(True)

    def _add_boxes(self, rows: QVBoxLayout) -> None:
        left = QWidget()
        first = panel.column(left, 2)
        first.addWidget(self._trigger_name)
        first.addWidget(self.edit)
        second = panel.column(self._limit_column, 2)
        second.addWidget(label("Limit", Role.CAPTION, Token.TEXT3))
        second.addWidget(self.limit)
        boxes = panel.row(8)
        boxes.addWidget(left, 11)
        boxes.addWidget(self._limit_column, 7)
        rows.addLayout(boxes)
        rows.addWidget(self.distance)

    @property
    def boxes(self) -> list[PriceEdit]:
        return [self.edit, self.limit]

    @property
    def is_market(self) -> bool:
        return self.kind.index == 0

    def choose_market(self, market: bool) -> None:
        """Show one box or two; says nothing."""
        self.kind.choose(0 if market else 1)
        if self._limit_column.isHidden() != market:
            self._limit_column.setHidden(market)
        if self._trigger_name.isHidden() != market:
            self._trigger_name.setHidden(market)

    def toggle(self) -> None:
        """Choose the other type as a press on it would."""
        self.kind.button(1 if self.is_market else 0).click()

    def show_distance(self, order_type: str, distance: Distance) -> None:
        self.caption.show_text(order_type)
        self.distance.set_spans(distance.spans, distance.glyph, distance.glyph_token)


class DistanceLine(Sentence):
    """Signed distance from the entry, in money, percent and ticks; one line, always reserved."""

    def __init__(self) -> None:
        super().__init__(Role.SECONDARY, Token.TEXT2)
        self.setFixedHeight(theme.line_height(Role.SECONDARY))

    def heightForWidth(self, _width: int) -> int:  # Qt's name
        return theme.line_height(Role.SECONDARY)

    @property
    def _indent(self) -> int:
        return 12 if self._content.glyph else 0

    def _paint_glyph(self, painter: QPainter, glyph: Glyph, token: Token) -> None:
        icons.paint(painter, glyph, token, QRectF(0, 5, 8, 8))
