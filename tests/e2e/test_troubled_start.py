"""Starts that go wrong: the window opens, says why in one sentence, and takes no order that could not be recorded."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QAbstractButton

from otoco_desktop.domain.strategy import Phase
from otoco_desktop.journal.store import SqliteJournal
from otoco_desktop.practice.thread import PracticeServer
from otoco_desktop.program import Program
from otoco_desktop.settings import Environment, Places
from otoco_desktop.wiring import RunningPractice, Venue
from tests.e2e.stage import BUY, SkippingClock, Stage, dark_theme, held_market, make_setup, on_stage
from tests.faults.evidence import Evidence
from tests.waiting import until

if TYPE_CHECKING:
    import qasync

REVIEW = "Review and submit"


def places(folder: Path) -> Places:
    return Places(folder, Environment.PRACTICE)


async def refuses(stage: Stage, *words: str) -> None:
    """The window says it and cannot be made to send; what is typed stays."""
    await stage.see(lambda: all(word in stage.notice() for word in words), f"{words} in {stage.notice()!r}")
    stage.hands.write("Quantity", "0.1")
    assert stage.hands.read("Quantity") == "0.1"
    button = stage.hands.find(REVIEW, QAbstractButton)
    assert not button.isEnabled()
    assert not stage.strategies


class NeverThere:
    """An exchange that does not come up."""

    stopped = False

    async def start(self) -> Venue:
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    async def stop(self) -> None:
        self.stopped = True


async def test_the_window_can_be_closed_while_it_connects(
    tmp_path: Path, qloop: qasync.QEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("otoco_desktop.program.FINISH_S", 2.0)
    venue = NeverThere()
    program = Program(dark_theme(), make_setup(tmp_path, venue, SkippingClock()))
    running = asyncio.ensure_future(program.run())
    await until(program.window.isVisible, what="the window")
    program.window.close()
    await asyncio.wait_for(running, 20)
    assert venue.stopped
    program.window.deleteLater()


@pytest.mark.fault(43)
async def test_a_file_where_the_data_directory_should_be(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    taken = tmp_path / "data"
    taken.write_text("mine")
    async with on_stage(taken, ready=False) as stage:
        await refuses(stage, "Nothing can be recorded", str(taken), "--data-dir")
    assert taken.read_text() == "mine"


@pytest.mark.fault(43)
@pytest.mark.skipif(sys.platform != "linux", reason="/proc belongs to Linux")
async def test_a_place_where_nobody_may_write(qloop: qasync.QEventLoop) -> None:
    async with on_stage(Path("/proc/otoco"), ready=False) as stage:
        await refuses(stage, "Nothing can be recorded", "/proc/otoco")


@pytest.mark.fault(43)
async def test_a_missing_data_directory_is_made_for_its_owner_alone(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    folder = tmp_path / "not" / "there" / "yet"
    async with on_stage(folder) as stage:
        await stage.send(BUY)
        await stage.reaches(Phase.WORKING)
    kept = [path for path in places(folder).home.rglob("*") if path.name != "instance.lock"]
    assert places(folder).journal in kept
    if sys.platform != "win32":
        assert stat.S_IMODE(places(folder).home.stat().st_mode) == 0o700
        private = {path.name for path in kept if path.is_file() and stat.S_IMODE(path.stat().st_mode) & 0o077}
        assert not private, f"others may read {private}"


@pytest.mark.fault(42)
async def test_a_damaged_journal_is_kept_and_named(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    journal = places(tmp_path).journal
    journal.parent.mkdir(parents=True)
    journal.write_bytes(b"not a journal" * 100)
    async with on_stage(tmp_path) as stage:
        aside = "journal.damaged-1.sqlite3"
        await stage.see(lambda: aside in stage.notice(), aside)
        assert (journal.parent / aside).read_bytes() == b"not a journal" * 100
        await stage.send(BUY)
        await stage.reaches(Phase.WORKING)


@pytest.mark.fault(44)
async def test_a_journal_of_a_newer_version_is_left_alone(
    tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    journal = places(tmp_path).journal
    await (await SqliteJournal.open(journal)).close()
    with sqlite3.connect(journal) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = journal.read_bytes()
    async with on_stage(tmp_path, ready=False) as stage:
        await refuses(stage, "written by a newer version")
        evidence.note(44, injected="version 99", shown=stage.notice(), ledger="not asked")
    assert journal.read_bytes() == before


async def test_a_damaged_window_memory_is_kept_and_named(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    memory = places(tmp_path).window_memory
    memory.parent.mkdir(parents=True)
    memory.write_text("{]")
    async with on_stage(tmp_path) as stage:
        await stage.see(lambda: "window.damaged.json" in stage.notice(), "the notice")
        assert memory.with_name("window.damaged.json").read_text() == "{]"


async def test_a_practice_key_that_cannot_be_read(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    key = places(tmp_path).practice_book / "practice-key.json"
    key.parent.mkdir(parents=True, mode=0o700)
    key.write_text('{"api_key": "sentinel')
    async with on_stage(tmp_path, ready=False) as stage:
        await refuses(stage, "practice key cannot be read", str(key))
        assert "sentinel" not in stage.notice()


async def test_plans_are_judged_by_the_instruments_of_the_last_run(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    market, data = held_market(tmp_path / "exchange"), tmp_path / "data"
    server = PracticeServer(market)
    found = await asyncio.wrap_future(server.start())
    venue = RunningPractice((found.rest_url, found.user_url, found.market_url), found.key_file)
    async with on_stage(data, venue=venue, server=server):
        await asyncio.to_thread(server.stop)

    async with on_stage(data, venue=venue, ready=False) as stage:
        await stage.see(lambda: stage.program.desk.state.instrument is not None, "an instrument")
        stage.plan(replace(BUY, entry="92400.005"))
        assert stage.hands.says("92,400.005 is between ticks of 0.01.")
        stage.hands.take_fix("Entry price in USD")
        assert stage.hands.read("Entry price in USD") == "92400.00"
        gate = "The exchange cannot be reached. Planning works; Submit opens when it answers."
        await stage.see(lambda: gate in stage.why_closed(), gate)
        assert "Not checked: offline" in [each.message for each in stage.program.window.presenter.verdict.findings]


async def test_an_exchange_that_comes_later(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    market = held_market(tmp_path / "exchange")
    first = PracticeServer(market)
    found = await asyncio.wrap_future(first.start())
    await asyncio.to_thread(first.stop)

    venue = RunningPractice((found.rest_url, found.user_url, found.market_url), found.key_file)
    async with on_stage(tmp_path / "data", venue=venue, ready=False) as stage:
        await stage.see(lambda: "The exchange cannot be reached" in stage.notice(), "the notice")
        gate = stage.program.desk.state.gate
        assert gate.reason == "The exchange cannot be reached. Planning works; Submit opens when it answers."
        await refuses(stage, "The exchange cannot be reached")

        stage.server = PracticeServer(held_market(tmp_path / "exchange", port=found.port))
        await asyncio.wrap_future(stage.server.start())
        await stage.ready()
        await stage.see(lambda: not stage.notice(), "that the notice goes")
        await stage.send(BUY)
        await stage.reaches(Phase.WORKING)
    await asyncio.to_thread(stage.server.stop)
