"""Amending and cancelling one exit: what is taken, what is refused with which code, and what then triggers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from otoco_desktop.practice.amending import read_amend
from otoco_desktop.practice.model import Amend, Halt, Kind, Leg, NewList, Refused, Side, Status
from tests.practice.desk import BTC, Desk, bracket, with_halt

D = Decimal
SELL = bracket("a", Side.SELL, prices=("94000.00", "95500.00", "90000.00"), limits=("95600.00", "89900.00"))


def ask(desk: Desk, client_oid: str, trigger: str = "", price: str = "0", quantity: str = "0.10000") -> None:
    """Amend an exit as a request does; without a trigger it keeps its own."""
    params = {"client_oid": client_oid, "new_quantity": quantity, "new_price": price}
    if trigger:
        params["new_ref_price"] = trigger
    leg = desk.engine.amendable("", client_oid)
    amend = read_amend(params, leg, BTC)
    desk.engine.check_amend(leg, amend, desk.mark)
    desk.engine.ask_amend(leg, amend)


def leg_of(desk: Desk, client_oid: str) -> Leg:
    found = desk.book.find("", client_oid)
    assert found is not None
    return found


def opened(wanted: NewList | None = None, at: str = "92300.00") -> Desk:
    """A desk whose entry is filled and whose exits wait."""
    desk = Desk()
    list_id = desk.create(wanted or bracket())
    desk.price(at)
    assert desk.statuses(list_id) == ("FILLED", "ACTIVE", "ACTIVE")
    desk.reports.clear()
    return desk


def code_of(act: Any) -> int:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


# What it does


def test_a_moved_stop_fires_at_its_new_trigger_and_not_at_the_old_one() -> None:
    desk = opened()
    ask(desk, "a-s", "90500.00")
    desk.settle()
    assert [(leg.client_oid, leg.status, leg.ref_price) for leg in desk.reports] == [("a-s", "ACTIVE", D("90500.00"))]
    desk.price("90900.00")
    assert leg_of(desk, "a-s").status is Status.ACTIVE
    desk.price("90500.00")
    assert (leg_of(desk, "a-s").status, leg_of(desk, "a-t").status) == (Status.FILLED, Status.CANCELED)


def test_until_it_is_carried_out_the_old_trigger_counts() -> None:
    desk = opened()
    ask(desk, "a-s", "90500.00")
    desk.price("91000.00")
    desk.settle()
    assert (leg_of(desk, "a-s").status, leg_of(desk, "a-s").ref_price) == (Status.FILLED, D("91000.00"))
    assert not [leg for leg in desk.reports if leg.ref_price == D("90500.00")]


def test_a_stop_that_fired_and_rests_keeps_its_values() -> None:
    desk = opened(bracket(limits=("90990.00", None)))
    ask(desk, "a-s", "90500.00", "90400.00")
    desk.price("90900.00")
    desk.settle()
    stop = leg_of(desk, "a-s")
    assert (stop.is_working, stop.ref_price, stop.price) == (True, D("91000.00"), D("90990.00"))


def test_a_sleeping_exit_moves_and_wakes_at_its_new_price() -> None:
    desk = Desk()
    desk.create(bracket())
    ask(desk, "a-t", "96000.00")
    desk.settle()
    assert (leg_of(desk, "a-t").status, leg_of(desk, "a-t").ref_price) == (Status.PENDING, D("96000.00"))
    desk.price("92300.00")
    desk.price("95900.00")
    assert leg_of(desk, "a-t").status is Status.ACTIVE
    desk.price("96000.00")
    assert leg_of(desk, "a-t").status is Status.FILLED


@pytest.mark.parametrize(
    ("client_oid", "limit", "trigger", "kind"),
    [
        ("a-s", "90900.00", "91000.00", Kind.STOP_LIMIT),
        ("a-t", "95400.00", "95500.00", Kind.TAKE_PROFIT_LIMIT),
    ],
)
def test_a_price_makes_a_limit_exit_and_zero_a_market_exit(
    client_oid: str, limit: str, trigger: str, kind: Kind
) -> None:
    desk = opened()
    ask(desk, client_oid, price=limit)
    desk.settle()
    made = leg_of(desk, client_oid)
    assert (made.kind, made.price, made.ref_price) == (kind, D(limit), D(trigger))
    for zero in ("0", "0.00"):
        ask(desk, client_oid, price=zero)
        desk.settle()
        assert (leg_of(desk, client_oid).kind.is_market, leg_of(desk, client_oid).price) == (True, None)


def test_a_stop_made_a_limit_one_rests_where_the_market_gaps_away() -> None:
    desk = opened()
    ask(desk, "a-s", price="90990.00")
    desk.settle()
    desk.price("90000.00")
    assert leg_of(desk, "a-s").is_working
    assert desk.book.account.reserved("BTC") == leg_of(desk, "a-s").left


def test_a_smaller_quantity_sells_less() -> None:
    desk = opened()
    ask(desk, "a-s", quantity="0.04000")
    desk.settle()
    desk.price("91000.00")
    assert (leg_of(desk, "a-s").filled, leg_of(desk, "a-s").status) == (D("0.04000"), Status.FILLED)


def test_a_sell_bracket_mirrors_it() -> None:
    desk = opened(SELL, "94100.00")
    ask(desk, "a-s", "95000.00", "95100.00")
    ask(desk, "a-t", "91000.00", "90900.00")
    desk.settle()
    desk.price("94900.00")
    assert leg_of(desk, "a-s").status is Status.ACTIVE
    desk.price("95000.00")
    assert leg_of(desk, "a-s").status is Status.FILLED


def test_the_last_of_two_amends_counts() -> None:
    desk = opened()
    ask(desk, "a-s", "90500.00")
    ask(desk, "a-s", "90700.00")
    desk.settle()
    assert [leg.ref_price for leg in desk.reports] == [D("90700.00")]
    desk.reports.clear()
    desk.settle()
    assert desk.reports == []


def test_a_cancel_wins_over_an_amend() -> None:
    desk = opened()
    ask(desk, "a-s", "90500.00")
    desk.engine.ask_cancel("", "a-s")
    desk.settle()
    assert [(leg.status, leg.ref_price) for leg in desk.reports] == [("CANCELED", D("91000.00"))]


def test_a_renamed_exit_ends_with_nothing_filled_and_lives_on() -> None:
    desk = opened()
    old = leg_of(desk, "a-s")
    desk.engine.ask_amend(old, Amend(quantity=old.quantity, price=None, ref_price=D("90500.00"), renames=True))
    desk.settle()
    ended, new = desk.reports
    assert ended == replace(old, status=Status.CANCELED, amend=ended.amend, updated_ns=ended.updated_ns, cuts=())
    assert (new.order_id != old.order_id, new.status, new.ref_price) == (True, Status.ACTIVE, D("90500.00"))
    assert (new.client_oid, new.list_id, new.leg_id) == (old.client_oid, old.list_id, old.leg_id)
    assert desk.book.family(old.list_id)[1] == leg_of(desk, "a-s") == new
    desk.price("90500.00")
    assert desk.statuses(old.list_id) == ("FILLED", "FILLED", "CANCELED")


def test_the_last_open_exit_can_be_renamed() -> None:
    desk = opened()
    desk.engine.ask_cancel("", "a-t")
    desk.settle()
    old = leg_of(desk, "a-s")
    desk.engine.ask_amend(old, Amend(quantity=old.quantity, price=None, ref_price=D("90500.00"), renames=True))
    desk.settle()
    desk.price("90500.00")
    assert desk.statuses(old.list_id) == ("FILLED", "FILLED", "CANCELED")


# What it refuses


@pytest.mark.parametrize(
    ("trigger", "price", "quantity", "code"),
    [
        ("90000.005", "0", "0.10000", 229),
        ("-1", "0", "0.10000", 229),
        ("0", "0", "0.10000", 229),
        ("1e4", "0", "0.10000", 229),
        ("92300.00", "0", "0.10000", 229),
        ("93000.00", "0", "0.10000", 229),
        ("90000.00", "89999.995", "0.10000", 308),
        ("90000.00", "-0", "0.10000", 308),
        ("90000.00", "market", "0.10000", 308),
        ("90000.00", "", "0.10000", 308),
        ("90000.00", "76499.99", "0.10000", 315),
        ("90000.00", "900000.01", "0.10000", 315),
        ("90000.00", "0", "0.100005", 213),
        ("90000.00", "0", "0", 213),
        ("90000.00", "0", "0.10001", 213),
        ("90000.00", "0", "0.00001", 415),
    ],
)
def test_values_no_exit_may_have(trigger: str, price: str, quantity: str, code: int) -> None:
    desk = opened()
    assert code_of(lambda: ask(desk, "a-s", trigger, price, quantity)) == code
    desk.settle()
    assert desk.reports == []


def test_the_edges_of_what_may_be() -> None:
    for trigger, price, quantity in (
        ("92299.99", "0", "0.10000"),
        ("90000.00", "76500.00", "0.10000"),
        ("90000.00", "900000.00", "0.10000"),
        ("90000.00", "0", "0.00002"),
    ):
        desk = opened()
        ask(desk, "a-s", trigger, price, quantity)
        desk.settle()
        assert len(desk.reports) == 1


def test_a_trigger_is_less_than_twice_the_mark() -> None:
    desk = opened()
    assert code_of(lambda: ask(desk, "a-t", "184600.00")) == 229
    ask(desk, "a-t", "184599.99")


def test_while_the_entry_is_open_the_trigger_stands_on_its_side_of_the_entry() -> None:
    desk = Desk()
    desk.create(bracket())
    assert code_of(lambda: ask(desk, "a-s", "92400.00")) == 229
    assert code_of(lambda: ask(desk, "a-t", "92400.00")) == 229
    ask(desk, "a-s", "92399.99")
    ask(desk, "a-t", "92400.01")


def test_of_a_partly_filled_entry_too() -> None:
    desk = Desk()
    desk.create(with_halt(bracket(), Halt.STAY))
    desk.price("92300.00")
    assert leg_of(desk, "a-e").filled
    assert code_of(lambda: ask(desk, "a-s", "92400.00")) == 229
    ask(desk, "a-s", "92350.00")


@pytest.mark.parametrize("missing", ["new_quantity", "new_price"])
def test_what_is_required_and_missing(missing: str) -> None:
    leg = leg_of(opened(), "a-s")
    params = {"new_quantity": "0.10000", "new_price": "0", "new_ref_price": "90000.00"}
    del params[missing]
    assert code_of(lambda: read_amend(params, leg, BTC)) == 40004


@pytest.mark.parametrize("name", ["price", "new_trigger_price", "ref_price", "instrument_name"])
def test_names_nobody_knows(name: str) -> None:
    params = {"new_quantity": "0.10000", "new_price": "0", name: "90000.00"}
    assert code_of(lambda: read_amend(params, leg_of(opened(), "a-s"), BTC)) == 40004


def test_without_a_new_trigger_the_old_one_stays() -> None:
    desk = opened()
    ask(desk, "a-s", price="90900.00")
    desk.settle()
    assert leg_of(desk, "a-s").ref_price == D("91000.00")


def test_orders_that_cannot_be_amended() -> None:
    desk = Desk()
    desk.create(bracket())
    assert code_of(lambda: ask(desk, "a-e", "90000.00")) == 218
    assert code_of(lambda: ask(desk, "nobody", "90000.00")) == 212
    desk.engine.ask_cancel("", "a-s")
    desk.settle()
    assert code_of(lambda: ask(desk, "a-s", "90000.00")) == 316


def test_an_exit_that_fired_cannot_be_amended() -> None:
    desk = opened(bracket(limits=("90990.00", None)))
    desk.price("90000.00")
    assert leg_of(desk, "a-s").is_working
    assert code_of(lambda: ask(desk, "a-s", "89000.00", "88900.00")) == 307


# Cancelling one order


def test_a_removed_target_leaves_the_stop_to_fire() -> None:
    desk = opened()
    desk.engine.ask_cancel("", "a-t")
    desk.settle()
    desk.price("96000.00")
    desk.price("91000.00")
    assert [leg_of(desk, f"a-{letter}").status for letter in "est"] == ["FILLED", "FILLED", "CANCELED"]


def test_a_removed_stop_leaves_the_target_and_never_fires() -> None:
    desk = opened()
    desk.engine.ask_cancel("", "a-s")
    desk.settle()
    desk.price("90000.00")
    desk.price("95500.00")
    assert [leg_of(desk, f"a-{letter}").status for letter in "est"] == ["FILLED", "CANCELED", "FILLED"]


def test_an_exit_removed_before_the_entry_filled_never_wakes() -> None:
    desk = Desk()
    list_id = desk.create(bracket())
    desk.engine.ask_cancel("", "a-s")
    desk.settle()
    assert desk.statuses(list_id) == ("ACTIVE", "CANCELED", "PENDING")
    desk.price("92300.00")
    desk.price("90000.00")
    assert desk.statuses(list_id) == ("FILLED", "CANCELED", "ACTIVE")


def test_both_exits_removed_leave_the_position() -> None:
    desk = opened()
    for client_oid in ("a-s", "a-t"):
        desk.engine.ask_cancel("", client_oid)
    desk.settle()
    for price in ("90000.00", "96000.00"):
        desk.price(price)
    assert not [fill for fill in desk.fills if fill.client_oid != "a-e"]
    assert desk.book.account.reserved("BTC") == 0


def test_a_resting_exit_that_is_removed_frees_its_coins_and_the_other_stays() -> None:
    desk = opened(bracket(limits=("90990.00", None)))
    desk.price("90000.00")
    assert desk.book.account.reserved("BTC") > 0
    desk.engine.ask_cancel("", "a-s")
    desk.settle()
    assert desk.book.account.reserved("BTC") == 0
    desk.price("95500.00")
    assert leg_of(desk, "a-t").status is Status.FILLED


def test_cancelling_the_entry_by_its_order_ends_both_exits() -> None:
    desk = Desk()
    list_id = desk.create(bracket())
    desk.engine.ask_cancel("", "a-e")
    desk.settle()
    assert desk.statuses(list_id) == ("CANCELED", "CANCELED", "CANCELED")
    assert desk.book.account.reserved("USD") == 0


def test_asked_twice_it_ends_once() -> None:
    desk = opened()
    for _ in range(2):
        desk.engine.ask_cancel("", "a-s")
    desk.settle()
    assert [leg.status for leg in desk.reports] == ["CANCELED"]
