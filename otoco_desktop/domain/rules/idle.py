"""What a check says while it has nothing to judge: it does not concern this plan, or something is not typed yet."""

from __future__ import annotations

from functools import lru_cache

from otoco_desktop.domain.finding import Field, Finding, Severity
from otoco_desktop.domain.money import trimmed
from otoco_desktop.domain.rules.case import Case

NO_LIMIT = "no limit set in Settings"
ENTRY_AND_STOP, ENTRY_AND_TARGET = (Field.ENTRY, Field.STOP), (Field.ENTRY, Field.TARGET)


@lru_cache(maxsize=512)
def row(code: str, title: str, why: str, source: str) -> Finding:
    """The check's line, the same object for the same words."""
    return Finding(code, Severity.IDLE, title, why, source=source)


def step_title(case: Case) -> str:
    return f"Step {trimmed(case.instrument.quantity_step)}"


def tick_title(case: Case) -> str:
    return f"Tick {trimmed(case.instrument.price_tick)}"


def prices(_case: Case) -> str:
    return "needs a price"


def whole_plan(case: Case) -> str:
    """The first thing that keeps the plan from being whole."""
    if case.quantity is None:
        return "needs a quantity"
    return legs(case)


def legs(case: Case) -> str:
    if case.entry is None:
        return "needs an entry price"
    if case.stop is None or case.target is None:
        return "needs a stop" if case.stop is None else "needs a target"
    return "needs prices in order" if not case.in_order else market_data(case)


def market_data(_case: Case) -> str:
    return "needs live prices"


def sized(case: Case) -> str:
    return "needs a quantity" if case.quantity is None else "needs an entry price"


def entry(case: Case) -> str:
    return "needs an entry price" if case.entry is None else market_data(case)


def stop(case: Case) -> str:
    if case.entry is None or case.stop is None:
        return "needs an entry price" if case.entry is None else "needs a stop"
    return "needs a stop on its side" if case.wrong_side(Field.STOP) else market_data(case)


def target(case: Case) -> str:
    if case.entry is None or case.target is None:
        return "needs an entry price" if case.entry is None else "needs a target"
    return "needs a target on its side" if case.wrong_side(Field.TARGET) else "needs a limit price"


def stop_limit(case: Case) -> str:
    return "not for a market stop" if case.draft.stop_market else "needs trigger and limit"


def target_limit(case: Case) -> str:
    return "not for a market target" if case.draft.target_market else "needs trigger and limit"


def taking(case: Case) -> str:
    return "post-only decides" if case.draft.post_only else entry(case)


def post_only(case: Case) -> str:
    return entry(case) if case.draft.post_only else "off"


def market_exits(case: Case) -> str:
    return "only for a sell" if case.buys else "both exits have limits"


def margin(case: Case) -> str:
    return "not bought on margin" if case.buys else "only for a buy"


def risk(case: Case) -> str:
    return sized(case) if case.quantity is None or case.entry is None else stop(case)


def fee(case: Case) -> str:
    return sized(case) if case.quantity is None else "needs the account's fee rates"


def cap(case: Case) -> str:
    return NO_LIMIT if case.around.settings.hard_cap is None else sized(case)


def trade_limit(case: Case) -> str:
    return NO_LIMIT if case.around.settings.trade_limit is None else sized(case)


def open_risk(case: Case) -> str:
    return NO_LIMIT if case.around.settings.open_risk_limit is None else risk(case)
