"""What an exit would bring at a price: net of the fees that were paid, and of the one that it would cost."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.market import Fees
from otoco_desktop.domain.order import LegRole, Side
from otoco_desktop.domain.phases import entry_complete, latest
from otoco_desktop.domain.result import coins
from otoco_desktop.domain.risk import Terms, break_even_price, unit_result
from otoco_desktop.domain.strategy import Strategy


@dataclass(frozen=True, slots=True)
class Money:
    """``entry`` is what was paid, or what would be; ``planned_loss`` is 1R, in quote, where one is on record."""

    terms: Terms
    entry: Decimal
    quantity: Decimal
    planned_loss: Decimal | None

    def result(self, price: Decimal) -> Decimal:
        """The result in quote if the exit fills at this price."""
        return self.quantity * unit_result(self.terms, self.entry, price)

    def in_r(self, price: Decimal) -> Decimal | None:
        return self.result(price) / self.planned_loss if self.planned_loss else None

    def break_even(self, instrument: Instrument) -> Decimal | None:
        """The first price on the tick at which the exit no longer loses."""
        return break_even_price(self.terms, self.entry, instrument.price_tick)


def entry_of(strategy: Strategy) -> Decimal:
    """The entry's average once it has filled, else its limit."""
    report = latest(strategy, LegRole.ENTRY)
    if report is not None and entry_complete(strategy) and report.filled and report.filled_value:
        return report.filled_value / report.filled
    return strategy.intent.order.entry.reference_price


def money_of(strategy: Strategy, role: LegRole, fees: Fees | None) -> Money | None:
    """The exit in money; ``fees`` are the account's now. ``None`` where no fee rate is known."""
    order, planned = strategy.intent.order, strategy.intent.planned
    maker, taker = (planned.maker, planned.taker) if planned else (None, None)
    entry_rate, base_fee = _entry_rate(strategy) or (maker if maker is not None else fees.maker if fees else None, None)
    exit_rate = fees.taker if fees else taker
    if entry_rate is None or exit_rate is None:
        return None
    in_base = order.side is Side.BUY and order.fee_instrument is None if base_fee is None else base_fee
    terms = Terms(order.side, entry_rate, exit_rate, base_fee=in_base)
    loss = abs(planned.loss) if planned else None
    return Money(terms, entry_of(strategy), order.leg(role).quantity, loss)


def _entry_rate(strategy: Strategy) -> tuple[Decimal, bool] | None:
    """The rate that was paid for a filled entry, and whether in the base coin."""
    report = latest(strategy, LegRole.ENTRY)
    base, quote = coins(strategy.intent.order.instrument)
    if report is None or not entry_complete(strategy) or not report.filled or not report.filled_value:
        return None
    if report.fee_coin == quote:
        return report.fee / report.filled_value, False
    return (report.fee / report.filled, True) if report.fee_coin == base else None
