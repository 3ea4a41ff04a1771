"""The outcome in words and figures; the numbers are those of the drawings, from the rules themselves."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.rules import evaluate
from otoco_desktop.domain.verdict import Verdict
from otoco_desktop.ui.outcome.state import FIGURE_LABELS, NO_VALUE, build
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.spans import text_of
from tests.ui import plan_examples as plans

BUY_STOP = "sell at market if mark falls to 90,552.00"
BUY_STOP_LIMIT = "sell at 90,500.00 or higher if mark falls to 90,552.00"
BUY_TARGET = "sell at market once mark reaches 97,020.00"
BUY_TARGET_LIMIT = "sell at 97,000.00 or higher once mark reaches 97,020.00"
SELL_STOP = "buy at market if mark rises to 94,248.00"
SELL_STOP_LIMIT = "buy at 94,300.00 or lower if mark rises to 94,248.00"
SELL_TARGET = "buy at market once mark reaches 87,780.00"
SELL_TARGET_LIMIT = "buy at 87,800.00 or lower once mark reaches 87,780.00"


def judged(draft: OtocoDraft) -> Verdict:
    return evaluate(draft, plans.around())


def sentence(verdict: Verdict) -> str:
    return text_of(build(verdict, plans.BTC, plans.FEES).sentence)


@pytest.mark.parametrize(
    ("stop_market", "target_market", "stop", "target"),
    [
        (True, False, BUY_STOP, BUY_TARGET_LIMIT),
        (True, True, BUY_STOP, BUY_TARGET),
        (False, False, BUY_STOP_LIMIT, BUY_TARGET_LIMIT),
        (False, True, BUY_STOP_LIMIT, BUY_TARGET),
    ],
)
def test_a_buy_in_words(stop_market: bool, target_market: bool, stop: str, target: str) -> None:
    sized = replace(plans.BUY, quantity_mode=QuantityMode.QUANTITY, quantity="0.09874")
    draft = replace(sized, stop_market=stop_market, stop_limit="90500.00", target_market=target_market)
    assert sentence(judged(draft)) == (
        "Buy 0.09874 BTC at 92,400.00 or lower. Once all of it has filled, both exits go live: "
        f"{stop}, or {target}. The first to execute cancels the other."
    )


@pytest.mark.parametrize(
    ("stop_market", "target_market", "stop", "target"),
    [
        (True, False, SELL_STOP, SELL_TARGET_LIMIT),
        (True, True, SELL_STOP, SELL_TARGET),
        (False, False, SELL_STOP_LIMIT, SELL_TARGET_LIMIT),
        (False, True, SELL_STOP_LIMIT, SELL_TARGET),
    ],
)
def test_a_sell_in_words(stop_market: bool, target_market: bool, stop: str, target: str) -> None:
    draft = replace(plans.SELL, stop_market=stop_market, target_market=target_market, target_limit="87800.00")
    assert sentence(judged(draft)) == (
        "Sell 0.09874 BTC at 92,400.00 or higher. Once all of it has filled, both exits go live: "
        f"{stop}, or {target}. The first to execute cancels the other."
    )


def test_exits_for_less_than_the_entry_say_for_how_much() -> None:
    sized = replace(plans.BUY, quantity_mode=QuantityMode.QUANTITY, quantity="0.09874", exit_quantity="0.05000")
    assert "Once all of it has filled, both exits go live for 0.05000 BTC of it: sell at" in sentence(judged(sized))
    assert "both exits go live: " in sentence(judged(replace(sized, exit_quantity="0.09874")))


def test_a_fee_taken_in_base_is_no_part_of_the_cost() -> None:
    asked = build(judged(plans.BUY), plans.BTC, plans.FEES).figures[0]
    in_base = build(judged(replace(plans.BUY, fee_in_quote=False)), plans.BTC, plans.FEES).figures[0]
    assert (asked.label, asked.value) == ("Cost incl. fee", "9,146.38")
    assert (in_base.label, in_base.value) == ("Cost before fee", "9,123.58")


def test_the_drawn_figures() -> None:
    state = build(judged(plans.BUY), plans.BTC, plans.FEES)
    assert [(shown.label, shown.value) for shown in state.figures] == list(
        zip(FIGURE_LABELS, ("9,146.38", "−249.99", "+383.51", "1.53", "39.5%", "0.50%"), strict=True)
    )
    assert [shown.tone for shown in state.figures[:3]] == [Token.TEXT, Token.NEG, Token.POS]
    assert state.bar is not None
    assert (state.bar.loss, state.bar.gain) == ("−249.99 at stop", "+383.51 at target")
    assert state.bar.entry_permille == 394
    assert state.caption == (
        "USD. Fees: maker 0.25% in, taker 0.50% out. A market stop can slip: each 0.10% adds 8.94 to the loss."
    )


def test_the_caption_names_two_rates_where_the_exits_differ() -> None:
    verdict = plans.ready()
    assert verdict.figures is not None
    figures = replace(verdict.figures, target_rate=plans.FEES.maker, slip_step=None)
    state = build(replace(verdict, figures=figures), plans.BTC, plans.FEES)
    assert state.caption == "USD. Fees: maker 0.25% in, taker 0.50% at the stop, maker 0.25% at the target."


def test_a_target_that_loses_is_a_loss_on_the_whole_bar() -> None:
    verdict = plans.ready()
    assert verdict.figures is not None
    state = build(replace(verdict, figures=replace(verdict.figures, gain=Decimal("-3"))), plans.BTC, plans.FEES)
    assert state.bar is not None
    assert (state.bar.entry_permille, state.bar.gain_tone) == (1000, Token.NEG)
    assert state.bar.gain == "−3.00 at target"


def test_a_sell_says_what_it_brings() -> None:
    assert build(judged(plans.SELL), plans.BTC, plans.FEES).figures[0].label == "Received after fee"


def test_errors_leave_no_number() -> None:
    state = build(judged(plans.BROKEN), plans.BTC, plans.FEES)
    assert text_of(state.sentence) == (
        "No outcome is shown until the 3 errors are fixed. "
        "A stop above the entry would sell as soon as the entry fills."
    )
    assert state.glyph is Glyph.FAIL
    assert {shown.value for shown in state.figures} == {NO_VALUE}
    assert state.bar is None
    assert state.caption == ""


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (
            replace(plans.BUY, quantity="0.5", target="92000.00", target_limit="91900.00"),
            "A target below the entry would sell at a loss as soon as the entry fills.",
        ),
        (
            replace(plans.SELL, stop="90000.00", stop_limit="90100.00"),
            "A stop below the entry would buy as soon as the entry fills.",
        ),
        (
            replace(plans.SELL, target="93000.00"),
            "A target above the entry would buy at a loss as soon as the entry fills.",
        ),
    ],
)
def test_an_exit_on_the_wrong_side_says_what_it_would_do(draft: OtocoDraft, words: str) -> None:
    assert sentence(judged(draft)).endswith(words)


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (OtocoDraft(), "The outcome appears once entry price, quantity, stop and target are filled in."),
        (replace(plans.BUY, target=""), "The outcome appears once target is filled in."),
        (replace(plans.BUY, target="", quantity=""), "The outcome appears once quantity and target are filled in."),
    ],
)
def test_empty_fields_are_named(draft: OtocoDraft, words: str) -> None:
    state = build(judged(draft), plans.BTC, plans.FEES)
    assert text_of(state.sentence) == words
    assert state.glyph is Glyph.WAITING


def test_without_prices_and_fees_the_outcome_waits() -> None:
    draft = replace(plans.BUY, quantity_mode=QuantityMode.QUANTITY, quantity="0.09874", target="97020", stop="90552")
    state = build(evaluate(draft, replace(plans.around(), account=None)), plans.BTC)
    assert text_of(state.sentence) == "No outcome is shown until prices and fee rates have arrived."
    assert {shown.value for shown in state.figures} == {NO_VALUE}
