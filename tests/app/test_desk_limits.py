"""The desk judges by the trader's preferences, at every look and once more before anything leaves."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from otoco_desktop.domain.draft import QuantityMode
from otoco_desktop.domain.events import NotSent
from otoco_desktop.domain.finding import Finding, Severity
from otoco_desktop.domain.preferences import Preferences
from otoco_desktop.domain.promised import Promise, promised
from otoco_desktop.domain.rules import evaluate
from otoco_desktop.domain.strategy import Phase
from tests.app.fakes import DRAFT, settle
from tests.app.world import World, world

D = Decimal
OTHER = replace(DRAFT, entry="92000.00", stop="90000.00")


def limit(made: World, code: str) -> Finding:
    verdict = evaluate(DRAFT, made.desk.surroundings())
    return next(found for found in verdict.findings if found.code == code)


async def test_a_change_holds_for_the_next_look() -> None:
    async with world() as made:
        made.preferences = Preferences(trade_limit=D(100), risk_limit=D("0.0001"), fee_in_quote=False)
        assert limit(made, "limit.trade").severity is Severity.WARNING
        assert limit(made, "risk.limit").severity is Severity.WARNING
        assert made.confirmed().verdict.submittable
        made.preferences = Preferences(hard_cap=D(100))
        assert made.desk.prepare(DRAFT) is None
        made.preferences = Preferences()
        assert made.desk.prepare(DRAFT) is not None


async def test_a_stop_in_r_is_sent_at_the_price_its_unit_comes_to() -> None:
    async with world() as made:
        wanted = replace(DRAFT, quantity_mode=QuantityMode.QUANTITY, quantity="0.1", stop="1.5R")
        assert made.desk.prepare(wanted) is None
        made.preferences = Preferences(risk_unit=D(100))
        made.fresh_prices()
        confirmed = made.desk.prepare(wanted)
        assert confirmed is not None
        strategy_id = await made.desk.submit(confirmed)
        await settle()
        assert strategy_id is not None
        stop = made.strategy(strategy_id).intent.order.stop
        assert stop.trigger == D("92400.00") - D("1.5") * 100 / D("0.1")
        assert len(made.gateway.sent) == 1


async def test_the_risk_of_open_strategies_counts_until_they_end() -> None:
    async with world() as made:
        made.preferences = Preferences(open_risk_limit=D(400))
        assert limit(made, "limit.open_risk").severity is Severity.PASS
        strategy_id = await made.submit(OTHER)
        around = made.desk.surroundings()
        loss = -made.strategy(strategy_id).intent.planned.loss  # type: ignore[union-attr]
        assert (around.open_risk.amount, around.open_risk.count) == (loss, 1)
        found = limit(made, "limit.open_risk")
        assert (found.severity, "in 2 strategies" in found.message) == (Severity.WARNING, True)
        await made.desk.cancel(strategy_id)
        assert promised(made.desk.state.strategies) == (Promise("BTC", D(0), D("0.09874"), 1),)


async def test_a_plan_is_not_counted_against_itself() -> None:
    """The look before sending sees the intent in the book; alone it keeps to the limit, twice it would not."""
    async with world() as made:
        made.preferences = Preferences(open_risk_limit=D(300), hard_cap=D(9_500))
        strategy_id = await made.submit()
        assert made.phase(strategy_id) is Phase.ACKED
        assert len(made.gateway.sent) == 1


async def test_a_cap_that_falls_after_the_review_stops_the_sending() -> None:
    async with world() as made:
        made.fresh_prices()
        confirmed = made.confirmed()
        made.preferences = Preferences(hard_cap=D(5_000))
        strategy_id = await made.desk.submit(confirmed)
        await settle()
        assert strategy_id is not None
        outcome = made.strategy(strategy_id).outcome
        assert isinstance(outcome, NotSent)
        assert outcome.reason.startswith("Costs 9,1")
        assert outcome.reason.endswith("your hard cap is 5,000.00")
        assert made.gateway.sent == []


async def test_a_fee_coin_chosen_for_one_plan_is_sent_and_judged_again_before_it_leaves() -> None:
    async with world() as made:
        strategy_id = await made.submit(replace(DRAFT, fee_in_quote=False))
        order = made.strategy(strategy_id).intent.order
        assert order.fee_instrument is None
        assert made.gateway.sent[0].order == order
