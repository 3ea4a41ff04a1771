"""Looking for orders whose state is not known: what to ask, when to ask again, and what an answer amounts to.

Finding is proof, not finding is not: no look ever records that an order was not placed.
"""

from __future__ import annotations

from itertools import pairwise

from otoco_desktop.domain.events import Acknowledged, Fact, LegReport, LegReported, Looked, ReportSource
from otoco_desktop.domain.evidence import Evidence, EvidenceQuery
from otoco_desktop.domain.legs import belongs, is_terminal, role_of, status_of
from otoco_desktop.domain.lifecycle import missing_legs, phase
from otoco_desktop.domain.order import LegRole, client_oid
from otoco_desktop.domain.strategy import Phase, Strategy

LOOK_OFFSETS_MS = (1_000, 2_000, 4_000, 8_000, 15_000, 30_000)
"""Rounds after an answer stayed away, counted from that moment; afterwards one each minute."""

LOOK_EVERY_MS = 60_000
WATCH_MS = 24 * 3_600_000
"""How long a strategy that was not found is still asked about; its events count for ever."""

BEFORE_MS, AFTER_MS = 120_000, 60_000
_LOOKED_FOR = frozenset({Phase.INTENT, Phase.UNKNOWN, Phase.UNRESOLVED})


def is_unresolved(strategy: Strategy) -> bool:
    """Whether it is not known if this order exists."""
    return phase(strategy) in _LOOKED_FOR


def pause_ms(rounds_done: int) -> int:
    """How long to wait before the next round: rounds fall at 1, 2, 4, 8, 15 and 30 s, then each minute."""
    steps = [later - earlier for earlier, later in pairwise((0, *LOOK_OFFSETS_MS))]
    return steps[rounds_done] if rounds_done < len(steps) else LOOK_EVERY_MS


def query(strategy: Strategy, server_ms: int) -> EvidenceQuery:
    """What to ask about this strategy now; the window reaches from before its nonce to beyond the present."""
    nonce = strategy.intent.stamp.nonce
    return EvidenceQuery(
        strategy_id=strategy.strategy_id,
        instrument=strategy.intent.order.instrument,
        client_oids=tuple(client_oid(strategy.strategy_id, role) for role in LegRole),
        since_ms=nonce - BEFORE_MS,
        until_ms=max(nonce, server_ms) + AFTER_MS,
        list_id=strategy.list_id,
    )


def judge(strategy: Strategy, evidence: Evidence, at_ms: int) -> tuple[Fact, ...]:
    """The facts one round amounts to: a report per row of ours, and the look itself where it leaves a doubt."""
    order, strategy_id = strategy.intent.order, strategy.strategy_id
    list_id = strategy.list_id or _list_id(strategy, evidence)
    ours = [report for report in evidence.reports if belongs(order, list_id, report)]
    asked_ms = min((answer.asked_ms for answer in evidence.answers), default=None)
    facts: list[Fact] = [
        LegReported(strategy_id, at_ms, ReportSource.CHECK, report, asked_ms) for report in _distinct(ours)
    ]
    missing = _missing(strategy, ours, asked_ms) if evidence.complete else ()
    if is_unresolved(strategy) or missing:
        facts.append(Looked(strategy_id, at_ms, evidence.server_ms, evidence.answers, missing))
    return tuple(facts)


def _missing(strategy: Strategy, found: list[LegReport], asked_ms: int | None) -> tuple[LegRole, ...]:
    """Legs believed live before the question that no row is about, and of which that is not known yet."""
    if not isinstance(strategy.outcome, Acknowledged):
        return ()
    listed = {role_of(strategy.intent.order, report) for report in found}
    return tuple(role for role in strategy.legs if role not in listed and _is_sought(strategy, role, asked_ms or 0))


def _is_sought(strategy: Strategy, role: LegRole, asked_ms: int) -> bool:
    leg = strategy.legs[role]
    told_ms = max(seen.at_ms for seen in leg.seen)
    ended = leg.latest is not None and is_terminal(status_of(leg.latest))
    return not ended and told_ms < asked_ms and role not in missing_legs(strategy)


def _list_id(strategy: Strategy, evidence: Evidence) -> str | None:
    """A list id that a row with one of our client order ids carries."""
    order = strategy.intent.order
    return next((item.list_id for item in evidence.reports if item.list_id and belongs(order, None, item)), None)


def _distinct(reports: list[LegReport]) -> list[LegReport]:
    return list({repr(report): report for report in reports}.values())
