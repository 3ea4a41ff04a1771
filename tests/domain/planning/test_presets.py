"""Presets hold a size and distances, never a price; what a draft is kept as comes to the same prices again."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.domain.distance import distance_text
from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.presets import LONGEST_NAME, MOST, Captured, Preset, Presets, Shelf, capture
from otoco_desktop.domain.pricing import PriceText, parse_price
from otoco_desktop.domain.taking import take_market
from tests.domain.planning.plans import AROUND, BTC_USD, BUY, EXAMPLE, SELL, around, holding, judged

D = Decimal
RISK = QuantityMode.RISK
RANGE = Preset("Range", size="0.5 %", stop="2%", target_market=False, target="2.5R", target_limit="+4.9%")


def captured(draft: OtocoDraft, name: str = "Range") -> Captured:
    taken = take_market(draft, AROUND, 0)
    return capture(name, taken, judged(taken).plan, BTC_USD)


# Capturing and applying


def test_distances_are_kept_as_they_were_typed() -> None:
    draft = replace(EXAMPLE, target_limit="+4500")
    assert captured(draft) == Captured(
        Preset("Range", size="0.5 %", stop="2%", target_market=False, target="2.5R", target_limit="+4500")
    )


def test_a_price_becomes_its_distance_and_is_said() -> None:
    found = captured(replace(EXAMPLE, stop="90552", stop_market=False, stop_limit="stop-1%"))
    assert (found.preset.stop, found.preset.stop_limit, found.preset.target_limit) == ("2%", "2.98%", "4.97836%")
    assert found.notes == (
        "stop 90,552.00 is kept as 2%",
        "stop limit 89,646.48 is kept as 2.98%",
        "target limit 97,000.00 is kept as 4.97836%",
    )


def test_a_limit_out_of_use_is_left_out() -> None:
    found = captured(replace(BUY, stop_limit="90000", target_limit="96000"))
    assert (found.preset.stop_limit, found.preset.target_limit) == ("", "")


@pytest.mark.parametrize(
    ("draft", "sentence"),
    [
        (OtocoDraft(entry="92400"), "There is nothing to keep yet. Type a size, a stop or a target first."),
        (
            replace(BUY, entry="", stop="90552"),
            "The stop 90552 is a price, and without an entry its distance is not known. Enter the entry first.",
        ),
        (replace(BUY, stop="2 percent"), '"2 percent" is not understood. Try 2%, -500, 1.5R or a price.'),
        (
            replace(BUY, stop="entry-", entry=""),
            "A number or a word is missing after -.",
        ),
        (
            replace(BUY, stop="bid-1%", entry=""),
            "The stop bid-1% is a price, and without an entry its distance is not known. Enter the entry first.",
        ),
        (replace(BUY, quantity="1,5"), "1,5 has a comma."),
    ],
)
def test_what_cannot_be_kept_is_said(draft: OtocoDraft, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        captured(draft)


def test_applying_fills_size_and_exits_and_nothing_else() -> None:
    draft = OtocoDraft(entry="50000", tag="mine", post_only=True, stop_limit="1", fee_in_quote=True)
    assert RANGE.onto(draft) == replace(
        draft,
        quantity_mode=RISK,
        quantity="0.5 %",
        stop="2%",
        target_market=False,
        target="2.5R",
        target_limit="+4.9%",
        stop_limit="",
    )


def test_what_exits_covered_of_another_size_and_the_limit_of_another_stop_go() -> None:
    before = OtocoDraft(entry="92400", quantity="1", exit_quantity="0.5", stop="91000", stop_limit="90900")
    after = replace(RANGE, stop_market=False).onto(before)
    assert (after.exit_quantity, after.stop, after.stop_limit) == ("", "2%", "")
    assert Preset("Target", target="5%").onto(before) == replace(before, target="5%")


def test_a_size_may_be_a_share_of_what_is_free() -> None:
    """Taken when the preset is used: it holds no amount of the day it was made."""
    made = captured(replace(BUY, quantity="25% of free")).preset
    assert made.size == "25% of free"
    later = take_market(made.onto(OtocoDraft(entry="92400")), around(account=holding(USD="9999")), 0)
    assert judged(later, around(account=holding(USD="9999"))).plan.value(Field.QUANTITY) == D("0.02691")


def test_what_a_preset_does_not_hold_stays() -> None:
    assert Preset("Size", mode=QuantityMode.SPEND, size="500").onto(BUY) == replace(
        BUY, quantity_mode=QuantityMode.SPEND, quantity="500"
    )
    assert Preset("Stop", stop_market=False, stop="3%").onto(BUY) == replace(BUY, stop="3%", stop_market=False)


def test_signs_turn_over_for_the_other_side() -> None:
    preset = Preset("Signed", stop="-500", stop_limit="-600", target="+2%", target_limit="2%")
    sold = preset.onto(SELL)
    assert (sold.stop, sold.stop_limit, sold.target, sold.target_limit) == ("+500", "+600", "-2%", "2%")
    assert replace(preset, side=Side.SELL).onto(SELL).stop == "-500"


def test_without_an_entry_the_entry_stays_empty() -> None:
    assert RANGE.onto(OtocoDraft()).entry == ""


# What a preset may hold


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": " "}, "Give the preset a name."),
        ({"name": " a"}, "A preset's name has no space at its ends and no invisible characters."),
        ({"name": "a\u202eb"}, "A preset's name has no space at its ends and no invisible characters."),
        ({"name": "x" * 41}, f"The name has 41 characters, {LONGEST_NAME} is the most."),
        ({"stop": "90552"}, "A preset's stop is a distance from the entry such as 2%, not 90552."),
        ({"target": "mark+1"}, "A preset's target is a distance from the entry such as 2%, not mark+1."),
        ({"target_limit": "4,9%"}, "A preset's target limit is a distance from the entry such as 2%, not 4,9%."),
        ({"size": "0,5%"}, "0,5 has a comma."),
    ],
)
def test_a_preset_refuses_what_makes_no_sense(changes: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        replace(RANGE, **changes)  # type: ignore[arg-type]  # names are checked by replace itself


# The shelf


def test_a_name_is_taken_once_whatever_its_case() -> None:
    shelf = Shelf().put(RANGE).beginning_with(RANGE)
    wider = replace(RANGE, name="RANGE", stop="3%")
    assert shelf.put(wider) == Shelf((wider,), "RANGE")
    assert shelf.put(replace(wider, name="Wide")).put(wider) == Shelf((wider, replace(wider, name="Wide")), "RANGE")
    other = shelf.put(replace(RANGE, name="Wide"))
    with pytest.raises(ValueError, match=r"^Range is the name of another preset\.$"):
        other.renamed(other.presets[1], "range")


def test_renaming_and_deleting_follow_the_one_for_new_plans() -> None:
    wide = replace(RANGE, name="Wide")
    shelf = Shelf().put(RANGE).put(wide).beginning_with(wide)
    assert shelf.renamed(wide, "Wider").first == "Wider"
    assert shelf.renamed(RANGE, "Narrow").first == "Wide"
    assert shelf.without(wide) == Shelf((RANGE,))
    assert shelf.without(RANGE) == Shelf((wide,), "Wide")
    assert shelf.beginning_with(None).first == ""


def test_a_shelf_has_an_end() -> None:
    full = Shelf(tuple(replace(RANGE, name=f"P{at}") for at in range(MOST)))
    with pytest.raises(ValueError, match=r"^There are 20 presets already\. Delete one first\.$"):
        full.put(RANGE)
    with pytest.raises(ValueError, match=r"^Gone is no preset\.$"):
        Shelf((RANGE,), "Gone")


def test_each_instrument_has_its_own() -> None:
    kept = Presets().placing("BTC_USD", Shelf((RANGE,), "Range")).placing("ETH_USD", Shelf((RANGE,)))
    assert (kept.first("BTC_USD"), kept.first("ETH_USD"), kept.first("SOL_USD")) == (RANGE, None, None)
    assert kept.placing("BTC_USD", Shelf()) == Presets({"ETH_USD": Shelf((RANGE,))})


# Distances


@pytest.mark.parametrize(
    ("side", "field", "price", "text"),
    [
        (Side.BUY, Field.STOP, "90552.00", "2%"),
        (Side.BUY, Field.STOP, "90551.99", "2.00001%"),
        (Side.BUY, Field.TARGET, "97020.00", "5%"),
        (Side.BUY, Field.STOP, "94248.00", "+2%"),
        (Side.BUY, Field.TARGET, "91476.00", "-1%"),
        (Side.SELL, Field.STOP, "94248.00", "2%"),
        (Side.SELL, Field.TARGET, "93324.00", "+1%"),
        (Side.BUY, Field.STOP, "92400.00", "0%"),
        (Side.BUY, Field.STOP, "90552.005", "1.999995%"),
    ],
)
def test_the_shortest_percentage(side: Side, field: Field, price: str, text: str) -> None:
    assert distance_text(D(price), field, side, BTC_USD, D("92400.00")) == text


CENTS = st.integers(1, 20_000_000).map(lambda cents: D(cents).scaleb(-2))
FIELDS = st.sampled_from([Field.STOP, Field.STOP_LIMIT, Field.TARGET, Field.TARGET_LIMIT])


@given(st.sampled_from(Side), FIELDS, CENTS, CENTS)
def test_a_distance_comes_to_the_very_price_again(side: Side, field: Field, price: Decimal, entry: Decimal) -> None:
    text = distance_text(price, field, side, BTC_USD, entry)
    assert isinstance(parse_price(text), PriceText)
    draft = OtocoDraft(side=side, entry=f"{entry}", stop_market=False, target_market=False).with_text(field, text)
    assert judged(draft).plan.value(field) == price


@given(st.sampled_from(Side), CENTS, CENTS, CENTS, st.sampled_from(QuantityMode))
def test_a_kept_draft_comes_to_the_same_plan(
    side: Side, entry: Decimal, stop: Decimal, target: Decimal, mode: QuantityMode
) -> None:
    draft = OtocoDraft(side, f"{entry}", mode, "1", stop=f"{stop}", target=f"{target}")
    again = captured(draft).preset.onto(OtocoDraft(side=side, entry=f"{entry}"))
    before, after = judged(draft).plan, judged(again).plan
    assert all(before.value(field) == after.value(field) for field in Field)


def test_a_mode_has_a_name_within_a_sentence() -> None:
    assert [mode.word for mode in QuantityMode] == ["quantity", "spend", "risk"]
