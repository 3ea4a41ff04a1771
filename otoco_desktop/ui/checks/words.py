"""The first error in half a sentence."""

from __future__ import annotations

from otoco_desktop.domain.finding import Finding
from otoco_desktop.ui.foreign import foreign
from otoco_desktop.ui.outcome.state import FIELD_WORDS

FIRST_ERRORS: dict[str, str] = {}


def first_error(finding: Finding) -> str:
    """What follows "First:", ending in a full stop."""
    known = FIRST_ERRORS.get(finding.code)
    if known:
        return known
    subject = f"{FIELD_WORDS[finding.field]}: " if finding.field else ""
    return foreign(f"{subject}{finding.message}")
