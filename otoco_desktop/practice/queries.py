"""Answers to the queries of the protocol: market data, account, orders, fills."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from otoco_desktop.practice import codes, rows
from otoco_desktop.practice.candles import HISTORY, LEGACY, TIMEFRAMES, Candle
from otoco_desktop.practice.dialect import nanoseconds, plain
from otoco_desktop.practice.faults import Fault
from otoco_desktop.practice.instruments import Instrument
from otoco_desktop.practice.levels import DEPTH
from otoco_desktop.practice.model import Leg, Refused
from otoco_desktop.practice.venue import Venue

Params = Mapping[str, Any]

_DAY_NS = int(timedelta(days=1).total_seconds()) * 1_000_000_000
_MOST_ROWS = 100


class Queries:
    """Reads the venue; changes nothing."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue

    # Market data

    def instruments(self, _: Params) -> dict[str, Any]:
        """public/get-instruments."""
        return {"data": [rows.instrument_row(row) for row in self._venue.instruments.values()]}

    def tickers(self, params: Params) -> dict[str, Any]:
        """public/get-tickers."""
        wanted = [self.instrument(params)] if "instrument_name" in params else self._venue.instruments.values()
        return {"data": [self.ticker(instrument) for instrument in wanted]}

    def ticker(self, instrument: Instrument) -> dict[str, Any]:
        """One ticker row."""
        quote, now_ms = self._venue.prices[instrument.symbol].quote, self._venue.now_ms
        day = self._venue.candles.rows(instrument, "1D", quote.mark, now_ms)[-1]
        return rows.ticker_row(instrument, quote, day, now_ms)

    def book(self, params: Params) -> dict[str, Any]:
        """public/get-book."""
        instrument = self.instrument(params)
        depth = _whole(params.get("depth", "10"), 1, DEPTH)
        row = {**self.sides(instrument, depth), "t": self._venue.now_ms}
        return {"instrument_name": instrument.symbol, "depth": depth, "data": [row]}

    def sides(self, instrument: Instrument, depth: int) -> dict[str, list[list[str]]]:
        """Asks and bids now."""
        quote = self._venue.prices[instrument.symbol].quote
        return rows.book_sides(instrument, quote, depth, self._venue.seed)

    def candlesticks(self, params: Params) -> dict[str, Any]:
        """public/get-candlestick."""
        instrument = self.instrument(params)
        asked = params.get("timeframe", "1m")
        timeframe = timeframe_named(asked)
        count = _whole(params.get("count", "25"), 1, HISTORY)
        since, until = nanoseconds(params.get("start_ts", 0)), nanoseconds(params.get("end_ts", 2**62))
        made = [c for c in self.series(instrument, timeframe) if since <= c.start_ms * 1_000_000 <= until]
        data = [rows.candle_row(candle, instrument) for candle in made[-count:]]
        return {"interval": asked, "data": data, "instrument_name": instrument.symbol}

    def series(self, instrument: Instrument, timeframe: str) -> list[Candle]:
        """All candles of a timeframe, the newest last."""
        mark = self._venue.prices[instrument.symbol].mark
        return self._venue.candles.rows(instrument, timeframe, mark, self._venue.now_ms)

    def valuations(self, params: Params) -> dict[str, Any]:
        """public/get-valuations: mark price per minute, newest first."""
        instrument = self.instrument(params)
        if params.get("valuation_type") not in ("mark_price", "index_price"):
            raise Refused(codes.MISSING_OR_INVALID_ARGUMENT, "valuation_type")
        if self._venue.faults.value(Fault.NO_MARK_PRICE):
            raise Refused(codes.NO_MARK_PRICE)
        count = _whole(params.get("count", "25"), 1, HISTORY)
        newest = self.series(instrument, "1m")[-count:][::-1]
        data = [{"v": instrument.price_text(c.close), "t": c.start_ms} for c in newest]
        return {"data": data, "instrument_name": instrument.symbol}

    # Account

    def balance(self, _: Params) -> dict[str, Any]:
        """private/user-balance."""
        return {"data": rows.balance_rows(self._venue.book.account, self._venue.worths())}

    def currency_networks(self, _: Params) -> dict[str, Any]:
        """private/get-currency-networks: practice coins are on no network, they cannot be moved."""
        networks: dict[str, dict[str, Any]] = {
            coin: {"full_name": coin, "default_network": None, "network_list": []}
            for coin in self._venue.book.account.coins
        }
        return {"update_time": self._venue.now_ms, "currency_map": networks}

    def fee_rate(self, _: Params) -> dict[str, Any]:
        """private/get-fee-rate."""
        fees = self._venue.config.fees
        return {
            "spot_tier": "1",
            "deriv_tier": "1",
            "effective_spot_maker_rate_bps": plain(fees.maker_bps),
            "effective_spot_taker_rate_bps": plain(fees.taker_bps),
            "effective_deriv_maker_rate_bps": plain(fees.maker_bps),
            "effective_deriv_taker_rate_bps": plain(fees.taker_bps),
        }

    def instrument_fee_rate(self, params: Params) -> dict[str, Any]:
        """private/get-instrument-fee-rate."""
        fees, instrument = self._venue.config.fees, self.instrument(params)
        return {
            "instrument_name": instrument.symbol,
            "effective_maker_rate_bps": plain(fees.maker_bps),
            "effective_taker_rate_bps": plain(fees.taker_bps),
        }

    def trades(self, params: Params) -> dict[str, Any]:
        """private/get-trades, newest first."""
        since, until, limit = self._window(params)
        name = params.get("instrument_name")
        found = [
            fill
            for fill in reversed(self._venue.book.fills)
            if since <= fill.time_ns < until and name in (None, fill.symbol)
        ]
        return {"data": [rows.trade_row(fill) for fill in found[:limit]]}

    # Orders

    def open_orders(self, params: Params) -> dict[str, Any]:
        """private/advanced/get-open-orders."""
        name = params.get("instrument_name")
        return {"data": [self.row(leg) for leg in self._legs() if leg.is_open and name in (None, leg.symbol)]}

    def order_detail(self, params: Params) -> dict[str, Any]:
        """private/advanced/get-order-detail."""
        order_id, client_oid = one_order(params)
        leg = None if self._hidden else self._venue.book.find(order_id, client_oid)
        if leg is None:
            raise Refused(codes.NOT_FOUND)
        return self.row(leg)

    def order_history(self, params: Params) -> dict[str, Any]:
        """private/advanced/get-order-history: ended orders by time of creation, newest first."""
        since, until, limit = self._window(params)
        name = params.get("instrument_name")
        ended = [
            leg
            for leg in self._legs()
            if not leg.is_open and since <= leg.created_ns < until and name in (None, leg.symbol)
        ]
        ended.sort(key=lambda leg: (leg.created_ns, leg.leg_id), reverse=True)
        return {"data": [self.row(leg) for leg in ended[:limit]]}

    def list_detail(self, params: Params) -> dict[str, Any]:
        """private/advanced/get-order-list-detail."""
        wanted = params.get("list_id_list")
        if not isinstance(wanted, list) or not wanted or not all(isinstance(one, str) for one in wanted):
            raise Refused(codes.MISSING_OR_INVALID_ARGUMENT, "list_id_list")
        book = self._venue.book
        known = [] if self._hidden else [one for one in wanted if one in book.lists]
        if not known:
            raise Refused(codes.NOT_FOUND)
        return {"data": [self.row(leg) for list_id in known for leg in book.family(list_id)]}

    def row(self, leg: Leg) -> dict[str, Any]:
        """One order row."""
        venue = self._venue
        entry_id = venue.book.family(leg.list_id)[0].exchange_order_id
        return rows.order_row(leg, venue.instruments[leg.symbol], venue.config.fees, entry_id)

    def instrument(self, params: Params) -> Instrument:
        """The instrument named. Raises `Refused` (40004, 209)."""
        name = params.get("instrument_name")
        if not name:
            raise Refused(codes.MISSING_OR_INVALID_ARGUMENT, "instrument_name")
        found = self._venue.instruments.get(name)
        if found is None:
            raise Refused(codes.INVALID_INSTRUMENT)
        return found

    @property
    def _hidden(self) -> bool:
        return bool(self._venue.faults.value(Fault.HIDE_ORDERS))

    def _legs(self) -> list[Leg]:
        return [] if self._hidden else list(self._venue.book.legs.values())

    def _window(self, params: Params) -> tuple[int, int, int]:
        until = nanoseconds(params["end_time"]) if "end_time" in params else self._venue.now_ns + 1
        since = nanoseconds(params["start_time"]) if "start_time" in params else until - _DAY_NS
        if since > until:
            raise Refused(codes.INVALID_DATE)
        return since, until, _whole(params.get("limit", "100"), 1, _MOST_ROWS)


def one_order(params: Params) -> tuple[str, str]:
    """The order id or client id of a request. Raises `Refused` 40004 where both are missing."""
    order_id, client_oid = params.get("order_id", ""), params.get("client_oid", "")
    if not (order_id or client_oid) or not isinstance(order_id, str) or not isinstance(client_oid, str):
        raise Refused(codes.MISSING_OR_INVALID_ARGUMENT, "order_id")
    return order_id, client_oid


def timeframe_named(name: object) -> str:
    """A timeframe in its modern spelling. Raises `Refused` 40004."""
    modern = LEGACY.get(str(name), str(name))
    if modern not in TIMEFRAMES:
        raise Refused(codes.MISSING_OR_INVALID_ARGUMENT, "timeframe")
    return modern


def _whole(value: object, least: int, most: int) -> int:
    text = str(value)
    if isinstance(value, bool) or not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Refused(codes.MISSING_OR_INVALID_ARGUMENT)
    if int(text) < least:
        raise Refused(codes.MISSING_OR_INVALID_ARGUMENT)
    return min(int(text), most)
