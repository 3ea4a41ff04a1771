"""What the stop may really bring: the slippage of a market stop, the gap of a stop-limit.

A market stop fills where the book stands when mark reaches its trigger. Nobody knows that book; the one of now is
taken for it, moved as a whole by the distance from its mark price to the trigger, and walked from the best level:

    W = worth of the walk now + quantity * (trigger - mark)

Slippage is the net result of an exit that brings (or costs) ``W``, less the loss of the plan, which values the stop
at its trigger. A book that would fill better than its trigger counts as no slippage, so the loss is never too small.

A stop-limit does not fill beyond its limit, so there its loss has an end, but then nothing ends the position:
the gap is what it has lost where price stands ``GAP_RATIO`` beyond the limit, rounded to the tick away from the entry.

Where the exits cover less than the entry, slippage is that of what the stop covers; loss and gap are those of all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from enum import StrEnum

from otoco_desktop.domain.depth import Depth, worth_of
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.market import Quote
from otoco_desktop.domain.money import WIDE, round_to_step
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.reading import newest_quote
from otoco_desktop.domain.risk import ONE, Terms, unit_result
from otoco_desktop.domain.sizing import stop_valued
from otoco_desktop.domain.verdict import Figures, Surroundings, Verdict

GAP_RATIO = Decimal("0.01")


class BookState(StrEnum):
    """Whether the book can say how a market stop would fill, and why not."""

    USABLE = "usable"
    MISSING = "missing"
    UNPRICED = "unpriced"
    STALE = "stale"
    CROSSED = "crossed"
    THIN = "thin"


@dataclass(frozen=True, slots=True)
class Slip:
    """A market stop against the book now. ``amount`` adds to the loss, in quote, zero or negative, fees included.

    ``average`` is the price it would fill at, per base coin, for people. Both are ``None`` unless the book is usable.
    ``levels`` and ``holds`` are what the side that it takes shows, in all and in base. ``age_ms`` is the age of book
    or mark price, whichever is older. ``BookState.UNPRICED`` is a book without a mark price beside it, from which the
    distance to the trigger is counted.
    """

    book: BookState
    age_ms: int | None = None
    levels: int = 0
    holds: Decimal = Decimal(0)
    amount: Decimal | None = None
    average: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A stop-limit that price jumps over: the net ``result`` in quote once it stands at ``price``.

    It is counted ``past`` the limit, or past the trigger where the limit lies on the wrong side of it.
    """

    past: Decimal
    price: Decimal
    result: Decimal


@dataclass(frozen=True, slots=True)
class Outlook:
    """The stop at its worst, as far as it can be said: ``slip`` of a market stop, ``gap`` of a stop-limit.

    ``worst`` is the loss in quote with the slippage, or at the limit; ``None`` where the book does not tell.
    """

    worst: Decimal | None
    slip: Slip | None = None
    gap: Gap | None = None


@dataclass(frozen=True, slots=True)
class _Stop:
    """The position that the stop ends: what it cost, how its end is charged, and the price that values it.

    ``covered`` is what the stop sells or buys back, ``quantity`` all of the entry.
    """

    terms: Terms
    quantity: Decimal
    covered: Decimal
    entry: Decimal
    price: Decimal

    def slipped(self, worth: Decimal) -> Decimal:
        """What is lost more, in quote, if the stop brings or costs this and not its price; negative."""
        spent = self.covered * self.entry
        return unit_result(self.terms, spent, worth) - unit_result(self.terms, spent, self.covered * self.price)


def outlook(verdict: Verdict, around: Surroundings) -> Outlook | None:
    """What the stop of this plan may bring, with the newest book; ``None`` for a plan without figures."""
    figures, instrument = verdict.figures, around.instrument
    stop = None if figures is None else _stop(verdict, figures)
    if figures is None or instrument is None or stop is None:
        return None
    with localcontext(WIDE):
        if not verdict.draft.stop_market:
            return Outlook(figures.loss, gap=_gap(stop, instrument.price_tick))
        slip = _slip(stop, newest_quote(around), around)
        return Outlook(None if slip.amount is None else figures.loss + slip.amount, slip)


def _stop(verdict: Verdict, figures: Figures) -> _Stop | None:
    draft, plan = verdict.draft, verdict.plan
    quantity, entry = plan.value(Field.QUANTITY), plan.value(Field.ENTRY)
    price = stop_valued(draft, plan.value(Field.STOP), plan.value(Field.STOP_LIMIT))
    if quantity is None or entry is None or price is None:
        return None
    base_fee = draft.side is Side.BUY and figures.held < quantity
    terms = Terms(draft.side, figures.entry_rate, figures.stop_rate, base_fee)
    return _Stop(terms, quantity, plan.exit_quantity or quantity, entry, price)


def _gap(stop: _Stop, tick: Decimal) -> Gap:
    falls = stop.terms.side is Side.BUY
    beyond = stop.price * (ONE - GAP_RATIO if falls else ONE + GAP_RATIO)
    price = round_to_step(beyond, tick, ROUND_FLOOR if falls else ROUND_CEILING)
    return Gap(stop.price, price, stop.quantity * unit_result(stop.terms, stop.entry, price))


def _slip(stop: _Stop, quote: Quote | None, around: Surroundings) -> Slip:
    if quote is None or quote.depth is None:
        return Slip(BookState.MISSING)
    levels = quote.depth.against(stop.terms.side.opposite)
    worth = worth_of(levels, stop.covered)
    age = _age_ms(quote, around.now_ms)
    state = _state_of(quote.depth, age, around.settings.stale_ms, thin=worth is None)
    slip = Slip(state, age, len(levels), levels[-1].reach if levels else Decimal(0))
    if quote.depth_mark is None:
        return replace(slip, book=BookState.UNPRICED)
    if worth is None or state is not BookState.USABLE:
        return slip
    there = max(worth + stop.covered * (stop.price - quote.depth_mark), Decimal(0))
    return replace(slip, amount=min(stop.slipped(there), Decimal(0)), average=there / stop.covered)


def _age_ms(quote: Quote, now_ms: int) -> int | None:
    book, mark = quote.book_age_ms(now_ms), quote.mark_age_ms(now_ms)
    return None if book is None or mark is None else max(book, mark)


def _state_of(depth: Depth, age_ms: int | None, stale_ms: int, *, thin: bool) -> BookState:
    if age_ms is None or age_ms > stale_ms:
        return BookState.STALE
    if depth.is_crossed:
        return BookState.CROSSED
    return BookState.THIN if thin else BookState.USABLE
