"""Messages of the channels: built once per beat, sent to whoever subscribed. No sockets here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from otoco_desktop.practice import rows
from otoco_desktop.practice.book import Changes
from otoco_desktop.practice.candles import LEGACY, TIMEFRAMES
from otoco_desktop.practice.faults import EventFaults
from otoco_desktop.practice.model import Leg
from otoco_desktop.practice.printing import Printer
from otoco_desktop.practice.queries import Queries
from otoco_desktop.practice.venue import Venue

LIVE = -1
"""The id of live messages (exchange docs, subscriptions)."""

_BOOK_DEPTHS = ("10", "50")
_ORDER_NAMES = ("user.advance.order", "user.advanced.order")
_SLOW, _SLOWEST = 2, 4
_UPDATES = "SNAPSHOT_AND_UPDATE"


class Listener(Protocol):
    """A connection as the feeds see it."""

    channels: dict[str, dict[str, Any]]

    @property
    def send(self) -> Callable[[bytes], None]:
        """Takes a message out."""
        ...


class UserFeed:
    """Channels of the account: orders of lists, plain orders, trades, balances."""

    def __init__(self, venue: Venue, queries: Queries, faults: EventFaults) -> None:
        self._venue = venue
        self._queries = queries
        self._faults = faults
        self._print = Printer(venue.faults)
        self.listeners: list[Listener] = []
        venue.listeners.append(self.publish)

    def offers(self, name: str, order_names: Iterable[str]) -> bool:
        """Whether a channel exists; the order channel only under the names given."""
        base, symbol = self._split(name)
        fine = not symbol or symbol in self._venue.instruments
        if base in _ORDER_NAMES:
            return fine and base in order_names
        return fine and (base in ("user.order", "user.trade") or name == "user.balance")

    def snapshot(self, name: str, request_id: int | str) -> dict[str, Any]:
        """The first message of a channel: what is open now."""
        base, symbol = self._split(name)
        legs = [leg for leg in self._venue.book.legs.values() if leg.is_open and symbol in ("", leg.symbol)]
        data: list[dict[str, Any]] = []
        if base in _ORDER_NAMES:
            data = [self._queries.row(leg) for leg in legs]
        elif base == "user.order":
            data = [self._plain(leg) for leg in legs if leg.exchange_order_id]
        elif base == "user.balance":
            data = self._queries.balance({})["data"]
        return _message(name, base, data, (request_id, symbol))

    def publish(self, changes: Changes) -> None:
        """Tell every listener what happened, in order."""
        for leg in changes.reports:
            for base in _ORDER_NAMES:
                self._spread(base, leg.symbol, self._queries.row(leg))
            if leg.exchange_order_id:
                self._spread("user.order", leg.symbol, self._plain(leg))
        for fill in changes.fills:
            self._spread("user.trade", fill.symbol, rows.trade_row(fill))
        if changes.coins:
            self._spread("user.balance", "", self._queries.balance({})["data"][0])

    def _spread(self, base: str, symbol: str, row: dict[str, Any]) -> None:
        targets = [
            (listener, name)
            for listener in self.listeners
            for name in (base, f"{base}.{symbol}")
            if name in listener.channels
        ]
        if not targets:
            return

        def send() -> None:
            for listener, name in targets:
                listener.send(self._print(_message(name, base, [row], (LIVE, symbol))))

        self._faults.pass_on(send)

    def _plain(self, leg: Leg) -> dict[str, Any]:
        return rows.plain_order_row(leg, self._venue.instruments[leg.symbol], self._venue.config.fees)

    def _split(self, name: str) -> tuple[str, str]:
        for base in (*_ORDER_NAMES, "user.order", "user.trade", "user.balance"):
            if name == base:
                return base, ""
            if name.startswith(base + "."):
                return base, name[len(base) + 1 :]
        return "", ""


@dataclass(frozen=True, slots=True)
class _Told:
    """A book as it was told: its levels, its number, and the beat it was made at."""

    sides: dict[str, list[list[str]]]
    number: int
    beat: int


class MarketFeed:
    """Public channels: ticker, book, mark, candlestick."""

    def __init__(self, venue: Venue, queries: Queries) -> None:
        self._venue = venue
        self._queries = queries
        self._print = Printer(venue.faults)
        self.listeners: list[Listener] = []
        self._beat = 0
        self._snapshots = 0
        self._told: dict[str, _Told] = {}
        venue.watchers.append(self.publish)

    def offers(self, name: str) -> bool:
        """Whether a channel exists."""
        words = name.split(".")
        known = self._venue.instruments
        if len(words) == 2:
            return words[0] in ("ticker", "mark", "book") and words[1] in known
        if len(words) != 3:
            return False
        if words[0] == "book":
            return words[1] in known and words[2] in _BOOK_DEPTHS
        return words[0] == "candlestick" and words[2] in known and words[1] in {*TIMEFRAMES, *LEGACY}

    def has_price(self, name: str) -> bool:
        """Whether there is something to tell on this channel: a price from outside may have grown old."""
        return self._venue.is_fresh(_symbol(name))

    def first(self, name: str, params: dict[str, Any], request_id: int | str) -> bytes:
        """The first message of a channel."""
        if params.get("book_subscription_type") == _UPDATES and name.startswith("book."):
            return self._print(self._base(name, request_id))
        return self._print(self._build(name, request_id))

    def publish(self) -> None:
        """Send what is due at this beat."""
        self._beat += 1
        news = self._venue.outside.take_news()
        made: dict[tuple[str, bool], bytes] = {}
        for listener in list(self.listeners):
            for name, params in listener.channels.items():
                updates = name.startswith("book.") and params.get("book_subscription_type") == _UPDATES
                if self._due(name, updates, news):
                    if (name, updates) not in made:
                        made[name, updates] = self._encode(name, updates)
                    listener.send(made[name, updates])

    def _due(self, name: str, updates: bool, news: frozenset[str]) -> bool:
        if self._venue.outside.is_on:
            return _symbol(name) in news
        kind = name.partition(".")[0]
        if kind == "mark" or updates:
            return True
        return self._beat % (_SLOWEST if kind == "candlestick" else _SLOW) == 0

    def _encode(self, name: str, updates: bool) -> bytes:
        return self._print(self._update(name) if updates else self._build(name, LIVE))

    def _build(self, name: str, request_id: int | str) -> dict[str, Any]:
        kind, *rest = name.split(".")
        if kind == "book":
            return self._book(name, rest[0], request_id)
        if kind == "candlestick":
            return self._candle(name, rest, request_id)
        instrument = self._venue.instruments[rest[0]]
        if kind == "ticker":
            ticker = self._queries.ticker(instrument)
            sides = self._queries.sides(instrument, 1)
            ticker |= {"bs": sides["bids"][0][1], "ks": sides["asks"][0][1]}
            return _message(name, kind, [ticker], (request_id, instrument.symbol))
        mark = instrument.price_text(self._venue.prices[instrument.symbol].mark)
        return _message(name, kind, [{"v": mark, "t": self._venue.now_ms}], (request_id, instrument.symbol))

    def _candle(self, name: str, rest: list[str], request_id: int | str) -> dict[str, Any]:
        timeframe, symbol = LEGACY.get(rest[0], rest[0]), rest[1]
        instrument = self._venue.instruments[symbol]
        row = rows.candle_row(self._queries.series(instrument, timeframe)[-1], instrument)
        message = _message(name, "candlestick", [row], (request_id, symbol))
        message["result"]["interval"] = timeframe
        return message

    def _book(self, name: str, symbol: str, request_id: int | str) -> dict[str, Any]:
        self._snapshots += 1
        sides = self._queries.sides(self._venue.instruments[symbol], _depth(name))
        return self._snapshot(name, _Told(sides, self._snapshots, self._beat), request_id)

    def _base(self, name: str, request_id: int | str) -> dict[str, Any]:
        """The snapshot that updates build on: what others with the same channel were told last."""
        told = self._told.get(name)
        if told is None or told.beat < self._beat:
            told = self._tell(name)
        return self._snapshot(name, told, request_id)

    def _snapshot(self, name: str, told: _Told, request_id: int | str) -> dict[str, Any]:
        row = {**told.sides, **self._stamps(), "u": told.number}
        message = _message(name, "book", [row], (request_id, name.split(".")[1]))
        message["result"]["depth"] = _depth(name)
        return message

    def _update(self, name: str) -> dict[str, Any]:
        before = self._told[name]
        now = self._tell(name)
        change = {side: _difference(before.sides[side], now.sides[side]) for side in ("asks", "bids")}
        row = {"update": change, **self._stamps(), "u": now.number, "pu": before.number}
        message = _message(name, "book.update", [row], (LIVE, name.split(".")[1]))
        message["result"]["depth"] = _depth(name)
        return message

    def _tell(self, name: str) -> _Told:
        sides = self._queries.sides(self._venue.instruments[name.split(".")[1]], _depth(name))
        number = self._told[name].number + 1 if name in self._told else 1
        self._told[name] = _Told(sides, number, self._beat)
        return self._told[name]

    def _stamps(self) -> dict[str, int]:
        return {"tt": self._venue.now_ms, "t": self._venue.now_ms}


def _symbol(name: str) -> str:
    words = name.split(".")
    return words[2] if words[0] == "candlestick" else words[1]


def _depth(name: str) -> int:
    words = name.split(".")
    return int(words[2]) if len(words) == 3 else 10


def _difference(before: list[list[str]], now: list[list[str]]) -> list[list[str]]:
    kept = {level[0]: level for level in now}
    gone = [[level[0], "0", "0"] for level in before if level[0] not in kept]
    return gone + [level for level in now if level not in before]


def _message(name: str, channel: str, data: list[dict[str, Any]], origin: tuple[int | str, str]) -> dict[str, Any]:
    request_id, symbol = origin
    result: dict[str, Any] = {"subscription": name, "channel": channel, "data": data}
    if symbol:
        result["instrument_name"] = symbol
    return {"id": request_id, "method": "subscribe", "code": 0, "result": result}
