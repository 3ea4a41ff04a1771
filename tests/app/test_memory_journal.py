"""The journal in memory keeps the promises of the real one."""

from __future__ import annotations

import pytest

from otoco_desktop.domain.events import Fact
from tests.app.fakes import MemoryJournal
from tests.contracts.journal_contract import JournalContract


class TestMemoryJournal(JournalContract):
    @pytest.fixture(autouse=True)
    def _storage(self) -> None:
        self.facts: list[Fact] = []

    async def open_again(self) -> MemoryJournal:
        return MemoryJournal(self.facts)
