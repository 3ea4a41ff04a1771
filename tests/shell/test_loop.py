"""The loop for Qt and asyncio finishes what was left before its end."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from tests.waiting import until

if TYPE_CHECKING:
    import qasync


async def test_a_generator_that_was_left_runs_its_end(qloop: qasync.QEventLoop) -> None:
    ended: list[str] = []

    async def numbers() -> AsyncIterator[int]:
        try:
            yield 1
            yield 2
        finally:
            await asyncio.sleep(0)
            ended.append("numbers")

    async for number in numbers():
        assert number == 1
        break
    gc.collect()
    await until(lambda: ended == ["numbers"], what="the generator's end")
