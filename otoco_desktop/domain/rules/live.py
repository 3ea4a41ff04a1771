"""Rules that need the market now: the book, the mark price, their age, and the clock."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from otoco_desktop.domain.finding import Field, Finding, Severity
from otoco_desktop.domain.money import grouped, percent, plain
from otoco_desktop.domain.risk import crosses
from otoco_desktop.domain.rules.case import NAMES, Case
from otoco_desktop.domain.say import OFFLINE

BAND_SOURCE = "help centre: order price limits; stop-loss and take-profit orders"
OWN_SOURCE = "rule of this program"
CLOCK_SOURCE = "exchange docs: nonce"
BAND_UNPROVEN = "Published in the help centre only and may change; the exchange decides."
FAR_RATIO = Decimal("0.10")
AGGRESSIVE = Decimal("0.15")
AGGRESSIVE_MARGIN = Decimal("0.05")
PASSIVE_BUY = Decimal("0.1")
PASSIVE_SELL = Decimal(10)
TRIGGER_MOST = Decimal(2)


def entry_crosses(case: Case) -> Iterator[Finding]:
    """A limit entry beyond the other side of the book fills at once, unless it may only rest."""
    if case.draft.post_only or case.entry is None or case.quote is None:
        return
    if not crosses(case.draft.side, case.entry, case.quote):
        return
    other = case.quote.ask if case.buys else case.quote.bid
    where = "At" if case.entry == other else case.words.target_side.capitalize()
    pays = f" and pays the taker fee {percent(case.terms.entry_rate, 2)}" if case.terms else ""
    message = f"{where} the best {case.words.other_book}. It fills at once{pays}."
    yield Finding(
        "entry.crosses",
        Severity.WARNING,
        "Entry price",
        message,
        Field.ENTRY,
        wrong=plain(case.entry),
        source=OWN_SOURCE,
    )


def entry_far(case: Case) -> Iterator[Finding]:
    """A resting entry far from the market may wait for ever."""
    mark = _mark(case)
    if case.entry is None or not mark:
        return
    distance = (mark - case.entry if case.buys else case.entry - mark) / mark
    if distance > FAR_RATIO:
        where = f"{percent(distance, 1)} {case.words.stop_side} {case.mark_name}"
        message = f"{case.price(case.entry)} is {where}. It may never fill."
        yield Finding(
            "entry.far",
            Severity.WARNING,
            "Entry price",
            message,
            Field.ENTRY,
            wrong=plain(case.entry),
            right=plain(mark),
            source=OWN_SOURCE,
        )


def beyond_mark(case: Case) -> Iterator[Finding]:
    """A trigger that mark has passed already would fire as soon as it is armed."""
    mark = _mark(case)
    if not mark or not case.in_order:
        return
    for field in (Field.STOP, Field.TARGET):
        trigger = case.prices[field]
        up = case.buys is (field is Field.TARGET)
        if trigger == mark or (mark > trigger) is up:
            yield _passed(case, field, mark, "at" if trigger == mark else "above" if up else "below")


def bands(case: Case) -> Iterator[Finding]:
    """Price limits of the help centre: warnings only."""
    mark = _mark(case)
    if mark:
        if case.entry is not None:
            yield from _in_band(case, Field.ENTRY, mark, case.mark_name, buys=case.buys)
        for field in (Field.STOP, Field.TARGET):
            yield from _trigger_band(case, field, mark)
    for field, trigger in ((Field.STOP_LIMIT, case.stop), (Field.TARGET_LIMIT, case.target)):
        if trigger is not None and field in case.prices:
            yield from _in_band(case, field, trigger, "its trigger", buys=not case.buys)


def data_age(case: Case) -> Iterator[Finding]:
    """Old prices close the gate; the age is that of the newest market frame."""
    quote, now = case.quote, case.around.now_ms
    ages = {} if quote is None else {case.mark_name: quote.mark_age_ms(now), "book": quote.book_age_ms(now)}
    known = {name: age for name, age in ages.items() if age is not None}
    if not known:
        yield _age(Severity.WAIT, OFFLINE)
        return
    newest = min(known.values())
    if newest > case.around.settings.stale_ms:
        message = f"Prices are {_seconds(newest)} old. Submit opens again when they are live."
        yield _age(Severity.WAIT, message)
    else:
        yield _age(Severity.PASS, ", ".join(f"{name} {_seconds(age)}" for name, age in known.items()))


def clock(case: Case) -> Iterator[Finding]:
    """The skew shown is this computer's clock minus the exchange's: the opposite of the applied offset."""
    offset, settings = case.around.clock_offset_ms, case.around.settings
    if offset is None:
        yield _clock(Severity.WAIT, OFFLINE)
        return
    skew = -offset
    if abs(skew) <= settings.clock_warn_ms:
        sign = "+" if skew > 0 else "\u2212" if skew < 0 else ""
        yield _clock(Severity.PASS, f"{sign}{abs(skew):,} ms, limit {settings.clock_warn_ms:,} ms")
        return
    way = "ahead of" if skew > 0 else "behind"
    message = f"Your clock is {_seconds(abs(skew))} {way} the exchange. Set it, then check again."
    yield _clock(Severity.FAIL if abs(skew) > settings.clock_fail_ms else Severity.WARNING, message)


def _mark(case: Case) -> Decimal | None:
    return case.quote.mark if case.quote else None


def _passed(case: Case, field: Field, mark: Decimal, where: str) -> Finding:
    trigger = case.prices[field]
    lies = f"is already {where} the {NAMES[field].lower()} {case.price(trigger)}"
    return Finding(
        f"{field}.mark",
        Severity.WARNING,
        "Trigger",
        f"{case.mark_name.capitalize()} {case.price(mark)} {lies}. It may fire as soon as the entry fills.",
        field,
        wrong=plain(trigger),
        right=plain(mark),
        source="exchange docs, private/advanced/create-otoco",
        unproven="Whether the exchange checks a trigger when the list is made or when it is armed.",
    )


def _in_band(case: Case, field: Field, centre: Decimal, of: str, *, buys: bool) -> Iterator[Finding]:
    value = case.prices[field]
    reach = AGGRESSIVE_MARGIN if case.instrument.margin_buy else AGGRESSIVE
    low = centre * (PASSIVE_BUY if buys else 1 - reach)
    high = centre * (1 + reach if buys else PASSIVE_SELL)
    if value < low or value > high:
        message = (
            f"{case.price(value)} is outside {case.price(low)} to {case.price(high)}, "
            f"the exchange's limits around {of}. It may be refused."
        )
        yield _band(field, message, value, low if value < low else high)


def _trigger_band(case: Case, field: Field, mark: Decimal) -> Iterator[Finding]:
    trigger = case.prices.get(field)
    if trigger is None:
        return
    least, most = case.instrument.price_tick, mark * TRIGGER_MOST
    if trigger <= least:
        message = f"{NAMES[field]} {case.price(trigger)} must be more than one tick of {grouped(least)}."
        yield _band(field, message, trigger, least)
    elif trigger >= most:
        message = (
            f"{NAMES[field]} {case.price(trigger)} must be below {case.price(most)}, twice the {case.mark_name} price."
        )
        yield _band(field, message, trigger, most)


def _band(field: Field, message: str, wrong: Decimal, right: Decimal) -> Finding:
    return Finding(
        f"{field}.band",
        Severity.WARNING,
        "Price band",
        message,
        field,
        wrong=plain(wrong),
        right=plain(right),
        source=BAND_SOURCE,
        unproven=BAND_UNPROVEN,
    )


def _age(severity: Severity, message: str) -> Finding:
    return Finding("data.age", severity, "Data age", message, source=OWN_SOURCE)


def _clock(severity: Severity, message: str) -> Finding:
    return Finding("clock", severity, "Clock", message, source=CLOCK_SOURCE)


def _seconds(milliseconds: int) -> str:
    return f"{Decimal(milliseconds) / 1000:.1f} s"
