"""Our own rate limits: the lower of the two published figures, so that the exchange never has to refuse.

At most 5 a second of each private method, 1 a second of any history, 10 a second of all private methods
together, and of each method that creates, amends or cancels 3 in 100 ms (help centre: API rate limits; exchange docs,
Rate Limits). Queries leave two of the ten free, so
that a send or a cancel never waits behind them.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable

from otoco_desktop.exchange.errors import RateLimitError

WINDOW_MS = 1_000
PER_METHOD = 5
BURST_MS = 100
PER_BURST = 3
PER_HISTORY = 1
ALL_PRIVATE = 10
KEPT_FOR_COMMANDS = 2
PER_PUBLIC_METHOD = 10
MAX_WAIT_MS = 15_000


class RateLimits:
    """Counts requests in a sliding second of a monotonic clock (ms)."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self._sent: defaultdict[str, deque[int]] = defaultdict(deque)
        self._private: deque[int] = deque()

    def try_command(self, method: str) -> bool:
        """Take room for a send or a cancel at once; False when there is none."""
        now = self._now_ms()
        sent = self._sent[method]
        bursts = len(sent) >= PER_BURST and now - sent[-PER_BURST] < BURST_MS
        if bursts or self._wait_ms(method, ALL_PRIVATE, now) > 0:
            return False
        self._count(method, now)
        return True

    async def query(self, method: str) -> None:
        """Wait for room for a query. Raises RateLimitError when none comes in ``MAX_WAIT_MS``."""
        deadline = self._now_ms() + MAX_WAIT_MS
        while (wait_ms := self._wait_ms(method, ALL_PRIVATE - KEPT_FOR_COMMANDS, self._now_ms())) > 0:
            if self._now_ms() + wait_ms > deadline:
                raise RateLimitError("too many requests are waiting")
            await asyncio.sleep(wait_ms / 1000)
        self._count(method, self._now_ms())

    def _wait_ms(self, method: str, room: int, now: int) -> int:
        """Milliseconds until this method may be sent; timers may fire early, so callers ask again."""
        wait_ms = _until_room(self._sent[method], _limit_of(method), now)
        if method.startswith("private/"):
            return max(wait_ms, _until_room(self._private, room, now))
        return wait_ms

    def _count(self, method: str, now: int) -> None:
        self._sent[method].append(now)
        if method.startswith("private/"):
            self._private.append(now)


def _limit_of(method: str) -> int:
    if not method.startswith("private/"):
        return PER_PUBLIC_METHOD
    return PER_HISTORY if method.endswith("-history") else PER_METHOD


def _until_room(sent: deque[int], limit: int, now: int) -> int:
    while sent and now - sent[0] >= WINDOW_MS:
        sent.popleft()
    return 0 if len(sent) < limit else sent[-limit] + WINDOW_MS - now
