"""Prices, instruments and texts that change under the plan, and an environment that must not be taken for another."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from otoco_desktop.domain.finding import Severity
from otoco_desktop.domain.strategy import LegStatus, Phase
from otoco_desktop.practice.rows import _core
from otoco_desktop.rehearsal.hands import CTRL
from tests.e2e.stage import BUY, SUBMIT, Stage, on_stage
from tests.faults.actions import Mutate
from tests.faults.evidence import Evidence
from tests.faults.seen import held, shown
from tests.faults.wired import REST, wired

if TYPE_CHECKING:
    import qasync

BETWEEN = replace(BUY, entry="92450.00")
MARKUP = "<a href=x>HI</a>"


@pytest.mark.fault(56)
async def test_practice_says_so_everywhere_and_stays_on_this_computer(
    tmp_path: Path, qloop: qasync.QEventLoop, monkeypatch: pytest.MonkeyPatch, evidence: Evidence
) -> None:
    asked: set[str] = set()
    real = socket.getaddrinfo

    def noting(host: Any, *rest: Any, **more: Any) -> Any:
        asked.add(str(host))
        return real(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", noting)
    async with on_stage(tmp_path) as stage:
        window = stage.program.window
        assert "PRACTICE" in window.windowTitle()
        stage.plan(BUY)
        await stage.review()
        assert stage.hands.is_open(SUBMIT)
        assert "practice" in SUBMIT
        await stage.confirm()
        await stage.reaches(Phase.WORKING)
        assert stage.strategy.intent.environment == "practice"
        assert asked <= {"127.0.0.1"}
        said = f"{window.windowTitle()}; button: {SUBMIT}; hosts looked up: {sorted(asked)}"
        evidence.note(56, injected="a whole trade in PRACTICE", shown=said, ledger=await held(stage))


@pytest.mark.fault(58)
async def test_a_price_that_falls_through_the_stop_before_sending(
    tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    async with on_stage(tmp_path) as stage:
        stage.plan(BUY)
        await stage.review()
        await stage.moved("90000.00")
        await stage.see(lambda: not stage.hands.is_open(SUBMIT), "that the review locks")
        stage.hands.press(Qt.Key.Key_Return, CTRL)
        stage.close_review()
        assert not stage.strategies
        said = warnings(stage)
        assert any("already below the stop" in each for each in said), said
        evidence.note(58, injected="mark 93,118 to 90,000", shown="; ".join(said), ledger=await held(stage))
        assert not (await stage.ledger()).creates


def failing(stage: Stage) -> list[str]:
    """The checks that close the button, as they are read out."""
    findings = stage.program.window.presenter.verdict.findings
    wrong = [finding for finding in findings if finding.severity in (Severity.FAIL, Severity.INCOMPLETE)]
    return [finding.message for finding in wrong]


def warnings(stage: Stage) -> list[str]:
    """The checks that the review wants a tick for."""
    findings = stage.program.window.presenter.verdict.findings
    return [finding.message for finding in findings if finding.severity is Severity.WARNING]


def coarser(row: dict[str, Any]) -> list[dict[str, Any]]:
    """The same instrument with a price tick of 100."""
    return [{**row, "price_tick_size": "100", "quote_decimals": 0}]


def gone(_: dict[str, Any]) -> list[dict[str, Any]]:
    """Delisted."""
    return []


@pytest.mark.fault(59)
@pytest.mark.parametrize(
    ("change", "words"),
    [(coarser, "between ticks of 100"), (gone, "Choose an instrument.")],
    ids=["tick changed", "delisted"],
)
async def test_an_instrument_that_changes_while_editing(
    change: Callable[[dict[str, Any]], list[dict[str, Any]]],
    words: str,
    tmp_path: Path,
    qloop: qasync.QEventLoop,
    evidence: Evidence,
) -> None:
    def edit(reply: bytes) -> bytes:
        head, _, body = reply.partition(b"\r\n\r\n")
        said = json.loads(body)
        rows = said["result"]["data"]
        kept = [new for row in rows for new in (change(row) if row["symbol"] == "BTC_USD" else [row])]
        said["result"]["data"] = kept
        changed = json.dumps(said).encode()
        return re.sub(rb"(?i)content-length: \d+", b"content-length: %d" % len(changed), head) + b"\r\n\r\n" + changed

    async with wired(tmp_path, REST) as here:
        stage = here.stage
        stage.plan(BUY if change is gone else BETWEEN)
        await stage.see(lambda: stage.hands.says("Ready."), "a plan that passes")
        here.proxy.mutate(Mutate(edit, within=b"get-instruments", lasts=True))
        stage.hands.press(Qt.Key.Key_F5)
        await stage.see(lambda: any(words in each for each in failing(stage)), f"{words} in {failing(stage)}")
        assert not stage.hands.says("Ready.")
        evidence.note(59, injected=change.__doc__ or "", shown="; ".join(failing(stage)), ledger=await held(stage))
        assert not (await stage.ledger()).creates


@pytest.mark.fault(68)
async def test_markup_in_what_the_exchange_says(
    tmp_path: Path, qloop: qasync.QEventLoop, monkeypatch: pytest.MonkeyPatch, evidence: Evidence
) -> None:
    def odd_core(*args: Any) -> dict[str, object]:
        row = _core(*args)
        return {**row, "status": MARKUP} if row["status"] == "ACTIVE" else row

    monkeypatch.setattr("otoco_desktop.practice.rows._core", odd_core)
    async with on_stage(tmp_path) as stage:
        await stage.send(BUY)
        await stage.shows_legs(LegStatus.UNRECOGNISED, LegStatus.WAITING, LegStatus.WAITING)
        assert "<a href" in stage.row()[2]
        labels = stage.program.window.findChildren(QLabel)
        assert all(each.textFormat() is Qt.TextFormat.PlainText for each in labels)
        assert not [each for each in labels if each.openExternalLinks()]
        evidence.note(68, injected=f"a status of {MARKUP}", shown=stage.row()[2], ledger=await held(stage))
        assert shown(stage)
