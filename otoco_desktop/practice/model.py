"""What the practice exchange keeps: legs of lists, fills, and the words for their states."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import msgspec


class Side(StrEnum):
    """Direction of an order."""

    BUY = "BUY"
    SELL = "SELL"


class Kind(StrEnum):
    """Order types of a list (exchange docs, create-otoco)."""

    LIMIT = "LIMIT"
    STOP_LOSS = "STOP_LOSS"
    STOP_LIMIT = "STOP_LIMIT"
    TAKE_PROFIT = "TAKE_PROFIT"
    TAKE_PROFIT_LIMIT = "TAKE_PROFIT_LIMIT"

    @property
    def is_stop(self) -> bool:
        """Whether the type is a stop."""
        return self in (Kind.STOP_LOSS, Kind.STOP_LIMIT)

    @property
    def is_market(self) -> bool:
        """Whether the type executes at the market once triggered."""
        return self in (Kind.STOP_LOSS, Kind.TAKE_PROFIT)


class Status(StrEnum):
    """Order states as the exchange words them."""

    NEW = "NEW"
    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    FILLED = "FILLED"
    CANCELED = "CANCELED"
    REJECTED = "REJECTED"


OPEN = frozenset({Status.NEW, Status.PENDING, Status.ACTIVE})


class Halt(StrEnum):
    """What is to happen to an entry when `halt_at` of it is filled."""

    NONE = ""
    STAY = "stay"
    CANCEL = "cancel"


class Amend(msgspec.Struct, frozen=True, kw_only=True):
    """The values an exit is to have. Without a price it executes at the market once triggered.

    `renames` gives it a new order id: the old order ends with nothing filled.
    """

    quantity: Decimal
    price: Decimal | None
    ref_price: Decimal
    renames: bool = False


class Leg(msgspec.Struct, frozen=True, kw_only=True):
    """One order of a list at one moment. Each change makes a new one; that is also the report sent.

    `doom` is the code with which the exchange is going to refuse the leg, `misfire` the one with which it
    refuses it once it is triggered, `cuts` are the quantities in
    which it will fill, `reserved` what is locked for it in the account, `amend` what an exit is to become.
    """

    order_id: str
    list_id: str
    leg_id: int
    client_oid: str
    symbol: str
    side: Side
    kind: Kind
    quantity: Decimal
    price: Decimal | None
    ref_price: Decimal | None
    fee_coin: str
    created_ns: int
    updated_ns: int
    status: Status
    filled: Decimal = Decimal(0)
    value: Decimal = Decimal(0)
    fee: Decimal = Decimal(0)
    exchange_order_id: str = ""
    reserved: Decimal = Decimal(0)
    taker: bool = False
    post_only: bool = False
    reason: int = 0
    cancel_asked: bool = False
    amend: Amend | None = None
    cuts: tuple[Decimal, ...] = ()
    doom: int = 0
    misfire: int = 0
    halt: Halt = Halt.NONE
    halt_at: Decimal | None = None

    @property
    def is_open(self) -> bool:
        """Whether the leg may still change."""
        return self.status in OPEN

    @property
    def is_working(self) -> bool:
        """Whether the leg is on the book."""
        return self.status is Status.ACTIVE and bool(self.exchange_order_id)

    @property
    def left(self) -> Decimal:
        """Quantity not filled yet."""
        return self.quantity - self.filled


class Fill(msgspec.Struct, frozen=True, kw_only=True):
    """One execution. `fee` is what the account paid, in `fee_coin`."""

    trade_id: str
    order_id: str
    exchange_order_id: str
    list_id: str
    client_oid: str
    symbol: str
    side: Side
    quantity: Decimal
    price: Decimal
    fee: Decimal
    fee_coin: str
    taker: bool
    time_ns: int


class NewLeg(msgspec.Struct, frozen=True, kw_only=True):
    """A leg as asked for."""

    kind: Kind
    side: Side
    quantity: Decimal
    client_oid: str
    price: Decimal | None = None
    ref_price: Decimal | None = None
    fee_coin: str = ""
    post_only: bool = False
    doom: int = 0
    misfire: int = 0
    halt: Halt = Halt.NONE


class NewList(msgspec.Struct, frozen=True, kw_only=True):
    """A list as asked for: entry, stop and target of one instrument."""

    symbol: str
    legs: tuple[NewLeg, NewLeg, NewLeg]


class Refused(Exception):
    """A request the exchange answers with a code other than 0."""

    def __init__(self, code: int, detail: str = "") -> None:
        super().__init__(f"refused with code {code}")
        self.code = code
        self.detail = detail
