"""One request about a stop and its reply, broken at chosen bytes, each by a desk of its own, and what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from decimal import Decimal

from otoco_desktop.domain.changing import may_change_exit, pending_change
from otoco_desktop.domain.events import Acknowledged, NotSent, Outcome, Unknown
from otoco_desktop.domain.exits import exit_requests, standing_leg
from otoco_desktop.domain.legs import Status, is_terminal
from otoco_desktop.domain.order import LegRole, client_oid
from otoco_desktop.domain.phases import word
from otoco_desktop.domain.strategy import Phase
from otoco_desktop.domain.transport import Transport
from otoco_desktop.practice.controls import Ledger
from otoco_desktop.practice.model import Leg
from tests.faults.actions import Cut, Way
from tests.faults.boundaries import FENCE_MS, FLEET, MOST_CHECKS, Figures, passed
from tests.faults.desks import Boat, Sea, afloat
from tests.waiting import until

STOP = LegRole.STOP
NEW_STOP = Decimal("90500.00")


@dataclass(frozen=True, slots=True)
class Change:
    """What is asked about the stop. ``method`` names it on the wire."""

    method: bytes

    async def ask(self, boat: Boat) -> None:
        strategy_id = boat.strategy.strategy_id
        if self == REMOVE:
            await boat.desk.cancel_leg(strategy_id, STOP)
        else:
            await boat.desk.move(strategy_id, STOP, NEW_STOP, None)

    def is_done(self, there: Leg) -> bool:
        """Whether the exchange has carried it out."""
        return not there.is_open if self == REMOVE else there.ref_price == NEW_STOP


REMOVE, MOVE = Change(b"private/advanced/cancel-order"), Change(b"private/advanced/amend-order")


async def sizes(sea: Sea, transport: Transport, change: Change) -> dict[Way, int]:
    """How many bytes the request and its reply have."""
    async with afloat(sea, f"{transport}-whole", transport) as boat:
        await _work(boat)
        boat.proxy.watch(change.method)
        await change.ask(boat)
        await until(lambda: change.is_done(_stop_there(boat, sea.ledger)), what="what was asked for")
        traffic = boat.proxy.traffic
        await until(lambda: traffic.passed == traffic.arrived, what="the whole of it")
        _clear(boat)
        return {way: len(data) for way, data in traffic.passed.items()}


async def sail(sea: Sea, transport: Transport, change: Change, cuts: Sequence[Cut]) -> Figures:
    """Break one request at each of these; fails where the program believes what is not so."""
    # Thousands of requests: the loop's debug mode would take most of the time.
    asyncio.get_running_loop().set_debug(False)
    figures = Figures()
    for at in range(0, len(cuts), FLEET):
        await _fleet(sea, transport, change, cuts[at : at + FLEET], figures)
    return figures


async def _fleet(sea: Sea, transport: Transport, change: Change, cuts: Sequence[Cut], figures: Figures) -> None:
    async with AsyncExitStack() as stack:
        names = [f"{transport}-{cut.way}-{cut.at}-{cut.how}" for cut in cuts]
        boats = [await stack.enter_async_context(afloat(sea, name, transport)) for name in names]
        await asyncio.gather(*map(_work, boats))
        await asyncio.gather(*(_break(boat, change, cut) for boat, cut in zip(boats, cuts, strict=True)))
        for boat in boats:
            figures.outcomes[type(_outcome(boat)).__name__] += 1
            boat.proxy.heal()
        sea.clock.skipped_ms += FENCE_MS
        await asyncio.gather(*(_learn(boat) for boat in boats))
        for boat in boats:
            figures.boundaries += 1
            figures.lists += change.is_done(_stop_there(boat, sea.ledger))
            figures.ends[boat.phase] += 1
            _clear(boat)


async def _work(boat: Boat) -> None:
    """An entry that waits, and a stop that can be asked about."""
    await boat.submit()
    await until(lambda: boat.phase is Phase.WORKING and may_change_exit(boat.strategy, STOP), what="a stop")


async def _break(boat: Boat, change: Change, cut: Cut) -> None:
    boat.proxy.cut(cut)
    await change.ask(boat)
    await passed(boat, cut)
    await _judge(boat, change, cut, _outcome(boat))


async def _judge(boat: Boat, change: Change, cut: Cut, outcome: Outcome | None) -> None:
    """What is believed at once: nothing is called unsent that left, and nothing acknowledged that does not happen."""
    traffic, where = boat.proxy.traffic, str(cut)
    assert isinstance(outcome, Acknowledged | NotSent | Unknown), f"{where}: {outcome}"
    if traffic.arrived[Way.UP]:
        assert not isinstance(outcome, NotSent), f"{where}: it had left"
    if isinstance(outcome, Acknowledged):
        await until(lambda: change.is_done(_stop_there(boat, boat.sea.ledger)), what=f"{where}: what was acknowledged")


async def _learn(boat: Boat) -> None:
    """After healing and asking, once the request can no longer arrive, the program knows what the exchange has."""
    for _ in range(MOST_CHECKS):
        if boat.desk.gate().open and pending_change(boat.strategy, STOP) is None:
            break
        await boat.desk.check()
        await asyncio.sleep(0.1)
    there, strategy = _stop_there(boat, boat.sea.ledger), boat.strategy
    assert pending_change(strategy, STOP) is None
    assert standing_leg(strategy, STOP).trigger == there.ref_price
    assert is_terminal(word(strategy, STOP)) is not there.is_open
    assert word(strategy, STOP) in (Status.CANCELED, Status.PENDING)


def _outcome(boat: Boat) -> Outcome | None:
    (request,) = exit_requests(boat.strategy, STOP)
    return request.outcome


def _stop_there(boat: Boat, ledger: Ledger) -> Leg:
    """The stop as the exchange has it, which was asked about it at most once."""
    there = ledger.leg(client_oid(boat.strategy.strategy_id, STOP))
    assert sum(seen.params.get("order_id") == there.order_id for seen in ledger.exits) <= 1, "it was sent twice"
    return there


def _clear(boat: Boat) -> None:
    for entry in boat.placed(boat.sea.ledger):
        boat.sea.server.controls.cancel(entry.client_oid)
