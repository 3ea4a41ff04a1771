"""The protection audit in the window: its line, its strip on top, its list, and the sound."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QBoxLayout, QWidget

from otoco_desktop.app.state import DeskState
from otoco_desktop.ui.shell.pages import Name
from otoco_desktop.ui.strategies.alarm import Alarm
from otoco_desktop.ui.strategies.audit import AuditView, build
from otoco_desktop.ui.strategies.audit_bar import AuditBar, AuditStrip
from otoco_desktop.ui.strategies.audit_list import AuditSheet
from otoco_desktop.ui.strategies.view import StrategiesPanel

if TYPE_CHECKING:
    from otoco_desktop.ui.shell.window import MainWindow


class Protection(QObject):
    """Follows the desk; ``join`` gives it its place in the window."""

    def __init__(self, now_ms: Callable[[], int], panel: StrategiesPanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self._window: MainWindow | None = None
        self._view: AuditView | None = None
        self._sheet: AuditSheet | None = None
        self.strip = AuditStrip(now_ms)
        self.alarm = Alarm(now_ms, panel.is_alarming, QApplication.beep)
        for bar in self._bars:
            bar.list_requested.connect(self.open_list)

    def join(self, window: MainWindow, rows: QBoxLayout) -> None:
        """Put the strip under the top bar of this window, over everything else that is said there."""
        self._window = window
        rows.insertWidget(1, self.strip)
        self.alarm.wanted = lambda: window.account.wants_sound

    @property
    def _bars(self) -> tuple[AuditBar, AuditBar]:
        return self._panel.audit, self.strip

    @property
    def sheet(self) -> AuditSheet | None:
        """The list while it is open."""
        return self._sheet

    def tab_stops(self) -> list[QWidget]:
        """What Tab visits, in its order; the strip's button comes once the window has it."""
        here = self._panel.window()
        return [bar.button for bar in self._bars if bar.window() is here]

    def show_desk(self, desk: DeskState) -> None:
        """Show this desk's audit, and sound for what is new in it."""
        self.alarm.note(desk)
        view = build(desk)
        if view == self._view:
            return
        self._view = view
        for bar in self._bars:
            bar.render(view)
        if self._sheet is not None:
            self._sheet.render(view)

    def open_list(self) -> None:
        """Show every strategy with its protection; only once at a time."""
        if self._sheet is not None or self._view is None:
            return
        sheet = AuditSheet(self._panel.window())
        sheet.render(self._view)
        if self._window is not None:
            sheet.chosen.connect(self._jump)
            sheet.check_requested.connect(self._window.check_now)
        sheet.finished.connect(self._closed)
        self._sheet = sheet
        sheet.open()
        sheet.list.setFocus()

    def _jump(self, strategy_id: str) -> None:
        """Select it on the plan page."""
        if self._window is not None:
            self._window.pages.show(Name.PLAN)
            self._window.complete().select(strategy_id)

    def _closed(self, _result: int) -> None:
        self._sheet = None
