"""Outcome over checks over submit, placed without a layout.

A key that changes the height of the outcome would otherwise be told up through every layout to the window.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from otoco_desktop.ui.checks.submit import SubmitBar
from otoco_desktop.ui.checks.view import ChecksPanel
from otoco_desktop.ui.outcome.view import OutcomePanel
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.panel import Panel, Rule


class RightColumn(Panel):
    """The submit bar is pinned to the foot; the checks take what is left, and scroll."""

    def __init__(self, outcome: OutcomePanel, checks: ChecksPanel, submit: SubmitBar) -> None:
        super().__init__(Token.BG1)
        self._outcome = outcome
        self._checks = checks
        self._submit = submit
        self._rule = Rule()
        for part in (outcome, self._rule, checks, submit):
            part.setParent(self)

    def event(self, event: QEvent) -> bool:
        """A part wants another height: place the parts anew, and tell nobody."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        wide, high = self.width(), self.height()
        upper = _height(self._outcome, wide)
        lower = _height(self._submit, wide)
        self._outcome.setGeometry(0, 0, wide, upper)
        self._rule.setGeometry(0, upper, wide, 1)
        self._checks.setGeometry(0, upper + 1, wide, max(0, high - upper - 1 - lower))
        self._submit.setGeometry(0, high - lower, wide, lower)


def _height(part: QWidget, width: int) -> int:
    """What the part's own layout needs at this width."""
    layout = part.layout()
    if layout is None:
        return part.sizeHint().height()
    return layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
