"""The venue's price bands, as its help centre has them: a warning, never a refusal, because they may change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from otoco_desktop.domain.finding import Field, Finding, Severity
from otoco_desktop.domain.money import grouped, percent, plain
from otoco_desktop.domain.rules.case import NAMES, Case

CODE = "price.band"
TITLE = "Price band"
SOURCE = "help centre: order price limits; stop-loss and take-profit orders"
UNPROVEN = "Published in the help centre only and may change; the exchange decides."
AGGRESSIVE = Decimal("0.15")
AGGRESSIVE_MARGIN = Decimal("0.05")
PASSIVE_BUY = Decimal("0.1")
PASSIVE_SELL = Decimal(10)
TRIGGER_MOST = Decimal(2)


@dataclass(frozen=True, slots=True)
class Band:
    """Where one price may lie. The edges belong to the band of a limit price, and not to that of a trigger."""

    field: Field
    value: Decimal
    low: Decimal
    high: Decimal
    of: str = ""


def bands(case: Case) -> Iterator[Finding]:
    """Each price outside its band, or how much room the one nearest to an edge has."""
    nearest, room, outside = None, None, False
    for field, low, high, of in _bands(case):
        value = case.prices[field]
        if (value < low or value > high) if of else (value <= low or value >= high):
            outside = True
            yield _outside(case, Band(field, value, low, high, of))
        elif room is None or min(value - low, high - value) < room * value:
            nearest, room = field, min(value - low, high - value) / value
    if nearest is not None and room is not None and not outside:
        message = f"{NAMES[nearest].lower()} {percent(room, 1)} from the edge"
        yield Finding(CODE, Severity.PASS, TITLE, message, nearest, source=SOURCE, unproven=UNPROVEN)


def _bands(case: Case) -> Iterator[tuple[Field, Decimal, Decimal, str]]:
    """For each price the least and the most, and what they are counted from; nothing for a trigger."""
    mark, prices = case.quote.mark if case.quote else None, case.prices
    if mark:
        if case.entry is not None:
            yield (Field.ENTRY, *_limits(case, mark, buys=case.buys), case.mark_name)
        most = mark * TRIGGER_MOST
        for field in (Field.STOP, Field.TARGET):
            if field in prices:
                yield field, case.instrument.price_tick, most, ""
    for field, trigger in ((Field.STOP_LIMIT, case.stop), (Field.TARGET_LIMIT, case.target)):
        if trigger is not None and field in prices:
            yield (field, *_limits(case, trigger, buys=not case.buys), "its trigger")


def _limits(case: Case, centre: Decimal, *, buys: bool) -> tuple[Decimal, Decimal]:
    reach = AGGRESSIVE_MARGIN if case.instrument.margin_buy else AGGRESSIVE
    return (centre * PASSIVE_BUY, centre * (1 + reach)) if buys else (centre * (1 - reach), centre * PASSIVE_SELL)


def _outside(case: Case, band: Band) -> Finding:
    shown = case.price(band.value)
    if band.of:
        message = (
            f"{shown} is outside {case.price(band.low)} to {case.price(band.high)}, "
            f"the exchange's limits around {band.of}. It may be refused."
        )
        right = band.low if band.value < band.low else band.high
    elif band.value <= band.low:
        message, right = f"{NAMES[band.field]} {shown} must be more than one tick of {grouped(band.low)}.", band.low
    else:
        most = f"{case.price(band.high)}, twice the {case.mark_name} price."
        message, right = f"{NAMES[band.field]} {shown} must be below {most}", band.high
    return Finding(
        f"{band.field}.band",
        Severity.WARNING,
        TITLE,
        message,
        band.field,
        wrong=plain(band.value),
        right=plain(right),
        source=SOURCE,
        unproven=UNPROVEN,
    )
