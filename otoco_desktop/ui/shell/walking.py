"""F8: from one field that is wrong to the next, said aloud with its place among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from otoco_desktop.domain.finding import Field, Severity
from otoco_desktop.domain.verdict import Verdict
from otoco_desktop.ui.checks.state import failing, failing_fields, next_failing
from otoco_desktop.ui.foreign import foreign
from otoco_desktop.ui.widgets.announcer import Announcer

if TYPE_CHECKING:
    from otoco_desktop.ui.shell.window import MainWindow

NOTHING = "No field fails, is empty, or has a warning."


class Walk(QObject):
    """Belongs to one window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._announcer = Announcer(window, window.desk.now_ms)

    def go(self, step: int) -> None:
        """To the next field that fails, or the one before; then those that are empty, then those with a warning."""
        verdict, ticket = self._window.presenter.verdict, self._window.page.ticket
        self._to(next_failing(verdict, ticket.focused_field(), step), verdict)

    def first(self) -> None:
        """To the first one."""
        verdict = self._window.presenter.verdict
        self._to(next_failing(verdict, None), verdict)

    def _to(self, field: Field | None, verdict: Verdict) -> None:
        if field is not None:
            self._window.page.ticket.focus_field(field)
        self._announcer.say(words(verdict, field))


def words(verdict: Verdict, field: Field | None) -> str:
    """What is said on the way: "2 of 3: ..." with the field's worst verdict; without a field, what else is wrong."""
    if field is None:
        fails = failing(verdict)
        return foreign(fails[0].detail or fails[0].message) if fails else NOTHING
    fields, worst = failing_fields(verdict), verdict.worst(field)
    said = foreign(worst.message) if worst is not None and worst.severity is not Severity.PASS else ""
    return f"{fields.index(field) + 1} of {len(fields)}: {said}"
