"""The fold: reports in any order, repeated and split, give one result; the trader's own facts keep theirs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.domain.events import (
    Acknowledged,
    Answered,
    CancelAnswered,
    CancelAsked,
    Decided,
    Decision,
    Fact,
    LegReport,
    LegReported,
    Noted,
    NotSent,
    Refused,
    ReportSource,
    RequestStamp,
    Unknown,
)
from otoco_desktop.domain.legs import Status
from otoco_desktop.domain.lifecycle import Difference, adopt, begin, differences, evolve, fold, phase
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.strategy import Phase
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
    part,
    placed,
    protected,
    report,
    strategy,
    told,
)

WIRE = Path(__file__).parents[2] / "wire" / "constructed.lifecycles.json"
SCENARIOS = json.loads(WIRE.read_text(encoding="utf-8"))["scenarios"]

EXPECTED = {
    "happy_take_profit": Phase.CLOSED,
    "trigger_status_stays_pending_after_parent_fill": Phase.WORKING,
    "all_active_from_start_older_style": Phase.WORKING,
    "parent_rejected": Phase.REJECTED,
    "partial_fill_then_user_cancel": Phase.UNPROTECTED,
    "stop_rejected_on_trigger_for_fee_shortfall": Phase.UNPROTECTED,
    "out_of_order_and_duplicate": Phase.TRIGGERED,
    "number_typed_ids": Phase.WORKING,
    "unknown_status_and_fields": Phase.ACKED,
}


def rows(scenario: str) -> list[LegReport]:
    return [_row(raw) for message in SCENARIOS[scenario] for raw in message["result"]["data"]]


def _row(raw: dict[str, Any]) -> LegReport:
    def price(name: str) -> Decimal | None:
        return Decimal(raw.get(name, "0")) or None

    return LegReport(
        list_id=str(raw["list_id"]),
        order_id=str(raw["order_id"]),
        client_oid=raw["client_oid"],
        instrument=raw["instrument_name"],
        order_type=raw["order_type"],
        side=raw["side"],
        status=raw["status"],
        quantity=Decimal(raw["quantity"]),
        filled=Decimal(raw["cumulative_quantity"]),
        filled_value=Decimal(raw["cumulative_value"]),
        average_price=price("avg_price"),
        limit_price=price("limit_price"),
        trigger=price("ref_price"),
        fee=abs(Decimal(raw["cumulative_fee"])),
        fee_coin=raw["fee_instrument_name"],
        exchange_order_id=raw.get("exchange_order_id", ""),
        reason=raw.get("reject_reason", ""),
        update_ms=int(raw["update_time"]),
    )


def test_every_constructed_lifecycle_has_an_expectation() -> None:
    assert set(EXPECTED) == set(SCENARIOS)


@pytest.mark.parametrize("scenario", EXPECTED)
def test_a_constructed_lifecycle_ends_in_its_phase(scenario: str) -> None:
    reported = rows(scenario)
    accepted = answered(Acknowledged(reported[0].list_id))
    assert phase(strategy(accepted, *reported)) is EXPECTED[scenario]


@pytest.mark.parametrize("scenario", EXPECTED)
def test_a_lifecycle_told_backwards_ends_the_same(scenario: str) -> None:
    facts: list[Fact] = [acked(), *map(told, rows(scenario))]
    assert fold(intended(), facts) == fold(intended(), facts[::-1])


STATUSES = st.sampled_from([*Status, "SOMETHING_NEW"])
AMOUNTS = st.sampled_from(["0", "0.00400", "0.00600", "0.01000"])


@st.composite
def reports(draw: st.DrawFn) -> LegReported:
    role = draw(st.sampled_from(LegRole))
    row = part(role, draw(STATUSES), draw(st.integers(0, 4)), draw(AMOUNTS))
    source = draw(st.sampled_from(ReportSource))
    fact = told(row, draw(st.integers(0, 3)), source)
    asked = draw(st.one_of(st.none(), st.integers(0, 3))) if source is ReportSource.CHECK else None
    return fact if asked is None else replace(fact, asked_ms=START + asked)


ANSWERS = st.sampled_from([acked(), answered(Unknown("No reply in 10 s.")), answered(Refused("306", "X", "no"))])
LOOKS = st.builds(
    lambda at, missing: replace(looked(at), missing=tuple(missing)),
    st.integers(1, 104),
    st.sampled_from([(), (S_,), (E_, T_)]),
)
FACTS = st.lists(st.one_of(reports(), ANSWERS, LOOKS), max_size=9)


@given(FACTS, st.data())
def test_shuffled_repeated_and_split_reports_give_one_result(facts: list[Fact], data: st.DataObject) -> None:
    outcomes = [fact for fact in facts if isinstance(fact, Answered)]
    told_once = [fact for fact in facts if fact not in outcomes] + outcomes[:1]
    again = data.draw(st.lists(st.sampled_from(told_once), max_size=4)) if told_once else []
    shuffled = data.draw(st.permutations([*told_once, *again]))
    cut = data.draw(st.integers(0, len(shuffled)))
    in_order = fold(intended(), told_once)
    in_parts = _go_on(fold(intended(), shuffled[:cut]), shuffled[cut:])
    assert in_parts == in_order
    assert _go_on(begin(intended()), shuffled) == in_order
    assert phase(in_parts) is phase(in_order)


def _go_on(state: Any, facts: Sequence[Fact]) -> Any:
    for fact in facts:
        state = evolve(state, fact)
    return state


@given(st.lists(reports(), min_size=1, max_size=8))
def test_what_has_ended_never_comes_back_and_fills_never_shrink(facts: list[LegReported]) -> None:
    state, ended, filled = begin(intended()), set[LegRole](), dict[LegRole, Decimal]()
    for fact in facts:
        state = evolve(state, fact)
        for role, leg in state.legs.items():
            assert leg.latest is not None
            assert leg.latest.filled >= filled.get(role, Decimal(0))
            filled[role] = leg.latest.filled
            now = leg.latest.status in {"FILLED", "CANCELED", "REJECTED", "EXPIRED"}
            assert now or role not in ended
            ended |= {role} if now else set()


def test_an_event_before_the_reply_and_after_it_end_alike() -> None:
    early = strategy(*placed(), acked())
    late = strategy(acked(), *placed())
    assert early == late
    assert early.list_id == LIST


def test_the_list_id_comes_from_a_report_when_the_reply_was_lost() -> None:
    lost = strategy(answered(Unknown("No reply in 10 s.")), *placed())
    assert lost.list_id == LIST
    assert phase(lost) is Phase.WORKING


def test_a_strategy_has_a_name_for_people() -> None:
    assert strategy().label == "S-0411"


def test_a_fact_of_another_strategy_changes_nothing() -> None:
    state = strategy(*placed())
    stranger = told(report(E_, "CANCELED", 99), of="other")
    assert evolve(state, stranger) is state
    assert fold(intended(), [stranger]) == begin(intended())


def test_the_same_intent_again_changes_nothing() -> None:
    state = strategy(*placed())
    assert evolve(state, intended()) is state


def test_the_same_look_again_changes_nothing() -> None:
    state = strategy(looked(1_000))
    assert evolve(state, looked(1_000)) is state


def test_a_report_that_fits_no_leg_is_shown_and_changes_no_leg() -> None:
    row = report(E_, "ACTIVE", order_type="TRAILING_STOP", client_oid="x")
    state = strategy(row, row)
    assert fold(intended(), [told(row)]) == state
    assert not state.legs
    assert state.anomalies == (f"A report could not be matched to a leg: TRAILING_STOP {row.order_id}.",)


def test_adopting_needs_our_ids() -> None:
    state = strategy(acked())
    assert adopt(state, report(S_, "ACTIVE")) is S_
    assert adopt(state, report(S_, "ACTIVE", client_oid="theirs")) is S_
    assert adopt(state, report(S_, "ACTIVE", client_oid="theirs", list_id="other")) is None


def test_a_refusal_is_stronger_than_not_having_been_sent() -> None:
    refused = Refused("306", "INSUFFICIENT_AVAILABLE_BALANCE", "insufficient balance")
    for facts in ((NotSent("no network"), refused), (refused, NotSent("no network"))):
        assert strategy(*(answered(outcome) for outcome in facts)).outcome == refused


def test_a_warning_that_came_with_the_list_id_is_shown() -> None:
    state = strategy(answered(Acknowledged(LIST, "price far from the market (code 315)")))
    assert phase(state) is Phase.ACKED
    assert state.anomalies == ("Accepted with a warning: price far from the market (code 315)",)


def test_definite_evidence_replaces_doubt_and_doubt_never_replaces_it() -> None:
    doubt, proof = answered(Unknown("No reply in 10 s.")), answered(NotSent("The host was not found."))
    assert phase(strategy(doubt, proof)) is Phase.NOT_SENT
    assert strategy(proof, doubt) == strategy(proof)


def test_the_traders_own_facts_keep_their_order() -> None:
    state = strategy(Noted(ID, 1, "one", "first"), Noted(ID, 2, "two", "second"))
    assert (state.tag, state.note) == ("two", "second")
    asked = CancelAsked(ID, START, LIST, RequestStamp(8, START, 0))
    told_so = CancelAnswered(ID, START + 5, Refused("316", "NO_ACTIVE_ORDER", "no"))
    state = strategy(acked(), asked, told_so, asked)
    assert (len(state.cancel_asked), len(state.cancel_answered)) == (2, 1)


def test_a_decision_stands_until_a_late_event_reopens_it() -> None:
    decided = Decided(ID, START + 200_000, Decision.NOT_PLACED, "not there")
    state = strategy(answered(Unknown("No reply in 10 s.")), decided)
    assert phase(state) is Phase.RESOLVED_NOT_PLACED
    reopened = evolve(state, told(report(E_, "ACTIVE", 300_000)))
    assert phase(reopened) is Phase.WORKING
    assert reopened.anomalies == ("Found on the exchange after it was settled as not placed.",)
    assert phase(strategy(*protected(), full(T_, "108010.00", 200))) is Phase.TRIGGERED


def test_of_two_doubts_the_first_is_kept() -> None:
    state = strategy(answered(Unknown("the first")), answered(Unknown("the second"), 99))
    assert (state.outcome, state.answered_ms) == (Unknown("the first"), START + 90)


def test_of_several_list_ids_the_same_one_is_named_whatever_came_first() -> None:
    one, two = report(E_, "ACTIVE", 1, list_id="1"), report(S_, "PENDING", 1, list_id="2")
    assert strategy(one, two).list_id == strategy(two, one).list_id == "1"
    assert differences(strategy(one, two)) == (Difference(None, "list", "1", "2"),)
