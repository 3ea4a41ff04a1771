"""Whether an exit that stands may be moved to other prices: judged by the ticket's own rules where those apply.

While the entry is open the triggers lie on either side of its price, as in a new plan. Once it has filled they lie on
either side of the mark price, and on which side of the entry no longer matters: that is how a stop comes to break-even.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal, localcontext

from otoco_desktop.domain.again import draft_of
from otoco_desktop.domain.exits import ExitPrices, standing_order
from otoco_desktop.domain.finding import Field, Finding, Severity
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.legs import is_terminal
from otoco_desktop.domain.money import WIDE, plain
from otoco_desktop.domain.order import EXITS, Leg, LegRole, OtocoOrder
from otoco_desktop.domain.phases import entry_complete, word
from otoco_desktop.domain.reading import price_draft
from otoco_desktop.domain.rules.bands import bands
from otoco_desktop.domain.rules.case import NAMES, Case, build_case
from otoco_desktop.domain.rules.grid import minimum_value, tick
from otoco_desktop.domain.rules.live import data_age
from otoco_desktop.domain.rules.prices import price_order, stop_limit, target_limit
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.domain.verdict import Surroundings

FIELDS = {LegRole.STOP: (Field.STOP, Field.STOP_LIMIT), LegRole.TARGET: (Field.TARGET, Field.TARGET_LIMIT)}
"""The ticket's fields for an exit: its trigger, and its limit."""

SOURCE = "exchange docs, private/advanced/amend-order"
TRIGGER_SOURCE = "help centre: stop-loss and take-profit orders"
WHEN_CHECKED = "Whether the exchange refuses such a trigger or executes it."
SAME, SIDE, OTHER, MARKET = "Change", "Trigger", "Other exit", "Mark price"


def judge_move(strategy: Strategy, role: LegRole, prices: ExitPrices, around: Surroundings) -> tuple[Finding, ...]:
    """What speaks against these prices of the exit; nothing may be sent while one of the findings blocks.

    ``around`` must be of the strategy's own instrument, else only that is found.
    """
    order, instrument = standing_order(strategy), around.instrument
    if instrument is None or instrument.symbol != order.instrument:
        return (_finding(role, "market", Severity.WAIT, MARKET, f"Prices of {order.instrument} are not followed now."),)
    if prices.trigger is None:
        return (_finding(role, "trigger", Severity.INCOMPLETE, SAME, f"Enter the new trigger of the {role}."),)
    if prices.trigger <= 0 or (prices.limit is not None and prices.limit <= 0):
        return (_finding(role, "positive", Severity.FAIL, SAME, "A price must be above zero."),)
    wanted = _with_prices(order, role, prices)
    with localcontext(WIDE):
        case = _case(strategy, wanted, around, instrument)
        found = [
            *_changed(order.leg(role), prices),
            *_by_rules(strategy, role, case),
            *_by_market(strategy, role, case),
        ]
        found += _other_exit(strategy, role, case)
    return tuple(found)


def _with_prices(order: OtocoOrder, role: LegRole, prices: ExitPrices) -> OtocoOrder:
    leg = replace(order.leg(role), trigger=prices.trigger, price=prices.limit)
    return replace(order, stop=leg) if role is LegRole.STOP else replace(order, target=leg)


def _case(strategy: Strategy, order: OtocoOrder, around: Surroundings, instrument: Instrument) -> Case:
    """The plan with these exits as the ticket's rules see one."""
    draft = draft_of(replace(strategy, intent=replace(strategy.intent, order=order)))
    return build_case(draft, around, instrument, price_draft(draft, around))


def _changed(leg: Leg, prices: ExitPrices) -> Iterator[Finding]:
    if (prices.trigger, prices.limit) == (leg.trigger, leg.price):
        yield _finding(leg.role, "same", Severity.FAIL, SAME, f"That is where the {leg.role} stands now.")
    if (prices.limit is None) is not (leg.price is None):
        kind = "at market" if leg.price is None else "with a limit"
        yield _finding(leg.role, "kind", Severity.FAIL, SAME, f"The {leg.role} exits {kind}, and a move keeps that.")


def _by_rules(strategy: Strategy, role: LegRole, case: Case) -> Iterator[Finding]:
    """What the ticket's rules find about this exit's own fields; a fix of the size is none here."""
    rules = (tick, stop_limit if role is LegRole.STOP else target_limit, bands)
    for rule in rules if entry_complete(strategy) else (price_order, *rules):
        yield from (item for item in rule(case) if item.field in FIELDS[role] and not item.severity.is_calm)
    for item in minimum_value(case):
        if item.severity is Severity.FAIL:
            yield item._replace(field=FIELDS[role][0], fix=None)


def _by_market(strategy: Strategy, role: LegRole, case: Case) -> Iterator[Finding]:
    """Once the entry has filled, a trigger that the mark price has reached would be executed at once."""
    mark, trigger = case.quote.mark if case.quote else None, case.prices[FIELDS[role][0]]
    if mark is None:
        yield _finding(role, "mark", Severity.WAIT, MARKET, "There is no mark price to judge by.")
        return
    yield from (item for item in data_age(case) if item.severity.blocks)
    up = case.buys is (role is LegRole.TARGET)
    if entry_complete(strategy) and (trigger <= mark if up else trigger >= mark):
        yield _at_once(role, case, mark, "above" if up else "below")


def _at_once(role: LegRole, case: Case, mark: Decimal, side: str) -> Finding:
    field = FIELDS[role][0]
    trigger = case.prices[field]
    message = (
        f"At {case.price(trigger)} it would trigger at once: {case.mark_name} is {case.price(mark)}. "
        f"The {role} must be {side} it."
    )
    return Finding(
        f"{field}.mark",
        Severity.FAIL,
        SIDE,
        message,
        field,
        wrong=plain(trigger),
        right=plain(mark),
        source=TRIGGER_SOURCE,
        unproven=WHEN_CHECKED,
    )


def _other_exit(strategy: Strategy, role: LegRole, case: Case) -> Iterator[Finding]:
    """The stop and the target never pass each other while both stand."""
    other = next(item for item in EXITS if item is not role)
    if is_terminal(word(strategy, other)):
        return
    field, there = FIELDS[role][0], FIELDS[other][0]
    trigger, limit, below = case.prices[field], case.prices[there], (role is LegRole.STOP) is case.buys
    if trigger < limit if below else trigger > limit:
        return
    side = "below" if below else "above"
    message = f"{NAMES[field]} must be {side} the {other} at {case.price(limit)}."
    yield Finding(
        f"{field}.other",
        Severity.FAIL,
        OTHER,
        message,
        field,
        wrong=plain(trigger),
        right=plain(limit),
        source=TRIGGER_SOURCE,
    )


def _finding(role: LegRole, code: str, severity: Severity, title: str, message: str) -> Finding:
    field = FIELDS[role][0]
    return Finding(f"{field}.{code}", severity, title, message, field, source=SOURCE)
