"""What counts as a number: a strict grammar, and a sentence for each thing that is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.domain.finding import Field, Severity
from otoco_desktop.domain.money import Refusal, parse_number, plain
from otoco_desktop.domain.rules import evaluate
from tests.domain.planning.plans import AROUND, BUY

REFUSED = [
    # grouping marks and decimal commas: nothing is guessed, a link only where one reading exists
    ("1,5", "1,5 has a comma.", "1.5"),
    ("0,500", "0,500 has a comma.", "0.500"),
    ("1.000,5", "1.000,5 has a comma.", "1000.5"),
    ("92,400.00", "92,400.00 has a comma.", "92400.00"),
    ("1,000,000", "1,000,000 has a comma.", "1000000"),
    ("1,500", "1,500 has a comma. Type 1500 or 1.500", ""),
    ("1,5,0", "1,5,0 has a comma. Use digits and one point.", ""),
    ("1.500,000.5", "1.500,000.5 has a comma. Use digits and one point.", ""),
    ("1 000", "1 000 has a space.", "1000"),
    ("1\u202f000,5", "1[U+202F]000,5 has a space.", "1000.5"),
    ("12 3", "12 3 has a space.", ""),
    ("1_000", "1_000 has an underscore.", "1000"),
    ("1'000'000", "1'000'000 has an apostrophe.", "1000000"),
    ("1.000.000", "1.000.000 has 2 points. Use one at most.", "1000000"),
    ("1.2.3", "1.2.3 has 2 points. Use one at most.", ""),
    # digits of other scripts
    ("١٢", "١ (U+0661) is not one of the digits 0 to 9.", "12"),
    ("５", "５ (U+FF15) is not one of the digits 0 to 9.", "5"),
    ("²", "² (U+00B2) does not belong in a number.", ""),
    ("½", "½ (U+00BD) does not belong in a number.", ""),
    # signs
    ("+5", "A plain number has no + sign.", "5"),
    ("-0", "-0 is negative. Enter a number above zero.", ""),
    ("-1", "-1 is negative. Enter a number above zero.", ""),
    ("−1", "−1 is negative. Enter a number above zero.", ""),
    ("1-2", "- (U+002D) does not belong in a number.", ""),
    # words and exponents
    ("NaN", '"NaN" has the letter N. Write it in digits, such as 92400.00.', ""),
    ("sNaN", '"sNaN" has the letter s. Write it in digits, such as 92400.00.', ""),
    ("Infinity", '"Infinity" has the letter I. Write it in digits, such as 92400.00.', ""),
    ("1e5", '"1e5" has the letter e. Write it in digits, such as 92400.00.', ""),
    ("1e999999", '"1e999999" has the letter e. Write it in digits, such as 92400.00.', ""),
    ("$5", "$ (U+0024) does not belong in a number.", ""),
    # blanks
    (" 12 ", "There is a space before 12.", "12"),
    ("12 ", "12 has a space after it.", "12"),
    (" ", "There is only a space. Enter a number.", ""),
    # what cannot be seen
    ("\u202e12", "There is an invisible character (U+202E) in [U+202E]12. Type it again.", ""),
    ("1\u200b2", "There is an invisible character (U+200B) in 1[U+200B]2. Type it again.", "12"),
    ("12\n", "There is an invisible character (U+000A) in 12[U+000A]. Type it again.", "12"),
    ("1\x002", "There is an invisible character (U+0000) in 1[U+0000]2. Type it again.", "12"),
    ("\ufeff7", "There is an invisible character (U+FEFF) in [U+FEFF]7. Type it again.", "7"),
    # too long, or not quite a number
    ("1" * 40, f"{'1' * 24}… has 40 digits before the point, 18 is the most.", ""),
    ("0." + "1" * 19, "0.1111111111111111111 has 19 decimals, 18 is the most.", ""),
    ("007", "007 begins with a zero too many.", "7"),
    ("07", "07 begins with a zero too many.", "7"),
    (".5", ".5 has no digit before the point.", "0.5"),
]


@pytest.mark.parametrize(("text", "reason", "suggestion"), REFUSED)
def test_refused_by_name(text: str, reason: str, suggestion: str) -> None:
    refusal = parse_number(text)
    assert isinstance(refusal, Refusal)
    assert (refusal.reason, refusal.suggestion) == (reason, suggestion)
    assert not refusal.unfinished
    assert refusal.wrong


@pytest.mark.parametrize("field", [field for field in Field if field is not Field.SIDE])
@pytest.mark.parametrize("text", [text for text, _, _ in REFUSED if not text.startswith(("+", "-"))])
def test_refused_in_every_field_and_never_sent(field: Field, text: str) -> None:
    draft = replace(BUY, stop_market=False, target_market=False, stop_limit="90000", target_limit="97000")
    verdict = evaluate(draft.with_text(field, text), AROUND)
    worst = verdict.worst(field)
    assert worst
    assert worst.severity is Severity.FAIL
    assert verdict.plan.value(field) is None
    assert verdict.figures is None
    assert verdict.draft.text(field) == text
    if worst.fix:
        assert re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", worst.fix.text)


@pytest.mark.parametrize(("text", "suggestion"), [("92400.", "92400"), (".", ""), ("", "")])
def test_the_beginning_of_a_number_is_not_wrong_yet(text: str, suggestion: str) -> None:
    refusal = parse_number(text)
    assert isinstance(refusal, Refusal)
    assert refusal.unfinished
    assert refusal.suggestion == suggestion


@pytest.mark.parametrize("text", ["0", "0.0", "5", "0.5", "92400.00", "9" * 18, "0." + "9" * 18])
def test_accepted(text: str) -> None:
    value = parse_number(text)
    assert isinstance(value, Decimal)
    assert plain(value) == text


@given(whole=st.integers(0, 10**18 - 1), decimals=st.text("0123456789", max_size=18))
def test_parse_then_write_gives_the_same_text(whole: int, decimals: str) -> None:
    text = f"{whole}.{decimals}" if decimals else str(whole)
    value = parse_number(text)
    assert isinstance(value, Decimal)
    assert plain(value) == text


@given(st.text(max_size=30))
def test_any_text_is_a_plain_number_or_refused_with_words(text: str) -> None:
    value = parse_number(text)
    if isinstance(value, Refusal):
        assert value.reason.endswith((".", *"0123456789"))
        assert value.reason.isprintable()
        assert not value.suggestion or isinstance(parse_number(value.suggestion), Decimal)
    else:
        assert re.fullmatch(r"[0-9.]+", text, re.ASCII)
        assert plain(value) == text


@given(st.text("0123456789.,' _+-٣７\u200b", max_size=14))
def test_a_suggestion_is_always_accepted_itself(text: str) -> None:
    value = parse_number(text)
    if isinstance(value, Refusal) and value.suggestion:
        assert isinstance(parse_number(value.suggestion), Decimal)
