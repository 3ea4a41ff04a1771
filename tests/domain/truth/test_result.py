"""Realised money: exact, by side, with fees in either coin."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from otoco_desktop.domain.events import Planned
from otoco_desktop.domain.lifecycle import begin, evolve
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.result import Result, result
from tests.domain.truth.builders import (
    E_,
    S_,
    T_,
    full,
    intended,
    order,
    part,
    placed,
    protected,
    report,
    strategy,
    told,
)

GONE = report(S_, "CANCELED", 210)


def test_a_target_pays_its_difference_less_both_fees() -> None:
    found = result(strategy(*protected(), full(T_, "108010.00", 200, fee="1.20"), GONE))
    assert found == Result(
        quote="USD",
        gross=Decimal("150.1000000"),
        fees=Decimal("1.70"),
        net=Decimal("148.4000000"),
        r=Decimal("148.4000000") / Decimal(134),
        planned_r=Decimal(147) / Decimal(134),
        exit_price=Decimal("108010.00"),
    )


def test_a_stop_costs() -> None:
    found = result(strategy(*protected(), full(S_, "80000.00", 200), report(T_, "CANCELED", 210)))
    assert found is not None
    assert (found.gross, found.net) == (Decimal("-130.0000000"), Decimal("-131.0000000"))


def test_a_sell_first_trade_gains_when_it_buys_back_lower() -> None:
    plan = order()
    mirrored = replace(
        plan,
        entry=replace(plan.entry, side=Side.SELL),
        stop=replace(plan.stop, side=Side.BUY),
        target=replace(plan.target, side=Side.BUY),
    )
    state = begin(intended(order=mirrored))
    rows = [
        full(E_, "93000.00", 1, side="SELL"),
        full(T_, "92000.00", 2, side="BUY"),
        report(S_, "CANCELED", 3, side="BUY"),
    ]
    for row in rows:
        state = evolve(state, told(row))
    found = result(state)
    assert found is not None
    assert found.gross == Decimal("10.0000000")


def test_a_fee_in_the_coin_is_valued_at_its_own_price() -> None:
    entry = full(E_, "93000.00", 100, fee="0.000005", fee_coin="BTC")
    found = result(strategy(*placed(), entry, full(T_, "108010.00", 200, fee="0"), GONE))
    assert found is not None
    assert found.fees == Decimal("0.46500000000")


def test_a_fee_in_the_coin_without_an_average_uses_value_over_quantity() -> None:
    entry = full(E_, "93000.00", 100, fee="0.000005", fee_coin="BTC", average_price=None)
    found = result(strategy(*placed(), entry, full(T_, "108010.00", 200, fee="0"), GONE))
    assert found is not None
    assert found.fees == Decimal("0.465")


def test_a_fee_in_a_third_coin_is_kept_apart() -> None:
    found = result(strategy(*protected(), full(T_, "108010.00", 200, fee="3", fee_coin="CRO"), GONE))
    assert found is not None
    assert (found.fees, found.other_fees) == (Decimal("0.50"), (("CRO", Decimal(3)),))


def test_a_fee_without_a_fill_is_kept_apart() -> None:
    odd = report(S_, "CANCELED", 210, fee=Decimal("0.1"), fee_coin="BTC")
    found = result(strategy(*protected(), full(T_, "108010.00", 200), odd))
    assert found is not None
    assert found.other_fees == (("BTC", Decimal("0.1")),)


def test_a_value_left_out_is_average_times_quantity() -> None:
    target = full(T_, "108010.00", 200, filled_value=Decimal(0))
    found = result(strategy(*protected(), target, GONE))
    assert found is not None
    assert found.gross == Decimal("150.1000000")


def test_smaller_exits_carry_their_share_of_the_cost() -> None:
    plan, small = order(), Decimal("0.00500")
    plan = replace(plan, stop=replace(plan.stop, quantity=small), target=replace(plan.target, quantity=small))
    state = begin(intended(order=plan, planned=None))
    half: dict[str, Any] = {"quantity": small, "filled": small, "filled_value": Decimal("540.00")}
    rows = [full(E_, "93000.00", 1), full(T_, "108000.00", 2, **half), report(S_, "CANCELED", 3, quantity=small)]
    for row in rows:
        state = evolve(state, told(row))
    found = result(state)
    assert found is not None
    assert (found.gross, found.r, found.planned_r) == (Decimal(75), None, None)


def test_a_zero_fee_in_a_third_coin_is_no_fee() -> None:
    found = result(strategy(*protected(), full(T_, "108010.00", 200, fee="0", fee_coin="CRO"), GONE))
    assert found is not None
    assert found.other_fees == ()


def test_a_plan_without_a_loss_has_no_r() -> None:
    state = begin(intended(planned=Planned(Decimal(0), Decimal(147), Decimal(0), Decimal(0))))
    for row in (*protected(), full(T_, "108010.00", 200), GONE):
        state = evolve(state, told(row))
    found = result(state)
    assert found is not None
    assert (found.r, found.planned_r) == (None, None)


UNTOLD: dict[str, Any] = {"filled_value": Decimal(0), "average_price": None}


@pytest.mark.parametrize(
    "facts",
    [
        placed(),
        protected(),
        (*protected(), full(T_, "108010.00", 200)),
        (report(E_, "CANCELED", 200),),
        (*placed(), part(E_, "CANCELED", 20)),
        (*placed(), full(E_, "1", 100, **UNTOLD), full(T_, "108010.00", 200), GONE),
        (*protected(), full(T_, "1", 200, **UNTOLD), GONE),
    ],
    ids=["working", "protected", "sibling open", "no trade", "unprotected", "entry untold", "exit untold"],
)
def test_there_is_no_result_before_the_end_or_without_its_numbers(facts: tuple[Any, ...]) -> None:
    assert result(strategy(*facts)) is None
