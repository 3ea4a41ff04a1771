"""What the sheet for moving an exit shows: one frozen answer for all of its widgets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from otoco_desktop.domain.exits import standing_order
from otoco_desktop.domain.finding import Field, Finding, Severity
from otoco_desktop.domain.market import Quote
from otoco_desktop.domain.money import grouped, is_multiple, money_places, signed, signed_percent
from otoco_desktop.domain.moving import FIELDS
from otoco_desktop.domain.order import Leg, LegRole
from otoco_desktop.domain.reading import newest_quote
from otoco_desktop.domain.result import coins
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.domain.verdict import Surroundings
from otoco_desktop.ui.foreign import foreign
from otoco_desktop.ui.moving import words
from otoco_desktop.ui.moving.money import Money
from otoco_desktop.ui.moving.reading import Reading, is_begun
from otoco_desktop.ui.outcome.state import NO_VALUE, tone_of
from otoco_desktop.ui.review.retype import Answer, Retype
from otoco_desktop.ui.review.state import Advice, Notice
from otoco_desktop.ui.review.summary import age_words
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.strategies.state import plan_words
from otoco_desktop.ui.ticket import state as ticket
from otoco_desktop.ui.ticket.state import Distance, FieldState, VerdictWords
from otoco_desktop.ui.widgets.spans import Span, link, plain, strong
from otoco_desktop.ui.widgets.tones import FieldTone

BREAK_EVEN, KEEP_GAP, SHOW_PAIR = "break-even", "gap", "pair"
LOOKS = {
    Severity.FAIL: (Glyph.FAIL, Token.NEG),
    Severity.WAIT: (Glyph.EXPIRED, Token.TEXT3),
    Severity.INCOMPLETE: (Glyph.WAITING, Token.TEXT3),
    Severity.WARNING: (Glyph.WARNING, Token.WARN),
    Severity.NOTE: (Glyph.NOTE, Token.ACCENT),
}


class Stage(StrEnum):
    """How far the move has come. ``ASKED`` is requested and not shown by the exchange yet."""

    TYPING = "typing"
    SENDING = "sending"
    ASKED = "asked"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One figure before and after."""

    name: str
    before: str
    after: str
    tone: Token = Token.TEXT

    @property
    def spoken(self) -> str:
        return f"{self.name}: {self.before} now, {self.after} after"


@dataclass(frozen=True, slots=True)
class Case:
    """What a state is made of; ``refusals`` are pastes that were not taken, ``wall_ms`` is now (UTC).

    ``doubt`` is a sentence while what the exchange last reported may be out of date.
    """

    strategy: Strategy
    role: LegRole
    reading: Reading
    around: Surroundings
    money: Money | None
    refusals: Mapping[Field, str]
    wall_ms: int
    doubt: str = ""

    @property
    def leg(self) -> Leg:
        """The exit as it stands on the exchange."""
        return standing_order(self.strategy).leg(self.role)

    @property
    def quote(self) -> Quote | None:
        return newest_quote(self.around)

    @property
    def is_begun(self) -> bool:
        """Whether nothing but what stands already is typed."""
        return is_begun(self.reading, self.strategy, self.role)

    def price(self, value: Decimal) -> str:
        """A price with the decimals of the grid, or its own where it is on none."""
        instrument = self.around.instrument
        on_grid = instrument is not None and is_multiple(value, instrument.price_tick)
        return grouped(value, instrument.price_places if instrument and on_grid else None)


@dataclass(frozen=True, slots=True)
class Content:
    """What follows from the typing and the market. ``links`` fill a field; ``order_type`` is the API's word."""

    plan: str
    standing: tuple[Span, ...]
    order_type: str
    fields: Mapping[Field, FieldState]
    verdict: VerdictWords
    distance: Distance
    links: tuple[Span, ...]
    changes: tuple[ChangeLine, ...]
    advice: tuple[Advice, ...]


@dataclass(frozen=True, slots=True)
class MoveState:
    """The whole sheet; ``reason`` says why the button is closed. In LIVE ``retype`` is what must be typed again.

    While something ``can_keep`` the exit where it is, the other button says so; else it only closes.
    """

    content: Content
    stage: Stage
    notice: Notice | None
    reason: str
    footer: str
    editable: bool
    retype: Retype | None = None
    typed: str = ""
    answer: Answer = field(default_factory=Answer)
    can_keep: bool = True


def content(case: Case) -> Content:
    """Everything that follows from what is typed."""
    shown = ticket.build(case.reading.verdict, case.around, case.refusals, case.wall_ms)
    trigger = FIELDS[case.role][0]
    verdict, fields = shown.verdicts[trigger], dict(shown.fields)
    if case.is_begun and not case.refusals:
        verdict = VerdictWords((plain(words.TYPE_FIRST, Token.TEXT2),), Glyph.NOTE, Token.ACCENT)
        fields = {each: _calm(shown_as, verdict.text) for each, shown_as in fields.items()}
    return Content(
        plan=f"{case.strategy.label}  {plan_words(case.strategy)}",
        standing=tuple(_standing(case)),
        order_type=case.leg.type.value,
        fields=fields,
        verdict=verdict,
        distance=shown.distances[trigger],
        links=tuple(_links(case)),
        changes=tuple(_changes(case)),
        advice=tuple(_advice(case, verdict)),
    )


def _calm(state: FieldState, words_now: str) -> FieldState:
    return FieldState(state.text, state.suffix, state.suffix_muted, FieldTone.REST, words_now)


def _standing(case: Case) -> Iterator[Span]:
    """Where it stands, and where the market does."""
    leg, quote = case.leg, case.quote
    trigger = leg.reference_price if leg.trigger is None else leg.trigger
    yield strong(f"{case.role.value.capitalize()} now {case.price(trigger)}")
    yield plain(", leaves at market." if leg.price is None else f", limit {case.price(leg.price)}.")
    if quote is not None and quote.mark is not None:
        age = quote.mark_age_ms(case.around.now_ms) or 0
        yield plain(f" Mark {case.price(quote.mark)}, {age_words(age)} old.", Token.TEXT2)


def _links(case: Case) -> Iterator[Span]:
    """Prices that may be meant, each filling a field."""
    instrument = case.around.instrument
    even = case.money.break_even(instrument) if case.money and instrument else None
    if even is not None:
        yield link(f"Break-even {case.price(even)}", BREAK_EVEN)
    kept = kept_gap(case)
    if kept is not None:
        yield plain("   ")
        yield link(f"Limit at its distance {case.price(kept)}", KEEP_GAP)


def kept_gap(case: Case) -> Decimal | None:
    """The limit that lies as far from the new trigger as the old one did; ``None`` where it is typed already."""
    leg, trigger = case.leg, case.reading.trigger
    if leg.price is None or leg.trigger is None or trigger is None or trigger == leg.trigger:
        return None
    kept = trigger + leg.price - leg.trigger
    return kept if kept > 0 and kept != case.reading.price else None


def _changes(case: Case) -> Iterator[ChangeLine]:
    """Every figure that the move changes, before and after."""
    leg = case.leg
    before = leg.reference_price if leg.trigger is None else leg.trigger
    trigger, limit = (None, None) if case.is_begun else (case.reading.trigger, case.reading.price)
    yield _line(case, "Trigger", before, trigger)
    if leg.price is not None:
        yield _line(case, "Limit", leg.price, limit)
    yield ChangeLine("From mark", _from_mark(case, before), _from_mark(case, trigger))
    yield from _money_lines(case, leg.reference_price, trigger if leg.price is None else limit)


def _line(case: Case, name: str, before: Decimal, after: Decimal | None) -> ChangeLine:
    return ChangeLine(name, case.price(before), NO_VALUE if after is None else case.price(after))


def _from_mark(case: Case, price: Decimal | None) -> str:
    """``−2,708.42, −2.91%``: signed, from the mark price."""
    quote, instrument = case.quote, case.around.instrument
    if price is None or instrument is None or quote is None or not quote.mark:
        return NO_VALUE
    away = price - quote.mark
    return f"{signed(away, instrument.price_places)}, {signed_percent(away / quote.mark, 2)}"


def _money_lines(case: Case, before: Decimal, after: Decimal | None) -> Iterator[ChangeLine]:
    """What it brings if it fills at its price; with any failure nothing is promised of the new one."""
    quote, money = coins(case.strategy.intent.order.instrument)[1], case.money
    name = f"If it fills, {quote} after fees"
    if money is None:
        yield ChangeLine(name, NO_VALUE, NO_VALUE)
        return
    places = money_places(quote)
    told = after is not None and not any(each.severity is Severity.FAIL for each in real_findings(case))
    new = money.result(after) if told and after is not None else None
    tone = Token.TEXT if new is None else tone_of(new)
    yield ChangeLine(name, signed(money.result(before), places), NO_VALUE if new is None else signed(new, places), tone)
    if money.planned_loss:
        old_r, new_r = money.in_r(before), money.in_r(after) if told and after is not None else None
        yield ChangeLine("In R", _r(old_r), _r(new_r), tone)


def _r(value: Decimal | None) -> str:
    return NO_VALUE if value is None else f"{signed(value, 2)} R"


def real_findings(case: Case) -> tuple[Finding, ...]:
    """What was found, but that nothing changes while nothing has been typed."""
    found = case.reading.verdict.findings
    return tuple(each for each in found if each.field is None) if case.is_begun else found


def _advice(case: Case, verdict: VerdictWords) -> Iterator[Advice]:
    """What the line under the field has no room for, and what is to be known of every move."""
    symbol = case.strategy.intent.order.instrument
    if case.doubt:
        yield Advice(Glyph.WARNING, Token.WARN, (plain(case.doubt),))
    if case.around.instrument is None:
        yield Advice(Glyph.FAIL, Token.NEG, (plain(words.NO_INSTRUMENT.format(symbol=foreign(symbol))),))
    elif case.quote is None:
        offer = link(words.SHOW_PAIR.format(symbol=foreign(symbol)), SHOW_PAIR)
        yield Advice(Glyph.WARNING, Token.WARN, (plain(words.NOT_FOLLOWED.format(symbol=foreign(symbol))), offer))
    for each in real_findings(case):
        if each.severity in LOOKS and not verdict.text.startswith(each.message):
            yield Advice(*LOOKS[each.severity], (plain(foreign(each.detail or each.message)),))
    yield Advice(Glyph.NOTE, Token.ACCENT, (plain(words.NOTE, Token.TEXT2),))
