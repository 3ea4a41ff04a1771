"""Arithmetic in the quantity's field: what is free, shares of it, and every mode's own numbers."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from otoco_desktop.domain.calculation import LONGEST, Calculation
from otoco_desktop.domain.draft import OtocoDraft, QuantityMode, Taken
from otoco_desktop.domain.finding import Field, Fix, Severity
from otoco_desktop.domain.grammar import Refusal
from otoco_desktop.domain.money import is_multiple, plain
from otoco_desktop.domain.parse import retext, to_order
from otoco_desktop.domain.sizing import Size, read_size
from otoco_desktop.domain.taking import take_market
from otoco_desktop.domain.verdict import Promise, Surroundings, Verdict
from otoco_desktop.domain.written_out import in_numbers
from tests.domain.planning.plans import (
    AROUND,
    BTC_USD,
    BUY,
    FEES,
    OFFLINE,
    SELL,
    around,
    expect,
    holding,
    judged,
)

D = Decimal
AT_MS = 1_795_361_219_214
QUANTITY, SPEND, RISK = QuantityMode.QUANTITY, QuantityMode.SPEND, QuantityMode.RISK
STEP = BTC_USD.quantity_step


def sized(draft: OtocoDraft, text: str, mode: QuantityMode = QUANTITY, here: Surroundings = AROUND) -> OtocoDraft:
    """The draft with this size typed now."""
    return take_market(replace(draft.with_text(Field.QUANTITY, text), quantity_mode=mode), here, AT_MS)


def worked(draft: OtocoDraft, text: str, mode: QuantityMode = QUANTITY, here: Surroundings = AROUND) -> Verdict:
    return judged(sized(draft, text, mode, here), here)


def quantity(verdict: Verdict) -> str:
    value = verdict.plan.value(Field.QUANTITY)
    return "" if value is None else plain(value)


# 24,310.22 USD buy 0.26178 BTC at 92,400 with a taker fee of 0.50 %; one step less, 0.26177, is the most.


@pytest.mark.parametrize(
    ("mode", "text", "comes_to"),
    [
        (QUANTITY, "max", "0.26177"),
        (QUANTITY, "free", "0.26177"),
        (QUANTITY, "FREE", "0.26177"),
        (QUANTITY, "0.5*free", "0.13088"),
        (QUANTITY, "free/3", "0.08725"),
        (QUANTITY, "25% of free", "0.06544"),
        (QUANTITY, "25 % of max", "0.06544"),
        (QUANTITY, "free-10%", "0.23559"),
        (QUANTITY, "10%of(free-0.2)", "0.00617"),
        (QUANTITY, "max-2*step", "0.26175"),
        (QUANTITY, "free-10% of free", "0.23559"),
        (QUANTITY, "0.1+50% of 0.3", "0.25000"),
        (QUANTITY, "0.1+0.05", "0.15000"),
        (QUANTITY, "1/3", "0.33333"),
        (QUANTITY, "2*(0.1-0.05)", "0.10000"),
        (SPEND, "free", "0.26177"),
        (SPEND, "max", "0.26177"),
        (SPEND, "50% of free", "0.13088"),
        (SPEND, "9123.58/2", "0.04924"),
        (SPEND, "free-1000", "0.25097"),
        (RISK, "0.5+0.25", "0.14811"),
        (RISK, "1/2", "0.09874"),
        (RISK, "2*125 USD", "0.09874"),
        (RISK, "(200+50) usd", "0.09874"),
        (RISK, "1% of free", "0.09577"),
        (RISK, "0.01*free USD", "0.09577"),
        (RISK, "0.01*free", "0.09577"),
    ],
)  # fmt: skip
def test_a_buy_comes_to(mode: QuantityMode, text: str, comes_to: str) -> None:
    verdict = worked(BUY, text, mode)
    assert quantity(verdict) == comes_to
    assert verdict.plan.fields[Field.QUANTITY].computed


@pytest.mark.parametrize(
    ("mode", "text", "comes_to"),
    [(QUANTITY, "max", "0.41000"), (QUANTITY, "50% of free", "0.20500"), (SPEND, "free", "0.41000"),
     (SPEND, "free/2", "0.20500"), (QUANTITY, "free-0.01", "0.40000")],
)  # fmt: skip
def test_a_sell_comes_to(mode: QuantityMode, text: str, comes_to: str) -> None:
    assert quantity(worked(SELL, text, mode)) == comes_to


def test_all_that_is_free_can_be_paid_for() -> None:
    """Resting or taking, with the fee in either coin; neither the balance nor the exits complain."""
    for draft in (BUY, replace(BUY, entry="93200", stop="90000"), replace(BUY, fee_in_quote=False)):
        verdict = worked(draft, "max")
        assert expect(verdict, "balance").severity is Severity.PASS
    assert expect(worked(BUY, "max"), "exit.coverage").severity is Severity.PASS
    assert worked(BUY, "max").submittable


def test_with_the_fee_in_base_nothing_is_kept_for_it() -> None:
    assert quantity(worked(replace(BUY, fee_in_quote=False), "max")) == "0.26308"


def test_what_other_exits_count_on_is_not_free() -> None:
    promised = replace(AROUND, promised=(Promise("USD", D(10_000), count=1, claim=D(10_000)),))
    verdict = worked(BUY, "max", here=promised)
    assert quantity(verdict) == "0.15409"
    assert expect(verdict, "exits.others").severity is Severity.PASS


def test_what_is_sent_is_the_quantity_that_is_shown() -> None:
    verdict = worked(BUY, "25% of free")
    order = to_order(verdict, "s" * 26, AROUND)
    assert [plain(leg.quantity) for leg in order.legs] == ["0.06544"] * 3


# What is free is taken once


def test_what_was_free_is_kept_as_it_was() -> None:
    draft = sized(BUY, "0.5*free")
    assert draft.taken == (Taken(Field.QUANTITY, "0.5*free", AT_MS, (("base", D("0.41")), ("quote", D("24310.22")))),)
    later = around(account=holding(USD="99999", BTC="5"))
    assert quantity(judged(draft, later)) == "0.13088"
    assert take_market(draft, later, AT_MS + 1) is draft
    assert quantity(judged(sized(draft, "0.5*free", here=later), later)) == "0.53842"


def test_another_entry_or_side_counts_on_what_was_free_then() -> None:
    draft = sized(BUY, "max")
    assert quantity(judged(draft, entry="46200")) == "0.52356"
    turned = replace(SELL.with_text(Field.QUANTITY, "max"), taken=draft.taken)
    assert quantity(judged(turned)) == "0.41000"


def test_numbers_alone_take_nothing() -> None:
    assert sized(BUY, "0.1+0.05").taken == ()


@pytest.mark.parametrize("numbers", [(("base", D(-1)),), (("quote", D("NaN")),), (("free", D(1)),)])
def test_what_no_account_says_is_not_taken_for_it(numbers: tuple[tuple[str, Decimal], ...]) -> None:
    with pytest.raises(ValueError, match="above zero"):
        Taken(Field.QUANTITY, "free", AT_MS, numbers)


def test_what_was_taken_for_something_else_does_not_count() -> None:
    draft = replace(sized(BUY, "free"), taken=(Taken(Field.QUANTITY, "free", AT_MS, (("base", D(1)),)),))
    assert expect(judged(draft), "quantity.market").severity is Severity.WAIT


# What is missing


def test_without_an_account_it_waits() -> None:
    for draft in (BUY, SELL):
        verdict = worked(draft, "0.5*free", here=OFFLINE)
        found = expect(verdict, "quantity.market")
        words = "free is not known yet. It is taken as soon as it comes, or type a quantity."
        assert (found.severity, found.message, found.wrong) == (Severity.WAIT, words, "free")
        assert not verdict.submittable


@pytest.mark.parametrize(
    ("draft", "here", "code", "severity", "message"),
    [
        (replace(BUY, entry=""), AROUND, "quantity.waits", Severity.INCOMPLETE,
         "max is counted from the entry price. Enter the entry first."),
        (BUY, around(fees=None), "quantity.account", Severity.WAIT,
         "Quantity needs the fee rates, not told by the exchange yet."),
        (BUY, around(account=holding(BTC="1")), "quantity.free", Severity.FAIL,
         "No USD is free, or other exits count on all of it. Type a quantity."),
        (SELL, around(account=holding(USD="1")), "quantity.free", Severity.FAIL,
         "No BTC is free, or other exits count on all of it. Type a quantity."),
        (BUY, around(account=holding(USD="0.5")), "quantity.minimum", Severity.FAIL,
         "max buys less than the minimum of 0.00001 BTC."),
    ],
)  # fmt: skip
def test_what_is_missing_is_said(
    draft: OtocoDraft, here: Surroundings, code: str, severity: Severity, message: str
) -> None:
    found = expect(worked(draft, "max", here=here), code)
    assert (found.severity, found.message) == (severity, message)


def test_numbers_alone_need_neither_entry_nor_account() -> None:
    assert quantity(worked(replace(BUY, entry=""), "0.1+0.05", here=OFFLINE)) == "0.15000"


# What is not understood


@pytest.mark.parametrize(
    ("mode", "text", "message"),
    [
        (QUANTITY, "mark-0.5%", '"mark" is not a word here. Use free, max, step or a number.'),
        (QUANTITY, "2*entry", '"entry" is not a word here. Use free, max, step or a number.'),
        (SPEND, "free-2*step", '"step" is not a word here. Use free, max or a number.'),
        (RISK, "max/2", '"max" is not a word here. Use free or a number.'),
        (QUANTITY, "free*2%", "Say what it is a share of, such as 25% of free."),
        (QUANTITY, "25% from free", "Say what it is a share of, such as 25% of free."),
        (QUANTITY, "50% of", "A number or a word is missing after of."),
        (QUANTITY, "-10%", "- has nothing before it. Say what it is counted from, such as free-10%."),
        (QUANTITY, "free/0", "free/0 divides by zero."),
        (QUANTITY, "1/free", "Only a number can stand after /, not free."),
        (QUANTITY, "free-1", "free-1 comes to \u22120.74. A quantity must be above zero."),
        (QUANTITY, "free-free", "free-free comes to 0.00. A quantity must be above zero."),
        (QUANTITY, "free-100%", "free-100% comes to 0.00. A quantity must be above zero."),
        (QUANTITY, "0.000005*1", "0.000005*1 buys less than the minimum of 0.00001 BTC."),
        (QUANTITY, "0.5*free BTC", "A sign is missing before BTC: + - * or /."),
        (QUANTITY, "free 2", "A sign is missing before 2: + - * or /."),
        (QUANTITY, "free\u22120.1", "\u2212 (U+2212) is not the keyboard's - sign."),
        (QUANTITY, "free\u202e", "There is an invisible character (U+202E) in free[U+202E]. Type it again."),
        (QUANTITY, "999999999999999999*9", "999999999999999999*9 comes to a number of more than 18 digits."),
        (QUANTITY, "1e5", "\"1e5\" has the letter e. Write it in digits, such as 92400.00."),
        (RISK, "50*3", "150% is more than the whole account. Enter a share such as 0.5%."),
        (RISK, "1/3*1000", "333.33333333333333333333…% is more than the whole account. Enter a share such as 0.5%."),
        (RISK, "(0.5+0.25)%", "What is worked out is in percent as it is: 0.5+0.25. Or write 1% of free."),
        (RISK, "2*50 BTC", "The risk is in percent of the account or in USD, not in BTC."),
        (RISK, "0.5%+0.5", "What is worked out is in percent as it is: 0.5+0.25. Or write 1% of free."),
        (RISK, "300*300 USD", "90,000 USD is more than the whole account. Enter a share such as 0.5%."),
    ],
)  # fmt: skip
def test_refused_by_name(mode: QuantityMode, text: str, message: str) -> None:
    verdict = worked(BUY, text, mode)
    found = verdict.worst(Field.QUANTITY)
    assert found
    assert found.message == message
    assert not verdict.submittable


@pytest.mark.parametrize("mode", QuantityMode)
@pytest.mark.parametrize("whole", ["25% of free", "0.5*free", "free-10%", "(free+1)/2"])
def test_the_beginning_of_a_right_text_is_not_wrong_yet(mode: QuantityMode, whole: str) -> None:
    for length in range(1, len(whole)):
        found = worked(BUY, whole[:length], mode).worst(Field.QUANTITY)
        text = f"{whole[:length]}: {found and found.message}"
        assert found is not None, text
        assert found.severity is not Severity.FAIL or not found.code.endswith(".text"), text


@pytest.mark.parametrize("mode", [QUANTITY, SPEND])
def test_a_bare_share_is_made_one_of_what_is_free_by_a_press(mode: QuantityMode) -> None:
    found = worked(BUY, "25%", mode).worst(Field.QUANTITY)
    assert found
    assert found.fix
    assert (found.severity, found.fix) == (Severity.INCOMPLETE, Fix(Field.QUANTITY, "25% of free", "Use 25% of free"))
    pressed = take_market(replace(BUY, quantity_mode=mode).with_fix(found.fix), AROUND, AT_MS)
    assert quantity(judged(pressed)) == "0.06544"


def test_a_lookalike_sign_is_repaired_by_a_press() -> None:
    found = worked(BUY, "0.5\u00d7free").worst(Field.QUANTITY)
    assert found
    assert found.fix == Fix(Field.QUANTITY, "0.5*free", "Use 0.5*free")


# Where a size is written elsewhere


@pytest.mark.parametrize("mode", [SPEND, RISK])
def test_another_mode_keeps_the_quantity_as_a_number(mode: QuantityMode) -> None:
    moved = retext(sized(BUY, "0.5*free"), AROUND, mode)
    assert isinstance(read_size(mode, moved.quantity), Size)
    assert quantity(judged(moved)) == "0.13088"
    assert retext(moved, AROUND, QUANTITY).quantity == "0.13088"


def test_it_is_written_out_as_the_quantity_it_comes_to() -> None:
    for mode, text in ((QUANTITY, "0.5*free"), (SPEND, "0.5*free"), (RISK, "1% of free")):
        draft = sized(BUY, text, mode)
        written = in_numbers(draft, judged(draft).plan)
        assert (written.quantity_mode, written.quantity, written.taken) == (QUANTITY, quantity(judged(draft)), ())
    assert in_numbers(replace(BUY, quantity="0.50"), judged(BUY).plan).quantity == "0.50"


def test_a_balance_that_does_not_suffice_is_mended_by_a_number() -> None:
    found = expect(worked(BUY, "2*free"), "balance")
    assert found.fix
    assert expect(judged(BUY.with_fix(found.fix)), "balance").severity is Severity.PASS


# Every text, and exactness

CHARACTERS = st.sampled_from(
    [*"0123456789.+-*/()% ,", "free", "max", "step", " of ", "USD", "\u202e", "\u2212", "\u0661"]
)
NOISE = st.text(max_size=90) | st.lists(CHARACTERS, max_size=20).map("".join)


@given(st.sampled_from(QuantityMode), NOISE, st.sampled_from([BUY, SELL]))
def test_no_text_raises_and_no_size_is_off_the_step(mode: QuantityMode, text: str, draft: OtocoDraft) -> None:
    read = read_size(mode, text)
    assert isinstance(read, Size | Calculation | Refusal)
    assert not isinstance(read, Calculation) or len(text) <= LONGEST
    verdict = worked(draft, text, mode)
    found = verdict.plan.fields[Field.QUANTITY]
    if found.value is not None:
        assert found.value > 0
        assert not found.computed or is_multiple(found.value, STEP)
    for one in verdict.findings:
        if one.code == "quantity.text" and one.fix is not None:
            assert not isinstance(read_size(mode, one.fix.text), Refusal)


PARTS = st.integers(1, 999).map(lambda thousandths: D(thousandths).scaleb(-3))


@given(
    PARTS,
    st.decimals("50", "2000000", places=2),
    st.decimals("0.01", "99999", places=2),
    st.sampled_from([SPEND, QUANTITY]),
)
def test_a_share_of_what_is_free_is_never_more_than_that_share(
    part: Decimal, free: Decimal, entry: Decimal, mode: QuantityMode
) -> None:
    """Counted here in fractions, from the balance to the step."""
    here = around(account=holding(USD=str(free)))
    text = f"{part}*free"
    found = quantity(worked(replace(BUY, entry=str(entry), stop="2%", target="5%"), text, mode, here))
    unit = Fraction(entry) * (1 + Fraction(FEES.taker))
    most = (Fraction(free) / unit // Fraction(STEP) - 1) * Fraction(STEP)
    count = Fraction(part) * most // Fraction(STEP)
    assert (Fraction(found) if found else 0) == count * Fraction(STEP)
    assert Fraction(found or 0) * unit <= Fraction(part) * Fraction(free)


@given(PARTS, st.decimals("0.00001", "900", places=8))
def test_a_share_of_the_coins_to_sell_is_rounded_down(part: Decimal, free: Decimal) -> None:
    here = around(account=holding(BTC=str(free)))
    found = quantity(worked(SELL, f"{part * 100}% of free", here=here))
    whole = free.quantize(STEP, ROUND_FLOOR)
    assume(whole)
    assert D(found or 0) == (part * whole).quantize(STEP, ROUND_FLOOR)


@given(st.decimals("0.001", "5", places=3), st.decimals("0.001", "5", places=3))
def test_a_risk_that_is_worked_out_is_never_more_than_asked(first: Decimal, second: Decimal) -> None:
    verdict = worked(BUY, f"({first}+{second})/3", RISK, around(account=holding(USD="9999999")))
    assert verdict.figures
    assert verdict.figures.at_risk is not None
    assert Fraction(verdict.figures.at_risk) <= (Fraction(first) + Fraction(second)) / 300
