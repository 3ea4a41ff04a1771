"""The only place of the practice exchange that reads time."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Wall time and a steady time, both in nanoseconds."""

    def time_ns(self) -> int:
        """Nanoseconds since the epoch, UTC."""
        ...

    def monotonic_ns(self) -> int:
        """Nanoseconds of a clock that never goes back."""
        ...


class SystemClock:
    """The clock of this computer."""

    def time_ns(self) -> int:
        """Nanoseconds since the epoch, UTC."""
        return time.time_ns()

    def monotonic_ns(self) -> int:
        """Nanoseconds of a clock that never goes back."""
        return time.monotonic_ns()
