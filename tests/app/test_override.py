"""A lock that words lift: for one submission, recorded before it leaves, and looked at again by the last gate."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from otoco_desktop.app.state import Confirmed
from otoco_desktop.domain.errors import JournalTrouble
from otoco_desktop.domain.events import Acknowledged, Intended, Unknown
from otoco_desktop.domain.strategy import Phase
from otoco_desktop.journal.codec import decode, encode
from tests.app.fakes import DRAFT, settle
from tests.app.world import World, world

WORDS = "S-0001 may exist"
OTHER = replace(DRAFT, quantity="0.05000")


async def locked(here: World) -> Confirmed:
    """One outcome is unknown; another plan is reviewed."""
    here.gateway.outcome = Unknown("no reply in 10 s")
    await here.submit()
    here.fresh_prices()
    here.gateway.outcome = Acknowledged("6498090546073120101")
    return here.confirmed(OTHER)


async def test_the_words_are_asked_for_and_recorded_before_the_request_leaves() -> None:
    async with world() as here:
        confirmed = await locked(here)
        assert confirmed.verdict.override == WORDS
        recorded: list[str] = []
        here.gateway.on_create = lambda _intent: recorded.extend(
            fact.override for fact in here.journal.facts if isinstance(fact, Intended)
        )
        strategy_id = await here.desk.submit(replace(confirmed, typed=" s-0001 MAY exist "))
        assert recorded == ["", WORDS]
        assert strategy_id is not None
        stored = decode(encode(here.strategy(strategy_id).intent))
        assert isinstance(stored, Intended)
        assert stored.override == WORDS


@pytest.mark.parametrize("typed", ["", "yes", "S-0002 may exist", "S-0001"])
async def test_without_the_words_nothing_is_sent_or_recorded(typed: str) -> None:
    async with world() as here:
        confirmed = await locked(here)
        facts = len(here.journal.facts)
        with pytest.raises(JournalTrouble, match=r"Nothing was sent\. Type S-0001 may exist"):
            await here.desk.submit(replace(confirmed, typed=typed))
        assert len(here.gateway.sent) == 1
        assert len(here.journal.facts) == facts


async def test_the_words_lift_it_once() -> None:
    async with world() as here:
        confirmed = await locked(here)
        await here.desk.submit(replace(confirmed, typed=WORDS))
        here.fresh_prices()
        again = here.confirmed(OTHER)
        assert again.verdict.override == WORDS
        assert await here.desk.submit(replace(confirmed, typed=WORDS)) is None
        assert len(here.gateway.sent) == 2


async def test_another_doubt_that_arises_meanwhile_is_not_lifted() -> None:
    """The words named one outcome; the last gate finds a second one."""
    async with world() as here:
        confirmed = await locked(here)
        here.gateway.outcome = Unknown("no reply in 10 s")
        here.journal.gate = asyncio.Event()
        sending = asyncio.ensure_future(here.desk.submit(replace(confirmed, typed=WORDS)))
        await settle()
        intent = replace(
            here.gateway.sent[0], strategy_id="other" * 5, number=9, order=replace(here.gateway.sent[0].order)
        )
        here.desk._book._fold(intent)
        here.journal.gate.set()
        await settle()
        strategy_id = await sending
        assert strategy_id is not None
        assert here.phase(strategy_id) is Phase.NOT_SENT
        assert len(here.gateway.sent) == 1


async def test_a_defect_of_the_early_judgement_does_not_hide_what_was_recorded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The intent is on the disk by then: it is told as not sent, now and after a restart."""
    async with world() as here:
        here.fresh_prices()
        confirmed = here.confirmed()

        def broken(*_about: object) -> None:
            raise RuntimeError("a defect")

        monkeypatch.setattr(here.desk._submitter, "_judge", broken)
        with pytest.raises(RuntimeError):
            await here.desk.submit(confirmed)
        await settle()
        newest = here.desk.state.strategies[0]
        assert here.phase(newest.strategy_id) is Phase.NOT_SENT
        assert not here.gateway.sent
        facts = list(here.journal.facts)
    async with world(facts) as again:
        assert again.phase(newest.strategy_id) is Phase.NOT_SENT
