"""Rules that need the market now: the book, the mark price, their age, and the clock."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from otoco_desktop.domain.finding import Field, Finding, Severity
from otoco_desktop.domain.money import percent, plain
from otoco_desktop.domain.risk import crosses
from otoco_desktop.domain.rules.case import NAMES, Case
from otoco_desktop.domain.say import OFFLINE

OWN_SOURCE = "rule of this program"
CLOCK_SOURCE = "exchange docs: nonce"
TRIGGER_SOURCE = "exchange docs, private/advanced/create-otoco"
WHEN_CHECKED = "Whether the exchange checks a trigger when the list is made or when it is armed."
ENTRY_TITLE, FAR_TITLE, TRIGGER_TITLE = "Entry price", "Entry distance", "Trigger"
FAR_RATIO = Decimal("0.10")


def entry_crosses(case: Case) -> Iterator[Finding]:
    """A limit entry beyond the other side of the book fills at once, unless it may only rest."""
    if case.draft.post_only or case.entry is None or case.quote is None:
        return
    other = case.quote.ask if case.buys else case.quote.bid
    if not crosses(case.draft.side, case.entry, case.quote):
        if other is not None:
            message = f"rests, {case.price(abs(other - case.entry))} from the {case.words.other_book}"
            yield Finding("entry.rests", Severity.PASS, ENTRY_TITLE, message, Field.ENTRY, source=OWN_SOURCE)
        return
    where = "At" if case.entry == other else case.words.target_side.capitalize()
    pays = f" and pays the taker fee {percent(case.terms.entry_rate, 2)}" if case.terms else ""
    message = f"{where} the best {case.words.other_book}. It fills at once{pays}."
    yield Finding(
        "entry.crosses",
        Severity.WARNING,
        ENTRY_TITLE,
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
            FAR_TITLE,
            message,
            Field.ENTRY,
            wrong=plain(case.entry),
            right=plain(mark),
            source=OWN_SOURCE,
        )
        return
    lies = case.words.stop_side if distance > 0 else case.words.target_side
    message = f"{percent(abs(distance), 2)} {lies} {case.mark_name}, {percent(FAR_RATIO - distance, 2)} left"
    yield Finding("entry.distance", Severity.PASS, FAR_TITLE, message, Field.ENTRY, source=OWN_SOURCE)


def beyond_mark(case: Case) -> Iterator[Finding]:
    """A trigger that mark has passed already would fire as soon as it is armed."""
    mark = _mark(case)
    if not mark or not case.in_order:
        return
    passed = False
    for field in (Field.STOP, Field.TARGET):
        trigger = case.prices[field]
        up = case.buys is (field is Field.TARGET)
        if trigger == mark or (mark > trigger) is up:
            passed = True
            yield _passed(case, field, mark, "at" if trigger == mark else "above" if up else "below")
    if not passed:
        stop, target = (percent(abs(case.prices[field] - mark) / mark, 2) for field in (Field.STOP, Field.TARGET))
        message = f"stop {stop}, target {target} from {case.mark_name}"
        yield Finding(
            "triggers", Severity.PASS, TRIGGER_TITLE, message, Field.STOP, source=TRIGGER_SOURCE, unproven=WHEN_CHECKED
        )


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
        ages_said = ", ".join(f"{name} {_seconds(age)}" for name, age in known.items())
        yield _age(Severity.PASS, f"{ages_said} of {case.around.settings.stale_ms // 1_000} s")


def clock(case: Case) -> Iterator[Finding]:
    """The skew shown is this computer's clock minus the exchange's: the opposite of the applied offset."""
    offset, settings = case.around.clock_offset_ms, case.around.settings
    if offset is None:
        yield _clock(Severity.WAIT, OFFLINE)
        return
    skew = -offset
    if abs(skew) <= settings.clock_warn_ms:
        sign = "+" if skew > 0 else "\u2212" if skew < 0 else ""
        left = settings.clock_warn_ms - abs(skew)
        yield _clock(Severity.PASS, f"{sign}{abs(skew):,} ms of {settings.clock_warn_ms:,} ms, {left:,} left")
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
        TRIGGER_TITLE,
        f"{case.mark_name.capitalize()} {case.price(mark)} {lies}. It may fire as soon as the entry fills.",
        field,
        wrong=plain(trigger),
        right=plain(mark),
        source=TRIGGER_SOURCE,
        unproven=WHEN_CHECKED,
    )


def _age(severity: Severity, message: str) -> Finding:
    return Finding("data.age", severity, "Data age", message, source=OWN_SOURCE)


def _clock(severity: Severity, message: str) -> Finding:
    return Finding("clock", severity, "Clock", message, source=CLOCK_SOURCE)


def _seconds(milliseconds: int) -> str:
    return f"{Decimal(milliseconds) / 1000:.1f} s"
