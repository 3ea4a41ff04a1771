"""The plan in money: fees by leg, both sides, both fee coins."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.finding import Field, Severity
from otoco_desktop.domain.market import Fees
from otoco_desktop.domain.money import trimmed
from otoco_desktop.domain.verdict import Figures
from tests.domain.planning.plans import AROUND, BUY, SELL, D, around, expect, finding, judged


def figures(draft: OtocoDraft, surroundings: Any = AROUND, **changes: Any) -> Figures:
    found = judged(draft, surroundings, **changes).figures
    assert found
    return found


def test_a_buy_with_its_fee_in_quote() -> None:
    found = figures(BUY, entry="90000", quantity="0.1", stop="80000", target="100000")
    assert found.cost == D("9022.5")  # 9,000 and 0.25 %
    assert found.loss == D("-1000") - D("22.5") - D(40)
    assert found.gain == D(1000) - D("22.5") - D(50)
    assert (found.gross_loss, found.gross_gain) == (D(-1000), D(1000))
    assert (found.held, found.slip_step) == (D("0.1"), D(8))
    assert found.break_even_price == D("90678.40")  # 90,000 * 1.0025 / 0.995 = 90,678.39...


def test_a_buy_with_its_fee_in_base_counts_the_dearer_moment() -> None:
    rich = around(fee_in_quote=False)
    found = figures(BUY, rich, entry="90000", quantity="0.1", stop="80000", target="100000")
    assert found.cost == D(9000)
    assert found.held == D("0.09975")
    assert found.loss == D("-1000") - D("22.5") - D(40)  # the missing coin counts at the entry
    assert found.gain == D(1000) - D(25) - D(50)  # the missing coin counts at the target
    assert found.break_even_price == D("90680.11")  # 90,000 / 0.9925


def test_a_sell_mirrors_the_buy() -> None:
    found = figures(SELL, entry="100000", stop="110000", stop_limit="110000", target="90000", target_limit="90000")
    assert found.cost == D(10_000) - D(25)
    assert found.loss == D(-1000) - D(25) - D(55)
    assert found.gain == D(1000) - D(25) - D(45)
    assert found.held == D(0)
    assert found.break_even_price == D("99253.73")  # 100,000 * 0.9975 / 1.005


def test_limit_exits_are_valued_at_their_limits() -> None:
    found = figures(BUY, stop_market=False, stop_limit="90000", target_market=False, target_limit="96000")
    assert (found.stop.value, found.target.value) == (D(9000), D(9600))
    assert found.slip_step is None


def test_an_entry_that_crosses_is_charged_as_taker() -> None:
    assert figures(BUY, entry="93200").entry.fee == D("9320") * D("0.005")
    assert figures(BUY, entry="93100").entry.fee == D("9310") * D("0.0025")


def test_unknown_account_value_leaves_one_figure_out() -> None:
    assert figures(BUY, around(value_usd=None)).at_risk is None


def test_an_account_value_in_dollars_is_taken_over_the_rate() -> None:
    assert figures(BUY, around(usd_per_quote=D(2))).at_risk == -figures(BUY).loss / D(25_000)


@pytest.mark.parametrize("changes", [{"stop": ""}, {"quantity": ""}, {"entry": ""}, {"target": "x"}])
def test_no_figures_while_a_value_is_missing(changes: dict[str, Any]) -> None:
    assert judged(BUY, **changes).figures is None


@pytest.mark.parametrize("field", [Field.STOP_LIMIT, Field.TARGET_LIMIT])
def test_no_figures_while_a_limit_is_missing(field: Field) -> None:
    draft = replace(BUY, stop_market=False, target_market=False, stop_limit="90000", target_limit="97000")
    assert judged(draft).figures
    assert judged(draft.with_text(field, "")).figures is None


@pytest.mark.parametrize("limit", ["92400", "93000"])
def test_a_stop_limit_that_would_not_lose_is_not_believed(limit: str) -> None:
    """The loss is counted at the trigger, so it is never too small."""
    verdict = judged(BUY, around(fees=Fees(D(0), D(0))), stop_market=False, stop_limit=limit)
    assert expect(verdict, "stop_limit.side").severity is Severity.WARNING
    assert verdict.figures
    assert verdict.figures.loss == D("-184.8")


def test_no_figures_without_fees() -> None:
    assert judged(BUY, around(fees=None)).figures is None


@pytest.mark.parametrize(
    ("draft", "rates", "fee_in_quote"),
    [(BUY, ("0.5", "0.5"), False), (BUY, ("0", "1"), True), (SELL, ("1", "1"), True)],
)
def test_fees_that_eat_every_price_have_no_break_even(
    draft: OtocoDraft, rates: tuple[str, str], fee_in_quote: bool
) -> None:
    surroundings = around(fees=Fees(D(rates[0]), D(rates[1])), fee_in_quote=fee_in_quote)
    assert figures(draft, surroundings, quantity="0.01").break_even_price is None
    assert expect(judged(draft, surroundings, quantity="0.01"), "fees").fix is None


# Fees against the target, and the ratio


@pytest.mark.parametrize(
    ("draft", "changes", "message", "detail"),
    [
        (BUY, {}, "Target is +5.00%, well above fees of 0.75%.", "target +5.00%, 4.25% above fees"),
        (BUY, {"target": "1.5%"}, "Target is +1.50%, well above fees of 0.75%.", "target +1.50%, 0.75% above fees"),
        (BUY, {"target": "1.49%"}, "Target is +1.49%, above fees of 0.75%.", "target +1.49%, 0.74% above fees"),
        (BUY, {"target": "1%"}, "Target is +1.00%, above fees of 0.75%.", "target +1.00%, 0.25% above fees"),
        (SELL, {}, "Limit is −5.00%, well above fees of 0.75%.", "limit −5.00%, 4.25% above fees"),
    ],
)
def test_a_target_above_its_fees(draft: OtocoDraft, changes: dict[str, Any], message: str, detail: str) -> None:
    found = expect(judged(draft, **changes), "fees")
    assert (found.severity, found.field, found.message, found.detail) == (Severity.PASS, Field.TARGET, message, detail)


@pytest.mark.parametrize(
    ("draft", "changes", "message", "detail", "fix"),
    [
        (
            BUY,
            {"target": "0.5%"},
            "+0.50% is less than fees of 0.75%. Hitting it loses money.",
            "Target +0.50%, fees 0.75% (0.25% in, 0.50% out). Result if hit: −23.33 USD.",
            "0.76%",
        ),
        (
            BUY,
            {"target": "0.5%", "quantity": ""},
            "+0.50% is less than fees of 0.75%. Hitting it loses money.",
            "Target +0.50%, fees 0.75% (0.25% in, 0.50% out).",
            "0.76%",
        ),
        (
            BUY,
            {"target": "0.75%"},
            "+0.75% does not clear fees of 0.75%. Hitting it loses money.",
            "Target +0.75%, fees 0.75% (0.25% in, 0.50% out). Result if hit: −0.35 USD.",
            "0.76%",
        ),
        (
            BUY,
            {"target_market": False, "target_limit": "92800"},
            "+0.43% is less than fees of 0.75%. Hitting it loses money.",
            "Limit +0.43%, fees 0.75% (0.25% in, 0.50% out). Result if hit: −29.50 USD.",
            "93096.49",
        ),
        (
            SELL,
            {"target_market": True, "target": "0.5%"},
            "−0.50% is less than fees of 0.75%. Hitting it loses money.",
            "Target −0.50%, fees 0.75% (0.25% in, 0.50% out). Result if hit: −23.26 USD.",
            "0.75%",
        ),
        (
            SELL,
            {"target_limit": "93500"},
            "−0.53% is less than fees of 0.75%. Hitting it loses money.",
            "Limit −0.53%, fees 0.75% (0.25% in, 0.50% out). Result if hit: −20.25 USD.",
            "93298.50",
        ),
    ],
)
def test_a_target_below_its_fees(
    draft: OtocoDraft, changes: dict[str, Any], message: str, detail: str, fix: str
) -> None:
    verdict = judged(draft, **changes)
    found = expect(verdict, "fees")
    assert (found.severity, found.message, found.detail) == (Severity.WARNING, message, detail)
    assert found.fix
    assert (found.fix.field, found.fix.text) == (found.field, fix)
    fixed = judged(replace(draft, **changes).with_text(found.fix.field, found.fix.text))
    assert expect(fixed, "fees").severity is Severity.PASS


@pytest.mark.parametrize("changes", [{"entry": ""}, {"target": ""}, {"target": "92000"}])
def test_fees_say_nothing_while_they_know_nothing(changes: dict[str, Any]) -> None:
    assert finding(judged(BUY, **changes), "fees") is None


def test_fees_wait_for_the_account() -> None:
    found = expect(judged(BUY, around(fees=None)), "fees")
    told = "Not checked: the exchange has not told the account's fee rates yet."
    assert (found.severity, found.message) == (Severity.WAIT, told)
    assert expect(judged(BUY, around(account=None)), "fees").message == "Not checked: offline"


def test_a_poor_ratio_is_said() -> None:
    found = expect(judged(BUY, target="2.5%"), "reward")
    ratio = figures(BUY, target="2.5%").net_rr
    assert ratio is not None
    assert (found.severity, found.field) == (Severity.WARNING, Field.TARGET)
    assert found.message == "Net R:R is 0.63. You need to win 61.2% of such trades to break even."
    assert trimmed(round(ratio, 2)) == "0.63"


@pytest.mark.parametrize("target", ["5%", "0.5%", "93000"])
def test_a_good_ratio_or_a_losing_target_is_not(target: str) -> None:
    assert finding(judged(BUY, target=target), "reward") is None


def test_winning_as_much_as_is_risked_is_not_poor() -> None:
    free = around(fees=Fees(D(0), D(0)))
    even = judged(BUY, free, target="2%")
    assert even.figures is not None
    assert even.figures.net_rr == 1
    assert finding(even, "reward") is None
    assert finding(judged(BUY, free, target="1.99%"), "reward") is not None


def test_a_target_that_just_pays_its_fees_passes_and_has_no_break_even_rate() -> None:
    even = judged(BUY, around(fees=Fees(D(0), D("0.04"))), target="96250")
    assert expect(even, "fees").severity is Severity.PASS
    assert even.figures is not None
    assert even.figures.gain == 0
    assert even.figures.break_even_rate is None


def test_the_break_even_rate_does_not_depend_on_the_size() -> None:
    small = figures(BUY, quantity="0.0001")
    assert 0 < small.gain < 1
    assert small.break_even_rate == figures(BUY).break_even_rate


def test_each_fee_is_told_with_two_decimals() -> None:
    found = expect(judged(BUY, around(fees=Fees(D("0.001"), D("0.004"))), target="0.3%"), "fees")
    assert "fees 0.50% (0.10% in, 0.40% out)." in found.detail


def test_a_losing_target_has_no_break_even_rate() -> None:
    found = figures(BUY, target="0.5%")
    assert found.gain < 0
    assert found.break_even_rate is None
    assert found.net_rr is not None
    assert found.net_rr < 0
