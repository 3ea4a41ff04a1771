"""Strategies that are not loaded at start: what is said of them brings them back first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from otoco_desktop.domain.errors import JournalTrouble
from otoco_desktop.domain.events import Acknowledged, Answered, CancelAsked, Decided, Fact, LegReported, Noted
from otoco_desktop.domain.history import HistoryQuery
from otoco_desktop.domain.lifecycle import phase
from otoco_desktop.domain.strategy import Phase
from tests.app.fakes import LIST, MemoryJournal, rows, settle
from tests.app.world import World, world


async def closed_one() -> tuple[str, list[Fact]]:
    """A strategy whose legs all ended, as its facts."""
    async with world() as here:
        strategy_id = await here.submit()
        here.gateway.tell(*rows(here.gateway.sent[0].order, "CANCELED", "CANCELED", "CANCELED"))
        await settle()
        return strategy_id, list(here.journal.facts)


@pytest.fixture
def nothing_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every journal loads at start only what may still change."""
    begin = MemoryJournal.__init__

    def bare(self: MemoryJournal, facts: list[Fact] | None = None) -> None:
        begin(self, facts)
        self.at_hand = 0

    monkeypatch.setattr(MemoryJournal, "__init__", bare)


pytestmark = pytest.mark.usefixtures("nothing_at_hand")


def at_hand(here: World) -> list[str]:
    return [item.strategy_id for item in here.desk.state.strategies]


async def test_what_is_over_is_not_loaded_and_stays_in_the_history() -> None:
    strategy_id, facts = await closed_one()
    async with world(facts) as here:
        assert at_hand(here) == []
        page = await here.desk.history(HistoryQuery("s-0001"))
        assert [(row.strategy_id, row.phase) for row in page.rows] == [(strategy_id, Phase.CLOSED)]
        assert phase(await here.desk.strategy(strategy_id)) is Phase.CLOSED
        assert at_hand(here) == []
        with pytest.raises(KeyError):
            await here.desk.strategy("nobody")


@pytest.mark.parametrize("by_list_id", [False, True])
async def test_a_late_report_reopens_it(by_list_id: bool) -> None:
    strategy_id, facts = await closed_one()
    async with world(facts) as here:
        late = rows(here.journal.folded()[strategy_id].intent.order, "FILLED", at_ms=2**41)[0]
        here.gateway.tell(replace(late, client_oid="") if by_list_id else late)
        await settle()
        assert phase(here.strategy(strategy_id)) is Phase.DIVERGED
        assert here.desk.state.foreign == 0
        assert isinstance(here.journal.facts[-1], LegReported)


async def test_what_is_in_no_journal_is_counted_and_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    strategy_id, facts = await closed_one()
    asked: list[object] = []
    async with world(facts) as here:
        owners = here.journal.owners

        async def noted(list_ids: list[str]) -> dict[str, str]:
            asked.append(list_ids)
            return await owners(list_ids)

        monkeypatch.setattr(here.journal, "owners", noted)
        theirs = replace(
            rows(here.journal.folded()[strategy_id].intent.order, "ACTIVE")[0], client_oid="x", list_id="99"
        )
        for _ in range(3):
            here.gateway.tell(theirs)
            await settle()
        assert here.heard.states[-1].foreign == 1
        assert asked == [["99"]]


async def test_while_the_journal_cannot_be_read_a_report_waits(caplog: pytest.LogCaptureFixture) -> None:
    strategy_id, facts = await closed_one()
    async with world(facts) as here:
        order = here.journal.folded()[strategy_id].intent.order
        here.journal.trouble = "The disk reported an error."
        here.gateway.tell(rows(order, "FILLED", at_ms=2**41)[0])
        await settle()
        assert (at_hand(here), here.desk.state.foreign) == ([], 0)
        assert "orders not looked up" in caplog.text
        here.journal.trouble = ""
        await here.time.advance(3)
        assert phase(here.strategy(strategy_id)) is Phase.DIVERGED


async def test_a_note_brings_it_back() -> None:
    strategy_id, facts = await closed_one()
    async with world(facts) as here:
        await here.desk.note(strategy_id, "retest", "late")
        assert isinstance(here.journal.facts[-1], Noted)
        assert here.strategy(strategy_id).note == "late"
        assert (await here.desk.history(HistoryQuery("late"))).total == 1


async def test_a_cancel_and_a_decision_find_nothing_to_do() -> None:
    strategy_id, facts = await closed_one()
    async with world(facts) as here:
        await here.desk.cancel(strategy_id)
        await here.desk.settle(strategy_id, "gone")
        assert not [fact for fact in here.journal.facts if isinstance(fact, CancelAsked | Decided)]


async def test_a_new_one_stands_before_what_was_brought_back() -> None:
    strategy_id, facts = await closed_one()
    async with world(facts) as here:
        newer = await here.submit()
        await here.desk.note(strategy_id, "", "older")
        assert at_hand(here) == [newer, strategy_id]
        assert here.strategy(newer).intent.number == 2


async def test_a_row_shows_what_is_not_stored_yet() -> None:
    async with world() as here:
        strategy_id = await here.submit()
        here.journal.trouble = "The disk is full."
        here.gateway.tell(*rows(here.gateway.sent[0].order, "CANCELED", "CANCELED", "CANCELED"))
        await settle()
        row = (await here.desk.history(HistoryQuery())).rows[0]
        assert (row.strategy_id, row.phase, row.list_id) == (strategy_id, Phase.CLOSED, LIST)
        assert Answered(strategy_id, row.created_ms, Acknowledged(LIST)) in here.journal.facts
        here.journal.trouble = ""


async def test_a_history_that_cannot_be_read_is_trouble() -> None:
    strategy_id, facts = await closed_one()
    async with world(facts) as here:
        here.journal.trouble = "The disk reported an error."
        with pytest.raises(JournalTrouble):
            await here.desk.strategy(strategy_id)
        here.journal.trouble = ""
