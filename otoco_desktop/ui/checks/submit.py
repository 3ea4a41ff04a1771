"""The end of the path: the status sentence over the button that opens the review."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from otoco_desktop.ui.checks.state import FIRST_ERROR_LINK, GLYPHS, TONES, Look, SubmitState
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.announcer import Announcer
from otoco_desktop.ui.widgets.buttons import Button, Kind
from otoco_desktop.ui.widgets.key_hint import paint_hint
from otoco_desktop.ui.widgets.panel import PADDING, Panel, Rule, column, row
from otoco_desktop.ui.widgets.sentence import ICON_ROOM, Sentence
from otoco_desktop.ui.widgets.spans import plain, text_of
from otoco_desktop.ui.widgets.tips import tip

SUBMIT_KEY = "Ctrl+Return"
ROOM_FOR_KEY = "\u00a0" * 9
NEXT_ERROR_KEY = "F8"


def key_words(key: str) -> str:
    """A shortcut as this system writes it."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText).replace("Return", "Enter")


class StatusSentence(Sentence):
    """A sentence that shows the key of its link after it."""

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        super().paintEvent(event)
        rects = self._layout().link_rects()
        if not rects:
            return
        last: QRectF = rects[-1][1]
        with QPainter(self) as painter:
            paint_hint(painter, ICON_ROOM + last.right() + 4, last.center().y(), NEXT_ERROR_KEY, Token.NEG)


class SubmitBar(Panel):
    """Says whether the plan can be sent, and why not. The key itself is bound by the window."""

    review_requested = Signal()
    first_error_requested = Signal()
    unlock_requested = Signal()

    def __init__(self, now_ms: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(Token.BG1, parent)
        self._state: SubmitState | None = None
        self._announcer = Announcer(self, now_ms)
        self.sentence = StatusSentence(Role.SECONDARY)
        self.sentence.link_activated.connect(self._link)
        self.button = Button("&Review and submit", Kind.PRIMARY, key_hint=key_words(SUBMIT_KEY))
        self.button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.button.clicked.connect(self.review_requested)
        self.unlock = Button("Unlock", Kind.SMALL, glyph=Glyph.LOCK)
        self.unlock.setAccessibleName("Unlock the key")
        self.unlock.clicked.connect(self.unlock_requested)
        self.unlock.hide()
        self._build()

    def _build(self) -> None:
        outer = column(self)
        outer.addWidget(Rule())
        inner = column(body := QWidget(), 9, (PADDING, 9, PADDING, PADDING))
        outer.addWidget(body)
        said = row(8)
        said.addWidget(self.sentence, 1)
        said.addWidget(self.unlock)
        inner.addLayout(said)
        inner.addWidget(self.button)

    def show_lock(self, *, locked: bool, busy: bool) -> None:
        """Offer to unlock beside the reason while the key is locked; not again while the keyring is asked."""
        self.unlock.setVisible(locked)
        self.unlock.setEnabled(not busy)

    def _link(self, name: str) -> None:
        if name == FIRST_ERROR_LINK:
            self.first_error_requested.emit()

    def render(self, state: SubmitState) -> None:  # type: ignore[override]  # Qt draws into a device by it
        """Show this state, touching only what differs."""
        if state == self._state:
            self._announcer.flush()
            return
        self._state = state
        room = (plain(ROOM_FOR_KEY),) if state.offers_first_error else ()
        self.sentence.set_spans((*state.sentence, *room), GLYPHS[state.look], TONES[state.look])
        self._show_button(state)
        if state.look is not Look.MISSING:
            self._announcer.say(text_of(state.sentence))

    def _show_button(self, state: SubmitState) -> None:
        self.button.setEnabled(state.enabled)
        self.button.set_glyph(None if state.enabled else Glyph.LOCK)
        self.button.set_key_hint(key_words(SUBMIT_KEY) if state.enabled else "")
        self.button.setAccessibleDescription(state.reason)
        self.button.setToolTip(tip(state.reason))
