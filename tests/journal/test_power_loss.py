"""The power fails at every write and every sync: what was reported as stored is there afterwards."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from otoco_desktop.domain.events import Fact, Noted
from otoco_desktop.journal.store import SqliteJournal
from tests.domain.truth.builders import intended
from tests.faults.evidence import Evidence
from tests.journal.power import Connection, Disk, PowerCutVFS, cut

pytestmark = pytest.mark.fault(46)

FACTS: tuple[Fact, ...] = (intended(), *(Noted("a", number, "", "x" * 3_000) for number in range(3)))
SEEDS = (None, 1, 2)
"""Nothing unsynced comes through, or some of it, in any order."""


@pytest.fixture
def disk() -> Iterator[Disk]:
    disk = Disk()
    vfs = PowerCutVFS(disk)
    yield disk
    vfs.unregister()


async def stored_on(disk: Disk, path: Path, patch: pytest.MonkeyPatch, weaken: str | None = None) -> list[int]:
    """Record each fact; after how many moments each was reported as stored. The journal's own code runs on apsw."""
    await (await SqliteJournal.open(path)).close()
    disk.take(path)

    def connect(place: Path, **_: Any) -> Any:
        return Connection(place, weaken)

    with patch.context() as here:
        here.setattr(sqlite3, "connect", connect)
        journal = await SqliteJournal.open(path)
        reported = []
        for fact in FACTS:
            await journal.append([fact])
            reported.append(len(disk.images))
        disk.note_moment()
        await journal.close()
    return reported


async def losses(disk: Disk, folder: Path, reported: list[int], seeds: tuple[int | None, ...] = SEEDS) -> list[str]:
    """Every cut after which something is missing that had been reported, or something is there that never was."""
    found = []
    for moment, image in enumerate(disk.images):
        for seed in seeds:
            place = folder / f"{moment}-{seed}"
            cut(image, place, seed)
            facts = await _read(place / "journal.sqlite3")
            promised = sum(count <= moment for count in reported)
            if facts != FACTS[: len(facts)] or len(facts) < promised:
                found.append(f"{promised} were promised at moment {moment}, {len(facts)} are there")
    return found


async def _read(path: Path) -> tuple[Fact, ...]:
    journal = await SqliteJournal.open(path)
    try:
        return await journal.read_all()
    finally:
        await journal.close()


async def test_what_was_reported_as_stored_survives(
    disk: Disk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, evidence: Evidence
) -> None:
    reported = await stored_on(disk, tmp_path / "journal.sqlite3", monkeypatch)
    assert len(reported) == len(FACTS)
    assert len(disk.images) > 4 * len(FACTS)
    assert await losses(disk, tmp_path, reported) == []
    evidence.note(
        46,
        injected=f"power cut at {len(disk.images)} moments, {len(SEEDS)} ways each",
        shown=f"{len(FACTS)} facts reported as stored",
        ledger="each of them is in the journal after every cut",
    )


@pytest.mark.parametrize("weaker", ["NORMAL", "OFF"])
async def test_a_weaker_setting_would_lose_the_intent(
    weaker: str, disk: Disk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported = await stored_on(disk, tmp_path / "journal.sqlite3", monkeypatch, weaker)
    assert await losses(disk, tmp_path, reported, (None,))
