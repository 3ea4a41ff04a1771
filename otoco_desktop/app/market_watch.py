"""The newest prices of the chosen instrument."""

from __future__ import annotations

from otoco_desktop.app.ports import Clock
from otoco_desktop.domain.market import Quote


class MarketWatch:
    """Keeps one quote: that of the instrument being watched, never an older or another one's."""

    def __init__(self, clock: Clock) -> None:
        self.quote: Quote | None = None
        self._clock = clock
        self._symbol = ""

    def turn_to(self, symbol: str) -> None:
        self._symbol = symbol
        self.quote = None

    def take(self, quote: Quote) -> bool:
        """Whether the quote is of the watched instrument, and kept."""
        if quote.instrument != self._symbol:
            return False
        self.quote = quote
        return True

    def is_stale(self, limit_ms: int) -> bool:
        """Whether no price frame came for longer than the limit, or none at all."""
        now = self._clock.monotonic_ms()
        ages = () if self.quote is None else (self.quote.mark_age_ms(now), self.quote.book_age_ms(now))
        known = [age for age in ages if age is not None]
        return not known or min(known) > limit_ms
