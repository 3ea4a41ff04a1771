"""Choices that are no prices: whether the entry may only rest, its fee's coin, and exits of less than all of it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from otoco_desktop.domain.rules.exits import USE_ALL
from otoco_desktop.ui.shell import icons, theme
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.ticket.state import EntryOptions
from otoco_desktop.ui.widgets import paint, panel
from otoco_desktop.ui.widgets.labels import figure, label
from otoco_desktop.ui.widgets.paint import Box
from otoco_desktop.ui.widgets.segments import Segments
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import link, plain
from otoco_desktop.ui.widgets.tips import tip

ROW = 20
BOX = 16
GAP = 8
COIN_ROOM = 48.0
"""What a coin's name may take beside the other, so that the narrowest ticket holds both; pixels."""

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class TickChoice(QCheckBox):
    """A tick box with words; ``&`` marks its Alt key."""

    def __init__(self, words: str, name: str) -> None:
        super().__init__(words)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # Qt's name
        wide = BOX + GAP + paint.width(self.text().replace("&", ""), Role.BODY)
        return QSize(round(wide) + 4, ROW)

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802 - Qt's name
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            on = self.isChecked()
            place = QRectF(0, (self.height() - BOX) / 2, BOX, BOX)
            look = Box(Token.ACCENT_FILL, None, radius=3) if on else Box(Token.BG2, Token.EDGE, radius=3)
            paint.box(painter, place, look)
            if on:
                icons.paint(painter, Glyph.TICK, Token.ON_FILL, place.adjusted(2, 2, -2, -2))
            if self.hasFocus():
                paint.focus_ring(painter, place.adjusted(-2, -2, 2, 2))
            painter.setFont(theme.font(Role.BODY))
            painter.setPen(theme.color(Token.TEXT))
            room = QRectF(self.rect()).adjusted(BOX + GAP, 0, 0, 0)
            painter.drawText(room, LEFT | Qt.TextFlag.TextShowMnemonic, self.text())


class PostOnlyRow(QWidget):
    """Shown only where a post-only entry can be sent, or while the plan asks for one."""

    def __init__(self) -> None:
        super().__init__()
        self.box = TickChoice("Post-onl&y entry", "Post-only entry")
        self.box.setAccessibleDescription("Cancelled instead of taking")
        self.hint = figure("cancelled instead of taking", Role.SECONDARY, Token.TEXT3, align_right=True)
        row = panel.row(8, (panel.PADDING, 0, panel.PADDING, 8))
        row.addWidget(self.box)
        row.addWidget(self.hint, 1)
        self.setLayout(row)
        self.hide()

    def render_state(self, options: EntryOptions) -> None:
        if self.isHidden() is options.offers_post_only:
            self.setVisible(options.offers_post_only)
        if self.box.isChecked() is not options.post_only:
            self.box.setChecked(options.post_only)

    def set_compact(self, compact: bool) -> None:
        """A narrow ticket has no room for the hint; the description keeps it."""
        self.hint.setVisible(not compact)


class FeeCoinRow(QWidget):
    """In which coin a buy pays its entry fee; a sell has no such choice."""

    def __init__(self) -> None:
        super().__init__()
        self.choice = Segments(["Quote", "Base"], "Coin of the entry fee")
        self._coins: tuple[str, str] | None = None
        row = panel.row(6)
        row.addWidget(label("Entry fee in", Role.SECONDARY, Token.TEXT2))
        row.addWidget(self.choice)
        self.setLayout(row)
        self.hide()

    def render_state(self, options: EntryOptions) -> None:
        if options.coins is not None and options.coins != self._coins:
            self._coins = options.coins
            for at, coin in enumerate(options.coins):
                self.choice.set_text(at, paint.elided(coin, Role.SECONDARY, COIN_ROOM))
                self.choice.button(at).setToolTip(tip(coin) if paint.width(coin, Role.SECONDARY) > COIN_ROOM else "")
        if self.isHidden() is (options.coins is not None):
            self.setVisible(options.coins is not None)
        self.choice.choose(0 if options.fee_in_quote else 1)


class ExitQuantityLine(Sentence):
    """What stop and target cover, with the way back to all of it; there only while it is less than the entry."""

    def __init__(self) -> None:
        super().__init__(Role.SECONDARY, Token.TEXT2)
        self.hide()

    def render_state(self, options: EntryOptions) -> None:
        if options.exits:
            self.set_spans((plain(f"{options.exits} "), link(USE_ALL.label, USE_ALL.label)), Glyph.WARNING, Token.WARN)
        if self.isHidden() is bool(options.exits):
            self.setVisible(bool(options.exits))
