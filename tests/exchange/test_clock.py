"""Exchange time from what the exchange says, and identities of requests."""

from __future__ import annotations

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.exchange.clock import RoundTrip, ServerTime, Stamps
from tests.exchange.manual_clock import ManualClock

START = 1_700_000_000_000


def header(ms: int) -> str:
    return formatdate(ms // 1000, usegmt=True)


def sampled(true_offset_ms: int, moments: list[int], round_trip_ms: int = 80) -> ServerTime:
    """Replies taken at these local moments from an exchange whose clock is off by so much."""
    server_time = ServerTime(ManualClock(START))
    for moment in moments:
        trip = RoundTrip(START + moment, START + moment + round_trip_ms)
        server_time.note_date(header(START + moment + round_trip_ms // 2 + true_offset_ms), trip)
    return server_time


def test_nothing_is_known_before_the_first_reply() -> None:
    assert ServerTime(ManualClock()).offset_ms is None


def test_a_clock_that_agrees_is_left_alone() -> None:
    assert sampled(0, [0, 300, 700]).offset_ms == 0


@pytest.mark.parametrize("true_offset_ms", [-73_000, -2_300, 2_300, 61_000, 600_000])
def test_a_wrong_clock_is_measured_to_a_second(true_offset_ms: int) -> None:
    measured = sampled(true_offset_ms, [0, 250, 900, 1_400]).offset_ms
    assert measured is not None
    assert abs(measured - true_offset_ms) <= 1_100
    assert abs(measured) <= abs(true_offset_ms) + 100


@given(
    st.integers(-100_000, 100_000),
    st.lists(st.integers(0, 30_000), min_size=1, max_size=12).map(sorted),
    st.integers(0, 900),
)
def test_the_offset_never_contradicts_the_newest_reply(offset: int, moments: list[int], round_trip: int) -> None:
    measured = sampled(offset, moments, round_trip).offset_ms
    assert measured is not None
    assert abs(measured - offset) <= 1_000 + round_trip


def test_a_jump_of_the_clock_forgets_what_was_known() -> None:
    clock = ManualClock(START)
    server_time = ServerTime(clock)
    server_time.note_date(header(START), RoundTrip(START, START + 50))
    jumped = START + 3_600_000
    server_time.note_date(header(START + 1_000), RoundTrip(jumped, jumped + 50))
    assert server_time.offset_ms is not None
    assert abs(server_time.offset_ms + 3_599_000) <= 1_100


def test_a_publish_time_raises_the_lower_bound() -> None:
    server_time = ServerTime(ManualClock(START))
    server_time.note_published(START + 400, RoundTrip(START, START + 10))
    assert server_time.offset_ms is None
    server_time.note_date(header(START), RoundTrip(START, START + 10))
    server_time.note_published(START + 400, RoundTrip(START, START + 10))
    assert server_time.offset_ms == 390


@pytest.mark.parametrize("text", [None, "", "yesterday", "Thu, 99 Foo 2026 00:00:00 GMT"])
def test_an_unreadable_date_teaches_nothing(text: str | None) -> None:
    server_time = ServerTime(ManualClock())
    server_time.note_date(text, RoundTrip(0, 1))
    assert server_time.offset_ms is None


def test_nonces_only_rise_and_follow_the_exchange() -> None:
    clock = ManualClock(START)
    server_time = ServerTime(clock)
    stamps = Stamps(server_time)
    first, second = stamps.next(), stamps.next()
    assert (first.nonce, second.nonce) == (START, START + 1)
    assert first.request_id != second.request_id
    clock.wall -= 3_600_000
    assert stamps.next().nonce == START + 2
    clock.wall = START
    server_time.note_date(header(START + 90_000), RoundTrip(START, START))
    stamp = stamps.next()
    assert stamp.nonce == START + stamp.offset_ms
    assert 89_000 <= stamp.offset_ms <= 90_000


def test_a_clock_found_to_be_fast_brings_the_nonce_back_but_no_id() -> None:
    clock = ManualClock(START + 600_000)
    server_time = ServerTime(clock)
    stamps = Stamps(server_time)
    fast = stamps.next()
    server_time.note_date(header(START), RoundTrip(START + 600_000, START + 600_050))
    corrected, following = stamps.next(), stamps.next()
    assert abs(corrected.nonce - START) <= 1_100
    assert following.nonce == corrected.nonce + 1
    assert fast.request_id < corrected.request_id < following.request_id


def test_a_small_correction_never_lowers_the_nonce() -> None:
    clock = ManualClock(START + 3_000)
    server_time = ServerTime(clock)
    stamps = Stamps(server_time)
    before = stamps.next()
    server_time.note_date(header(START), RoundTrip(START + 3_000, START + 3_050))
    assert stamps.next().nonce == before.nonce + 1
