"""What the facts amount to: phase, closing, legs in words, what is unprotected, and the sentence about it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from otoco_desktop.domain.events import (
    Looked,
    Unknown,
)
from otoco_desktop.domain.headline import headline
from otoco_desktop.domain.lifecycle import (
    Difference,
    begin,
    closing,
    differences,
    evolve,
    filled_ratio,
    is_live,
    leg_status,
    may_cancel,
    needs_following,
    phase,
    unprotected_quantity,
)
from otoco_desktop.domain.order import LegRole, Side
from otoco_desktop.domain.strategy import Closing, LegStatus, Phase
from tests.domain.truth.builders import (
    E_,
    S_,
    T_,
    acked,
    answered,
    entered,
    full,
    intended,
    looked,
    order,
    part,
    placed,
    protected,
    report,
    strategy,
    told,
)
from tests.domain.truth.phase_cases import ASKED, CASES, DEAD_EXITS, REFUSAL, SILENCE, reply

NAMED = [pytest.param(*case[1:], id=case[0]) for case in CASES]


@pytest.mark.parametrize(("facts", "expected", "sentence"), NAMED)
def test_phase_and_sentence(facts: tuple[Any, ...], expected: Phase, sentence: str) -> None:
    state = strategy(*facts)
    assert (phase(state), headline(state)) == (expected, sentence)


def test_every_phase_has_a_case() -> None:
    assert {case[2] for case in CASES} == set(Phase)


@pytest.mark.parametrize(
    ("changes", "field", "planned", "reported"),
    [
        ({"instrument": "ETH_USD"}, "instrument", "BTC_USD", "ETH_USD"),
        ({"side": "BUY"}, "side", "SELL", "BUY"),
        ({"order_type": "STOP_LIMIT"}, "type", "STOP_LOSS", "STOP_LIMIT"),
        ({"quantity": Decimal("0.00900")}, "quantity", "0.01000", "0.00900"),
        ({"limit_price": Decimal("79000.00")}, "price", "none", "79000.00"),
        ({"filled": Decimal("0.02000")}, "filled", "0.01000", "0.02000"),
        ({"status": "FILLED", "filled": Decimal("0.00400")}, "filled", "0.01000", "0.00400"),
    ],
)
def test_each_field_that_differs_is_named(changes: dict[str, Any], field: str, planned: str, reported: str) -> None:
    row = replace(report(S_, "PENDING", 20), **changes)
    state = strategy(*placed(), row)
    assert phase(state) is Phase.DIVERGED
    assert differences(state) == (Difference(S_, field, planned, reported),)


def test_what_a_report_leaves_out_is_no_difference() -> None:
    row = report(S_, "PENDING", 20, instrument="", side="", quantity=Decimal(0), trigger=None)
    assert differences(strategy(*placed(), row)) == ()


def test_more_than_one_difference_is_counted() -> None:
    row = report(S_, "PENDING", 20, side="BUY", trigger=Decimal("81000.00"))
    assert headline(strategy(*placed(), row)) == "Differs from plan: stop side is BUY, planned SELL and 1 more."


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ((*protected(), full(T_, "108010.00", 200), report(S_, "CANCELED", 210)), Closing.TARGET_FILLED),
        ((*protected(), full(S_, "79990.00", 200), report(T_, "CANCELED", 210)), Closing.STOPPED),
        ((*placed(), ASKED, report(E_, "CANCELED", 200), *DEAD_EXITS), Closing.CANCELLED_BY_YOU),
        ((*placed(), ASKED, reply(REFUSAL), report(E_, "CANCELED", 200), *DEAD_EXITS), Closing.CANCELLED_BY_EXCHANGE),
        ((*placed(), report(E_, "EXPIRED", 200), *DEAD_EXITS), Closing.EXPIRED),
        ((*protected(), *(part(role, "CANCELED", 200, "0.00500") for role in (S_, T_))), Closing.STOPPED),
        (placed(), None),
    ],
)
def test_how_it_closed(facts: tuple[Any, ...], expected: Closing | None) -> None:
    assert closing(strategy(*facts)) is expected


LEGS: list[tuple[tuple[Any, ...], tuple[LegStatus, LegStatus, LegStatus]]] = [
    ((), (LegStatus.UNKNOWN,) * 3),
    ((answered(REFUSAL),), (LegStatus.NOT_PLACED,) * 3),
    ((report(E_, "NEW"),), (LegStatus.WAITING, LegStatus.UNKNOWN, LegStatus.UNKNOWN)),
    (placed(), (LegStatus.ACTIVE, LegStatus.WAITING, LegStatus.WAITING)),
    (protected(), (LegStatus.FILLED, LegStatus.ACTIVE, LegStatus.ACTIVE)),
    (entered(), (LegStatus.FILLED, LegStatus.WAITING, LegStatus.WAITING)),
    (
        (*entered(), report(T_, "ACTIVE", 200, exchange_order_id="57")),
        (LegStatus.FILLED, LegStatus.ACTIVE, LegStatus.TRIGGERED),
    ),
    (
        (*protected(), report(S_, "ACTIVE", 200, exchange_order_id="57")),
        (LegStatus.FILLED, LegStatus.TRIGGERED, LegStatus.ACTIVE),
    ),
    (
        (*protected(), full(S_, "79990.00", 200), report(T_, "CANCELED", 210)),
        (LegStatus.FILLED, LegStatus.FILLED, LegStatus.CANCELLED),
    ),
    ((report(E_, "REJECTED"),), (LegStatus.REJECTED, LegStatus.NOT_PLACED, LegStatus.NOT_PLACED)),
    (
        (report(E_, "EXPIRED"), report(S_, "ODD")),
        (LegStatus.EXPIRED, LegStatus.UNRECOGNISED, LegStatus.UNKNOWN),
    ),
]


@pytest.mark.parametrize(("facts", "expected"), LEGS)
def test_legs_in_words(facts: tuple[Any, ...], expected: tuple[LegStatus, ...]) -> None:
    state = strategy(*facts)
    assert tuple(leg_status(state, role) for role in LegRole) == expected


def test_an_active_label_before_the_entry_filled_arms_nothing() -> None:
    state = strategy(report(E_, "ACTIVE"), report(S_, "ACTIVE", exchange_order_id="57"), report(T_, "ACTIVE"))
    assert phase(state) is Phase.WORKING
    assert leg_status(state, S_) is LegStatus.WAITING


@pytest.mark.parametrize(
    ("facts", "amount", "ratio"),
    [
        ((), "0", "0"),
        (placed(), "0", "0"),
        ((*placed(), part(E_, "ACTIVE", 20)), "0.00400", "0.4"),
        (protected(), "0", "1"),
        ((*protected(), part(S_, "ACTIVE", 200)), "0", "1"),
        ((*protected(), part(S_, "CANCELED", 200)), "0.00600", "1"),
        ((*protected(), full(T_, "108010.00", 200)), "0", "1"),
    ],
)
def test_what_is_not_protected(facts: tuple[Any, ...], amount: str, ratio: str) -> None:
    state = strategy(*facts)
    assert (unprotected_quantity(state), filled_ratio(state)) == (Decimal(amount), Decimal(ratio))


@pytest.mark.parametrize(
    ("facts", "live", "following", "cancellable"),
    [
        ((), True, True, False),
        ((answered(REFUSAL),), False, False, False),
        ((acked(),), True, True, True),
        ((acked(), ASKED), True, True, False),
        ((acked(), ASKED, reply(Unknown("No reply."))), True, True, True),
        ((acked(), *placed()), True, True, True),
        ((*protected(), *DEAD_EXITS), True, False, False),
        ((*placed(), report(E_, "CANCELED", 200)), True, True, True),
        ((*placed(), report(E_, "REJECTED", 200)), False, True, False),
        ((report(E_, "CANCELED", 200),), False, True, False),
        ((report(E_, "REJECTED", 200),), False, False, False),
        ((*protected(), full(T_, "108010.00", 200), report(S_, "CANCELED", 210)), False, False, False),
    ],
)
def test_what_still_needs_looking_after(facts: tuple[Any, ...], live: bool, following: bool, cancellable: bool) -> None:
    state = strategy(*facts)
    assert (is_live(state), needs_following(state), may_cancel(state)) == (live, following, cancellable)


def _found_by_one(look: Looked) -> Looked:
    return replace(look, answers=(replace(look.answers[0], found=1), *look.answers[1:]))


def test_time_alone_never_makes_an_order_not_placed() -> None:
    looks = [looked(60_000 * n) for n in range(1, 2_000)]
    assert phase(strategy(SILENCE, *looks)) is Phase.UNRESOLVED


@pytest.mark.parametrize(
    "looks",
    [
        [looked(1_000 * n) for n in range(1, 20)],
        [looked(130_000 + n) for n in range(4)],
        [looked(130_000 + n, complete=False) for n in range(9)],
        [looked(130_000 + n, found=1) for n in range(9)],
        [_found_by_one(looked(130_000 + n)) for n in range(9)],
        [looked(120_000 - n) for n in range(9)],
    ],
    ids=["before", "four rounds", "a source did not answer", "found", "found by one source", "on the fence"],
)
def test_not_found_needs_five_complete_rounds_and_the_fence(looks: list[Any]) -> None:
    assert phase(strategy(SILENCE, *looks)) is Phase.UNKNOWN


def test_one_round_a_millisecond_beyond_the_fence_is_enough_after_four() -> None:
    before = [looked(1_000 * n) for n in range(1, 5)]
    assert phase(strategy(SILENCE, *before, looked(120_000))) is Phase.UNKNOWN
    assert phase(strategy(SILENCE, *before, looked(120_001))) is Phase.UNRESOLVED


def test_a_smaller_stop_covers_only_what_is_left_of_it() -> None:
    plan, half = order(), Decimal("0.00500")
    plan = replace(plan, stop=replace(plan.stop, quantity=half), target=replace(plan.target, quantity=half))
    state = begin(intended(order=plan))
    rows = (
        full(E_, "93000.00", 1),
        part(S_, "ACTIVE", 2, "0.00200", quantity=half),
        report(T_, "ACTIVE", 2, quantity=half),
    )
    for row in rows:
        state = evolve(state, told(row))
    assert unprotected_quantity(state) == Decimal("0.00500")


def test_a_fee_taken_in_the_coin_bought_is_not_held() -> None:
    fee: dict[str, Any] = {"fee": Decimal("0.00001"), "fee_coin": "BTC"}
    dead = strategy(part(E_, "CANCELED", **fee), report(S_, "CANCELED"), report(T_, "CANCELED"))
    assert (phase(dead), unprotected_quantity(dead)) == (Phase.UNPROTECTED, Decimal("0.00399"))
    held = strategy(full(E_, "93000.00", fee="0.00002", fee_coin="BTC"), report(S_, "ACTIVE"))
    assert unprotected_quantity(held) == 0


@pytest.mark.parametrize(("fee", "bare"), [("0.0000231", "0"), ("0.00002", "0.00001"), ("0.00003", "0")])
def test_dust_that_no_order_can_sell_is_not_called_unprotected(fee: str, bare: str) -> None:
    plan, most = order(), Decimal("0.00997")
    plan = replace(plan, stop=replace(plan.stop, quantity=most), target=replace(plan.target, quantity=most))
    state = begin(intended(order=plan))
    rows = (
        full(E_, "93000.00", 1, fee=fee, fee_coin="BTC"),
        report(S_, "ACTIVE", 2, quantity=most),
        report(T_, "ACTIVE", 2, quantity=most),
    )
    for row in rows:
        state = evolve(state, told(row))
    assert unprotected_quantity(state) == Decimal(bare)


def test_a_fee_in_base_takes_nothing_from_what_was_sold_first() -> None:
    sold = strategy(part(E_, "CANCELED", fee=Decimal("0.00001"), fee_coin="BTC"))
    selling = replace(sold.intent.order.entry, side=Side.SELL)
    intent = replace(sold.intent, order=replace(sold.intent.order, entry=selling))
    assert unprotected_quantity(replace(sold, intent=intent)) == Decimal("0.00400")
