"""The journal on disk, written in the call that hands facts over, and able to die with them."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

from otoco_desktop.domain.events import ExitAsked, Fact, Intended, LegCancelAsked, MoveAsked
from otoco_desktop.journal.store import SqliteJournal
from tests.model.virtual import AtOnce


class MortalJournal(SqliteJournal):
    """``die_after``: the next fact of these kinds is stored, and nothing happens in the program after that.

    ``asked`` are the requests about single exits that are stored, by request id and nonce.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        for threads in (self._executor, self._reader):
            threads.shutdown(wait=False)
        self._executor, self._reader = AtOnce(), AtOnce()  # type: ignore[assignment]
        self.is_dead = False
        self.die_after: tuple[type[Fact], ...] = ()
        self.asked: dict[tuple[int, int], ExitAsked] = {}
        self.intents: dict[str, Intended] = {}

    def append(self, facts: Sequence[Fact]) -> Coroutine[Any, Any, None]:
        if self.is_dead:
            return _never()
        stored = super().append(facts)
        self.intents.update({fact.strategy_id: fact for fact in facts if isinstance(fact, Intended)})
        asked = [fact for fact in facts if isinstance(fact, LegCancelAsked | MoveAsked)]
        self.asked.update({(fact.stamp.request_id, fact.stamp.nonce): fact for fact in asked})
        if any(isinstance(fact, self.die_after) for fact in facts):
            self.is_dead = True
            stored.close()
            return _never()
        return stored

    def die(self) -> None:
        """As a killed process does: what is stored is stored, and nothing more."""
        self.is_dead = True
        self._history.close()
        self._let_go()


async def _never() -> None:
    await asyncio.Event().wait()
