"""The plan in money: cost, loss and gain net of fees, and what follows from them.

Fees by leg. The entry pays the maker rate while it rests and the taker rate when it crosses the book. Every
exit is counted at the taker rate: a market exit takes; a limit exit is released when mark has already reached
its trigger, so it is likely to take as well.

Result of one coin, with ``d`` = +1 for a buy and -1 for a sell, entry ``E``, exit ``X``, rates ``fe`` and ``fx``:

    d * (X - E) - E * fe - X * fx                  when the entry fee is paid in the quote coin
    d * (X - E) - max(E, X) * fe - X * fx          when a buy pays its entry fee in the base coin

In the second case ``fe`` of each bought coin never arrives. What it is worth depends on when it is missed; the
dearer of the two moments is counted, so the loss is never too small and the gain never too large. A market
exit is valued at its trigger, a limit exit at its limit. Slippage is not part of any figure but ``slip_step``.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from otoco_desktop.domain.market import AccountSnapshot, Fees, Quote
from otoco_desktop.domain.money import round_to_step
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.verdict import Figures, LegFigures, PlanSettings, Surroundings

ONE = Decimal(1)
SLIP_RATIO = Decimal("0.001")
DOLLARS = frozenset({"USD", "USDT", "USDC"})


@dataclass(frozen=True, slots=True)
class Terms:
    """What trading costs here: fee rates as ratios per leg, and in which coin a buy pays its entry fee."""

    side: Side
    entry_rate: Decimal
    exit_rate: Decimal
    base_fee: bool = False

    @property
    def quote_rate(self) -> Decimal:
        """The share of the entry's value that is charged in quote on top of it."""
        return Decimal(0) if self.base_fee else self.entry_rate


@dataclass(frozen=True, slots=True)
class Trade:
    """A plan as far as money is concerned: the quantity, and for each leg the price that values it.

    ``exits`` is what each exit covers, all where ``None``. Results are those of the whole quantity all the same: what
    the exits leave is counted as left at their price.
    """

    quantity: Decimal
    entry: Decimal
    stop: Decimal
    target: Decimal
    stop_market: bool
    exits: Decimal | None = None


def crosses(side: Side, entry: Decimal, quote: Quote | None) -> bool:
    """Whether a limit entry at this price would fill at once against the newest book."""
    if quote is None:
        return False
    if side is Side.BUY:
        return quote.ask is not None and entry >= quote.ask
    return quote.bid is not None and entry <= quote.bid


def terms_of(side: Side, entry: Decimal, quote: Quote | None, fees: Fees, settings: PlanSettings) -> Terms:
    """The rates that apply to an entry at this price. Without a book the entry counts as resting."""
    rate = fees.taker if crosses(side, entry, quote) else fees.maker
    return Terms(side, rate, fees.taker, base_fee=side is Side.BUY and not settings.fee_in_quote)


def unit_result(terms: Terms, entry: Decimal, exit_price: Decimal) -> Decimal:
    """Net result in quote of one coin entered and left at these prices; negative is a loss."""
    gross = exit_price - entry if terms.side is Side.BUY else entry - exit_price
    fee_value = max(entry, exit_price) if terms.base_fee else entry
    return gross - fee_value * terms.entry_rate - exit_price * terms.exit_rate


def break_even_price(terms: Terms, entry: Decimal, tick: Decimal) -> Decimal | None:
    """The first price on the tick at which an exit no longer loses; ``None`` where fees eat every price."""
    if terms.side is Side.SELL:
        exact = entry * (ONE - terms.entry_rate) / (ONE + terms.exit_rate)
        return round_to_step(exact, tick, ROUND_FLOOR) or None
    kept = ONE - terms.exit_rate - (terms.entry_rate if terms.base_fee else 0)
    if kept <= 0:
        return None
    return round_to_step(entry * (ONE + terms.quote_rate) / kept, tick, ROUND_CEILING)


def account_value(account: AccountSnapshot | None, rate: Decimal | None) -> Decimal | None:
    """The account's value in quote, from its value in USD and the dollars one quote coin is worth."""
    if account is None or account.value_usd is None or not rate:
        return None
    return account.value_usd / rate


def usd_rate(around: Surroundings) -> Decimal | None:
    """Dollars per quote coin; USD, USDT and USDC count as one dollar each when no rate is given."""
    if around.usd_per_quote is not None:
        return around.usd_per_quote
    return ONE if around.instrument and around.instrument.quote in DOLLARS else None


def figures(terms: Terms, trade: Trade, tick: Decimal, value: Decimal | None) -> Figures:
    """All figures of a plan whose prices are in order; ``value`` is the account's value in quote, if known."""
    loss, gain = _result(terms, trade, trade.stop), _result(terms, trade, trade.target)
    worth = trade.quantity * trade.entry
    covered = trade.quantity if trade.exits is None else trade.exits
    buys = terms.side is Side.BUY
    quote_fee = worth * terms.quote_rate
    return Figures(
        cost=worth + quote_fee if buys else worth - quote_fee,
        loss=loss,
        gain=gain,
        gross_loss=-trade.quantity * abs(trade.stop - trade.entry),
        gross_gain=trade.quantity * (trade.target - trade.entry) * (1 if buys else -1),
        net_rr=gain / -loss,
        break_even_rate=-loss / (gain - loss) if gain > 0 else None,
        break_even_price=break_even_price(terms, trade.entry, tick),
        at_risk=-loss / value if value and value > 0 else None,
        entry=LegFigures(worth, worth * terms.entry_rate, None),
        stop=_exit(terms, covered * trade.stop, loss),
        target=_exit(terms, covered * trade.target, gain),
        entry_rate=terms.entry_rate,
        stop_rate=terms.exit_rate,
        target_rate=terms.exit_rate,
        slip_step=covered * trade.stop * SLIP_RATIO if trade.stop_market else None,
        held=_held(terms, trade.quantity),
    )


def _result(terms: Terms, trade: Trade, exit_price: Decimal) -> Decimal:
    return trade.quantity * unit_result(terms, trade.entry, exit_price)


def _exit(terms: Terms, value: Decimal, result: Decimal) -> LegFigures:
    return LegFigures(value, value * terms.exit_rate, result)


def _held(terms: Terms, quantity: Decimal) -> Decimal:
    if terms.side is Side.SELL:
        return Decimal(0)
    return quantity * (ONE - terms.entry_rate) if terms.base_fee else quantity
