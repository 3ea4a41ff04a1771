"""What is known of the market and the account at one moment, each with its age."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from otoco_desktop.domain.depth import Depth


class MarkSource(StrEnum):
    """Where the mark price shown comes from; triggers always use the exchange's own."""

    EXCHANGE = "exchange"
    MIDPOINT = "midpoint"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Quote:
    """Newest prices of one instrument, in quote per base; ``None`` where nothing came yet.

    ``mark_ms`` and ``book_ms`` are the injected clock's monotonic milliseconds at receipt. ``depth`` is the visible
    book as of ``book_ms``, ``None`` where bid and ask come without it; ``depth_mark`` the mark price that stood when
    it was told, as the mark price is told more often and would otherwise be held against a book of before.
    """

    instrument: str
    bid: Decimal | None = None
    ask: Decimal | None = None
    last: Decimal | None = None
    mark: Decimal | None = None
    mark_source: MarkSource = MarkSource.NONE
    change_24h: Decimal | None = None
    mark_ms: int | None = None
    book_ms: int | None = None
    depth: Depth | None = None
    depth_mark: Decimal | None = None

    @property
    def mid(self) -> Decimal | None:
        if self.bid is None or self.ask is None:
            return None
        return (self.bid + self.ask) / 2

    def age_ms(self, now_ms: int) -> int | None:
        """How long ago the market last told anything; ``None`` when it never did."""
        told = [at for at in (self.mark_ms, self.book_ms) if at is not None]
        return max(0, now_ms - max(told)) if told else None

    def mark_age_ms(self, now_ms: int) -> int | None:
        return None if self.mark_ms is None else max(0, now_ms - self.mark_ms)

    def book_age_ms(self, now_ms: int) -> int | None:
        return None if self.book_ms is None else max(0, now_ms - self.book_ms)


@dataclass(frozen=True, slots=True)
class Balance:
    """One coin: what is held and what open orders have reserved."""

    total: Decimal
    reserved: Decimal = Decimal(0)

    @property
    def available(self) -> Decimal:
        return self.total - self.reserved


@dataclass(frozen=True, slots=True)
class Fees:
    """Fee rates as ratios (0.0025 is 0.25 %) and where they come from."""

    maker: Decimal
    taker: Decimal
    source: str = "account"


@dataclass(frozen=True, slots=True)
class AccountSnapshot:
    """Balances by coin, fee rates, and the account's value in USD where it is known."""

    balances: Mapping[str, Balance] = field(default_factory=lambda: MappingProxyType({}))
    fees: Fees | None = None
    value_usd: Decimal | None = None

    def available(self, coin: str) -> Decimal:
        """Free amount of the coin; zero when the account holds none."""
        balance = self.balances.get(coin)
        return balance.available if balance else Decimal(0)


class Light(StrEnum):
    """State of one connection, worst last."""

    GOOD = "good"
    WAITING = "waiting"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Connection:
    """How the program is connected; the words are for the top bar."""

    rest: Light = Light.WAITING
    rest_ms: int | None = None
    rest_words: str = "connecting"
    user: Light = Light.WAITING
    user_words: str = "connecting"
    market: Light = Light.WAITING
    market_words: str = "connecting"
    order_channel: str | None = None
    polling: bool = False
    clock_offset_ms: int | None = None
