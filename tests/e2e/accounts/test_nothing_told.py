"""A run with every logger at its most talkative: the key and its secret stand nowhere but in the keyring."""

from __future__ import annotations

import csv
import gc
import json
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QWidget

from otoco_desktop import hardening, logs
from otoco_desktop.app.defects import REASON
from otoco_desktop.domain.strategy import Phase
from otoco_desktop.practice.faults import Fault, Loss
from otoco_desktop.rehearsal.hands import CTRL
from otoco_desktop.settings import Environment
from otoco_desktop.ui.shell.support import COPIED
from otoco_desktop.ui.widgets.sentence import Sentence
from tests.e2e.accounts.visit import Key, Visit, exchange, local, visiting
from tests.e2e.stage import BUY, SELL
from tests.leaks import Places, leaks
from tests.seen import Album
from tests.vault.desktop import PrivateDesktop

if TYPE_CHECKING:
    import qasync

KEY = Key("sentinelkey00112233445", "sentinel-secret-0f3b2a9c71")
TALKERS = ("otoco_desktop", "websockets", "httpx", "httpcore", "keyring", "secretstorage", "jeepney")
PROBE = "everything is written down"
LOCAL = Environment.LOCAL
KEY_FORM = "the key form: MainWindow"


def shown(window: QWidget) -> str:
    """Everything the window writes or reads out, as a picture or a screen reader would have it."""
    told = []
    for widget in window.findChildren(QWidget):
        told += [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip(), widget.objectName()]
        if isinstance(widget, QLabel | QLineEdit | Sentence):
            told.append(widget.text())
    return "\n".join(told)


async def comes_in(visit: Visit, album: Album) -> None:
    """From the page of a start without a key to an open desk."""
    await visit.asked()
    album.take("the page")
    await visit.enter_key(LOCAL, KEY)
    album.take("the key form")
    await visit.keep_key(LOCAL)
    album.take("the kept key")
    visit.hands.click("Continue with LOCAL")
    await visit.opened(LOCAL, 2)
    await visit.ready()
    album.take("the desk")


async def a_session(visit: Visit, album: Album) -> None:
    """What makes the program talk: a refusal, a lost reply, broken lines, a cancel, a trade under way."""
    visit.arm(Fault.REFUSE_CREATE, 306)
    visit.plan(BUY)
    await visit.review()
    album.take("the review")
    await visit.confirm()
    await visit.reaches(Phase.REJECTED)
    visit.arm(Fault.LOSE_REPLY_PLACED, Loss.ABORT)
    await visit.send(BUY)
    album.take("a lost reply")
    await visit.reaches(Phase.WORKING)
    await visit.ask(lambda controls: controls.drop_connections())
    await visit.ready()
    await visit.cancel()
    await visit.reaches(Phase.CLOSED)
    album.take("a cancelled strategy")


async def a_defect(visit: Visit, folder: Path, album: Album) -> str:
    """A slot fails: sending pauses, reports and an export are made, and a check ends the pause. Gives the report."""
    QTimer.singleShot(0, fail)
    strip = visit.program.window.support
    await visit.see(lambda: visit.defects() and strip.strip.isVisible(), "what is said of the failure")
    await visit.see(lambda: visit.why_closed() == f"Can't submit. {REASON}", "why nothing can be sent")
    visit.hands.click("Copy report")
    await visit.see(lambda: COPIED in told(visit), "the copied report")
    report = QGuiApplication.clipboard().text()
    album.take("a failure")
    visit.hands.click("Save report…")
    await choose(visit, folder / "report.txt", album)
    visit.hands.press(Qt.Key.Key_E, CTRL)
    await choose(visit, folder / "strategies.csv", album)
    await visit.see((folder / "strategies.csv").exists, "the exported file")
    visit.hands.click("Check with the exchange")
    await visit.see(lambda: not strip.strip.isVisible(), "the end of the pause")
    await visit.send(SELL)
    await visit.reaches(Phase.WORKING)
    album.take("afterwards")
    return report


def fail() -> None:
    """What a defect would do, with the worst words."""
    held = KEY
    raise RuntimeError(f"a failure that quotes {held.api_key} and {held.secret}")


async def choose(visit: Visit, path: Path, album: Album) -> None:
    window = visit.program.window
    await visit.see(lambda: window.findChildren(QFileDialog), "the question for a place")
    (dialog,) = window.findChildren(QFileDialog)
    dialog.selectFile(str(path))
    album.take(f"the place for {path.name}")
    dialog.accept()
    await visit.see(lambda: path.exists() and not window.findChildren(QFileDialog), "the written file")
    window.activateWindow()  # there is no window manager here to give the keyboard back
    await visit.see(window.isActiveWindow, "the keyboard")


def told(visit: Visit) -> list[str]:
    return [message.text for run in visit.runs for message in run.window.toasts.log]


def core_setting() -> str:
    """What the system says of this process: whether it can be dumped, and how large a core file may be."""
    if not sys.platform.startswith("linux"):
        return ""
    limits = Path("/proc/self/limits").read_text()
    line = next(each for each in limits.splitlines() if each.startswith("Max core file size"))
    return f"dumpable {hardening._prctl(hardening.PR_GET_DUMPABLE, 0)}, core {' '.join(line.split()[4:6])}"


@pytest.mark.fault(70)
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
    album = Album()
    set_up = logs.set_up

    def talkative(folder: Path) -> None:
        set_up(folder)
        for name in TALKERS:
            caplog.set_level(logging.DEBUG, name)
        logging.getLogger("otoco_desktop.exchange").debug(PROBE)

    monkeypatch.setattr(logs, "set_up", talkative)
    async with exchange(book) as (server, found), visiting(data, *local(found), server=server) as visit:
        await comes_in(visit, album)
        await a_session(visit, album)
        visit.expected_defects = ["a slot failed"]
        report = texts["the report"] = await a_defect(visit, data, album)
        texts["the core setting"] = core_setting()
        texts["the window"] = "\n".join(shown(run.window) for run in visit.runs)
        texts["messages"] = "\n".join(told(visit))
        texts["the clipboard"] = QGuiApplication.clipboard().text()
        alive = leaks([KEY.api_key, KEY.secret], Places(texts=texts, pids=[os.getpid()]))
        assert texts["the core setting"] in ("", "dumpable 0, core 0 0")
    gc.collect()
    printed = capfd.readouterr()
    texts["stdout and stderr"] = printed.out + printed.err
    everything = Places(folders=[data, place.folder], texts=texts)
    assert alive == []
    log = (data / "logs" / "otoco.log").read_text()
    assert PROBE in log, "the log is not at its most talkative"
    for text in (report, (data / "report.txt").read_text(), log):
        assert "RuntimeError: a failure that quotes [hidden] and [hidden]" in text
    with (data / "strategies.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["state"] for row in csv.DictReader(file)] == ["closed", "rejected"]
    assert leaks([KEY.api_key, KEY.secret], everything) == []
    (data / "local" / "planted.txt").write_text(f"left behind: {KEY.secret}")
    assert leaks([KEY.api_key, KEY.secret], everything) == [f"file {data / 'local' / 'planted.txt'} (plain)"]
    # What the trader types into the key's own field is seen while it stands there; nothing is ever seen of the secret.
    assert album.find([KEY.api_key], tmp_path) == [KEY_FORM]
    assert album.find([KEY.secret], tmp_path) == []
