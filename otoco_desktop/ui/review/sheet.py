"""The review sheet over the window: the last look, and the one place from which a plan is sent."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from otoco_desktop.domain.order import Side
from otoco_desktop.ui.checks.submit import SUBMIT_KEY, key_words
from otoco_desktop.ui.review.override_strip import OverrideStrip
from otoco_desktop.ui.review.pages import ChecksPage, RequestPage, SummaryPage
from otoco_desktop.ui.review.retype_strip import RetypeStrip
from otoco_desktop.ui.review.state import Notice, ReviewContent, ReviewStatus, Stage
from otoco_desktop.ui.review.tabs import Tabs
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.announcer import Announcer
from otoco_desktop.ui.widgets.buttons import Button, Kind
from otoco_desktop.ui.widgets.chip import Chip
from otoco_desktop.ui.widgets.labels import label
from otoco_desktop.ui.widgets.panel import Panel, Rule, row
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import plain, strong, text_of
from otoco_desktop.ui.widgets.tips import tip
from otoco_desktop.ui.widgets.tones import Tone

EDGE = 16
BAND_HEIGHT = 44
LIVE_BAND_HEIGHT = 48
LIVE_EDGE = 3
BUTTON_HEIGHT = 36
PLAIN_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Select)


class SubmitButton(Button):
    """Takes the mouse; no single key presses it."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # Qt's name
        """What the click asks for goes first; a button is otherwise painted before it says that it was clicked."""
        self.setUpdatesEnabled(False)
        super().mouseReleaseEvent(event)
        self.setUpdatesEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        if event.key() in PLAIN_KEYS:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # Qt's name
        if event.key() in PLAIN_KEYS:
            event.ignore()
        else:
            super().keyReleaseEvent(event)


class NoticeBand(Panel):
    """Why the sheet is locked, or what became of the plan."""

    def __init__(self) -> None:
        super().__init__(Token.WARN_SOFT)
        self.sentence = Sentence()
        self.check_button = Button("Check again", glyph=Glyph.REFRESH)
        box = row(12, (EDGE, 8, EDGE, 8))
        box.addWidget(self.sentence, 1, Qt.AlignmentFlag.AlignVCenter)
        box.addWidget(self.check_button)
        self.setLayout(box)
        self.hide()

    def show_notice(self, notice: Notice | None) -> None:
        self.setVisible(notice is not None)
        if notice is None:
            return
        self._ground = notice.tone.ground
        self.sentence.set_spans(notice.words, notice.glyph, notice.tone.ink)
        self.check_button.setVisible(notice.offers_check)
        self.setAccessibleName(text_of(notice.words))
        self.update()


class BandGround(Panel):
    """Under the environment's words, in its colour."""

    def show_ground(self, ground: Token, height: int) -> None:
        self._ground = ground
        self.setFixedHeight(height)
        self.update()


class LiveEdge(Panel):
    """The line down the sheet's edge that only LIVE has."""

    def __init__(self) -> None:
        super().__init__(Token.LIVE_FILL)
        self.setFixedWidth(LIVE_EDGE)
        self.hide()


class Sheet(Panel):
    """What stands on the layer: renders a content and a status."""

    back_requested = Signal()
    submit_clicked = Signal()
    check_again_requested = Signal()
    ticked = Signal(str, bool)

    def __init__(self, now_ms: Callable[[], int]) -> None:
        super().__init__(Token.BG1)
        self.setAccessibleName("Review strategy")
        self._announcer = Announcer(self, now_ms)
        self._stage: Stage | None = None
        self._band_ground = BandGround()
        self.band = Sentence(Role.TITLE)
        self.band_detail = label("", Role.SECONDARY, Token.TEXT2)
        self.side = Chip()
        self.instrument = label("", Role.STRONG)
        self.prices = Sentence(Role.SECONDARY, Token.TEXT2)
        self.tabs = Tabs(("Summary", "Request JSON", "Checks"))
        self.summary, self.request, self.checks = SummaryPage(), RequestPage(), ChecksPage()
        self.notice = NoticeBand()
        self.override = OverrideStrip()
        self.retype = RetypeStrip()
        self._live_edge = LiveEdge()
        self._live_glyph: Glyph | None = None
        self.back = Button("Back to plan", key_hint="Esc")
        self.footer = label("", Role.SECONDARY, Token.TEXT3, wrap=True)
        self.submit = SubmitButton("Submit strategy", Kind.PRIMARY, key_hint=key_words(SUBMIT_KEY))
        self._build()
        self._connect()

    def _build(self) -> None:
        across = row(0)
        across.addWidget(self._live_edge)
        outer = QVBoxLayout()
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        across.addLayout(outer, 1)
        self.setLayout(across)
        outer.addWidget(self._band())
        outer.addWidget(Rule())
        outer.addLayout(self._title())
        tabs = row(0, (EDGE, 0, EDGE, 0))
        tabs.addWidget(self.tabs)
        outer.addLayout(tabs)
        outer.addWidget(Rule())
        body = QWidget()
        self._pages = QStackedLayout(body)
        for page in (self.summary, self.request, self.checks):
            self._pages.addWidget(page)
        outer.addWidget(body, 1)
        outer.addWidget(self.notice)
        outer.addWidget(self.override)
        outer.addWidget(self.retype)
        outer.addWidget(Rule())
        outer.addLayout(self._footer())

    def _band(self) -> QWidget:
        band = self._band_ground
        box = row(12, (EDGE, 0, EDGE, 0))
        box.addWidget(self.band, 1, Qt.AlignmentFlag.AlignVCenter)
        box.addWidget(self.band_detail)
        band.setLayout(box)
        return band

    def _title(self) -> QVBoxLayout:
        outer = QVBoxLayout()
        outer.setContentsMargins(EDGE, 12, EDGE, 7)
        box = row(10)
        box.addWidget(label("Review strategy", Role.SHEET_TITLE))
        box.addWidget(self.side)
        box.addWidget(self.instrument)
        box.addStretch(1)
        box.addWidget(self.prices, 0, Qt.AlignmentFlag.AlignVCenter)
        outer.addLayout(box)
        return outer

    def _footer(self) -> QVBoxLayout:
        outer = QVBoxLayout()
        outer.setContentsMargins(EDGE, 12, EDGE, 12)
        box = row(12)
        self.back.setFixedHeight(BUTTON_HEIGHT)
        box.addWidget(self.back)
        box.addWidget(self.footer, 1)
        box.addWidget(self.submit)
        outer.addLayout(box)
        return outer

    def _connect(self) -> None:
        self.tabs.chosen.connect(self._pages.setCurrentIndex)
        self.back.clicked.connect(self.back_requested)
        self.submit.clicked.connect(self.submit_clicked)
        self.notice.check_button.clicked.connect(self.check_again_requested)
        self.summary.ticked.connect(self.ticked)

    def first_stop(self) -> QWidget:
        """What has the keyboard when the sheet opens: the field to type in, or the button that changes nothing."""
        if not self.override.isHidden():
            return self.override.edit
        return self.back if self.retype.isHidden() else self.retype.edit

    def _show_environment(self, content: ReviewContent, account: str) -> None:
        live = content.is_live
        self.band.set_spans((strong(content.band.text, content.band.tone),), content.band.glyph, content.band.tone)
        self.band_detail.show_text(content.band.detail or account)
        self.band_detail.set_token(Token.ON_FILL if live else Token.TEXT2)
        self._band_ground.show_ground(content.band.ground, LIVE_BAND_HEIGHT if live else BAND_HEIGHT)
        self._live_edge.setVisible(live)
        self.tabs.set_ink(Token.LIVE if live else Token.ACCENT)
        self.submit.set_kind(Kind.LIVE if live else Kind.PRIMARY)
        self._live_glyph = Glyph.LIVE if live else None

    def show_content(self, content: ReviewContent, ticked: frozenset[str], account: str = "") -> None:
        """Show this plan."""
        self._show_environment(content, account)
        buying = content.side is Side.BUY
        glyph, tone = (Glyph.UP, Tone.POS) if buying else (Glyph.DOWN, Tone.NEG)
        self.side.show_words("Buy" if buying else "Sell", tone, glyph)
        self.instrument.show_text(content.instrument)
        self.tabs.button(2).show_text(content.checks.summary)
        self.summary.show_content(content, ticked)
        self.request.show_content(content)
        self.checks.show_content(content)
        self._stage = None
        self.override.ask(content.override)
        self.retype.ask(content.retype)

    def show_status(self, status: ReviewStatus) -> None:
        """Show what moves: prices, lock, buttons."""
        self.prices.set_spans((plain(status.price_words),), status.price_glyph, status.price_tone)
        self.prices.setVisible(status.stage is Stage.REVIEW)
        self.notice.show_notice(status.notice)
        self.override.show_typed(status.words, status.words_answer)
        self.retype.show_typed(status.typed, status.answer)
        self._show_submit(status)
        self.footer.show_text(status.footer)
        if self.back.text() != status.back_label:
            self.back.setText(status.back_label)
            self.back.setAccessibleName(status.back_label)
            self.back.updateGeometry()
        if status.notice is not None:
            self._announcer.say(text_of(status.notice.words))
        if status.stage is not self._stage:
            self._stage = status.stage
            if status.stage is not Stage.REVIEW:
                self.summary.lock()
                self.override.hide()
                self.retype.hide()

    def _show_submit(self, status: ReviewStatus) -> None:
        button = self.submit
        button.setVisible(bool(status.submit_label))
        if button.isEnabled() != status.submit_enabled:
            button.setEnabled(status.submit_enabled)
        button.set_glyph(self._live_glyph if status.submit_enabled else Glyph.LOCK)
        if button.text() != status.submit_label:
            button.setText(status.submit_label)
            button.setAccessibleName(status.submit_label)
            button.updateGeometry()
        if button.accessibleDescription() != status.submit_reason:
            button.setAccessibleDescription(status.submit_reason)
            button.setToolTip(tip(status.submit_reason))
