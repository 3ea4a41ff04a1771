"""The journal on a real disk: durable, private, exclusive, and never overwriting what it cannot read."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from otoco_desktop.domain.errors import JournalHeld, JournalNewer, JournalTrouble
from otoco_desktop.domain.events import Fact, Noted
from otoco_desktop.journal.schema import APPLICATION_ID, VERSION
from otoco_desktop.journal.store import SqliteJournal
from tests.contracts.journal_contract import JournalContract
from tests.domain.truth.builders import acked, intended, placed, told

ROOT = Path(__file__).parents[2]
POSIX = pytest.mark.skipif(os.name != "posix", reason="permission bits are a POSIX matter")


class TestSqliteJournal(JournalContract):
    @pytest.fixture(autouse=True)
    def _place(self, tmp_path: Path) -> None:
        self.path = tmp_path / "practice" / "journal.db"

    async def open_again(self) -> SqliteJournal:
        return await SqliteJournal.open(self.path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "practice" / "journal.db"


def _bytes(path: Path) -> bytes:
    return path.read_bytes()


def _names(folder: Path) -> list[str]:
    return sorted(item.name for item in folder.iterdir())


def _python(script: str) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdin=pipe, stdout=pipe, text=True)


async def filled_journal(path: Path) -> list[Fact]:
    facts: list[Fact] = [intended(), acked(), *(told(row) for row in placed())]
    journal = await SqliteJournal.open(path)
    await journal.append(facts)
    await journal.close()
    return facts


async def on_its_thread(journal: SqliteJournal, statement: str) -> Any:
    """One statement on the journal's own connection, where it must run."""

    def run() -> Any:
        assert journal._connection is not None
        return journal._connection.execute(statement).fetchone()

    return await asyncio.get_running_loop().run_in_executor(journal._executor, run)


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("locking_mode", "exclusive"), ("application_id", APPLICATION_ID)],
)
async def test_commits_survive_power_loss_by_setting(path: Path, pragma: str, value: object) -> None:
    journal = await SqliteJournal.open(path)
    assert await on_its_thread(journal, f"PRAGMA {pragma}") == (value,)
    await journal.close()


@POSIX
async def test_the_file_and_its_folder_are_private(path: Path) -> None:
    journal = await SqliteJournal.open(path)
    await journal.append([acked()])
    modes = {item.name: stat.S_IMODE(item.stat().st_mode) for item in path.parent.iterdir()}
    assert set(modes.values()) == {0o600}
    assert "journal.db-wal" in modes
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    await journal.close()


@pytest.mark.parametrize("statement", ["UPDATE facts SET body = ''", "DELETE FROM facts"])
async def test_facts_can_be_neither_changed_nor_deleted(path: Path, statement: str) -> None:
    await filled_journal(path)
    journal = await SqliteJournal.open(path)
    with pytest.raises(sqlite3.IntegrityError, match="never"):
        await on_its_thread(journal, statement)
    await journal.close()


async def test_one_bad_append_does_not_take_its_neighbours_down(path: Path) -> None:
    journal = await SqliteJournal.open(path)
    await journal.append([intended()])
    notes = [Noted("a", number, "", "") for number in range(3)]
    results = await asyncio.gather(
        journal.append(notes[:1]),
        journal.append([intended()]),
        journal.append(notes[1:]),
        return_exceptions=True,
    )
    assert [type(item) for item in results] == [type(None), JournalTrouble, type(None)]
    assert list(await journal.read_all()) == [intended(), *notes]
    await journal.close()


async def test_a_write_goes_on_when_nobody_waits_for_it_any_more(path: Path) -> None:
    journal = await SqliteJournal.open(path)
    disk_is_back = threading.Event()
    journal._executor.submit(disk_is_back.wait)
    waiting = asyncio.create_task(journal.append([acked()]))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    disk_is_back.set()
    assert await journal.read_all() == (acked(),)
    await journal.close()


async def test_a_full_disk_is_told_and_the_journal_stays_usable(path: Path) -> None:
    journal = await SqliteJournal.open(path)
    pages = (await on_its_thread(journal, "PRAGMA page_count"))[0]
    await on_its_thread(journal, f"PRAGMA max_page_count = {pages}")
    with pytest.raises(JournalTrouble, match="The disk is full"):
        await journal.append([Noted("a", 1, "", "x" * 100_000)])
    await on_its_thread(journal, "PRAGMA max_page_count = 1000000")
    await journal.append([acked()])
    assert await journal.read_all() == (acked(),)
    await journal.close()


async def test_a_journal_held_by_another_process_is_named_so(path: Path) -> None:
    await filled_journal(path)
    script = f"""
import asyncio, sys
from pathlib import Path
from otoco_desktop.journal.store import SqliteJournal
async def hold():
    journal = await SqliteJournal.open(Path({str(path)!r}))
    print("held", flush=True)
    sys.stdin.readline()
    await journal.close()
asyncio.run(hold())
"""
    with _python(script) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(JournalHeld, match="Another instance"):
            await SqliteJournal.open(path)
        other.communicate("done\n", timeout=20)
    journal = await SqliteJournal.open(path)
    assert len(await journal.read_all()) == 5
    await journal.close()


def _forge(path: Path, *statements: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


async def test_a_newer_journal_is_refused_politely_and_untouched(path: Path) -> None:
    await filled_journal(path)
    _forge(path, f"PRAGMA user_version = {VERSION + 1}")
    before = _bytes(path)
    with pytest.raises(JournalNewer, match="newer version"):
        await SqliteJournal.open(path)
    assert _bytes(path) == before
    assert _names(path.parent) == ["journal.db"]


async def test_another_programs_database_is_refused_and_untouched(path: Path) -> None:
    _forge(path, "CREATE TABLE cards (name TEXT)")
    with pytest.raises(JournalTrouble, match="another program"):
        await SqliteJournal.open(path)
    assert _names(path.parent) == ["journal.db"]


def _overwrite(path: Path, at: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


def _not_a_database(path: Path) -> None:
    path.write_bytes(b"this was never a database, or its header is gone " * 100)


def _header_gone(path: Path) -> None:
    _overwrite(path, 0, b"\0" * 100)


def _cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5_000])


def _cut_to_nothing(path: Path) -> None:
    path.write_bytes(b"")


def _page_of_noise(path: Path) -> None:
    _overwrite(path, 4096, b"\xa5" * 4096)


def _flipped_bit(path: Path) -> None:
    at = path.read_bytes().index(b'"93000.00"')
    _overwrite(path, at + 1, b"8")


def _broken_text(path: Path) -> None:
    at = path.read_bytes().index(b'"93000.00"')
    _overwrite(path, at + 1, b"\xff")


@pytest.mark.parametrize(
    "harm",
    [_not_a_database, _header_gone, _cut_short, _cut_to_nothing, _page_of_noise, _flipped_bit, _broken_text],
)
async def test_a_damaged_journal_is_set_aside_and_named(path: Path, harm: Any) -> None:
    await filled_journal(path)
    harm(path)
    damaged = _bytes(path)
    journal = await SqliteJournal.open(path)
    aside = path.with_name("journal.damaged-1.db")
    assert _bytes(aside) == damaged
    assert "journal.damaged-1.db" in journal.notice
    await journal.append([Noted("a", 1, "", "goes on")])
    assert Noted("a", 1, "", "goes on") in await journal.read_all()
    await journal.close()


async def test_what_can_still_be_read_of_a_damaged_journal_is_carried_over(path: Path) -> None:
    facts = await filled_journal(path)
    damaged = _bytes(path)
    at = damaged.rindex(b'"leg_reported"')
    _overwrite(path, at + 1, b"k")
    journal = await SqliteJournal.open(path)
    assert "4 entries" in journal.notice
    saved = await journal.read_all()
    assert len(saved) == 4
    assert set(saved) < set(facts)
    await journal.close()


async def test_a_second_damage_gets_a_name_of_its_own(path: Path) -> None:
    for number in (1, 2):
        await filled_journal(path) if number == 1 else None
        _not_a_database(path)
        journal = await SqliteJournal.open(path)
        assert f"journal.damaged-{number}.db" in journal.notice
        await journal.close()


async def test_a_place_that_cannot_hold_a_journal_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(JournalTrouble, match="cannot be kept in"):
        await SqliteJournal.open(tmp_path / "file" / "journal.db")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
async def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    with pytest.raises(JournalTrouble, match="cannot be kept in"):
        await SqliteJournal.open(folder / "journal.db")


async def test_a_journal_that_became_read_only_is_told(path: Path) -> None:
    journal = await SqliteJournal.open(path)
    await on_its_thread(journal, "PRAGMA query_only = ON")
    with pytest.raises(JournalTrouble, match="read-only"):
        await journal.append([acked()])
    await journal.close()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
async def test_an_intent_survives_the_death_of_its_program(path: Path) -> None:
    script = f"""
import asyncio, os, signal
from pathlib import Path
from otoco_desktop.journal.store import SqliteJournal
from tests.domain.truth.builders import intended
async def die():
    journal = await SqliteJournal.open(Path({str(path)!r}))
    await journal.append([intended()])
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(die())
"""
    ended = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", script], cwd=ROOT, timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL
    journal = await SqliteJournal.open(path)
    assert await journal.read_all() == (intended(),)
    assert journal.notice == ""
    await journal.close()
