"""Documented request limits per method (exchange docs, rate limits). Pure."""

from __future__ import annotations

from collections import deque

_MS = 1_000_000
_SECOND = 1000 * _MS
_OTHER_PRIVATE = (3, 100 * _MS)
_PUBLIC = (100, _SECOND)
_SPECIAL = {
    "private/get-order-detail": (30, 100 * _MS),
    "private/get-trades": (1, _SECOND),
    "private/get-order-history": (1, _SECOND),
}


class Limits:
    """Counts the calls of each method in a sliding window."""

    def __init__(self) -> None:
        self._calls: dict[str, deque[int]] = {}

    def allow(self, method: str, now_ns: int) -> bool:
        """Whether a call is within the limit; one that is not does not count."""
        most, window = _limit(method)
        calls = self._calls.setdefault(method, deque())
        while calls and calls[0] <= now_ns - window:
            calls.popleft()
        if len(calls) >= most:
            return False
        calls.append(now_ns)
        return True


def _limit(method: str) -> tuple[int, int]:
    if method.startswith("public/"):
        return _PUBLIC
    return _SPECIAL.get(method, _OTHER_PRIVATE)
