"""Journals written by every released version can be read by this one."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from otoco_desktop.domain.events import (
    CancelAnswered,
    CancelAsked,
    Decided,
    Decision,
    Fact,
    Noted,
    Refused,
    RequestStamp,
)
from otoco_desktop.journal.schema import VERSION
from otoco_desktop.journal.store import SqliteJournal
from tests.domain.truth.builders import ID, LIST, START, acked, entered, intended, looked, told

SAMPLES = sorted((Path(__file__).parent / "samples").glob("version-*.sql"))
FACTS: list[Fact] = [
    intended(),
    acked(),
    *(told(row) for row in entered()),
    looked(1_000),
    CancelAsked(ID, START + 500, LIST, RequestStamp(8, START + 540, 40)),
    CancelAnswered(ID, START + 600, Refused("316", "NO_ACTIVE_ORDER", "there is no active order")),
    Noted(ID, START + 700, "range", "a note"),
    Decided(ID, START + 800, Decision.NOT_PLACED, "not there"),
]


def test_there_is_a_sample_of_every_version() -> None:
    assert [path.stem for path in SAMPLES] == [f"version-{number}" for number in range(1, VERSION + 1)]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
async def test_a_journal_of_an_older_version_is_brought_up_to_date(sample: Path, tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    _restore(sample, path)
    journal = await SqliteJournal.open(path)
    assert list(await journal.read_all()) == FACTS
    await journal.append([Noted(ID, START + 900, "range", "goes on")])
    assert journal.notice == ""
    await journal.close()
    assert _version(path) == VERSION


def _restore(sample: Path, path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(sample.read_text(encoding="utf-8"))
    connection.close()


def _version(path: Path) -> int:
    connection = sqlite3.connect(path)
    number = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.close()
    return int(number)
