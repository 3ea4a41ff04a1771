"""When *not found* has been looked for long enough to be said. It is never proof that nothing was placed."""

from __future__ import annotations

from collections.abc import Sequence

from otoco_desktop.domain.events import Looked
from otoco_desktop.domain.evidence import EvidenceSource

ROUNDS_NEEDED = 5
NONCE_WINDOW_MS = 60_000
"""The exchange refuses a nonce further than this from its own time (exchange docs, code 40102)."""

FENCE_MARGIN_MS = 60_000
_NEEDED = frozenset({EvidenceSource.DETAIL, EvidenceSource.OPEN_ORDERS, EvidenceSource.HISTORY})


def is_complete(look: Looked) -> bool:
    """Every source was asked and answered."""
    return {answer.source for answer in look.answers} >= _NEEDED and all(item.answered for item in look.answers)


def fence_ms(nonce: int) -> int:
    """Exchange time after which a request with this nonce can no longer be admitted."""
    return nonce + NONCE_WINDOW_MS + FENCE_MARGIN_MS


def not_found_yet(nonce: int, looks: Sequence[Looked]) -> bool:
    """At least five complete rounds found nothing, one of them after the fence."""
    complete = [look for look in looks if is_complete(look) and not any(item.found for item in look.answers)]
    return len(complete) >= ROUNDS_NEEDED and max(look.server_ms for look in complete) > fence_ms(nonce)
