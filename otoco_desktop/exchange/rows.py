"""Rows of replies and channels as domain values.

Missing fields are tolerated where a value can do without; a field that is present but not what it should
be makes its row a DecodeError, never a guess.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

import msgspec

from otoco_desktop.domain.candles import Candle
from otoco_desktop.domain.depth import Depth
from otoco_desktop.domain.events import LegReport
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.market import AccountSnapshot, Balance, Fees
from otoco_desktop.exchange.errors import DecodeError
from otoco_desktop.exchange.scalars import (
    ABSENT,
    amount,
    decode,
    flag,
    ident,
    integer,
    label,
    printable,
    rows,
    word,
)

MAX_REASON = 300
logger = logging.getLogger(__name__)
_BASIS_POINTS = Decimal(10_000)


class _OrderRow(msgspec.Struct):
    list_id: msgspec.Raw = ABSENT
    order_id: msgspec.Raw = ABSENT
    client_oid: msgspec.Raw = ABSENT
    instrument_name: msgspec.Raw = ABSENT
    order_type: msgspec.Raw = ABSENT
    side: msgspec.Raw = ABSENT
    status: msgspec.Raw = ABSENT
    quantity: msgspec.Raw = ABSENT
    cumulative_quantity: msgspec.Raw = ABSENT
    cumulative_value: msgspec.Raw = ABSENT
    cumulative_fee: msgspec.Raw = ABSENT
    avg_price: msgspec.Raw = ABSENT
    limit_price: msgspec.Raw = ABSENT
    ref_price: msgspec.Raw = ABSENT
    fee_instrument_name: msgspec.Raw = ABSENT
    exchange_order_id: msgspec.Raw = ABSENT
    leg_id: msgspec.Raw = ABSENT
    reason: msgspec.Raw = ABSENT
    reject_reason: msgspec.Raw = ABSENT
    create_time: msgspec.Raw = ABSENT
    create_time_ns: msgspec.Raw = ABSENT
    update_time: msgspec.Raw = ABSENT


class _InstrumentRow(msgspec.Struct):
    symbol: msgspec.Raw = ABSENT
    inst_type: msgspec.Raw = ABSENT
    base_ccy: msgspec.Raw = ABSENT
    quote_ccy: msgspec.Raw = ABSENT
    price_tick_size: msgspec.Raw = ABSENT
    qty_tick_size: msgspec.Raw = ABSENT
    tradable: msgspec.Raw = ABSENT
    margin_buy_enabled: msgspec.Raw = ABSENT


class _BalanceRow(msgspec.Struct):
    position_balances: msgspec.Raw = ABSENT
    total_cash_balance: msgspec.Raw = ABSENT


class _CoinRow(msgspec.Struct):
    instrument_name: msgspec.Raw = ABSENT
    quantity: msgspec.Raw = ABSENT
    reserved_qty: msgspec.Raw = ABSENT


class _FeeRow(msgspec.Struct):
    effective_spot_maker_rate_bps: msgspec.Raw = ABSENT
    effective_spot_taker_rate_bps: msgspec.Raw = ABSENT
    effective_maker_rate_bps: msgspec.Raw = ABSENT
    effective_taker_rate_bps: msgspec.Raw = ABSENT


class _TickerRow(msgspec.Struct):
    i: msgspec.Raw = ABSENT
    a: msgspec.Raw = ABSENT
    b: msgspec.Raw = ABSENT
    k: msgspec.Raw = ABSENT
    c: msgspec.Raw = ABSENT
    t: msgspec.Raw = ABSENT


class _BookRow(msgspec.Struct):
    asks: list[list[msgspec.Raw]] | None = None
    bids: list[list[msgspec.Raw]] | None = None


class _BookUpdate(msgspec.Struct):
    update: msgspec.Raw = msgspec.Raw(b"{}")


class _CandleRow(msgspec.Struct):
    o: msgspec.Raw = ABSENT
    h: msgspec.Raw = ABSENT
    l: msgspec.Raw = ABSENT  # noqa: E741 - the exchange's own name
    c: msgspec.Raw = ABSENT
    t: msgspec.Raw = ABSENT


class _ValueRow(msgspec.Struct):
    v: msgspec.Raw = ABSENT
    t: msgspec.Raw = ABSENT


_ORDERS = msgspec.json.Decoder(_OrderRow)
_BOOKS = msgspec.json.Decoder(_BookRow)


@dataclass(frozen=True, slots=True)
class Ticker:
    """Newest prices of one instrument; ``change`` is a ratio (0.0257 is +2.57 %)."""

    instrument: str
    last: Decimal | None
    bid: Decimal | None
    ask: Decimal | None
    change: Decimal | None
    exchange_ms: int | None


@dataclass(frozen=True, slots=True)
class BookSnapshot:
    """Best bid and ask of a book snapshot, None on an empty side; ``depth`` None where a level cannot be read."""

    bid: Decimal | None
    ask: Decimal | None
    depth: Depth | None


@dataclass(frozen=True, slots=True)
class OrderRow:
    """A leg's report and the time it was created, exchange ns, which pages the history."""

    report: LegReport
    created_ns: int | None


def order_row(raw: msgspec.Raw) -> OrderRow:
    """One row of the advanced order channel or of a query (exchange docs, user.advance.order)."""
    row = decode(raw, _OrderRow, _ORDERS)
    status = label(row.status)
    if not status:
        raise DecodeError("an order without a status")
    created = integer(row.create_time_ns)
    return OrderRow(_report(row, status), created)


def _report(row: _OrderRow, status: str) -> LegReport:
    return LegReport(
        list_id=_list_id(row.list_id),
        order_id=ident(row.order_id),
        client_oid=ident(row.client_oid),
        instrument=label(row.instrument_name),
        order_type=label(row.order_type),
        side=label(row.side),
        status=status,
        quantity=amount(row.quantity) or Decimal(0),
        filled=amount(row.cumulative_quantity) or Decimal(0),
        filled_value=amount(row.cumulative_value) or Decimal(0),
        average_price=_price(row.avg_price),
        limit_price=_price(row.limit_price),
        trigger=_price(row.ref_price),
        fee=abs(amount(row.cumulative_fee) or Decimal(0)),
        fee_coin=label(row.fee_instrument_name),
        exchange_order_id=ident(row.exchange_order_id),
        leg_id=ident(row.leg_id),
        reason=_reason(row),
        update_ms=integer(row.update_time) or integer(row.create_time) or 0,
    )


def _list_id(raw: msgspec.Raw) -> str:
    """The list's id, or nothing where 0 stands for *no list*: orders without one have nothing in common."""
    found = ident(raw)
    return "" if found == "0" else found


def instrument_row(raw: msgspec.Raw) -> Instrument:
    """One row of the instrument list. Raises DecodeError where a filter is missing or not positive."""
    row = decode(raw, _InstrumentRow)
    tick, step = amount(row.price_tick_size), amount(row.qty_tick_size)
    symbol = label(row.symbol)
    if not symbol or tick is None or step is None or tick <= 0 or step <= 0:
        raise DecodeError("an instrument without a name or a filter")
    return Instrument(
        symbol=symbol,
        base=label(row.base_ccy),
        quote=label(row.quote_ccy),
        price_tick=tick,
        quantity_step=step,
        kind=label(row.inst_type),
        tradable=flag(row.tradable) is True,
        margin_buy=flag(row.margin_buy_enabled) is True,
    )


def account_rows(raw: msgspec.Raw, fees: Fees | None = None) -> AccountSnapshot:
    """Balances by coin (exchange docs, private/user-balance and user.balance).

    Raises DecodeError when no row came: an account always has one.
    """
    found = rows(raw)
    if not found:
        raise DecodeError("no balance row")
    row = decode(found[0], _BalanceRow)
    coins = [decode(item, _CoinRow) for item in rows(row.position_balances)]
    balances = {
        label(coin.instrument_name): Balance(
            amount(coin.quantity) or Decimal(0), amount(coin.reserved_qty) or Decimal(0)
        )
        for coin in coins
    }
    return AccountSnapshot(MappingProxyType(balances), fees, amount(row.total_cash_balance))


def fee_row(raw: msgspec.Raw) -> Fees:
    """Spot fee rates, which come in basis points: of one instrument, else of the account.

    Exchange docs, private/get-instrument-fee-rate and private/get-fee-rate.
    """
    row = decode(raw, _FeeRow)
    maker = _first(row.effective_maker_rate_bps, row.effective_spot_maker_rate_bps)
    taker = _first(row.effective_taker_rate_bps, row.effective_spot_taker_rate_bps)
    return Fees(maker / _BASIS_POINTS, taker / _BASIS_POINTS)


def ticker_row(raw: msgspec.Raw) -> Ticker:
    """One row of the tickers; any price may be null (exchange docs, public/get-tickers)."""
    row = decode(raw, _TickerRow)
    return Ticker(
        instrument=label(row.i),
        last=amount(row.a),
        bid=amount(row.b),
        ask=amount(row.k),
        change=amount(row.c),
        exchange_ms=integer(row.t),
    )


def book_row(raw: msgspec.Raw) -> BookSnapshot:
    """One book snapshot; levels are price, quantity, count (exchange docs, book channel)."""
    row = decode(raw, _BookRow, _BOOKS)
    bids, asks = row.bids or [], row.asks or []
    depth = _depth(bids, asks)
    if depth is None:
        return BookSnapshot(_best(bids, max), _best(asks, min), None)
    bid, ask = (side[0].price if side else None for side in (depth.bids, depth.asks))
    return BookSnapshot(bid, ask, depth)


def changes_book(raw: msgspec.Raw) -> bool:
    """Whether an update of the book changes a level; an empty one only says that the feed lives."""
    update = decode(decode(raw, _BookUpdate).update, _BookRow)
    return bool(update.bids or update.asks)


def value_row(raw: msgspec.Raw) -> Decimal:
    """One row of the mark channel or of public/get-valuations."""
    value = amount(decode(raw, _ValueRow).v)
    if value is None or value <= 0:
        raise DecodeError("a mark price that is missing or not positive")
    return value


def candle_row(raw: msgspec.Raw) -> Candle:
    """One candle (exchange docs, public/get-candlestick). Raises DecodeError where it cannot be drawn as it stands."""
    row = decode(raw, _CandleRow)
    start_ms = integer(row.t)
    opened, high, low, close = (amount(price) for price in (row.o, row.h, row.l, row.c))
    if start_ms is None or opened is None or high is None or low is None or close is None:
        raise DecodeError("a candle without a start or a price")
    candle = Candle(start_ms, opened, high, low, close)
    if not candle.is_sound:
        raise DecodeError("a candle whose high and low do not enclose its prices")
    return candle


def candle_rows(raw: msgspec.Raw) -> tuple[Candle, ...]:
    """The candles that can be read; the others are left out, as nothing may stand in for them."""
    found = []
    for row in rows(raw):
        try:
            found.append(candle_row(row))
        except DecodeError as error:
            logger.debug("a candle was left out: %s", error)
    return tuple(found)


def _best(levels: list[list[msgspec.Raw]], better: Callable[[list[Decimal]], Decimal]) -> Decimal | None:
    prices = [amount(level[0]) for level in levels if level]
    known = [price for price in prices if price is not None]
    return better(known) if known else None


def _depth(bids: list[list[msgspec.Raw]], asks: list[list[msgspec.Raw]]) -> Depth | None:
    try:
        return Depth.of(*([_level(level) for level in side] for side in (bids, asks)))
    except (DecodeError, ValueError) as error:
        logger.debug("a book without its depth: %s", error)
        return None


def _level(level: list[msgspec.Raw]) -> tuple[Decimal, Decimal]:
    price, quantity = (amount(raw) for raw in (*level, ABSENT, ABSENT)[:2])
    if price is None or quantity is None:
        raise DecodeError("a level without price or quantity")
    return price, quantity


def _first(*fields: msgspec.Raw) -> Decimal:
    for raw in fields:
        value = amount(raw)
        if value is not None:
            return value
    raise DecodeError("fee rates are missing")


def _price(raw: msgspec.Raw) -> Decimal | None:
    """A price, or None where the exchange prints zero for *there is none*."""
    value = amount(raw)
    return value if value else None


def _reason(row: _OrderRow) -> str:
    """The exchange's own code or name for a refusal; ``reason`` 0 and NO_ERROR mean that there is none."""
    for raw in (row.reject_reason, row.reason):
        text = word(raw)
        if text not in ("", "0", "NO_ERROR", "NONE"):
            return printable(text[:MAX_REASON])
    return ""
