"""Looking for an order: what is asked, when, and what an answer amounts to."""

from __future__ import annotations

from dataclasses import replace

from otoco_desktop.domain.events import Fact, LegReport, LegReported, Looked, ReportSource, Unknown
from otoco_desktop.domain.evidence import Evidence, EvidenceSource, SourceAnswer
from otoco_desktop.domain.lifecycle import evolve, is_news, missing_legs, phase
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.reasons import reason_words
from otoco_desktop.domain.reconcile import is_unresolved, judge, pause_ms, query
from otoco_desktop.domain.strategy import Phase, Strategy
from tests.domain.truth.builders import (
    BASE_SOURCES,
    E_,
    ID,
    LIST,
    NONCE,
    S_,
    START,
    T_,
    acked,
    answered,
    checked,
    entered,
    placed,
    report,
    strategy,
    told,
)

SILENCE = answered(Unknown("No reply in 10 s."))


def evidence(*rows: LegReport, answered: bool = True, asked: int = 0) -> Evidence:
    answers = tuple(SourceAnswer(source, START + asked, answered, len(rows), "words") for source in BASE_SOURCES)
    return Evidence(START + 1_040, answers, rows)


def test_rounds_fall_at_1_2_4_8_15_and_30_seconds_then_each_minute() -> None:
    moments = [sum(pause_ms(done) for done in range(count)) // 1000 for count in range(1, 9)]
    assert moments == [1, 2, 4, 8, 15, 30, 90, 150]


def test_the_question_covers_the_time_around_the_nonce_and_all_three_ids() -> None:
    asked = query(strategy(SILENCE), NONCE + 5_000)
    assert asked.client_oids == (f"od1-{ID}-e", f"od1-{ID}-s", f"od1-{ID}-t")
    assert (asked.since_ms, asked.until_ms) == (NONCE - 120_000, NONCE + 65_000)
    assert asked.list_id is None
    assert query(strategy(acked()), NONCE - 9_000).until_ms == NONCE + 60_000
    assert query(strategy(acked()), NONCE).list_id == LIST


def test_the_first_positive_answer_is_adopted() -> None:
    state = strategy(SILENCE)
    facts = judge(state, evidence(*placed(), *placed()), START + 1_000)
    reported = [fact for fact in facts if isinstance(fact, LegReported)]
    assert len(reported) == 3
    assert {fact.source for fact in reported} == {ReportSource.CHECK}
    assert phase(_after(state, facts)) is Phase.WORKING


def test_a_row_without_our_client_oid_is_ours_when_a_sibling_carries_the_list_id() -> None:
    rows = (report(E_, "ACTIVE"), report(S_, "PENDING", client_oid="rewritten"))
    assert len(judge(strategy(SILENCE), evidence(*rows), START)) == 3


def test_strangers_in_the_answer_are_left_alone() -> None:
    foreign = report(T_, "ACTIVE", client_oid="theirs", list_id="theirs")
    facts = judge(strategy(SILENCE), evidence(foreign), START)
    assert [type(fact) for fact in facts] == [Looked]


def test_not_found_is_recorded_as_a_look_and_nothing_more() -> None:
    state = strategy(SILENCE)
    facts = judge(state, evidence(), START + 1_000)
    assert [type(fact) for fact in facts] == [Looked]
    assert phase(_after(state, facts)) is Phase.UNKNOWN


def test_a_look_at_an_order_that_is_known_to_exist_is_not_recorded() -> None:
    state = strategy(acked(), *placed())
    facts = judge(state, evidence(*placed()), START)
    assert {type(fact) for fact in facts} == {LegReported}
    assert not any(is_news(state, fact) for fact in facts)
    assert not is_unresolved(state)


def test_a_leg_that_a_complete_check_does_not_find_is_said_once_and_until_it_is_found() -> None:
    state, (entry, stop, target) = strategy(acked(), *placed()), placed()
    later = evidence(entry, target, asked=500)
    facts = judge(state, later, START + 600)
    assert [fact.missing for fact in facts if isinstance(fact, Looked)] == [(S_,)]
    state = _after(state, facts)
    assert missing_legs(state) == (S_,)
    assert state.anomalies == ("Stop: last reported as PENDING, and not found when the exchange was asked again.",)
    assert phase(state) is Phase.WORKING
    assert not any(isinstance(fact, Looked) for fact in judge(state, later, START + 700))
    found = judge(state, evidence(entry, stop, target, asked=800), START + 900)
    assert [is_news(state, fact) for fact in found] == [False, True, False]
    assert _after(state, found).anomalies == ()


def test_not_finding_says_nothing_where_it_may_be_old_incomplete_or_expected() -> None:
    state, (entry, stop, target) = strategy(acked(), *placed()), placed()
    assert judge(state, evidence(asked=50), START + 600) == ()
    assert judge(state, evidence(answered=False, asked=500), START + 600) == ()
    assert judge(strategy(*placed()), evidence(asked=500), START + 600) == ()
    ended = strategy(acked(), entry, target, report(S_, "CANCELED", 20))
    facts = judge(ended, evidence(asked=500), START + 600)
    assert [fact.missing for fact in facts if isinstance(fact, Looked)] == [(E_, T_)]
    assert missing_legs(_after(ended, facts)) == (E_, T_)
    assert stop.status == "PENDING"


def test_a_leg_told_of_in_the_moment_of_the_question_is_not_missing() -> None:
    state, (entry, _, target) = strategy(acked(), *placed()), placed()
    assert not _missing(state, evidence(entry, target, asked=110))
    assert _missing(state, evidence(entry, target, asked=111)) == (S_,)


def test_a_row_of_ours_of_an_unknown_type_counts_as_found_by_its_client_oid() -> None:
    state, (entry, stop, target) = strategy(acked(), *placed()), placed()
    odd = replace(stop, order_type="ODD")
    assert not _missing(state, evidence(entry, odd, target, asked=500))
    assert _missing(state, evidence(entry, replace(odd, client_oid="x"), target, asked=500)) == (S_,)


def _missing(state: Strategy, found: Evidence) -> tuple[LegRole, ...]:
    looks = [fact for fact in judge(state, found, START + 600) if isinstance(fact, Looked)]
    return looks[0].missing if looks else ()


def test_a_check_that_repeats_what_is_known_is_news_only_while_an_exit_is_not_proven() -> None:
    state = strategy(*entered())
    assert is_news(state, told(placed()[1]))
    assert is_news(state, checked(report(E_, "ACTIVE", 60), 70))
    assert [is_news(state, checked(row, 300)) for row in placed()] == [False, True, True]
    assert is_news(state, checked(report(E_, "ACTIVE", order_type="ODD", client_oid="x"), 300))


def test_a_round_that_failed_is_recorded_and_does_not_count() -> None:
    state = strategy(SILENCE)
    for second in range(200, 210):
        state = _after(state, judge(state, evidence(answered=False), START + 1_000 * second))
    assert len(state.looks) == 10
    assert phase(state) is Phase.UNKNOWN


def test_reasons_read_as_words() -> None:
    assert reason_words("306") == "insufficient balance"
    assert reason_words("INSUFFICIENT_AVAILABLE_BALANCE") == "insufficient balance"
    assert reason_words("987654") == "code 987654"
    assert reason_words("SOMETHING_ODD") == "something odd"


def test_evidence_is_complete_only_when_every_source_answered() -> None:
    assert evidence().complete
    assert not Evidence(0, (), ()).complete
    half = (SourceAnswer(EvidenceSource.DETAIL, 0, True, 0, ""), SourceAnswer(EvidenceSource.HISTORY, 0, False, 0, ""))
    assert not Evidence(0, half, ()).complete


def _after(state: Strategy, facts: tuple[Fact, ...]) -> Strategy:
    for fact in facts:
        state = evolve(state, fact)
    return state
