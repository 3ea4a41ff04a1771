"""Facts: the append-only truth of this side, and the four outcomes of a command.

``at_ms`` is the wall clock in milliseconds since the epoch (UTC) when the fact was learnt here;
times that the exchange states are named ``exchange_ms``. Facts are never changed; the journal stores
each with a type name and a version.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from otoco_desktop.domain.evidence import SourceAnswer
from otoco_desktop.domain.order import LegRole, OtocoOrder, Side


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The exchange confirmed the request with a list id, or with an order id where it was about one order.

    Whether orders exist, or changed, is another matter.

    ``warning`` carries a non-zero code's plain words when a list id came with it.
    """

    list_id: str
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """Proof that nothing was placed: a vetted code that echoes our id and method."""

    code: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """Proof that no byte of the request left this program."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Anything else. The order may or may not exist."""

    reason: str


Outcome = Acknowledged | Refused | NotSent | Unknown

_STRENGTH = {Unknown: 0, NotSent: 1, Refused: 2, Acknowledged: 3}


def strength(outcome: Outcome) -> int:
    """Of two answers to one request the stronger evidence stands."""
    return _STRENGTH[type(outcome)]


def left_nothing(outcome: Outcome | None) -> bool:
    """Whether it is proven that the request had no effect."""
    return isinstance(outcome, Refused | NotSent)


class ReportSource(StrEnum):
    """How a leg report reached us."""

    STREAM = "stream"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class LegReport:
    """One row of the advanced order channel or of a query, exact; ids are text.

    ``status`` is the exchange's own word, known or not. ``fee`` is the absolute cumulative fee, in
    ``fee_coin``. ``update_ms`` is exchange time.
    """

    list_id: str
    order_id: str
    client_oid: str
    instrument: str
    order_type: str
    side: str
    status: str
    quantity: Decimal
    filled: Decimal = Decimal(0)
    filled_value: Decimal = Decimal(0)
    average_price: Decimal | None = None
    limit_price: Decimal | None = None
    trigger: Decimal | None = None
    fee: Decimal = Decimal(0)
    fee_coin: str = ""
    exchange_order_id: str = ""
    leg_id: str = ""
    reason: str = ""
    update_ms: int = 0

    @property
    def is_buy(self) -> bool:
        return self.side == Side.BUY


@dataclass(frozen=True, slots=True)
class RequestStamp:
    """Identity of one signed request: id, nonce (exchange time, ms) and the offset applied to it."""

    request_id: int
    nonce: int
    offset_ms: int


@dataclass(frozen=True, slots=True)
class Planned:
    """The figures the trader saw when confirming, in quote, fees included.

    ``mark`` is the mark price of that moment, ``size`` the quantity as it was typed, meant as ``size_mode`` says.
    """

    loss: Decimal
    gain: Decimal
    maker: Decimal
    taker: Decimal
    mark: Decimal | None = None
    size_mode: str = ""
    size: str = ""


@dataclass(frozen=True, slots=True)
class Intended:
    """Committed before the first byte: this order may be on the wire from here on.

    ``transport`` is ``rest`` or ``websocket``, decided before this was written. ``override`` are the words that the
    trader typed to send this although an earlier outcome was not known; they lift that lock for this order alone.
    """

    strategy_id: str
    at_ms: int
    number: int
    order: OtocoOrder
    stamp: RequestStamp
    environment: str
    account: str
    transport: str
    params_sha256: str
    monotonic_ms: int
    app_version: str
    planned: Planned | None = None
    tag: str = ""
    override: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of the create request, as far as this program could tell."""

    strategy_id: str
    at_ms: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class LegReported:
    """The exchange said something about one leg.

    ``asked_ms`` is the wall clock when the question was asked that a check answers: the row is not older than that.
    """

    strategy_id: str
    at_ms: int
    source: ReportSource
    report: LegReport
    asked_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """One round of questions that left a doubt: the outcome is not known, or legs believed live were ``missing``."""

    strategy_id: str
    at_ms: int
    server_ms: int
    answers: tuple[SourceAnswer, ...]
    missing: tuple[LegRole, ...] = ()


@dataclass(frozen=True, slots=True)
class CancelAsked:
    """The trader asked to cancel the list; committed before the request leaves."""

    strategy_id: str
    at_ms: int
    list_id: str
    stamp: RequestStamp
    transport: str = "rest"


@dataclass(frozen=True, slots=True)
class CancelAnswered:
    """What became of the cancel request; the legs stay live until the exchange says otherwise."""

    strategy_id: str
    at_ms: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Amendment:
    """All values one exit shall have. ``price`` is its limit, ``None`` at market; ``quantity`` stays what it was."""

    order_id: str
    quantity: Decimal
    trigger: Decimal
    price: Decimal | None


@dataclass(frozen=True, slots=True)
class LegCancelAsked:
    """The trader asked to cancel one exit; committed before the request leaves."""

    strategy_id: str
    at_ms: int
    role: LegRole
    order_id: str
    stamp: RequestStamp
    transport: str


@dataclass(frozen=True, slots=True)
class MoveAsked:
    """The trader asked for another trigger, and limit, of one exit; committed before the request leaves.

    ``price`` is ``None`` for an exit at market. The quantity is the plan's.
    """

    strategy_id: str
    at_ms: int
    role: LegRole
    order_id: str
    trigger: Decimal
    price: Decimal | None
    stamp: RequestStamp
    transport: str


@dataclass(frozen=True, slots=True)
class LegAnswered:
    """What became of a request about one exit; nothing has changed until the exchange reports it.

    ``request_id`` is that of the request's stamp.
    """

    strategy_id: str
    at_ms: int
    role: LegRole
    request_id: int
    outcome: Outcome


class Decision(StrEnum):
    """What a trader may decide about a strategy that was not found."""

    NOT_PLACED = "not placed"


@dataclass(frozen=True, slots=True)
class Decided:
    """The trader settled an unresolved strategy by hand, in typed words."""

    strategy_id: str
    at_ms: int
    decision: Decision
    words: str


@dataclass(frozen=True, slots=True)
class Noted:
    """The trader's tag and note; the newest one counts."""

    strategy_id: str
    at_ms: int
    tag: str
    note: str


ExitAsked = LegCancelAsked | MoveAsked

Fact = (
    Intended
    | Answered
    | LegReported
    | Looked
    | CancelAsked
    | CancelAnswered
    | LegCancelAsked
    | MoveAsked
    | LegAnswered
    | Decided
    | Noted
)
