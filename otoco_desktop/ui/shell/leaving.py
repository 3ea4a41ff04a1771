"""Closing the window while an outcome is not known: asked twice, and the default answer stays."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from otoco_desktop.domain.reconcile import is_unresolved
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.ui.foreign import foreign
from otoco_desktop.ui.shell.dialogs import Question, Sheet, open_question
from otoco_desktop.ui.strategies.phases import look_of
from otoco_desktop.ui.strategies.state import plan_words

STAY = "Stay"


class Leaving(QObject):
    """Says ``left`` at once where everything sent is known, and otherwise after two yeses."""

    left = Signal()

    def __init__(self, within: QWidget) -> None:
        super().__init__(within)
        self._within = within
        self._open: Sheet | None = None

    @property
    def sheet(self) -> Sheet | None:
        """The question that is open."""
        return self._open

    def leave(self, strategies: Sequence[Strategy]) -> None:
        """The trader wants to quit; asked again while a question is open, that one comes to the front."""
        doubtful = [found for found in strategies if is_unresolved(found)]
        if not doubtful:
            self.left.emit()
        elif self._open is None:
            self._ask(first_question(doubtful), lambda: self._ask(second_question(doubtful), self.left.emit))
        else:
            self._open.activateWindow()

    def _ask(self, question: Question, go_on: Callable[[], None]) -> None:
        sheet = open_question(self._within.window(), question)
        self._open = sheet

        def answered(result: int) -> None:
            self._open = None
            if result == sheet.DialogCode.Accepted:
                go_on()

        sheet.finished.connect(answered)


def first_question(doubtful: Sequence[Strategy]) -> Question:
    """That something is still open."""
    if len(doubtful) == 1:
        only = doubtful[0]
        title, what = "Quit while an outcome is open?", f"{only.label} is still “{look_of(only).text}”."
    else:
        title = f"Quit while {len(doubtful)} outcomes are open?"
        what = f"{_labels(doubtful)} are not settled."
    rest = " Nobody asks the exchange about it while the program is closed; the next start begins with it."
    return Question(title, foreign(what + rest), STAY, "Quit…")


def second_question(doubtful: Sequence[Strategy]) -> Question:
    """What may exist on the exchange by then."""
    found = "; ".join(f"{item.label}, {plan_words(item)}, with its stop and target" for item in doubtful)
    one = len(doubtful) == 1
    title = "This may exist on the exchange" if one else "These may exist on the exchange"
    rest = f"{'It' if one else 'They'} may fill while you are away, and a part fill has no stop."
    return Question(title, foreign(f"{found}. {rest}"), STAY, "Quit all the same")


def _labels(doubtful: Sequence[Strategy]) -> str:
    *others, last = [found.label for found in doubtful]
    return f"{', '.join(others)} and {last}" if others else last
