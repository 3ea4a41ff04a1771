"""What every journal must do; each implementation only says how to build and reopen itself."""

from __future__ import annotations

import asyncio
from abc import abstractmethod

import pytest

from otoco_desktop.app.ports import Journal
from otoco_desktop.domain.errors import JournalTrouble
from otoco_desktop.domain.events import Fact, Noted
from tests.domain.truth.builders import acked, intended, looked, placed, told


class JournalContract:
    """Inherit, and give ``open_again``."""

    @abstractmethod
    async def open_again(self) -> Journal:
        """A journal over the same storage, for the second time too."""

    async def test_what_was_appended_is_read_in_order(self) -> None:
        journal = await self.open_again()
        facts: list[Fact] = [intended(), acked(), *(told(row) for row in placed()), looked(1_000)]
        await journal.append(facts[:2])
        await journal.append(facts[2:])
        assert list(await journal.read_all()) == facts
        await journal.close()

    async def test_facts_outlive_the_journal(self) -> None:
        first = await self.open_again()
        await first.append([intended()])
        await first.close()
        second = await self.open_again()
        assert await second.read_all() == (intended(),)
        await second.close()

    async def test_concurrent_appends_all_arrive_in_the_order_they_were_asked_for(self) -> None:
        journal = await self.open_again()
        notes = [Noted("a", number, "", str(number)) for number in range(50)]
        await asyncio.gather(*(journal.append([note]) for note in notes))
        assert list(await journal.read_all()) == notes
        await journal.close()

    async def test_an_intent_is_kept_once(self) -> None:
        journal = await self.open_again()
        await journal.append([intended()])
        with pytest.raises(JournalTrouble):
            await journal.append([intended()])
        assert await journal.read_all() == (intended(),)
        await journal.close()

    async def test_a_closed_journal_refuses(self) -> None:
        journal = await self.open_again()
        await journal.close()
        with pytest.raises(JournalTrouble):
            await journal.append([acked()])
