"""The computer's own clock."""

from __future__ import annotations

import time


class SystemClock:
    """Wall clock (UTC, ms since the epoch) and a monotonic clock (ms)."""

    def wall_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def monotonic_ms(self) -> int:
        return time.monotonic_ns() // 1_000_000
