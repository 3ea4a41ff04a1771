"""What live strategies bind: coins that their exits count on, and money that they may lose at their stops.

The exchange reserves nothing for exits that wait (help centre: attached take-profit and stop-loss orders), so a free
balance may hold coins that a stop needs. Spending them elsewhere makes the exchange refuse the stop.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from otoco_desktop.domain.changing import possible_legs
from otoco_desktop.domain.coverage import Exit
from otoco_desktop.domain.exits import removed_here
from otoco_desktop.domain.legs import is_terminal
from otoco_desktop.domain.order import EXITS, Leg, LegRole, OtocoOrder, Side
from otoco_desktop.domain.phases import (
    entry_complete,
    exited,
    filled,
    is_live,
    is_triggered,
    phase,
    position,
    word,
)
from otoco_desktop.domain.risk import DOLLARS
from otoco_desktop.domain.strategy import Phase, Strategy
from otoco_desktop.domain.verdict import OpenRisk, Promise

__all__ = ["Promise", "open_risk", "promised"]

ZERO, ONE = Decimal(0), Decimal(1)


def promised(strategies: Iterable[Strategy]) -> tuple[Promise, ...]:
    """One row per coin, by name. A buy's exits need its base coin, a sell's the quote its stop may cost."""
    found: dict[str, Promise] = {}
    for strategy in strategies:
        now, later = _needs(strategy)
        if now or later:
            coin = _exit_coin(strategy.intent.order)
            had, claim = found.get(coin, Promise(coin)), _claim(strategy)
            found[coin] = Promise(coin, had.amount + now, had.waiting + later, had.count + 1, had.claim + claim)
    return tuple(found[coin] for coin in sorted(found))


def open_risk(strategies: Iterable[Strategy]) -> OpenRisk:
    """What the live ones may lose at their stops together. What may exist counts: an unknown outcome is live.

    A stop that the trader has removed limits no loss, so that one's is not known.
    """
    amount, count, uncounted = ZERO, 0, 0
    for strategy in filter(is_live, strategies):
        loss, quote = _worst_loss(strategy), _coins(strategy.intent.order)[1]
        if loss is None or quote not in DOLLARS or removed_here(strategy, LegRole.STOP):
            uncounted += 1
        else:
            amount, count = amount + loss, count + 1
    return OpenRisk(amount, count, uncounted)


def _worst_loss(strategy: Strategy) -> Decimal | None:
    """The planned loss, or where the stop was moved what that changes of it; the worst price while it is not settled.

    A stop beyond break-even has nothing to lose. In quote, positive; ``None`` where no plan is on record.
    """
    order, planned = strategy.intent.order, strategy.intent.planned
    if planned is None:
        return None
    sign, first = (ONE if order.side is Side.BUY else -ONE), order.stop.reference_price
    changes = [leg.reference_price - first for leg in possible_legs(strategy, LegRole.STOP)]
    results = [planned.loss + order.quantity * change * (sign - planned.taker) for change in changes]
    return max(ZERO, -min(results))


def _needs(strategy: Strategy) -> tuple[Decimal, Decimal]:
    """What the exits need now and what they will need once the entry has filled, in their coin."""
    order = strategy.intent.order
    if not is_live(strategy) or all(is_terminal(word(strategy, role)) for role in EXITS):
        return ZERO, ZERO
    price = ONE if order.side is Side.BUY else max(leg.reference_price for leg in _alive(strategy))
    entry_over = is_terminal(word(strategy, LegRole.ENTRY))
    later = ZERO if entry_over else max(ZERO, order.quantity - filled(strategy, LegRole.ENTRY))
    return position(strategy) * price, later * price


def _claim(strategy: Strategy) -> Decimal:
    """What the dearer exit may take of coins that are free now: all it needs less what its entry is still to bring.

    A triggered exit has its coins reserved like any order, so they are not free; exits of an entry that ended short
    of its quantity never arm. Of an order whose outcome is unknown the coins may have come already.
    """
    order, whole = strategy.intent.order, entry_complete(strategy)
    entry_over = is_terminal(word(strategy, LegRole.ENTRY))
    if (entry_over and not whole) or any(is_triggered(strategy, role) for role in EXITS):
        return ZERO
    need = max(_need(leg, leg.quantity - exited(strategy)) for leg in _alive(strategy))
    came = whole or phase(strategy) in (Phase.UNKNOWN, Phase.UNRESOLVED)
    coming = ZERO if came else order.quantity - filled(strategy, LegRole.ENTRY)
    return max(ZERO, need - _brings(strategy, coming))


def _alive(strategy: Strategy) -> list[Leg]:
    """Each exit that may still execute, wherever it may stand."""
    alive = [role for role in EXITS if not is_terminal(word(strategy, role))]
    return [leg for role in alive for leg in possible_legs(strategy, role)]


def _need(leg: Leg, quantity: Decimal) -> Decimal:
    """What this exit takes of its coin for so much of its quantity."""
    return Exit(leg.role, quantity, leg.reference_price, leg.price is None).need(leg.side is Side.BUY)


def _brings(strategy: Strategy, quantity: Decimal) -> Decimal:
    """What this much of the entry brings of the exits' coin: a buy its coins, a sell its value, less a fee there."""
    order, planned = strategy.intent.order, strategy.intent.planned
    sells = order.side is Side.SELL
    rate = planned.taker if planned and (sells or order.fee_instrument is None) else ZERO
    return quantity * (ONE - rate) * (order.entry.reference_price if sells else ONE)


def _exit_coin(order: OtocoOrder) -> str:
    base, quote = _coins(order)
    return base if order.side is Side.BUY else quote


def _coins(order: OtocoOrder) -> tuple[str, str]:
    """A spot pair is named by its two coins (exchange docs, public/get-instruments)."""
    base, _, quote = order.instrument.rpartition("_")
    return base, quote
