"""The rehearsal as the window sees it: another process of this program, one at a time, whose end is told."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from PySide6.QtCore import QObject, QProcess

from otoco_desktop.ui.widgets.toast import ToastHost

PLAYING = "The rehearsal is playing already."
AS_PLANNED = "Rehearsal finished: every leg ended as planned."
OTHERWISE = "The rehearsal did not end as planned. The log has the details."
STOP_MS = 1_000
"""A killed process is gone at once; this only bounds the wait."""

logger = logging.getLogger(__name__)


class Apart(QObject):
    """Plays in a process of its own, so that it shares nothing with the account in this window."""

    def __init__(self, toasts: ToastHost, command: Sequence[str]) -> None:
        super().__init__(toasts)
        self._toasts = toasts
        self._command = tuple(command)
        self._player = QProcess(self)
        self._player.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        self._player.finished.connect(self._ended)
        self._player.errorOccurred.connect(self._failed)

    def play(self) -> None:
        """Begin; while one plays, only that is said."""
        if self._player.state() is not QProcess.ProcessState.NotRunning:
            self._toasts.say(PLAYING)
            return
        program, *arguments = self._command
        self._player.start(program, arguments)

    def stop(self) -> None:
        """End it with the window, saying nothing."""
        self._player.blockSignals(True)
        if self._player.state() is not QProcess.ProcessState.NotRunning:
            self._player.kill()
            self._player.waitForFinished(STOP_MS)

    def _ended(self, code: int, status: QProcess.ExitStatus) -> None:
        told = bytes(self._player.readAll().data()).decode("utf-8", "replace").strip()
        if status is QProcess.ExitStatus.NormalExit and code == 0:
            logger.info("rehearsal:\n%s", told)
            self._toasts.say(AS_PLANNED)
        else:
            logger.error("rehearsal ended with %d:\n%s", code, told)
            self._toasts.complain(OTHERWISE)

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            logger.error("rehearsal: %s", self._player.errorString())
            self._toasts.complain(OTHERWISE)
