"""What orders lock, cost and bring in, with fees. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from msgspec.structs import replace

from otoco_desktop.practice.book import Book
from otoco_desktop.practice.instruments import Instrument
from otoco_desktop.practice.model import Fill, Leg, Side, Status

_FEE_GRID = Decimal("0.00000001")
_BPS = Decimal(10_000)


@dataclass(frozen=True, slots=True)
class Fees:
    """Fee rates in basis points."""

    maker_bps: Decimal = Decimal(25)
    taker_bps: Decimal = Decimal(50)

    def rate(self, taker: bool) -> Decimal:
        """The rate as a fraction."""
        return (self.taker_bps if taker else self.maker_bps) / _BPS


class Settlement:
    """Books reservations and fills of legs in the account."""

    def __init__(self, book: Book, instruments: Mapping[str, Instrument], fees: Fees) -> None:
        self._book = book
        self._instruments = instruments
        self._fees = fees

    def spends(self, leg: Leg) -> str:
        """The coin a leg gives away."""
        instrument = self._instruments[leg.symbol]
        return instrument.quote if leg.side is Side.BUY else instrument.base

    def fee_coin(self, leg: Leg) -> str:
        """The coin of the fee: for a BUY the base unless the quote was asked for, for a SELL the quote."""
        instrument = self._instruments[leg.symbol]
        if leg.side is Side.BUY and leg.fee_coin != instrument.quote:
            return instrument.base
        return instrument.quote

    def cost(self, leg: Leg, quantity: Decimal, price: Decimal) -> Decimal:
        """What a quantity locks at a price; a BUY with its fee in the quote locks the taker fee too."""
        if leg.side is Side.SELL:
            return quantity
        value = quantity * price
        return value + self._fee(value, taker=True) if self._pays_quote(leg) else value

    def fitted(self, leg: Leg, price: Decimal, lent: Decimal = Decimal(0)) -> Leg | None:
        """The leg with a fee coin the account can pay, or None when it is short.

        Falls back to the base coin when the quote does not suffice for value and fee (exchange docs,
        fee_instrument_name). `lent` is locked by another leg of the list and may be used as well.
        """
        free = self._book.account.available(self.spends(leg)) + lent
        for candidate in (leg, replace(leg, fee_coin="")):
            if self.cost(candidate, leg.left, price) <= free:
                return replace(candidate, fee_coin=self.fee_coin(candidate))
        return None

    def reserve(self, leg: Leg, amount: Decimal) -> Leg:
        """The leg with exactly this amount locked for it."""
        self._book.account.reserve(self.spends(leg), amount - leg.reserved)
        return replace(leg, reserved=amount)

    def release(self, leg: Leg) -> Leg:
        """The leg with nothing locked."""
        return self.reserve(leg, Decimal(0)) if leg.reserved else leg

    def fill(self, leg: Leg, quantity: Decimal, price: Decimal, now_ns: int) -> Leg:
        """Book one execution and return the leg after it."""
        value = quantity * price
        in_base = self.fee_coin(leg) == self._instruments[leg.symbol].base
        fee = self._fee(quantity if in_base else value, leg.taker)
        filled = replace(
            leg,
            filled=leg.filled + quantity,
            value=leg.value + value,
            fee=leg.fee + fee,
            fee_coin=self.fee_coin(leg),
            updated_ns=now_ns,
        )
        filled = self._rereserve(filled)
        self._move(leg, quantity, value, fee)
        self._book.record(self._fill(filled, quantity, price, fee))
        return self._finished(filled)

    def _rereserve(self, leg: Leg) -> Leg:
        if leg.price is None or not leg.left:
            return self.release(leg)
        return self.reserve(leg, self.cost(leg, leg.left, leg.price))

    def _move(self, leg: Leg, quantity: Decimal, value: Decimal, fee: Decimal) -> None:
        instrument, account = self._instruments[leg.symbol], self._book.account
        sign = 1 if leg.side is Side.BUY else -1
        account.add(instrument.base, sign * quantity)
        account.add(instrument.quote, -sign * value)
        account.add(self.fee_coin(leg), -fee)
        account.settle()

    def _fill(self, leg: Leg, quantity: Decimal, price: Decimal, fee: Decimal) -> Fill:
        return Fill(
            trade_id=self._book.trade_id(),
            order_id=leg.order_id,
            exchange_order_id=leg.exchange_order_id,
            list_id=leg.list_id,
            client_oid=leg.client_oid,
            symbol=leg.symbol,
            side=leg.side,
            quantity=quantity,
            price=price,
            fee=fee,
            fee_coin=leg.fee_coin,
            taker=leg.taker,
            time_ns=leg.updated_ns,
        )

    def _finished(self, leg: Leg) -> Leg:
        return leg if leg.left else replace(leg, status=Status.FILLED)

    def _pays_quote(self, leg: Leg) -> bool:
        return self.fee_coin(leg) == self._instruments[leg.symbol].quote

    def _fee(self, amount: Decimal, taker: bool) -> Decimal:
        # Rounded down, so that the fees of the pieces never exceed the one reserved for the whole.
        return (amount * self._fees.rate(taker)).quantize(_FEE_GRID, rounding=ROUND_DOWN)
