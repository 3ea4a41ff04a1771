"""Arithmetic in price fields: what is read, what it comes to exactly, and a sentence for everything else."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from otoco_desktop.domain.calculation import LONGEST, Calculation, is_calculation, parse_calculation
from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.finding import Field, Fix, Severity
from otoco_desktop.domain.grammar import Refusal
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.parse import to_order
from otoco_desktop.domain.pricing import PriceText, read_price
from otoco_desktop.domain.written_out import in_numbers
from tests.domain.planning.calculated import texts_in, typed, typed_in, worked
from tests.domain.planning.plans import AROUND, BTC_USD, BUY, SELL, finding, judged

D = Decimal
FIELDS = (Field.ENTRY, Field.STOP, Field.STOP_LIMIT, Field.TARGET, Field.TARGET_LIMIT)
LIMITED = replace(BUY, stop_market=False, stop_limit="90000", target_market=False, target_limit="96900")


@pytest.mark.parametrize(
    ("side", "field", "text", "price"),
    [
        ("BUY", "entry", "mark", "93118.42"),
        ("BUY", "entry", "MARK", "93118.42"),
        ("BUY", "entry", "mark-0.5%", "92652.82"),
        ("BUY", "entry", "mark - 0.5 %", "92652.82"),
        ("BUY", "entry", " mark - 1 ", "93117.42"),
        ("SELL", "entry", "mark+0.5%", "93584.02"),
        ("BUY", "entry", "(bid+ask)/2", "93119.80"),
        ("BUY", "entry", "mid", "93119.80"),
        ("BUY", "entry", "bid-10*tick", "93119.40"),
        ("BUY", "entry", "last", "93120.10"),
        ("BUY", "entry", "92000+2%-0.50", "93839.50"),
        ("BUY", "entry", "100*2+3*(4+5)", "227.00"),
        ("BUY", "entry", "ask-(ask-bid)*0.25", "93119.95"),
        ("BUY", "entry", "100/3", "33.33"),
        ("SELL", "entry", "100/3", "33.34"),
        ("BUY", "stop", "entry-2*tick", "92399.98"),
        ("BUY", "stop", "entry-2%", "90552.00"),
        ("BUY", "stop", "entry/1.03", "89708.73"),
        ("SELL", "stop", "entry*1.00333333", "94313.34"),
        ("BUY", "stop", "bid-3%", "90325.91"),
        ("BUY", "stop", "92500-100.001", "92399.99"),
        ("BUY", "stop_limit", "stop-5*tick", "90551.95"),
        ("BUY", "stop_limit", "(entry+stop)/2-1000", "90476.00"),
        ("BUY", "target", "entry+2.5*(entry-stop)", "97020.00"),
        ("BUY", "target", "entry*1.0499999", "97019.99"),
        ("SELL", "target", "entry*0.95000001", "89300.01"),
        ("BUY", "target_limit", "target-1.5%", "95564.70"),
        ("BUY", "target_limit", "target-0.1*(target-entry)", "96558.00"),
    ],
)
def test_it_comes_to(side: str, field: str, text: str, price: str) -> None:
    draft = replace(SELL, entry="94000.00") if side == "SELL" else LIMITED
    found = judged(typed_in(draft, Field(field), text)).plan.fields[Field(field)]
    assert (str(found.value), found.computed) == (price, True)


def test_it_is_measured_from_the_entry() -> None:
    found = worked(BUY, stop="entry-2*tick").plan.fields[Field.STOP]
    assert (found.distance, found.ticks) == (D("-0.02"), 2)
    assert worked(BUY, entry="", stop="bid-3%").plan.fields[Field.STOP].distance is None


@pytest.mark.parametrize(
    ("side", "field", "text", "price"),
    [
        (BUY, "stop", "100/3", "33.33"),
        (SELL, "stop", "100/3", "33.34"),
        (BUY, "target", "100/3", "33.33"),
        (SELL, "target", "100/3", "33.34"),
    ],
)
def test_without_an_entry_it_rounds_to_the_trader_s_disadvantage(
    side: OtocoDraft, field: str, text: str, price: str
) -> None:
    draft = typed_in(replace(side, entry=""), Field(field), text)
    assert judged(draft).plan.value(Field(field)) == D(price)


def test_what_is_sent_is_the_price_and_not_the_text() -> None:
    draft = typed(LIMITED, entry="mark-1%", stop="entry-2%", stop_limit="stop-10*tick", target_limit="target-1")
    verdict = judged(draft)
    order = to_order(verdict, "s" * 26, AROUND)
    sent = (order.entry.price, order.stop.trigger, order.stop.price, order.target.trigger, order.target.price)
    assert [str(price) for price in sent] == ["92187.23", "90343.48", "90343.38", "96796.59", "96795.59"]
    assert sent == tuple(verdict.plan.value(field) for field in FIELDS)


def test_a_calculation_is_written_out_as_its_price() -> None:
    draft = typed(LIMITED, entry="mark-1%", stop_limit="stop-10*tick").with_text(Field.TARGET, "bid+9")
    written = in_numbers(draft, judged(draft).plan)
    assert (written.entry, written.stop, written.stop_limit, written.target) == ("92187.23", "2%", "90343.38", "")
    assert written.taken == ()


# What is not understood


@pytest.mark.parametrize(
    ("field", "text", "message", "wrong"),
    [
        ("entry", "entry-1", "The entry can't be counted from itself.", "entry"),
        ("entry", "stop+1%", "The entry can't be counted from the stop, which may be counted from the entry.", "stop"),
        ("stop", "Stop-1", "The stop can't be counted from itself.", "Stop"),
        (
            "stop",
            "target/2",
            "The stop can't be counted from the target, which may be counted from the stop.",
            "target",
        ),
        ("target", "target+1", "The target can't be counted from itself.", "target"),
        (
            "stop_limit",
            "target-1",
            "The stop limit can't be counted from the target, which may be counted from the stop limit.",
            "target",
        ),
        (
            "entry",
            "marc-0.5%",
            '"marc" is not a word here. Use mark, bid, ask, mid, last, tick or a number.',
            "marc",
        ),
        ("target", "entry+2R", "R is no part of a calculation. Write it alone, such as 2.5R.", "R"),
        ("entry", "mark/0", "mark/0 divides by zero.", "/0"),
        ("entry", "mark/0.000", "mark/0.000 divides by zero.", "/0.000"),
        ("entry", "mark/bid", "Only a number can stand after /, not bid.", "bid"),
        ("entry", "mark/(2+1)", "Only a number can stand after /, not (.", "("),
        ("stop", "-2*tick", "- has nothing before it. Say what it is counted from, such as entry-2*tick.", "-"),
        ("entry", "+mark", "+ has nothing before it. Say what it is counted from, such as mark-2*tick.", "+"),
        ("entry", "mark*-2", "- can't stand after *.", "-"),
        ("entry", "mark--2", "- can't stand after -.", "-"),
        ("entry", "mark 93000", "A sign is missing before 93000: + - * or /.", "93000"),
        ("entry", "2(mark)", "A sign is missing before (: + - * or /.", "("),
        ("entry", "mark-1)", "mark-1) has a ) that closes nothing.", ")"),
        ("entry", "(mark-1 2)", "A sign is missing before 2: + - * or /.", "2"),
        ("entry", "mark*2%", "% stands after + or - and a number, such as mark-0.5%.", "%"),
        ("entry", "mark+%", "% stands after + or - and a number, such as mark-0.5%.", "%"),
        ("stop", "entry-1,5%", "1,5 has a comma.", ","),
        ("entry", "mark-007", "007 begins with a zero too many.", "007"),
        ("entry", "mark-1.", "1. ends with a point. Type its decimals.", "1."),
        ("entry", "mark^2", "^ (U+005E) does not belong in a calculation.", "^"),
        ("entry", "mark\u22121%", "\u2212 (U+2212) is not the keyboard's - sign.", "\u2212"),
        (
            "entry",
            "mark\u202e-1",
            "There is an invisible character (U+202E) in mark[U+202E]-1. Type it again.",
            "U+202E",
        ),
        ("entry", "mark-\u0661", "\u0661 (U+0661) does not belong in a calculation.", "\u0661"),
        ("entry", "mark-" + "1" * 36, "The calculation has 41 characters, 40 is the most.", "mark-" + "1" * 19 + "…"),
        ("entry", "mark-" + "1" * 19, f"{'1' * 19} has 19 digits before the point, 18 is the most.", "1" * 19),
        ("entry", "1-2", "1-2 comes to \u22121.00. A price must be above zero.", "1-2"),
        ("entry", "mark-mark", "mark-mark comes to 0.00. A price must be above zero.", "mark-mark"),
        ("entry", "mark/999999999", "mark/999999999 comes to 0.00. A price must be above zero.", "mark/999999999"),
        (
            "entry",
            "mark*mark*mark*mark",
            "mark*mark*mark*mark comes to a number of more than 18 digits.",
            "mark*mark*mark*mark",
        ),
        (
            "entry",
            "1-mark*mark*mark*mark",
            "1-mark*mark*mark*mark comes to less than zero. A price must be above zero.",
            "1-mark*mark*mark*mark",
        ),
    ],
)  # fmt: skip
def test_refused_by_name(field: str, text: str, message: str, wrong: str) -> None:
    found = judged(typed_in(LIMITED, Field(field), text)).worst(Field(field))
    assert found
    assert (found.message, found.wrong) == (message, wrong)
    assert found.severity in (Severity.FAIL, Severity.INCOMPLETE)


def test_what_only_rounding_makes_too_long_is_refused() -> None:
    text = f"{'9' * 18}+0.999"
    found = judged(replace(SELL, entry=text)).worst(Field.ENTRY)
    assert found
    assert found.message == f"{text} comes to a number of more than 18 digits."


@pytest.mark.parametrize(
    "text", ["m", "ma", "92400+t", "mark-", "mark -", "(mark", "(", "mark-1.", "mark+(", "b", "1-"]
)
def test_the_beginning_of_a_right_text_is_not_wrong_yet(text: str) -> None:
    found = worked(BUY, entry=text).worst(Field.ENTRY)
    assert found
    assert (found.severity, found.fix) == (Severity.INCOMPLETE, None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("m", "Type the word out: mark or mid."),
        ("mark-", "A number or a word is missing after -."),
        ("(mark", "(mark has a ( without its )."),
    ],
)
def test_what_is_missing_is_said(text: str, message: str) -> None:
    found = worked(BUY, entry=text).worst(Field.ENTRY)
    assert found
    assert found.message == message


def test_a_lookalike_sign_is_repaired_by_a_press() -> None:
    found = worked(BUY, entry="mark\u22120.5%").worst(Field.ENTRY)
    assert found
    assert found.fix == Fix(Field.ENTRY, "mark-0.5%", "Use mark-0.5%")
    beyond = worked(BUY, entry="mark\u00d7\u00f72").worst(Field.ENTRY)
    assert beyond
    assert beyond.fix is None


@pytest.mark.parametrize(
    ("empty", "field", "text", "message"),
    [
        ("entry", "stop", "entry-2*tick", "entry-2*tick is counted from the entry price. Enter the entry first."),
        ("stop", "target", "stop*1.1", "stop*1.1 is counted from the stop. Enter the stop first."),
        ("target", "target_limit", "target-1", "target-1 is counted from the target. Enter the target first."),
    ],
)
def test_it_waits_for_the_field_it_is_counted_from(empty: str, field: str, text: str, message: str) -> None:
    found = judged(texts_in(LIMITED, {empty: "", field: text})).worst(Field(field))
    assert found
    assert (found.severity, found.message) == (Severity.INCOMPLETE, message)


@pytest.mark.parametrize(
    "text", ["", "92400", "2%", "-500", "1.5R", "2 percent", "abc", "1e5", "1e-5", "92,400", "\u2212500"]
)
def test_what_is_no_calculation_is_read_as_before(text: str) -> None:
    assert not is_calculation(text, Field.STOP)


def test_r_in_risk_mode_may_be_written_out() -> None:
    """What R cannot say in Risk % mode, a calculation from the entry can."""
    verdict = worked(replace(BUY, quantity_mode=QuantityMode.RISK, quantity="1%"), stop="entry-1000")
    assert verdict.plan.value(Field.STOP) == D("91400.00")
    assert finding(verdict, "stop.circular") is None


# Every text, and exactness


CHARACTERS = st.sampled_from(
    [*"0123456789.+-*/()% ,", "mark", "entry", "stop", "tick", "bid", "R", "\u202e", "\u200f", "\u2212"]
)
NOISE = st.text(max_size=90) | st.lists(CHARACTERS, max_size=24).map("".join)


@given(st.sampled_from(FIELDS), NOISE, st.sampled_from(Side))
@example(Field.ENTRY, "9" * 41, Side.BUY)
@example(Field.STOP, "entry-" + "9" * 41, Side.BUY)
@example(Field.ENTRY, "(" * 40, Side.SELL)
@example(Field.ENTRY, "\u202emark-1", Side.SELL)
def test_no_text_raises_and_a_repair_is_right(field: Field, text: str, side: Side) -> None:
    parsed = read_price(field, text)
    assert isinstance(parsed, PriceText | Calculation | Refusal)
    if isinstance(parse_calculation(text, field), Calculation):
        assert len(text) <= LONGEST
    verdict = judged(typed_in(replace(LIMITED, side=side), field, text))
    for one in verdict.findings:
        if one.fix is not None and one.code.endswith(".text"):
            assert not isinstance(read_price(one.fix.field, one.fix.text), Refusal)
    price = verdict.plan.value(field)
    assert price is None or price > 0


NUMBERS = st.decimals("0.001", "99999", places=3).map(lambda number: f"{number.normalize():f}")
VALUES = {"mark": "93118.42", "bid": "93119.50", "ask": "93120.10", "entry": "92400", "tick": "0.01"}


def _counted(parts: tuple[Any, str, Any]) -> tuple[str, Fraction]:
    """A sum of two things in brackets, with its value."""
    (left, worth), sign, (right, other) = parts
    value = {"+": worth + other, "-": worth - other, "*": worth * other}[sign]
    return f"({left}{sign}{right})", value


ATOMS = st.one_of(
    NUMBERS.map(lambda text: (text, Fraction(text))),
    st.sampled_from(sorted(VALUES)).map(lambda word: (word, Fraction(VALUES[word]))),
)
SUMS = st.recursive(ATOMS, lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(_counted), max_leaves=4)
TAILS = st.one_of(
    st.just(("", lambda worth: worth)),
    NUMBERS.map(lambda text: (f"-{text}%", lambda worth: worth * (1 - Fraction(text) / 100))),
    NUMBERS.map(lambda text: (f" / {text}", lambda worth: worth / Fraction(text))),
)


@given(SUMS, TAILS)
def test_it_is_exact(summed: tuple[str, Fraction], tail: tuple[str, Any]) -> None:
    text, worth = summed[0] + tail[0], tail[1](summed[1])
    assume(len(text) <= LONGEST)
    read = parse_calculation(text, Field.STOP)
    assert isinstance(read, Calculation)
    assert read.value({word: D(value) for word, value in VALUES.items()}) == worth


@given(SUMS, st.sampled_from([BUY, SELL]), st.sampled_from([Field.STOP, Field.TARGET]))
def test_it_is_rounded_within_a_tick_to_the_trader_s_disadvantage(
    summed: tuple[str, Fraction], draft: OtocoDraft, field: Field
) -> None:
    text = summed[0]
    assume(len(text) <= LONGEST and is_calculation(text, field) and 0 < summed[1] < 10**18)
    draft = typed_in(replace(draft, entry="92400"), field, text)
    value = judged(draft).plan.value(field)
    assume(value is not None)
    assert value
    moved = Fraction(value) - summed[1]
    tick = Fraction(BTC_USD.price_tick)
    outwards = summed[1] > 92400
    up = outwards == (field is Field.STOP)
    assert 0 <= (moved if up else -moved) < tick
    assert Fraction(value) % tick == 0
