"""Work started from the window: kept alive, heard when it fails, cancelled at the end; questions without a loop."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from otoco_desktop.ui.shell.runtime import Runtime
from tests.waiting import until

if TYPE_CHECKING:
    import qasync
    from pytestqt.qtbot import QtBot


async def fail() -> None:
    raise RuntimeError("broken")


async def test_a_failure_is_reported_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    heard: list[Exception] = []
    runtime = Runtime()
    runtime.spawn(fail(), heard.append)
    await until(lambda: runtime.running == 0)
    assert [str(trouble) for trouble in heard] == ["broken"]
    assert "a task of the window failed" in caplog.text


async def test_closing_cancels_what_still_runs() -> None:
    heard: list[Exception] = []
    runtime = Runtime()
    runtime.spawn(asyncio.Event().wait(), heard.append)
    assert runtime.running == 1
    await runtime.close()
    assert (runtime.running, heard) == (0, [])


async def test_what_is_under_way_may_end_before_the_rest_is_cancelled() -> None:
    ended: list[str] = []

    async def work() -> None:
        await asyncio.sleep(0)
        ended.append("sent")

    runtime = Runtime()
    await runtime.finish(1.0)
    runtime.spawn(work(), lambda _trouble: None)
    await runtime.finish(5.0)
    assert ended == ["sent"]
    runtime.spawn(asyncio.Event().wait(), lambda _trouble: None)
    await runtime.finish(0.01)
    assert runtime.running == 1
    await runtime.close()


@pytest.mark.parametrize(("answer", "expected"), [("Keep", False), ("Remove", True), ("", False)])
async def test_a_question_is_answered_in_a_future(
    qloop: qasync.QEventLoop, qtbot: QtBot, answer: str, expected: bool
) -> None:
    from PySide6.QtWidgets import QWidget

    from otoco_desktop.ui.shell.dialogs import Question, Sheet, ask
    from otoco_desktop.ui.widgets.buttons import Button

    parent = QWidget()
    future = ask(parent, Question("Remove the stop?", "0.08120 BTC will be unprotected.", "Keep", "Remove"))
    (sheet,) = parent.findChildren(Sheet)
    buttons = {button.text(): button for button in sheet.findChildren(Button)}
    assert buttons["Keep"].isDefault()
    if answer:
        buttons[answer].click()
    else:
        sheet.reject()
    assert await asyncio.wait_for(future, 5) is expected
    parent.deleteLater()
