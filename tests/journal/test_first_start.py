"""The first start killed at every step: the next one begins a journal, and calls nothing damaged."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from otoco_desktop.domain.events import Noted
from otoco_desktop.journal.store import SqliteJournal
from tests.domain.truth.builders import acked
from tests.journal.harm import killed, names

pytestmark = [
    pytest.mark.fault(42),
    pytest.mark.fault(45),
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="SIGKILL belongs to POSIX"),
]

STEPS = {
    "the file is made and empty": "opening.connect = die",
    "the database is open and has no tables": "schema.prepare = die",
    "half of the tables are made": "schema.STEPS = ((schema.STEPS[0][0], 'SELECT abs(die())'),)",
    "the tables are made and not in place": "opening.put_in_place = die",
    "it has both of its names": "Path.unlink = die",
    "it is in place and not open": "files.sync_folder = die",
}
_ONE_FUNCTION = """
connect = schema.sqlite3.connect
def with_die(*told, **named):
    connection = connect(*told, **named)
    connection.create_function("die", 0, die)
    return connection
schema.sqlite3.connect = with_die
"""


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
async def test_the_next_start_begins_a_journal(step: str, tmp_path: Path) -> None:
    path = tmp_path / "practice" / "journal.sqlite3"
    if "Path.unlink" in step:
        step = f"remove = files.remove\n{step}\nopening.remove = lambda path: None"
    await killed(path, f"{_ONE_FUNCTION}{step}\nasyncio.run(SqliteJournal.open(path))")
    journal = await SqliteJournal.open(path)
    assert journal.notice == ""
    assert await journal.read_all() == ()
    await journal.append([acked()])
    await journal.close()
    assert names(path.parent) == ["journal.sqlite3"]
    again = await SqliteJournal.open(path)
    assert await again.read_all() == (acked(),)
    await again.close()


@pytest.mark.parametrize("left", [b"", b"half a page of nothing" * 50], ids=["empty", "torn"])
async def test_what_a_power_cut_left_of_a_beginning_is_made_again(left: bytes, tmp_path: Path) -> None:
    (tmp_path / "journal.beginning.sqlite3").write_bytes(left)
    journal = await SqliteJournal.open(tmp_path / "journal.sqlite3")
    assert (journal.notice, await journal.read_all()) == ("", ())
    await journal.close()
    assert names(tmp_path) == ["journal.sqlite3"]


@pytest.mark.parametrize("step", ["opening.salvage = die", "opening.set_aside = die", "opening.put_in_place = die"])
async def test_a_rebuild_that_was_killed_is_done_again(step: str, tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    journal = await SqliteJournal.open(path)
    await journal.append([acked(), Noted("a", 1, "", "the sound one")])
    await journal.close()
    damaged = path.read_bytes().replace(b"the sound one", b"the wrong one")
    path.write_bytes(damaged)
    await killed(path, f"{step}\nasyncio.run(SqliteJournal.open(path))")
    journal = await SqliteJournal.open(path)
    assert await journal.read_all() == (acked(),)
    await journal.close()
    assert (tmp_path / "journal.damaged-1.sqlite3").read_bytes() == damaged
    assert not [name for name in names(tmp_path) if "beginning" in name or "damaged-2" in name]
