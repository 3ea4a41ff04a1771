"""What must hold whatever happens to the engine."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st

from otoco_desktop.practice.matching import fires_below
from otoco_desktop.practice.model import OPEN, Amend, Fill, Kind, Leg, NewList, Refused, Side, Status
from tests.practice.desk import START, Desk, bracket

marks = st.integers(min_value=9_000_000, max_value=9_700_000).map(lambda cents: Decimal(cents) / 100)
ticks = st.integers(min_value=0, max_value=60_000).map(lambda cents: Decimal(cents) / 100)
sides = st.sampled_from(list(Side))


@st.composite
def lists(draw: st.DrawFn, token: str) -> NewList:
    """A bracket of either side, with market or limit exits, near the market."""
    side = draw(sides)
    sign = 1 if side is Side.BUY else -1
    entry = Decimal("93000.00") + draw(ticks) - 300
    stop, target = entry - sign * (1 + draw(ticks)), entry + sign * (1 + draw(ticks))
    limits: list[str | None] = [None, None]
    for number, ref in enumerate((stop, target)):
        if draw(st.booleans()):
            limits[number] = f"{ref + draw(ticks) - 300:.2f}"
    quantity = draw(st.integers(min_value=1, max_value=26_000)) * Decimal("0.00001")
    return bracket(
        token,
        side,
        prices=(f"{entry:.2f}", f"{stop:.2f}", f"{target:.2f}"),
        quantity=str(quantity),
        limits=(limits[0], limits[1]),
        fee_coin=draw(st.sampled_from(["", "USD"])) if side is Side.BUY else "",
    )


@dataclass(frozen=True)
class Wish:
    """New values of an exit: `away` from the mark on the side where it waits, and a limit `beyond` that."""

    number: int
    away: Decimal
    beyond: Decimal | None
    steps: int | None
    renames: bool
    meanwhile: Decimal | None


Action = tuple[str, Decimal | int | Wish]


def _actions() -> st.SearchStrategy[list[Action]]:
    move: st.SearchStrategy[Action] = st.tuples(st.just("price"), marks)
    create: st.SearchStrategy[Action] = st.tuples(st.just("create"), st.integers(0, 3))
    cancel_list: st.SearchStrategy[Action] = st.tuples(st.just("cancel_list"), st.integers(0, 3))
    cancel_leg: st.SearchStrategy[Action] = st.tuples(st.just("cancel_leg"), st.integers(0, 11))
    amend: st.SearchStrategy[Action] = st.tuples(st.just("amend"), st.builds(Wish, st.integers(0, 11), *_values()))
    return st.lists(st.one_of(move, move, create, cancel_list, cancel_leg, amend), min_size=8, max_size=30)


def _values() -> tuple[st.SearchStrategy[Any], ...]:
    """From the mark to the trigger, from there to the limit, steps, renamed, and where the price goes meanwhile."""
    away = st.integers(min_value=-5_000, max_value=200_000).map(lambda cents: Decimal(cents) / 100)
    return away, st.none() | away, st.none() | st.integers(1, 26_000), st.booleans(), st.none() | marks


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[NewList], list[Action]]:
    """Four brackets and what happens to them."""
    return [draw(lists(token)) for token in "abcd"], draw(_actions())


def play(story: tuple[list[NewList], list[Action]], seed: int = 7) -> Desk:
    """Run a story to its end and check the rules at each step."""
    brackets, steps = story
    desk = Desk(seed=seed)
    made = {number: desk.create(brackets[number]) for number in (0, 1)}
    for word, value in steps:
        if isinstance(value, Decimal):
            desk.price(value, beats=2)
        elif isinstance(value, Wish):
            _amend(desk, value)
        elif word == "create" and value not in made:
            made[value] = desk.create(brackets[value])
        elif word == "cancel_list" and value in made:
            _cancel_list(desk, made[value])
        elif word == "cancel_leg":
            _cancel_leg(desk, value)
        check(desk)
    return desk


def _amend(desk: Desk, wish: Wish) -> None:
    exits = [leg for leg in desk.book.legs.values() if leg.kind is not Kind.LIMIT]
    chosen = exits[wish.number % len(exits)]
    asked, sign = chosen.order_id, -1 if fires_below(chosen) else 1
    trigger = desk.mark + sign * wish.away
    limit = None if wish.beyond is None else trigger - sign * wish.beyond
    quantity = chosen.quantity if wish.steps is None else wish.steps * Decimal("0.00001")
    amend = Amend(quantity=quantity, price=limit, ref_price=trigger, renames=wish.renames)
    try:
        leg = desk.engine.amendable(asked, "")
        desk.engine.check_amend(leg, amend, desk.mark)
    except Refused:
        assert not desk.book.drain()
        event("an amend refused")
        return
    desk.engine.ask_amend(leg, amend)
    if wish.meanwhile is not None:
        desk.price(wish.meanwhile, beats=2)
    desk.settle()
    now = desk.book.family(leg.list_id)[leg.leg_id - 1]
    took = (now.price, now.ref_price, now.quantity) == (amend.price, amend.ref_price, amend.quantity)
    assert took or desk.book.legs[asked].exchange_order_id or not desk.book.legs[asked].is_open
    event("an amend took effect" if took else "an amend came too late")


def _cancel_list(desk: Desk, list_id: str) -> None:
    if any(leg.is_open for leg in desk.book.family(list_id)):
        desk.engine.ask_cancel_list(list_id)
        desk.settle()


def _cancel_leg(desk: Desk, number: int) -> None:
    known = list(desk.book.legs.values())
    if number < len(known) and known[number].is_open:
        desk.engine.ask_cancel(known[number].order_id, "")
        desk.settle()


def check(desk: Desk) -> None:
    """Everything that must be true between any two steps."""
    explained = explain(desk.fills)
    reserved: dict[str, Decimal] = defaultdict(Decimal)
    for leg in desk.book.legs.values():
        reserved["USD" if leg.side is Side.BUY else "BTC"] += leg.reserved
        assert leg.reserved == 0 or leg.is_working
    for coin, start in START.items():
        assert desk.book.account.quantity(coin) == start + explained[coin]
        assert desk.book.account.reserved(coin) == reserved[coin]
        assert 0 <= desk.book.account.reserved(coin) <= desk.book.account.quantity(coin)
    for list_id in desk.book.lists:
        check_family(desk.book.family(list_id))
    check_orders(desk)


def check_orders(desk: Desk) -> None:
    """An order that is no longer its list's was renamed: it ended with nothing filled, its client id lives on."""
    current = {order_id for orders in desk.book.lists.values() for order_id in orders}
    for leg in desk.book.legs.values():
        if leg.order_id not in current:
            assert (leg.status, leg.filled + leg.reserved) == (Status.CANCELED, Decimal(0))
        found = desk.book.find("", leg.client_oid)
        assert found is not None
        assert found.order_id in current


def check_family(family: tuple[Leg, Leg, Leg]) -> None:
    """One list's rules."""
    entry, *exits = family
    for leg in family:
        assert 0 <= leg.filled <= leg.quantity
        assert (leg.status is Status.FILLED) == (leg.filled == leg.quantity)
    assert not all(leg.filled for leg in exits)
    if entry.status is not Status.FILLED:
        assert all(leg.status in (Status.PENDING, Status.CANCELED) and not leg.exchange_order_id for leg in exits)
    if entry.status in (Status.REJECTED, Status.CANCELED):
        assert all(leg.status is Status.CANCELED for leg in exits)
    if any(leg.filled for leg in exits):
        assert sum(leg.status in OPEN for leg in exits) <= 1


def explain(fills: list[Fill]) -> dict[str, Decimal]:
    """What the fills alone did to each coin."""
    total: dict[str, Decimal] = defaultdict(Decimal)
    for fill in fills:
        sign = 1 if fill.side is Side.BUY else -1
        total["BTC"] += sign * fill.quantity
        total["USD"] -= sign * fill.quantity * fill.price
        total[fill.fee_coin] -= fill.fee
    return total


@given(stories())
def test_balances_exits_and_reservations_always_add_up(story: tuple[list[NewList], list[Action]]) -> None:
    desk = play(story)
    event("an exit filled" if any(fill.client_oid[-1] in "st" for fill in desk.fills) else "no exit filled")


@given(stories(), st.integers(0, 5))
def test_the_same_story_and_seed_give_the_same_reports(story: tuple[list[NewList], list[Action]], seed: int) -> None:
    assert play(story, seed).reports == play(story, seed).reports


@given(stories())
def test_ended_legs_stay_ended(story: tuple[list[NewList], list[Action]]) -> None:
    ended: dict[str, Status] = {}
    filled: dict[str, Decimal] = defaultdict(Decimal)
    for leg in play(story).reports:
        assert leg.order_id not in ended
        assert leg.filled >= filled[leg.order_id]
        filled[leg.order_id] = leg.filled
        if not leg.is_open:
            ended[leg.order_id] = leg.status
