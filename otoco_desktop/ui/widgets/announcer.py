"""Tells assistive technology what changed, at most once a second."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

GAP_MS = 1_000


class Announcer:
    """Speaks for one widget. What comes too early waits for the next call; only the newest waits."""

    def __init__(self, widget: QWidget, now_ms: Callable[[], int]) -> None:
        self._widget = widget
        self._now_ms = now_ms
        self._spoken_ms: int | None = None
        self._last = ""
        self._waiting = ""

    def say(self, words: str) -> None:
        """Announce these words unless they were the last ones said."""
        self._waiting = "" if words == self._last else words
        self.flush()

    def flush(self) -> None:
        """Say what waits, if a second has passed."""
        now = self._now_ms()
        if not self._waiting or (self._spoken_ms is not None and now - self._spoken_ms < GAP_MS):
            return
        self._spoken_ms, self._last, self._waiting = now, self._waiting, ""
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._widget, self._last))
