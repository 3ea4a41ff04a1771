"""What the review shows and copies is what leaves: the exchange's end of the wire is compared byte for byte."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtGui import QGuiApplication

from otoco_desktop.app.desk import DeskOptions
from otoco_desktop.domain.strategy import Phase
from otoco_desktop.domain.transport import Transport
from otoco_desktop.exchange.requests import DOTS, SET_WHEN_SENT
from otoco_desktop.practice import server as practice
from otoco_desktop.practice.conversation import Conversation
from otoco_desktop.settings import Environment, Places
from tests.e2e.stage import BUY, SELL, Plan, Stage, on_stage

if TYPE_CHECKING:
    import qasync

CREATE = "private/advanced/create-otoco"


@pytest.fixture
def received(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every create as it came in at the exchange, over either way."""
    texts: list[str] = []
    read_body, read_message = practice._limited_body, Conversation.handle

    async def body(request: Any) -> bytes | None:
        found = await read_body(request)
        if found and CREATE in found.decode():
            texts.append(found.decode())
        return found

    def message(self: Conversation, text: str) -> None:
        if CREATE in text:
            texts.append(text)
        read_message(self, text)

    monkeypatch.setattr(practice, "_limited_body", body)
    monkeypatch.setattr(Conversation, "handle", message)
    return texts


async def copied(stage: Stage) -> str:
    """The request as the review's own button copies it."""
    sheet = stage.program.window.review.sheet.sheet
    sheet.tabs.button(1).click()
    stage.hands.click_on(sheet.request.copy_button)
    return QGuiApplication.clipboard().text()


def masked(text: str) -> str:
    """What was received, with what only sending adds marked as it is on the sheet; the rest untouched."""
    message = json.loads(text, parse_int=str)
    assert int(message["id"]) > 0
    assert int(message["nonce"]) > 0
    marked = dict(message, id=SET_WHEN_SENT, nonce=SET_WHEN_SENT)
    if "sig" in message:
        assert len(message["sig"]) == 64
        marked |= {"sig": SET_WHEN_SENT, "api_key": DOTS + message["api_key"][-4:]}
    return json.dumps(marked, indent=2, ensure_ascii=False)


@pytest.mark.parametrize(("way", "plan"), [(Transport.REST, BUY), (Transport.WEBSOCKET, SELL)], ids=["REST", "stream"])
async def test_the_bytes_that_were_shown_are_the_bytes_that_arrive(
    way: Transport, plan: Plan, received: list[str], tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    async with on_stage(tmp_path, options=DeskOptions(transport=lambda: way)) as stage:
        stage.plan(plan)
        await stage.review()
        shown = await copied(stage)
        assert received == []
        await stage.confirm()
        await stage.reaches(Phase.ACKED, Phase.WORKING)
    assert [masked(text) for text in received] == [shown]
    assert ('"sig"' in shown) is (way is Transport.REST)
    key = json.loads((Places(tmp_path, Environment.PRACTICE).practice_book / "practice-key.json").read_text())
    for hidden in (key["secret"], key["api_key"], json.loads(received[0]).get("sig", key["secret"])):
        assert hidden not in shown
