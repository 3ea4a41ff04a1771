"""Every finding of many plans, whole, as it was read and kept: a changed word, number or source is seen here."""

from __future__ import annotations

import json

import pytest

from tests.domain.planning.whole import CASES, SAMPLE, findings

KEPT = json.loads(SAMPLE.read_text(encoding="utf-8"))


def test_the_same_plans_are_judged() -> None:
    assert CASES.keys() == KEPT.keys()


@pytest.mark.parametrize("case", KEPT)
def test_findings_are_those_that_were_kept(case: str) -> None:
    assert json.loads(json.dumps(findings(case))) == KEPT[case]
