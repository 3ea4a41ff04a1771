"""The instruments that the practice exchange lists, with ticks and steps as real ones have them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

SPOT = "CCY_PAIR"


@dataclass(frozen=True, slots=True)
class Instrument:
    """One listed instrument. `tick` and `step` are the grids of price and quantity."""

    symbol: str
    base: str
    quote: str
    tick: Decimal
    step: Decimal
    start: Decimal
    spread_ticks: int
    volatility_ppm: int
    kind: str = SPOT
    tradable: bool = True

    @property
    def price_decimals(self) -> int:
        """Decimals of a price on the tick grid."""
        return max(0, -_exponent(self.tick))

    @property
    def quantity_decimals(self) -> int:
        """Decimals of a quantity on the step grid."""
        return max(0, -_exponent(self.step))

    def price_text(self, price: Decimal) -> str:
        """A price in plain decimal notation, with the decimals of the tick."""
        return f"{price:.{self.price_decimals}f}"

    def exact_text(self, price: Decimal) -> str:
        """A price with every digit it has, though it was made on a finer grid than today's."""
        return self.price_text(price) if not price % self.tick else f"{price.normalize():f}"

    def quantity_text(self, quantity: Decimal) -> str:
        """A quantity in plain decimal notation, with the decimals of the step."""
        return f"{quantity:.{self.quantity_decimals}f}"

    def exact_quantity(self, quantity: Decimal) -> str:
        """A quantity with every digit it has, though it was made on a finer grid than today's."""
        return self.quantity_text(quantity) if not quantity % self.step else f"{quantity.normalize():f}"


def catalogue() -> dict[str, Instrument]:
    """Everything listed, by symbol: five spot pairs to trade, and what a client must refuse."""
    rows = (
        _spot("BTC_USD", "0.01", "0.00001", "93120.00", 20, 40),
        _spot("ETH_USD", "0.01", "0.0001", "3040.00", 12, 50),
        _spot("SOL_USD", "0.01", "0.01", "138.00", 2, 65),
        _spot("XRP_USD", "0.0001", "0.1", "2.1600", 4, 65),
        _spot("CRO_USD", "0.00001", "1", "0.10200", 4, 75),
        _perpetual(),
        _halted(),
    )
    return {row.symbol: row for row in rows}


def _spot(symbol: str, tick: str, step: str, start: str, spread: int, volatility: int) -> Instrument:
    base, _, quote = symbol.partition("_")
    return Instrument(symbol, base, quote, Decimal(tick), Decimal(step), Decimal(start), spread, volatility)


def _perpetual() -> Instrument:
    tick, step, start = Decimal("0.1"), Decimal("0.0001"), Decimal("93140.0")
    return Instrument("BTCUSD-PERP", "BTC", "USD", tick, step, start, 2, 40, kind="PERPETUAL_SWAP")


def _halted() -> Instrument:
    tick, step, start = Decimal("0.00001"), Decimal("1"), Decimal("0.19450")
    return Instrument("DOGE_USD", "DOGE", "USD", tick, step, start, 4, 70, tradable=False)


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int):
        raise TypeError(f"not a finite number: {number}")
    return exponent
