"""A spot pair and its filters, as ``public/get-instruments`` states them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

SPOT = "CCY_PAIR"


@dataclass(frozen=True, slots=True)
class Instrument:
    """One row of the instrument list; ``symbol`` is the name every request uses.

    ``price_tick`` is in quote per base; ``quantity_step`` is in base and also the least quantity
    (exchange docs, public/get-instruments: qty_tick_size).
    """

    symbol: str
    base: str
    quote: str
    price_tick: Decimal
    quantity_step: Decimal
    kind: str = SPOT
    tradable: bool = True
    margin_buy: bool = False

    @property
    def is_spot(self) -> bool:
        return self.kind == SPOT

    @property
    def price_places(self) -> int:
        """Decimals of a price on the tick, for display and for sending."""
        return _places(self.price_tick)

    @property
    def quantity_places(self) -> int:
        return _places(self.quantity_step)


def _places(step: Decimal) -> int:
    exponent = step.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
