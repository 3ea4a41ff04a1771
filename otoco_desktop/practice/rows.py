"""Rows of replies and channels, with the field names of the exchange docs. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from otoco_desktop.practice import codes
from otoco_desktop.practice.accounts import Account
from otoco_desktop.practice.candles import Candle
from otoco_desktop.practice.dialect import plain
from otoco_desktop.practice.instruments import SPOT, Instrument
from otoco_desktop.practice.levels import levels
from otoco_desktop.practice.model import Fill, Leg, Side
from otoco_desktop.practice.noise import between
from otoco_desktop.practice.prices import Quote
from otoco_desktop.practice.settlement import Fees

ACCOUNT_ID = "00000000-0000-4000-8000-000000000001"
CONTINGENCY = "SPOT_ATTACH"
_MS = 1_000_000


def order_row(leg: Leg, instrument: Instrument, fees: Fees, entry_id: str) -> dict[str, Any]:
    """An order of a list, as user.advance.order and the order queries print it.

    `entry_id` is the id that the matching engine gave the entry of the list, or empty.
    """
    row = _core(leg, instrument, fees)
    row |= {"list_id": leg.list_id, "contingency_type": CONTINGENCY, "leg_id": str(leg.leg_id)}
    if entry_id:
        row["attach_order_id"] = entry_id
    if leg.ref_price is not None:
        row |= {"ref_price": instrument.exact_text(leg.ref_price), "ref_price_type": "MARK_PRICE"}
    if leg.exchange_order_id:
        row["exchange_order_id"] = leg.exchange_order_id
    if leg.reason:
        row |= {"reason": str(leg.reason), "reject_reason": codes.name(leg.reason)}
    return row


def plain_order_row(leg: Leg, instrument: Instrument, fees: Fees) -> dict[str, Any]:
    """The order as the matching engine knows it, for user.order."""
    row = _core(leg, instrument, fees)
    row |= {"order_id": leg.exchange_order_id, "transaction_time": str(leg.updated_ns // _MS)}
    row["transaction_time_ns"] = str(leg.updated_ns)
    return row


def _core(leg: Leg, instrument: Instrument, fees: Fees) -> dict[str, Any]:
    average = leg.value / leg.filled if leg.filled else Decimal(0)
    worth = leg.price or leg.ref_price or Decimal(0)
    return {
        "account_id": ACCOUNT_ID,
        "order_id": leg.order_id,
        "client_oid": leg.client_oid,
        "order_type": leg.kind.value,
        "time_in_force": "GOOD_TILL_CANCEL",
        "side": leg.side.value,
        "exec_inst": ["POST_ONLY"] if leg.post_only else [],
        "quantity": instrument.exact_quantity(leg.quantity),
        "limit_price": instrument.exact_text(leg.price or Decimal(0)),
        "order_value": plain(worth * leg.quantity),
        "maker_fee_rate": f"{fees.rate(taker=False):.6f}",
        "taker_fee_rate": f"{fees.rate(taker=True):.6f}",
        "avg_price": instrument.price_text(average),
        "cumulative_quantity": instrument.exact_quantity(leg.filled),
        "cumulative_value": plain(leg.value),
        "cumulative_fee": plain(-leg.fee) if leg.fee else "0",
        "status": leg.status.value,
        "update_user_id": ACCOUNT_ID,
        "order_date": _date(leg.created_ns),
        "instrument_name": leg.symbol,
        "fee_instrument_name": leg.fee_coin or default_fee_coin(leg, instrument),
        "create_time": str(leg.created_ns // _MS),
        "create_time_ns": str(leg.created_ns),
        "update_time": str(leg.updated_ns // _MS),
    }


def default_fee_coin(leg: Leg, instrument: Instrument) -> str:
    """Where nothing was asked for: the base for a BUY, the quote for a SELL."""
    return instrument.base if leg.side is Side.BUY else instrument.quote


def trade_row(fill: Fill) -> dict[str, Any]:
    """A fill, as private/get-trades and user.trade print it."""
    return {
        "account_id": ACCOUNT_ID,
        "event_date": _date(fill.time_ns),
        "journal_type": "TRADING",
        "traded_quantity": plain(fill.quantity),
        "traded_price": plain(fill.price),
        "fees": plain(-fill.fee) if fill.fee else "0",
        "order_id": fill.exchange_order_id,
        "trade_id": fill.trade_id,
        "trade_match_id": fill.trade_id,
        "client_oid": fill.client_oid,
        "taker_side": "TAKER" if fill.taker else "MAKER",
        "side": fill.side.value,
        "instrument_name": fill.symbol,
        "fee_instrument_name": fill.fee_coin,
        "create_time": str(fill.time_ns // _MS),
        "create_time_ns": str(fill.time_ns),
        "transact_time_ns": str(fill.time_ns),
        "match_count": "1",
        "match_index": "0",
    }


def balance_rows(account: Account, worth: Mapping[str, Decimal]) -> list[dict[str, Any]]:
    """The one row of private/user-balance; `worth` is the USD price of each coin."""
    positions = [_position(account, coin, worth.get(coin, Decimal(0))) for coin in account.coins]
    total = sum((account.quantity(c) * worth.get(c, Decimal(0)) for c in account.coins), Decimal(0))
    free = sum((account.available(c) * worth.get(c, Decimal(0)) for c in account.coins), Decimal(0))
    nought = "0.00000000"
    return [
        {
            "total_available_balance": f"{free:.8f}",
            "total_margin_balance": f"{total:.8f}",
            "total_initial_margin": nought,
            "total_maintenance_margin": nought,
            "total_position_cost": nought,
            "total_cash_balance": f"{total:.8f}",
            "total_collateral_value": f"{total:.8f}",
            "total_session_unrealized_pnl": nought,
            "total_session_realized_pnl": nought,
            "instrument_name": "USD",
            "is_liquidating": False,
            "total_effective_leverage": nought,
            "position_balances": positions,
        }
    ]


def _position(account: Account, coin: str, worth: Decimal) -> dict[str, Any]:
    quantity = account.quantity(coin)
    return {
        "instrument_name": coin,
        "quantity": f"{quantity:.8f}",
        "reserved_qty": f"{account.reserved(coin):.8f}",
        "market_value": f"{quantity * worth:.8f}",
        "max_withdrawal_balance": f"{account.available(coin):.8f}",
        "collateral_eligible": True,
        "collateral_amount": f"{quantity * worth:.8f}",
        "haircut": "0",
    }


def instrument_row(instrument: Instrument) -> dict[str, Any]:
    """An instrument, as public/get-instruments prints it."""
    spot = instrument.kind == SPOT
    row: dict[str, Any] = {
        "symbol": instrument.symbol,
        "inst_type": instrument.kind,
        "display_name": f"{instrument.base}/{instrument.quote}" if spot else f"{instrument.base} Perpetual",
        "base_ccy": instrument.base,
        "quote_ccy": instrument.quote,
        "quote_decimals": instrument.price_decimals,
        "quantity_decimals": instrument.quantity_decimals,
        "price_tick_size": f"{instrument.tick:f}",
        "qty_tick_size": f"{instrument.step:f}",
        "max_leverage": "50",
        "tradable": instrument.tradable,
        "expiry_timestamp_ms": 0,
        "beta_product": False,
        "margin_buy_enabled": False,
        "margin_sell_enabled": False,
        "product_type": "DIGITAL_CURRENCIES",
    }
    if not spot:
        row |= {"underlying_symbol": f"{instrument.base}{instrument.quote}-INDEX", "contract_size": "1"}
    return row


def ticker_row(instrument: Instrument, quote: Quote, day: Candle, now_ms: int) -> dict[str, Any]:
    """A ticker; `day` gives the range, volume and opening price of the day."""
    change = (quote.mark - day.open) / day.open if quote.change is None else quote.change
    return {
        "i": instrument.symbol,
        "a": instrument.price_text(quote.last or quote.mark),
        "b": instrument.price_text(quote.bid),
        "k": instrument.price_text(quote.ask),
        "h": instrument.price_text(day.high),
        "l": instrument.price_text(day.low),
        "v": instrument.quantity_text(day.volume),
        "vv": f"{day.volume * quote.mark:.2f}",
        "oi": "0",
        "c": f"{change:.8f}",
        "t": now_ms,
    }


def candle_row(candle: Candle, instrument: Instrument) -> dict[str, Any]:
    """A candle; `t` is its start."""
    return {
        "o": instrument.price_text(candle.open),
        "h": instrument.price_text(candle.high),
        "l": instrument.price_text(candle.low),
        "c": instrument.price_text(candle.close),
        "v": instrument.quantity_text(candle.volume),
        "t": candle.start_ms,
    }


def book_sides(instrument: Instrument, quote: Quote, depth: int, seed: int) -> dict[str, list[list[str]]]:
    """Asks and bids around a quote, best first."""
    return {
        name: [_level(instrument, *level, seed) for level in islice(levels(instrument, quote, taker, seed), depth)]
        for name, taker in (("asks", Side.BUY), ("bids", Side.SELL))
    }


def _level(instrument: Instrument, price: Decimal, size: Decimal, seed: int) -> list[str]:
    orders = between(1, 9, seed, "orders", instrument.symbol, price)
    return [instrument.price_text(price), instrument.quantity_text(size), str(orders)]


def worths(quotes: Iterable[tuple[str, Quote]], instruments: Mapping[str, Instrument]) -> dict[str, Decimal]:
    """The USD price of each coin with a spot pair."""
    prices = {instruments[s].base: q.mark for s, q in quotes if instruments[s].kind == SPOT}
    return {**prices, "USD": Decimal(1)}


def _date(moment_ns: int) -> str:
    return datetime.fromtimestamp(moment_ns // 1_000_000_000, UTC).strftime("%Y-%m-%d")
