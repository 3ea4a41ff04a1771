"""The sentence under a field: two lines are always reserved, so the form never jumps."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QSizePolicy, QWidget

from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.span_layout import SpanLayout, laid_out
from otoco_desktop.ui.widgets.spans import Span
from otoco_desktop.ui.widgets.tips import tip

LINES = 2
HEIGHT = 32


class VerdictLine(Sentence):
    """Icon, sentence and at most one fix link within 32 px.

    Where a narrow ticket would need a third line, the sentence is shortened and the link kept; the tooltip has all.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Role.SECONDARY, Token.TEXT2, parent)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def hasHeightForWidth(self) -> bool:  # Qt's name
        return False

    def heightForWidth(self, _width: int) -> int:  # Qt's name
        return HEIGHT

    def _lay_out(self, room: float) -> SpanLayout:
        spans = self.spans
        laid = laid_out(spans, self._role, self._token, room)
        tooltip = tip(self.text()) if laid.lines > LINES else ""
        while laid.lines > LINES and (shorter := _shortened(spans)) != spans:
            spans = shorter
            laid = laid_out(spans, self._role, self._token, room)
        if tooltip != self.toolTip():
            self.setToolTip(tooltip)
        return laid


def _shortened(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """The spans without the last word of the longest run that is not a link."""
    index = max(range(len(spans)), key=lambda at: 0 if spans[at].link else len(spans[at].text))
    words = spans[index].text.rstrip("… ").rsplit(" ", 1)
    if len(words) == 1:
        return spans
    return (*spans[:index], replace(spans[index], text=f"{words[0]}… "), *spans[index + 1 :])
