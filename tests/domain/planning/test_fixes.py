"""A link leads to what passes its own rule, and links followed one after the other come to an end."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.finding import Choice, Finding, Severity
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.rules import evaluate
from otoco_desktop.domain.verdict import Promise, Surroundings, Verdict
from tests.domain.planning.many_plans import plan
from tests.domain.planning.plans import AROUND, BUY, QUOTE, SELL, D, around, expect, holding, judged

FEW, MANY = range(300), range(300, 6_300)
STEPS = 15
WEIGHT = {severity: weight for weight, severity in enumerate(Severity)}


def loud(verdict: Verdict) -> list[Finding]:
    return [found for found in verdict.findings if WEIGHT[found.severity] <= WEIGHT[Severity.WARNING]]


def is_way_back(found: Finding) -> bool:
    """Exits that cover less are the trader's choice; the link beside the warning takes it back."""
    return found.code == "exits.quantity" and found.severity is Severity.WARNING


def leads_away(draft: OtocoDraft, where: Surroundings, met: Counter[str]) -> None:
    verdict = evaluate(draft, where)
    for found in verdict.findings:
        for fix in found.fixes:
            met[found.code] += 1
            after = loud(evaluate(draft.with_fix(fix), where))
            again = [one for one in after if (one.code, one.field) == (found.code, found.field)]
            assert all(WEIGHT[one.severity] > WEIGHT[found.severity] for one in again), (draft, found, fix, again)


def comes_to_an_end(draft: OtocoDraft, where: Surroundings) -> int:
    seen = {draft}
    for steps in range(STEPS):
        ways = [found.fixes[0] for found in evaluate(draft, where).findings if found.fixes and not is_way_back(found)]
        if not ways:
            return steps
        draft = draft.with_fix(ways[0])
        assert draft not in seen, (draft, ways[0])
        seen.add(draft)
    raise AssertionError(draft)


def play(numbers: range) -> Counter[str]:
    met: Counter[str] = Counter()
    for number in numbers:
        draft, where = plan(number)
        leads_away(draft, where, met)
        comes_to_an_end(draft, where)
    return met


def test_no_link_leads_to_its_own_rule_again_and_all_come_to_an_end() -> None:
    met = play(FEW)
    assert len(met) >= 15, met


@pytest.mark.long
def test_no_link_of_six_thousand_plans_leads_in_a_circle() -> None:
    met = play(MANY)
    assert len(met) >= 20, met
    assert min(met.values()) >= 10, met


@pytest.mark.parametrize("number", range(100))
def test_each_warning_has_a_name_of_its_own(number: int) -> None:
    draft, where = plan(number)
    codes = [found.code for found in evaluate(draft, where).of(Severity.WARNING)]
    assert len(codes) == len(set(codes)), "a tick in the review is given to a name"


def test_a_quantity_is_offered_only_where_it_is_worth_sending() -> None:
    poor = around(account=holding(USD="0.9"))
    assert expect(judged(BUY, poor), "balance").fix is None
    assert expect(judged(BUY, around(hard_cap=D("0.5"))), "limit.cap").fix is None
    tiny = expect(judged(BUY, poor, quantity="0.00001"), "minimum.value")
    assert tiny.fix is None, "there is not money enough for more"
    assert expect(judged(BUY, quantity="0.00001"), "minimum.value").fix is not None


def test_no_more_is_offered_than_the_account_can_lose() -> None:
    poor = around(account=replace(holding(USD="100"), value_usd=D("0.9")))
    small = judged(BUY, poor, quantity_mode=QuantityMode.RISK, quantity="70%", stop="60%")
    assert expect(small, "minimum.value").fix is None


def test_a_price_between_ticks_goes_to_the_tick_on_its_side_of_the_entry() -> None:
    stop = expect(judged(BUY, stop="92399.996"), "stop.tick")
    assert stop.right == "92399.99"
    assert expect(judged(BUY, target="92400.004"), "target.tick").right == "92400.01"
    assert expect(judged(SELL, target="93999.996", target_limit="93999"), "target.tick").right == "93999.99"
    assert expect(judged(BUY, stop="90552.004"), "stop.tick").right == "90552.00"
    assert expect(judged(BUY, entry="92400.005", stop="92400.004"), "stop.tick").right == "92400.00"


def test_where_the_tick_is_coarse_the_next_one_is_offered() -> None:
    coarse = Instrument("BTC_USD", "BTC", "USD", D(5), D("0.1"))
    cheap = replace(AROUND, instrument=coarse, quote=replace(QUOTE, bid=D(10), ask=D(15), mark=D(12)))
    low = OtocoDraft(entry="10", quantity="1", stop="20", target="5")
    assert expect(evaluate(low, cheap), "stop.side").right == "2%"
    assert expect(evaluate(low, cheap), "target.side").right == "15"
    last = replace(low, side=Side.SELL, entry="5", stop="10", target="10")
    assert expect(evaluate(last, cheap), "target.side").fix is None, "there is no price below the lowest"


def test_a_limit_is_not_moved_to_a_trigger_between_ticks() -> None:
    verdict = judged(BUY, stop_market=False, stop="90552.005", stop_limit="91000")
    assert expect(verdict, "stop_limit.side").fix is None
    waits = judged(BUY, target_market=False, target="97020.005", target_limit="98000")
    assert expect(waits, "target_limit.waits").fix is None


def test_a_limit_that_must_clear_the_fees_takes_its_trigger_along() -> None:
    verdict = judged(BUY, target_market=False, target="92500", target_limit="92500")
    dear = BUY.with_fix(expect(verdict, "fees").fixes[0])
    dear = replace(dear, target_market=False, target="92500")
    waits = expect(evaluate(dear, AROUND), "target_limit.waits")
    assert waits.fix is not None
    assert waits.fix.label == f"Use target {D(dear.target_limit):,.2f}"
    done = evaluate(dear.with_fix(waits.fix), AROUND)
    assert expect(done, "fees").severity is Severity.PASS
    assert expect(done, "target_limit").severity is Severity.PASS


def test_a_crossed_book_offers_no_price_that_would_take_again() -> None:
    crossed = replace(AROUND, post_only_usable=True, quote=replace(QUOTE, bid=D("93121"), ask=D("93120")))
    found = expect(judged(BUY, crossed, entry="93125", post_only=True), "entry.post_only")
    assert (found.severity, found.fix) == (Severity.FAIL, None)


def test_the_risk_limit_offers_the_quantity_that_keeps_to_it() -> None:
    verdict = judged(BUY, around(risk_limit=D("0.001")))
    found = expect(verdict, "risk.limit")
    assert found.fix is not None
    after = evaluate(BUY.with_fix(found.fix), around(risk_limit=D("0.001")))
    assert expect(after, "risk.limit").severity is Severity.PASS
    step = D(found.fix.text) + D("0.00001")
    more = evaluate(replace(BUY, quantity=f"{step}"), around(risk_limit=D("0.001")))
    assert expect(more, "risk.limit").severity is Severity.WARNING, "one step more is too much"


def test_an_entry_leaves_the_others_theirs_in_one_step() -> None:
    where = around(account=holding(USD="9280", BTC="1"))
    where = replace(where, promised=(Promise("USD", count=1, claim=D(500)),))
    found = expect(judged(BUY, where), "exits.others")
    assert found.fix is not None
    assert found.fix.choice is not Choice.EXIT_QUANTITY
    assert expect(evaluate(BUY.with_fix(found.fix), where), "exits.others").severity is Severity.PASS


def test_a_quantity_between_steps_goes_down() -> None:
    for typed in ("0.098741", "0.098745", "0.098749"):
        assert expect(judged(BUY, quantity=typed), "quantity.step").right == "0.09874"
