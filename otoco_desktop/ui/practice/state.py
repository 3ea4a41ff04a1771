"""Where the price may be sent by hand. Free of Qt."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal

from otoco_desktop.domain.exits import standing_order
from otoco_desktop.domain.grammar import Refusal, parse_number, quoted
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.lifecycle import phase
from otoco_desktop.domain.market import Quote
from otoco_desktop.domain.money import is_multiple, round_to_step
from otoco_desktop.domain.order import LegRole, Side
from otoco_desktop.domain.strategy import Phase, Strategy

SHIFTS = tuple(map(Decimal, ("-0.02", "-0.005", "0.005", "0.02")))
OVER = frozenset({Phase.CLOSED, Phase.REJECTED, Phase.NOT_SENT, Phase.RESOLVED_NOT_PLACED})


def shifted(mark: Decimal, share: Decimal, instrument: Instrument) -> Decimal:
    """The mark moved by a share of itself, on the tick grid and at least one tick."""
    tick = instrument.price_tick
    return max(tick, round_to_step(mark * (1 + share), tick, ROUND_HALF_EVEN))


def read_price(text: str, instrument: Instrument) -> Decimal | str:
    """The price typed, or the sentence that says why it is none."""
    value = parse_number(text)
    if isinstance(value, Refusal):
        return value.reason
    if value <= 0:
        return f"{quoted(text)} is not a price. It must be above zero."
    if not is_multiple(value, instrument.price_tick):
        return f"{quoted(text)} is between ticks of {format(instrument.price_tick, 'f')}."
    return value


def spread(quote: Quote | None, instrument: Instrument) -> Decimal:
    """From bid to ask, at least one tick."""
    if quote is None or quote.bid is None or quote.ask is None:
        return instrument.price_tick
    return max(instrument.price_tick, quote.ask - quote.bid)


def aims(strategies: Iterable[Strategy], instrument: Instrument, beyond: Decimal) -> dict[LegRole, Decimal]:
    """The marks that make entry, stop and target of the newest open strategy here act; empty where there is none.

    Exits are triggered by the mark itself, where they stand by now. An entry fills on bid or ask, so the mark goes
    ``beyond`` it by that much.
    """
    here = [found for found in strategies if _is_open_here(found, instrument)]
    if not here:
        return {}
    order = standing_order(max(here, key=lambda found: found.intent.number))
    prices = {role: order.leg(role).trigger or order.leg(role).reference_price for role in LegRole}
    further = -beyond if order.leg(LegRole.ENTRY).side is Side.BUY else beyond
    prices[LegRole.ENTRY] = max(instrument.price_tick, prices[LegRole.ENTRY] + further)
    return prices


def _is_open_here(strategy: Strategy, instrument: Instrument) -> bool:
    return strategy.intent.order.instrument == instrument.symbol and phase(strategy) not in OVER
