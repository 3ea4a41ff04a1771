"""A strategy as the fold of its facts sees it: values only. How facts change it stands in ``lifecycle``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from otoco_desktop.domain.events import (
    CancelAnswered,
    CancelAsked,
    Decided,
    ExitAsked,
    Intended,
    LegAnswered,
    LegReport,
    Looked,
    Outcome,
    ReportSource,
)
from otoco_desktop.domain.order import LegRole


class Phase(StrEnum):
    """The states of an order, computed from the facts and never stored."""

    INTENT = "intent"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"
    UNRESOLVED = "unresolved"
    RESOLVED_NOT_PLACED = "resolved_not_placed"
    ACKED = "acked"
    WORKING = "working"
    PARTIAL = "partial"
    PROTECTED = "protected"
    UNPROTECTED = "unprotected"
    TRIGGERED = "triggered"
    CANCELLING = "cancelling"
    CLOSED = "closed"
    REJECTED = "rejected"
    DIVERGED = "diverged"


class Closing(StrEnum):
    """How a closed strategy ended."""

    TARGET_FILLED = "target_filled"
    STOPPED = "stopped"
    CANCELLED_BY_YOU = "cancelled_by_you"
    CANCELLED_BY_EXCHANGE = "cancelled_by_exchange"
    EXPIRED = "expired"


class LegStatus(StrEnum):
    """A leg in the trader's words; ``WAITING`` is dormant until the entry has filled completely."""

    UNKNOWN = "unknown"
    NOT_PLACED = "not_placed"
    WAITING = "waiting"
    ACTIVE = "active"
    TRIGGERED = "triggered"
    FILLED = "filled"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    EXPIRED = "expired"
    UNRECOGNISED = "unrecognised"


@dataclass(frozen=True, slots=True)
class SeenReport:
    """A report together with when and how it reached us; the timeline is made of these."""

    report: LegReport
    at_ms: int
    source: ReportSource
    asked_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Gist:
    """What one more report is held against, instead of against all reports of a leg before it.

    ``base`` gives the leg its status, ``most`` its amounts, ``newest`` is the latest report with a text, by the text's
    name and, for a reason, the status; ``ends`` are the words that ended it. Where nothing ``is_odd``, no two reports
    contradict one another and each word is known.
    """

    base: LegReport
    most: LegReport
    newest: Mapping[tuple[str, str], LegReport] = field(default_factory=lambda: MappingProxyType({}))
    ends: frozenset[str] = frozenset()
    is_odd: bool = False


@dataclass(frozen=True, slots=True)
class LegState:
    """Everything the exchange has said about one leg, joined so that order and repetition do not matter.

    ``seen`` holds each report once, as it first came; ``checks`` holds every answer to a question, repeated or not.
    ``replaced`` are order ids in whose place a move has put another: what they end in is not the leg's end.
    """

    role: LegRole
    latest: LegReport | None = None
    seen: tuple[SeenReport, ...] = ()
    conflict: str = ""
    checks: tuple[SeenReport, ...] = ()
    gist: Gist | None = field(default=None, compare=False, repr=False)
    replaced: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Strategy:
    """The fold of one strategy's facts; derived answers (phase, leg status, result) are functions in ``lifecycle``."""

    intent: Intended
    outcome: Outcome | None = None
    answered_ms: int | None = None
    list_id: str | None = None
    legs: Mapping[LegRole, LegState] = field(default_factory=lambda: MappingProxyType({}))
    looks: tuple[Looked, ...] = ()
    cancel_asked: tuple[CancelAsked, ...] = ()
    cancel_answered: tuple[CancelAnswered, ...] = ()
    exit_asked: tuple[ExitAsked, ...] = ()
    exit_answered: tuple[LegAnswered, ...] = ()
    decided: Decided | None = None
    tag: str = ""
    note: str = ""
    anomalies: tuple[str, ...] = ()
    unmatched: tuple[str, ...] = ()

    @property
    def strategy_id(self) -> str:
        return self.intent.strategy_id

    @property
    def label(self) -> str:
        """The name people use: S-0411."""
        return f"S-{self.intent.number:04d}"
