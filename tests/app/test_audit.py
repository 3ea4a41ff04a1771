"""The audit asks the exchange: at the start, after each reconnect, when told to, and after a sleep."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from otoco_desktop.app.state import CHECKING
from otoco_desktop.domain.audit import AuditKind
from otoco_desktop.domain.events import LegReport
from otoco_desktop.domain.headline import hms
from otoco_desktop.domain.market import Connection, Light
from otoco_desktop.domain.strategy import Phase
from tests.app.fakes import DRAFT, LIVE, POLLING, account, rows, settle
from tests.app.world import World, world

LOST = Connection(rest=Light.GOOD, market=Light.GOOD, clock_offset_ms=40)
REFUSED = "The exchange cannot be reached: connection refused."


def kinds(here: World) -> list[AuditKind]:
    result = here.desk.state.audit.result
    return [entry.kind for entry in result.entries] if result else []


def entry_row(here: World, status: str, amount: str = "0") -> LegReport:
    first = rows(here.gateway.sent[0].order, status, "PENDING", "PENDING", at_ms=here.time.wall_ms())[0]
    done = Decimal(amount)
    return replace(first, filled=done, filled_value=done * Decimal("92400.00"), average_price=Decimal("92400.00"))


def bought(here: World, stop: str = "ACTIVE", amount: str = "0.09874") -> list[LegReport]:
    """The entry has filled; the exchange lists its exits like this."""
    now = here.time.wall_ms()
    _, *exits = rows(here.gateway.sent[0].order, "FILLED", stop, "ACTIVE", at_ms=now)
    return [entry_row(here, "FILLED", amount), *exits]


async def protected(here: World) -> str:
    strategy_id = await here.submit()
    here.gateway.book = bought(here)
    here.gateway.tell(*here.gateway.book)
    await here.time.advance(1)
    return strategy_id


async def test_at_the_start_it_says_that_nothing_is_open() -> None:
    async with world() as here:
        assert here.desk.state.audit.sentence == f"Nothing is open. As of {hms(here.time.wall_ms())}."


async def test_a_check_tells_its_progress_and_its_result() -> None:
    async with world() as here:
        await protected(here)
        here.heard.states.clear()
        await here.desk.check()
        told = [state.audit.sentence for state in here.heard.states]
        assert CHECKING in told
        assert told[-1] == f"1 protected. As of {hms(here.time.wall_ms())}."
        assert here.gateway.open_asked


async def test_a_stop_that_is_gone_is_found_by_the_check() -> None:
    async with world() as here:
        await protected(here)
        gone = rows(here.gateway.sent[0].order, "FILLED", "CANCELED", "ACTIVE", at_ms=here.time.wall_ms())[1]
        here.gateway.book[1] = gone
        await here.desk.check()
        assert kinds(here) == [AuditKind.UNPROTECTED]
        assert "1 NOT protected: 0.09874 BTC of S-0001 has no stop." in here.desk.state.audit.sentence


@pytest.mark.fault(63)
async def test_an_event_tells_it_without_a_check() -> None:
    async with world() as here:
        await protected(here)
        await here.desk.check()
        asked = here.gateway.open_asked
        await here.time.advance(3)
        gone = rows(here.gateway.sent[0].order, "FILLED", "CANCELED", "ACTIVE", at_ms=here.time.wall_ms())[1]
        here.gateway.tell(gone)
        assert kinds(here) == [AuditKind.UNPROTECTED]
        assert here.desk.state.audit.sentence.endswith(f"As of {hms(here.time.wall_ms())}.")
        assert here.gateway.open_asked == asked


async def test_coins_that_were_spent_elsewhere_are_told_with_both_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    async with world() as here:
        await protected(here)
        poor = replace(account(), balances={"BTC": replace(account().balances["BTC"], total=Decimal("0.04"))})

        async def answer(_instrument: str) -> object:
            return poor

        monkeypatch.setattr(here.gateway, "account", answer)
        await here.desk.check()
        assert kinds(here) == [AuditKind.WITHOUT_COIN]
        assert "need 0.09874 BTC, the account holds 0.04." in here.desk.state.audit.sentence


@pytest.mark.fault(24)
@pytest.mark.parametrize("deaf", ["reachable", "answering"])
async def test_what_cannot_be_asked_is_never_called_protected(deaf: str) -> None:
    async with world() as here:
        await protected(here)
        await here.desk.check()
        checked = hms(here.time.wall_ms())
        await here.time.advance(2)
        here.gateway.book = []
        setattr(here.gateway, deaf, False)
        await here.desk.check()
        said = here.desk.state.audit
        why = REFUSED if deaf == "reachable" else "not every question was answered."
        assert said.sentence == f"Cannot check: {why} Last checked {checked}."
        assert kinds(here) == [AuditKind.UNKNOWN]


async def test_a_strategy_placed_elsewhere_is_listed_apart() -> None:
    async with world() as here:
        await here.submit()
        theirs = [
            replace(row, client_oid="x", list_id="9")
            for row in rows(here.gateway.sent[0].order, "ACTIVE", "PENDING", "PENDING")
        ]
        here.gateway.book = [*rows(here.gateway.sent[0].order, "ACTIVE", "PENDING", "PENDING"), *theirs]
        await here.desk.check()
        assert kinds(here) == [AuditKind.WORKING, AuditKind.ELSEWHERE]
        assert len(here.desk.state.strategies) == 1


@pytest.mark.fault(35)
async def test_each_reconnect_checks_again_and_says_as_of_when_meanwhile() -> None:
    async with world() as here:
        await protected(here)
        assert here.desk.state.live
        lost_ms = here.time.wall_ms()
        here.gateway.tell_connection(LOST)
        state = here.desk.state
        assert (state.live, state.known_ms) == (False, lost_ms)
        here.gateway.book = bought(here, stop="CANCELED")
        await here.connect()
        assert here.desk.state.live
        assert kinds(here) == [AuditKind.UNPROTECTED]


async def test_while_asking_takes_the_place_of_the_stream_it_is_as_of_the_last_round() -> None:
    async with world() as here:
        await protected(here)
        here.gateway.tell_connection(POLLING)
        await settle()
        await here.time.advance(4)
        known_ms = here.desk.state.known_ms
        assert known_ms is not None
        assert 0 <= here.time.wall_ms() - known_ms <= 2_000
        here.gateway.reachable = False
        await here.time.advance(6)
        assert here.desk.state.known_ms == known_ms


@pytest.mark.fault(48)
@pytest.mark.parametrize("jump_ms", [7_200_000, -3_600_000])
async def test_after_a_sleep_everything_is_asked_for_before_anything_is_sent(jump_ms: int) -> None:
    """One clock stood still, or was set: what was known before is as of before."""
    async with world() as here:
        strategy_id = await protected(here)
        before_ms = here.time.wall_ms()
        here.gateway.book = bought(here, stop="CANCELED")
        here.gateway.reachable = False
        here.time.wall_jump_ms = jump_ms
        await here.time.advance(1)
        state = here.desk.state
        assert (state.live, state.known_ms) == (False, before_ms)
        assert not state.gate.open
        assert here.desk.prepare(DRAFT) is None
        here.gateway.reachable = True
        await here.time.advance(6)
        assert here.desk.state.live
        assert here.phase(strategy_id) is Phase.UNPROTECTED


async def test_the_stream_waits_for_the_snapshot_at_each_subscription() -> None:
    """What it brings while the list of open orders is asked for is applied after it."""
    async with world() as here:
        strategy_id = await here.submit()
        order = here.gateway.sent[0].order
        here.gateway.book = rows(order, "ACTIVE", "PENDING", "PENDING", at_ms=here.time.wall_ms())
        here.gateway.tell_connection(LIVE)
        here.gateway.tell_subscribed()
        here.gateway.tell(*rows(order, "CANCELED", "CANCELED", "CANCELED", at_ms=here.time.wall_ms() + 1))
        assert here.phase(strategy_id) is Phase.ACKED
        await settle()
        assert here.phase(strategy_id) is Phase.CLOSED
