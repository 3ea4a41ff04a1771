"""What was confirmed a while ago is not sent any more: the disk may be slow, the computer may have slept."""

from __future__ import annotations

from otoco_desktop.app.ports import Clock

FRESH_MS = 2_000
"""A request recorded longer ago than this is not sent."""

EXPIRED = "it expired before it could leave: more than 2 s passed after you confirmed"


def is_expired(clock: Clock, wall_ms: int, monotonic_ms: int) -> bool:
    """By both clocks: one of them stands still while the computer sleeps, the other may be set."""
    return max(clock.monotonic_ms() - monotonic_ms, abs(clock.wall_ms() - wall_ms)) > FRESH_MS
