"""Every rule, applied at once: ``evaluate`` is the one answer to "is this plan right".

A rule takes a ``Case`` and yields findings; it says nothing while what it needs is unknown, and the sheet then says
why. The sheet lists the rules in the reading order of Checks.
"""

from __future__ import annotations

from decimal import localcontext

from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.finding import Finding, Severity
from otoco_desktop.domain.money import WIDE
from otoco_desktop.domain.reading import price_draft
from otoco_desktop.domain.rules.case import build_case, case_figures
from otoco_desktop.domain.rules.sheet import SHEET
from otoco_desktop.domain.verdict import PricedPlan, Surroundings, Verdict

_WEIGHT = {severity: weight for weight, severity in enumerate(Severity)}
CALM = (Severity.PASS, Severity.IDLE)
"""Their lines keep their places among one another."""


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
        loud, calm = list(priced.findings), list[Finding]()
        for listed in SHEET:
            silent = True
            for found in listed.rule(case, figures) if listed.by_figures else listed.rule(case):
                silent = False
                (calm if found.severity in CALM else loud).append(found)
            if silent:
                calm.append(listed.idle(case))
    loud.sort(key=lambda finding: _WEIGHT[finding.severity])
    fails = any(finding.severity is Severity.FAIL and not finding.override for finding in loud)
    return Verdict(draft, priced.plan, (*loud, *calm), None if fails else figures)
