"""The frame's words: quotes, connections and clocks."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from otoco_desktop.domain.market import Connection, Light, Quote
from otoco_desktop.domain.verdict import PlanSettings
from otoco_desktop.ui import formats
from otoco_desktop.ui.shell import state
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token
from tests.ui.fakes import MONOTONIC_MS, QUOTE, FakeDesk

SETTINGS = PlanSettings()


def frame(quote: Quote | None = QUOTE, connection: Connection | None = None, later_ms: int = 0) -> state.FrameState:
    desk = FakeDesk().state
    shown = replace(desk, connection=connection) if connection else desk
    return state.build(shown, quote, MONOTONIC_MS + later_ms, SETTINGS)


def test_before_the_first_quote_nothing_is_guessed() -> None:
    assert {quote.text for quote in frame(None).quotes} == {"–"}


def test_a_quote_of_another_instrument_is_not_shown() -> None:
    assert {quote.text for quote in frame(replace(QUOTE, instrument="ETH_USD")).quotes} == {"–"}


@pytest.mark.parametrize(
    ("ratio", "text", "glyph", "token"),
    [
        ("-0.0124", "−1.24%", Glyph.DOWN, Token.NEG),
        ("0.02", "+2.00%", Glyph.UP, Token.POS),
        ("0", "0.00%", None, Token.TEXT),
    ],
)
def test_the_days_change_is_signed_and_marked(ratio: str, text: str, glyph: Glyph | None, token: Token) -> None:
    shown = frame(replace(QUOTE, change_24h=Decimal(ratio))).quotes[-1]
    assert (shown.text, shown.glyph, shown.token) == (text, glyph, token)


@pytest.mark.parametrize(("later_ms", "token"), [(0, Token.TEXT), (7_800, Token.TEXT), (7_801, Token.TEXT3)])
def test_quotes_turn_grey_when_they_are_stale(later_ms: int, token: Token) -> None:
    assert frame(later_ms=later_ms).quotes[0].token is token


@pytest.mark.parametrize(
    ("offset_ms", "text", "word"),
    [
        (-42, "+42 ms", "good"),
        (0, "0 ms", "good"),
        (5_001, "−5,001 ms", "warning"),
        (-30_001, "+30,001 ms", "down"),
        (None, "measuring", "waiting"),
    ],
)
def test_the_clock_says_how_far_ahead_it_is(offset_ms: int | None, text: str, word: str) -> None:
    connection = replace(FakeDesk().state.connection, clock_offset_ms=offset_ms)
    clock = frame(connection=connection).indicators[3]
    assert clock.text == text
    assert clock.spoken.startswith(f"Clock skew: {word}, ")


def test_before_anything_is_connected_all_four_wait() -> None:
    shown = frame(None, Connection())
    assert [indicator.text for indicator in shown.indicators] == ["connecting", "connecting", "connecting", "measuring"]
    assert shown.folded.text == "0 of 4 OK"


def test_folded_the_worst_wins() -> None:
    connection = replace(FakeDesk().state.connection, rest=Light.DOWN, rest_words="1 timeout", user=Light.WAITING)
    folded = frame(connection=connection).folded
    assert (folded.text, folded.glyph, folded.token) == ("2 of 4 OK", Glyph.FAIL, Token.NEG)
    assert "REST connection: down, 1 timeout" in folded.spoken


def test_words_from_outside_lose_their_control_characters() -> None:
    connection = replace(FakeDesk().state.connection, user_words="a\x1b[31mb\nc\u202ed")
    assert frame(connection=connection).indicators[1].text == "a [31mb c d"


@pytest.mark.parametrize(
    ("duration_ms", "text"),
    [(0, "0.0 s"), (6_400, "6.4 s"), (42_000, "42 s"), (180_000, "3 min"), (7_200_000, "2 h")],
)
def test_ages(duration_ms: int, text: str) -> None:
    assert formats.age(duration_ms) == text


def test_times_carry_milliseconds_and_their_zone() -> None:
    assert formats.utc_clock(1_795_361_219_004) == "15:26:59.004 UTC"
    assert formats.latency(1_240) == "1,240 ms"
