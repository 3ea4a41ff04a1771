"""What was sent before, and what a sell plan may be refused for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.finding import Field, Severity
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.verdict import RecentPlan
from tests.domain.planning.plans import BUY, SELL, D, around, finding, judged

WARNING = Severity.WARNING
RECENT = RecentPlan(
    "S-0415", "BTC_USD", Side.BUY, D("0.1"), D(92_400), D(90_552), D(97_020), age_ms=40_000, unresolved=False
)


@pytest.mark.parametrize(
    ("recent", "message"),
    [
        (RECENT, "You sent the same plan 40 s ago (S-0415)."),
        (replace(RECENT, age_ms=119_000), "You sent the same plan 119 s ago (S-0415)."),
        (replace(RECENT, age_ms=120_000), "You sent the same plan 2 min ago (S-0415)."),
        (replace(RECENT, age_ms=3_600_000), "You sent the same plan 60 min ago (S-0415)."),
        (replace(RECENT, age_ms=600_000), "You sent the same plan 10 min ago (S-0415)."),
        (replace(RECENT, age_ms=3_600_001), None),
        (replace(RECENT, quantity=D("0.2")), None),
        (replace(RECENT, side=Side.SELL), None),
        (replace(RECENT, instrument="ETH_USD"), None),
    ],
)
def test_duplicate(recent: RecentPlan, message: str | None) -> None:
    verdict = judged(BUY, around(recent=(recent,)))
    found = finding(verdict, "plan.duplicate")
    assert (found.message if found else None) == message
    assert verdict.submittable


@pytest.mark.parametrize(
    ("draft", "recent", "message"),
    [
        (BUY, replace(RECENT, unresolved=True), "New BTC_USD buys are locked until S-0415 is settled."),
        (
            SELL,
            replace(RECENT, unresolved=True, side=Side.SELL),
            "New BTC_USD sells are locked until S-0415 is settled.",
        ),
        (SELL, replace(RECENT, unresolved=True), "New BTC_USD sells are locked until S-0415 is settled."),
        (BUY, replace(RECENT, unresolved=True, instrument="ETH_USD"), None),
        (BUY, RECENT, None),
    ],
)
def test_lock(draft: OtocoDraft, recent: RecentPlan, message: str | None) -> None:
    verdict = judged(draft, around(recent=(recent,)))
    found = finding(verdict, "plan.locked")
    assert (found.message if found else None) == message
    assert verdict.submittable is (message is None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"stop_market": True}, Field.STOP),
        ({"target_market": True}, Field.TARGET),
        ({"stop_market": True, "target_market": True}, Field.STOP),
        ({}, None),
    ],
)
def test_market_exits_of_a_sell_plan(changes: dict[str, Any], field: Field | None) -> None:
    verdict = judged(SELL, **changes)
    found = finding(verdict, "exits.market")
    assert (found.field if found else None) == field
    assert found is None or (found.severity, bool(found.unproven)) == (WARNING, True)
    assert finding(judged(BUY), "exits.market") is None
    assert verdict.submittable
