"""What is said of a pasted plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from otoco_desktop.domain.draft import QuantityMode
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.grammar import quoted
from otoco_desktop.ui.foreign import foreign

if TYPE_CHECKING:
    from otoco_desktop.domain.pasted_plan import Missed, Pasted

TITLE = "Pasted plan"
BRING_BACK = "Bring back what stood here"
BROUGHT_BACK = "What stood here is back."
COPIED = "The plan is on the clipboard as text."
NO_TEXT = "There is no text on the clipboard. Copy a plan first."
ONE_FILE = "{count} files were dropped. Drop one plan at a time."
REFUSED = "Nothing was typed in. {reason}"
TAKEN = "Typed in for {symbol}: {parts}. Nothing has been sent."
NOT_UNDERSTOOD = "Not understood: '{text}'."
MOST_NAMED = 8


def outcome(plan: Pasted, symbol: str) -> str:
    """What was typed in, or why nothing was; ``symbol`` is the pair that stands now."""
    if plan.refused:
        return REFUSED.format(reason=foreign(plan.refused))
    parts = [plan.side.value.capitalize()] if plan.side else []
    for field, text in plan.texts:
        size = plan.mode or QuantityMode.QUANTITY
        parts.append(f"{size.word if field is Field.QUANTITY else field.value.replace('_', ' ')} {text}")
    return TAKEN.format(symbol=foreign(symbol) or "the pair to come", parts=", ".join(parts))


def missed(plan: Pasted) -> list[str]:
    """A sentence for each part that was not taken; of many, how many more there are."""
    sentences = [_sentence(part) for part in plan.missed[:MOST_NAMED]]
    more = len(plan.missed) - MOST_NAMED
    return sentences if more <= 0 else [*sentences, f"{more} more {'part' if more == 1 else 'parts'} not understood."]


def _sentence(part: Missed) -> str:
    said = NOT_UNDERSTOOD.format(text=foreign(quoted(part.text)))
    return f"{said} {foreign(part.why)}".strip()
