"""What a connection test finds: its steps in words for people, and what it learned about the exchange."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType


class ProbeKind(StrEnum):
    """The steps of a connection test, in the order in which they run and are shown."""

    REACH = "reach"
    SIGNATURE = "signature"
    CLOCK = "clock"
    USER_STREAM = "user stream"
    ORDER_CHANNEL = "order channel"
    MARK_PRICE = "mark price"
    BALANCE = "balance"
    PERMISSIONS = "permissions"


class ProbeState(StrEnum):
    """``SKIPPED`` is a step that had no meaning after an earlier one failed."""

    PENDING = "pending"
    RUNNING = "running"
    PASS = "pass"  # noqa: S105 - a verdict, not a password
    WARN = "warn"
    FAIL = "fail"
    SKIPPED = "skipped"


class ProbeReason(StrEnum):
    """Why a question of the test brought no answer that helps."""

    HOST_NOT_FOUND = "host not found"
    CONNECTION_REFUSED = "connection refused"
    NO_ANSWER = "no answer"
    NOT_TRUSTED = "not trusted"
    REDIRECTED = "redirected"
    MAINTENANCE = "maintenance"
    NOT_THE_EXCHANGE = "not the exchange"
    KEY_REFUSED = "key refused"
    ADDRESS_NOT_ALLOWED = "address not allowed"
    CLOCK_REFUSED = "clock refused"
    TOO_MANY_REQUESTS = "too many requests"
    REFUSED = "refused"
    STREAM_REFUSED = "stream refused"


class ProbeTrouble(Exception):
    """A question of the test failed; ``words`` are this program's own, without a full stop, or empty."""

    def __init__(self, reason: ProbeReason, words: str = "") -> None:
        super().__init__(words or reason.value)
        self.reason = reason
        self.words = words


@dataclass(frozen=True, slots=True)
class ProbeStep:
    """One line of the test card: ``title`` bold, ``detail`` beside it, ``remedy`` what to change, or empty."""

    kind: ProbeKind
    state: ProbeState = ProbeState.PENDING
    title: str = ""
    detail: str = ""
    took_ms: int | None = None
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class VenueKnowledge:
    """What was learned about one environment's exchange; nothing here is secret.

    Times are ms. ``order_channel`` is the name that the exchange confirmed, ``None`` when it refused both.
    ``id_types`` says for each id whether it came as ``number`` or ``text``. ``mark_published`` says whether the
    exchange sends a mark price for ``pair``, ``None`` when that was not seen. Fee rates are ratios.
    ``offset_ms`` is exchange time minus this computer's. ``has_streams`` is whether the user stream signed in.
    """

    environment: str
    tested_ms: int
    host: str = ""
    order_channel: str | None = None
    id_types: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    pair: str = ""
    mark_published: bool | None = None
    maker: Decimal | None = None
    taker: Decimal | None = None
    fee_source: str = ""
    offset_ms: int | None = None
    has_streams: bool = False


@dataclass(frozen=True, slots=True)
class ProbeReport:
    """A connection test, under way or done. ``key_end`` is the last four characters of the key at most."""

    environment: str
    steps: tuple[ProbeStep, ...]
    key_end: str = ""
    tested_ms: int | None = None
    knowledge: VenueKnowledge | None = None

    @property
    def is_done(self) -> bool:
        return all(step.state not in (ProbeState.PENDING, ProbeState.RUNNING) for step in self.steps)

    @property
    def failed(self) -> ProbeStep | None:
        """The step that failed, if one did."""
        return next((step for step in self.steps if step.state is ProbeState.FAIL), None)

    @property
    def warnings(self) -> int:
        return sum(step.state is ProbeState.WARN for step in self.steps)

    @property
    def passed(self) -> bool:
        """Done, and nothing failed: the key may be saved and used."""
        return self.is_done and self.failed is None

    @property
    def headline(self) -> str:
        """``Connected, with 1 warning``."""
        if not self.is_done:
            return "Testing…"
        if self.failed is not None:
            return "Not connected"
        if not self.warnings:
            return "Connected"
        return f"Connected, with {self.warnings} warning{'' if self.warnings == 1 else 's'}"
