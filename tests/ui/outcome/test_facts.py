"""The smaller numbers under the figures, their words, and how they stand on the screen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from otoco_desktop.domain.depth import Depth
from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.market import Fees
from otoco_desktop.domain.outlook import outlook
from otoco_desktop.domain.rules import evaluate
from otoco_desktop.domain.verdict import PlanSettings, Surroundings
from otoco_desktop.ui.outcome.facts import FactBlock
from otoco_desktop.ui.outcome.state import NO_VALUE, Fact, OutcomeState, build
from otoco_desktop.ui.outcome.view import OutcomePanel
from otoco_desktop.ui.shell.tokens import Token
from tests.ui import plan_examples as plans
from tests.ui.fakes import DEPTH

FEES_USD = "Fees 22.81 (0.25%) at the entry, 44.71 (0.50%) at the stop, 47.89 (0.50%) at the target."
MOVED = "From 8 bid levels, 0.2 s old, moved from mark to the stop. Each 0.10% that price gaps further adds 8.94."
WITH_LIMIT = replace(plans.BUY, stop_market=False, stop_limit="90500.00")


def shown(draft: OtocoDraft = plans.BUY, **changes: Any) -> OutcomeState:
    """The outcome with the book of the drawings' market, or with other prices."""
    own = {name: changes.pop(name) for name in ("settings", "account", "instrument") if name in changes}
    quote = replace(plans.QUOTE, **{"depth": DEPTH, "depth_mark": plans.QUOTE.mark, **changes})
    around: Surroundings = replace(plans.around(), quote=quote, **own)
    verdict = evaluate(draft, around)
    return build(verdict, around.instrument, plans.FEES, outlook(verdict, around))


def test_a_market_stop_says_what_it_may_slip_and_from_which_book() -> None:
    even, gross, slip, source = shown().facts
    assert (even.words, gross.words) == ("Break-even 93,096.49", "Gross −182.47 / +454.20")
    assert (slip.words, slip.tone) == ("Market stop may slip −0.72", Token.NEG)
    assert source.words == "book: 8 levels, 0.2 s old"
    assert even.detail == "Sold at 93,096.49 or higher, the trade no longer loses: its fees are paid."
    assert gross.detail == f"Before fees −182.47 at the stop, +454.20 at the target. {FEES_USD}"
    assert slip.detail == (
        "If the book at the stop looks like the book now, selling 0.09874 BTC fills at 90,544.63 on average: "
        f"−250.71 in all, fees included. {MOVED}"
    )
    assert source.detail == slip.detail


def test_with_an_estimate_the_caption_only_tells_the_fees() -> None:
    assert shown().caption == "USD. Fees: maker 0.25% in, taker 0.50% out."
    assert shown(depth=None).caption.endswith("A market stop can slip: each 0.10% adds 8.94 to the loss.")


@pytest.mark.parametrize(
    ("changes", "source", "detail"),
    [
        ({"depth": None}, "no book yet", "Not estimated: no levels of the book have come."),
        (
            {"depth_mark": None},
            "no mark price yet",
            "Not estimated: no mark price has come, so the way to the stop is unknown.",
        ),
        ({"book_ms": 900}, "book 9.1 s old", "Not estimated: the book or the mark price is 9.1 s old."),
        ({"book_ms": None}, "book of unknown age", "Not estimated: the book or the mark price is of unknown age."),
        (
            {"depth": Depth(DEPTH.asks, DEPTH.bids)},
            "book crossed",
            "Not estimated: the book is crossed, a bid stands at or above an ask.",
        ),
        (
            {"depth": Depth(DEPTH.bids[:2], DEPTH.asks)},
            "book shows 53.6% of it",
            "The visible book is too thin to say: its 2 bid levels hold 0.05300 BTC, 53.6% of the stop's 0.09874 BTC.",
        ),
    ],
)
def test_a_book_that_cannot_tell_leaves_a_dash_and_says_why(changes: dict[str, Any], source: str, detail: str) -> None:
    sized = replace(plans.BUY, quantity_mode=QuantityMode.QUANTITY, quantity="0.09874")
    _even, _gross, slip, note = shown(sized, **changes).facts
    assert slip == Fact("Market stop may slip", NO_VALUE, Token.TEXT2, detail)
    assert note == Fact(source, "", Token.TEXT, detail)


def test_what_a_thin_book_shows_is_never_rounded_up_to_all() -> None:
    level = DEPTH.bids[0]
    almost = Depth((level._replace(reach=plans.BTC.quantity_step * 9_873),), DEPTH.asks)
    sized = replace(plans.BUY, quantity_mode=QuantityMode.QUANTITY, quantity="0.09874")
    assert shown(sized, depth=almost).facts[3].words == "book shows 99.9% of it"


def test_a_stop_limit_has_a_worst_case_and_no_floor_beyond_it() -> None:
    _even, _gross, worst, gap = shown(WITH_LIMIT).facts
    assert worst.words == "Worst case at the limit −249.98"
    assert gap.words == "1% past it −337.11"
    assert (
        worst.detail
        == gap.detail
        == (
            "A stop-limit may not fill: if price gaps past its limit 90,500.00, the loss has no floor. "
            "Sold 1% further, at 89,595.00, it is −337.11, fees included."
        )
    )


def test_a_stop_limit_on_the_wrong_side_is_told_from_its_trigger() -> None:
    worst = shown(replace(WITH_LIMIT, stop_limit="90600.00")).facts[2]
    assert "if price gaps past its trigger 90,552.00, the loss has no floor" in worst.detail


def test_smaller_exits_are_what_the_stop_sells() -> None:
    sized = replace(plans.BUY, quantity_mode=QuantityMode.QUANTITY, quantity="0.09874", exit_quantity="0.05000")
    assert "selling 0.05000 BTC fills at" in shown(sized).facts[2].detail
    assert shown(sized, depth=Depth(DEPTH.bids[:1], DEPTH.asks)).facts[3].words == "book shows 24.0% of it"


def test_a_sell_turns_every_word_over() -> None:
    even, gross, worst, _gap = shown(plans.SELL).facts
    assert even.detail.startswith("Bought back at 91,480.59 or lower")
    assert gross.words == "Gross −187.61 / +456.18"
    assert "Bought back 1% further, at 95,243.00" in worst.detail
    market = shown(replace(plans.SELL, stop_market=True)).facts
    assert market[2].detail.startswith(
        "If the book at the stop looks like the book now, buying back 0.09874 BTC fills at"
    )
    assert "From 8 ask levels" in market[2].detail


def test_an_entry_fee_in_coins_says_how_many() -> None:
    sized = replace(plans.BUY, quantity_mode=QuantityMode.QUANTITY, quantity="0.1")
    detail = shown(sized, settings=PlanSettings(fee_in_quote=False)).facts[1].detail
    assert "Fees 23.10 (0.25%, taken as 0.00025 BTC) at the entry" in detail


def test_fees_that_eat_every_price_have_no_break_even() -> None:
    account = replace(plans.around().account, fees=Fees(plans.FEES.maker, plans.FEES.maker * 400))  # type: ignore[type-var]
    even = shown(replace(plans.BUY, quantity_mode=QuantityMode.QUANTITY, quantity="0.1"), account=account).facts[0]
    assert (even.value, even.detail) == (
        NO_VALUE,
        "No exit breaks even: the fees take more than any price brings.",
    )


def test_a_wrong_plan_keeps_no_number_and_says_why() -> None:
    facts = shown(plans.BROKEN).facts
    assert [fact.words for fact in facts] == ["Break-even –", "Gross –", "Worst case at the limit –"]
    why = "A stop above the entry would sell as soon as the entry fills."
    assert {fact.detail for fact in facts} == {f"No outcome is shown until the 3 errors are fixed. {why}"}


# On the screen


def block(qtbot: QtBot, width: int, *facts: Fact) -> FactBlock:
    made = FactBlock()
    qtbot.addWidget(made)
    made.resize(width, 10)
    made.show()
    made.show_facts(facts)
    return made


def test_two_facts_share_a_line_where_they_fit(qtbot: QtBot) -> None:
    made = block(qtbot, 328, Fact("Break-even", "93,096.49"), Fact("Gross", "−1 / +2"), Fact("Market stop may slip"))
    first, second, third, fourth = made.cells
    assert first.y() == second.y() == 0
    assert second.geometry().right() == 327
    assert third.y() == first.height()
    assert made.height() == 2 * first.height()
    assert not fourth.isVisible()
    made.show_facts((Fact("Break-even", "9" * 30), Fact("Gross", "−1 / +2")))
    assert (first.y(), second.y()) == (0, first.height())
    assert not third.isVisible()


def test_no_number_is_cut_off_however_long(qtbot: QtBot) -> None:
    gross = "−0.30482716 / +0.76206790"
    made = block(qtbot, 328, Fact("Break-even", "0.00012438"), Fact("Gross", gross), Fact("1% past it", gross))
    assert made.cells[1].y() > made.cells[0].y()
    assert all(cell.needed <= cell.width() for cell in made.cells if cell.isVisible())


def test_each_fact_is_read_out_with_what_it_rests_on(qtbot: QtBot) -> None:
    panel = OutcomePanel()
    qtbot.addWidget(panel)
    panel.resize(352, 400)
    panel.show()
    panel.render(shown())
    cells = panel.facts.cells
    assert [cell.accessibleName() for cell in cells] == [fact.words for fact in shown().facts]
    assert [cell.accessibleDescription() for cell in cells] == [fact.detail for fact in shown().facts]
    assert all(cell.toolTip() for cell in cells)
    assert "Market stop may slip −0.72." in panel.accessibleDescription()
    panel.render(shown(plans.BROKEN))
    assert [cell.accessibleName() for cell in cells[:3]] == ["Break-even –", "Gross –", "Worst case at the limit –"]


def test_a_narrow_column_tells_the_facts_in_its_tooltip(qtbot: QtBot) -> None:
    panel = OutcomePanel()
    qtbot.addWidget(panel)
    panel.resize(288, 400)
    panel.show()
    panel.render(shown())
    assert not panel.facts.isVisible()
    assert "Market stop may slip −0.72." in panel.toolTip()
    assert "If the book at the stop looks like the book now" in panel.toolTip()
    assert FEES_USD in panel.accessibleDescription()
    panel.resize(352, 400)
    assert panel.facts.isVisible()
    assert panel.toolTip() == ""
