"""Freezing a plan: only a right one, with exactly the texts shown; and the shape the exchange takes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.money import grouped, plain
from otoco_desktop.domain.order import Leg, LegRole, OrderType, Side
from otoco_desktop.domain.parse import to_order
from otoco_desktop.domain.rules import evaluate
from otoco_desktop.domain.structure import ONE_OF_EACH, shape_problem
from tests.domain.planning.plans import AROUND, BUY, OFFLINE, SELL, WRONG_EXAMPLE, D, around, expect, holding, judged

ID = "abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(
    ("draft", "surroundings"),
    [
        (OtocoDraft(), AROUND),
        (WRONG_EXAMPLE, AROUND),
        (BUY, OFFLINE),
        (BUY, replace(AROUND, instrument=None)),
        (BUY, around(now_ms=60_000)),
    ],
)
def test_what_is_not_ready_is_never_frozen(draft: OtocoDraft, surroundings: Any) -> None:
    with pytest.raises(ValueError, match="not ready"):
        to_order(evaluate(draft, surroundings), ID, surroundings)


def test_a_verdict_is_not_frozen_without_an_instrument() -> None:
    with pytest.raises(ValueError, match="not ready"):
        to_order(judged(BUY), ID, replace(AROUND, instrument=None))


def test_a_strategy_id_that_makes_no_client_order_id_is_refused() -> None:
    with pytest.raises(ValueError, match="client order id"):
        to_order(judged(BUY), "x" * 40, AROUND)


@pytest.mark.parametrize(
    ("draft", "fee_in_quote", "coin"), [(BUY, True, "USD"), (BUY, False, None), (SELL, True, None), (SELL, False, None)]
)
def test_the_fee_coin_is_named_on_a_buy_only(draft: OtocoDraft, fee_in_quote: bool, coin: str | None) -> None:
    surroundings = around(fee_in_quote=fee_in_quote)
    assert to_order(evaluate(draft, surroundings), ID, surroundings).fee_instrument == coin


@pytest.mark.parametrize("draft", [BUY, SELL])
@pytest.mark.parametrize("stop_market", [True, False])
@pytest.mark.parametrize("target_market", [True, False])
def test_every_combination_of_exits_has_the_right_shape(
    draft: OtocoDraft, stop_market: bool, target_market: bool
) -> None:
    limits: dict[str, Any] = {} if draft is SELL else {"stop_limit": "90000", "target_limit": "97000"}
    verdict = judged(draft, stop_market=stop_market, target_market=target_market, **limits)
    order = to_order(verdict, ID, AROUND)
    assert shape_problem(order.legs) == ""
    assert (order.entry.side, order.stop.side, order.target.side) == (
        draft.side,
        draft.side.opposite,
        draft.side.opposite,
    )
    assert order.stop.type == (OrderType.STOP_LOSS if stop_market else OrderType.STOP_LIMIT)
    assert order.target.type == (OrderType.TAKE_PROFIT if target_market else OrderType.TAKE_PROFIT_LIMIT)
    assert {leg.quantity for leg in order.legs} == {D("0.10000")}
    assert (order.stop.price is None, order.target.price is None) == (stop_market, target_market)
    assert [len(leg.client_oid) for leg in order.legs] == [32, 32, 32]


@given(
    entry=st.decimals(20_000, 100_000, places=2),
    stop=st.decimals("0.5", 40, places=2),
    target=st.decimals(2, 60, places=2),
    count=st.integers(2_000, 100_000),
    side=st.sampled_from(Side),
)
def test_the_text_shown_is_the_text_sent(entry: Any, stop: Any, target: Any, count: int, side: Side) -> None:
    quantity = f"{count * D('0.00001'):f}"
    draft = OtocoDraft(side=side, entry=f"{entry}", quantity=quantity, stop=f"{stop}%", target=f"{target}%")
    rich = around(account=holding(USD="1000000000", BTC="1000"))
    verdict = evaluate(draft, rich)
    assert verdict.submittable, verdict.findings
    order = to_order(verdict, ID, rich)
    assert plain(order.entry.price or D(0)) == f"{entry}"
    assert plain(order.quantity) == quantity
    for leg, field in ((order.stop, Field.STOP), (order.target, Field.TARGET)):
        shown = verdict.plan.value(field)
        assert shown is not None
        assert leg.trigger is not None
        assert grouped(shown, 2).replace(",", "") == plain(leg.trigger)


# The shape

LEGS = to_order(judged(BUY, stop_market=False, stop_limit="90000"), ID, AROUND).legs
ENTRY, STOP, TARGET = LEGS


@pytest.mark.parametrize(
    ("legs", "problem"),
    [
        (LEGS, ""),
        ((TARGET, STOP, ENTRY), ""),
        ((ENTRY, replace(STOP, quantity=D("0.05")), TARGET), ""),
        ((), ONE_OF_EACH),
        ((ENTRY, STOP), ONE_OF_EACH),
        ((ENTRY, STOP, STOP), ONE_OF_EACH),
        ((*LEGS, TARGET), ONE_OF_EACH),
        ((ENTRY, STOP, replace(TARGET, client_oid=STOP.client_oid)), "Two legs carry the same client order id."),
        ((replace(ENTRY, type=OrderType.STOP_LIMIT), STOP, TARGET), "A STOP_LIMIT order can't be the entry."),
        ((ENTRY, replace(STOP, type=OrderType.TAKE_PROFIT), TARGET), "A TAKE_PROFIT order can't be the stop."),
        ((ENTRY, STOP, replace(TARGET, type=OrderType.STOP_LOSS)), "A STOP_LOSS order can't be the target."),
        ((ENTRY, replace(STOP, side=Side.BUY), TARGET), "The stop must sell, the opposite of the entry."),
        ((ENTRY, STOP, replace(TARGET, quantity=D("0.2"))), "The target covers 0.2, the entry is 0.10000."),
        ((ENTRY, replace(STOP, quantity=D(0)), TARGET), "The stop covers 0, the entry is 0.10000."),
        (
            (replace(ENTRY, client_oid="x" * 37), STOP, TARGET),
            "The entry's client order id is not 1 to 36 letters, digits, - or _.",
        ),
        (
            (replace(ENTRY, client_oid="od1 e"), STOP, TARGET),
            "The entry's client order id is not 1 to 36 letters, digits, - or _.",
        ),
        ((replace(ENTRY, price=None), STOP, TARGET), "The entry needs a limit price above zero."),
        ((replace(ENTRY, price=D(0)), STOP, TARGET), "The entry needs a limit price above zero."),
        ((replace(ENTRY, trigger=D(1)), STOP, TARGET), "A LIMIT order takes no trigger."),
        ((ENTRY, replace(STOP, trigger=None), TARGET), "The stop needs a trigger above zero."),
        ((ENTRY, STOP, replace(TARGET, price=D(1))), "A TAKE_PROFIT order takes no limit price."),
    ],
)
def test_shape(legs: tuple[Leg, ...], problem: str) -> None:
    assert shape_problem(legs) == problem


def test_every_role_is_in_the_order() -> None:
    assert [leg.role for leg in LEGS] == list(LegRole)


@pytest.mark.parametrize(
    ("setting", "chosen", "expected"),
    [(True, None, "USD"), (True, False, None), (False, True, "USD"), (False, False, None)],
)
def test_a_plan_may_choose_its_own_fee_coin(setting: bool, chosen: bool | None, expected: str | None) -> None:
    surroundings = around(fee_in_quote=setting)
    verdict = judged(BUY, surroundings, fee_in_quote=chosen)
    assert to_order(verdict, "a" * 26, surroundings).fee_instrument == expected
    assert expect(verdict, "fee.currency").message.startswith("USD" if expected else "The entry fee is taken in BTC")
