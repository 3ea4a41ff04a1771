"""What the ticket shows: one frozen answer for every widget, made from the draft and its verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal

from otoco_desktop.domain.draft import FREE, OtocoDraft, QuantityMode
from otoco_desktop.domain.finding import Field, Finding, Fix, Severity
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.market import AccountSnapshot, MarkSource
from otoco_desktop.domain.money import grouped, money_places, percent, places_of, round_to_step, signed, signed_percent
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.verdict import FieldValue, Surroundings, Verdict
from otoco_desktop.ui.formats import utc_second
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.spans import Span, link, plain, text_of
from otoco_desktop.ui.widgets.tones import FieldTone

NO_VALUE = "–"
DAY_MS = 86_400_000
BASE, QUOTE = FREE
FIX = "fix"
FIELDS = tuple(field for field in Field if field is not Field.SIDE)
LEGS = ((Field.STOP, Field.STOP_LIMIT), (Field.TARGET, Field.TARGET_LIMIT))
GROUPS = (Field.ENTRY, Field.QUANTITY, Field.STOP, Field.TARGET)
WEIGHT = {severity: weight for weight, severity in enumerate(Severity)}

_GLYPHS = {
    Severity.FAIL: (Glyph.FAIL, Token.NEG),
    Severity.INCOMPLETE: (Glyph.WAITING, Token.TEXT3),
    Severity.WAIT: (Glyph.EXPIRED, Token.TEXT3),
    Severity.WARNING: (Glyph.WARNING, Token.WARN),
    Severity.NOTE: (Glyph.NOTE, Token.ACCENT),
    Severity.PASS: (Glyph.PASS, Token.POS),
}
_INKS = {
    Severity.FAIL: Token.NEG,
    Severity.WARNING: Token.WARN,
    Severity.INCOMPLETE: Token.TEXT3,
    Severity.WAIT: Token.TEXT3,
}
_INK_OF = {Field.STOP: Token.NEG, Field.TARGET: Token.POS}
_TONES = {Severity.FAIL: FieldTone.ERROR, Severity.WARNING: FieldTone.WARN}


@dataclass(frozen=True, slots=True)
class VerdictWords:
    """The line under a field; ``fix`` is what its link would fill in."""

    spans: tuple[Span, ...] = ()
    glyph: Glyph | None = None
    glyph_token: Token = Token.TEXT3
    fix: Fix | None = None

    @property
    def text(self) -> str:
        return text_of(self.spans).strip()


@dataclass(frozen=True, slots=True)
class FieldState:
    """One box: its text as typed, what stands at its right end, its border, and what is read out about it."""

    text: str
    suffix: str = ""
    suffix_muted: bool = True
    tone: FieldTone = FieldTone.REST
    description: str = ""


@dataclass(frozen=True, slots=True)
class Distance:
    """How far an exit lies from the entry; ``words`` without its arrow."""

    spans: tuple[Span, ...] = ()
    glyph: Glyph | None = None
    glyph_token: Token = Token.TEXT2


@dataclass(frozen=True, slots=True)
class Footer:
    """What the account has to trade with."""

    available: str = NO_VALUE
    account_value: str = NO_VALUE
    fees: str = NO_VALUE


@dataclass(frozen=True, slots=True)
class EntryOptions:
    """Choices about the entry alone. Without ``coins`` there is no choice of the fee's coin; quote stands first.

    ``exits`` says what each exit covers where that is less than the entry.
    """

    post_only: bool = False
    offers_post_only: bool = False
    coins: tuple[str, str] | None = None
    fee_in_quote: bool = True
    exits: str = ""


@dataclass(frozen=True, slots=True)
class TicketState:
    """Everything the ticket shows. Verdicts and distances are keyed by the field that names the group."""

    side: Side
    quantity_mode: QuantityMode
    stop_market: bool
    target_market: bool
    entry_type: str
    stop_type: str
    target_type: str
    tag: str
    quote: str
    fields: Mapping[Field, FieldState]
    verdicts: Mapping[Field, VerdictWords]
    distances: Mapping[Field, Distance]
    footer: Footer
    can_fill: bool
    can_clear: bool
    options: EntryOptions = EntryOptions()


def build(verdict: Verdict, around: Surroundings, refusals: Mapping[Field, str], wall_ms: int = 0) -> TicketState:
    """The ticket for this verdict; ``refusals`` are pastes that were not taken, by field; ``wall_ms`` is now (UTC)."""
    draft = verdict.draft
    worst = _worst(verdict)
    groups = {field: _group(worst, field, refusals) for field in GROUPS}
    if draft.taken:
        groups = {field: _dated(words, verdict, field, (around, wall_ms)) for field, words in groups.items()}
    return TicketState(
        side=draft.side,
        quantity_mode=draft.quantity_mode,
        stop_market=draft.stop_market,
        target_market=draft.target_market,
        entry_type="LIMIT",
        stop_type=draft.stop_type.value,
        target_type=draft.target_type.value,
        tag=draft.tag,
        quote=around.instrument.quote if around.instrument else "",
        fields={field: _field(verdict, field, around.instrument, (worst.get(field), groups)) for field in FIELDS},
        verdicts=groups,
        distances={field: _distance(verdict, field, around.instrument) for field in (Field.STOP, Field.TARGET)},
        footer=_footer(draft.side, around.instrument, around.account),
        can_fill=around.instrument is not None and around.quote is not None and around.quote.mid is not None,
        can_clear=not draft.is_empty or bool(draft.tag),
        options=_options(draft, around),
    )


def _options(draft: OtocoDraft, around: Surroundings) -> EntryOptions:
    """Only a buy can pay its entry fee in either coin; a choice that was made stays in sight."""
    instrument = around.instrument
    return EntryOptions(
        post_only=draft.post_only,
        offers_post_only=around.post_only_usable or draft.post_only,
        coins=(instrument.quote, instrument.base) if instrument and draft.side is Side.BUY else None,
        fee_in_quote=around.chosen_by(draft).settings.fee_in_quote,
        exits=_exits(draft, instrument),
    )


def _exits(draft: OtocoDraft, instrument: Instrument | None) -> str:
    if instrument is None or not draft.exit_quantity:
        return ""
    return f"Stop and target cover {draft.exit_quantity} {instrument.base}."


# Verdicts


def group_of(field: Field) -> Field:
    """The field under whose verdict line this one's findings stand."""
    return next((trigger for trigger, limit in LEGS if field is limit), field)


def _worst(verdict: Verdict) -> dict[Field, Finding]:
    """The finding each field shows, found in one pass; the same as ``Verdict.worst`` says."""
    worst: dict[Field, Finding] = {}
    for finding in verdict.findings:
        field = finding.field
        if field is None:
            continue
        before = worst.get(field)
        if before is None or WEIGHT[finding.severity] < WEIGHT[before.severity]:
            worst[field] = finding
    return worst


def _members(field: Field) -> tuple[Field, ...]:
    """The fields of a group, its name first."""
    return (field, *(limit for trigger, limit in LEGS if trigger is field))


def _group(worst: Mapping[Field, Finding], field: Field, refusals: Mapping[Field, str]) -> VerdictWords:
    members = _members(field)
    for member in members:
        if member in refusals:
            return VerdictWords((plain(refusals[member], Token.WARN),), Glyph.WARNING, Token.WARN)
    found = [worst[member] for member in members if member in worst]
    if not found:
        return VerdictWords()
    return _words(min(found, key=lambda finding: WEIGHT[finding.severity]))


def _words(finding: Finding) -> VerdictWords:
    spans = [plain(finding.message, _INKS.get(finding.severity))]
    if finding.fix:
        spans = [plain(finding.message + " ", _INKS.get(finding.severity)), link(finding.fix.label, FIX)]
    return VerdictWords(tuple(spans), *_GLYPHS[finding.severity], finding.fix)


def _dated(words: VerdictWords, verdict: Verdict, field: Field, here: tuple[Surroundings, int]) -> VerdictWords:
    """With what a calculation stands on of the market or the account, and when it was taken."""
    around, wall_ms = here
    if words.fix or around.instrument is None:
        return words
    dates = [_date(verdict, member, around.instrument, wall_ms) for member in _members(field)]
    if around.quote is not None and around.quote.mark_source is MarkSource.MIDPOINT:
        dates = [date.replace("mark ", "midpoint ") for date in dates]
    return replace(words, spans=(*words.spans, *(plain(f" {date}", Token.TEXT3) for date in dates if date)))


def _date(verdict: Verdict, field: Field, instrument: Instrument, wall_ms: int) -> str:
    taken = verdict.draft.taken_for(field)
    if taken is None or verdict.plan.value(field) is None:
        return ""
    when = utc_second(taken.at_ms, dated=taken.at_ms // DAY_MS != wall_ms // DAY_MS)
    if field is Field.QUANTITY:
        return f"Of {_free(verdict.draft.side, instrument, dict(taken.prices))} at {when}."
    least = instrument.price_places
    prices = ", ".join(f"{word} {grouped(price, max(least, places_of(price)))}" for word, price in taken.prices)
    return f"From {prices} at {when}."


# Fields


def _field(
    verdict: Verdict,
    field: Field,
    instrument: Instrument | None,
    judged: tuple[Finding | None, Mapping[Field, VerdictWords]],
) -> FieldState:
    """A box; a field without trouble of its own is described by the line of its group."""
    own, groups = judged
    suffix, muted = _suffix(verdict, field, instrument)
    calm = own is None or WEIGHT[own.severity] > WEIGHT[Severity.WARNING]
    return FieldState(
        text=verdict.draft.text(field),
        suffix=suffix,
        suffix_muted=muted,
        tone=FieldTone.REST if own is None else _TONES.get(own.severity, FieldTone.REST),
        description=groups[group_of(field)].text if calm or own is None else _words(own).text,
    )


def _suffix(verdict: Verdict, field: Field, instrument: Instrument | None) -> tuple[str, bool]:
    """The unit, muted, or what the text comes to."""
    if instrument is None:
        return "", True
    found = verdict.plan.fields.get(field)
    if field is Field.QUANTITY:
        return _quantity_suffix(verdict.draft, found, instrument)
    unit = "" if _is_split(verdict.draft, field) else instrument.quote
    if found is not None and found.computed and found.value is not None:
        return f"= {grouped(found.value, instrument.price_places)} {unit}".rstrip(), False
    return unit, True


def _quantity_suffix(draft: OtocoDraft, found: FieldValue | None, instrument: Instrument) -> tuple[str, bool]:
    if found is not None and found.computed and found.value is not None:
        return f"= {grouped(found.value, instrument.quantity_places)} {instrument.base}", False
    if draft.quantity_mode is QuantityMode.QUANTITY:
        return instrument.base, True
    if draft.quantity_mode is QuantityMode.SPEND:
        return instrument.quote, True
    return ("" if any(character.isalpha() for character in draft.quantity) else "% of account"), True


def _is_split(draft: OtocoDraft, field: Field) -> bool:
    """Whether the box shares its row with another, so that the unit has no room."""
    if field in (Field.STOP, Field.STOP_LIMIT):
        return not draft.stop_market
    return field in (Field.TARGET, Field.TARGET_LIMIT) and not draft.target_market


# Distances


def _distance(verdict: Verdict, field: Field, instrument: Instrument | None) -> Distance:
    found = verdict.plan.fields.get(field)
    if instrument is None or found is None or found.distance is None or found.distance_ratio is None:
        return Distance()
    up = found.distance > 0
    ink = _INK_OF[field] if found.distance and up == _goes_up(field, verdict.draft.side) else None
    spans = (
        plain(signed(found.distance, instrument.price_places), ink),
        plain(f"  {signed_percent(found.distance_ratio, 2)}"),
        plain(f"  {_ticks(found.ticks)}{', trigger' if _is_split(verdict.draft, field) else ''}", Token.TEXT3),
    )
    glyph = (Glyph.UP if up else Glyph.DOWN) if found.distance else None
    return Distance(spans, glyph, ink or Token.TEXT2)


def _ticks(ticks: int | None) -> str:
    return NO_VALUE if ticks is None else f"{ticks:,} tick{'' if ticks == 1 else 's'}"


def _goes_up(field: Field, side: Side) -> bool:
    """Whether this exit belongs above the entry."""
    return (field is Field.TARGET) == (side is Side.BUY)


# The account


def _footer(side: Side, instrument: Instrument | None, account: AccountSnapshot | None) -> Footer:
    if account is None:
        return Footer()
    return Footer(
        available=_available(side, instrument, account),
        account_value=NO_VALUE if account.value_usd is None else f"{_floored(account.value_usd, 2)} USD",
        fees=f"{percent(account.fees.maker, 2)} / {percent(account.fees.taker, 2)}" if account.fees else NO_VALUE,
    )


def _available(side: Side, instrument: Instrument | None, account: AccountSnapshot) -> str:
    if instrument is None:
        return NO_VALUE
    free = {BASE: account.available(instrument.base), QUOTE: account.available(instrument.quote)}
    return _free(side, instrument, free)


def _free(side: Side, instrument: Instrument, free: Mapping[str, Decimal]) -> str:
    """The coin that the entry gives away, as much of it as is free."""
    if side is Side.BUY:
        return f"{_floored(free[QUOTE], money_places(instrument.quote))} {instrument.quote}"
    return f"{_floored(free[BASE], instrument.quantity_places)} {instrument.base}"


def _floored(value: Decimal, places: int) -> str:
    """Never shows more than there is."""
    return grouped(round_to_step(value, Decimal(1).scaleb(-places), ROUND_FLOOR), places)
