"""A sound when something bought has lost its stop, or got none: once, and not for what was so before the start."""

from __future__ import annotations

from collections.abc import Callable

from otoco_desktop.app.state import DeskState
from otoco_desktop.domain.headline import told_ms
from otoco_desktop.domain.lifecycle import phase
from otoco_desktop.domain.strategy import Strategy

Key = tuple[str, str]
BY_AUDIT = "by the audit"


class Alarm:
    """Hears every state of the desk. ``wanted`` is asked before each sound; ``beep`` must not block."""

    def __init__(
        self, now_ms: Callable[[], int], is_alarming: Callable[[Strategy], bool], beep: Callable[[], None]
    ) -> None:
        self.wanted: Callable[[], bool] = lambda: True
        self._since_ms = now_ms()
        self._is_alarming = is_alarming
        self._beep = beep
        self._known: frozenset[Key] = frozenset()
        self._replayed: set[str] = set()

    def note(self, desk: DeskState) -> None:
        """Sound for what is alarming now and was not before; what the journal brought waits for the first audit."""
        bare = {found.strategy_id: found for found in desk.strategies if self._is_alarming(found)}
        result = desk.audit.result
        audited = {entry.strategy_id for entry in result.entries if entry.kind.is_loud} if result else set()
        keys = frozenset(
            {(key, phase(found)) for key, found in bare.items()} | {(key, BY_AUDIT) for key in audited - bare.keys()}
        )
        news = {key for key, _ in keys - self._known}
        self._known = keys
        if result is None:
            old = {key for key in news if told_ms(bare[key]) < self._since_ms}
            self._replayed |= old
            news -= old
        else:
            news |= self._replayed & audited
            self._replayed.clear()
        if news and self.wanted():
            self._beep()
