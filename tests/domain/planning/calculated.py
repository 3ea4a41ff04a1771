"""Texts that are worked out, typed while the market stood as usual."""

from __future__ import annotations

from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.market import Quote
from otoco_desktop.domain.taking import take_market
from otoco_desktop.domain.verdict import Verdict
from tests.domain.planning.plans import AROUND, QUOTE, around, judged

AT_MS = 1_795_361_219_214


def typed(draft: OtocoDraft, *, market: Quote | None = QUOTE, **texts: str) -> OtocoDraft:
    """The draft with these texts typed while the market stood like this."""
    return take_market(texts_in(draft, texts), around(quote=market), AT_MS)


def typed_in(draft: OtocoDraft, field: Field, text: str) -> OtocoDraft:
    return take_market(draft.with_text(field, text), AROUND, AT_MS)


def texts_in(draft: OtocoDraft, texts: dict[str, str]) -> OtocoDraft:
    """The draft with these texts, and nothing taken for them."""
    for name, text in texts.items():
        draft = draft.with_text(Field(name), text)
    return draft


def worked(draft: OtocoDraft, **texts: str) -> Verdict:
    return judged(take_market(texts_in(draft, texts), AROUND, AT_MS))
