"""From the submit button to the sent plan: prepare, open the sheet, spend the confirmation once, follow."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtWidgets import QWidget

from otoco_desktop.app.state import DeskPort
from otoco_desktop.ui.ticket.presenter import TicketPresenter


class ReviewFlow:
    def __init__(self, window: QWidget, desk: DeskPort, presenter: TicketPresenter, run: Callable[[Coroutine[Any, Any, Any]], None]) -> None:
        pass

    def open(self) -> None:
        pass

    def follow(self, strategy: object) -> None:
        pass

    def refresh(self) -> None:
        pass
