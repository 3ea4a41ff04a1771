"""What fails in a slot, a callback or a thread of the running program is noted as a defect, with its place."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QTimer

from otoco_desktop import main
from otoco_desktop.app.defects import Defects
from tests.waiting import until

if TYPE_CHECKING:
    import qasync


@pytest.fixture
def defects(qloop: qasync.QEventLoop) -> Iterator[Defects]:
    hooks, handler = (sys.excepthook, threading.excepthook), qloop.get_exception_handler()
    yield Defects()
    sys.excepthook, threading.excepthook = hooks
    qloop.set_exception_handler(handler)


def fail() -> None:
    raise RuntimeError("a defect")


@pytest.mark.fault(70)
async def test_no_failure_stays_unheard(
    defects: Defects, qloop: qasync.QEventLoop, caplog: pytest.LogCaptureFixture
) -> None:
    main._report_failures_to(defects)
    QTimer.singleShot(0, fail)
    await until(lambda: len(defects.seen) == 1)
    asyncio.get_running_loop().call_soon(fail)
    await until(lambda: len(defects.seen) == 2)
    thread = threading.Thread(target=fail, name="worker")
    thread.start()
    await until(lambda: len(defects.seen) == 3)
    thread.join()
    slot, callback, worker = defects.seen
    assert slot.where == "a slot failed"
    assert callback.where.startswith("a callback failed: ")
    assert worker.where == "thread worker failed"
    for found in defects.seen:
        assert found.trace is not None
        assert found.trace.stack[-1].name == "fail"
        assert "RuntimeError: a defect" in "".join(found.trace.format())
    assert caplog.text.count("RuntimeError: a defect") == 3
