"""The engine's rules, one by one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from otoco_desktop.practice.levels import DEPTH
from otoco_desktop.practice.model import Halt, NewList, Refused, Side, Status
from otoco_desktop.practice.rows import book_sides
from tests.practice.desk import BTC, Desk, bracket, quote, with_halt

D = Decimal


def open_position(desk: Desk, wanted: NewList | None = None, at: str = "92300.00") -> str:
    """A list whose entry is filled."""
    list_id = desk.create(wanted or bracket())
    desk.price(at)
    assert desk.statuses(list_id) == ("FILLED", "ACTIVE", "ACTIVE")
    return list_id


def test_a_new_list_is_new_then_on_the_book() -> None:
    desk = Desk()
    list_id = desk.create(bracket())
    assert desk.steps() == ["e NEW 0", "s PENDING 0", "t PENDING 0", "e ACTIVE 0"]
    entry, stop, target = desk.book.family(list_id)
    assert entry.exchange_order_id
    assert not stop.exchange_order_id
    assert not target.exchange_order_id
    assert desk.book.account.reserved("USD") == D("9240")
    assert desk.book.account.reserved("BTC") == 0


def test_exits_sleep_while_the_entry_is_partly_filled() -> None:
    desk = Desk()
    list_id = desk.create(with_halt(bracket(), Halt.STAY))
    desk.price("92300.00")
    entry, _, _ = desk.book.family(list_id)
    assert (entry.status, entry.filled) == (Status.ACTIVE, D("0.05000"))
    desk.price("90000.00")
    desk.price("96000.00")
    assert desk.statuses(list_id) == ("ACTIVE", "PENDING", "PENDING")


def test_pieces_of_an_entry_add_up() -> None:
    sizes = set()
    for seed in range(12):
        desk = Desk(seed=seed)
        open_position(desk)
        fills = [fill for fill in desk.fills if fill.client_oid == "a-e"]
        assert sum(fill.quantity for fill in fills) == D("0.10000")
        assert all(fill.quantity % D("0.00001") == 0 for fill in fills)
        sizes.add(len(fills))
    assert sizes == {1, 2, 3}


def test_the_target_fills_and_cancels_the_stop() -> None:
    desk = Desk(seed=1)
    list_id = open_position(desk)
    desk.price("95500.00")
    assert desk.statuses(list_id) == ("FILLED", "CANCELED", "FILLED")
    assert desk.steps()[-1] == "s CANCELED 0"


def test_the_stop_fills_through_a_gap_at_the_market() -> None:
    desk = Desk()
    list_id = open_position(desk)
    desk.price("89000.00")
    assert desk.statuses(list_id) == ("FILLED", "FILLED", "CANCELED")
    stop = desk.book.family(list_id)[1]
    assert stop.value / stop.filled <= D("89000")


@pytest.mark.parametrize("quantity", ["0.10000", "3.00000", "60.00000"])
@pytest.mark.parametrize("side", list(Side))
def test_a_market_stop_walks_the_published_book(side: Side, quantity: str) -> None:
    desk = Desk({"USD": D(10**9), "BTC": D(100)})
    prices = ("92400.00", "91000.00", "95500.00") if side is Side.BUY else ("93900.00", "95200.00", "90000.00")
    wanted = bracket(side=side, prices=prices, quantity=quantity)
    list_id = open_position(desk, wanted, at="92300.00" if side is Side.BUY else "94000.00")
    desk.price(prices[1], beats=1)
    stop = desk.book.family(list_id)[1]
    book = book_sides(BTC, quote(prices[1]), DEPTH, 7)["bids" if side is Side.BUY else "asks"]
    fills = [(fill.price, fill.quantity) for fill in desk.fills if fill.order_id == stop.order_id]
    walked = [(D(price), D(size)) for price, size, _ in book]
    assert fills[:-1] == walked[: len(fills) - 1]
    assert sum(size for _, size in fills) == D(quantity)
    last_price, last_size = fills[-1]
    if len(fills) <= len(walked):
        assert last_price == walked[len(fills) - 1][0]
        assert last_size <= walked[len(fills) - 1][1]
    else:
        assert abs(last_price - walked[-1][0]) == D("0.10")


@pytest.mark.parametrize(("mark", "statuses"), [("91000.01", "ACTIVE"), ("91000.00", "FILLED")])
def test_a_stop_fires_at_its_mark_price_exactly(mark: str, statuses: str) -> None:
    desk = Desk()
    list_id = open_position(desk)
    desk.price(mark)
    assert desk.statuses(list_id)[1] == statuses


def test_a_limit_target_rests_and_fills_at_its_price() -> None:
    desk = Desk()
    list_id = open_position(desk, bracket(limits=(None, "95600.00"), prices=("92400.00", "91000.00", "95500.00")))
    desk.price("95510.00")
    target = desk.book.family(list_id)[2]
    assert target.is_working
    assert not target.filled
    assert desk.book.account.reserved("BTC") == D("0.10000")
    desk.price("95700.00")
    target = desk.book.family(list_id)[2]
    assert desk.statuses(list_id) == ("FILLED", "CANCELED", "FILLED")
    assert target.value == D("9560.0000000")


def test_a_stop_takes_over_the_coins_of_a_resting_target() -> None:
    desk = Desk({"USD": D("24310.22"), "BTC": D("0.0003")})
    list_id = open_position(desk, bracket(limits=(None, "95600.00"), fee_coin="USD"))
    desk.price("95510.00")
    assert desk.book.family(list_id)[2].is_working
    desk.price("90900.00")
    assert desk.statuses(list_id) == ("FILLED", "FILLED", "CANCELED")
    assert desk.book.account.reserved("BTC") == 0


def test_a_resting_exit_gets_its_coins_back_from_the_other() -> None:
    """Both exits rest; the one that holds nothing locked any more fills first."""
    desk = Desk({"USD": D("24310.22"), "BTC": D(0)})
    wanted = bracket(limits=("96000.00", "95600.00"), fee_coin="USD")
    entry, stop, target = wanted.legs
    list_id = open_position(desk, replace(wanted, legs=(entry, replace(stop, quantity=D("0.04000")), target)))
    desk.price("95510.00")
    desk.price("90900.00")
    assert [leg.reserved for leg in desk.book.family(list_id)] == [0, D("0.10000"), 0]
    assert desk.create(bracket("other", side=Side.SELL, prices=("93900.00", "95200.00", "90000.00")))
    desk.price("95700.00")
    assert desk.statuses(list_id) == ("FILLED", "CANCELED", "FILLED")
    assert desk.book.account.quantity("BTC") == 0


@pytest.mark.parametrize("seed", range(12))
def test_the_last_cent_pays_for_all_pieces_and_their_fees(seed: int) -> None:
    price, quantity = D("93120.10"), D("0.10013")
    desk = Desk({"USD": (price * quantity * D("1.005")).quantize(D("0.00000001"), "ROUND_DOWN")}, seed=seed)
    wanted = bracket(prices=(str(price), "91000.00", "95500.00"), quantity=str(quantity), fee_coin="USD")
    open_position(desk, wanted, at="93120.00")
    assert 0 <= desk.book.account.quantity("USD") < D("0.00000005")


def test_the_first_piece_of_an_exit_cancels_the_other() -> None:
    seeds = [seed for seed in range(20) if _pieces_of_limit_target(seed) > 1]
    desk = Desk(seed=seeds[0])
    list_id = open_position(desk, bracket(limits=(None, "95500.00")))
    desk.price("95700.00", beats=1)
    target = desk.book.family(list_id)[2]
    assert D(0) < target.filled < target.quantity
    assert desk.statuses(list_id) == ("FILLED", "CANCELED", "ACTIVE")


def _pieces_of_limit_target(seed: int) -> int:
    desk = Desk(seed=seed)
    list_id = open_position(desk, bracket(limits=(None, "95500.00")))
    desk.price("95700.00")
    target = desk.book.family(list_id)[2]
    return len([fill for fill in desk.fills if fill.order_id == target.order_id])


def test_a_stop_limit_that_gaps_away_stays_on_the_book() -> None:
    desk = Desk()
    list_id = open_position(desk, bracket(limits=("90950.00", None)))
    desk.price("90000.00")
    assert desk.statuses(list_id) == ("FILLED", "ACTIVE", "ACTIVE")
    assert desk.book.family(list_id)[1].is_working
    desk.price("90990.00")
    assert desk.statuses(list_id) == ("FILLED", "FILLED", "CANCELED")


def test_a_sell_bracket_mirrors_the_buy() -> None:
    desk = Desk()
    wanted = bracket(side=Side.SELL, prices=("93900.00", "95200.00", "90000.00"))
    list_id = open_position(desk, wanted, at="94000.00")
    desk.price("95200.00")
    assert desk.statuses(list_id) == ("FILLED", "FILLED", "CANCELED")


def test_a_buy_pays_its_fee_in_the_base_coin() -> None:
    desk = Desk()
    open_position(desk)
    assert desk.book.account.quantity("BTC") == D("0.41") + D("0.1") - D("0.00025")
    assert {fill.fee_coin for fill in desk.fills} == {"BTC"}


def test_a_buy_pays_its_fee_in_the_quote_when_asked() -> None:
    desk = Desk()
    open_position(desk, bracket(fee_coin="USD"))
    assert desk.book.account.quantity("BTC") == D("0.51")
    assert {fill.fee_coin for fill in desk.fills} == {"USD"}
    assert desk.book.account.quantity("USD") == D("24310.22") - D("9240") - D("23.10")


def test_a_fee_the_quote_cannot_pay_falls_back_to_the_base() -> None:
    desk = Desk({"USD": D("9250.00"), "BTC": D(0)})
    list_id = desk.create(bracket(fee_coin="USD"))
    assert desk.book.family(list_id)[0].fee_coin == "BTC"


def test_taker_and_maker_rates() -> None:
    maker, taker = Desk(), Desk()
    open_position(maker)
    open_position(taker, bracket(prices=("93500.00", "91000.00", "95500.00")), at="93120.00")
    assert maker.book.family(next(iter(maker.book.lists)))[0].fee == D("0.00025")
    assert taker.book.family(next(iter(taker.book.lists)))[0].fee == D("0.0005")
    assert all(fill.price == D("93120.10") for fill in taker.fills)


def test_an_exit_short_of_coins_is_refused_and_the_other_stays() -> None:
    desk = Desk({"USD": D("24310.22"), "BTC": D(0)})
    list_id = open_position(desk)
    desk.price("90900.00")
    stop = desk.book.family(list_id)[1]
    assert (stop.status, stop.reason) == (Status.REJECTED, 306)
    assert desk.statuses(list_id) == ("FILLED", "REJECTED", "ACTIVE")


def test_an_entry_the_account_cannot_pay_is_refused() -> None:
    desk = Desk({"USD": D("9000.00"), "BTC": D(0)})
    list_id = desk.create(bracket())
    assert desk.statuses(list_id) == ("REJECTED", "CANCELED", "CANCELED")
    assert desk.book.family(list_id)[0].reason == 306


def test_an_entry_far_from_the_market_is_refused() -> None:
    desk = Desk({"USD": D("99999999"), "BTC": D(0)})
    list_id = desk.create(bracket(prices=("108000.00", "91000.00", "120000.00")))
    assert desk.book.family(list_id)[0].reason == 315


def test_a_post_only_entry_that_would_take_is_refused() -> None:
    desk = Desk()
    entry, stop, target = bracket(prices=("93500.00", "91000.00", "95500.00")).legs
    wanted = NewList(symbol="BTC_USD", legs=(replace(entry, post_only=True), stop, target))
    assert desk.book.family(desk.create(wanted))[0].reason == 43005


def test_cancelling_the_list_frees_everything() -> None:
    desk = Desk()
    list_id = desk.create(bracket())
    desk.engine.ask_cancel_list(list_id)
    desk.settle()
    assert desk.statuses(list_id) == ("CANCELED", "CANCELED", "CANCELED")
    assert desk.book.account.reserved("USD") == 0
    with pytest.raises(Refused) as refused:
        desk.engine.ask_cancel_list(list_id)
    assert refused.value.code == 316


def test_cancelling_a_partly_filled_entry_keeps_what_was_bought() -> None:
    desk = Desk()
    list_id = desk.create(with_halt(bracket(), Halt.STAY))
    desk.price("92300.00")
    desk.engine.ask_cancel(desk.book.family(list_id)[0].order_id, "")
    desk.settle()
    assert desk.statuses(list_id) == ("CANCELED", "CANCELED", "CANCELED")
    assert desk.book.family(list_id)[0].filled == D("0.05000")
    assert desk.book.account.reserved("USD") == 0


def test_the_exchange_cancels_a_half_filled_entry() -> None:
    desk = Desk()
    list_id = desk.create(with_halt(bracket(), Halt.CANCEL))
    desk.price("92300.00")
    assert desk.statuses(list_id) == ("CANCELED", "CANCELED", "CANCELED")
    assert desk.book.family(list_id)[0].filled == D("0.05000")


def test_cancelling_one_exit_leaves_the_other() -> None:
    desk = Desk()
    list_id = open_position(desk)
    desk.engine.ask_cancel("", "a-s")
    desk.settle()
    assert desk.statuses(list_id) == ("FILLED", "CANCELED", "ACTIVE")
    desk.price("95600.00")
    assert desk.statuses(list_id) == ("FILLED", "CANCELED", "FILLED")


@pytest.mark.parametrize(
    ("number", "expected"), [(1, ("FILLED", "REJECTED", "ACTIVE")), (2, ("FILLED", "ACTIVE", "REJECTED"))]
)
def test_an_exit_doomed_from_the_start_is_refused_when_it_should_wake(number: int, expected: tuple[str, ...]) -> None:
    desk = Desk()
    legs = list(bracket().legs)
    legs[number] = replace(legs[number], doom=229)
    list_id = desk.create(NewList(symbol="BTC_USD", legs=(legs[0], legs[1], legs[2])))
    desk.price("92300.00")
    assert desk.statuses(list_id) == expected
    assert desk.book.family(list_id)[number].reason == 229


def test_a_client_id_serves_once() -> None:
    desk = Desk()
    desk.create(bracket())
    before = len(desk.book.legs)
    with pytest.raises(Refused) as refused:
        desk.create(bracket())
    assert refused.value.code == 204
    assert len(desk.book.legs) == before


def test_open_orders_have_a_limit() -> None:
    desk = Desk()
    for number in range(66):
        desk.create(bracket(f"n{number}", quantity="0.00010"))
    with pytest.raises(Refused) as refused:
        desk.create(bracket("one more", quantity="0.00010"))
    assert refused.value.code == 318


def test_unknown_orders_and_lists() -> None:
    desk = Desk()
    with pytest.raises(Refused) as order:
        desk.engine.ask_cancel("17", "")
    with pytest.raises(Refused) as family:
        desk.engine.ask_cancel_list("17")
    assert (order.value.code, family.value.code) == (212, 40401)
