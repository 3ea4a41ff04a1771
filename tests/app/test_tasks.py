"""Background work ends with its owner, and its failures are told."""

from __future__ import annotations

import asyncio

import pytest

from otoco_desktop.app.tasks import Tasks


async def test_work_that_never_began_is_closed_without_a_complaint() -> None:
    tasks = Tasks()
    tasks.spawn(asyncio.sleep(60), "waiting")
    await tasks.close()


async def test_closing_cancels_what_runs_and_waits_for_its_end() -> None:
    tasks, ended = Tasks(), asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    task = tasks.spawn(work(), "working")
    await asyncio.sleep(0)
    await tasks.close()
    assert ended.is_set()
    assert task.cancelled()


async def test_a_failure_is_told_by_name_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    failed: list[tuple[str, Exception]] = []
    tasks = Tasks(lambda name, error: failed.append((name, error)))

    async def work() -> None:
        raise RuntimeError("a defect")

    await tasks.spawn(work(), "working")
    assert [(name, str(error)) for name, error in failed] == [("working", "a defect")]
    assert "a defect" in caplog.text
    await tasks.close()
