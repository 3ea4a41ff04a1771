"""Puts the practice scenarios into the Tools menu; the panel itself is built when it is first asked for."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QMainWindow, QMenuBar

from otoco_desktop.app.hand import PracticeHand
from otoco_desktop.app.state import DeskPort
from otoco_desktop.ui.practice.panel import PracticePanel
from otoco_desktop.ui.practice.prices import RealPricesSwitch
from otoco_desktop.ui.practice.words import TITLE
from otoco_desktop.ui.shell.menus import add_tool
from otoco_desktop.ui.shell.runtime import Spawn

KEY = "Ctrl+Shift+P"


class ScenarioOffer(QObject):
    """Opens the panel beside the window, and closes it with the window."""

    def __init__(self, window: QMainWindow, bar: QMenuBar, desk: DeskPort, hand: PracticeHand, spawn: Spawn) -> None:
        super().__init__(window)
        self._window = window
        self._parts = (desk, hand, spawn)
        self.panel: PracticePanel | None = None
        self._switch: RealPricesSwitch | None = None
        window.installEventFilter(self)
        add_tool(bar, f"&{TITLE}…", self.show, KEY)

    def show(self) -> None:
        """Open the panel, or bring it to the front."""
        if self.panel is None:
            self.panel = PracticePanel(self._window, *self._parts)
            if self._switch is not None:
                self.panel.take_switch(self._switch)
        self.panel.show()
        self.panel.activateWindow()

    def take_switch(self, switch: RealPricesSwitch) -> None:
        """Offer real prices in the panel; before it is first opened."""
        self._switch = switch

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        if event.type() == QEvent.Type.Hide and not event.spontaneous() and self.panel is not None:
            self.panel.close()
        return super().eventFilter(watched, event)
