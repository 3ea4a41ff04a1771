"""From the texts of a draft to exact values.

Fields are read in the order in which they depend on one another: entry, a quantity that needs no stop, stop, a
quantity that does, target. A field that cannot be read has no value and a finding; nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from otoco_desktop.domain import say
from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.finding import Field, Finding
from otoco_desktop.domain.grammar import Refusal, parse_number
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.market import Quote
from otoco_desktop.domain.money import WIDE, is_multiple, on_grid
from otoco_desktop.domain.pricing import (
    Origin,
    PriceKind,
    PriceText,
    absolute_value,
    calculated_value,
    computed_value,
    read_price,
    resolve,
)
from otoco_desktop.domain.reading_size import LIMIT, NOTHING, SizeReader
from otoco_desktop.domain.risk import Terms, account_value, terms_of, usd_rate
from otoco_desktop.domain.sizing import Size, Sizing, stop_valued
from otoco_desktop.domain.verdict import FieldValue, PricedPlan, Surroundings

if TYPE_CHECKING:
    from otoco_desktop.domain.calculation import Calculation

NAMED = {"entry": "entry price"}


@dataclass(frozen=True, slots=True)
class Priced:
    """A draft as numbers, the findings made on the way, and what sizes it (``None`` without entry or fees).

    ``asked`` is the size that was typed, where it can be read.
    """

    plan: PricedPlan
    findings: tuple[Finding, ...] = ()
    terms: Terms | None = None
    sizing: Sizing | None = None
    asked: Size | None = None


def newest_quote(around: Surroundings) -> Quote | None:
    """The quote, if it is one of the chosen instrument."""
    quote, instrument = around.quote, around.instrument
    return quote if quote and instrument and quote.instrument == instrument.symbol else None


def fresh_quote(around: Surroundings) -> Quote | None:
    """The quote, if it is one of the chosen instrument and the market has told anything lately."""
    quote = newest_quote(around)
    age = quote.age_ms(around.now_ms) if quote else None
    return quote if age is not None and age <= around.settings.stale_ms else None


def price_draft(draft: OtocoDraft, around: Surroundings) -> Priced:
    """Read every field that can be read. Needs an instrument; without one nothing is read."""
    if around.instrument is None:
        return Priced(PricedPlan({}))
    with localcontext(WIDE):
        return _Reader(draft, around, around.instrument).read()


class _Reader:
    """Reads one draft, field by field."""

    def __init__(self, draft: OtocoDraft, around: Surroundings, instrument: Instrument) -> None:
        self._draft = draft
        self._around = around
        self._instrument = instrument
        self._fields: dict[Field, FieldValue] = {}
        self._findings: list[Finding] = []
        self._terms: Terms | None = None
        self._asked: Size | None = None
        self._worth = account_value(around.account, usd_rate(around))

    def read(self) -> Priced:
        draft = self._draft
        self._read_entry()
        sizes_early = draft.quantity_mode is not QuantityMode.RISK
        if sizes_early:
            self._read_quantity(self._sizing())
        self._read_exit(Field.STOP)
        if not draft.stop_market:
            self._read_exit(Field.STOP_LIMIT)
        sizing = self._sizing()
        if not sizes_early:
            self._read_quantity(sizing)
        self._read_exit(Field.TARGET)
        if not draft.target_market:
            self._read_exit(Field.TARGET_LIMIT)
        order = list(Field)
        self._findings.sort(key=lambda finding: order.index(finding.field or Field.SIDE))
        plan = PricedPlan(self._fields, self._exit_quantity() if draft.exit_quantity else None)
        return Priced(plan, tuple(self._findings), self._terms, sizing, self._asked)

    def _value(self, field: Field) -> Decimal | None:
        return self._fields.get(field, NOTHING).value

    def _refused(self, field: Field, finding: Finding) -> None:
        self._fields[field] = NOTHING
        self._findings.append(finding)

    # The entry and the quantity

    def _read_entry(self) -> None:
        text, field = self._draft.entry, Field.ENTRY
        parsed = read_price(field, text)
        if not text:
            self._refused(field, say.empty(field, self._draft, self._instrument))
        elif isinstance(parsed, Refusal):
            self._refused(field, say.refused(field, parsed))
        elif not isinstance(parsed, PriceText):
            self._calculate(field, text, parsed, None)
        elif not parsed.amount:
            self._refused(field, say.not_positive(field, text, parsed.amount))
        else:
            self._fields[field] = absolute_value(parsed.amount, self._instrument.price_tick, None)
        self._take_terms()

    def _take_terms(self) -> None:
        entry, account = self._value(Field.ENTRY), self._around.account
        fees = account.fees if account else None
        if entry is not None and fees:
            quote = newest_quote(self._around)
            self._terms = terms_of(self._draft.side, entry, quote, fees, self._around.settings)

    def _calculate(self, field: Field, text: str, calculation: Calculation, entry: Decimal | None) -> None:
        """The price a calculation comes to, from the market as it stood when it was typed."""
        known = self._known(field, text, calculation)
        if known is None:
            return
        exact = calculation.value(known)
        if not 0 < exact < LIMIT:
            self._refused(field, say.out_of_range(field, text, exact))
            return
        value = calculated_value(exact, field, self._draft.side, self._instrument, entry)
        if not value.value:
            self._refused(field, say.out_of_range(field, text, exact * 0))
        elif value.value >= LIMIT:
            self._refused(field, say.too_many_digits(field, text))
        else:
            self._fields[field] = value

    def _known(self, field: Field, text: str, calculation: Calculation) -> dict[str, Decimal] | None:
        """The value of each word; ``None`` when one is not known, with the reason found."""
        from otoco_desktop.domain.vocabulary import LEGS, TICK  # noqa: PLC0415 - its import is not for the start

        taken = self._draft.taken_for(field) if calculation.taken else None
        known = dict(taken.prices) if taken else {}
        known[TICK] = self._instrument.price_tick
        for word in calculation.words:
            value = self._value(LEGS[word]) if word in LEGS else known.get(word)
            if value is None:
                missing = say.waits_for(field, text, NAMED.get(word, word), word)
                self._refused(field, missing if word in LEGS else self._not_taken(field, word))
                return None
            known[word] = value
        return known

    def _not_taken(self, field: Field, word: str) -> Finding:
        """A price of the market is not known now, or only of a while ago."""
        quote = newest_quote(self._around)
        is_stale = quote is not None and getattr(quote, word) is not None and fresh_quote(self._around) is None
        return say.not_taken(field, word, quote.age_ms(self._around.now_ms) if quote and is_stale else None)

    def _sizing(self) -> Sizing | None:
        entry = self._value(Field.ENTRY)
        if entry is None or self._terms is None:
            return None
        valued = stop_valued(self._draft, self._value(Field.STOP), self._value(Field.STOP_LIMIT))
        return Sizing(self._instrument, self._terms, entry, valued, self._worth)

    def _read_quantity(self, sizing: Sizing | None) -> None:
        has_entry = self._value(Field.ENTRY) is not None
        read = SizeReader(self._draft, self._around, self._instrument, has_entry, sizing).read()
        self._fields[Field.QUANTITY], self._asked = read.value, read.asked
        if read.finding is not None:
            self._findings.append(read.finding)

    # The exits

    def _exit_quantity(self) -> Decimal | None:
        """What each exit covers; ``None`` where that cannot be read."""
        number, step = parse_number(self._draft.exit_quantity), self._instrument.quantity_step
        if isinstance(number, Refusal) or not number:
            return None
        return on_grid(number, step) if is_multiple(number, step) else number

    def _read_exit(self, field: Field) -> None:
        text = self._draft.text(field)
        if not text:
            self._refused(field, say.empty(field, self._draft, self._instrument))
            return
        parsed = read_price(field, text)
        if isinstance(parsed, Refusal):
            self._refused(field, say.refused(field, parsed))
            return
        if not isinstance(parsed, PriceText):
            self._calculate(field, text, parsed, self._value(Field.ENTRY))
            return
        if not parsed.is_relative:
            self._place_absolute(field, text, parsed.amount)
            return
        entry = self._value(Field.ENTRY)
        if entry is None:
            self._refused(field, say.waits_for(field, text, "entry price", "entry"))
            return
        origin = self._origin(field, text, parsed, entry)
        if origin is not None:
            self._place_relative(field, text, resolve(parsed, field, origin), entry)

    def _place_absolute(self, field: Field, text: str, typed: Decimal) -> None:
        if not typed:
            self._refused(field, say.not_positive(field, text, typed))
            return
        entry = self._value(Field.ENTRY)
        self._fields[field] = absolute_value(typed, self._instrument.price_tick, entry)

    def _place_relative(self, field: Field, text: str, typed: Decimal, entry: Decimal) -> None:
        value = computed_value(typed, field, self._instrument, entry)
        if not value.value or value.value < 0:
            self._refused(field, say.not_positive(field, text, typed, self._instrument.price_places))
        elif value.value >= LIMIT:
            self._refused(field, say.too_many_digits(field, text))
        else:
            self._fields[field] = value

    def _origin(self, field: Field, text: str, parsed: PriceText, entry: Decimal) -> Origin | None:
        """What the text is counted from; ``None`` when 1R is not known, with the reason found."""
        side = self._draft.side
        if parsed.kind is not PriceKind.R:
            return Origin(entry, side)
        if field in (Field.TARGET, Field.TARGET_LIMIT):
            return self._origin_by_stop(field, text, entry)
        if self._draft.quantity_mode is QuantityMode.RISK:
            self._refused(field, say.circular_r(field))
            return None
        unit = self._around.settings.risk_unit
        if unit is None:
            self._refused(field, say.no_risk_unit(field))
            return None
        rate = usd_rate(self._around)
        if not rate:
            self._refused(field, say.no_rate_for_r(field, unit, self._instrument.quote))
            return None
        quantity = self._value(Field.QUANTITY)
        if not quantity:
            self._refused(field, say.waits_for(field, text, "quantity", "quantity"))
            return None
        return Origin(entry, side, unit / rate, quantity)

    def _origin_by_stop(self, field: Field, text: str, entry: Decimal) -> Origin | None:
        stop = self._value(Field.STOP)
        if stop is None:
            self._refused(field, say.waits_for(field, text, "stop", "stop"))
            return None
        return Origin(entry, self._draft.side, abs(entry - stop))
