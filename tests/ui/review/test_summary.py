"""A confirmed plan in the words of the sheet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from otoco_desktop.app.state import Confirmed
from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.rules import evaluate
from otoco_desktop.domain.verdict import Verdict
from otoco_desktop.ui.review.state import ReviewContent
from otoco_desktop.ui.review.summary import age_words, content
from otoco_desktop.ui.widgets.spans import text_of
from tests.ui import plan_examples as plans


def shown(verdict: Verdict, environment: str = "PRACTICE") -> ReviewContent:
    return content(Confirmed("t", verdict, plans.REQUEST_JSON), plans.BTC, environment)


def judged(draft: OtocoDraft) -> Verdict:
    return evaluate(draft, plans.around())


def lines(made: ReviewContent, leg: int) -> list[str]:
    return [text_of(line) for line in made.legs[leg].lines]


def advice(made: ReviewContent) -> list[str]:
    return [text_of(line.words) for line in made.advice]


def test_the_drawn_legs() -> None:
    made = shown(judged(plans.BUY))
    assert [(leg.title, leg.order_type) for leg in made.legs] == [
        ("Entry", "LIMIT"),
        ("Stop", "STOP_LOSS"),
        ("Target", "TAKE_PROFIT_LIMIT"),
    ]
    assert lines(made, 0) == ["Buy 0.09874 BTC at 92,400.00 or lower.", "Good till cancelled."]
    assert lines(made, 1) == ["If mark falls to 90,552.00 (−2.00%, 184,800 ticks),", "sell 0.09874 BTC at market."]
    assert lines(made, 2) == [
        "If mark rises to 97,020.00 (+5.00%, 462,000 ticks),",
        "sell 0.09874 BTC at 97,000.00 or higher.",
    ]
    assert [(leg.value, leg.fee, leg.result) for leg in made.legs] == [
        ("9,123.58", "22.81", "–"),
        ("8,941.10", "44.71", "−249.99"),
        ("9,577.78", "47.89", "+383.51"),
    ]


def test_a_sell_turns_every_word_over() -> None:
    sized = replace(plans.SELL, quantity_mode=QuantityMode.QUANTITY)
    made = shown(judged(sized))
    assert lines(made, 0)[0] == "Sell 0.09874 BTC at 92,400.00 or higher."
    assert lines(made, 1) == [
        "If mark rises to 94,248.00 (+2.00%, 184,800 ticks),",
        "buy 0.09874 BTC at 94,300.00 or lower.",
    ]
    assert lines(made, 2) == ["If mark falls to 87,780.00 (−5.00%, 462,000 ticks),", "buy 0.09874 BTC at market."]


def test_the_drawn_advice() -> None:
    assert advice(shown(judged(plans.BUY))) == [
        "A part fill has no stop. If only some of the entry fills, neither exit is active for that part.",
        "Exits trigger on mark price, not last price. A market stop can fill below 90,552.00; each 0.10% costs 8.94.",
        "A limit target can stay unfilled if price touches 97,020.00 and falls back below 97,000.00.",
        "If no reply comes, the app asks the exchange what happened. It never sends the same plan twice by itself.",
    ]


def test_a_limit_stop_is_warned_of() -> None:
    sized = replace(plans.BUY, quantity_mode=QuantityMode.QUANTITY, quantity="0.09874")
    made = advice(shown(judged(replace(sized, stop_market=False, stop_limit="90500.00", target_market=True))))
    assert made[1] == "Exits trigger on mark price, not last price."
    assert made[2] == (
        "A limit stop can stay unfilled if price falls to 90,552.00 and goes on below 90,500.00 before it fills. "
        "Then there is no stop."
    )
    assert len(made) == 4


def test_only_warnings_need_a_tick() -> None:
    made = shown(judged(plans.SELL))
    assert [warning.title for warning in made.warnings] == ["Market exits", "Entry price"]
    assert shown(judged(plans.BUY)).warnings == ()


def test_the_band_and_the_button_name_the_environment() -> None:
    practice, local = shown(plans.ready()), shown(plans.ready(), "LOCAL")
    assert (practice.band.text, practice.submit_label) == ("PRACTICE: simulated money", "Submit practice strategy")
    assert (local.band.text, local.submit_label) == ("LOCAL: a server on this computer", "Submit local strategy")


def test_the_request_is_shown_as_it_is_sent() -> None:
    assert shown(plans.ready()).request_json == plans.REQUEST_JSON


def test_a_plan_without_figures_is_never_reviewed() -> None:
    with pytest.raises(ValueError, match="without figures"):
        shown(plans.broken())


@pytest.mark.parametrize(("age_ms", "words"), [(0, "0.0 s"), (249, "0.2 s"), (1999, "1.9 s"), (12_345, "12.3 s")])
def test_ages_are_cut(age_ms: int, words: str) -> None:
    assert age_words(age_ms) == words
