"""Facts as text and back: exact, versioned, and never guessed."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.domain.errors import JournalNewer, JournalTrouble
from otoco_desktop.domain.events import (
    Acknowledged,
    CancelAnswered,
    CancelAsked,
    Decided,
    Decision,
    Fact,
    Noted,
    NotSent,
    Refused,
    RequestStamp,
    Unknown,
)
from otoco_desktop.journal.codec import decode, encode
from tests.domain.truth.builders import (
    E_,
    ID,
    LIST,
    S_,
    T_,
    acked,
    answered,
    exit_answered,
    full,
    intended,
    looked,
    move_asked,
    removal_asked,
    report,
    told,
)

STAMP = RequestStamp(8, 1_767_225_600_000, -3)
FACTS: list[Fact] = [
    intended(),
    intended(planned=None),
    acked(),
    answered(Refused("306", "INSUFFICIENT_AVAILABLE_BALANCE", "insufficient balance")),
    answered(NotSent("The host was not found.")),
    answered(Unknown("No reply in 10 s.")),
    told(full(E_, "93000.00")),
    looked(1_000),
    CancelAsked(ID, 1, LIST, STAMP),
    CancelAsked(ID, 1, LIST, STAMP, "websocket"),
    CancelAnswered(ID, 2, Acknowledged(LIST)),
    removal_asked(S_),
    move_asked(S_, "85000.00"),
    move_asked(T_, "1.10E+5", "110000.0", transport="websocket"),
    exit_answered(S_, Acknowledged("12")),
    exit_answered(T_, Refused("229", "INVALID_REF_PRICE", "not valid")),
    exit_answered(S_, NotSent("no network")),
    exit_answered(T_, Unknown("no reply in 10 s")),
    Decided(ID, 3, Decision.NOT_PLACED, "not there"),
    Noted(ID, 4, "tag", "note with ünïcode\n"),
]


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: type(fact).__name__)
def test_every_fact_comes_back_exactly(fact: Fact) -> None:
    assert decode(encode(fact)) == fact
    assert repr(decode(encode(fact))) == repr(fact)


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_decimals_keep_their_exponent(value: Decimal) -> None:
    fact = told(report(E_, "ACTIVE", quantity=value))
    assert repr(decode(encode(fact))) == repr(fact)


def test_facts_from_before_the_websocket_and_post_only_are_still_read() -> None:
    asked = CancelAsked(ID, 1, LIST, STAMP)
    old_cancel, old_intent = json.loads(encode(asked)), json.loads(encode(intended()))
    del old_cancel["fact"]["transport"], old_intent["fact"]["order"]["post_only"]
    assert decode(json.dumps(old_cancel)) == asked
    assert decode(json.dumps(old_intent)) == intended()


def test_amounts_and_ids_are_text_on_disk() -> None:
    body = json.loads(encode(told(full(E_, "93000.00"))))
    assert body["type"] == "leg_reported"
    assert body["version"] == 1
    assert body["fact"]["report"]["list_id"] == LIST
    assert body["fact"]["report"]["quantity"] == "0.01000"


@pytest.mark.parametrize("change", [{"type": "teleported"}, {"version": 2}])
def test_what_a_newer_program_wrote_is_refused_politely(change: dict[str, object]) -> None:
    body = json.loads(encode(acked())) | change
    with pytest.raises(JournalNewer, match="newer version"):
        decode(json.dumps(body))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        '{"type": "answered", "version": 1, "fact": {}}',
        '{"type": "answered", "version": 1, "fact": {"outcome": []}}',
        '{"type": "answered", "version": 1, "fact": {"outcome": {"kind": "maybe"}}}',
        '{"type": "leg_answered", "version": 1, "fact": {"outcome": {"kind": "unknown", "reason": ""}}}',
        '{"type": "move_asked", "version": 1, "fact": {"strategy_id": "a", "role": "middle"}}',
        '{"type": "intended", "version": 1, "fact": {"strategy_id": 5}}',
        '{"type": "intended", "version": "1", "fact": {}}',
    ],
)
def test_nonsense_is_trouble_and_nothing_else(text: str) -> None:
    with pytest.raises(JournalTrouble):
        decode(text)
