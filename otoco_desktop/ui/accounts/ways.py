"""A sentence about trouble or progress, with the ways on as buttons beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from otoco_desktop.domain.errors import WayOn
from otoco_desktop.ui.accounts.words import WAYS
from otoco_desktop.ui.widgets.buttons import Button, Kind
from otoco_desktop.ui.widgets.panel import row
from otoco_desktop.ui.widgets.tips import tip


class WayButtons(QWidget):
    """One small button per way. ``chosen`` carries the ``WayOn``; hidden while there is none."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._row = row(8)
        self.setLayout(self._row)
        self._row.addStretch(1)
        self.buttons: dict[WayOn, Button] = {}
        self._blocked: frozenset[WayOn] = frozenset()
        self.hide()

    def show_ways(self, ways: Sequence[WayOn], blocked: frozenset[WayOn] = frozenset(), reason: str = "") -> None:
        """Show these; the blocked ones cannot be pressed, for this reason."""
        if tuple(ways) != tuple(self.buttons):
            self._rebuild(ways)
        for way, button in self.buttons.items():
            button.setEnabled(way not in blocked)
            button.setToolTip(tip(reason) if way in blocked else "")
            button.setAccessibleDescription(reason if way in blocked else "")
        self.setVisible(bool(ways))

    def _rebuild(self, ways: Sequence[WayOn]) -> None:
        for button in self.buttons.values():
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = {}
        for at, way in enumerate(ways):
            button = Button(WAYS[way], Kind.SMALL)
            button.clicked.connect(self._teller(way))
            self._row.insertWidget(at, button)
            self.buttons[way] = button

    def _teller(self, way: WayOn) -> Callable[[], None]:
        return lambda: self.chosen.emit(way)
