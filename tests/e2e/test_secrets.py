"""A whole session with every logger at its most talkative: the secret and the signatures are nowhere to be read."""

from __future__ import annotations

import gc
import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from otoco_desktop import logs
from otoco_desktop.domain.strategy import Phase
from otoco_desktop.exchange.signing import Signer
from otoco_desktop.practice.faults import Fault, Loss
from otoco_desktop.settings import Environment, Places
from tests.e2e.stage import BUY, SELL, Stage, on_stage

if TYPE_CHECKING:
    import qasync

SECRET = "sentinel-secret-0f3b2a9c71"
API_KEY = "sentinelkey00112233445"
PROBE = "everything is written down"


@pytest.fixture
def signatures(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Every signature the program makes."""
    made: set[str] = set()
    sign = Signer.sign

    def kept(self: Signer, *arguments: object) -> str:
        signature = sign(self, *arguments)  # type: ignore[arg-type]
        made.add(signature)
        return signature

    monkeypatch.setattr(Signer, "sign", kept)
    return made


async def test_nothing_secret_is_written_down(
    signatures: set[str],
    tmp_path: Path,
    qloop: qasync.QEventLoop,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    places = Places(tmp_path, Environment.PRACTICE)
    key_file = places.practice_book / "practice-key.json"
    key_file.parent.mkdir(parents=True, mode=0o700)
    key_file.write_text(json.dumps({"api_key": API_KEY, "secret": SECRET}))
    logs.set_up(places.logs)
    caplog.set_level(logging.DEBUG)
    logging.getLogger("otoco_desktop.exchange").debug(PROBE)
    try:
        async with on_stage(tmp_path) as stage:
            await a_session(stage)
            told = [message.text for message in stage.program.window.toasts.log]
    finally:
        logs.shut_down()
    gc.collect()
    printed = capfd.readouterr()
    written = files_in(tmp_path, key_file)
    written["the log"] = caplog.text.encode()
    written["stdout and stderr"] = (printed.out + printed.err).encode()
    written["messages"] = " ".join(told).encode()
    assert str(places.journal) in written
    assert BUY.entry.encode() in written[str(places.drafts(""))], "what was typed is not kept"
    assert PROBE.encode() in written[str(places.logs / "otoco.log")], "the log is not at its most talkative"
    assert len(signatures) > 5
    for name, body in written.items():
        assert SECRET.encode() not in body, name
        assert not [one for one in signatures if one.encode() in body], f"a signature stands in {name}"


def files_in(folder: Path, key_file: Path) -> dict[str, bytes]:
    """Everything that was written, but for the key itself."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file() and path != key_file}


async def a_session(stage: Stage) -> None:
    """What makes the program talk: a refusal, a lost reply, broken lines, a cancel, a finished trade."""
    stage.arm(Fault.REFUSE_CREATE, 306)
    await stage.send(BUY)
    await stage.reaches(Phase.REJECTED)
    stage.arm(Fault.LOSE_REPLY_PLACED, Loss.ABORT)
    await stage.send(BUY)
    await stage.reaches(Phase.WORKING)
    await stage.ask(lambda controls: controls.drop_connections())
    await stage.ready()
    await stage.cancel()
    await stage.reaches(Phase.CLOSED)
    await stage.send(SELL)
    await stage.reaches(Phase.WORKING)
    await stage.ask(lambda controls: controls.disconnect_users(1013))
    await stage.ready()
    stage.plan(BUY)
