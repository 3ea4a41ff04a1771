"""An entry that may only rest: what would take at once is cancelled by the exchange, so it is refused here first."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from otoco_desktop.domain.finding import Field, Finding, Fix, Severity
from otoco_desktop.domain.money import plain
from otoco_desktop.domain.risk import crosses
from otoco_desktop.domain.rules.case import Case

TITLE = "Post-only"
SOURCE = "exchange docs, private/create-order: exec_inst; private/advanced/create-otoco"
NO_WEBSOCKET = "Post-only goes over the websocket only, which is not signed in now. Wait, or clear the box."


def post_only(case: Case) -> Iterator[Finding]:
    """A post-only entry rests below the best ask (above the best bid for a sell), and goes over the websocket."""
    if not case.draft.post_only:
        return
    if not case.around.post_only_usable:
        yield Finding("entry.post_only", Severity.WAIT, TITLE, NO_WEBSOCKET, source=SOURCE)
    elif case.entry is not None and crosses(case.draft.side, case.entry, case.quote):
        yield _takes(case, case.entry)
    elif case.entry is not None and (other := _book(case, own=False)) is not None:
        yield Finding(
            "entry.post_only",
            Severity.PASS,
            TITLE,
            f"will rest, best {case.words.other_book} {case.price(other)}",
            source=SOURCE,
        )


def _takes(case: Case, entry: Decimal) -> Finding:
    own = _resting(case)
    return Finding(
        "entry.post_only",
        Severity.FAIL,
        TITLE,
        f"At {case.price(entry)} this would take at once. Post-only cancels it.",
        Field.ENTRY,
        wrong=plain(entry),
        right="" if own is None else plain(own),
        fix=None if own is None else Fix(Field.ENTRY, plain(own), f"Use {case.price(own)}"),
        source=SOURCE,
    )


def _resting(case: Case) -> Decimal | None:
    """The best price on the plan's own side at which it rests, which in a crossed book is none."""
    own = _book(case, own=True)
    return None if own is None or crosses(case.draft.side, own, case.quote) else own


def _book(case: Case, *, own: bool) -> Decimal | None:
    """The best price on the plan's own side of the book, or on the other."""
    if case.quote is None:
        return None
    return case.quote.bid if case.buys is own else case.quote.ask
