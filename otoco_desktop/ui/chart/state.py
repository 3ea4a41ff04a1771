"""What the chart says: the plan's three lines with their labels, zones, mark, and the lines of open strategies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from otoco_desktop.domain.finding import Field, Severity
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.market import MarkSource, Quote
from otoco_desktop.domain.money import grouped, is_multiple, money_places, signed, signed_percent
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.verdict import FieldValue, Surroundings, Verdict
from otoco_desktop.ui.chart import words
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token

LINES = (Field.TARGET, Field.ENTRY, Field.STOP)
"""The fields that have a line, in the order of F6."""


@dataclass(frozen=True, slots=True)
class Look:
    """A line's colours and icon; ``fill`` is that of its icon block and its axis tag."""

    glyph: Glyph
    ink: Token
    fill: Token


LOOKS = {
    Field.ENTRY: Look(Glyph.ENTRY, Token.ACCENT, Token.ACCENT_FILL),
    Field.STOP: Look(Glyph.STOP, Token.NEG, Token.NEG_FILL),
    Field.TARGET: Look(Glyph.TARGET, Token.POS, Token.POS_FILL),
}


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One line of the plan; ``short`` and ``short_value`` are for a narrow window."""

    field: Field
    price: Decimal
    name: str
    value: str
    short: str
    short_value: str
    tag: str
    spoken: str


@dataclass(frozen=True, slots=True)
class OtherLine:
    """A leg of an open strategy."""

    price: Decimal
    field: Field
    words: str


@dataclass(frozen=True, slots=True)
class Zone:
    """A band from the entry to an exit."""

    field: Field
    upper: Decimal
    lower: Decimal


@dataclass(frozen=True, slots=True)
class Level:
    """A market price with its tag."""

    price: Decimal
    tag: str
    name: str


@dataclass(frozen=True, slots=True)
class ChartState:
    """Everything over the candles. ``notice`` has a strong beginning and the rest."""

    instrument: Instrument | None = None
    lines: tuple[PriceLine, ...] = ()
    zones: tuple[Zone, ...] = ()
    notice: tuple[str, str] | None = None
    mark: Level | None = None
    last: Level | None = None
    others: tuple[OtherLine, ...] = ()

    def line(self, field: Field) -> PriceLine | None:
        return next((line for line in self.lines if line.field is field), None)


def build(verdict: Verdict, around: Surroundings, open_lines: tuple[OtherLine, ...] = ()) -> ChartState:
    """The state for this verdict, with the lines of what is open already."""
    instrument = around.instrument
    if instrument is None:
        return ChartState()
    wrong = _wrong_side(verdict)
    return ChartState(
        instrument=instrument,
        lines=tuple(_lines(verdict, instrument, wrong)),
        zones=() if wrong else tuple(_zones(verdict)),
        notice=_notice(verdict, wrong, instrument),
        mark=_mark(around.quote, instrument),
        last=_last(around.quote, instrument),
        others=open_lines,
    )


# The plan


def _price(verdict: Verdict, field: Field) -> Decimal | None:
    value = verdict.plan.value(field)
    return value if value is not None and value > 0 else None


def _wrong_side(verdict: Verdict) -> Field | None:
    """The exit that lies on the wrong side of the entry, the stop before the target."""
    entry = _price(verdict, Field.ENTRY)
    for field in (Field.STOP, Field.TARGET):
        price = _price(verdict, field)
        if entry is not None and price is not None:
            above = _belongs_above(field, verdict.draft.side)
            if (price <= entry) if above else (price >= entry):
                return field
    return None


def _belongs_above(field: Field, side: Side) -> bool:
    return (field is Field.TARGET) == (side is Side.BUY)


def _lines(verdict: Verdict, instrument: Instrument, wrong: Field | None) -> Iterator[PriceLine]:
    for field in LINES:
        found = verdict.plan.fields.get(field)
        price = _price(verdict, field)
        if found is None or price is None:
            continue
        name, short, short_value, spoken = _named(verdict, field, found, instrument)
        places = instrument.price_places if is_multiple(price, instrument.price_tick) else None
        tag = grouped(price, places)
        yield PriceLine(
            field=field,
            price=price,
            name=name,
            value=_value(verdict, field, instrument, wrong),
            short=short,
            short_value=short_value,
            tag=tag,
            spoken=words.spoken_line(field, tag, spoken),
        )


def _named(verdict: Verdict, field: Field, found: FieldValue, instrument: Instrument) -> tuple[str, str, str, str]:
    """The label's name, its name and value where there is little room, and what is read out after the price."""
    if field is Field.ENTRY:
        verb = "Buy" if verdict.draft.side is Side.BUY else "Sell"
        quantity = verdict.plan.value(Field.QUANTITY)
        amount = "" if quantity is None else grouped(quantity, _own_places(quantity, instrument.quantity_step))
        return f"{verb} {amount}".rstrip(), verb, amount, f"{verb} {amount} {instrument.base}" if amount else verb
    word = words.LINE_WORDS[field]
    if found.distance_ratio is None:
        return word, word, "", ""
    ratio = signed_percent(found.distance_ratio, 2)
    return f"{word} {ratio}", word, ratio, words.spoken_percent(ratio)


def _own_places(value: Decimal, step: Decimal) -> int | None:
    return max(0, -int(step.normalize().as_tuple().exponent)) if is_multiple(value, step) else None


def _value(verdict: Verdict, field: Field, instrument: Instrument, wrong: Field | None) -> str:
    """The money at this line, or in two words why there is none."""
    price = _price(verdict, field)
    if price is not None and not is_multiple(price, instrument.price_tick):
        return words.OFF_TICK
    if field is wrong:
        return words.BELOW_ENTRY if _belongs_above(field, verdict.draft.side) else words.ABOVE_ENTRY
    if field is Field.TARGET and any(
        finding.code == "fees" and finding.severity is Severity.WARNING for finding in verdict.findings
    ):
        return words.BELOW_FEES
    figures = verdict.figures
    if figures is None or verdict.of(Severity.FAIL):
        return ""
    places = money_places(instrument.quote)
    if field is Field.ENTRY:
        return grouped(figures.entry.value, places)
    return signed(figures.loss if field is Field.STOP else figures.gain, places)


def _zones(verdict: Verdict) -> Iterator[Zone]:
    entry = _price(verdict, Field.ENTRY)
    if entry is None:
        return
    for field in (Field.TARGET, Field.STOP):
        price = _price(verdict, field)
        if price is not None:
            yield Zone(field, max(entry, price), min(entry, price))


def _notice(verdict: Verdict, wrong: Field | None, instrument: Instrument) -> tuple[str, str] | None:
    entry = _price(verdict, Field.ENTRY)
    if wrong is None or entry is None:
        return None
    shown = grouped(entry, _own_places(entry, instrument.price_tick))
    return words.zones_hidden(wrong, shown, above=_belongs_above(wrong, verdict.draft.side))


# The market


def _mark(quote: Quote | None, instrument: Instrument) -> Level | None:
    if quote is None or quote.mark is None or quote.instrument != instrument.symbol:
        return None
    name = "mark" if quote.mark_source is MarkSource.EXCHANGE else "mid"
    return Level(quote.mark, grouped(quote.mark, instrument.price_places), name)


def _last(quote: Quote | None, instrument: Instrument) -> Level | None:
    if quote is None or quote.last is None or quote.instrument != instrument.symbol:
        return None
    return Level(quote.last, grouped(quote.last, instrument.price_places), "last")
