"""The protection audit in one sentence with the way to its list: quiet under the table, loud on top of the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.strategies.audit import AuditView
from otoco_desktop.ui.widgets.announcer import Announcer
from otoco_desktop.ui.widgets.buttons import Button, Kind
from otoco_desktop.ui.widgets.panel import PADDING, Panel, row
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import Span, plain, strong

LIST = "Protection list"


class AuditBar(Panel):
    """The quiet one is there while there is something to say and the strip on top does not say it."""

    list_requested = Signal()

    def __init__(self, ground: Token = Token.BG1, parent: QWidget | None = None) -> None:
        super().__init__(ground, parent)
        self.sentence = Sentence(Role.SECONDARY, Token.TEXT2)
        self.button = Button(LIST, Kind.SMALL)
        self.button.clicked.connect(self.list_requested)
        box = row(8, (PADDING, 3, PADDING, 3))
        box.addWidget(self.sentence, 1, Qt.AlignmentFlag.AlignVCenter)
        box.addWidget(self.button)
        self.setLayout(box)
        self.hide()

    def render(self, view: AuditView) -> None:  # type: ignore[override]  # Qt draws into a device by it
        """Show this view."""
        self.setVisible(self._is_wanted(view))
        self.sentence.set_spans((self._span(view.sentence),) if view.sentence else (), view.glyph, view.tone)
        self.button.setAccessibleDescription(view.sentence)
        self.setAccessibleName(f"Protection: {view.sentence}")

    def _is_wanted(self, view: AuditView) -> bool:
        return bool(view.sentence) and not view.is_on_top

    def _span(self, words: str) -> Span:
        return plain(words)


class AuditStrip(AuditBar):
    """On top of the window while something bought has no stop, or nobody could look. It goes when that is over."""

    def __init__(self, now_ms: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(Token.NEG_SOFT, parent)
        self._announcer = Announcer(self, now_ms)

    def render(self, view: AuditView) -> None:  # type: ignore[override]  # Qt draws into a device by it
        """Show this view; a new loud sentence is announced."""
        self._ground = Token.NEG_SOFT if view.loud else Token.WARN_SOFT
        super().render(view)
        self.update()
        if self._is_wanted(view) and not view.checking:
            self._announcer.say(view.sentence)

    def _is_wanted(self, view: AuditView) -> bool:
        return view.is_on_top

    def _span(self, words: str) -> Span:
        return strong(words)
