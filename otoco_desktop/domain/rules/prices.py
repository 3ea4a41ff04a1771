"""Rules about how the prices of the legs lie to one another."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from otoco_desktop.domain.finding import Field, Finding, Fix, Severity
from otoco_desktop.domain.money import grouped, is_multiple, plain
from otoco_desktop.domain.money import percent as percent_text
from otoco_desktop.domain.pricing import Origin, PriceKind, PriceText, computed_value, neighbours, resolve
from otoco_desktop.domain.rules.case import NAMES, TITLE_ORDER, Case

ORDER_SOURCE = "exchange docs, private/advanced/create-otoco; help centre: stop-loss and take-profit orders"
LIMIT_SOURCE = "help centre: stop-loss and take-profit orders"
OWN_SOURCE = "rule of this program"
STOP_LIMIT, TARGET_LIMIT, STOP_DISTANCE = "Stop limit", "Target limit", "Stop distance"
_USUAL = {Field.STOP: 2, Field.TARGET: 4}
"""Usual distances from the entry, in percent."""


def price_order(case: Case) -> Iterator[Finding]:
    """Buy: stop < entry < target. Sell: the other way round."""
    if case.entry is None:
        return
    wrong = [field for field in (Field.STOP, Field.TARGET) if case.wrong_side(field)]
    for field in wrong:
        yield _wrong_side(case, field, case.entry)
    if wrong:
        return
    if case.stop is not None:
        side = case.words.stop_side.capitalize()
        unit = f"{case.instrument.quote} per {case.instrument.base}"
        message = f"{side} entry. 1R = {case.price(abs(case.entry - case.stop))} {unit}."
        yield _in_order(case, Field.STOP, message)
    elif case.target is not None:
        yield _in_order(case, Field.TARGET, f"{case.words.target_side.capitalize()} entry.")


def stop_limit(case: Case) -> Iterator[Finding]:
    """The stop's limit must not stand in the way of a falling (for a sell plan: rising) market.

    A warning: the documents say what such a limit is for, and not that the exchange refuses another.
    """
    limit, trigger = case.prices.get(Field.STOP_LIMIT), case.stop
    if case.draft.stop_market or limit is None or trigger is None:
        return
    words, where = case.words, Field.STOP_LIMIT
    if limit == trigger:
        move = "fall" if case.buys else "rise"
        message = f"Limit equals trigger. In a fast {move} it may not fill."
        yield Finding("stop_limit.gap", Severity.WARNING, STOP_LIMIT, message, where, source=LIMIT_SOURCE)
    elif (limit > trigger) is case.buys:
        message = f"A {words.exit} stop's limit must be at or {words.stop_side} its trigger {case.price(trigger)}."
        yield Finding(
            "stop_limit.side",
            Severity.WARNING,
            STOP_LIMIT,
            message,
            where,
            detail=f"{message} {case.price(limit)} only waits once the stop has triggered, and may never fill.",
            wrong=plain(limit),
            right=plain(trigger),
            fix=_at_trigger(case, Field.STOP_LIMIT, trigger),
            source=LIMIT_SOURCE,
            unproven="Whether the exchange takes such a limit.",
        )
    else:
        message = f"{percent_text(abs(limit - trigger) / trigger, 2)} {words.stop_side} its trigger"
        yield Finding("stop_limit", Severity.PASS, STOP_LIMIT, message, where, source=LIMIT_SOURCE)


def target_limit(case: Case) -> Iterator[Finding]:
    """A target's limit beyond its trigger only starts to wait when the trigger is reached."""
    limit, trigger = case.prices.get(Field.TARGET_LIMIT), case.target
    if case.draft.target_market or limit is None or trigger is None:
        return
    if limit != trigger and (limit > trigger) is case.buys:
        side = case.words.target_side
        message = (
            f"Limit {case.price(limit)} is {side} trigger {case.price(trigger)}. "
            "It waits after the trigger and may not fill."
        )
        yield Finding(
            "target_limit.waits",
            Severity.WARNING,
            TARGET_LIMIT,
            message,
            Field.TARGET_LIMIT,
            wrong=plain(limit),
            right=plain(trigger),
            fix=_reached(case, trigger, limit),
            source=LIMIT_SOURCE,
        )
        return
    room = abs(limit - trigger) / trigger
    message = f"{percent_text(room, 2)} {case.words.stop_side} its trigger" if room else "at its trigger"
    yield Finding("target_limit", Severity.PASS, TARGET_LIMIT, message, Field.TARGET_LIMIT, source=LIMIT_SOURCE)


def _reached(case: Case, trigger: Decimal, limit: Decimal) -> Fix | None:
    """A limit at the trigger; where that would not clear the fees, the trigger at the limit."""
    result = case.result_at(trigger)
    if result is None or result >= 0 or not is_multiple(limit, case.instrument.price_tick):
        return _at_trigger(case, Field.TARGET_LIMIT, trigger)
    return Fix(Field.TARGET, plain(limit), f"Use target {case.price(limit)}")


def _at_trigger(case: Case, limit: Field, trigger: Decimal) -> Fix | None:
    """The limit where its trigger is, once that lies on the tick."""
    on_tick = is_multiple(trigger, case.instrument.price_tick)
    return Fix(limit, plain(trigger), f"Use {case.price(trigger)}") if on_tick else None


def stop_near(case: Case) -> Iterator[Finding]:
    """A stop inside the spread is hit by noise."""
    quote = case.quote
    if quote is None or quote.bid is None or quote.ask is None or not quote.mid:
        return
    if not case.entry or case.stop is None or case.wrong_side(Field.STOP):
        return
    distance, spread = abs(case.entry - case.stop) / case.entry, (quote.ask - quote.bid) / quote.mid
    if distance < spread:
        message = (
            f"Stop is {percent_text(distance, 2)} from entry, nearer than the spread of {percent_text(spread, 2)}."
        )
        yield Finding("stop.near", Severity.WARNING, STOP_DISTANCE, message, Field.STOP, source=OWN_SOURCE)
        return
    message = f"{percent_text(distance, 2)} from entry, spread {percent_text(spread, 2)}"
    yield Finding("stop.distance", Severity.PASS, STOP_DISTANCE, message, Field.STOP, source=OWN_SOURCE)


def _wrong_side(case: Case, field: Field, entry: Decimal) -> Finding:
    words, value = case.words, case.prices[field]
    side, sign = (words.stop_side, words.stop_sign) if field is Field.STOP else (words.target_side, words.target_sign)
    distance = value - entry
    lies = f"{case.price(abs(distance))} {'above' if distance > 0 else 'below'}" if distance else "equal to"
    message = f"{NAMES[field]} must be {side} entry for a {words.plan}. It is {lies} {case.price(entry)}."
    fix = _usual(case, field, entry, f"Use {sign}{_USUAL[field]}%")
    return Finding(
        f"{field}.side",
        Severity.FAIL,
        TITLE_ORDER,
        message,
        field,
        detail=_now(case),
        wrong=plain(value),
        right=fix.text if fix else "",
        fix=fix,
        source=ORDER_SOURCE,
    )


def _usual(case: Case, field: Field, entry: Decimal, label: str) -> Fix | None:
    """The usual distance; where the tick is too coarse for it the next tick on the side where it belongs."""
    tick, up = case.instrument.price_tick, case.buys is (field is Field.TARGET)
    usual = PriceText(PriceKind.PERCENT, Decimal(_USUAL[field]))
    typed = resolve(usual, field, Origin(entry, case.draft.side))
    value = computed_value(typed, field, case.instrument, entry).value
    if value and (value > entry if up else 0 < value < entry):
        return Fix(field, f"{_USUAL[field]}%", label)
    low, high = neighbours(entry, tick)
    if is_multiple(entry, tick):
        low, high = entry - tick, entry + tick
    nearest = high if up else low
    return Fix(field, plain(nearest), f"Use {case.price(nearest)}") if nearest > 0 else None


def _now(case: Case) -> str:
    needs = "stop < entry < target" if case.buys else "target < entry < stop"
    fields = (Field.STOP, Field.ENTRY, Field.TARGET) if case.buys else (Field.TARGET, Field.ENTRY, Field.STOP)
    known = [f"{field} {case.price(case.prices[field])}" for field in fields if field in case.prices]
    return f"{case.words.plan.capitalize()} needs {needs}. Now: {', '.join(known)}."


def _in_order(case: Case, field: Field, message: str) -> Finding:
    values = sorted(value for value in (case.stop, case.entry, case.target) if value is not None)
    chain = " < ".join(_short(value) for value in values)
    return Finding("price.order", Severity.PASS, TITLE_ORDER, message, field, detail=chain, source=ORDER_SOURCE)


def _short(value: Decimal) -> str:
    """Grouped, without zeros that say nothing."""
    text = grouped(value)
    return text.rstrip("0").rstrip(".") if "." in text else text
