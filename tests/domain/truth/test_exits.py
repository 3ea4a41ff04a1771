"""Removing and moving one exit: what is asked, what counts until it is shown, and an order that comes back renamed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.domain.changing import (
    Change,
    may_change_exit,
    pending_change,
    possible_legs,
    why_no_change,
    why_not_standing,
)
from otoco_desktop.domain.events import (
    Acknowledged,
    CancelAsked,
    Fact,
    Intended,
    LegReport,
    NotSent,
    Outcome,
    Refused,
    RequestStamp,
    Unknown,
)
from otoco_desktop.domain.exits import (
    answer_to,
    exit_requests,
    may_come_back,
    moves,
    prices_asked,
    removed_here,
    replaced_orders,
    standing_leg,
    standing_order,
    unanswered,
)
from otoco_desktop.domain.headline import headline
from otoco_desktop.domain.history import row_of
from otoco_desktop.domain.legs import anomalies
from otoco_desktop.domain.lifecycle import (
    begin,
    differences,
    evolve,
    fold,
    is_news,
    needs_following,
    phase,
    unprotected_quantity,
)
from otoco_desktop.domain.order import LegRole, OrderType
from otoco_desktop.domain.phases import latest
from otoco_desktop.domain.strategy import Phase, Strategy
from otoco_desktop.domain.timeline import TimelineKind, timeline
from tests.domain.truth.builders import (
    E_,
    FENCE,
    ID,
    LIST,
    S_,
    START,
    T_,
    acked,
    checked,
    entered,
    exit_answered,
    full,
    intended,
    looked,
    move_asked,
    part,
    placed,
    protected,
    removal_asked,
    report,
    strategy,
    told,
)

OLD, NEW = Decimal("80000.00"), Decimal("85000.00")
STOP_ID, RENAMED = report(S_, "PENDING").order_id, "700"
DOUBT, TAKEN = Unknown("no answer in 10 s"), Acknowledged(STOP_ID)
REFUSAL = Refused("229", "INVALID_REF_PRICE", "a trigger price is on the wrong side of the market or not valid")
UNSENT = NotSent("connection refused")
MOVE, REMOVAL = move_asked(S_, "85000.00"), removal_asked(S_)
SHOWN = report(S_, "PENDING", 1_200, trigger=NEW)
GONE = report(S_, "CANCELED", 1_200)


def held(*facts: Any) -> Strategy:
    """A protected position, and what followed."""
    return strategy(acked(), *protected(), *facts)


# What may be asked


@pytest.mark.parametrize(
    ("facts", "role", "reason"),
    [
        (protected(), E_, "Only the stop and the target can be removed or moved. Cancel the strategy instead."),
        ((), S_, "The exchange has not reported the stop yet."),
        (
            (*placed(), CancelAsked(ID, START, LIST, RequestStamp(8, START, 0))),
            S_,
            "The cancel of this strategy is not settled yet.",
        ),
        (
            (*protected(), report(S_, "HELD", 300)),
            S_,
            "The exchange lists the stop as HELD, a status this program does not know.",
        ),
        ((*protected(), report(T_, "CANCELED", 300)), T_, "The target is over: the exchange lists it as CANCELED."),
        (
            (*protected(), report(S_, "ACTIVE", 300, exchange_order_id="55")),
            S_,
            "The stop has triggered: it is an order in the book now.",
        ),
        ((*placed(), part(T_, "ACTIVE", 300)), T_, "The target has triggered: it is an order in the book now."),
        (
            (*protected(), replace(looked(9_000), missing=(S_,))),
            S_,
            "The last check did not find the stop on the exchange. Check with the exchange first.",
        ),
        ((report(S_, "PENDING", order_id=""),), S_, "The exchange has not told the order id of the stop."),
        (
            (*placed(), report(T_, "PENDING", 20, order_id=STOP_ID)),
            S_,
            f"The exchange reports the stop and another leg under one order id, {STOP_ID}.",
        ),
        (
            (*placed(), report(S_, "PENDING", 20, quantity=Decimal("0.02"))),
            S_,
            "The exchange reports 0.02 for the stop, not the planned 0.01000.",
        ),
        (
            (*placed(), report(S_, "PENDING", 20, order_type="STOP_LIMIT")),
            S_,
            "The exchange reports the stop as STOP_LIMIT, not as the planned STOP_LOSS.",
        ),
        ((*protected(), MOVE), S_, "A request about the stop is under way."),
        ((*protected(), REMOVAL), S_, "A request about the stop is under way."),
        (placed(), S_, ""),
        (protected(), S_, ""),
        ((*protected(), MOVE), T_, ""),
        ((*protected(), MOVE, exit_answered(S_, DOUBT)), S_, ""),
        ((*protected(), MOVE, exit_answered(S_, REFUSAL)), S_, ""),
    ],
)
def test_why_an_exit_cannot_be_changed(facts: Sequence[Any], role: LegRole, reason: str) -> None:
    state = strategy(acked(), *facts)
    assert why_no_change(state, role) == reason
    assert may_change_exit(state, role) is (reason == "")


def test_a_request_under_way_does_not_keep_itself_from_leaving() -> None:
    assert why_not_standing(held(MOVE), S_) == ""


# What is pending, and what settles it


@pytest.mark.parametrize(
    ("facts", "change"),
    [
        ((), None),
        ((MOVE,), Change.MOVING),
        ((REMOVAL,), Change.REMOVING),
        ((MOVE, exit_answered(S_, TAKEN)), Change.MOVING),
        ((MOVE, exit_answered(S_, DOUBT)), Change.MOVING),
        ((MOVE, exit_answered(S_, REFUSAL)), None),
        ((REMOVAL, exit_answered(S_, UNSENT)), None),
        ((MOVE, exit_answered(S_, TAKEN), SHOWN), None),
        ((MOVE, exit_answered(S_, TAKEN), replace(SHOWN, trigger=None, update_ms=START + 1_300)), Change.MOVING),
        ((MOVE, SHOWN), Change.MOVING),
        ((MOVE, exit_answered(S_, DOUBT), checked(report(S_, "PENDING", 1_300), 9_000)), Change.MOVING),
        ((MOVE, exit_answered(S_, DOUBT), checked(report(S_, "PENDING", 1_300), FENCE)), None),
        ((REMOVAL, exit_answered(S_, DOUBT), checked(report(S_, "PENDING", 1_300), FENCE)), None),
        ((REMOVAL, exit_answered(S_, DOUBT), checked(report(S_, "PENDING", 1_300), FENCE - 1)), Change.REMOVING),
        ((REMOVAL, exit_answered(S_, TAKEN), GONE), None),
        ((REMOVAL, GONE), None),
        ((MOVE, exit_answered(S_, TAKEN), full(S_, "80000.00", 1_200)), None),
    ],
)
def test_what_is_pending_until_a_report_or_the_fence_settles_it(facts: Sequence[Any], change: Change | None) -> None:
    assert pending_change(held(*facts), S_) is change
    assert pending_change(held(*facts), T_) is None


def test_of_two_moves_the_newest_is_waited_for() -> None:
    again = move_asked(S_, "86000.00", request=10, at_ms=START + 2_000)
    first = (MOVE, exit_answered(S_, TAKEN))
    state = held(*first, again, exit_answered(S_, TAKEN, 10))
    assert pending_change(state, S_) is Change.MOVING
    assert [leg.trigger for leg in possible_legs(state, S_)] == [OLD, NEW, Decimal("86000.00")]
    second = report(S_, "PENDING", 2_200, trigger=Decimal("86000.00"))
    assert pending_change(held(*first, again, exit_answered(S_, TAKEN, 10), second), S_) is None


def test_a_request_before_anything_was_told_of_the_exit_is_pending() -> None:
    assert pending_change(strategy(acked(), MOVE), S_) is Change.MOVING


def test_the_strongest_answer_counts_and_one_of_another_request_does_not() -> None:
    state = held(MOVE, exit_answered(S_, DOUBT), exit_answered(S_, REFUSAL), exit_answered(S_, TAKEN, 77))
    (request,) = exit_requests(state, S_)
    assert request.outcome == REFUSAL
    assert not request.may_count
    assert moves(state, S_) == ()
    assert unanswered(state) == ()
    assert unanswered(held(MOVE)) == (MOVE,)
    assert answer_to(MOVE, START + 1_100, REFUSAL) == exit_answered(S_, REFUSAL)


def test_the_same_request_or_answer_again_changes_nothing() -> None:
    state = held(MOVE, exit_answered(S_, DOUBT))
    assert evolve(evolve(state, MOVE), exit_answered(S_, DOUBT)) == state


# Where an exit stands


def test_an_exit_stands_where_the_exchange_reported_it_last() -> None:
    plain = held()
    assert standing_order(plain) is plain.intent.order
    assert standing_leg(held(MOVE, exit_answered(S_, TAKEN)), S_).trigger == OLD
    moved = held(MOVE, exit_answered(S_, TAKEN), replace(SHOWN, trigger=Decimal("85000")))
    assert str(standing_order(moved).stop.trigger) == "85000.00"
    assert standing_order(moved).target == moved.intent.order.target
    assert moved.intent.order.stop.trigger == OLD
    assert phase(moved) is Phase.PROTECTED
    assert headline(moved) == "Entry filled at 93,000.00. Stop 85,000.00 and target 108,000.00 are active."
    stop = next(leg for leg in row_of(moved).legs if leg.role is S_)
    assert stop.trigger == NEW


def test_while_a_move_is_not_settled_the_exit_may_stand_at_either_price() -> None:
    asked = held(MOVE, exit_answered(S_, DOUBT))
    assert [leg.trigger for leg in possible_legs(asked, S_)] == [OLD, NEW]
    assert headline(asked).endswith("Move of the stop to 85,000.00 requested, not confirmed yet.")
    shown = held(MOVE, exit_answered(S_, DOUBT), SHOWN)
    assert [leg.trigger for leg in possible_legs(shown, S_)] == [NEW]
    filled = held(MOVE, exit_answered(S_, DOUBT), full(S_, "80000.00", 1_300))
    assert [leg.trigger for leg in possible_legs(filled, S_)] == [OLD]


def test_of_two_reports_of_one_moment_the_one_that_came_last_tells_the_price() -> None:
    """Whether an amend counts as an update of the order is not documented: its time may stay what it was."""
    same_time = report(S_, "PENDING", 100, trigger=NEW)
    after = replace(told(same_time), at_ms=START + 1_300)
    assert standing_leg(held(MOVE, exit_answered(S_, TAKEN), after), S_).trigger == NEW
    back = move_asked(S_, "80000.00", request=10, at_ms=START + 2_000)
    again = held(MOVE, exit_answered(S_, TAKEN), after, back, exit_answered(S_, TAKEN, 10))
    check = checked(report(S_, "PENDING", 100), 2_500)
    assert pending_change(again, S_) is Change.MOVING
    assert is_news(again, check)
    assert standing_leg(evolve(again, check), S_).trigger == OLD
    assert pending_change(evolve(again, check), S_) is None


def test_a_check_that_repeats_what_is_known_is_news_only_while_it_settles_something() -> None:
    pending = held(MOVE, exit_answered(S_, DOUBT))
    known = report(S_, "PENDING", 100)
    assert not is_news(pending, checked(known, 9_000))
    late = checked(known, FENCE)
    assert is_news(pending, late)
    assert not is_news(evolve(pending, late), checked(known, FENCE + 9_000))
    assert not is_news(held(), checked(known, 9_000))


# Differences


def limited(*facts: Any) -> Strategy:
    """The same with limit exits: stop 80,000 at 79,900."""
    intent = intended()
    stop = replace(intent.order.stop, type=OrderType.STOP_LIMIT, price=Decimal("79900.00"))
    state = begin(replace(intent, order=replace(intent.order, stop=stop)))
    rows = (acked(), *entered(), _limited(100, "80000.00", "79900.00"), report(T_, "PENDING", 100))
    for fact in (*rows, *facts):
        state = evolve(state, told(fact) if isinstance(fact, LegReport) else fact)
    return state


def _limited(at: int, trigger: str, limit: str) -> LegReport:
    prices = {"trigger": Decimal(trigger), "limit_price": Decimal(limit)}
    return report(S_, "PENDING", at, order_type="STOP_LIMIT", **prices)


LIMITED_MOVE = move_asked(S_, "85000.00", "84900.00")


@pytest.mark.parametrize(
    ("answer", "row", "found"),
    [
        (TAKEN, _limited(1_200, "85000.00", "84900.00"), []),
        (DOUBT, _limited(1_200, "85000.00", "84900.00"), []),
        (TAKEN, _limited(1_200, "80000.00", "79900.00"), []),
        (TAKEN, _limited(1_200, "85000.00", "79900.00"), [("price", "84900.00", "79900.00")]),
        (TAKEN, _limited(1_200, "80000.00", "84900.00"), [("price", "79900.00", "84900.00")]),
        (
            TAKEN,
            _limited(1_200, "86000.00", "84900.00"),
            [("trigger", "85000.00", "86000.00")],
        ),
        (
            REFUSAL,
            _limited(1_200, "85000.00", "84900.00"),
            [("price", "79900.00", "84900.00"), ("trigger", "80000.00", "85000.00")],
        ),
        (UNSENT, _limited(1_200, "85000.00", "79900.00"), [("trigger", "80000.00", "85000.00")]),
    ],
)
def test_trigger_and_limit_agree_as_a_pair(answer: Outcome, row: LegReport, found: list[tuple[str, str, str]]) -> None:
    state = limited(LIMITED_MOVE, exit_answered(S_, answer), row)
    assert [(item.field, item.planned, item.reported) for item in differences(state)] == found
    assert (phase(state) is Phase.DIVERGED) is bool(found)


def test_an_exit_that_became_the_other_kind_differs() -> None:
    state = held(MOVE, exit_answered(S_, TAKEN), replace(SHOWN, order_type="STOP_LIMIT", limit_price=NEW))
    assert {item.field for item in differences(state)} == {"type", "price"}


def test_what_it_stands_at_where_the_exchange_names_no_price_that_was_asked_for() -> None:
    odd = _limited(1_200, "86000.00", "85900.00")
    leg = standing_leg(limited(LIMITED_MOVE, exit_answered(S_, TAKEN), odd), S_)
    assert (leg.trigger, leg.price) == (Decimal("86000.00"), Decimal("85900.00"))
    silent = standing_leg(limited(LIMITED_MOVE, exit_answered(S_, TAKEN), replace(odd, limit_price=None)), S_)
    assert (silent.trigger, silent.price) == (Decimal("86000.00"), Decimal("79900.00"))
    assert len(prices_asked(limited(LIMITED_MOVE), S_)) == 2


# Removed


def test_a_target_removed_by_the_trader_leaves_the_position_protected() -> None:
    asked = removal_asked(T_)
    gone = report(T_, "CANCELED", 1_200)
    state = held(asked, exit_answered(T_, TAKEN), gone)
    assert phase(state) is Phase.PROTECTED
    assert headline(state) == "Entry filled at 93,000.00. Stop 80,000.00 is active. Target removed by you."
    assert unprotected_quantity(state) == 0
    assert phase(held(gone)) is Phase.UNPROTECTED
    assert phase(held(asked, exit_answered(T_, REFUSAL), gone)) is Phase.UNPROTECTED
    stopped = held(asked, exit_answered(T_, TAKEN), gone, full(S_, "80000.00", 2_000))
    assert phase(stopped) is Phase.CLOSED
    assert headline(stopped).endswith("You removed the target.")


def test_a_stop_removed_by_the_trader_leaves_it_unprotected_and_says_who_did() -> None:
    state = held(REMOVAL, exit_answered(S_, TAKEN), GONE)
    assert phase(state) is Phase.UNPROTECTED
    assert (
        headline(state) == "0.01000 BTC is unprotected. You removed the stop. The target at 108,000.00 is still active."
    )
    both = held(
        REMOVAL,
        exit_answered(S_, TAKEN),
        GONE,
        removal_asked(T_, 10),
        exit_answered(T_, TAKEN, 10),
        report(T_, "CANCELED", 1_300),
    )
    assert headline(both) == "0.01000 BTC is unprotected. You removed the stop. You removed the target."


def test_a_target_removed_while_the_exits_are_not_proven_yet() -> None:
    gone = report(T_, "CANCELED", 50)
    state = strategy(acked(), *placed(), removal_asked(T_), gone, full(E_, "93000.00", 100))
    assert phase(state) is Phase.WORKING
    assert headline(state) == "Entry filled at 93,000.00. Confirming that the stop is active."


def test_an_exit_removed_before_the_entry_fills_is_said_at_once() -> None:
    state = strategy(acked(), *placed(), REMOVAL, exit_answered(S_, TAKEN), report(S_, "CANCELED", 50))
    assert phase(state) is Phase.WORKING
    assert headline(state).endswith("You removed the stop: a fill would not be protected there.")


def test_a_target_removed_before_the_entry_fills_takes_no_protection_away() -> None:
    state = strategy(acked(), *placed(), removal_asked(T_), report(T_, "CANCELED", 50))
    assert phase(state) is Phase.WORKING
    assert headline(state).endswith("You removed the target: a fill would have nothing that takes its gain.")


def test_a_removal_that_crosses_with_the_other_exits_fill_is_not_the_traders() -> None:
    crossed = held(REMOVAL, exit_answered(S_, TAKEN), full(T_, "108000.00", 1_200), GONE)
    assert not removed_here(crossed, S_)
    assert phase(crossed) is Phase.CLOSED
    later = held(REMOVAL, exit_answered(S_, TAKEN), GONE, full(T_, "108000.00", 1_300))
    assert removed_here(later, S_)
    assert not removed_here(strategy(acked()), S_)
    assert removed_here(strategy(acked(), REMOVAL, GONE), S_)


def test_a_removal_that_crosses_with_its_own_fill_ends_as_the_fill() -> None:
    state = held(REMOVAL, exit_answered(S_, DOUBT), full(S_, "80000.00", 1_200), report(T_, "CANCELED", 1_200))
    assert phase(state) is Phase.CLOSED
    assert pending_change(state, S_) is None


# An order that comes back under another id

Y_LIVE = report(S_, "ACTIVE", 1_200, order_id=RENAMED, trigger=NEW)
RENAMING = (GONE, replace(Y_LIVE, status="NEW"), replace(Y_LIVE, update_ms=START + 1_300))


def test_a_renamed_exit_is_live_under_its_new_id() -> None:
    state = held(MOVE, exit_answered(S_, TAKEN), *RENAMING)
    assert phase(state) is Phase.PROTECTED
    assert state.anomalies == ()
    assert state.legs[S_].replaced == {STOP_ID}
    told_now = latest(state, S_)
    assert told_now is not None
    assert told_now.order_id == RENAMED
    assert standing_leg(state, S_).trigger == NEW
    assert pending_change(state, S_) is None
    again = move_asked(S_, "86000.00", request=10, at_ms=START + 2_000, order_id=RENAMED)
    assert replaced_orders(evolve(state, again), state.legs[S_]) == {STOP_ID}
    third = replace(Y_LIVE, order_id="701", update_ms=START + 2_200, trigger=Decimal("86000.00"))
    twice = strategy(acked(), *protected(), MOVE, *RENAMING, again, replace(GONE, order_id=RENAMED), third)
    assert twice.legs[S_].replaced == {STOP_ID, RENAMED}
    assert standing_leg(twice, S_).trigger == Decimal("86000.00")
    assert phase(twice) is Phase.PROTECTED


@pytest.mark.parametrize(
    "facts",
    [
        RENAMING,
        (MOVE, exit_answered(S_, REFUSAL), *RENAMING),
        (MOVE, GONE),
        (MOVE, replace(GONE, status="EXPIRED"), *RENAMING[1:]),
        (MOVE, replace(GONE, filled=Decimal("0.00400")), *RENAMING[1:]),
        (MOVE, GONE, replace(told(Y_LIVE), at_ms=START + 999)),
        (MOVE, GONE, replace(Y_LIVE, order_id="")),
    ],
)
def test_an_end_that_no_move_explains_stays_an_end(facts: Sequence[Any]) -> None:
    state = held(*facts)
    assert phase(state) in (Phase.UNPROTECTED, Phase.DIVERGED)
    assert state.legs[S_].replaced == frozenset()


def test_a_refused_amended_order_leaves_the_position_bare() -> None:
    """The old order is gone, and the new one would have triggered at once."""
    refused = replace(Y_LIVE, status="REJECTED", reason="229")
    state = held(MOVE, exit_answered(S_, TAKEN), GONE, refused)
    assert phase(state) is Phase.UNPROTECTED
    assert "The stop was rejected (invalid trigger price)" in headline(state)
    assert unprotected_quantity(state) == Decimal("0.01000")


def test_an_answer_that_proves_the_move_refused_ends_the_leg_after_all() -> None:
    assert phase(held(MOVE, *RENAMING)) is Phase.PROTECTED
    assert phase(held(MOVE, *RENAMING, exit_answered(S_, REFUSAL))) in (Phase.UNPROTECTED, Phase.DIVERGED)


def test_a_new_order_that_is_told_before_the_entry_fills_proves_nothing_of_the_exit() -> None:
    early = [replace(row, update_ms=START + 1_050) for row in (GONE, Y_LIVE)]
    state = strategy(acked(), *placed(), MOVE, *early, full(E_, "93000.00", 2_000), report(T_, "ACTIVE", 2_000))
    assert phase(state) is Phase.WORKING
    assert phase(evolve(state, told(replace(Y_LIVE, update_ms=START + 2_000)))) is Phase.PROTECTED


REPORTS = (*protected(), *RENAMING, report(S_, "PENDING", 1_100), report(T_, "ACTIVE", 1_150))
OWN: tuple[Fact, ...] = (acked(), MOVE, exit_answered(S_, TAKEN))


@given(st.permutations([told(row) for row in REPORTS]), st.data())
def test_a_rename_told_in_any_order_in_any_parts_and_twice_gives_one_result(
    facts: list[Fact], data: st.DataObject
) -> None:
    again = data.draw(st.lists(st.sampled_from(facts), max_size=3))
    mixed = _merged(OWN, [*facts, *again], data)
    cut = data.draw(st.integers(0, len(mixed)))
    in_parts = fold(intended(), mixed[:cut])
    for fact in mixed[cut:]:
        in_parts = evolve(in_parts, fact)
    assert in_parts == fold(intended(), [*OWN, *(told(row) for row in REPORTS)])
    assert phase(in_parts) is Phase.PROTECTED
    assert list(anomalies(in_parts.legs[S_])) == []
    assert standing_leg(in_parts, S_).trigger == NEW
    assert [item.kind for item in timeline(in_parts)].count(TimelineKind.MOVED) == 1


ORDER_IDS, TRIGGERS = st.sampled_from([STOP_ID, RENAMED, "701"]), st.sampled_from([OLD, NEW, Decimal("86000.00")])
ANY_STATUS = st.sampled_from(["PENDING", "NEW", "ACTIVE", "CANCELED", "REJECTED", "FILLED", "HELD"])
ANY_REPORT = st.builds(
    lambda status, at, order_id, trigger, amount, delay: told(
        part(S_, status, at, amount, order_id=order_id, trigger=trigger), delay
    ),
    ANY_STATUS,
    st.integers(0, 5),
    ORDER_IDS,
    TRIGGERS,
    st.sampled_from(["0", "0", "0.00400"]),
    st.integers(900, 1_100),
)
OUTCOMES = st.sampled_from([TAKEN, DOUBT, REFUSAL, UNSENT])


@given(st.lists(ANY_REPORT, max_size=7), st.lists(OUTCOMES, max_size=2), st.data())
def test_whatever_is_told_of_orders_and_moves_the_order_of_telling_does_not_matter(
    facts: list[Fact], outcomes: list[Outcome], data: st.DataObject
) -> None:
    asked = [
        move_asked(S_, "85000.00"),
        move_asked(S_, "86000.00", request=10, order_id=RENAMED, at_ms=START + 1_001),
    ]
    own = [
        fact
        for request, outcome in zip(asked, outcomes, strict=False)
        for fact in (request, exit_answered(S_, outcome, request.stamp.request_id))
    ]
    in_order = fold(intended(), [*own, *facts])
    mixed = _merged(own, data.draw(st.permutations(facts)), data)
    state = begin(intended())
    for fact in mixed:
        state = evolve(state, fact)
    assert state == in_order
    assert phase(state) is phase(in_order)
    assert timeline(state) == timeline(in_order)
    assert standing_order(state) == standing_order(in_order)
    assert pending_change(state, S_) is pending_change(in_order, S_)


def _merged(own: Sequence[Fact], others: Sequence[Fact], data: st.DataObject) -> list[Fact]:
    """The trader's own facts keep their order; the others stand anywhere among them."""
    mixed = list(others)
    place = 0
    for fact in own:
        place = data.draw(st.integers(place, len(mixed)))
        mixed.insert(place, fact)
        place += 1
    return mixed


# The story


def story(*facts: Any) -> list[tuple[str, str]]:
    kinds = {TimelineKind.SAVED, TimelineKind.SENT, TimelineKind.ACCEPTED, TimelineKind.ENTRY_ACTIVE}
    kinds |= {TimelineKind.FILLED, TimelineKind.STOP_ACTIVE, TimelineKind.TARGET_ACTIVE}
    return [(item.title, item.detail) for item in timeline(held(*facts)) if item.kind not in kinds]


def test_the_story_of_a_move() -> None:
    assert story(MOVE, exit_answered(S_, TAKEN), SHOWN) == [
        ("Stop move requested", f"Sell at market if mark ≤ 85,000.00, order_id {STOP_ID}"),
        ("Stop moved", "Sell at market if mark ≤ 85,000.00"),
    ]
    assert story(MOVE, exit_answered(S_, TAKEN), *RENAMING)[1] == (
        "Stop moved",
        f"Sell at market if mark ≤ 85,000.00, now order_id {RENAMED}",
    )
    untold = replace(SHOWN, trigger=None, update_ms=START + 1_100)
    assert [title for title, _ in story(MOVE, untold, SHOWN)] == ["Stop move requested", "Stop moved"]


def test_the_story_of_a_removal() -> None:
    assert story(REMOVAL, exit_answered(S_, TAKEN), GONE) == [
        ("Stop removal requested", f"order_id {STOP_ID}"),
        ("Stop cancelled", "By you"),
    ]


@pytest.mark.parametrize(
    ("outcome", "title", "detail"),
    [
        (
            REFUSAL,
            "Move refused",
            "A trigger price is on the wrong side of the market or not valid (code 229). The stop stays as it is.",
        ),
        (UNSENT, "Move not sent", "Connection refused"),
        (DOUBT, "Move not confirmed", "No answer in 10 s. The stop stays as it is until it is reported otherwise."),
    ],
)
def test_what_became_of_asking(outcome: Outcome, title: str, detail: str) -> None:
    assert story(MOVE, exit_answered(S_, outcome))[-1] == (title, detail)
    assert story(REMOVAL, exit_answered(S_, outcome))[-1] == (title.replace("Move", "Removal"), detail)


def test_a_moved_stop_that_triggers_says_at_which_price() -> None:
    fired = replace(SHOWN, status="ACTIVE", exchange_order_id="55", update_ms=START + 1_400)
    assert ("Stop triggered", "Mark reached 85,000.00") in story(MOVE, exit_answered(S_, TAKEN), SHOWN, fired)


def test_pending_requests_stand_in_the_headline() -> None:
    assert headline(held(removal_asked(T_))).endswith("Removal of the target requested, not confirmed yet.")
    assert isinstance(held().intent, Intended)


def test_a_cancelled_order_that_was_to_be_moved_may_come_back_until_the_fence() -> None:
    """The other half of a rename may be late or lost: the position counts as bare, and the exit is still asked for."""
    other_gone = (removal_asked(T_, 10), exit_answered(T_, TAKEN, 10), report(T_, "CANCELED", 1_150))
    state = held(*other_gone, MOVE, exit_answered(S_, DOUBT), GONE)
    assert phase(state) is Phase.UNPROTECTED
    assert may_come_back(state, S_)
    assert needs_following(state)
    assert pending_change(state, S_) is Change.MOVING
    assert headline(state).endswith("Move of the stop to 85,000.00 requested, not confirmed yet.")
    assert phase(evolve(state, told(Y_LIVE))) is Phase.PROTECTED
    late = checked(GONE, FENCE)
    assert is_news(state, late)
    over = evolve(state, late)
    assert (may_come_back(over, S_), needs_following(over), pending_change(over, S_)) == (False, False, None)


@pytest.mark.parametrize(
    "facts",
    [
        (GONE,),
        (REMOVAL, exit_answered(S_, TAKEN), GONE),
        (MOVE, exit_answered(S_, REFUSAL), GONE),
        (MOVE, exit_answered(S_, TAKEN), SHOWN, replace(GONE, update_ms=START + 1_300, trigger=NEW)),
        (MOVE, exit_answered(S_, TAKEN), replace(GONE, filled=Decimal("0.00400"))),
        (MOVE, exit_answered(S_, TAKEN)),
        (MOVE, exit_answered(S_, TAKEN), *RENAMING, replace(GONE, order_id=RENAMED, update_ms=START + 1_400)),
    ],
)
def test_what_cannot_come_back(facts: Sequence[Any]) -> None:
    assert not may_come_back(held(*facts), S_)


def test_a_request_that_nothing_came_of_is_told_as_such() -> None:
    late = checked(report(S_, "PENDING", 1_300), FENCE)
    stands = "The request has expired, and the exchange still lists it: Sell at market if mark ≤ 80,000.00"
    assert story(MOVE, exit_answered(S_, TAKEN), late)[-1] == ("Stop was not moved", stands)
    assert story(REMOVAL, exit_answered(S_, TAKEN), late)[-1] == ("Stop was not removed", stands)
    assert [title for title, _ in story(MOVE, exit_answered(S_, REFUSAL), late)] == [
        "Stop move requested",
        "Move refused",
    ]
    again = move_asked(S_, "86000.00", request=10, at_ms=START + 2_000)
    twice = story(MOVE, exit_answered(S_, TAKEN), again, exit_answered(S_, TAKEN, 10), late)
    assert [title for title, _ in twice].count("Stop was not moved") == 1
    shown = checked(replace(SHOWN, update_ms=START + 1_300), FENCE)
    assert [title for title, _ in story(MOVE, exit_answered(S_, TAKEN), shown)] == ["Stop move requested", "Stop moved"]
