"""A confirmed plan in the words of the review sheet."""

from __future__ import annotations

from decimal import Decimal

from otoco_desktop.app.state import Confirmed
from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.finding import Field, Severity
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.money import grouped, money_places, signed, signed_percent
from otoco_desktop.domain.order import OrderType, Side
from otoco_desktop.domain.verdict import FieldValue, Figures, LegFigures, PricedPlan
from otoco_desktop.ui.checks import state as checks
from otoco_desktop.ui.foreign import foreign
from otoco_desktop.ui.outcome.state import NO_VALUE, figure_row, tone_of
from otoco_desktop.ui.review import override
from otoco_desktop.ui.review.retype import Retype
from otoco_desktop.ui.review.state import Acknowledgement, Advice, Band, LegCard, ReviewContent, Step
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.spans import Span, plain, strong

PRACTICE = "PRACTICE"
LIVE = "LIVE"
BANDS = {
    PRACTICE: Band(Glyph.PRACTICE, Token.ACCENT, "PRACTICE: simulated money", "Practice account on this computer"),
    "LOCAL": Band(Glyph.LOCAL, Token.TEXT2, "LOCAL: a server on this computer", "Loopback addresses only"),
    "SANDBOX": Band(Glyph.SANDBOX, Token.SAND, "SANDBOX: test money", ground=Token.SAND_SOFT),
    LIVE: Band(Glyph.LIVE, Token.ON_FILL, "LIVE: real money", ground=Token.LIVE_FILL),
}
SUBMIT_LABELS = {
    PRACTICE: "Submit practice strategy",
    "LOCAL": "Submit local strategy",
    "SANDBOX": "Submit sandbox strategy",
    LIVE: "Submit LIVE strategy",
}
STEPS = (
    Step(Glyph.SAVE, Token.TEXT2, "Saved", "to disk first"),
    Step(Glyph.ARROW_RIGHT, Token.TEXT2, "Sent", "once, never repeated"),
    Step(Glyph.PASS, Token.TEXT2, "Accepted", "with a list_id"),
    Step(Glyph.ACTIVE, Token.TEXT2, "Entry active", "on the order book"),
    Step(Glyph.UNKNOWN, Token.WARN, "No reply in 10 s?", "outcome unknown, we check"),
)
NEVER_TWICE = Advice(
    Glyph.NOTE,
    Token.ACCENT,
    (
        strong("If no reply comes,"),
        plain(" the app asks the exchange what happened. It never sends the same plan twice by itself.", Token.TEXT2),
    ),
)
PART_FILL = Advice(
    Glyph.WARNING,
    Token.WARN,
    (
        strong("A part fill has no stop."),
        plain(" If only some of the entry fills, neither exit is active for that part.", Token.TEXT2),
    ),
)


def content(confirmed: Confirmed, instrument: Instrument, environment: str) -> ReviewContent:
    """The sheet of a confirmed plan. Raises ``ValueError`` for a verdict without figures, which is never confirmed."""
    verdict = confirmed.verdict
    if verdict.figures is None:
        raise ValueError("a plan without figures cannot be reviewed")
    places = money_places(instrument.quote)
    return ReviewContent(
        band=BANDS.get(environment, Band(Glyph.NOTE, Token.TEXT2, environment, "")),
        side=verdict.draft.side,
        instrument=instrument.symbol,
        legs=_legs(verdict.draft, verdict.plan, instrument, verdict.figures),
        figures=figure_row(verdict.figures, verdict.draft.side, places),
        warnings=tuple(
            Acknowledgement(found.code, foreign(found.title), foreign(found.detail or found.message))
            for found in verdict.of(Severity.WARNING)
        ),
        advice=_advice(verdict.draft, verdict.plan, instrument, verdict.figures),
        steps=STEPS,
        request_json=confirmed.order_preview,
        request_address=confirmed.address,
        checks=checks.build(verdict),
        submit_label=SUBMIT_LABELS.get(environment, "Submit strategy"),
        retype=Retype(verdict.figures.entry.value, places, instrument.quote) if environment == LIVE else None,
        override=override.of(verdict),
    )


# The three legs


class _Words:
    """The numbers of one plan as text."""

    def __init__(self, draft: OtocoDraft, plan: PricedPlan, instrument: Instrument) -> None:
        self.draft = draft
        self.buying = draft.side is Side.BUY
        self._plan = plan
        self._instrument = instrument

    def price(self, field: Field) -> str:
        value = self._plan.value(field)
        return NO_VALUE if value is None else grouped(value, self._instrument.price_places)

    @property
    def amount(self) -> str:
        return self._shown(self._plan.value(Field.QUANTITY))

    @property
    def covered(self) -> str:
        """What each exit sells or buys back."""
        return self._shown(self._plan.exit_quantity or self._plan.value(Field.QUANTITY))

    def _shown(self, quantity: Decimal | None) -> str:
        shown = NO_VALUE if quantity is None else grouped(quantity, self._instrument.quantity_places)
        return f"{shown} {self._instrument.base}"

    def distance(self, field: Field) -> str:
        """ "(−2.00%, 184,800 ticks)": how far the trigger is from the entry."""
        found = self._plan.fields.get(field, FieldValue())
        if found.distance_ratio is None or found.ticks is None:
            return ""
        return f" ({signed_percent(found.distance_ratio, 2)}, {abs(found.ticks):,} ticks)"


def _legs(
    draft: OtocoDraft, plan: PricedPlan, instrument: Instrument, figures: Figures
) -> tuple[LegCard, LegCard, LegCard]:
    words = _Words(draft, plan, instrument)
    places = money_places(instrument.quote)
    return (
        _card(1, OrderType.LIMIT, _entry_lines(words), figures.entry, places),
        _card(2, draft.stop_type, _stop_lines(words), figures.stop, places),
        _card(3, draft.target_type, _target_lines(words), figures.target, places),
    )


HEADS = {
    1: (Glyph.ENTRY, Token.ACCENT, "Entry"),
    2: (Glyph.STOP, Token.NEG, "Stop"),
    3: (Glyph.TARGET, Token.POS, "Target"),
}


def _card(
    number: int, order_type: OrderType, lines: tuple[tuple[Span, ...], ...], figures: LegFigures, places: int
) -> LegCard:
    glyph, tone, title = HEADS[number]
    result = NO_VALUE if figures.result is None else signed(figures.result, places)
    result_tone = Token.TEXT if figures.result is None else tone_of(figures.result)
    value, fee = grouped(figures.value, places), grouped(figures.fee, places)
    return LegCard(number, glyph, tone, title, order_type.value, lines, value, fee, result, result_tone)


def _entry_lines(words: _Words) -> tuple[tuple[Span, ...], ...]:
    verb, edge = ("Buy", "lower") if words.buying else ("Sell", "higher")
    first = (
        plain(f"{verb} ", Token.TEXT2),
        strong(words.amount),
        plain(" at ", Token.TEXT2),
        strong(words.price(Field.ENTRY)),
        plain(f" or {edge}.", Token.TEXT2),
    )
    rests = "Post-only. " if words.draft.post_only else ""
    return (first, (plain(f"{rests}Good till cancelled.", Token.TEXT2),))


def _stop_lines(words: _Words) -> tuple[tuple[Span, ...], ...]:
    limit = None if words.draft.stop_market else Field.STOP_LIMIT
    return _exit_lines(words, "falls" if words.buying else "rises", Field.STOP, limit)


def _target_lines(words: _Words) -> tuple[tuple[Span, ...], ...]:
    limit = None if words.draft.target_market else Field.TARGET_LIMIT
    return _exit_lines(words, "rises" if words.buying else "falls", Field.TARGET, limit)


def _exit_lines(words: _Words, moves: str, trigger: Field, limit: Field | None) -> tuple[tuple[Span, ...], ...]:
    act, edge = ("sell", "higher") if words.buying else ("buy", "lower")
    first = (
        plain(f"If mark {moves} to ", Token.TEXT2),
        strong(words.price(trigger)),
        plain(f"{words.distance(trigger)},", Token.TEXT2),
    )
    if limit is None:
        return (first, (plain(f"{act} {words.covered} at market.", Token.TEXT2),))
    second = (
        plain(f"{act} {words.covered} at ", Token.TEXT2),
        strong(words.price(limit)),
        plain(f" or {edge}.", Token.TEXT2),
    )
    return (first, second)


# Before you send


def _advice(draft: OtocoDraft, plan: PricedPlan, instrument: Instrument, figures: Figures) -> tuple[Advice, ...]:
    words = _Words(draft, plan, instrument)
    lines = [PART_FILL, _mark_advice(words, figures, money_places(instrument.quote))]
    if not draft.stop_market:
        lines.append(_unfilled_stop(words))
    if not draft.target_market:
        lines.append(_unfilled_target(words))
    return (*lines, NEVER_TWICE)


def _mark_advice(words: _Words, figures: Figures, places: int) -> Advice:
    rest = ", not last price."
    if words.draft.stop_market:
        below = "below" if words.buying else "above"
        rest += f" A market stop can fill {below} {words.price(Field.STOP)}"
        cost = "" if figures.slip_step is None else f"; each 0.10% costs {grouped(figures.slip_step, places)}"
        rest += f"{cost}."
    return Advice(Glyph.NOTE, Token.ACCENT, (strong("Exits trigger on mark price"), plain(rest, Token.TEXT2)))


def _unfilled_stop(words: _Words) -> Advice:
    moves, beyond = ("falls", "below") if words.buying else ("rises", "above")
    rest = (
        f" if price {moves} to {words.price(Field.STOP)} and goes on {beyond} {words.price(Field.STOP_LIMIT)}"
        " before it fills. Then there is no stop."
    )
    return Advice(Glyph.WARNING, Token.WARN, (strong("A limit stop can stay unfilled"), plain(rest, Token.TEXT2)))


def _unfilled_target(words: _Words) -> Advice:
    back, beyond = ("falls back", "below") if words.buying else ("rises back", "above")
    rest = f" if price touches {words.price(Field.TARGET)} and {back} {beyond} {words.price(Field.TARGET_LIMIT)}."
    return Advice(Glyph.NOTE, Token.ACCENT, (strong("A limit target can stay unfilled"), plain(rest, Token.TEXT2)))


def age_words(age_ms: int) -> str:
    """ "0.2 s": an age with one decimal, cut, never rounded up to more."""
    return f"{age_ms // 1000}.{age_ms % 1000 // 100} s"
