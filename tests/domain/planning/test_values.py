"""The plain values that plans are made of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.finding import Field, Severity
from otoco_desktop.domain.order import Leg, LegRole, OrderType, Side
from otoco_desktop.domain.parse import to_order
from tests.domain.planning.plans import AROUND, BTC_USD, BUY, QUOTE, D, judged


def test_a_draft_changes_one_text_at_a_time() -> None:
    draft = OtocoDraft()
    assert draft.is_empty
    for field in Field:
        text = "SELL" if field is Field.SIDE else f" {field} as typed "
        changed = draft.with_text(field, text)
        assert changed.text(field) == text
        assert [one for one in Field if changed.text(one) != draft.text(one)] == [field]
        assert changed.is_empty is (field is Field.SIDE)


def test_a_quote_has_a_middle_only_with_both_sides() -> None:
    assert QUOTE.mid == D("93119.80")
    assert replace(QUOTE, bid=None).mid is replace(QUOTE, ask=None).mid is None


def test_an_instrument_knows_its_decimals() -> None:
    assert (BTC_USD.price_places, BTC_USD.quantity_places, BTC_USD.is_spot) == (2, 5, True)
    assert replace(BTC_USD, price_tick=D(10)).price_places == 0


def test_a_leg_is_valued_at_its_limit_or_else_its_trigger() -> None:
    order = to_order(judged(BUY), "a" * 26, AROUND)
    assert [order.leg(role).reference_price for role in LegRole] == [D(92_400), D(90_552), D(97_020)]
    assert (order.side, order.quantity) == (Side.BUY, D("0.1"))
    bare = Leg(LegRole.STOP, Side.SELL, OrderType.STOP_LOSS, D(1), "x")
    with pytest.raises(ValueError, match="neither a price nor a trigger"):
        _ = bare.reference_price


def test_only_what_is_wrong_missing_or_unchecked_blocks() -> None:
    assert [one for one in Severity if one.blocks] == [Severity.FAIL, Severity.INCOMPLETE, Severity.WAIT]
