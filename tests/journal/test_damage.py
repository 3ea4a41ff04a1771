"""What a killed program has left and something has harmed: kept byte for byte, named, and read as far as it goes."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from otoco_desktop.domain.events import Noted
from otoco_desktop.journal import schema
from otoco_desktop.journal.files import wal_of
from otoco_desktop.journal.schema import VERSION
from otoco_desktop.journal.store import SqliteJournal
from otoco_desktop.journal.wal import is_whole
from tests.journal.harm import NOTES, killed_after_notes, names, overwrite

needs_kill = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="SIGKILL belongs to POSIX")
FRAME = 4096 + 24


def _flip(path: Path, at: int) -> None:
    overwrite(path, at, bytes([path.read_bytes()[at] ^ 1]))


def _frame_of_the_third(wal: Path) -> None:
    _flip(wal, wal.read_bytes().index(b"note 2 "))


def _last_frame(wal: Path) -> None:
    _flip(wal, wal.stat().st_size - 10)


def _header(wal: Path) -> None:
    _flip(wal, 16)


@needs_kill
@pytest.mark.fault(42)
@pytest.mark.parametrize(("harm", "left"), [(_frame_of_the_third, 2), (_last_frame, 4), (_header, 0)])
async def test_a_harmed_log_is_copied_before_its_end_is_left_out(
    harm: Callable[[Path], None], left: int, tmp_path: Path
) -> None:
    path = tmp_path / "journal.sqlite3"
    await killed_after_notes(path)
    harm(wal_of(path))
    found = (path.read_bytes(), wal_of(path).read_bytes())
    journal = await SqliteJournal.open(path)
    aside = path.with_name("journal.damaged-1.sqlite3")
    assert (aside.read_bytes(), wal_of(aside).read_bytes()) == found
    assert aside.name in journal.notice
    assert "listed as placed elsewhere" in journal.notice
    assert await journal.read_all() == NOTES[:left]
    await journal.close()


@needs_kill
@pytest.mark.fault(45)
async def test_a_killed_programs_log_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    await killed_after_notes(path)
    assert is_whole(wal_of(path))
    with wal_of(path).open("ab") as torn:
        torn.write(wal_of(path).read_bytes()[-FRAME:-100])
    assert is_whole(wal_of(path))
    journal = await SqliteJournal.open(path)
    assert (journal.notice, await journal.read_all()) == ("", NOTES)
    await journal.close()


@needs_kill
@pytest.mark.fault(42)
async def test_a_damaged_file_with_a_log_keeps_every_byte_of_both(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    first = await SqliteJournal.open(path)
    await first.append([Noted("a", 90, "", "an older note")])
    await first.close()
    await killed_after_notes(path)
    _flip(wal_of(path), 0)
    overwrite(path, path.read_bytes().index(b"an older note"), b"x")
    found = (path.read_bytes(), wal_of(path).read_bytes())
    journal = await SqliteJournal.open(path)
    aside = path.with_name("journal.damaged-1.sqlite3")
    assert (aside.read_bytes(), wal_of(aside).read_bytes()) == found
    assert aside.name in journal.notice
    await journal.close()


def test_no_log_is_whole(tmp_path: Path) -> None:
    assert is_whole(tmp_path / "journal.sqlite3-wal")
    (tmp_path / "cut").write_bytes(b"\0" * 20)
    assert is_whole(tmp_path / "cut")


# Versions


@pytest.fixture
def next_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program whose journal has one version more."""
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, ("CREATE TABLE marks (at INTEGER) STRICT",)))
    monkeypatch.setattr(schema, "VERSION", VERSION + 1)


async def _of_this_version(path: Path) -> None:
    journal = await SqliteJournal.open(path)
    await journal.append(NOTES)
    await journal.close()


def _number(path: Path) -> int:
    connection = sqlite3.connect(path)
    number = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.close()
    return int(number)


@pytest.mark.fault(44)
async def test_an_older_journal_is_copied_before_it_is_brought_up_to_date(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    path, copy = tmp_path / "journal.sqlite3", tmp_path / f"journal.version-{VERSION}-1.sqlite3"
    await _of_this_version(path)
    request.getfixturevalue("next_version")
    journal = await SqliteJournal.open(path)
    assert (journal.notice, await journal.read_all()) == ("", NOTES)
    await journal.close()
    assert (_number(path), _number(copy)) == (VERSION + 1, VERSION)
    await (await SqliteJournal.open(path)).close()
    assert names(tmp_path) == [path.name, copy.name]
    request.getfixturevalue("monkeypatch").undo()
    older = await SqliteJournal.open(copy)
    assert await older.read_all() == NOTES
    await older.close()


@pytest.mark.fault(44)
async def test_an_upgrade_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    path = tmp_path / "journal.sqlite3"
    await _of_this_version(path)
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, ("CREATE TABLE marks (at INTEGER)", "CREATE TABLE facts (a)")))
    monkeypatch.setattr(schema, "VERSION", VERSION + 1)
    before = path.read_bytes()
    with pytest.raises(Exception, match="cannot be used"):
        await SqliteJournal.open(path)
    assert path.read_bytes() == before
    assert _number(tmp_path / f"journal.version-{VERSION}-1.sqlite3") == VERSION
