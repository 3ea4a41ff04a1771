"""Random accounts and plans, most of them a hair's breadth on one side or the other of what they need."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from random import Random

from otoco_desktop.practice.instruments import Instrument, catalogue
from tests.cover.ledger import Ledger, Trade, Way

SPOT = ("BTC_USD", "ETH_USD", "SOL_USD", "XRP_USD", "CRO_USD")
FEES = ((25, 50), (0, 50), (40, 75), (50, 50), (0, 0), (7, 13))
"""Maker and taker in basis points."""

NEAR = {True: (992, 970, 1020), False: (1008, 1030, 980)}
FAR = {True: (900, 800, 1300), False: (1100, 1300, 700)}
OWN = {True: (990, 950, 1050), False: (1010, 1050, 950)}
"""Resting entry, stop and target of a buy and of a sell, in thousandths of the price."""

HUNDRED_MILLION = 10**8
PLENTY = Fraction(10**15)
Places = dict[bool, tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Bracket:
    """One strategy in whole ticks and steps. ``limits`` of stop and target are ``None`` for a market exit."""

    buys: bool
    steps: int
    entry: int
    stop: int
    target: int
    limits: tuple[int | None, int | None]
    fee_in_quote: bool
    exit_steps: int
    crosses: bool
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A plan, perhaps another strategy before it, and what is free when the plan is sent."""

    number: int
    symbol: str
    mark: int
    fees: tuple[int, int]
    plan: Bracket
    other: Bracket | None
    free_base: Decimal
    free_quote: Decimal

    @property
    def instrument(self) -> Instrument:
        return catalogue()[self.symbol]

    @property
    def same_side(self) -> bool:
        return self.other is not None and self.other.buys == self.plan.buys

    def price(self, ticks: int) -> Decimal:
        return ticks * self.instrument.tick

    def trade(self, bracket: Bracket) -> Trade:
        """The bracket as the ledger takes it."""
        tick, step = Fraction(self.instrument.tick), Fraction(self.instrument.step)
        maker, taker = (Fraction(rate, 10_000) for rate in self.fees)

        def way(trigger: int, limit: int | None) -> Way:
            price = trigger if limit is None else limit
            return Way(bracket.exit_steps * step, price * tick, limit is None)

        return Trade(
            buys=bracket.buys,
            quantity=bracket.steps * step,
            price=bracket.entry * tick,
            rate=taker if bracket.crosses else maker,
            held_back=taker,
            fee_in_quote=bracket.fee_in_quote,
            stop=way(bracket.stop, bracket.limits[0]),
            target=way(bracket.target, bracket.limits[1]),
        )

    def moved(self, places: Places) -> Case:
        """The same with the exits of the other strategy at these places, and its entry where it waits."""
        if self.other is None:
            return self
        entry, stop, target = (_at(self.mark, share) for share in places[self.other.buys])
        entry = entry if self.other.waits else self.other.entry
        limits = (
            None if self.other.limits[0] is None else stop,
            None if self.other.limits[1] is None else target,
        )
        return replace(self, other=replace(self.other, entry=entry, stop=stop, target=target, limits=limits))


def case(number: int) -> Case:
    """The case of this number, always the same."""
    chance = Random(number)  # noqa: S311 - not for secrets
    symbol = chance.choice(SPOT)
    instrument = catalogue()[symbol]
    mark = int(instrument.start / instrument.tick)
    fees = chance.choice(FEES)
    buys = chance.random() < 0.5
    other = None
    if chance.random() < 0.5:
        same = chance.random() < 0.7
        waits = same and fees[0] == fees[1] and chance.random() < 0.7
        other = _bracket(chance, mark, buys if same else not buys, NEAR, instrument, waits=waits)
    plan = _bracket(chance, mark, buys, OWN, instrument)
    made = Case(number, symbol, mark, fees, plan, other, Decimal(0), Decimal(0)).moved(NEAR)
    base, quote = _free(chance, made)
    return replace(made, free_base=base, free_quote=quote)


def _bracket(
    chance: Random, mark: int, buys: bool, places: Places, instrument: Instrument, *, waits: bool = False
) -> Bracket:
    resting, stop, target = (_at(mark, share) for share in places[buys])
    least = int(Decimal(20) / instrument.start / instrument.step) + 1
    steps = chance.randint(least, least * 400)
    crosses = not waits and (places is NEAR or chance.random() < 0.4)
    half = max(1, instrument.spread_ticks // 2)
    stop_limit = None if chance.random() < 0.5 else stop + (-1 if buys else 1) * (mark // 500)
    return Bracket(
        buys=buys,
        steps=steps,
        entry=mark + (half if buys else -half) if crosses else resting,
        stop=stop,
        target=target,
        limits=(stop_limit, None if chance.random() < 0.5 else target),
        fee_in_quote=chance.random() < 0.5 or waits,
        # What a waiting entry brings beyond its exits' need is not counted on: it may never fill.
        exit_steps=steps if waits or chance.random() < 0.7 else max(least // 2 + 1, steps * 19 // 20),
        crosses=crosses,
        waits=waits,
    )


def _free(chance: Random, made: Case) -> tuple[Decimal, Decimal]:
    """Free coins, close to one of the limits at which the answer turns."""
    plan, ledger = made.trade(made.plan), Ledger(Fraction(0), Fraction(0))
    step, cent = Fraction(made.instrument.step), Fraction(1, 100)
    exits_unit, entry_unit = (step, cent) if plan.buys else (cent, step)
    worth = plan.quantity * plan.price
    spend = worth * (1 + plan.held_back) if plan.buys else plan.quantity
    entry_coin = chance.choice([spend + entry_unit, spend * 3])
    if plan.buys and plan.held_back and chance.random() < 0.25:
        entry_coin = chance.choice([spend - entry_unit, worth + entry_unit, worth])
    other = made.trade(made.other) if made.other else None
    claim = Fraction(0)
    if other and made.same_side and made.other:
        claim = max(Fraction(0), _need(other, ledger.dearest(other)) - (_arrives(other) if made.other.waits else 0))
    elif other:
        left = _taken(plan) + _need(other, ledger.dearest(other)) + chance.choice([-3, -1, 1, 3]) * entry_unit
        entry_coin = max(spend + entry_unit, left)
    brings = _brought(plan, entry_coin)
    way = chance.choice([plan.stop, plan.target])
    edge = _need(plan, way) - brings + chance.choice([Fraction(0), claim])
    spare = edge + chance.choice([-3, -1, 1, 3, 1000]) * exits_unit
    spare = max(spare, claim - brings, Fraction(0))
    if chance.random() < 0.1:
        spare = max(claim - brings, Fraction(0))
    at_exits, at_entry = _text(spare, up=claim > 0), _text(entry_coin, up=True)
    return (at_exits, at_entry) if plan.buys else (at_entry, at_exits)


def _brought(plan: Trade, entry_coin: Fraction) -> Fraction:
    purse = Ledger(entry_coin if not plan.buys else Fraction(0), entry_coin if plan.buys else Fraction(0))
    purse.enter(plan)
    return purse.base if plan.buys else purse.quote


def _taken(plan: Trade) -> Fraction:
    """What the entry costs in the end, its fee wherever the trader wants it."""
    purse = Ledger(PLENTY, PLENTY)
    purse.enter(plan)
    return PLENTY - (purse.quote if plan.buys else purse.base)


def _arrives(other: Trade) -> Fraction:
    purse = Ledger(Fraction(0), Fraction(0))
    purse.arrive(other)
    return purse.base if other.buys else purse.quote


def _need(trade: Trade, way: Way) -> Fraction:
    purse = Ledger(PLENTY, PLENTY)
    purse.fire(trade, way)
    return PLENTY - (purse.base if trade.buys else purse.quote)


def _at(mark: int, share: int) -> int:
    return mark * share // 1000


def _text(amount: Fraction, *, up: bool) -> Decimal:
    """With eight decimals, as an account has them."""
    whole = amount * HUNDRED_MILLION
    count = -(-whole.numerator // whole.denominator) if up else whole.numerator // whole.denominator
    return Decimal(count).scaleb(-8)
