"""A market exit that buys back in a thin book: the guard asks for what the practice exchange wants to see."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from otoco_desktop.domain.depth import Depth
from otoco_desktop.domain.finding import Severity
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.rules import evaluate
from otoco_desktop.practice.model import Status
from otoco_desktop.practice.prices import Quote
from tests.cover.cases import Bracket, Case
from tests.cover.venue import ENOUGH, Stage

MARK, STEPS = 9_311_842, 10_000
PLAN = Bracket(
    buys=False,
    steps=STEPS,
    entry=MARK - 10,
    stop=MARK + 150_000,
    target=MARK - 200_000,
    limits=(None, MARK - 200_000),
    fee_in_quote=False,
    exit_steps=STEPS,
    crosses=True,
)
SHARES = (Decimal("0.4"), Decimal("0.4"), Decimal("0.5"))
STEEP, FLAT = (10, 200_000, 600_000), (10, 20, 30)
"""How many ticks above mark the levels stand; each holds its share of the quantity."""


def _asks(made: Case, levels: tuple[int, ...], mark: int) -> list[tuple[Decimal, Decimal]]:
    quantity = STEPS * made.instrument.step
    return [(made.price(mark + level), quantity * share) for level, share in zip(levels, SHARES, strict=True)]


@pytest.mark.parametrize(
    ("levels", "cents", "paid"),
    [(STEEP, -1, False), (STEEP, 0, True), (FLAT, 0, True), (FLAT, -1, True)],
)
async def test_what_the_book_takes_must_be_at_hand(
    tmp_path: Path, levels: tuple[int, ...], cents: int, paid: bool
) -> None:
    quantity = STEPS * Decimal("0.00001")
    made = Case(1, "BTC_USD", MARK, (0, 0), PLAN, None, quantity, Decimal(0))
    need = quantity * made.price(PLAN.stop + levels[-1])
    margin = quantity * made.price(PLAN.stop) * Decimal("1.01")
    brought = quantity * made.price(PLAN.entry)
    stage = Stage(tmp_path, made)
    stage.free("BTC", quantity)
    stage.free("USD", max(need, margin) - brought + cents * Decimal("0.01"))
    around = stage.around([])
    depth = Depth.of([(made.price(MARK - 30), ENOUGH)], _asks(made, levels, MARK))
    assert around.quote is not None
    seen = replace(around, quote=replace(around.quote, depth=depth, depth_mark=made.price(MARK)))
    (found,) = (one for one in evaluate(stage.draft(PLAN), seen).findings if one.code == "exit.coverage")
    told = found.severity is not Severity.WARNING
    sent = stage.send(PLAN, "a", [])
    stage.fill()
    asks = tuple(_asks(made, levels, PLAN.stop))
    mark = made.price(PLAN.stop)
    stage.venue.take("BTC_USD", Quote(mark, mark, asks[0][0], bids=((mark, ENOUGH),), asks=asks))
    leg = stage.leg(sent, LegRole.STOP)
    taken = leg.status is not Status.REJECTED
    stage.close()
    assert taken is paid
    assert told is (taken and cents >= 0), "the guard asks for its margin at least"
