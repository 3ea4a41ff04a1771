"""The disk under a running program: full, given back, held, damaged or read-only; seen through the real window."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QAbstractButton

from otoco_desktop.app.desk import DeskOptions
from otoco_desktop.domain.events import Answered, LegReported
from otoco_desktop.domain.strategy import LegStatus, Phase
from otoco_desktop.domain.transport import Transport
from otoco_desktop.journal import schema
from otoco_desktop.journal.files import wal_of
from otoco_desktop.practice.thread import PracticeServer
from otoco_desktop.settings import Environment, Places
from otoco_desktop.wiring import RunningPractice, Venue
from tests.crash.cells import Line
from tests.crash.crash import CREATE
from tests.crash.line import Relay, relay
from tests.e2e.disk import SmallDisk, hold, small_disk
from tests.e2e.records import facts_in, from_journal
from tests.e2e.stage import BUY, Stage, held_market, on_stage
from tests.faults.evidence import Evidence
from tests.journal.harm import killed_after_notes, overwrite

if TYPE_CHECKING:
    import qasync

NOT_RECORDED = "Cannot record. Nothing was sent. The disk is full."
BEHIND = "The journal is behind: The disk is full."
OVER_REST = DeskOptions(transport=lambda: Transport.REST)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "data") as small:
        yield small


@asynccontextmanager
async def trading(data: Path, exchange: Path) -> AsyncIterator[tuple[Stage, Relay]]:
    """The program over REST, on an exchange that lives on another disk, and the line between the two."""
    server = PracticeServer(held_market(exchange))
    found = await asyncio.wrap_future(server.start())
    try:
        async with relay(found.port, Line.OPEN, CREATE) as (line, port):
            rest = found.rest_url.replace(f":{found.port}/", f":{port}/")
            venue = RunningPractice((rest, found.user_url, found.market_url), found.key_file)
            async with on_stage(data, venue=venue, server=server, options=OVER_REST) as stage:
                yield stage, line
    finally:
        await asyncio.to_thread(server.stop)


def places(folder: Path) -> Places:
    return Places(folder, Environment.PRACTICE)


# Full


@pytest.mark.fault(39)
async def test_a_plan_that_cannot_be_recorded_does_not_leave(
    disk: SmallDisk, tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    async with trading(disk.folder, tmp_path / "exchange") as (stage, line):
        stage.plan(BUY)
        await stage.review()
        await disk.fill()
        stage.hands.click(stage.submit)
        sheet = stage.program.window.review.sheet
        await stage.see(lambda: stage.hands.says(NOT_RECORDED), NOT_RECORDED)
        assert sheet.is_open
        assert (stage.strategies, line.seen, (await stage.ledger()).creates) == ((), [], ())
        evidence.note(39, injected="a file system without room", shown=NOT_RECORDED, ledger="no create, no byte of one")
        await disk.empty()
        stage.close_review()
        await stage.send(BUY)
        await stage.reaches(Phase.WORKING)
        assert line.seen == [CREATE]
    assert len(await from_journal(disk.folder)) == 1


@pytest.mark.fault(40)
async def test_events_that_cannot_be_recorded_are_kept_and_stored_later(
    disk: SmallDisk, tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    async with trading(disk.folder, tmp_path / "exchange") as (stage, _):
        await stage.send(BUY)
        await stage.shows_legs(LegStatus.ACTIVE, LegStatus.WAITING, LegStatus.WAITING)
        await disk.fill()
        await stage.move("92390.00")
        await stage.reaches(Phase.PROTECTED)
        await stage.see(lambda: BEHIND in stage.notice(), BEHIND)
        assert "kept in memory" in stage.notice()
        assert stage.program.window.trouble.is_red
        assert "Cannot record" in stage.why_closed()
        legs = [leg.status.value for leg in await stage.legs_there()]
        evidence.note(40, injected="a file system without room", shown=stage.notice(), ledger=f"legs {legs}")
        await disk.empty()
        await stage.see(lambda: not stage.notice() and not stage.program.window.trouble.is_red, "that the notice goes")
        known = stage.strategy
    (kept,) = await from_journal(disk.folder)
    assert kept.legs == known.legs
    facts = await facts_in(disk.folder)
    assert sum(isinstance(fact, LegReported) for fact in facts) >= 6
    assert any(isinstance(fact, Answered) for fact in facts)


# Held


@pytest.mark.fault(41)
async def test_the_window_answers_keys_while_the_journal_is_held(
    tmp_path: Path, qloop: qasync.QEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long SQLite waits for the lock: nothing of the window does."""
    monkeypatch.setattr(schema, "BUSY_MS", 30_000)
    async with hold(places(tmp_path).journal), on_stage(tmp_path, connect=False) as stage:
        connecting = asyncio.ensure_future(stage.program.connect())
        await stage.see(lambda: any(each.name.startswith("journal") for each in threading.enumerate()), "the opening")
        stage.hands.write("Quantity", "0.1")
        assert stage.hands.read("Quantity") == "0.1"
        assert not connecting.done()
        connecting.cancel()
        await asyncio.gather(connecting, return_exceptions=True)


@pytest.mark.fault(41)
async def test_a_journal_that_another_process_holds(
    tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    async with hold(places(tmp_path).journal), on_stage(tmp_path, ready=False) as stage:
        await refuses(stage, "Another instance of this program holds the journal. Use that one.")
        evidence.note(41, injected="another process has it open", shown=stage.notice(), ledger="not asked")


# Damaged


def _a_flipped_bit(path: Path) -> None:
    overwrite(wal_of(path), wal_of(path).read_bytes().index(b"note 2 "), b"N")


def _cut_to_nothing(path: Path) -> None:
    path.write_bytes(b"")


def _noise(path: Path) -> None:
    path.write_bytes(b"\xa5" * 12_288)


@pytest.mark.fault(42)
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL belongs to POSIX")
@pytest.mark.parametrize("harm", [_a_flipped_bit, _cut_to_nothing, _noise])
async def test_a_damaged_journal_is_kept_and_trading_goes_on(
    harm: Callable[[Path], None], tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    journal = places(tmp_path).journal
    await killed_after_notes(journal)
    harm(journal)
    found = (journal.read_bytes(), wal_of(journal).read_bytes())
    async with on_stage(tmp_path) as stage:
        aside = journal.with_name("journal.damaged-1.sqlite3")
        await stage.see(lambda: aside.name in stage.notice(), aside.name)
        assert (aside.read_bytes(), wal_of(aside).read_bytes()) == found
        await stage.send(BUY)
        await stage.reaches(Phase.WORKING)
        ledger = f"the original, byte for byte; {len((await stage.ledger()).lists)} list sent afterwards"
        evidence.note(42, injected=harm.__name__.strip("_").replace("_", " "), shown=stage.notice(), ledger=ledger)
    assert (aside.read_bytes(), wal_of(aside).read_bytes()) == found


# Places


@pytest.mark.fault(43)
@pytest.mark.skipif(sys.platform != "linux", reason="read-only mounts are made for Linux")
async def test_a_directory_that_became_read_only(tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence) -> None:
    data = tmp_path / "data"
    async with on_stage(data):
        pass
    before = places(data).journal.read_bytes()
    with read_only(data):
        async with on_stage(data, ready=False, venue=Nowhere()) as stage:
            await refuses(stage, "Read-only file system. Choose another folder with --data-dir.")
            evidence.note(43, injected="a read-only mount", shown=stage.notice(), ledger="not asked")
    assert places(data).journal.read_bytes() == before


class Nowhere:
    """An exchange that is not needed, as nothing is reached before the journal is."""

    async def start(self) -> Venue:
        raise AssertionError("nobody asks for it")

    async def stop(self) -> None: ...


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Mounted over itself without the right to write; skips where this user may not mount."""
    mounted = subprocess.run(["mount", "--bind", str(folder), str(folder)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("this user may not mount a file system")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


async def refuses(stage: Stage, words: str) -> None:
    """The window says it and cannot be made to send; what is typed stays."""
    await stage.see(lambda: words in stage.notice(), f"{words} in {stage.notice()!r}")
    stage.hands.write("Quantity", "0.1")
    assert stage.hands.read("Quantity") == "0.1"
    assert not stage.hands.find("Review and submit", QAbstractButton).isEnabled()
    assert not stage.strategies


@pytest.mark.fault(42)
async def test_what_a_lost_journal_knew_is_told_by_the_exchange(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    """An open list of which no record is left stands there as placed elsewhere; it is never taken for ours by guess."""
    data = tmp_path / "data"
    server = PracticeServer(held_market(tmp_path / "exchange"))
    found = await asyncio.wrap_future(server.start())
    venue = RunningPractice((found.rest_url, found.user_url, found.market_url), found.key_file)
    try:
        async with on_stage(data, venue=venue, server=server) as stage:
            await stage.send(BUY)
            await stage.reaches(Phase.WORKING)
        _noise(places(data).journal)
        async with on_stage(data, venue=venue, server=server) as again:
            assert "journal.damaged-1.sqlite3" in again.notice()
            assert "What the exchange has open beyond them is listed as placed elsewhere." in again.notice()
            assert not again.strategies
            await again.see(lambda: again.program.desk.state.foreign, "the list that nobody remembers")
    finally:
        await asyncio.to_thread(server.stop)
