"""What helps when something is wrong, and what goes out of the program as a file: checks, reports, the export."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QWidget
from shiboken6 import isValid

from otoco_desktop.app.defects import Defects
from otoco_desktop.app.save_file import NotSaved, save
from otoco_desktop.app.state import DeskPort
from otoco_desktop.domain.errors import ExchangeTrouble, JournalTrouble, KeyLocked, VaultTrouble
from otoco_desktop.ui.shell.runtime import Spawn
from otoco_desktop.ui.widgets.toast import ToastHost

if TYPE_CHECKING:
    from otoco_desktop.domain.strategy import Strategy
    from otoco_desktop.ui.shell.defect_strip import DefectStrip

SPOKEN = (ExchangeTrouble, JournalTrouble, KeyLocked, VaultTrouble, NotSaved)
"""Failures whose text is a sentence for people; anything else is a defect of the program."""

AT = 1
"""Where the strip stands in the window: under the top bar."""

RESUMED = "The exchange was asked about everything. The pause is over; Help can still copy the report."
COPIED = "The report was copied. It holds no key, no secret and no balance."
NOTHING = "There is no strategy to export yet."
BYTE_ORDER_MARK = "utf-8-sig"
"""Without it some spreadsheets take a tag's letters for others."""

Report = Callable[[], Coroutine[Any, Any, str]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that the trader is asked a place for: the question, the suggested name, the kind of file."""

    title: str
    name: str
    kind: str


class Support(QObject):
    """Belongs to one window. ``failed`` takes whatever background work ended with."""

    def __init__(self, window: QWidget, rows: QBoxLayout, desk: DeskPort, spawn: Spawn, toasts: ToastHost) -> None:
        super().__init__(window)
        self._window = window
        self._rows = rows
        self._desk = desk
        self._spawn = spawn
        self._toasts = toasts
        self._report: Report | None = None
        self._strip: DefectStrip | None = None
        self._was_paused = False
        self._watch(Defects(desk.now_ms))

    def take(self, defects: Defects, report: Report | None) -> None:
        """Show these failures from now on; ``report`` makes the text that is copied or saved."""
        self._report = report
        self._watch(defects)

    def _watch(self, defects: Defects) -> None:
        self._defects = defects
        defects.listen(self._show)
        self._show()

    @property
    def strip(self) -> DefectStrip:
        """The line about a failure; built when it is first asked for."""
        if self._strip is None:
            from otoco_desktop.ui.shell.defect_strip import DefectStrip  # noqa: PLC0415 - hardly ever needed

            self._strip = DefectStrip(self._desk.now_ms)
            self._strip.check_requested.connect(self.check)
            self._strip.copy_requested.connect(self.copy_report)
            self._strip.save_requested.connect(self.save_report)
            self._rows.insertWidget(AT, self._strip)
        return self._strip

    def failed(self, trouble: Exception) -> None:
        """Say a sentence made for people; anything else is a defect, and is treated as one."""
        if isinstance(trouble, SPOKEN):
            self._toasts.complain(str(trouble))
        else:
            self._defects.note("a task of the window failed", trouble)

    # After a failure

    def check(self) -> None:
        """Ask the exchange about everything; once it has answered, a pause is over."""
        if self._was_paused:
            self.strip.show_pause(checking=True)
        self._spawn(self._checked(), self._unchecked)

    async def _checked(self) -> None:
        before = self._defects.count
        answered = await self._desk.check()
        if self._was_paused and answered:
            self._defects.settle(before)
        elif self._was_paused:
            self.strip.show_pause(unanswered=True)

    def _unchecked(self, trouble: Exception) -> None:
        if self._was_paused:
            self.strip.show_pause(unanswered=True)
        self.failed(trouble)

    def _show(self) -> None:
        if not isValid(self):
            return  # the window has gone; the log has the failure
        paused = bool(self._defects.reason)
        if paused:
            self.strip.show_pause()
        elif self._was_paused:
            self.strip.hide()
            self._toasts.say(RESUMED)
        self._was_paused = paused

    # Reports

    def copy_report(self) -> None:
        """Put a report of this moment on the clipboard."""
        if self._report is not None:
            self._spawn(self._copied(self._report), self.failed)

    async def _copied(self, report: Report) -> None:
        QGuiApplication.clipboard().setText(await report())
        self._toasts.say(COPIED)

    def save_report(self) -> None:
        """Ask for a place, then write a report of that moment there."""
        if (report := self._report) is not None:
            wanted = Wanted("Save report", f"otoco-report-{self._stamp()}.txt", "Text (*.txt)")
            self._ask_place(wanted, lambda path: self._write(path, report))

    async def _write(self, path: Path, report: Report) -> None:
        text = await report()
        await asyncio.to_thread(save, path, text)
        self._toasts.say(f"The report was saved as {path.name}.")

    # Strategies as a file

    def export(self, strategies: Sequence[Strategy] | None = None) -> None:
        """Ask for a place and write these strategies there, or every one there is."""
        if not (self._desk.state.strategies if strategies is None else strategies):
            self._toasts.say(NOTHING)
            return
        wanted = Wanted("Export CSV", f"otoco-strategies-{self._stamp()}.csv", "Comma-separated values (*.csv)")
        self._ask_place(wanted, lambda path: self._exported(path, strategies))

    async def _exported(self, path: Path, chosen: Sequence[Strategy] | None) -> None:
        from otoco_desktop.app import export  # noqa: PLC0415 - its import is not for the start

        strategies = tuple(await export.everything(self._desk) if chosen is None else chosen)
        await asyncio.to_thread(_write_csv, path, strategies)
        count = "1 strategy was" if len(strategies) == 1 else f"{len(strategies)} strategies were"
        self._toasts.say(f"{count} exported to {path.name}.")

    # Places

    def _ask_place(self, wanted: Wanted, write: Callable[[Path], Coroutine[Any, Any, None]]) -> None:
        """Open the dialog and return; what is chosen there is written by a task."""
        dialog = QFileDialog(self._window, wanted.title, str(Path.home() / wanted.name), wanted.kind)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(Path(wanted.name).suffix)
        dialog.selectFile(wanted.name)
        dialog.fileSelected.connect(lambda chosen: self._spawn(write(Path(chosen)), self.failed))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _stamp(self) -> str:
        return datetime.fromtimestamp(self._desk.now_ms() // 1_000, UTC).strftime("%Y%m%d-%H%M%S")


def _write_csv(path: Path, strategies: tuple[Strategy, ...]) -> None:
    from otoco_desktop.app.export import csv_text  # noqa: PLC0415 - its import is not for the start

    save(path, csv_text(strategies), BYTE_ORDER_MARK)
