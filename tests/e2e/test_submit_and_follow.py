"""A protected trade from the ticket to its end: the window, the journal and the exchange's ledger agree leg by leg."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from otoco_desktop.domain import lifecycle
from otoco_desktop.domain.order import LegRole, Side
from otoco_desktop.domain.phases import latest
from otoco_desktop.domain.result import result
from otoco_desktop.domain.strategy import LegStatus, Phase
from otoco_desktop.practice.model import Leg, Status
from tests.e2e.records import from_journal
from tests.e2e.stage import BUY, MARK, SELL, Plan, Stage, on_stage

if TYPE_CHECKING:
    import qasync

WORDS = {
    Status.FILLED: LegStatus.FILLED,
    Status.CANCELED: LegStatus.CANCELLED,
    Status.ACTIVE: LegStatus.ACTIVE,
    Status.PENDING: LegStatus.WAITING,
    Status.REJECTED: LegStatus.REJECTED,
}
CENT = Decimal("0.01")
TO_ENTRY = {Side.BUY: "92390.00", Side.SELL: "94010.00"}
TO_TARGET = {Side.BUY: "97030.00", Side.SELL: "89250.00"}
TO_STOP = {Side.BUY: "90500.00", Side.SELL: "95900.00"}
PLANS = {
    "a buy that leaves at market": BUY,
    "a buy that leaves by limits": replace(BUY, stop_limit="90450.00", target_limit="97000.00"),
    "a sell that leaves at market": replace(SELL, stop_limit="", target_limit=""),
    "a sell that leaves by limits": SELL,
}


async def compare(stage: Stage) -> None:
    """Every leg as the exchange has it, as the program believes it, and as the window says it."""
    there = await stage.legs_there()
    for role, leg, words in zip(LegRole, there, stage.row()[2:5], strict=True):
        report = latest(stage.strategy, role)
        assert report is not None, role
        assert (report.order_id, report.client_oid) == (leg.order_id, leg.client_oid)
        assert (report.filled, report.filled_value, report.fee) == (leg.filled, leg.value, leg.fee)
        assert not leg.fee or report.fee_coin == leg.fee_coin
        assert lifecycle.leg_status(stage.strategy, role) is WORDS[leg.status]
        assert words.startswith(f"{role.capitalize()} leg, {WORDS[leg.status]}, ")
    outcome = result(stage.strategy)
    if outcome is not None:
        assert abs(outcome.net - sum(map(cash_of, there))) < CENT


def cash_of(leg: Leg) -> Decimal:
    """What one leg brought in the quote, by the exchange's own books."""
    if not leg.filled:
        return Decimal(0)
    fee = leg.fee if leg.fee_coin == "USD" else leg.fee * leg.value / leg.filled
    return (leg.value if leg.side == "SELL" else -leg.value) - fee


async def open_trade(stage: Stage, plan: Plan) -> None:
    """Send the plan and let its entry fill completely."""
    await stage.moved(MARK)
    await stage.send(plan)
    await stage.shows_legs(LegStatus.ACTIVE, LegStatus.WAITING, LegStatus.WAITING)
    assert stage.chip() == "Entry working"
    await compare(stage)
    await stage.move(TO_ENTRY[plan.side])
    await stage.reaches(Phase.PROTECTED)
    assert stage.chip() == "Exits active"
    await compare(stage)


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS.keys())
async def test_a_trade_to_its_target_to_its_stop_and_to_its_cancel(
    plan: Plan, tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    async with on_stage(tmp_path) as stage:
        await open_trade(stage, plan)
        await stage.move(TO_TARGET[plan.side])
        await ended(stage, "Target filled", (LegStatus.FILLED, LegStatus.CANCELLED, LegStatus.FILLED))

        await open_trade(stage, plan)
        await stage.move(TO_STOP[plan.side])
        await ended(stage, "Stopped", (LegStatus.FILLED, LegStatus.FILLED, LegStatus.CANCELLED))

        await stage.moved(MARK)
        await stage.send(plan)
        await stage.shows_legs(LegStatus.ACTIVE, LegStatus.WAITING, LegStatus.WAITING)
        await stage.cancel()
        await ended(stage, "Cancelled by you", (LegStatus.CANCELLED, LegStatus.CANCELLED, LegStatus.CANCELLED))

        assert len((await stage.ledger()).creates) == 3
    assert await from_journal(tmp_path) == stage.strategies


async def ended(stage: Stage, chip: str, legs: tuple[LegStatus, ...]) -> None:
    """The newest trade is over, and everybody says the same of it."""
    await stage.reaches(Phase.CLOSED)
    await stage.see(lambda: stage.chip() == chip, chip)
    assert stage.legs() == legs
    await compare(stage)
    assert not (await stage.ledger()).reserved["USD"]
