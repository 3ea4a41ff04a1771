"""The smaller numbers of an outcome, each with the sentences behind it: break-even, gross, and what the stop may bring.

Not imported before there is a plan to show.
"""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.money import MINUS, grouped, money_places, percent, places_of, signed, trimmed
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.outlook import GAP_RATIO, BookState, Gap, Outlook, Slip
from otoco_desktop.domain.verdict import Figures, Verdict
from otoco_desktop.ui import formats
from otoco_desktop.ui.outcome.state import BREAK_EVEN, GROSS, LIMIT_STOP, MARKET_STOP, Fact, tone_of
from otoco_desktop.ui.shell.tokens import Token

PERMILLE = Decimal("0.001")
GAP_WORDS = percent(GAP_RATIO, 0)
NO_ESTIMATE = {
    BookState.MISSING: ("no book yet", "Not estimated: no levels of the book have come."),
    BookState.UNPRICED: (
        "no mark price yet",
        "Not estimated: no mark price has come, so the way to the stop is unknown.",
    ),
    BookState.CROSSED: ("book crossed", "Not estimated: the book is crossed, a bid stands at or above an ask."),
}


def facts(verdict: Verdict, figures: Figures, instrument: Instrument, outlook: Outlook | None) -> tuple[Fact, ...]:
    """Break-even, gross, and two on the stop: slippage and its source, or the loss at the limit and past it."""
    told = _Told(verdict, figures, instrument)
    return (
        told.break_even(),
        told.gross(),
        *(told.market_stop(outlook) if told.stop_market else told.limit_stop(outlook)),
    )


class _Told:
    """The numbers of one plan as text."""

    def __init__(self, verdict: Verdict, figures: Figures, instrument: Instrument) -> None:
        self._figures = figures
        self._instrument = instrument
        self._plan = verdict.plan
        self._buys = verdict.draft.side is Side.BUY
        self._places = money_places(instrument.quote)
        self.stop_market = verdict.draft.stop_market

    # Break-even and gross

    def break_even(self) -> Fact:
        price = self._figures.break_even_price
        if price is None:
            return Fact(
                BREAK_EVEN, tone=Token.TEXT2, detail="No exit breaks even: the fees take more than any price brings."
            )
        shown = self._price(price)
        act, edge = ("Sold", "higher") if self._buys else ("Bought back", "lower")
        return Fact(
            BREAK_EVEN, shown, detail=f"{act} at {shown} or {edge}, the trade no longer loses: its fees are paid."
        )

    def gross(self) -> Fact:
        figures = self._figures
        loss, gain = signed(figures.gross_loss, self._places), signed(figures.gross_gain, self._places)
        rates = (figures.entry_rate, figures.stop_rate, figures.target_rate)
        fees = [
            f"{self._money(leg.fee)} ({percent(rate, 2)}{taken}) at the {name}"
            for name, leg, rate, taken in zip(
                ("entry", "stop", "target"),
                (figures.entry, figures.stop, figures.target),
                rates,
                (self._taken(), "", ""),
                strict=True,
            )
        ]
        detail = f"Before fees {loss} at the stop, {gain} at the target. Fees {fees[0]}, {fees[1]}, {fees[2]}."
        return Fact(GROSS, f"{loss} / {gain}", detail=detail)

    def _taken(self) -> str:
        """Where a buy pays its entry fee in coins: how many."""
        missing = self._quantity - self._figures.held
        return f", taken as {trimmed(missing)} {self._instrument.base}" if self._buys and missing else ""

    # The stop

    def market_stop(self, outlook: Outlook | None) -> tuple[Fact, ...]:
        slip = None if outlook is None else outlook.slip
        if slip is None:
            return (Fact(MARKET_STOP, tone=Token.TEXT2),)
        source, detail = self._source(slip)
        if slip.amount is None or slip.average is None:
            return Fact(MARKET_STOP, tone=Token.TEXT2, detail=detail), _note(source, detail)
        worst = signed(self._figures.loss + slip.amount, self._places)
        act = "selling" if self._buys else "buying back"
        detail = (
            f"If the book at the stop looks like the book now, {act} {self._amount(self._covered)} fills at"
            f" {self._price(slip.average)} on average: {worst} in all, fees included. {detail}"
        )
        amount = signed(slip.amount, self._places)
        tone = Token.NEG if amount.startswith(MINUS) else Token.TEXT
        return Fact(MARKET_STOP, amount, tone, detail), _note(source, detail)

    def _source(self, slip: Slip) -> tuple[str, str]:
        """Where the estimate comes from, or why there is none: in a few words, and in sentences."""
        side = "bid" if self._buys else "ask"
        if slip.book in NO_ESTIMATE:
            return NO_ESTIMATE[slip.book]
        old = "of unknown age" if slip.age_ms is None else f"{formats.age(slip.age_ms)} old"
        if slip.book is BookState.STALE:
            return f"book {old}", f"Not estimated: the book or the mark price is {old}."
        if slip.book is BookState.THIN:
            share = percent((slip.holds / self._covered).quantize(PERMILLE, ROUND_DOWN), 1)
            words = (
                f"The visible book is too thin to say: its {slip.levels} {side} levels hold {self._amount(slip.holds)},"
                f" {share} of the stop's {self._amount(self._covered)}."
            )
            return f"book shows {share} of it", words
        step = self._figures.slip_step
        gap = "" if step is None else f" Each 0.10% that price gaps further adds {self._money(step)}."
        return (
            f"book: {slip.levels} levels, {old}",
            f"From {slip.levels} {side} levels, {old}, moved from mark to the stop.{gap}",
        )

    def limit_stop(self, outlook: Outlook | None) -> tuple[Fact, ...]:
        gap = None if outlook is None else outlook.gap
        loss = signed(self._figures.loss, self._places)
        if gap is None:
            return (Fact(LIMIT_STOP, tone=Token.TEXT2),)
        result = signed(gap.result, self._places)
        detail = self._gap_words(gap, result)
        return (
            Fact(LIMIT_STOP, loss, tone_of(self._figures.loss), detail),
            Fact(f"{GAP_WORDS} past it", result, tone_of(gap.result), detail),
        )

    def _gap_words(self, gap: Gap, result: str) -> str:
        name = "limit" if gap.past == self._plan.value(Field.STOP_LIMIT) else "trigger"
        act = "Sold" if self._buys else "Bought back"
        return (
            f"A stop-limit may not fill: if price gaps past its {name} {self._price(gap.past)}, the loss has no floor."
            f" {act} {GAP_WORDS} further, at {self._price(gap.price)}, it is {result}, fees included."
        )

    # Numbers

    @property
    def _quantity(self) -> Decimal:
        return self._plan.value(Field.QUANTITY) or Decimal(0)

    @property
    def _covered(self) -> Decimal:
        """What the stop sells or buys back."""
        return self._plan.exit_quantity or self._quantity

    def _price(self, value: Decimal) -> str:
        return grouped(value, self._instrument.price_places)

    def _money(self, value: Decimal) -> str:
        return grouped(value, self._places)

    def _amount(self, value: Decimal) -> str:
        return f"{grouped(value, places_of(self._instrument.quantity_step))} {self._instrument.base}"


def _note(words: str, detail: str) -> Fact:
    return Fact(words, "", detail=detail)
