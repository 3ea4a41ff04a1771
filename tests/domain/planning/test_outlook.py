"""What the stop may really bring: slippage from the book now, and the gap of a stop-limit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from otoco_desktop.domain.depth import Depth
from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.market import Quote
from otoco_desktop.domain.outlook import BookState, Outlook, Slip, outlook
from otoco_desktop.domain.rules import evaluate
from otoco_desktop.domain.verdict import PricedPlan
from tests.domain.planning.plans import AROUND, BUY, OFFLINE, QUOTE, SELL, D, around

BOOK = Depth.of(
    [(D("93118.00"), D("0.04")), (D("93110.00"), D("0.05")), (D("93100.00"), D(1))],
    [(D("93120.00"), D("0.06")), (D("93125.00"), D("0.02")), (D("93130.00"), D(2))],
)
MARK = D("93119.00")
FALLING = replace(BUY, stop="90000")
MARKET_SELL = replace(SELL, stop_market=True, stop="95000")


def ahead(draft: OtocoDraft, depth: Depth | None = BOOK, **changes: Any) -> Outlook:
    """The outlook with this book, and other things changed."""
    surroundings = around(**{"depth": depth, "depth_mark": MARK, **changes})
    found = outlook(evaluate(draft, surroundings), surroundings)
    assert found is not None
    return found


def slip_of(draft: OtocoDraft, depth: Depth | None = BOOK, **changes: Any) -> Slip:
    found = ahead(draft, depth, **changes)
    assert found.gap is None
    assert found.slip is not None
    assert (found.worst is None) is (found.slip.amount is None)
    return found.slip


def test_a_market_stop_that_sells_walks_the_bids_as_they_would_stand_there() -> None:
    slip = slip_of(FALLING)
    # 0.04 at 1 below mark, 0.05 at 9 below, 0.01 at 19 below: 0.68 in all, less the taker fee on it.
    assert slip.amount == -D("0.68") * D("0.995")
    assert slip.average == D(90_000) - D("6.8")
    assert (slip.book, slip.levels, slip.holds, slip.age_ms) == (BookState.USABLE, 3, D("1.09"), 200)


def test_a_market_stop_that_buys_walks_the_asks() -> None:
    slip = slip_of(MARKET_SELL)
    # 0.06 at 1 above mark, 0.02 at 6 above, 0.02 at 11 above: 0.40, and the taker fee on it.
    assert slip.amount == -D("0.40") * D("1.005")
    assert slip.average == D(95_000) + D(4)
    assert (slip.levels, slip.holds) == (3, D("2.08"))


def test_the_worst_of_a_market_stop_is_its_loss_with_the_slippage() -> None:
    found = ahead(FALLING)
    assert found.worst == D(-240) - D("23.1") - D(45) - D("0.6766")


def test_a_fee_in_base_counts_as_in_the_loss() -> None:
    slip = slip_of(FALLING, fee_in_quote=False)
    assert slip.amount == -D("0.68") * D("0.995")  # the coins that are missing are worth the entry either way


def test_the_draft_may_choose_the_fee_coin_for_itself() -> None:
    surroundings = around(depth=BOOK, depth_mark=MARK)
    draft = replace(FALLING, fee_in_quote=False)
    verdict = evaluate(draft, surroundings)
    assert verdict.figures
    found = outlook(verdict, surroundings)
    assert found
    assert found.worst == verdict.figures.loss - D("0.6766")


def test_a_book_better_than_mark_is_no_gain() -> None:
    slip = slip_of(FALLING, depth_mark=D("93000.00"))
    assert slip.amount == 0
    assert slip.average is not None
    assert slip.average > 90_000


def test_nothing_is_sold_below_zero() -> None:
    cliff = Depth.of([(D(93_118), D("0.01")), (D(1), D(5))], [])
    slip = slip_of(replace(FALLING, stop="80000"), cliff)
    assert slip.average == 0
    assert slip.amount == -D(8_000) * D("0.995")


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"depth": None}, BookState.MISSING),
        ({"depth_mark": None}, BookState.UNPRICED),
        ({"depth_mark": None, "mark": None, "mark_ms": None}, BookState.UNPRICED),
        ({"book_ms": None}, BookState.STALE),
        ({"now_ms": 9_001}, BookState.STALE),
        ({"now_ms": 9_100, "mark_ms": 9_000}, BookState.STALE),
        ({"now_ms": 9_100, "book_ms": 9_000}, BookState.STALE),
        ({"depth": Depth.of([(D(93_121), D(1))], [(D(93_121), D(1))])}, BookState.CROSSED),
        ({"depth": Depth.of([(D(93_118), D("0.09999"))], [(D(93_120), D(5))])}, BookState.THIN),
        ({"depth": Depth.of([], [(D(93_120), D(5))])}, BookState.THIN),
    ],
)
def test_a_book_that_cannot_tell_says_why(changes: dict[str, Any], state: BookState) -> None:
    slip = slip_of(FALLING, **changes)
    assert (slip.book, slip.amount, slip.average) == (state, None, None)


def test_a_book_exactly_as_old_as_is_allowed_counts() -> None:
    assert slip_of(FALLING, now_ms=9_000).book is BookState.USABLE


def test_a_thin_book_says_how_much_it_shows() -> None:
    slip = slip_of(FALLING, Depth.of([(D(93_118), D("0.03")), (D(93_117), D("0.04"))], []))
    assert (slip.levels, slip.holds) == (2, D("0.07"))


def test_the_book_of_another_pair_is_no_book() -> None:
    surroundings = around(quote=replace(QUOTE, depth=BOOK, instrument="ETH_USD"))
    found = outlook(evaluate(FALLING, surroundings), surroundings)
    assert found
    assert found.slip == Slip(BookState.MISSING)


def test_a_stop_limit_has_a_worst_case_and_a_gap_beyond_it() -> None:
    found = ahead(replace(FALLING, stop_market=False, stop_limit="89900.01"))
    assert found.slip is None
    assert found.gap is not None
    assert found.gap.price == D("89001.00")  # 89,001.0099 less what is between ticks
    assert found.gap.result == D("-339.9") - D("23.1") - D("44.5005")
    assert found.worst == D("-249.999") - D("23.1") - D("44.950005")


def test_a_buying_stop_limit_gaps_upwards() -> None:
    found = ahead(replace(SELL, stop="95000", stop_limit="96000.03"))
    assert found.gap is not None
    assert found.gap.price == D("96960.04")  # 96,960.0303 up to the next tick
    assert found.gap.result == D("-296.004") - D("23.5") - D("48.48002")


def test_smaller_exits_slip_as_much_as_they_cover() -> None:
    slip = slip_of(replace(FALLING, exit_quantity="0.05"))
    assert slip.amount == -(D("0.04") + D("0.09")) * D("0.995")  # 0.04 at 1 below mark, 0.01 at 9 below
    assert slip.average == D(90_000) - D("2.6")
    found = ahead(replace(FALLING, stop_market=False, stop_limit="89900", exit_quantity="0.05"))
    assert found == ahead(replace(FALLING, stop_market=False, stop_limit="89900"))


def test_a_stop_limit_on_the_wrong_side_is_counted_from_its_trigger() -> None:
    found = ahead(replace(FALLING, stop_market=False, stop_limit="90100"))
    assert found.gap is not None
    assert (found.gap.past, found.gap.price) == (D(90_000), D(89_100))


@pytest.mark.parametrize("draft", [replace(BUY, stop=""), replace(BUY, entry="")])
def test_without_figures_there_is_no_outlook(draft: OtocoDraft) -> None:
    assert outlook(evaluate(draft, AROUND), AROUND) is None


def test_without_an_instrument_there_is_no_outlook() -> None:
    surroundings = replace(OFFLINE, instrument=None)
    assert outlook(evaluate(BUY, surroundings), surroundings) is None
    assert outlook(evaluate(BUY, AROUND), surroundings) is None


def test_figures_without_their_prices_have_no_outlook() -> None:
    whole = evaluate(FALLING, AROUND)
    assert outlook(replace(whole, plan=PricedPlan({})), AROUND) is None


def test_without_any_quote_there_is_no_book() -> None:
    surroundings = around(quote=None)
    found = outlook(evaluate(FALLING, surroundings), surroundings)
    assert found == Outlook(None, Slip(BookState.MISSING))
    assert Quote("BTC_USD").depth is None


def test_a_plan_that_is_whole_but_wrong_has_no_outlook() -> None:
    verdict = evaluate(replace(BUY, stop="93000"), AROUND)
    assert verdict.figures is None
    assert outlook(verdict, AROUND) is None
