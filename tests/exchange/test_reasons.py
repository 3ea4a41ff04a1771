"""Every code of the table has the name the documents give it, and a sentence that can stand inside another."""

from __future__ import annotations

import re

import pytest

from otoco_desktop.exchange.reasons import REASONS, Reason, cause_of, name_of, sentence_for
from tests.exchange.samples import golden

NAMES = {entry["code"]: entry["name"] for entry in golden("error-codes")["codes"] if entry["name"]}
INSIDE = re.compile(r"(it|an?|the|this|part|there|insufficient|making|too|isolated|not)\b[ a-z0-9'-]*[a-z]")


def test_every_name_is_the_documented_one() -> None:
    assert {code: reason.name for code, reason in REASONS.items()} == {code: NAMES[code] for code in REASONS}


def test_only_codes_that_no_order_is_answered_with_are_left_out() -> None:
    assert set(NAMES) - set(REASONS) == {0, 10002, 20005, 30024, 50002, 5000811}


def test_names_are_given_once() -> None:
    assert len({reason.name for reason in REASONS.values()}) == len(REASONS)


@pytest.mark.parametrize("reason", REASONS.values(), ids=lambda reason: reason.name)
def test_sentence_stands_inside_another(reason: Reason) -> None:
    assert INSIDE.fullmatch(reason.sentence), reason.sentence


def test_unknown_code_is_told_as_it_is() -> None:
    assert (name_of(777), cause_of(777), sentence_for(777)) == ("code 777", "", "code 777")
    assert sentence_for(306) == "insufficient balance (code 306)"
