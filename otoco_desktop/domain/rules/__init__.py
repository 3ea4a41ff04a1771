"""Every rule, applied at once: ``evaluate`` is the one answer to "is this plan right".

A rule takes a ``Case`` and yields findings; it says nothing while what it needs is unknown. Rules are listed in
the reading order of Checks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import localcontext

from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.finding import Finding, Severity
from otoco_desktop.domain.money import WIDE
from otoco_desktop.domain.reading import price_draft
from otoco_desktop.domain.rules import account, grid, limits, live, order, post_only, prices, reward
from otoco_desktop.domain.rules.case import Case, build_case, case_figures
from otoco_desktop.domain.verdict import Figures, PricedPlan, Surroundings, Verdict

Rule = Callable[[Case], Iterator[Finding]]

BEFORE_FEES: tuple[Rule, ...] = (
    order.legs,
    order.market,
    order.margin,
    prices.price_order,
    prices.stop_limit,
    prices.target_limit,
    prices.stop_near,
    order.market_exits,
    grid.tick,
    grid.step,
    grid.minimum_value,
    account.balance,
    post_only.post_only,
    live.entry_crosses,
    live.entry_far,
    live.beyond_mark,
    live.bands,
    reward.fees,
)
AFTER_REWARD: tuple[Rule, ...] = (
    account.risk_limit,
    limits.hard_cap,
    limits.trade_limit,
    limits.open_risk,
    account.fee_currency,
)
AFTER_COVERAGE: tuple[Rule, ...] = (
    order.duplicate,
    order.lock,
    live.data_age,
    live.clock,
)
_WEIGHT = {severity: weight for weight, severity in enumerate(Severity)}


def evaluate(draft: OtocoDraft, around: Surroundings) -> Verdict:
    """Judge a draft. Pure; figures are given only when nothing fails for good and every value is known."""
    instrument = around.instrument
    if instrument is None:
        missing = Finding("market", Severity.INCOMPLETE, "Market", "Choose an instrument.")
        return Verdict(draft, PricedPlan({}), (missing,), None)
    around = around.chosen_by(draft)
    priced = price_draft(draft, around)
    with localcontext(WIDE):
        case = build_case(draft, around, instrument, priced)
        figures = case_figures(case)
        findings = [*priced.findings, *_judge(case, figures)]
    findings.sort(key=lambda finding: _WEIGHT[finding.severity])
    fails = any(finding.severity is Severity.FAIL and not finding.override for finding in findings)
    return Verdict(draft, priced.plan, tuple(findings), None if fails else figures)


def _judge(case: Case, figures: Figures | None) -> Iterator[Finding]:
    yield from order.partial_fill(case, figures)
    for rule in BEFORE_FEES:
        yield from rule(case)
    yield from reward.reward(case, figures)
    for rule in AFTER_REWARD:
        yield from rule(case)
    yield from account.exit_coverage(case, figures)
    for rule in AFTER_COVERAGE:
        yield from rule(case)
