"""What stands behind the figures and the smaller numbers, in sentences: the panel's other face. Qt-free."""

from __future__ import annotations

from otoco_desktop.ui.outcome.state import OutcomeState
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.spans import Span, plain, strong

OPEN, CLOSE = "Details", "Summary"
OPEN_NAME = "Details: what the outcome's numbers mean and rest on"
CLOSE_NAME = "Summary: the outcome in figures"
BREAK = plain("\u2028")
"""Alone in its span: text is drawn span by span, and a break inside one would move what stands before it."""


def details(state: OutcomeState) -> tuple[Span, ...]:
    """Each smaller number with its sentences, those with the same ones together; or why there is no outcome."""
    if state.glyph is not None:
        return state.sentence
    told: dict[str, list[str]] = {}
    for fact in state.facts:
        told.setdefault(fact.detail, []).append(fact.words)
    lines: list[Span] = []
    for detail, words in told.items():
        lines += (strong(", ".join(words), Token.TEXT), BREAK, *((plain(detail), BREAK) if detail else ()))
    return (*lines, plain(state.caption))
