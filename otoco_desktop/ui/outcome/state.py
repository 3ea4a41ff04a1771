"""A verdict as the outcome panel shows it: no numbers are kept once the plan is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.finding import Field, Finding, Severity
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.market import Fees
from otoco_desktop.domain.money import grouped, money_places, percent, signed
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.verdict import Figures, PricedPlan, Verdict
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.spans import Span, plain, strong, text_of

if TYPE_CHECKING:
    from otoco_desktop.domain.outlook import Outlook

NO_VALUE = "–"
FIGURE_LABELS = (
    "Cost incl. fee",
    "Max loss incl. fees",
    "Gain incl. fees",
    "Net R:R",
    "Break-even win rate",
    "Account at risk",
)
RECEIVED, WITHOUT_FEE = "Received after fee", "Cost before fee"
BREAK_EVEN, GROSS, MARKET_STOP, LIMIT_STOP = "Break-even", "Gross", "Market stop may slip", "Worst case at the limit"
FIELD_WORDS = {
    Field.SIDE: "side",
    Field.ENTRY: "entry price",
    Field.QUANTITY: "quantity",
    Field.STOP: "stop",
    Field.STOP_LIMIT: "stop limit price",
    Field.TARGET: "target",
    Field.TARGET_LIMIT: "target limit price",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One labelled number; the en dash stands for no value."""

    label: str
    value: str = NO_VALUE
    tone: Token = Token.TEXT


@dataclass(frozen=True, slots=True)
class ResultBar:
    """Loss against gain, to scale. ``entry_permille`` is where the entry stands, from the left."""

    loss: str
    gain: str
    gain_tone: Token
    entry_permille: int


@dataclass(frozen=True, slots=True)
class Fact:
    """A smaller number in one line; ``detail`` says in sentences what it means and what it rests on."""

    label: str
    value: str = NO_VALUE
    tone: Token = Token.TEXT
    detail: str = ""

    @property
    def words(self) -> str:
        return f"{self.label} {self.value}".strip()


@dataclass(frozen=True, slots=True)
class OutcomeState:
    """Everything the panel shows. With a ``glyph`` the sentence explains why there are no figures."""

    sentence: tuple[Span, ...]
    glyph: Glyph | None
    bar: ResultBar | None
    figures: tuple[Figure, ...]
    caption: str
    facts: tuple[Fact, ...] = ()


def build(
    verdict: Verdict, instrument: Instrument | None, fees: Fees | None = None, outlook: Outlook | None = None
) -> OutcomeState:
    """The outcome of a plan, or why there is none."""
    figures = verdict.figures
    if instrument is None or figures is None or verdict.of(Severity.FAIL) or verdict.of(Severity.INCOMPLETE):
        glyph = Glyph.FAIL if verdict.of(Severity.FAIL) else Glyph.WAITING
        blanks = tuple(Figure(label, tone=Token.TEXT2) for label in FIGURE_LABELS)
        why = _why_not(verdict)
        return OutcomeState(why, glyph, None, blanks, "", _blank_facts(verdict.draft, text_of(why)))
    from otoco_desktop.ui.outcome import words  # noqa: PLC0415 - not for the start

    return OutcomeState(
        plan_sentence(verdict.draft, verdict.plan, instrument),
        None,
        _bar(figures, money_places(instrument.quote)),
        figure_row(figures, verdict.draft.side, money_places(instrument.quote)),
        _caption(verdict.draft, figures, instrument, fees, outlook),
        words.facts(verdict, figures, instrument, outlook),
    )


# Why there is no outcome


def _why_not(verdict: Verdict) -> tuple[Span, ...]:
    fails = len(verdict.of(Severity.FAIL))
    if fails:
        errors = "the error is" if fails == 1 else f"the {fails} errors are"
        return (plain(f"No outcome is shown until {errors} fixed.{_consequence(verdict)}"),)
    missing = missing_words(verdict.of(Severity.INCOMPLETE))
    if missing:
        return (plain(f"The outcome appears once {missing} {'is' if ' and ' not in missing else 'are'} filled in."),)
    return (plain("No outcome is shown until prices and fee rates have arrived."),)


def _blank_facts(draft: OtocoDraft, why: str) -> tuple[Fact, ...]:
    labels = (BREAK_EVEN, GROSS, MARKET_STOP if draft.stop_market else LIMIT_STOP)
    return tuple(Fact(label, tone=Token.TEXT2, detail=why) for label in labels)


def missing_words(findings: tuple[Finding, ...]) -> str:
    """The empty fields as a list in words: "entry price, quantity and stop"."""
    fields = [field for field in Field if any(finding.field is field for finding in findings)]
    words = [FIELD_WORDS[field] for field in fields]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def _consequence(verdict: Verdict) -> str:
    """What an exit on the wrong side of the entry would do, in one sentence."""
    entry, stop, target = (_typed(verdict.plan, field) for field in (Field.ENTRY, Field.STOP, Field.TARGET))
    if entry is None:
        return ""
    buying = verdict.draft.side is Side.BUY
    act, above, below = ("sell", "above", "below") if buying else ("buy", "below", "above")
    if stop is not None and (stop > entry if buying else stop < entry):
        return f" A stop {above} the entry would {act} as soon as the entry fills."
    if target is not None and (target < entry if buying else target > entry):
        return f" A target {below} the entry would {act} at a loss as soon as the entry fills."
    return ""


def _typed(plan: PricedPlan, field: Field) -> Decimal | None:
    """What was typed, on the grid or not."""
    found = plan.fields.get(field)
    return None if found is None else found.value if found.value is not None else found.typed


# The sentence


def plan_sentence(draft: OtocoDraft, plan: PricedPlan, instrument: Instrument) -> tuple[Span, ...]:
    """The plan in words: what is bought, and what the two exits do."""
    price = _priced(plan, instrument)
    buying = draft.side is Side.BUY
    verb, edge = ("Buy", "lower") if buying else ("Sell", "higher")
    quantity = plan.value(Field.QUANTITY)
    amount = NO_VALUE if quantity is None else grouped(quantity, instrument.quantity_places)
    opening: tuple[Span, ...] = (
        plain(f"{verb} "),
        strong(f"{amount} {instrument.base}"),
        plain(" at "),
        strong(price(Field.ENTRY)),
        plain(f" or {edge}. Once "),
        strong("all of it"),
        plain(" has filled, both exits go live"),
        *_covering(plan, instrument),
        plain(": "),
    )
    exits = (*_stop_words(draft, price), plain(", or "), *_target_words(draft, price))
    return (*opening, *exits, plain(". The first to execute cancels the other."))


def _covering(plan: PricedPlan, instrument: Instrument) -> tuple[Span, ...]:
    """What the exits are for, where that is less than all of it."""
    covered = plan.exit_quantity
    if covered is None or covered == plan.value(Field.QUANTITY):
        return ()
    amount = grouped(covered, instrument.quantity_places)
    return (plain(" for "), strong(f"{amount} {instrument.base}"), plain(" of it"))


def _priced(plan: PricedPlan, instrument: Instrument) -> Callable[[Field], str]:
    def price(field: Field) -> str:
        value = plan.value(field)
        return NO_VALUE if value is None else grouped(value, instrument.price_places)

    return price


def _stop_words(draft: OtocoDraft, price: Callable[[Field], str]) -> tuple[Span, ...]:
    act, edge, moves = ("sell", "higher", "falls") if draft.side is Side.BUY else ("buy", "lower", "rises")
    if draft.stop_market:
        return (plain(f"{act} at market if mark {moves} to "), strong(price(Field.STOP), Token.NEG))
    return (
        plain(f"{act} at "),
        strong(price(Field.STOP_LIMIT), Token.NEG),
        plain(f" or {edge} if mark {moves} to {price(Field.STOP)}"),
    )


def _target_words(draft: OtocoDraft, price: Callable[[Field], str]) -> tuple[Span, ...]:
    act, edge = ("sell", "higher") if draft.side is Side.BUY else ("buy", "lower")
    if draft.target_market:
        return (plain(f"{act} at market once mark reaches "), strong(price(Field.TARGET), Token.POS))
    return (
        plain(f"{act} at "),
        strong(price(Field.TARGET_LIMIT), Token.POS),
        plain(f" or {edge} once mark reaches {price(Field.TARGET)}"),
    )


# The figures


def tone_of(value: Decimal) -> Token:
    """Gain, loss, or neither."""
    return Token.POS if value > 0 else Token.NEG if value < 0 else Token.TEXT


def figure_row(figures: Figures, side: Side, places: int) -> tuple[Figure, ...]:
    """The six figures, fees included, in quote."""
    values = (
        grouped(figures.cost, places),
        signed(figures.loss, places),
        signed(figures.gain, places),
        NO_VALUE if figures.net_rr is None else grouped(figures.net_rr, 2),
        NO_VALUE if figures.break_even_rate is None else percent(figures.break_even_rate, 1),
        NO_VALUE if figures.at_risk is None else percent(figures.at_risk, 2),
    )
    tones = (Token.TEXT, tone_of(figures.loss), tone_of(figures.gain), Token.TEXT, Token.TEXT, Token.TEXT)
    labels = (_cost_label(figures, side), *FIGURE_LABELS[1:])
    return tuple(Figure(*row) for row in zip(labels, values, tones, strict=True))


def _cost_label(figures: Figures, side: Side) -> str:
    """A fee that is taken of the coins bought is no part of what they cost."""
    if side is Side.SELL:
        return RECEIVED
    return WITHOUT_FEE if figures.entry.fee and figures.cost == figures.entry.value else FIGURE_LABELS[0]


def _bar(figures: Figures, places: int) -> ResultBar:
    loss, gain = max(-figures.loss, Decimal(0)), max(figures.gain, Decimal(0))
    whole = loss + gain
    return ResultBar(
        f"{signed(figures.loss, places)} at stop",
        f"{signed(figures.gain, places)} at target",
        tone_of(figures.gain),
        int(loss * 1000 / whole) if whole else 500,
    )


def _caption(
    draft: OtocoDraft, figures: Figures, instrument: Instrument, fees: Fees | None, outlook: Outlook | None
) -> str:
    rates = [
        f"{_fee_word(rate, fees, entry=entry)}{percent(rate, 2)}"
        for rate, entry in ((figures.entry_rate, True), (figures.stop_rate, False), (figures.target_rate, False))
    ]
    out = f"{rates[1]} out" if rates[1] == rates[2] else f"{rates[1]} at the stop, {rates[2]} at the target"
    slip = ""
    told = outlook is not None and outlook.worst is not None
    if draft.stop_market and figures.slip_step is not None and not told:
        added = grouped(figures.slip_step, money_places(instrument.quote))
        slip = f" A market stop can slip: each 0.10% adds {added} to the loss."
    return f"{instrument.quote}. Fees: {rates[0]} in, {out}.{slip}"


def _fee_word(rate: Decimal, fees: Fees | None, *, entry: bool) -> str:
    if fees is None or rate not in (fees.maker, fees.taker):
        return ""
    is_maker = rate == fees.maker and (entry or fees.maker != fees.taker)
    return "maker " if is_maker else "taker "
