"""The benchmarks are not run here; what is done with their figures is."""

from __future__ import annotations

from tests.benchmarks.__main__ import compared


def test_two_runs_are_compared_by_ratio_where_there_is_one() -> None:
    before = [
        {"name": "start", "ratio": 2.0, "median_ms": 300.0},
        {"name": "memory", "value": 120.0, "unit": "MB"},
        {"name": "gone", "median_ms": 1.0},
    ]
    now = [
        {"name": "start", "ratio": 1.5, "median_ms": 900.0},
        {"name": "memory", "value": 132.0, "unit": "MB"},
        {"name": "new", "median_ms": 1.0},
    ]
    figures = [line.split() for line in compared(before, now)[2:]]
    assert figures == [
        ["start", "ratio", "2.000", "1.500", "x", "0.75"],
        ["memory", "value", "120.000", "132.000", "x", "1.10"],
    ]
