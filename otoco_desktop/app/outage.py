"""The order stream lost after it had been good, and a computer that slept: since when nothing is known."""

from __future__ import annotations

from otoco_desktop.domain.market import Connection, Light


class Outage:
    """Remembers, in milliseconds of the injected monotonic clock, when the user stream and REST went down."""

    def __init__(self) -> None:
        self._was_good = False
        self._lost_ms: int | None = None
        self._silent_ms: int | None = None

    @property
    def is_on(self) -> bool:
        return self._lost_ms is not None

    def note(self, connection: Connection, now_ms: int) -> None:
        """What the gateway tells now. A stream that was never good is not lost, it is still to come."""
        if connection.user is Light.GOOD:
            self._was_good, self._lost_ms = True, None
        elif self._was_good and self._lost_ms is None:
            self._lost_ms = now_ms
        if connection.rest is not Light.DOWN:
            self._silent_ms = None
        elif self._silent_ms is None:
            self._silent_ms = now_ms

    def words(self, now_ms: int) -> str:
        """The sentence with its age in whole seconds, or nothing."""
        if self._lost_ms is None:
            return ""
        if self._silent_ms is not None:
            age = (now_ms - max(self._lost_ms, self._silent_ms)) // 1000
            return f"User stream and REST are down since {age} s. States may be old."
        age = (now_ms - self._lost_ms) // 1000
        return f"User stream lost {age} s ago. States may be old. Checking over REST every 2 s."


SLEPT_MS = 5_000
"""A second that either clock counts as so much longer was slept through, or that clock was set."""


class Wake:
    """Notices that the computer slept: the clock that stands still meanwhile falls behind the other one."""

    def __init__(self, wall_ms: int, monotonic_ms: int) -> None:
        self._last = (wall_ms, monotonic_ms)

    def has_slept(self, wall_ms: int, monotonic_ms: int, expected_ms: int) -> bool:
        """Asked about every ``expected_ms``: whether far more time than that has passed since it was asked last."""
        passed = [now - before for now, before in zip((wall_ms, monotonic_ms), self._last, strict=True)]
        self._last = (wall_ms, monotonic_ms)
        return any(abs(each - expected_ms) > SLEPT_MS for each in passed)
