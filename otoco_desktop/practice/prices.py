"""Price paths: a seeded walk with gaps, a script, or a price moved by hand. Pure, whole numbers only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from otoco_desktop.practice.instruments import Instrument
from otoco_desktop.practice.noise import SPREAD, between, draw, wiggle

STEP_MS = 250
"""Market milliseconds between two prices of the walk."""

MAX_STEPS = 2000
"""Most steps walked at once; a longer pause of the computer is skipped, not replayed."""

_NANO = 10**9
_PPM = 10**6
_PULL = 40_000
_GAP_ODDS = 2400


FINEST = Decimal(1) / _NANO
"""The finest grid that a price can stand on here."""

Level = tuple[Decimal, Decimal]
"""Price and size of one level of a book."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Mark price with the best bid and ask around it.

    A quote from a real market also has its last price, its change in 24 hours (a ratio) and the levels of its book,
    best first, as far as they are known.
    """

    mark: Decimal
    bid: Decimal
    ask: Decimal
    last: Decimal | None = None
    change: Decimal | None = None
    bids: tuple[Level, ...] = ()
    asks: tuple[Level, ...] = ()


@dataclass(slots=True)
class PricePath:
    """The price of one instrument over market time (milliseconds since the path began)."""

    instrument: Instrument
    seed: int
    nano: int
    clock_ms: int = 0
    held: bool = False
    script: list[tuple[int, int]] = field(default_factory=list)
    real: Quote | None = None

    @classmethod
    def start(cls, instrument: Instrument, seed: int, price: Decimal | None = None) -> PricePath:
        """A path that begins at `price`, or at the instrument's usual one."""
        return cls(instrument, seed, _to_nano(price or instrument.start))

    @property
    def mark(self) -> Decimal:
        """The price now, on the tick grid."""
        tick = _to_nano(self.instrument.tick)
        ticks = max(1, (self.nano + tick // 2) // tick)
        return ticks * self.instrument.tick

    @property
    def quote(self) -> Quote:
        """Mark, bid and ask now."""
        if self.real is not None:
            return self.real
        mark, tick = self.mark, self.instrument.tick
        half = max(1, self.instrument.spread_ticks // 2)
        return Quote(mark, max(tick, mark - half * tick), mark + half * tick)

    def advance(self, milliseconds: int) -> list[Quote]:
        """Walk on; every price passed on the way, in order."""
        target = self.clock_ms + milliseconds
        steps = target // STEP_MS - self.clock_ms // STEP_MS
        if steps > MAX_STEPS:
            self.clock_ms = (target // STEP_MS - MAX_STEPS) * STEP_MS
        quotes = [self._step_to(n) for n in range(self.clock_ms // STEP_MS + 1, target // STEP_MS + 1)]
        self.clock_ms = target
        return quotes

    def put(self, price: Decimal) -> None:
        """Jump to a price and stay there."""
        self.script.clear()
        self.nano, self.held = _to_nano(price), True

    def follow(self, points: Sequence[tuple[int, Decimal]]) -> None:
        """Hold each price from its time on: (market milliseconds from now, price)."""
        self.script = sorted((self.clock_ms + after, _to_nano(price)) for after, price in points)
        self.held = True

    def glide(self, price: Decimal, milliseconds: int) -> None:
        """Move evenly to a price within a time, then stay there."""
        steps = max(1, milliseconds // STEP_MS)
        start, end = self.nano, _to_nano(price)
        points = [(self.clock_ms + n * STEP_MS, start + (end - start) * n // steps) for n in range(1, steps + 1)]
        self.script, self.held = points, True

    def release(self) -> None:
        """Let the walk go on from here."""
        self.script.clear()
        self.held = False

    def take(self, quote: Quote) -> None:
        """Stand where a real market stands, its mark on the tick grid."""
        self.nano = _to_nano(quote.mark)
        self.real = replace(quote, mark=self.mark)

    def walk_from_here(self, instrument: Instrument) -> None:
        """Walk as this instrument does, around the price that is reached now."""
        self.instrument = replace(instrument, start=max(instrument.tick, self.mark))
        self.real = None
        self.release()

    def _step_to(self, step: int) -> Quote:
        while self.script and self.script[0][0] <= step * STEP_MS:
            self.nano = self.script.pop(0)[1]
        if not self.held:
            self.nano = max(_to_nano(self.instrument.tick), self.nano + self._move(step))
        return self.quote

    def _move(self, step: int) -> int:
        words = (self.instrument.symbol, step)
        scale = self.nano * self.instrument.volatility_ppm // _PPM
        move = scale * wiggle(self.seed, "walk", *words) // SPREAD
        move -= (self.nano - _to_nano(self.instrument.start)) // _PULL
        return move + self._gap(words)

    def _gap(self, words: tuple[str, int]) -> int:
        chance = draw(self.seed, "gap", *words)
        if chance % _GAP_ODDS:
            return 0
        size = self.nano * between(1500, 6000, self.seed, "size", *words) // _PPM
        return size if chance & (1 << 40) else -size


class Prices:
    """The paths of all instruments."""

    def __init__(
        self, instruments: Mapping[str, Instrument], seed: int, last: Mapping[str, Decimal] | None = None
    ) -> None:
        known = last or {}
        self._paths = {
            symbol: PricePath.start(instrument, seed, known.get(symbol)) for symbol, instrument in instruments.items()
        }

    def __getitem__(self, symbol: str) -> PricePath:
        return self._paths[symbol]

    def advance(self, milliseconds: int) -> list[tuple[str, Quote]]:
        """Walk all paths on; the prices passed, instrument by instrument."""
        return [(s, quote) for s, path in self._paths.items() for quote in path.advance(milliseconds)]

    def quotes(self) -> Iterable[tuple[str, Quote]]:
        """The newest quote of each instrument."""
        return ((symbol, path.quote) for symbol, path in self._paths.items())

    def marks(self) -> dict[str, Decimal]:
        """The newest mark price of each instrument."""
        return {symbol: path.mark for symbol, path in self._paths.items()}


def _to_nano(price: Decimal) -> int:
    return int(price * _NANO)
