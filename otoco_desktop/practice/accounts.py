"""Coins of the practice account: what is there and what is locked for orders. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

ZERO = Decimal(0)


class Account:
    """Quantities and reserved amounts by coin. Nothing may go below zero."""

    def __init__(self, quantities: Mapping[str, Decimal]) -> None:
        self._quantity = dict(quantities)
        self._reserved: dict[str, Decimal] = {}
        self.touched: set[str] = set()

    @property
    def coins(self) -> tuple[str, ...]:
        """Every coin ever held, in alphabetical order."""
        return tuple(sorted(self._quantity))

    def quantity(self, coin: str) -> Decimal:
        """Everything held of a coin."""
        return self._quantity.get(coin, ZERO)

    def reserved(self, coin: str) -> Decimal:
        """The part of it that orders have locked."""
        return self._reserved.get(coin, ZERO)

    def available(self, coin: str) -> Decimal:
        """What is free."""
        return self.quantity(coin) - self.reserved(coin)

    def reserve(self, coin: str, change: Decimal) -> None:
        """Lock more (positive) or less (negative) of a coin."""
        self._reserved[coin] = self.reserved(coin) + change
        self.touched.add(coin)
        self._check(coin)

    def add(self, coin: str, change: Decimal) -> None:
        """Book a coin in (positive) or out (negative)."""
        self._quantity[coin] = self.quantity(coin) + change
        self.touched.add(coin)

    def settle(self) -> None:
        """End of one booking: every coin touched must add up."""
        for coin in self.touched:
            self._check(coin)

    def _check(self, coin: str) -> None:
        if self.reserved(coin) < 0 or self.available(coin) < 0:
            raise ArithmeticError(f"{coin}: {self.quantity(coin)} held, {self.reserved(coin)} reserved")
