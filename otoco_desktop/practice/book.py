"""The book of the practice exchange: account, legs, lists and fills, with a record of what changed. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from otoco_desktop.practice.accounts import Account
from otoco_desktop.practice.model import Fill, Leg, NewLeg, NewList, Refused, Side, Status

# Ids lie where the exchange's lie: list ids beyond 2^53, so that a client that reads them as doubles fails here.
_LIST_BASE = 4611686018427705309
_ORDER_BASE = 289987352276367396
_EXCHANGE_BASE = 5755600460443882762


@dataclass(slots=True)
class Changes:
    """What one command or price did, in order. `kept` holds the newest state of each leg to save."""

    reports: list[Leg] = field(default_factory=list)
    kept: dict[str, Leg] = field(default_factory=dict)
    fills: list[Fill] = field(default_factory=list)
    coins: dict[str, None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.kept or self.fills or self.coins)


class Book:
    """All state of the exchange that must outlive it."""

    def __init__(self, account: Account, legs: Iterable[Leg] = (), fills: Iterable[Fill] = (), serial: int = 0) -> None:
        self.account = account
        self.legs: dict[str, Leg] = {}
        self.lists: dict[str, list[str]] = {}
        self.fills = list(fills)
        self.serial = serial
        self._oids: dict[str, str] = {}
        self._open: dict[str, dict[str, None]] = {}
        self._changes = Changes()
        for leg in legs:
            self._keep(leg)
        self._changes = Changes()

    def put(self, leg: Leg) -> Leg:
        """Store a leg in its new state and note the report."""
        self._keep(leg)
        self._changes.reports.append(leg)
        return leg

    def put_quietly(self, leg: Leg) -> Leg:
        """Store a leg whose change nobody is told of."""
        self._keep(leg)
        return leg

    def record(self, fill: Fill) -> None:
        """Store a fill."""
        self.fills.append(fill)
        self._changes.fills.append(fill)

    def drain(self) -> Changes:
        """What changed since the last call."""
        changes, self._changes = self._changes, Changes()
        changes.coins = dict.fromkeys(sorted(self.account.touched))
        self.account.touched.clear()
        return changes

    def family(self, list_id: str) -> tuple[Leg, Leg, Leg]:
        """Entry, stop and target of a list."""
        entry, stop, target = (self.legs[order_id] for order_id in self.lists[list_id])
        return entry, stop, target

    def open_lists(self, symbol: str) -> list[str]:
        """Lists of an instrument with a leg that may still change, oldest first."""
        return list(self._open.get(symbol, ()))

    def knows(self, client_oid: str) -> bool:
        """Whether a client order id was ever used."""
        return client_oid in self._oids

    def find(self, order_id: str = "", client_oid: str = "") -> Leg | None:
        """A leg by either of its ids."""
        return self.legs.get(order_id or self._oids.get(client_oid, ""))

    def add_list(self, wanted: NewList, now_ns: int) -> str:
        """Take a new list in: entry NEW, exits PENDING. Raises `Refused` 204 for a client id used before."""
        for new in wanted.legs:
            if self.knows(new.client_oid):
                raise Refused(204, new.client_oid)
        list_id = str(_LIST_BASE + self._next())
        for number, new in enumerate(wanted.legs, start=1):
            self.put(_first(new, wanted.symbol, (self.order_id(), list_id, number), now_ns))
        return list_id

    def order_id(self) -> str:
        """A new id of an order of a list."""
        return str(_ORDER_BASE + self._next())

    def exchange_id(self) -> str:
        """A new id as the matching engine gives them."""
        return str(_EXCHANGE_BASE + self._next())

    def trade_id(self) -> str:
        """A new id of a fill."""
        return str(_EXCHANGE_BASE + self._next())

    def _next(self) -> int:
        self.serial += 1
        return self.serial

    def _keep(self, leg: Leg) -> None:
        if leg.order_id not in self.legs:
            # An order renamed by an amend takes the place of the one before it.
            self.lists.setdefault(leg.list_id, [])[leg.leg_id - 1 : leg.leg_id] = [leg.order_id]
            self._oids[leg.client_oid] = leg.order_id
        self.legs[leg.order_id] = leg
        self._changes.kept[leg.order_id] = leg
        alive = any(self.legs[order_id].is_open for order_id in self.lists[leg.list_id])
        lists = self._open.setdefault(leg.symbol, {})
        if alive:
            lists.setdefault(leg.list_id)
        else:
            lists.pop(leg.list_id, None)


def _first(new: NewLeg, symbol: str, ids: tuple[str, str, int], now_ns: int) -> Leg:
    order_id, list_id, number = ids
    return Leg(
        order_id=order_id,
        list_id=list_id,
        leg_id=number,
        client_oid=new.client_oid,
        symbol=symbol,
        side=Side(new.side),
        kind=new.kind,
        quantity=new.quantity,
        price=new.price,
        ref_price=new.ref_price,
        fee_coin=new.fee_coin,
        created_ns=now_ns,
        updated_ns=now_ns,
        status=Status.NEW if number == 1 else Status.PENDING,
        post_only=new.post_only,
        doom=new.doom,
        misfire=new.misfire,
        halt=new.halt,
    )
