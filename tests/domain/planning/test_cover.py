"""What stands behind the exits: what will be held, what they need, who else counts on it, and the ways out."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_FLOOR, Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.domain.coverage import MARKET_MARGIN, Entry, Exit, Purse, coverage, largest_entry, largest_exits
from otoco_desktop.domain.depth import Depth
from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.finding import Choice, Field, Finding, Fix, Severity
from otoco_desktop.domain.money import WIDE
from otoco_desktop.domain.order import LegRole, Side
from otoco_desktop.domain.parse import to_order
from otoco_desktop.domain.rules import evaluate
from otoco_desktop.domain.verdict import Promise, Surroundings
from tests.domain.planning.plans import AROUND, BUY, OFFLINE, SELL, D, around, expect, finding, holding, judged

PASS, NOTE, WARNING, FAIL = Severity.PASS, Severity.NOTE, Severity.WARNING, Severity.FAIL
IN_BASE = around(fee_in_quote=False, account=holding(USD="20000"))
SHORT_SELL = around(account=holding(BTC="0.41", USD="10"))


def covered(draft: OtocoDraft, surroundings: Surroundings, **changes: Any) -> Finding:
    return expect(judged(draft, surroundings, **changes), "exit.coverage")


def promising(surroundings: Surroundings, coin: str, claim: str, count: int = 1) -> Surroundings:
    return replace(surroundings, promised=(Promise(coin, D(claim), D(0), count, D(claim)),))


def links(found: Finding) -> list[str]:
    return [fix.label for fix in found.fixes]


def test_what_will_be_held_and_what_the_exits_need() -> None:
    found = covered(BUY, around(account=holding(USD="20000")))
    assert (found.severity, found.message) == (PASS, "need 0.10000 of 0.10000 BTC")
    assert found.source.startswith("help centre")
    assert found.unproven == "That the fee is taken in USD; in BTC, 0.00025 would be missing."
    spare = covered(BUY, AROUND)
    assert (spare.message, spare.unproven) == ("need 0.10000 of 0.51000 BTC", "")


def test_the_whole_reckoning_is_there_for_whoever_asks() -> None:
    assert covered(BUY, promising(AROUND, "BTC", "0.05")).explained == (
        "The entry brings 0.10000 BTC, 0.41000 are free, 0.05000 of it promised to other exits."
        " Each exit needs 0.10000: both can be paid for while nothing of it is spent elsewhere."
    )
    in_base = covered(BUY, AROUND, fee_in_quote=False).explained
    assert in_base.startswith("The entry brings 0.09975 BTC after a fee of 0.00025, 0.41000 are free. ")
    assert covered(SELL, AROUND).explained == (
        "The entry brings 9,376.50 USD after a fee of 23.50, 24,310.22 are free. The stop needs 9,600.00, the target"
        " 8,930.00: both can be paid for while nothing of it is spent elsewhere."
    )


def test_a_fee_in_base_leaves_too_little() -> None:
    found = covered(BUY, IN_BASE)
    assert (found.severity, found.field) == (WARNING, Field.STOP)
    assert found.message == "Exits need 0.10000 BTC, you will hold 0.09975."
    assert found.detail == (
        f"{found.message} The entry fee takes 0.00025. Either is refused when it triggers, 0.00025 short."
    )
    assert (D(found.wrong), D(found.right)) == (D("0.1"), D("0.09975"))
    assert found.fixes == (
        Fix(Field.QUANTITY, "", "Fee in USD", Choice.FEE_IN_QUOTE),
        Fix(Field.QUANTITY, "0.09975", "Exits 0.09975", Choice.EXIT_QUANTITY),
    )


@pytest.mark.parametrize("spare", ["0.00024", "0.00025"])
def test_spare_coins_cover_the_fee_to_the_last_step(spare: str) -> None:
    found = covered(BUY, around(fee_in_quote=False, account=holding(USD="20000", BTC=spare)))
    enough = D(spare) >= D("0.00025")
    assert found.severity is (NOTE if enough else WARNING), "as a taker it would not be enough even so"
    if enough:
        assert found.message == "Covered while the entry rests. Filled at once, 0.00025 BTC are missing."
        assert links(found) == ["Fee in USD", "Exits 0.09975"]
        assert (D(found.wrong), D(found.right)) == (D("0.1"), D("0.09975"))
        rests = covered(BUY, around(fee_in_quote=False, account=holding(USD="20000", BTC=spare)), post_only=True)
        assert rests.severity is PASS
    else:
        assert links(found) == ["Fee in USD", "Exits 0.09999", "Use 0.09600"]


def test_a_quote_that_does_not_cover_the_fee_turns_it_into_base() -> None:
    worth = D("92400") * D("0.1")
    short = around(account=holding(USD=f"{worth + D('40')}"))
    found = covered(BUY, short)
    assert found.severity is WARNING
    assert "takes 0.00025, because 9,280.00 USD do not cover it." in found.detail
    assert links(found) == ["Exits 0.09975", "Use 0.09993"]
    assert covered(BUY, around(account=holding(USD=f"{worth * D('1.005')}"))).severity is PASS
    assert covered(BUY, around(account=holding(USD="9000"))).severity is PASS, "nothing is bought; Balance says so"
    spare = covered(BUY, around(account=holding(USD=f"{worth + D('40')}", BTC="1")))
    assert (spare.severity, spare.unproven[:34]) == (PASS, "Which fee the exchange holds back ")


def test_each_fix_leads_to_a_plan_that_passes() -> None:
    for draft, surroundings in ((BUY, IN_BASE), (SELL, SHORT_SELL)):
        found = covered(draft, surroundings)
        assert found.fixes
        for fix in found.fixes:
            after = evaluate(draft.with_fix(fix), surroundings)
            assert expect(after, "exit.coverage").severity in (PASS, NOTE), fix
            assert after.submittable


def test_a_stop_that_costs_more_than_the_sale_brings() -> None:
    found = covered(SELL, SHORT_SELL)
    assert (found.severity, found.field) == (WARNING, Field.STOP)
    assert found.message == "The stop needs 9,600.00 USD, you would have 9,386.50."
    assert found.detail == (
        f"{found.message} It would be refused when it triggers. The target can be paid for."
        " Keep 213.50 USD more free for it."
    )
    assert links(found) == ["Use 0.00447", "Exits 0.09777"]
    both = covered(SELL, SHORT_SELL, stop="94001", stop_limit="94001", target="93999", target_limit="93999")
    assert "The target would be refused too." in both.detail
    dear = covered(SELL, SHORT_SELL, target="93999", target_limit="98000")
    assert dear.message.startswith("The target needs 9,800.00 USD"), "the dearer exit is told of"


def test_a_buying_market_exit_is_counted_with_a_margin() -> None:
    market = covered(SELL, AROUND, stop_market=True)
    assert (market.severity, market.message) == (PASS, "need 9,683.88 of 33,686.72 USD")
    assert "1.00% above its trigger" in market.unproven
    assert D("94000") * D("1.02") * (1 + MARKET_MARGIN) * D("0.1") == D("9683.88")
    assert covered(SELL, AROUND).unproven == ""


def test_coins_that_other_exits_count_on() -> None:
    found = covered(BUY, promising(IN_BASE, "BTC", "0.05"))
    assert found.severity is WARNING, "short by itself"
    rich = promising(around(account=holding(USD="20000", BTC="0.03")), "BTC", "0.05")
    shared = covered(BUY, rich)
    assert shared.message == "Exits need 0.10000 BTC, exits of other plans leave 0.08000."
    assert shared.detail == (
        f"{shared.message} You will hold 0.13000, and they count on 0.05000 of it: if they trigger first, this plan's"
        " are refused. Keep 0.02000 BTC more free for it."
    )
    assert links(shared) == ["Exits 0.08000"]
    sold = promising(around(account=holding(BTC="0.41", USD="300")), "USD", "100")
    assert covered(SELL, sold).message == "The stop needs 9,600.00 USD, exits of other plans leave 9,576.50."
    assert covered(BUY, promising(AROUND, "ETH", "1")).severity is PASS, "another coin"


def test_a_fee_in_quote_is_offered_only_where_it_helps() -> None:
    no_help = promising(around(fee_in_quote=False, account=holding(USD="20000", BTC="0.01")), "BTC", "0.05")
    assert links(covered(BUY, no_help)) == ["Exits 0.05975"]


def test_no_way_out_is_offered_that_the_exchange_refuses() -> None:
    dust = promising(around(account=holding(USD="20000")), "BTC", "0.09999")
    assert covered(BUY, dust).fixes == (), "0.00001 BTC are worth less than a dollar"
    gone = promising(around(account=holding(USD="20000")), "BTC", "5")
    assert (covered(BUY, gone).fixes, covered(BUY, gone).right) == ((), "0")


def test_a_fix_speaks_in_the_mode_of_the_quantity() -> None:
    thin = around(account=holding(BTC="0.41", USD="10"))
    spend = replace(SELL, quantity_mode=QuantityMode.SPEND, quantity="9400")
    fix = covered(spend, thin).fix
    assert fix is not None
    assert (fix.text, fix.choice) == ("420.18", None)


def test_without_fee_rates_that_is_said_and_nothing_guessed() -> None:
    for surroundings in (OFFLINE, around(fees=None)):
        found = next(one for one in judged(SELL, surroundings).findings if one.code == "exit.coverage")
        assert (found.severity, found.message) == (Severity.IDLE, "needs the account's fee rates")


# What the entry takes from others


def test_an_entry_that_spends_what_other_exits_count_on() -> None:
    found = expect(judged(SELL, promising(AROUND, "BTC", "0.35", 2)), "exits.others")
    assert (found.severity, found.field) == (WARNING, Field.QUANTITY)
    assert found.message == "Takes 0.04000 BTC that exits of 2 strategies count on."
    assert found.detail.endswith("They need 0.35000 and would be refused when they trigger.")
    assert found.fix == Fix(Field.QUANTITY, "0.06000", "Use 0.06000")
    assert expect(judged(SELL, promising(AROUND, "BTC", "0.35"), quantity="0.06"), "exits.others").severity is PASS


def test_a_buy_spends_quote_with_its_fee() -> None:
    poor = promising(AROUND, "USD", "20000")
    found = expect(judged(BUY, poor), "exits.others")
    assert found.message == "Takes 4,952.88 USD that exits of 1 strategy count on."
    fix = found.fix
    assert fix is not None
    assert expect(evaluate(BUY.with_fix(fix), poor), "exits.others").severity is PASS
    in_base = expect(judged(BUY, poor, fee_in_quote=False), "exits.others")
    assert in_base.message.startswith("Takes 4,929.78 USD")
    all_gone = promising(AROUND, "USD", "24310.22")
    assert expect(judged(BUY, all_gone), "exits.others").fix is None
    kept = expect(judged(BUY, promising(AROUND, "USD", "100")), "exits.others")
    assert (kept.severity, kept.message) == (PASS, "100.00 USD stay for 1 strategy")


def test_what_was_missing_before_is_not_this_entrys_doing() -> None:
    found = expect(judged(SELL, promising(AROUND, "BTC", "9")), "exits.others")
    assert found.message.startswith("Takes 0.10000 BTC ")
    assert found.fix is None


@pytest.mark.parametrize("changes", [{"quantity": ""}, {"stop": ""}])
def test_nothing_is_weighed_while_the_plan_is_not_whole(changes: dict[str, Any]) -> None:
    assert finding(judged(SELL, promising(AROUND, "BTC", "0.35"), **changes), "exits.others") is None
    assert finding(judged(SELL, AROUND, **changes), "exit.coverage") is None
    assert finding(judged(SELL, OFFLINE, **changes), "exit.coverage") is None


# Smaller exits


def test_smaller_exits_reach_the_order_and_say_what_stays_open() -> None:
    verdict = judged(BUY, exit_quantity="0.09975")
    found = expect(verdict, "exits.quantity")
    assert (found.severity, found.message) == (WARNING, "Exits sell 0.09975 of 0.10000 BTC.")
    assert "The other 0.00025, less a fee taken of it, have no stop." in found.detail
    assert (found.fix and found.fix.label, found.unproven) == (
        "Use all", "Whether the exchange takes exits smaller than the entry."
    )  # fmt: skip
    order = to_order(verdict, "a" * 26, AROUND)
    assert [f"{leg.quantity}" for leg in order.legs] == ["0.10000", "0.09975", "0.09975"]
    assert verdict.figures is not None
    assert verdict.figures.stop.value == D("0.09975") * D("90552")
    whole = judged(BUY).figures
    assert whole is not None
    assert verdict.figures.loss == whole.loss, "the rest is counted as left at the same price"
    assert expect(judged(SELL, exit_quantity="0.05"), "exits.quantity").message.startswith("Exits buy back 0.05000")
    back = evaluate(replace(BUY, exit_quantity="0.09975").with_fix(found.fix or Fix(Field.STOP, "", "")), AROUND)
    assert finding(back, "exits.quantity") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0.2", "Exits cover 0.20000 BTC, the entry is 0.10000."),
        ("0.000005", "Exits of 0.000005 BTC are not a multiple of 0.00001."),
        ("many", "Exits of many are no quantity above zero."),
        ("0", "Exits of 0 are no quantity above zero."),
        ("0.00001", "Exits of 0.00001 BTC are worth less than the 1.00 USD the exchange takes."),
    ],
)
def test_exits_that_the_exchange_would_refuse(text: str, message: str) -> None:
    verdict = judged(BUY, exit_quantity=text)
    found = expect(verdict, "exits.quantity")
    assert (found.severity, found.message) == (FAIL, message)
    assert not verdict.submittable


def test_exits_of_the_same_quantity_are_no_news() -> None:
    assert finding(judged(BUY, exit_quantity="0.1"), "exits.quantity") is None
    assert finding(judged(BUY, exit_quantity="0.1", quantity=""), "exits.quantity") is None


# The arithmetic


AMOUNTS = st.integers(1, 10**9).map(lambda count: Decimal(count) / 100_000)
FREE = st.integers(0, 10**12).map(lambda count: Decimal(count) / 100_000)
RATES = st.integers(0, 100).map(lambda bps: Decimal(bps) / 10_000)


@st.composite
def plans(draw: st.DrawFn) -> tuple[Entry, tuple[Exit, Exit], Purse]:
    side, price = draw(st.sampled_from(Side)), draw(AMOUNTS)
    low, high = price * draw(st.integers(50, 99)) / 100, price * draw(st.integers(101, 180)) / 100
    stop, target = (low, high) if side is Side.BUY else (high, low)
    quantity, rate = draw(AMOUNTS), draw(RATES)
    exits = quantity * draw(st.integers(1, 100)) / 100
    entry = Entry(side, quantity, price, rate, rate + draw(RATES), draw(st.booleans()))
    legs = (
        Exit(LegRole.STOP, exits, stop, draw(st.booleans())),
        Exit(LegRole.TARGET, exits, target, draw(st.booleans())),
    )
    return entry, legs, Purse(*(draw(FREE) for _ in range(4)))


@given(plan=plans())
def test_smaller_exits_are_the_largest_that_can_be_paid_for(plan: tuple[Entry, tuple[Exit, Exit], Purse]) -> None:
    with localcontext(WIDE):
        entry, exits, purse = plan
        found = coverage(entry, exits, purse)
        most = largest_exits(entry, exits, found.own)
        hair = Decimal("1e-15")
        if most > hair:
            smaller = tuple(each._replace(quantity=most * (1 - hair)) for each in exits)
            assert coverage(entry, (smaller[0], smaller[1]), purse).paid
        if most < entry.quantity:
            larger = tuple(each._replace(quantity=most * (1 + hair) + hair) for each in exits)
            assert not coverage(entry, (larger[0], larger[1]), purse).paid


@given(plan=plans())
def test_a_smaller_entry_is_one_whose_exits_are_paid_for(plan: tuple[Entry, tuple[Exit, Exit], Purse]) -> None:
    with localcontext(WIDE):
        entry, exits, purse = plan
        most = min(entry.quantity, largest_entry(entry, exits, purse)).quantize(Decimal("1e-30"), ROUND_FLOOR)
        if most > 0:
            found = coverage(
                entry._replace(quantity=most),
                (exits[0]._replace(quantity=most), exits[1]._replace(quantity=most)),
                purse._replace(base=purse.base + most) if entry.side is Side.SELL else purse,
            )
            assert found.paid


@given(plan=plans(), more=FREE)
def test_more_coins_never_hurt_and_more_claims_never_help(
    plan: tuple[Entry, tuple[Exit, Exit], Purse], more: Decimal
) -> None:
    with localcontext(WIDE):
        entry, exits, purse = plan
        was = coverage(entry, exits, purse)
        richer = coverage(entry, exits, purse._replace(base=purse.base + more, quote=purse.quote + more))
        promised = purse._replace(base_claimed=purse.base_claimed + more, quote_claimed=purse.quote_claimed + more)
        claimed = coverage(entry, exits, promised)
        solvent = entry.side is Side.SELL or purse.quote >= entry.worth
        for at in (0, 1):
            assert was.exits[at].short <= was.exits[at].short_shared
            assert richer.exits[at].short_shared <= was.exits[at].short_shared or not solvent
            assert claimed.exits[at].short == was.exits[at].short
            assert claimed.exits[at].short_shared >= was.exits[at].short_shared
        assert claimed.uncovered >= was.uncovered >= 0
        assert was.paid is (not any(each.short_shared for each in was.exits))


COINS = st.integers(0, 30_000).map(lambda count: f"{Decimal(count) / 100_000:f}")
MONEY = st.integers(900_000, 1_100_000).map(lambda cents: f"{Decimal(cents) / 100:f}")
SMALL = st.integers(0, 100_000).map(lambda cents: f"{Decimal(cents) / 100:f}")


@given(
    side=st.sampled_from(Side),
    coins=COINS,
    money=MONEY,
    small=SMALL,
    claim=COINS,
    fee_in_quote=st.booleans(),
    market=st.booleans(),
)
def test_no_fix_leads_to_exits_that_are_short(
    side: Side, coins: str, money: str, small: str, claim: str, fee_in_quote: bool, market: bool
) -> None:
    draft, free = (BUY, {"BTC": coins, "USD": money}) if side is Side.BUY else (SELL, {"BTC": "0.41", "USD": small})
    coin, claimed = ("BTC", D(claim)) if side is Side.BUY else ("USD", D(claim) * 1_000)
    surroundings = replace(
        around(account=holding(**free), fee_in_quote=fee_in_quote),
        promised=(Promise(coin, claimed, D(0), 1, claimed),),
    )
    draft = replace(draft, stop_market=market)
    found = finding(evaluate(draft, surroundings), "exit.coverage")
    for fix in found.fixes if found and found.severity is WARNING else ():
        after = expect(evaluate(draft.with_fix(fix), surroundings), "exit.coverage")
        assert after.severity in (PASS, NOTE), (fix, after)


# The quote that covers the entry and not its fee as well


SHORT_OF_FEE = around(account=holding(USD="9250"))


def test_quote_that_covers_all_but_the_fee_is_not_certain_to_be_refused() -> None:
    verdict = judged(BUY, SHORT_OF_FEE)
    balance = expect(verdict, "balance")
    assert (balance.severity, balance.fix) == (WARNING, Fix(Field.QUANTITY, "0.09984", "Use 0.09984"))
    assert balance.message == "Needs 9,263.10 USD with fee, you have 9,250.00. The exchange then takes the fee in BTC."
    assert balance.unproven
    assert verdict.submittable
    assert covered(BUY, SHORT_OF_FEE).severity is WARNING, "the exits then miss it"
    refused = expect(judged(BUY, around(account=holding(USD="9239.99"))), "balance")
    assert (refused.severity, refused.unproven) == (FAIL, "")


def test_a_fee_that_may_be_taken_in_base_is_counted_so_everywhere() -> None:
    asked, chosen = judged(BUY, SHORT_OF_FEE), judged(BUY, SHORT_OF_FEE, fee_in_quote=False)
    assert asked.figures == chosen.figures
    assert asked.figures is not None
    assert asked.figures.held == D("0.09975")
    told = expect(asked, "fee.currency")
    assert (told.severity, told.message) == (NOTE, "9,250.00 USD may not cover the fee: then it takes 0.00025 BTC.")
    enough = judged(BUY, around(account=holding(USD="9286.20")))
    assert expect(enough, "fee.currency").severity is PASS
    assert enough.figures is not None
    assert enough.figures.held == D("0.1")


# What a buying market exit costs in the book now


def bought_from(*asks: tuple[str, str], mark: str | None = "93118.42") -> Surroundings:
    depth = Depth.of([(D(93000), D(1))], [(D(price), D(size)) for price, size in asks])
    return around(depth=depth, depth_mark=None if mark is None else D(mark))


def test_a_buying_market_exit_is_counted_as_deep_as_the_book_makes_it() -> None:
    thin = bought_from(("93120.10", "0.05"), ("98118.42", "1"))
    found = covered(SELL, thin, stop_market=True)
    need = D("0.1") * (D("94000") * D("1.02") + 5000)
    assert found.message == f"need {need:,.2f} of 33,686.72 USD"
    assert found.unproven.endswith("5.21% above its trigger is counted, as far as it reaches in the book now.")
    near = bought_from(("93120.10", "1"))
    assert covered(SELL, near, stop_market=True).message == "need 9,683.88 of 33,686.72 USD", "the margin at least"
    short = bought_from(("93120.10", "0.05"), ("94118.42", "0.01"))
    beyond = covered(SELL, short, stop_market=True)
    assert beyond.message == f"need {D('0.1') * (D('94000') * D('1.02') + 1000):,.2f} of 33,686.72 USD"
    assert covered(SELL, bought_from(mark="1"), stop_market=True).message == "need 9,683.88 of 33,686.72 USD"
    unpriced = bought_from(("98118.42", "1"), mark=None)
    assert covered(SELL, unpriced, stop_market=True).message == "need 9,683.88 of 33,686.72 USD"


def test_a_market_exit_that_the_book_makes_too_dear_is_told_and_can_be_mended() -> None:
    thin = replace(bought_from(("93120.10", "0.05"), ("98118.42", "1")), account=holding(BTC="0.41", USD="400"))
    found = covered(SELL, thin, stop_market=True)
    assert found.severity is WARNING
    for fix in found.fixes:
        after = evaluate(replace(SELL, stop_market=True).with_fix(fix), thin)
        assert expect(after, "exit.coverage").severity in (PASS, NOTE)


def test_no_entry_is_too_small_where_others_have_taken_everything() -> None:
    exits = (Exit(LegRole.STOP, D(1), D(90)), Exit(LegRole.TARGET, D(1), D(80)))
    entry = Entry(Side.SELL, D(1), D(100), D(0), D(0))
    assert largest_entry(entry, exits, Purse(D(1), D(5), quote_claimed=D(5))) == 1
    assert largest_entry(entry, exits, Purse(D(1), D(5), quote_claimed=D(50))) == 0


# Each number and each source to its edge


def test_quote_for_the_fee_is_relied_on_until_spare_coins_make_up_for_it() -> None:
    enough = covered(BUY, around(account=holding(USD="20000", BTC="0.00025")))
    assert (enough.severity, enough.unproven) == (PASS, "")
    short = covered(BUY, around(account=holding(USD="20000", BTC="0.000249")))
    assert short.unproven == "That the fee is taken in USD; in BTC, 0.00001 would be missing."


def test_every_verdict_about_coins_names_its_source_and_its_numbers() -> None:
    thin = covered(BUY, around(fee_in_quote=False, account=holding(USD="20000", BTC="0.00025")))
    taking = expect(judged(BUY, promising(around(account=holding(USD="9280")), "USD", "500")), "exits.others")
    wrong = expect(judged(BUY, exit_quantity="0.2"), "exits.quantity")
    assert thin.source == taking.source == "help centre: attached take-profit and stop-loss orders reserve no funds"
    assert wrong.source == "exchange docs, private/advanced/create-otoco: samples show equal quantities"
    assert (D(taking.wrong), taking.right) == (D(460), "0")


def test_exits_of_another_size_say_so_in_full() -> None:
    wrong, smaller = (expect(judged(BUY, exit_quantity=each), "exits.quantity") for each in ("0.2", "0.05"))
    assert (wrong.title, wrong.fix) == ("Exit quantity", Fix(Field.QUANTITY, "", "Use all", Choice.EXIT_QUANTITY))
    assert (D(smaller.wrong), D(smaller.right)) == (D("0.05"), D("0.1"))
    assert smaller.source == wrong.source


def test_quote_is_shown_to_the_cent() -> None:
    odd = covered(SELL, AROUND, stop_limit="96000.30")
    assert odd.message == "need 9,600.03 of 33,686.72 USD"


def test_of_two_exits_that_need_the_same_the_stop_is_named() -> None:
    same = covered(SELL, SHORT_SELL, target_limit="96000")
    assert same.message.startswith("The stop needs 9,600.00 USD")
    assert "The target would be refused too." in same.detail


def test_an_entry_that_brings_what_its_exits_need_may_be_of_any_size() -> None:
    exits = (Exit(LegRole.STOP, D(1), D(100)), Exit(LegRole.TARGET, D(1), D(80)))
    even = Entry(Side.SELL, D(7), D(100), D(0), D(0))
    assert even.fee_in_quote
    assert largest_entry(even, exits, Purse(D(7), D(0))) == 7
