"""The history beside the journal: it says what a fold of all facts says, and is made anew wherever it cannot."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from otoco_desktop.domain.errors import JournalTrouble
from otoco_desktop.domain.events import Fact, Intended, Noted
from otoco_desktop.domain.history import HistoryOrder, HistoryPage, HistoryQuery, StateGroup
from otoco_desktop.domain.lifecycle import fold
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.journal import history_schema
from otoco_desktop.journal.files import history_of
from otoco_desktop.journal.store import SqliteJournal
from tests.domain.truth.builders import START
from tests.history_pages import page_of
from tests.many import HOUR_MS, INSTRUMENTS, facts_of, id_of, many

EVERYTHING = HistoryQuery(limit=10_000)
FACTS = many()
OLD = START - 1


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite3"


def folded(facts: Sequence[Fact]) -> list[Strategy]:
    intents = [fact for fact in facts if isinstance(fact, Intended)]
    return [fold(intent, [fact for fact in facts if fact.strategy_id == intent.strategy_id]) for intent in intents]


def same(page: HistoryPage, strategies: Sequence[Strategy], query: HistoryQuery) -> None:
    wanted = page_of(strategies, query)
    assert page.rows == wanted.rows
    assert (page.total, page.everything, page.instruments) == (wanted.total, wanted.everything, wanted.instruments)
    assert page.counts == {group: wanted.counts.get(group, 0) for group in StateGroup}


EVERYONE = folded(FACTS)


async def kept(path: Path, *facts: Fact) -> None:
    """A run that stores these facts, reads the history, and ends."""
    journal = await SqliteJournal.open(path)
    await journal.append(facts)
    await journal.history(EVERYTHING)
    await journal.close()


def facts_in(path: Path) -> bytes:
    return path.read_bytes()


TEXTS = ["", "range", "AUSBRUCH ö", "s-0007", "note 1", "%", "_'", "eth 4611686018427705310", "no such"]
QUERIES = st.builds(
    HistoryQuery,
    text=st.sampled_from(
        ["", "range", "AUSBRUCH ö", "s-0007", "note 1", "%", "_'", "eth 4611686018427705310", "no such"]
    ),
    group=st.sampled_from([None, *StateGroup]),
    instrument=st.sampled_from(["", *INSTRUMENTS, "XRP_USD"]),
    since_ms=st.sampled_from([None, START + 150, START + 9 * HOUR_MS]),
    before_ms=st.sampled_from([None, START + 350, START + 9 * HOUR_MS]),
    order=st.sampled_from(HistoryOrder),
    descending=st.booleans(),
    offset=st.integers(0, 8),
    limit=st.integers(1, 20),
)


async def test_every_page_is_what_a_search_of_all_strategies_finds(tmp_path_factory: pytest.TempPathFactory) -> None:
    journal = await SqliteJournal.open(tmp_path_factory.mktemp("history") / "journal.sqlite3")
    await journal.append(FACTS)
    asked = list[HistoryQuery]()

    @settings(max_examples=80, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(QUERIES)
    def collect(query: HistoryQuery) -> None:
        asked.append(query)

    collect()
    for query in (EVERYTHING, *asked):
        same(await journal.history(query), EVERYONE, query)
    await journal.close()


async def test_a_start_loads_what_may_still_change_and_the_latest(path: Path) -> None:
    await kept(path, *FACTS)
    journal = await SqliteJournal.open(path)
    standing = await journal.standing(3, START + (len(EVERYONE) - 5) * HOUR_MS)
    at_hand = {row.strategy_id for row in page_of(EVERYONE, EVERYTHING).rows if row.closed_ms is None}
    wanted = [
        item for number, item in enumerate(EVERYONE) if item.strategy_id in at_hand or number >= len(EVERYONE) - 5
    ]
    assert list(standing.strategies) == wanted
    assert (standing.total, standing.last_number) == (len(EVERYONE), len(EVERYONE))
    assert len(wanted) < len(EVERYONE)
    await journal.close()


async def test_strategies_and_owners_are_found_whatever_is_at_hand(path: Path) -> None:
    await kept(path, *FACTS)
    journal = await SqliteJournal.open(path)
    assert list(await journal.strategies([item.strategy_id for item in EVERYONE])) == EVERYONE
    assert await journal.strategies(["nobody"]) == ()
    listed = {item.list_id: item.strategy_id for item in EVERYONE if item.list_id}
    assert await journal.owners([*listed, "77", ""]) == listed
    await journal.close()


async def test_facts_stored_one_by_one_and_in_any_order_of_strategies_come_to_the_same(path: Path) -> None:
    facts: list[Fact] = [fact for fact in FACTS if isinstance(fact, Intended)]
    later = [fact for fact in FACTS if not isinstance(fact, Intended)]
    random.Random(7).shuffle(later)  # noqa: S311 - an order, not a secret
    journal = await SqliteJournal.open(path)
    await journal.append(facts)
    for start in range(0, len(later), 20):
        await journal.append(later[start : start + 20])
        facts += later[start : start + 20]
        same(await journal.history(EVERYTHING), folded(facts), EVERYTHING)
    await journal.close()


async def test_a_history_that_was_left_behind_reads_on(path: Path) -> None:
    await kept(path, *FACTS)
    behind = path.with_name("behind")
    shutil.copy(history_of(path), behind)
    news = [Noted(id_of(2), START, "retest", "late"), *facts_of(500)]
    await kept(path, *news)
    shutil.copy(behind, history_of(path))
    journal = await SqliteJournal.open(path)
    same(await journal.history(EVERYTHING), folded([*FACTS, *news]), EVERYTHING)
    await journal.close()


def _missing(file: Path) -> None:
    file.unlink()


def _nonsense(file: Path) -> None:
    file.write_bytes(b"no database" * 500)


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:9_000])


def _flipped(file: Path) -> None:
    """One bit of a flag that decides what is loaded at start."""
    _with(file, "UPDATE strategies SET at_hand = 1 - at_hand WHERE number = 3")


def _other_version(file: Path) -> None:
    _with(file, f"PRAGMA user_version = {history_schema.VERSION + 1}")


def _ahead(file: Path) -> None:
    _with(file, "UPDATE mark SET sequence = 100000")


def _of_another(file: Path) -> None:
    _with(file, "UPDATE mark SET check_sum = check_sum + 1")


def _row_lost(file: Path) -> None:
    _with(file, "DELETE FROM strategies WHERE number = 3")


def _no_file_possible(file: Path) -> None:
    file.unlink()
    (file / "in the way").mkdir(parents=True)


def _with(file: Path, statement: str) -> None:
    connection = sqlite3.connect(file)
    connection.execute(statement)
    connection.commit()
    connection.close()


HARM = [_missing, _nonsense, _cut, _flipped, _other_version, _ahead, _of_another, _row_lost, _no_file_possible]


@pytest.mark.parametrize("harm", HARM, ids=lambda harm: harm.__name__)
async def test_a_history_that_cannot_be_used_is_made_anew(path: Path, harm: Callable[[Path], None]) -> None:
    await kept(path, *FACTS)
    before = facts_in(path)
    harm(history_of(path))
    journal = await SqliteJournal.open(path)
    same(await journal.history(EVERYTHING), EVERYONE, EVERYTHING)
    assert (await journal.standing(0, START + 10**12)).total == len(EVERYONE)
    await journal.close()
    assert facts_in(path) == before
    assert journal.notice == ""


async def test_facts_without_an_intent_are_in_no_list(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    await kept(path)
    journal = await SqliteJournal.open(path)
    await journal.history(EVERYTHING)
    await journal.append([Noted(id_of(0), START, "", ""), *facts_of(1)])
    same(await journal.history(EVERYTHING), folded(facts_of(1)), EVERYTHING)
    assert "without its intent" in caplog.text
    await journal.close()


async def test_a_closed_journal_has_no_history(path: Path) -> None:
    journal = await SqliteJournal.open(path)
    await journal.close()
    with pytest.raises(JournalTrouble, match="closed"):
        await journal.history(EVERYTHING)
