"""A clock that tests move by hand."""

from __future__ import annotations


class ManualClock:
    """Wall and monotonic time, milliseconds, that move only when told."""

    def __init__(self, wall_ms: int = 1_700_000_000_000) -> None:
        self.wall = wall_ms
        self.monotonic = 0

    def wall_ms(self) -> int:
        return self.wall

    def monotonic_ms(self) -> int:
        return self.monotonic

    def pass_ms(self, duration_ms: int) -> None:
        self.wall += duration_ms
        self.monotonic += duration_ms
