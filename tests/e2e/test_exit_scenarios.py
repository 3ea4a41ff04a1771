"""The practice scenarios about one exit, each switched on in its panel and lived through, one after the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from otoco_desktop.domain.changing import Change
from otoco_desktop.domain.events import Acknowledged, Refused, Unknown
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.strategy import LegStatus
from otoco_desktop.domain.transport import Transport
from otoco_desktop.practice import scenarios
from otoco_desktop.practice.model import Status
from tests.e2e.exits import PROTECTED, Exits
from tests.e2e.stage import BUY, on_stage
from tests.e2e.test_exits import over
from tests.e2e.test_scenarios import cleared, switch

if TYPE_CHECKING:
    import qasync

pytestmark = pytest.mark.qt_log_ignore("does not support raise", extend=True)
"""The offscreen platform says so of every window that is brought to the front."""

STOP, TARGET = LegRole.STOP, LegRole.TARGET
LATE_S = 0.5


@pytest.fixture
def sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    """The scenario that takes seconds takes fewer."""
    table = tuple(
        replace(each, value=LATE_S if each.name == "move-late" else each.value) for each in scenarios.SCENARIOS
    )
    monkeypatch.setattr(scenarios, "SCENARIOS", table)


async def move_to(exits: Exits, price: str) -> Decimal:
    await exits.move(STOP, Decimal(price))
    return Decimal(price)


async def refused(exits: Exits) -> None:
    await move_to(exits, "91100.00")
    assert isinstance(exits.outcome(STOP), Refused)
    await exits.stands_at(STOP, Decimal(BUY.stop))


async def renamed(exits: Exits) -> None:
    before = (await exits.there(STOP)).order_id
    await exits.stands_at(STOP, await move_to(exits, "91200.00"))
    assert (await exits.there(STOP)).order_id != before
    assert exits.stage.legs() == PROTECTED


async def late(exits: Exits) -> None:
    before, wanted = exits.trigger(STOP), await move_to(exits, "91300.00")
    assert isinstance(exits.outcome(STOP), Acknowledged)
    assert (exits.pending(STOP), exits.trigger(STOP)) == (Change.MOVING, before)
    await exits.stands_at(STOP, wanted)


async def lost_and_moved(exits: Exits) -> None:
    wanted = await move_to(exits, "91400.00")
    assert isinstance(exits.outcome(STOP), Unknown)
    await exits.stands_at(STOP, wanted)


async def lost_and_not_moved(exits: Exits) -> None:
    before = exits.trigger(STOP)
    await move_to(exits, "91500.00")
    assert isinstance(exits.outcome(STOP), Unknown)
    assert await exits.stage.program.desk.check()
    assert (exits.pending(STOP), exits.trigger(STOP)) == (Change.MOVING, before)
    assert (await exits.there(STOP)).ref_price == before


async def removal_refused(exits: Exits) -> None:
    await exits.remove(TARGET)
    assert isinstance(exits.outcome(TARGET), Refused)
    assert (exits.pending(TARGET), exits.stage.legs()) == (None, PROTECTED)


async def lost_and_removed(exits: Exits) -> None:
    await exits.remove(TARGET)
    assert isinstance(exits.outcome(TARGET), Unknown)
    await exits.stage.shows_legs(LegStatus.FILLED, LegStatus.ACTIVE, LegStatus.CANCELLED)


async def lost_and_not_removed(exits: Exits) -> None:
    await exits.remove(STOP)
    assert isinstance(exits.outcome(STOP), Unknown)
    assert await exits.stage.program.desk.check()
    assert exits.pending(STOP) is Change.REMOVING
    assert (await exits.there(STOP)).status is Status.ACTIVE


STORIES: dict[str, Callable[[Exits], Awaitable[None]]] = {
    "move-refused": refused,
    "move-renames": renamed,
    "move-late": late,
    "move-reply-lost-done": lost_and_moved,
    "move-reply-lost-not-done": lost_and_not_moved,
    "remove-refused": removal_refused,
    "remove-reply-lost-done": lost_and_removed,
    "remove-reply-lost-not-done": lost_and_not_removed,
}


@pytest.mark.long
@pytest.mark.usefixtures("sooner")
async def test_every_scenario_about_one_exit(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    about_exits = [each.name for each in scenarios.SCENARIOS if each.name.partition("-")[0] in ("move", "remove")]
    assert sorted(about_exits) == sorted(STORIES)
    async with on_stage(tmp_path, options=over(Transport.REST)) as stage:
        exits = Exits(stage)
        await exits.protected()
        for number, (name, story) in enumerate(STORIES.items(), start=1):
            row = await switch(stage, name)
            await story(exits)
            await cleared(stage, row)
            assert len(await exits.requests()) == number, f"{name}: not one request each"
