"""Tells assistive technology what changed, at most once a second for all parts of a window together."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

GAP_MS = 1_000
SPOKE = "announced_ms"
"""The window's property that says when one of its parts spoke last."""


class Announcer:
    """Speaks for one widget. What comes too early waits for its turn; only the newest waits."""

    def __init__(self, widget: QWidget, now_ms: Callable[[], int]) -> None:
        self._widget = widget
        self._now_ms = now_ms
        self._last = ""
        self._waiting = ""
        self._later: QTimer | None = None

    def say(self, words: str) -> None:
        """Announce these words unless they were the last ones said."""
        words = " ".join(words.split())
        self._waiting = "" if words == self._last else words
        self.flush()

    def flush(self) -> None:
        """Say what waits, if a second has passed since anything was said in this window; else by itself later."""
        if not self._waiting:
            return
        window, now = self._widget.window(), self._now_ms()
        spoken = window.property(SPOKE)
        if spoken is not None and abs(now - spoken) < GAP_MS:
            self._wait(min(GAP_MS, GAP_MS - (now - spoken)))
            return
        window.setProperty(SPOKE, now)
        self._last, self._waiting = self._waiting, ""
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._widget, self._last))

    def _wait(self, for_ms: int) -> None:
        if self._later is None:
            self._later = QTimer(self._widget, singleShot=True)
            self._later.timeout.connect(self.flush)
        self._later.start(for_ms)
