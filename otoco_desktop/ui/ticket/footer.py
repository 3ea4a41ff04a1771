"""What the account has to trade with, pinned under the ticket."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QWidget

from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.ticket.state import Footer
from otoco_desktop.ui.widgets.labels import FigureLabel, figure, label

NAMES = ("Available", "Account value", "Fees, maker / taker")


class FooterView(QWidget):
    """Three lines, or the first alone in a narrow window."""

    def __init__(self) -> None:
        super().__init__()
        self._names = [label(name, Role.SECONDARY, Token.TEXT3) for name in NAMES]
        self._values = [figure(role=Role.SECONDARY, align_right=True) for _ in NAMES]
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 7, 12, 8)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(zip(self._names, self._values, strict=True)):
            grid.addWidget(name, row, 0)
            grid.addWidget(value, row, 1)

    @property
    def values(self) -> list[FigureLabel]:
        """The figures, top down."""
        return self._values

    def set_compact(self, compact: bool) -> None:
        """Show only what is available."""
        for widget in (*self._names[1:], *self._values[1:]):
            widget.setVisible(not compact)

    def render_state(self, footer: Footer) -> None:
        for value, text in zip(self._values, (footer.available, footer.account_value, footer.fees), strict=True):
            value.show_text(text)
