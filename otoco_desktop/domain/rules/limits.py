"""The trader's own limits: what a trade may cost, what all open trades may lose together, and the cap on any trade.

Limits are in US dollars, and USD, USDT and USDC count as one. A broken limit is a warning, which has to be accepted
by name before the plan is sent; the hard cap is not asked about, it refuses.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_FLOOR, Decimal

from otoco_desktop.domain.finding import Field, Finding, Severity
from otoco_desktop.domain.money import grouped, money_places, plain, round_to_step
from otoco_desktop.domain.risk import usd_rate
from otoco_desktop.domain.rules.case import Case
from otoco_desktop.domain.rules.grid import quantity_fix, unit_cost
from otoco_desktop.domain.verdict import OpenRisk

OWN_SOURCE = "limit in Settings"
USD = "USD"
CAP, TRADE, OPEN_RISK = "Hard cap", "Trade limit", "Open risk"


def hard_cap(case: Case) -> Iterator[Finding]:
    """The most that one trade may ever cost."""
    unit, cap = unit_cost(case), case.around.settings.hard_cap
    if cap is None or unit is None or case.quantity is None:
        return
    rate = usd_rate(case.around)
    if rate is None:
        message = f"Your hard cap is in USD and the value of {case.instrument.quote} in USD is not known."
        yield _finding("limit.cap", Severity.FAIL, f"{message} Choose another pair, or clear the cap in Settings.")
        return
    cost, most = case.quantity * unit, cap / rate
    if cost > most:
        message = f"Costs {_quote(case, cost)}, your hard cap is {case.money(most)}."
        yield _over("limit.cap", Severity.FAIL, case, message, (cost, most), most / unit)
    else:
        yield _finding("limit.cap", Severity.PASS, f"{case.money(cost)}, {case.money(most - cost)} below your cap")


def trade_limit(case: Case) -> Iterator[Finding]:
    """The most that one trade may cost without being asked again."""
    unit, limit = unit_cost(case), case.around.settings.trade_limit
    if limit is None or unit is None or case.quantity is None:
        return
    rate = usd_rate(case.around)
    if rate is None:
        yield _finding("limit.trade", Severity.WARNING, _not_judged(case, "limit per trade"))
        return
    cost, most = case.quantity * unit, limit / rate
    if cost > most:
        message = f"Costs {_quote(case, cost)}, your limit per trade is {case.money(most)}."
        yield _over("limit.trade", Severity.WARNING, case, message, (cost, most), most / unit)
    else:
        yield _finding("limit.trade", Severity.PASS, f"{case.money(cost)}, {case.money(most - cost)} below your limit")


def open_risk(case: Case) -> Iterator[Finding]:
    """What is lost when this plan and every live strategy end at their stops."""
    limit, before = case.around.settings.open_risk_limit, case.around.open_risk
    unit = case.result_at(case.stop_valued)
    if limit is None or unit is None or case.loss is None:
        return
    rate = usd_rate(case.around)
    if rate is None:
        yield _finding("limit.open_risk", Severity.WARNING, _not_judged(case, "limit for open risk"))
        return
    total = before.amount - case.loss * rate
    shown, most = _dollars(total), _dollars(limit)
    if total > limit:
        message = f"With this plan {shown} USD are at risk{_among(before)}, your limit is {most}."
        room = max(Decimal(0), limit - before.amount)
        yield _over("limit.open_risk", Severity.WARNING, case, message, (total, limit), -room / (unit * rate))
    elif before.uncounted:
        yield _finding("limit.open_risk", Severity.WARNING, f"At least {shown} of {most} USD{_among(before)}.")
    else:
        left = _dollars(limit - total)
        yield _finding("limit.open_risk", Severity.PASS, f"{shown} of {most} USD, {left} left{_among(before)}")


def _over(
    code: str, severity: Severity, case: Case, message: str, numbers: tuple[Decimal, Decimal], fits: Decimal
) -> Finding:
    """A broken limit; ``numbers`` are what is and what may be, ``fits`` the quantity that keeps to it."""
    wrong, right = numbers
    quantity = round_to_step(fits, case.instrument.quantity_step, ROUND_FLOOR)
    return Finding(
        code,
        severity,
        _TITLES[code],
        message,
        Field.QUANTITY,
        wrong=plain(wrong),
        right=plain(right),
        fix=quantity_fix(case, quantity),
        source=OWN_SOURCE,
    )


def _finding(code: str, severity: Severity, message: str) -> Finding:
    return Finding(code, severity, _TITLES[code], message, Field.QUANTITY, source=OWN_SOURCE)


_TITLES = {"limit.cap": CAP, "limit.trade": TRADE, "limit.open_risk": OPEN_RISK}


def _not_judged(case: Case, what: str) -> str:
    return f"Not judged: your {what} is in USD and the value of {case.instrument.quote} in USD is not known."


def _among(before: OpenRisk) -> str:
    """How many strategies the sum covers, this plan included, and how many it leaves out."""
    others = f" in {before.count + 1} strategies" if before.count else ""
    left_out = f"; {before.uncounted} more of unknown risk" if before.uncounted else ""
    return others + left_out


def _quote(case: Case, amount: Decimal) -> str:
    return f"{case.money(amount)} {case.instrument.quote}"


def _dollars(amount: Decimal) -> str:
    return grouped(amount, money_places(USD))
