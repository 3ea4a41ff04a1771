"""Times and durations as text for people. Money is worded by the domain; here is the rest."""

from __future__ import annotations

from datetime import UTC, datetime

MINUS = "\u2212"
SECOND_MS = 1_000
MINUTE_S = 60
HOUR_S = 3_600


def utc_clock(at_ms: int) -> str:
    """``15:26:59.214 UTC``; ``at_ms`` counts from the epoch."""
    seconds, rest = divmod(at_ms, SECOND_MS)
    return f"{datetime.fromtimestamp(seconds, UTC):%H:%M:%S}.{rest:03d} UTC"


def utc_second(at_ms: int, *, dated: bool = False) -> str:
    """``15:26:59 UTC``, or ``22 Nov 15:26:59 UTC``; ``at_ms`` counts from the epoch."""
    at = datetime.fromtimestamp(at_ms // SECOND_MS, UTC)
    return f"{f'{at.day} {at:%b} ' if dated else ''}{at:%H:%M:%S} UTC"


def latency(duration_ms: int) -> str:
    """``84 ms``, ``1,240 ms``."""
    return f"{duration_ms:,} ms"


def skew(ahead_ms: int) -> str:
    """How far one clock is ahead of another, signed: ``+42 ms``."""
    if ahead_ms == 0:
        return "0 ms"
    return f"{'+' if ahead_ms > 0 else MINUS}{abs(ahead_ms):,} ms"


def age(duration_ms: int) -> str:
    """``0.2 s`` below ten seconds, then ``42 s``, ``3 min``, ``2 h``."""
    if duration_ms < 10 * SECOND_MS:
        return f"{duration_ms / SECOND_MS:.1f} s"
    seconds = duration_ms // SECOND_MS
    if seconds < 2 * MINUTE_S:
        return f"{seconds} s"
    return f"{seconds // MINUTE_S} min" if seconds < 2 * HOUR_S else f"{seconds // HOUR_S} h"
