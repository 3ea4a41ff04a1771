"""A run with every logger at its most talkative: the key and its secret stand nowhere but in the keyring."""

from __future__ import annotations

import gc
import json
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from otoco_desktop import logs
from otoco_desktop.domain.strategy import Phase
from otoco_desktop.practice.faults import Fault, Loss
from otoco_desktop.ui.widgets.sentence import Sentence
from tests.e2e.accounts.test_switching import with_key
from tests.e2e.accounts.visit import Key, Visit, exchange, local, visiting
from tests.e2e.stage import BUY, SELL
from tests.leaks import Places, leaks
from tests.vault.desktop import PrivateDesktop

if TYPE_CHECKING:
    import qasync

KEY = Key("sentinelkey00112233445", "sentinel-secret-0f3b2a9c71")
TALKERS = ("otoco_desktop", "websockets", "httpx", "httpcore", "keyring", "secretstorage", "jeepney")
PROBE = "everything is written down"


def shown(window: QWidget) -> str:
    """Everything the window writes or reads out, as a picture or a screen reader would have it."""
    told = []
    for widget in window.findChildren(QWidget):
        told += [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip(), widget.objectName()]
        if isinstance(widget, QLabel | QLineEdit | Sentence):
            told.append(widget.text())
    return "\n".join(told)


async def a_session(visit: Visit) -> None:
    """What makes the program talk: a refusal, a lost reply, broken lines, a cancel, a finished trade."""
    visit.arm(Fault.REFUSE_CREATE, 306)
    await visit.send(BUY)
    await visit.reaches(Phase.REJECTED)
    visit.arm(Fault.LOSE_REPLY_PLACED, Loss.ABORT)
    await visit.send(BUY)
    await visit.reaches(Phase.WORKING)
    await visit.ask(lambda controls: controls.drop_connections())
    await visit.ready()
    await visit.cancel()
    await visit.reaches(Phase.CLOSED)
    try:
        raise RuntimeError(f"a failure that quotes {KEY.api_key} and {KEY.secret}")
    except RuntimeError:
        logging.getLogger("otoco_desktop.test").exception("a slot failed")
    await visit.send(SELL)
    await visit.reaches(Phase.WORKING)


async def test_neither_key_nor_secret_is_written_anywhere(
    place: PrivateDesktop,
    tmp_path: Path,
    qloop: qasync.QEventLoop,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data, book = tmp_path / "data", tmp_path / "exchange"
    book.mkdir(mode=0o700)
    (book / "practice-key.json").write_text(json.dumps({"api_key": KEY.api_key, "secret": KEY.secret}))
    texts: dict[str, str | bytes] = {}
    set_up = logs.set_up

    def talkative(folder: Path) -> None:
        set_up(folder)
        for name in TALKERS:
            caplog.set_level(logging.DEBUG, name)
        logging.getLogger("otoco_desktop.exchange").debug(PROBE)

    monkeypatch.setattr(logs, "set_up", talkative)
    async with exchange(book) as (server, found), visiting(data, *local(found), server=server) as visit:
        await with_key(visit, KEY)
        await a_session(visit)
        texts["the window"] = "\n".join(shown(run.window) for run in visit.runs)
        texts["messages"] = "\n".join(m.text for run in visit.runs for m in run.window.toasts.log)
        texts["the clipboard"] = QGuiApplication.clipboard().text()
        alive = leaks([KEY.api_key, KEY.secret], Places(texts=texts, pids=[os.getpid()]))
    gc.collect()
    printed = capfd.readouterr()
    texts["stdout and stderr"] = printed.out + printed.err
    everything = Places(folders=[data, place.folder], texts=texts)
    assert alive == []
    assert PROBE in (data / "logs" / "otoco.log").read_text(), "the log is not at its most talkative"
    assert leaks([KEY.api_key, KEY.secret], everything) == []
    (data / "local" / "planted.txt").write_text(f"left behind: {KEY.secret}")
    assert leaks([KEY.api_key, KEY.secret], everything) == [f"file {data / 'local' / 'planted.txt'} (plain)"]
