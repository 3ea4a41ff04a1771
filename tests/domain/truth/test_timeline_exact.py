"""Whole lines of the story: kind, words, both clocks. The icon follows from the kind, so each is held exactly."""

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
    LegReport,
    Looked,
    Refused,
    Unknown,
)
from otoco_desktop.domain.evidence import EvidenceSource, SourceAnswer
from otoco_desktop.domain.lifecycle import begin, evolve
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.strategy import LegState
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
    entered,
    full,
    intended,
    part,
    placed,
    protected,
    report,
    strategy,
    told,
)

STAMP = intended().stamp


def kinds(*facts: Any) -> list[tuple[TimelineKind, str]]:
    return [(item.kind, item.title) for item in timeline(strategy(*facts))]


@pytest.mark.parametrize(
    ("status", "kind", "title"),
    [
        ("FILLED", TimelineKind.FILLED, "Stop filled"),
        ("CANCELED", TimelineKind.CANCELLED, "Stop cancelled"),
        ("REJECTED", TimelineKind.REJECTED, "Stop rejected"),
        ("EXPIRED", TimelineKind.EXPIRED, "Stop expired"),
        ("HELD", TimelineKind.UNRECOGNISED, "Stop unrecognised"),
    ],
)
def test_each_end_has_its_kind(status: str, kind: TimelineKind, title: str) -> None:
    assert kinds(*protected(), report(S_, status, 300))[-1] == (kind, title)


def test_each_step_has_its_kind() -> None:
    facts = (
        acked(),
        *protected(),
        report(S_, "ACTIVE", 200, exchange_order_id="57"),
        part(S_, "ACTIVE", 300, exchange_order_id="57"),
    )
    assert kinds(*facts) == [
        (TimelineKind.SAVED, "Saved"),
        (TimelineKind.SENT, "Sent"),
        (TimelineKind.ACCEPTED, "Accepted"),
        (TimelineKind.ENTRY_ACTIVE, "Entry active"),
        (TimelineKind.FILLED, "Entry filled"),
        (TimelineKind.STOP_ACTIVE, "Stop active"),
        (TimelineKind.TARGET_ACTIVE, "Target active"),
        (TimelineKind.TRIGGERED, "Stop triggered"),
        (TimelineKind.PARTLY_FILLED, "Stop partly filled"),
    ]


def test_what_was_sent_stands_at_its_own_moment() -> None:
    items = timeline(strategy(answered(Acknowledged(LIST), at=90)))
    assert [item.at_ms for item in items] == [START, START, START + 90]
    unheard = strategy(report(E_, "ACTIVE"))
    assert [item.at_ms for item in timeline(unheard)][:2] == [START, START]


def test_a_cancel_and_its_answer_are_told() -> None:
    asked = CancelAsked(ID, START + 500, LIST, STAMP)
    answer = CancelAnswered(ID, START + 600, Unknown("no reply in 10 s"))
    assert timeline(strategy(*protected(), asked, answer))[-2:] == (
        TimelineItem(TimelineKind.CANCEL_ASKED, "Cancel requested", f"list_id {LIST}", START + 500),
        TimelineItem(
            TimelineKind.UNKNOWN,
            "Cancel not confirmed",
            "No reply in 10 s. Every leg counts as live.",
            START + 600,
        ),
    )


def test_a_round_of_questions_is_told() -> None:
    answers = tuple(SourceAnswer(source, START + 700, True, 0, "none") for source in EvidenceSource)
    look = Looked(ID, START + 700, START + 740, answers)
    assert timeline(strategy(look))[-1] == TimelineItem(
        TimelineKind.CHECKED,
        "Checked with the exchange",
        "Round 1: 4 of 4 sources answered, none knows our order ids. That is not proof yet.",
        START + 700,
    )


def test_looks_of_one_moment_have_one_order() -> None:
    looks = [Looked(ID, START, START, (SourceAnswer(source, START, True, 0, "none"),)) for source in EvidenceSource]
    assert strategy(*looks).looks == strategy(*reversed(looks)).looks


@pytest.mark.parametrize(("way", "words"), [("rest", "REST"), ("websocket", "websocket"), ("pigeon", "pigeon")])
def test_the_way_it_went_is_named(way: str, words: str) -> None:
    state = evolve(begin(intended(transport=way)), acked())
    assert timeline(state)[1].detail == f"Request 7, 3 legs, over {words}"


@pytest.mark.parametrize(
    ("fee", "coin", "words"),
    [
        ("0.508", "USD", ", fee 0.51 USD"),
        ("0.5", "USD", ", fee 0.50 USD"),
        ("0.5", "", ", fee 0.50 USD"),
        ("0.000025", "BTC", ", fee 0.000025 BTC"),
        ("0", "USD", ""),
    ],
)
def test_a_fee_is_told_in_its_coin(fee: str, coin: str, words: str) -> None:
    filled = full(E_, "93000.00", 100, fee=fee, fee_coin=coin)
    line = next(item for item in timeline(strategy(filled)) if item.title == "Entry filled")
    assert line.detail == f"0.01000 at 93,000.00{words}"


def test_a_leg_that_was_cancelled_alone_is_not_put_down_to_the_other() -> None:
    """The other exit was seen, and has not filled."""
    items = timeline(strategy(*protected(), report(S_, "CANCELED", 300)))
    assert items[-1].detail == "By the exchange"


def test_an_entry_is_not_cancelled_because_an_exit_filled() -> None:
    cancelled = report(E_, "CANCELED", 300)
    told_of = strategy(report(E_, "ACTIVE", 10), full(T_, "108000.00", 200), cancelled)
    line = next(item for item in timeline(told_of) if item.title == "Entry cancelled")
    assert line.detail == "By the exchange"


def test_an_exit_without_a_trigger_is_told_without_one() -> None:
    plan = intended().order
    order = replace(plan, stop=replace(plan.stop, trigger=None, price=Decimal("79990.00")))
    state = begin(intended(order=order))
    for row in (*entered(), report(S_, "ACTIVE", 200, exchange_order_id="57")):
        state = evolve(state, told(row))
    assert "Mark reached its trigger" in [item.detail for item in timeline(state)]


def test_what_nobody_has_said_is_empty() -> None:
    state = begin(intended(tag=""))
    assert (state.tag, state.note, state.anomalies, state.unmatched) == ("", "", (), ())
    assert LegState(LegRole.STOP) == LegState(LegRole.STOP, None, (), "", ())


def test_a_refusal_without_words_is_told_by_its_code() -> None:
    line = timeline(strategy(answered(Refused("306", "X", ""))))[-1]
    assert (line.kind, line.title, line.at_ms) == (TimelineKind.REJECTED, "Rejected", START + 90)


def test_reports_at_one_moment_stand_in_the_exchanges_order() -> None:
    def late(row: LegReport) -> Any:
        return told(row, delay=START + 1_000 - row.update_ms)

    first, second = report(E_, "ACTIVE", 10), full(E_, "93000.00", 20)
    items = timeline(strategy(late(second), late(first)))
    assert [item.title for item in items][-2:] == ["Entry active", "Entry filled"]


def test_a_fill_that_is_reported_again_is_told_once() -> None:
    facts = (acked(), *placed(), part(E_, "ACTIVE", 100), part(E_, "ACTIVE", 200))
    assert kinds(*facts).count((TimelineKind.PARTLY_FILLED, "Entry partly filled")) == 1


def test_the_traders_decision_has_its_kind() -> None:
    decided = Decided(ID, START + 300_000, Decision.NOT_PLACED, "I looked: not there")
    assert kinds(answered(Unknown("No reply in 10 s.")), decided)[-1] == (TimelineKind.DECIDED, "Resolved: not placed")
