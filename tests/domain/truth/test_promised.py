"""What live strategies bind: coins for their exits, money at their stops."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from otoco_desktop.domain.events import Acknowledged, Refused, Unknown
from otoco_desktop.domain.lifecycle import begin, evolve
from otoco_desktop.domain.order import Leg, LegRole, OrderType, Side
from otoco_desktop.domain.promised import Promise, open_risk, promised
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.domain.verdict import OpenRisk
from tests.domain.truth.builders import (
    E_,
    QUANTITY,
    S_,
    T_,
    acked,
    answered,
    exit_answered,
    full,
    intended,
    move_asked,
    order,
    part,
    placed,
    protected,
    removal_asked,
    report,
    strategy,
    told,
)

D = Decimal
NONE = D(0)


def test_a_waiting_entry_promises_nothing_yet() -> None:
    assert promised([strategy(acked(), *placed())]) == (Promise("BTC", NONE, QUANTITY, 1, NONE),)


def test_a_part_of_the_entry_is_promised_as_far_as_it_filled() -> None:
    state = strategy(acked(), *placed(), part(E_, "ACTIVE", 50))
    assert promised([state]) == (Promise("BTC", D("0.00400"), D("0.00600"), 1, D("0.004")),)


def test_a_filled_entry_is_promised_whole_until_an_exit_took_it() -> None:
    assert promised([strategy(acked(), *protected())]) == (Promise("BTC", QUANTITY, NONE, 1, QUANTITY),)
    half = strategy(acked(), *protected(), part(S_, "ACTIVE", 200))
    assert promised([half]) == (Promise("BTC", D("0.00600"), NONE, 1, NONE),), "a triggered exit has its coins reserved"
    over = strategy(acked(), *protected(), full(T_, "108000.00", 200), report(S_, "CANCELED", 210))
    assert promised([over]) == ()


def test_without_live_exits_nothing_is_promised() -> None:
    state = strategy(acked(), *protected(), report(S_, "CANCELED", 200), report(T_, "CANCELED", 200))
    assert promised([state]) == ()


def test_a_cancelled_entry_will_bring_no_more() -> None:
    state = strategy(acked(), *placed(), part(E_, "CANCELED", 60))
    assert promised([state]) == (Promise("BTC", D("0.00400"), NONE, 1),)


def test_coins_add_up_by_name() -> None:
    one, two = strategy(acked(), *protected()), strategy(acked(), *placed())
    assert promised([one, _selling(), two]) == (
        Promise("BTC", QUANTITY, QUANTITY, 2, QUANTITY),
        Promise("USD", NONE, D("1080"), 1, D("1080") * D("1.01") - D("930") * D("0.995")),
    )


def test_an_exit_claims_its_whole_quantity_though_the_fee_left_less() -> None:
    in_base = begin(intended(order=replace(order(), fee_instrument=None)))
    waiting = evolve(in_base, acked())
    assert _claim(waiting) == QUANTITY * D("0.005"), "what the entry will bring less, at the taker's rate"
    unplanned = evolve(begin(intended(order=replace(order(), fee_instrument=None), planned=None)), acked())
    assert _claim(unplanned) == NONE
    taken = strategy(acked(), *placed(), full(E_, "93000.00", 100, fee="0.00005", fee_coin="BTC"))
    assert promised([taken])[0].amount == D("0.00995")
    assert _claim(taken) == QUANTITY


def test_what_may_have_filled_unseen_claims_all_that_its_exits_need() -> None:
    unknown = strategy(answered(Unknown("no answer")))
    assert promised([unknown]) == (Promise("BTC", NONE, QUANTITY, 1, QUANTITY),)
    found = strategy(answered(Unknown("no answer")), *placed())
    assert _claim(found) == NONE, "the entry still waits"


def test_exits_that_never_arm_claim_nothing() -> None:
    assert _claim(strategy(acked(), *placed(), part(E_, "CANCELED", 60))) == NONE


def test_the_dearer_exit_counts_and_only_while_it_lives() -> None:
    state = _selling()
    assert _claim(evolve(state, told(report(S_, "REJECTED", 90, side="BUY")))) == NONE, "the target costs less"


def _claim(state: Strategy) -> Decimal:
    (found,) = promised([state])
    return found.claim


def test_planned_losses_add_up_over_what_may_exist() -> None:
    unknown = strategy(answered(Unknown("no answer")))
    refused = strategy(answered(Refused("306", "INSUFFICIENT_AVAILABLE_BALANCE", "insufficient balance")))
    over = strategy(acked(), *protected(), full(T_, "108000.00", 200), report(S_, "CANCELED", 210))
    assert open_risk([unknown, refused, over, strategy(acked(), *protected())]) == OpenRisk(D("268.00"), 2, 0)


MOVE = move_asked(S_, "85000.00")
MOVED = (MOVE, exit_answered(S_, Acknowledged("12")), report(S_, "PENDING", 1_200, trigger=D("85000.00")))


def _loss(*facts: Any) -> Decimal:
    return open_risk([strategy(acked(), *protected(), *facts)]).amount


def test_a_moved_stop_loses_what_it_loses_there() -> None:
    """Planned: 134.00 at 80,000. A coin sold 5,000 dearer brings 5,000 more, less the taker's 0.5 % of that."""
    assert _loss(*MOVED) == D("134.00") - QUANTITY * D(5000) * D("0.995")
    beyond = move_asked(S_, "94000.00")
    shown = report(S_, "PENDING", 1_200, trigger=D("94000.00"))
    assert _loss(beyond, exit_answered(S_, Acknowledged("12")), shown) == 0, "nothing is lost beyond break-even"


def test_while_a_move_is_not_settled_the_worse_price_counts() -> None:
    assert _loss(MOVE) == _loss() == D("134.00")
    lower = move_asked(S_, "75000.00")
    doubt = exit_answered(S_, Unknown("no reply in 10 s"))
    assert _loss(lower, doubt) == D("134.00") + QUANTITY * D(5000) * D("0.995")
    assert _loss(lower, exit_answered(S_, Refused("229", "INVALID_REF_PRICE", ""))) == D("134.00")


def test_a_sold_stop_that_is_moved_up_loses_more_and_claims_more() -> None:
    state = _selling()
    asked = evolve(state, move_asked(S_, "120000.00"))
    more = open_risk([asked]).amount - open_risk([state]).amount
    assert more == QUANTITY * D(12000) * D("1.005")
    assert promised([asked])[0].waiting == QUANTITY * D("120000.00")
    assert _claim(asked) - _claim(state) == QUANTITY * D(12000) * D("1.01")


def test_without_a_stop_no_loss_is_known() -> None:
    gone = (removal_asked(S_), exit_answered(S_, Acknowledged("12")), report(S_, "CANCELED", 1_200))
    assert open_risk([strategy(acked(), *protected(), *gone)]) == OpenRisk(NONE, 0, 1)


def test_what_cannot_be_counted_is_told() -> None:
    unplanned = begin(intended(planned=None))
    in_coin = begin(intended(order=order(instrument="ETH_BTC")))
    assert open_risk([unplanned, in_coin]) == OpenRisk(NONE, 0, 2)


def _selling() -> Strategy:
    """Sell 0.01 at 93,000, buy back above 108,000 or below 80,000."""
    plain = order()
    legs = {
        LegRole.ENTRY: replace(plain.entry, side=Side.SELL),
        LegRole.STOP: Leg(S_, Side.BUY, OrderType.STOP_LOSS, QUANTITY, plain.stop.client_oid, trigger=D("108000.00")),
        LegRole.TARGET: replace(plain.target, side=Side.BUY, trigger=D("80000.00")),
    }
    sold = replace(plain, entry=legs[E_], stop=legs[S_], target=legs[T_])
    state = begin(intended(order=sold))
    return evolve(state, told(replace(placed()[0], side="SELL")))
