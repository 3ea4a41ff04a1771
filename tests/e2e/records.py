"""What a closed program has left on disk."""

from __future__ import annotations

from pathlib import Path

from otoco_desktop.domain.events import Fact, Intended
from otoco_desktop.domain.lifecycle import begin, evolve
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.journal.store import SqliteJournal
from otoco_desktop.settings import Environment, Places


async def facts_in(folder: Path) -> tuple[Fact, ...]:
    """Everything the journal of a data directory holds."""
    journal = await SqliteJournal.open(Places(folder, Environment.PRACTICE).journal)
    try:
        return await journal.read_all()
    finally:
        await journal.close()


async def from_journal(folder: Path) -> tuple[Strategy, ...]:
    """The strategies that the journal alone tells, newest first."""
    known: dict[str, Strategy] = {}
    for fact in await facts_in(folder):
        if isinstance(fact, Intended):
            known[fact.strategy_id] = begin(fact)
        else:
            known[fact.strategy_id] = evolve(known[fact.strategy_id], fact)
    return tuple(reversed(known.values()))
