"""A plan that was sent, planned again: with its own prices, and with its distances at the price of today."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.domain.again import Rebased, draft_of, rebased
from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.events import Planned
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.lifecycle import begin
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.parse import to_order
from otoco_desktop.domain.strategy import Strategy
from tests.domain.planning.plans import BTC_USD, EXAMPLE, SELL, around, judged
from tests.domain.truth.builders import intended

D = Decimal
MARK = D("93118.42")


def sent(draft: OtocoDraft, mark: Decimal | None = MARK, *, known: bool = True) -> Strategy:
    """The draft as a strategy; ``known`` says whether figures were recorded with it."""
    here = around(post_only_usable=True)
    order = to_order(judged(draft, here), "a" * 26, here)
    planned = Planned(D(-1), D(1), D(0), D(0), mark, draft.quantity_mode.value, draft.quantity) if known else None
    return begin(replace(intended(), number=415, order=order, planned=planned, tag=draft.tag))


def test_at_the_same_price_it_is_the_same_plan_again() -> None:
    again = rebased(sent(EXAMPLE), BTC_USD, MARK)
    assert again == Rebased(
        replace(EXAMPLE, target="5%", target_limit="4.97836%", fee_in_quote=True),
        "Re-based from S-0415: entry 0.77% below mark as then.",
    )


def test_it_moves_with_the_mark_price() -> None:
    again = rebased(sent(EXAMPLE), BTC_USD, MARK * 2)
    plan = judged(again.draft).plan
    assert (plan.value(Field.ENTRY), plan.value(Field.STOP)) == (D("184800.00"), D("181104.00"))


@pytest.mark.parametrize(
    ("draft", "sentence"),
    [
        (replace(EXAMPLE, entry="93118.42"), "Re-based from S-0415: entry at mark as then."),
        (SELL, "Re-based from S-0415: entry 0.95% above mark as then."),
    ],
)
def test_where_the_entry_lay_is_said(draft: OtocoDraft, sentence: str) -> None:
    assert rebased(sent(draft), BTC_USD, MARK).sentence == sentence


def test_without_the_mark_of_then_the_entry_is_empty_and_that_is_said() -> None:
    for strategy in (sent(EXAMPLE, None), sent(EXAMPLE, known=False)):
        again = rebased(strategy, BTC_USD, MARK)
        assert (again.draft.entry, again.draft.stop) == ("", "2%")
        assert again.sentence == "Re-based from S-0415. The entry is empty: the mark price of then is not on record."


def test_without_the_mark_of_now_the_entry_is_empty_and_that_is_said() -> None:
    again = rebased(sent(EXAMPLE), BTC_USD, None)
    assert again.draft.entry == ""
    assert again.sentence == "Re-based from S-0415. The entry is empty: the mark price is not known now."


def test_a_mark_so_low_that_no_price_is_left_leaves_the_entry_empty() -> None:
    assert rebased(sent(EXAMPLE), BTC_USD, D("0.001")).draft.entry == ""


def test_the_size_is_as_it_was_typed_or_the_quantity() -> None:
    assert rebased(sent(EXAMPLE), BTC_USD, MARK).draft.quantity == "0.5 %"
    assert rebased(sent(EXAMPLE), BTC_USD, MARK).draft.quantity_mode is QuantityMode.RISK
    before = rebased(sent(EXAMPLE, known=False), BTC_USD, MARK).draft
    assert (before.quantity_mode, before.quantity) == (QuantityMode.QUANTITY, "0.09874")
    strange = sent(EXAMPLE)
    assert strange.intent.planned
    planned = replace(strange.intent.planned, size_mode="Later")
    newer = replace(strange, intent=replace(strange.intent, planned=planned))
    assert rebased(newer, BTC_USD, MARK).draft.quantity == "0.09874"


def test_planned_again_as_it_was_it_has_its_own_prices() -> None:
    draft = replace(SELL, tag="mine", post_only=False)
    assert draft_of(sent(draft)) == replace(
        draft, entry="94000.00", quantity="0.10000", stop="95880.00", stop_limit="96000.00",
        target="89300.00", target_limit="89300.00",
    )  # fmt: skip


@pytest.mark.parametrize("in_quote", [True, False])
@pytest.mark.parametrize("draft", [EXAMPLE, SELL, replace(EXAMPLE, exit_quantity="0.09000", post_only=True)])
def test_planned_again_it_is_the_same_order_whatever_settings_say_now(draft: OtocoDraft, in_quote: bool) -> None:
    first = sent(replace(draft, fee_in_quote=in_quote))
    for now in (True, False):
        here = around(fee_in_quote=now, post_only_usable=True)
        assert to_order(judged(draft_of(first), here), "a" * 26, here) == first.intent.order


@given(st.integers(1_000, 30_000_000).map(lambda cents: D(cents).scaleb(-2)), st.sampled_from([EXAMPLE, SELL]))
def test_the_entry_keeps_its_distance_to_within_a_tick(mark: Decimal, draft: OtocoDraft) -> None:
    again = rebased(sent(draft), BTC_USD, mark)
    entry = judged(again.draft).plan.value(Field.ENTRY)
    assert entry
    exact = Fraction(draft.entry) / Fraction(MARK) * Fraction(mark)
    off = Fraction(entry) - exact if draft.side is Side.SELL else exact - Fraction(entry)
    assert 0 <= off < Fraction(1, 100)


def test_smaller_exits_are_planned_again_only_at_the_same_size() -> None:
    chosen = sent(replace(EXAMPLE, exit_quantity="0.09000"))
    assert draft_of(chosen).exit_quantity == "0.09000"
    assert rebased(chosen, BTC_USD, MARK).draft.exit_quantity == ""
