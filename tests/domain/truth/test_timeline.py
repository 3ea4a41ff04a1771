"""The story in words: what is told, in which order, with both clocks."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from otoco_desktop.domain.events import (
    Acknowledged,
    CancelAnswered,
    CancelAsked,
    Decided,
    Decision,
    NotSent,
    Outcome,
    Refused,
    ReportSource,
    RequestStamp,
    Unknown,
)
from otoco_desktop.domain.lifecycle import begin, evolve
from otoco_desktop.domain.order import Leg, LegRole, OrderType, OtocoOrder, Side
from otoco_desktop.domain.timeline import TimelineItem, TimelineKind, timeline
from tests.domain.truth.builders import (
    E_,
    ID,
    LIST,
    S_,
    START,
    T_,
    acked,
    answered,
    checked,
    entered,
    full,
    intended,
    looked,
    part,
    placed,
    protected,
    report,
    strategy,
    told,
)

REFUSAL = Refused("316", "NO_ACTIVE_ORDER", "there is no active order.")


def story(*facts: Any) -> list[tuple[str, str]]:
    return [(item.title, item.detail) for item in timeline(strategy(*facts))]


def test_a_whole_trade_is_told_once_and_in_order() -> None:
    facts = (
        acked(),
        *placed(),
        part(E_, "ACTIVE", 50),
        full(E_, "93000.00", 100),
        report(S_, "PENDING", 100),
        report(T_, "ACTIVE", 200, exchange_order_id="57"),
        full(T_, "108010.00", 300, exchange_order_id="57"),
        report(S_, "CANCELED", 310),
    )
    expected = [
        ("Saved", "Plan written to disk before sending"),
        ("Sent", "Request 7, 3 legs, over REST"),
        ("Accepted", f"list_id {LIST}"),
        ("Entry active", "Buy 0.01000 at 93,000.00"),
        ("Entry partly filled", "0.00400 of 0.01000 at 93,000.00"),
        ("Entry filled", "0.01000 at 93,000.00, fee 0.50 USD"),
        ("Stop active", "Sell at market if mark ≤ 80,000.00"),
        ("Target triggered", "Mark reached 108,000.00"),
        ("Target active", "Sell at market if mark ≥ 108,000.00"),
        ("Target filled", "0.01000 at 108,010.00, fee 0.50 USD"),
        ("Stop cancelled", "By the exchange, because the target filled"),
    ]
    assert sorted(story(*facts)) == sorted(expected)
    assert story(*facts, *facts) == story(*facts)


def test_an_item_carries_both_clocks_and_the_delay_between_them() -> None:
    item = timeline(strategy(report(E_, "ACTIVE", 10)))[-1]
    assert item == TimelineItem(
        TimelineKind.ENTRY_ACTIVE, "Entry active", "Buy 0.01000 at 93,000.00", START + 110, START + 10, 140
    )


def test_what_a_query_found_says_so() -> None:
    state = evolve(begin(intended()), told(report(E_, "ACTIVE", 10), source=ReportSource.CHECK))
    assert timeline(state)[-1].found_by_check


def test_a_report_without_a_time_has_no_delay() -> None:
    item = timeline(strategy(report(E_, "ACTIVE", update_ms=0)))
    entry = next(found for found in item if found.kind is TimelineKind.ENTRY_ACTIVE)
    assert (entry.exchange_ms, entry.delay_ms) == (None, None)


@pytest.mark.parametrize(
    ("outcome", "title", "detail"),
    [
        (NotSent("The host was not found."), "Not sent", "The host was not found"),
        (Refused("306", "X", "insufficient balance."), "Rejected", "Insufficient balance (code 306)"),
        (Refused("306", "X", ""), "Rejected", "Insufficient balance (code 306)"),
        (Unknown("No reply in 10 s."), "Marked unknown", "No reply in 10 s"),
    ],
)
def test_what_became_of_the_request(outcome: Outcome, title: str, detail: str) -> None:
    assert story(answered(outcome))[-1] == (title, detail)


def test_nothing_is_called_sent_before_that_is_known() -> None:
    assert story() == [("Saved", "Plan written to disk before sending")]
    assert ("Sent", "Request 7, 3 legs, over REST") not in story(answered(NotSent("No.")))
    assert ("Sent", "Request 7, 3 legs, over REST") in story(report(E_, "ACTIVE"))


def test_looks_and_the_decision_are_told() -> None:
    facts = (
        answered(Unknown("No reply in 10 s.")),
        looked(1_000, complete=False),
        looked(2_000, found=1),
        Decided(ID, START + 3_000, Decision.NOT_PLACED, "I looked: not there"),
    )
    assert story(*facts)[-3:] == [
        (
            "Checked with the exchange",
            "Round 1: 2 of 3 sources answered, none knows our order ids. That is not proof yet.",
        ),
        ("Checked with the exchange", "Round 2: 3 of 3 sources answered, our order ids are there."),
        ("Resolved: not placed", "I looked: not there"),
    ]


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Acknowledged(LIST), None),
        (REFUSAL, ("Cancel refused", "There is no active order (code 316). Every leg stays live.")),
        (NotSent("The host was not found."), ("Cancel not sent", "The host was not found")),
        (Unknown("No reply in 10 s."), ("Cancel not confirmed", "No reply in 10 s. Every leg counts as live.")),
    ],
)
def test_a_cancel_is_told(outcome: Outcome, expected: tuple[str, str] | None) -> None:
    asked = CancelAsked(ID, START + 500, LIST, RequestStamp(8, START, 0))
    told_story = story(acked(), asked, CancelAnswered(ID, START + 600, outcome))
    assert ("Cancel requested", f"list_id {LIST}") in told_story
    assert (told_story[-1] == expected) if expected else (told_story[-1][0] == "Cancel requested")


ASKED = CancelAsked(ID, START + 150, LIST, RequestStamp(8, START, 0))


@pytest.mark.parametrize(
    ("facts", "last"),
    [
        ((*placed(), report(E_, "CANCELED", 200)), ("Entry cancelled", "By the exchange")),
        ((*placed(), ASKED, report(E_, "CANCELED", 200)), ("Entry cancelled", "By you")),
        (
            (*placed(), report(E_, "CANCELED", 200, reason="43012")),
            ("Entry cancelled", "By the exchange: self-trade prevention"),
        ),
        ((*placed(), report(S_, "REJECTED", 200, reason="306")), ("Stop rejected", "Insufficient balance")),
        ((*placed(), report(S_, "REJECTED", 200)), ("Stop rejected", "The exchange gave no reason")),
        ((*placed(), report(E_, "EXPIRED", 200)), ("Entry expired", "The exchange gave no reason")),
        ((*placed(), report(E_, "ODD", 200)), ("Entry unrecognised", "The exchange says ODD")),
        (
            (*protected(), full(S_, "79990.00", 200, fee="0.000001", fee_coin="BTC")),
            ("Stop filled", "0.01000 at 79,990.00, fee 0.000001 BTC"),
        ),
        (
            (*protected(), full(S_, "79990.00", 200, fee="0", average_price=None)),
            ("Stop filled", "0.01000"),
        ),
    ],
)
def test_how_a_leg_ended(facts: tuple[Any, ...], last: tuple[str, str]) -> None:
    assert story(*facts)[-1] == last


def test_exits_become_active_with_their_first_word_after_the_fill() -> None:
    items = timeline(strategy(*entered(), report(S_, "ACTIVE", 150), report(S_, "ACTIVE", 170), report(T_, "NEW", 100)))
    at = {item.kind: item.exchange_ms for item in items}
    assert at[TimelineKind.STOP_ACTIVE] == START + 150
    assert at[TimelineKind.TARGET_ACTIVE] == START + 100


def test_exits_are_not_told_as_active_before_the_fill() -> None:
    kinds = {item.kind for item in timeline(strategy(report(E_, "ACTIVE"), report(S_, "ACTIVE"), report(T_, "ACTIVE")))}
    assert TimelineKind.STOP_ACTIVE not in kinds
    only_exit = {item.kind for item in timeline(strategy(report(S_, "ACTIVE")))}
    assert TimelineKind.STOP_ACTIVE not in only_exit


def test_exits_not_heard_of_since_the_fill_are_not_told_as_active() -> None:
    kinds = {item.kind for item in timeline(strategy(*entered()))}
    assert not kinds & {TimelineKind.STOP_ACTIVE, TimelineKind.TARGET_ACTIVE}


def test_a_check_that_confirms_an_exit_says_so() -> None:
    items = timeline(strategy(*entered(), checked(report(S_, "PENDING", 10), 300)))
    found = next(item for item in items if item.kind is TimelineKind.STOP_ACTIVE)
    assert (found.at_ms, found.found_by_check) == (START + 350, True)


def test_a_check_that_misses_a_leg_is_told() -> None:
    detail = story(acked(), *placed(), replace(looked(2_000, found=2), missing=(S_,)))[-1][1]
    assert detail == "Round 1: 3 of 3 sources answered, stop not among what they list."


def test_a_sell_plan_with_limit_exits_is_told_mirrored() -> None:
    def leg(role: LegRole, kind: OrderType, side: Side, price: str, trigger: str | None) -> Leg:
        mark = Decimal(trigger) if trigger else None
        return Leg(role, side, kind, Decimal("0.01000"), f"od1-{ID}-{role.suffix}", Decimal(price), mark)

    plan = OtocoOrder(
        ID,
        "BTC_USD",
        leg(E_, OrderType.LIMIT, Side.SELL, "93000.00", None),
        leg(S_, OrderType.STOP_LIMIT, Side.BUY, "95100.00", "95000.00"),
        leg(T_, OrderType.TAKE_PROFIT_LIMIT, Side.BUY, "90000.00", "90010.00"),
    )
    state = begin(intended(order=plan))
    sold = full(E_, "93000.00", 100, side="SELL")
    stop = report(S_, "PENDING", 100, order_type="STOP_LIMIT", side="BUY", limit_price=plan.stop.price, trigger=None)
    target = report(T_, "PENDING", 100, order_type="TAKE_PROFIT_LIMIT", side="BUY", trigger=None)
    for row in (sold, stop, target):
        state = evolve(state, told(row))
    details = {item.title: item.detail for item in timeline(state)}
    assert details["Stop active"] == "Buy at 95,100.00 if mark ≥ 95,000.00"
    assert details["Target active"] == "Buy at 90,000.00 if mark ≤ 90,010.00"
