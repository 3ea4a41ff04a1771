"""What the facts amount to: phase, closing, legs in words, what is unprotected, and the sentence about it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from otoco_desktop.domain.events import (
    CancelAnswered,
    CancelAsked,
    Decided,
    Decision,
    Looked,
    NotSent,
    Outcome,
    Refused,
    RequestStamp,
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
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.strategy import Closing, LegStatus, Phase
from tests.domain.truth.builders import (
    E_,
    ID,
    LIST,
    S_,
    START,
    T_,
    acked,
    answered,
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

ASKED = CancelAsked(ID, START + 500, LIST, RequestStamp(8, START + 540, 40))
SILENCE = answered(Unknown("No reply in 10 s."))
REFUSAL = Refused("306", "INSUFFICIENT_AVAILABLE_BALANCE", "insufficient balance")
AFTER_FENCE = 121_000
LOST = (SILENCE, *(looked(1_000 * n) for n in range(1, 5)), looked(AFTER_FENCE))
DEAD_EXITS = (report(S_, "CANCELED", 300), report(T_, "CANCELED", 300))


def reply(outcome: Outcome) -> CancelAnswered:
    return CancelAnswered(ID, START + 600, outcome)


STOP_REFUSED = (
    "Entry is on the book at 93,000.00. The stop was rejected (insufficient balance): "
    "a fill would not be protected there."
)

CASES: list[tuple[str, tuple[Any, ...], Phase, str]] = [
    ("only the intent", (), Phase.INTENT, "Saved. Sending to the exchange…"),
    (
        "proven unsent",
        (answered(NotSent("The host was not found.")),),
        Phase.NOT_SENT,
        "Nothing was sent: The host was not found.",
    ),
    (
        "refused",
        (answered(REFUSAL),),
        Phase.REJECTED,
        "The exchange refused it: insufficient balance (code 306). Nothing was placed.",
    ),
    (
        "refused without words",
        (answered(Refused("999", "", "")),),
        Phase.REJECTED,
        "The exchange refused it: code 999 (code 999). Nothing was placed.",
    ),
    (
        "no answer",
        (SILENCE,),
        Phase.UNKNOWN,
        "Outcome unknown. Checking with the exchange. Do not resubmit.",
    ),
    ("looked for long enough", LOST, Phase.UNRESOLVED, "Not found after 5 checks in 121 s. It may still appear."),
    (
        "settled by the trader",
        (*LOST, Decided(ID, START + 200_000, Decision.NOT_PLACED, "not there")),
        Phase.RESOLVED_NOT_PLACED,
        "Resolved: not placed. You checked it on the exchange.",
    ),
    (
        "accepted, nothing seen",
        (acked(),),
        Phase.ACKED,
        f"Accepted by the exchange as list {LIST}. Waiting for the entry to become active.",
    ),
    (
        "only an exit seen",
        (report(S_, "PENDING"),),
        Phase.ACKED,
        f"Accepted by the exchange as list {LIST}. Waiting for the entry to become active.",
    ),
    (
        "entry accepted, not on the book",
        (report(E_, "NEW"),),
        Phase.WORKING,
        f"Accepted by the exchange as list {LIST}. Waiting for the entry to become active.",
    ),
    (
        "entry with a word nobody documented",
        (report(E_, "SOMETHING_NEW"),),
        Phase.ACKED,
        "The exchange lists the entry as SOMETHING_NEW, a status this program does not know.",
    ),
    ("entry on the book", placed(), Phase.WORKING, "Entry is on the book at 93,000.00."),
    (
        "entry on the book, stop refused",
        (*placed(), report(S_, "REJECTED", 20, reason="306")),
        Phase.WORKING,
        STOP_REFUSED,
    ),
    (
        "partly filled",
        (*placed(), part(E_, "ACTIVE", 20)),
        Phase.PARTIAL,
        "40% of the entry has filled. No stop is active yet.",
    ),
    (
        "almost filled is never shown as all",
        (*placed(), part(E_, "ACTIVE", 20, "0.00999")),
        Phase.PARTIAL,
        "99% of the entry has filled. No stop is active yet.",
    ),
    (
        "exits armed",
        protected(),
        Phase.PROTECTED,
        "Entry filled at 93,000.00. Stop 80,000.00 and target 108,000.00 are active.",
    ),
    (
        "filled, stop never seen",
        (full(E_, "93000.00", 100), report(T_, "ACTIVE", 100)),
        Phase.UNPROTECTED,
        "0.01000 BTC is unprotected. The stop has not been seen yet.",
    ),
    (
        "filled, stop in an unknown state",
        (*protected(), report(S_, "SOMETHING_NEW", 200)),
        Phase.UNPROTECTED,
        "0.01000 BTC is unprotected. The stop has an unrecognised status, SOMETHING_NEW.",
    ),
    (
        "filled, stop refused",
        (*protected(), report(S_, "REJECTED", 200, reason="INSUFFICIENT_AVAILABLE_BALANCE")),
        Phase.UNPROTECTED,
        "0.01000 BTC is unprotected. The stop was rejected (insufficient balance).",
    ),
    (
        "filled, stop expired",
        (*protected(), report(S_, "EXPIRED", 200)),
        Phase.UNPROTECTED,
        "0.01000 BTC is unprotected. The stop expired.",
    ),
    (
        "filled, target cancelled, stop stands",
        (*protected(), report(T_, "CANCELED", 200)),
        Phase.UNPROTECTED,
        "The target was cancelled. The stop at 80,000.00 is still active.",
    ),
    (
        "filled, both exits cancelled",
        (*protected(), *DEAD_EXITS),
        Phase.UNPROTECTED,
        "0.01000 BTC is unprotected. The stop was cancelled. The target was cancelled.",
    ),
    (
        "partly filled, then cancelled",
        (*placed(), part(E_, "CANCELED", 200), *DEAD_EXITS),
        Phase.UNPROTECTED,
        "0.00400 BTC is unprotected. The entry was cancelled after a partial fill.",
    ),
    (
        "stop triggered, not filled",
        (*protected(), report(S_, "ACTIVE", 200, exchange_order_id="57")),
        Phase.TRIGGERED,
        "Stop triggered, not yet filled.",
    ),
    (
        "target triggered, partly filled, stop gone",
        (*protected(), report(S_, "CANCELED", 210), part(T_, "ACTIVE", 200, exchange_order_id="57")),
        Phase.TRIGGERED,
        "Target triggered, 0.00400 of 0.01000 filled.",
    ),
    (
        "target filled, stop not yet gone",
        (*protected(), full(T_, "108010.00", 200)),
        Phase.TRIGGERED,
        "Target filled at 108,010.00. Waiting until the exchange confirms that the stop is cancelled.",
    ),
    (
        "all of the entry has filled, its last word still to come",
        (*placed(), part(E_, "ACTIVE", 20, "0.01000")),
        Phase.PROTECTED,
        "Entry filled at 93,000.00. Stop 80,000.00 and target 108,000.00 are active.",
    ),
    (
        "refused, and an exit is there all the same",
        (answered(REFUSAL), report(E_, "REJECTED", 20), report(S_, "PENDING", 20)),
        Phase.DIVERGED,
        "This order was thought not to be placed, yet the exchange reports it. Look at it there now.",
    ),
    (
        "one exit took more than planned",
        (*protected(), part(S_, "ACTIVE", 200, "0.02000")),
        Phase.DIVERGED,
        "Differs from plan: stop filled is 0.02000, planned 0.01000.",
    ),
    (
        "entry cancelled, one exit not yet gone",
        (*placed(), report(E_, "CANCELED", 200), report(S_, "CANCELED", 200)),
        Phase.CANCELLING,
        "The entry was cancelled. Waiting until the exchange confirms that the exits are gone.",
    ),
    (
        "target filled before anything else was told",
        (full(T_, "108010.00", 200),),
        Phase.TRIGGERED,
        "Target filled at 108,010.00. Waiting until the exchange confirms that the stop is cancelled.",
    ),
    (
        "target filled",
        (*protected(), full(T_, "108010.00", 200), report(S_, "CANCELED", 210)),
        Phase.CLOSED,
        "Target filled at 108,010.00: +149.10 USD, +1.11 R. Stop cancelled.",
    ),
    (
        "stopped",
        (*protected(), full(S_, "79990.00", 200), report(T_, "EXPIRED", 210)),
        Phase.CLOSED,
        "Stopped at 79,990.00: −131.10 USD, −0.98 R. Target ended.",
    ),
    (
        "target filled, its value not told",
        (
            *protected(),
            full(T_, "1", 200, filled_value=Decimal(0), average_price=None),
            report(S_, "CANCELED", 210),
        ),
        Phase.CLOSED,
        "Target filled at 108,000.00. Stop cancelled.",
    ),
    (
        "sold in two parts by both exits",
        (
            *protected(),
            part(S_, "CANCELED", 200, "0.00400"),
            part(T_, "CANCELED", 210, "0.00600"),
        ),
        Phase.CLOSED,
        "Target filled at 93,000.00: −0.90 USD, −0.01 R. Stop cancelled.",
    ),
    (
        "cancel asked",
        (acked(), *placed(), ASKED),
        Phase.CANCELLING,
        "Cancel requested, not confirmed yet.",
    ),
    ("cancel asked before a leg was seen", (acked(), ASKED), Phase.CANCELLING, "Cancel requested, not confirmed yet."),
    (
        "cancel of armed exits asked",
        (*protected(), ASKED),
        Phase.CANCELLING,
        "Cancel requested, not confirmed yet.",
    ),
    (
        "cancel of a triggered exit asked",
        (*protected(), report(S_, "ACTIVE", 200, exchange_order_id="57"), ASKED),
        Phase.CANCELLING,
        "Cancel requested, not confirmed yet.",
    ),
    (
        "cancel of a partly filled entry asked",
        (acked(), *placed(), part(E_, "ACTIVE", 20), ASKED),
        Phase.CANCELLING,
        "Cancel requested, not confirmed yet. 0.00400 BTC is unprotected.",
    ),
    (
        "cancel answered with silence",
        (acked(), *placed(), ASKED, reply(Unknown("No reply in 10 s."))),
        Phase.CANCELLING,
        "Cancel requested, not confirmed yet.",
    ),
    (
        "cancel refused",
        (acked(), *placed(), ASKED, reply(REFUSAL)),
        Phase.WORKING,
        "Entry is on the book at 93,000.00.",
    ),
    (
        "entry cancelled, exits not yet gone",
        (*placed(), report(E_, "CANCELED", 200)),
        Phase.CANCELLING,
        "The entry was cancelled. Waiting until the exchange confirms that the exits are gone.",
    ),
    (
        "cancelled by you",
        (acked(), *placed(), ASKED, report(E_, "CANCELED", 3_000), *DEAD_EXITS),
        Phase.CLOSED,
        "Cancelled at 00:00:03. 0.00000 filled.",
    ),
    (
        "cancelled by the exchange",
        (*placed(), report(E_, "CANCELED", 3_000, reason="43012"), *DEAD_EXITS),
        Phase.CLOSED,
        "Cancelled by the exchange at 00:00:03: self-trade prevention. 0.00000 filled.",
    ),
    (
        "expired",
        (*placed(), report(E_, "EXPIRED", 3_000), *DEAD_EXITS),
        Phase.CLOSED,
        "Expired at 00:00:03. 0.00000 filled.",
    ),
    (
        "refused late, on the stream",
        (acked(), report(E_, "REJECTED", 20, reason="306"), *DEAD_EXITS),
        Phase.REJECTED,
        "The exchange refused it: insufficient balance. Nothing was bought or sold.",
    ),
    (
        "refused late, no reason",
        (acked(), report(E_, "REJECTED", 20)),
        Phase.REJECTED,
        "The exchange refused it. Nothing was bought or sold.",
    ),
    (
        "refused, and the record of the refusal",
        (answered(REFUSAL), report(E_, "REJECTED", 20, reason="306")),
        Phase.REJECTED,
        "The exchange refused it: insufficient balance. Nothing was bought or sold.",
    ),
    (
        "refused, and yet there",
        (answered(REFUSAL), *placed()),
        Phase.DIVERGED,
        "This order was thought not to be placed, yet the exchange reports it. Look at it there now.",
    ),
    (
        "both exits filled",
        (*protected(), full(S_, "79990.00", 200), full(T_, "108010.00", 210)),
        Phase.DIVERGED,
        "Stop and target both filled. Check your balance on the exchange now.",
    ),
    (
        "exits together took too much",
        (*protected(), part(S_, "CANCELED", 200, "0.00500"), full(T_, "108010.00", 210)),
        Phase.DIVERGED,
        "Stop and target both filled. Check your balance on the exchange now.",
    ),
    (
        "two ends at once",
        (*placed(), report(E_, "CANCELED", 20), full(E_, "93000.00", 30)),
        Phase.DIVERGED,
        "The exchange reports the entry as CANCELED and FILLED. Look at it there now.",
    ),
    (
        "another trigger than planned",
        (*placed(), report(S_, "PENDING", 20, trigger=Decimal("81000.00"))),
        Phase.DIVERGED,
        "Differs from plan: stop trigger is 81000.00, planned 80000.00.",
    ),
    (
        "two lists with our ids",
        (acked(), *placed(), report(E_, "ACTIVE", 20, list_id="999")),
        Phase.DIVERGED,
        f"Differs from plan: list is 999, planned {LIST}.",
    ),
]


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
    row = report(S_, changes.pop("status", "PENDING"), 20, **changes)
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
def test_what_still_needs_looking_after(
    facts: tuple[Any, ...], live: bool, following: bool, cancellable: bool
) -> None:
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
