"""The first error in half a sentence: what follows "First:"."""

from __future__ import annotations

from otoco_desktop.domain.finding import Finding
from otoco_desktop.ui.foreign import foreign
from otoco_desktop.ui.outcome.state import FIELD_WORDS

BY_CODE = {
    "quantity.minimum": "the quantity is below the minimum.",
    "quantity.risk": "the risk is more than the whole account.",
    "minimum.value": "an order is worth less than the exchange takes.",
    "balance": "the balance does not cover it.",
    "clock": "this computer's clock is wrong.",
    "exits.quantity": "the exits' quantity cannot be sent.",
    "limit.cap": "it costs more than your hard cap.",
    "plan.locked": "an earlier outcome is unknown.",
}
BY_KIND = {
    "tick": "the {field} is between ticks.",
    "step": "the {field} is between steps.",
    "side": "the {field} is on the wrong side of the entry.",
    "text": "the {field} is not understood.",
    "positive": "the {field} is not above zero.",
}
"""By what stands after the dot of the code, for codes that begin with the field."""


def first_error(finding: Finding) -> str:
    """Half a sentence about the finding, ending in a full stop."""
    if finding.code in BY_CODE:
        return BY_CODE[finding.code]
    kind = finding.code.rpartition(".")[2]
    if finding.field is not None and kind in BY_KIND:
        return BY_KIND[kind].format(field=FIELD_WORDS[finding.field])
    return foreign(finding.message)
