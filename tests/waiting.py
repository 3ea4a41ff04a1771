"""Waiting for a condition in coroutine tests."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable


async def until(condition: Callable[[], object], timeout_s: float = 10.0, what: str = "") -> None:
    """Wait for ``condition()`` to be true, looking every few milliseconds; fail after ``timeout_s``."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            reason = what or getattr(condition, "__name__", "condition")
            raise AssertionError(f"not within {timeout_s:g} s: {reason}")
        await asyncio.sleep(0.005)
