"""What the exchange answered when asked about a strategy, source by source."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from otoco_desktop.domain.events import LegReport


class EvidenceSource(StrEnum):
    """The queries that can show an order; all are REST."""

    DETAIL = "order detail"
    OPEN_ORDERS = "open advanced orders"
    HISTORY = "advanced order history"
    LIST_DETAIL = "order list detail"


@dataclass(frozen=True, slots=True)
class SourceAnswer:
    """One source's answer in one round; ``words`` is for people, without secrets."""

    source: EvidenceSource
    asked_ms: int
    answered: bool
    found: int
    words: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One round: every source's answer and the rows that carry one of our ids.

    ``server_ms`` is exchange time when the round ended, from the measured offset.
    """

    server_ms: int
    answers: tuple[SourceAnswer, ...]
    reports: tuple[LegReport, ...]

    @property
    def complete(self) -> bool:
        """Every source that was asked answered; only such a round counts towards *Not found yet*."""
        return bool(self.answers) and all(answer.answered for answer in self.answers)


@dataclass(frozen=True, slots=True)
class EvidenceQuery:
    """What to ask about one strategy: its ids, and the window around its nonce (exchange ms)."""

    strategy_id: str
    instrument: str
    client_oids: tuple[str, ...]
    since_ms: int
    until_ms: int
    list_id: str | None = None
