"""What a calculation names of the market is taken once, when it is typed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from otoco_desktop.domain.draft import MARKET, Taken
from otoco_desktop.domain.finding import Field, Severity
from otoco_desktop.domain.market import Quote
from otoco_desktop.domain.taking import take_market
from tests.domain.planning.calculated import AT_MS, typed
from tests.domain.planning.plans import AROUND, BUY, QUOTE, around, expect, judged

D = Decimal


def test_the_market_s_prices_are_kept_as_they_were() -> None:
    draft = typed(BUY, entry="mark-0.5%")
    assert draft.taken == (Taken(Field.ENTRY, "mark-0.5%", AT_MS, (("mark", D("93118.42")),)),)
    later = around(mark=D("50000"), bid=D("49999"), ask=D("50001"))
    assert judged(draft, later).plan.value(Field.ENTRY) == D("92652.82")
    assert take_market(draft, later, AT_MS + 1) is draft


def test_typing_takes_them_anew() -> None:
    draft = typed(BUY, entry="mark-0.5%", stop="bid-3%")
    again = take_market(draft.with_text(Field.ENTRY, "mark-0.5%"), around(mark=D("90000")), AT_MS + 5)
    assert again.taken_for(Field.ENTRY) == Taken(Field.ENTRY, "mark-0.5%", AT_MS + 5, (("mark", D("90000")),))
    assert again.taken_for(Field.STOP) == draft.taken_for(Field.STOP)


def test_a_field_is_as_it_was_in_another_draft() -> None:
    before = typed(BUY, entry="mark-0.5%", stop="bid-3%")
    moved = take_market(before.with_text(Field.ENTRY, "91000").with_text(Field.STOP, "2%"), around(mark=D(5)), AT_MS)
    back = moved.with_field_of(before, Field.ENTRY)
    assert (back.entry, back.stop, back.taken) == ("mark-0.5%", "2%", (before.taken_for(Field.ENTRY),))
    plain = back.with_field_of(BUY, Field.ENTRY)
    assert (plain.entry, plain.taken) == (BUY.entry, ())


def test_a_stale_market_is_not_taken() -> None:
    for age_ms, is_taken in ((8_000, True), (8_001, False)):
        later = replace(AROUND, now_ms=1_000 + age_ms)
        assert bool(take_market(BUY.with_text(Field.ENTRY, "mark"), later, AT_MS).taken) is is_taken
    found = expect(judged(BUY.with_text(Field.ENTRY, "mark"), replace(AROUND, now_ms=10_001)), "entry.market")
    assert (found.severity, found.message) == (
        Severity.WAIT,
        "mark is 9.0 s old. It is taken as soon as a new one comes, or type a price.",
    )


def test_prices_taken_for_another_text_do_not_count() -> None:
    draft = replace(typed(BUY, entry="mark-0.5%"), entry="mark-1%")
    assert draft.taken_for(Field.ENTRY) is None
    assert judged(draft).plan.value(Field.ENTRY) is None


def test_a_text_that_names_no_price_of_the_market_takes_none() -> None:
    assert typed(BUY, stop="entry-2%", entry="92000+1%").taken == ()


def test_several_prices_are_taken_at_one_moment_or_wait() -> None:
    half = typed(BUY, market=replace(QUOTE, bid=None), entry="(bid+ask)/2")
    assert half.taken == ()
    found = expect(judged(half), "entry.market")
    assert (found.severity, found.message, found.wrong) == (
        Severity.WAIT,
        "bid is not known yet. It is taken as soon as it comes, or type a price.",
        "bid",
    )
    assert take_market(half, AROUND, AT_MS + 9).taken[0].prices == (("bid", D("93119.50")), ("ask", D("93120.10")))


@pytest.mark.parametrize("prices", [(("marc", D(1)),), (("mark", D(0)),), (("mark", D("NaN")),), (("mark", D(-1)),)])
def test_what_no_market_says_is_not_taken_for_one(prices: tuple[tuple[str, Decimal], ...]) -> None:
    with pytest.raises(ValueError, match="above zero"):
        Taken(Field.ENTRY, "mark", AT_MS, prices)


def test_a_price_of_zero_or_less_is_none() -> None:
    for nothing in (D(0), D(-1), D("NaN"), D("1E-400000"), D("1E+400000")):
        assert typed(BUY, market=replace(QUOTE, mark=nothing), entry="mark").taken == ()


@pytest.mark.parametrize("word", MARKET)
def test_each_word_is_said_while_it_is_not_known(word: str) -> None:
    for quote in (None, Quote("BTC_USD")):
        verdict = judged(typed(BUY, market=quote, entry=word))
        assert expect(verdict, "entry.market").message.startswith(f"{word} is not known yet.")
        assert not verdict.submittable
