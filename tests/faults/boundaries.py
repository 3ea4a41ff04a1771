"""One create and its reply, broken at chosen bytes, each by a desk of its own, and what came of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from otoco_desktop.domain.events import Acknowledged, NotSent, Outcome, Unknown
from otoco_desktop.domain.strategy import Phase
from otoco_desktop.domain.transport import Transport
from tests.faults.actions import Cut, End, Way
from tests.faults.desks import Boat, Sea, afloat
from tests.waiting import until

FLEET = 16
"""Desks at a time."""

MOST_CHECKS = 60
KNOWN = (Phase.WORKING, Phase.UNRESOLVED, Phase.NOT_SENT)
FENCE_MS = 130_000
"""After this the request's nonce is too old to be admitted, with the margin."""


@dataclass
class Figures:
    """What was counted: boundaries, lists on the exchange, what was believed at first, and what in the end."""

    boundaries: int = 0
    lists: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        return f"{self.boundaries} boundaries, {self.lists} lists, first {dict(self.outcomes)}, then {dict(self.ends)}"


async def sizes(sea: Sea, transport: Transport) -> dict[Way, int]:
    """How many bytes one create and its reply have."""
    async with afloat(sea, f"{transport}-whole", transport) as boat:
        boat.proxy.watch()
        await boat.submit()
        await until(lambda: boat.phase is Phase.WORKING, what="a working entry")
        return {way: len(data) for way, data in boat.proxy.traffic.passed.items()}


def ends_at(at: int) -> tuple[End, ...]:
    """Every byte gets a reset, a share of them the other two as well."""
    others = {0: (End.HALF_CLOSE,), 5: (End.SILENCE,)}
    return (End.RESET, *others.get(at % 10, ()))


async def sail(sea: Sea, transport: Transport, cuts: Sequence[Cut]) -> Figures:
    """Break one create at each of these; fails where the program believes what is not so."""
    # Thousands of requests: the loop's debug mode would take most of the time.
    asyncio.get_running_loop().set_debug(False)
    figures = Figures()
    for at in range(0, len(cuts), FLEET):
        await _fleet(sea, transport, cuts[at : at + FLEET], figures)
    return figures


async def _fleet(sea: Sea, transport: Transport, cuts: Sequence[Cut], figures: Figures) -> None:
    async with AsyncExitStack() as stack:
        names = [f"{transport}-{cut.way}-{cut.at}-{cut.how}" for cut in cuts]
        boats = [await stack.enter_async_context(afloat(sea, name, transport)) for name in names]
        await asyncio.gather(*(_break(boat, cut) for boat, cut in zip(boats, cuts, strict=True)))
        for boat in boats:
            figures.outcomes[type(boat.strategy.outcome).__name__] += 1
            boat.proxy.heal()
        sea.clock.skipped_ms += FENCE_MS
        await asyncio.gather(*(_learn(boat) for boat in boats))
        for boat in boats:
            figures.boundaries += 1
            figures.lists += len(boat.placed(sea.ledger))
            figures.ends[boat.phase] += 1
            _clear(boat)


async def _break(boat: Boat, cut: Cut) -> None:
    boat.proxy.cut(cut)
    await boat.submit()
    await passed(boat, cut)
    judge(boat, cut, boat.strategy.outcome)


async def passed(boat: Boat, cut: Cut) -> None:
    """The proxy writes down what it passed once that is out: the program may have read it before."""
    traffic = boat.proxy.traffic
    await until(lambda: len(traffic.passed[cut.way]) == cut.at, what=f"{cut}: passed {len(traffic.passed[cut.way])}")


def judge(boat: Boat, cut: Cut, outcome: Outcome | None) -> None:
    """What is believed at once: nothing is called unsent that left, and nothing acknowledged that is not there."""
    traffic, where = boat.proxy.traffic, str(cut)
    assert isinstance(outcome, Acknowledged | NotSent | Unknown), f"{where}: {outcome}"
    if traffic.arrived[Way.UP]:
        assert not isinstance(outcome, NotSent), f"{where}: it had left"
    if isinstance(outcome, Acknowledged):
        assert [leg.list_id for leg in boat.placed(boat.sea.ledger)] == [outcome.list_id], where


async def _learn(boat: Boat) -> None:
    """After healing and asking, the program knows what the exchange has."""
    for _ in range(MOST_CHECKS):
        if boat.phase in KNOWN and boat.desk.gate().open:
            break
        await boat.desk.check()
        await asyncio.sleep(0.1)
    assert boat.desk.gate().open, boat.desk.gate().reason
    placed = boat.placed(boat.sea.ledger)
    if placed:
        assert boat.phase is Phase.WORKING
        assert boat.strategy.list_id == placed[0].list_id
    else:
        assert boat.phase in (Phase.UNRESOLVED, Phase.NOT_SENT)


def _clear(boat: Boat) -> None:
    for entry in boat.placed(boat.sea.ledger):
        boat.sea.server.controls.cancel(entry.client_oid)
