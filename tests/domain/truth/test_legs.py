"""One leg: every pair of status words, unknown words, and which leg a report is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otoco_desktop.domain import legs
from otoco_desktop.domain.events import LegReport, ReportSource
from otoco_desktop.domain.legs import MOVES, Status, anomalies, belongs, join, knows, role_of, status_of, union
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.strategy import LegState, SeenReport
from tests.domain.truth.builders import E_, LIST, S_, T_, full, order, part, report

TEXTS = ("fee_coin", "list_id", "exchange_order_id", "reason")
ENDS = {Status.FILLED, Status.CANCELED, Status.REJECTED, Status.EXPIRED}


def seen(row: LegReport, at_ms: int = 1, source: ReportSource = ReportSource.STREAM) -> SeenReport:
    return SeenReport(row, at_ms, source)


def joined(*rows: LegReport) -> LegState:
    leg = LegState(E_)
    for row in rows:
        leg = join(leg, seen(row))
    return leg


def test_of_two_ends_the_weightier_stands_whichever_is_later() -> None:
    ends = ("EXPIRED", "REJECTED", "CANCELED", "FILLED")
    for lighter, weightier in pairwise(ends):
        latest = joined(report(E_, weightier, 1), report(E_, lighter, 2)).latest
        assert latest is not None
        assert latest.status == weightier


@pytest.mark.parametrize("first", Status)
@pytest.mark.parametrize("second", Status)
def test_every_pair_of_words_is_in_the_table(first: Status, second: Status) -> None:
    leg = joined(report(E_, first, 1), report(E_, second, 2))
    assert leg.latest is not None
    expected = first if first in ENDS and second not in ENDS else second
    if not leg.conflict:
        assert leg.latest.status == expected
    assert bool(list(anomalies(leg))) is (second not in MOVES[first])
    assert bool(leg.conflict) is (first in ENDS and second in ENDS and first is not second)


@pytest.mark.parametrize("first", Status)
@pytest.mark.parametrize("second", Status)
def test_a_pair_of_words_means_the_same_in_either_order_of_arrival(first: Status, second: Status) -> None:
    one, two = report(E_, first, 1), report(E_, second, 2)
    assert joined(one, two) == joined(two, one)


def test_of_two_words_at_one_moment_the_further_one_stands() -> None:
    leg = joined(report(E_, "ACTIVE", 5), report(E_, "PENDING", 5))
    assert leg.latest is not None
    assert leg.latest.status == "ACTIVE"
    assert not list(anomalies(leg))


def test_an_identical_row_changes_nothing_and_the_first_arrival_counts() -> None:
    row = report(E_, "ACTIVE", 5)
    leg = join(LegState(E_), seen(row, 50))
    assert join(leg, seen(row, 60)) is leg
    assert join(leg, seen(row, 50)) is leg
    assert join(leg, seen(row, 50, ReportSource.CHECK)) is leg
    assert join(leg, seen(row, 40)).seen[0].at_ms == 40


def test_amounts_never_go_backwards() -> None:
    leg = joined(part(E_, "ACTIVE", 20), report(E_, "ACTIVE", 30))
    assert leg.latest is not None
    assert (leg.latest.filled, leg.latest.average_price) == (Decimal("0.00400"), Decimal("93000.00"))


def test_a_fill_after_a_cancel_is_admitted_and_shown() -> None:
    leg = joined(part(E_, "CANCELED", 20), part(E_, "CANCELED", 30, "0.00600"))
    assert leg.latest is not None
    assert leg.latest.filled == Decimal("0.00600")
    assert list(anomalies(leg)) == ["Entry: 0.00600 filled, reported after CANCELED at 0.00400."]


def test_conflicting_ends_are_both_kept() -> None:
    leg = joined(report(E_, "CANCELED", 20), full(E_, "93000.00", 30))
    assert leg.conflict == "CANCELED and FILLED"
    assert leg.latest is not None
    assert leg.latest.status == "FILLED"


def test_an_unknown_word_is_kept_and_never_defaulted() -> None:
    leg = joined(report(E_, "ACTIVE", 1), report(E_, "SOMETHING_NEW", 2))
    assert leg.latest is not None
    assert status_of(leg.latest) is None
    assert leg.latest.status == "SOMETHING_NEW"
    assert list(anomalies(leg)) == ["Entry: the exchange used a status this program does not know: SOMETHING_NEW."]


def test_details_a_later_row_leaves_out_are_kept() -> None:
    leg = joined(
        report(T_, "ACTIVE", 1, exchange_order_id="57"),
        report(T_, "REJECTED", 2, reason="306"),
        report(T_, "REJECTED", 3, list_id=""),
    )
    assert leg.latest is not None
    assert (leg.latest.exchange_order_id, leg.latest.reason, leg.latest.list_id) == ("57", "306", LIST)


@pytest.mark.parametrize("role", LegRole)
def test_the_role_follows_the_order_type(role: LegRole) -> None:
    assert role_of(order(), report(role, "ACTIVE")) is role


def test_two_legs_with_one_order_id_and_client_oid_are_told_apart() -> None:
    stop = report(S_, "ACTIVE", order_id="19848526", client_oid=report(S_, "ACTIVE").client_oid)
    target = report(T_, "ACTIVE", order_id="19848526", client_oid=stop.client_oid)
    assert (role_of(order(), stop), role_of(order(), target)) == (S_, T_)


def test_an_unknown_type_is_matched_by_client_oid_or_not_at_all() -> None:
    assert role_of(order(), report(S_, "ACTIVE", order_type="TRAILING_STOP")) is S_
    assert role_of(order(), report(S_, "ACTIVE", order_type="TRAILING_STOP", client_oid="x")) is None


def test_a_report_belongs_by_client_oid_or_list_id_and_never_by_likeness() -> None:
    stranger = report(E_, "ACTIVE", client_oid="theirs")
    assert belongs(order(), None, report(E_, "ACTIVE", list_id=""))
    assert belongs(order(), LIST, stranger)
    assert not belongs(order(), "other", stranger)
    assert not belongs(order(), None, stranger)
    assert not belongs(order(), "", report(E_, "ACTIVE", client_oid="theirs", list_id=""))


def test_a_report_knows_its_side() -> None:
    assert report(E_, "ACTIVE").is_buy
    assert not report(S_, "ACTIVE").is_buy


def test_the_coin_of_a_fee_may_be_named_by_another_row() -> None:
    leg = joined(part(E_, "ACTIVE", 1, fee_coin=""), part(E_, "CANCELED", 2, "0", fee=Decimal(0), fee_coin="USD"))
    assert leg.latest is not None
    assert (leg.latest.fee, leg.latest.fee_coin) == (Decimal("0.20"), "USD")


WORDS = st.sampled_from([*Status, "HALTED", "PAUSED"])
ROWS = st.builds(
    lambda word, at, filled, fee, texts: replace(
        report(E_, word, at), filled=filled, fee=fee, **dict(zip(TEXTS, texts, strict=True))
    ),
    WORDS,
    st.integers(0, 3),
    st.sampled_from([Decimal(0), Decimal("0.05"), Decimal("0.050"), Decimal("0.1")]),
    st.sampled_from([Decimal(0), Decimal("0.01")]),
    st.tuples(*[st.sampled_from(["", "x", "y"])] * 4),
)
SEEN = st.builds(
    SeenReport, ROWS, st.integers(0, 4), st.sampled_from(ReportSource), st.sampled_from([None, None, 3, 4])
)


@settings(max_examples=150, deadline=None)
@given(st.lists(SEEN, min_size=1, max_size=9), st.randoms(use_true_random=False))
def test_one_by_one_they_give_what_all_at_once_give(reports: list[SeenReport], random: Random) -> None:
    """To the letter: amounts that are equal but written otherwise are told apart."""
    again = [replace(each, at_ms=random.randint(0, 4)) for each in reports[:3]]
    arrived = random.sample([*reports, *again], len(reports) + len(again))
    one_by_one, at_once = joined_as_seen(arrived), union(E_, arrived)
    assert repr(one_by_one) == repr(at_once)
    # Without what sums it up, every report is looked at.
    told = set(anomalies(replace(at_once, gist=None)))
    assert set(anomalies(one_by_one)) == set(anomalies(at_once)) == told
    assert all(knows(one_by_one, each) for each in arrived)


def joined_as_seen(arrived: Sequence[SeenReport]) -> LegState:
    leg = LegState(E_)
    for each in arrived:
        leg = join(leg, each)
    return leg


def test_a_report_costs_no_more_after_many_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted, not timed: how many reports are written out as text while one more is joined."""
    leg = joined(*(part(E_, "ACTIVE", 10 + number, str(number)) for number in range(1, 200)))
    written: list[LegReport] = []

    def noted(item: SeenReport) -> str:
        written.append(item.report)
        return repr(item.report)

    monkeypatch.setattr(legs, "_text_of_report", noted)
    leg = join(leg, seen(part(E_, "ACTIVE", 300, "200")))
    assert (len(leg.seen), written) == (200, [])
    assert join(leg, seen(leg.seen[100].report, 60)) is leg
    assert len(written) <= 4


def test_not_known_before_it_is_told() -> None:
    assert not knows(joined(report(E_, "ACTIVE", 5)), seen(report(E_, "ACTIVE", 6)))
    assert not knows(LegState(E_), seen(report(E_, "ACTIVE", 6)))
