"""A day, and a short share of it: nothing grows but what is kept of strategies, and all three sides agree."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from tests.soak.day import DAY, SHARE, Span, Told, run
from tests.soak.gauges import Gauge

CONNECTING = 10
"""Tasks that come and go with connections, checks and requests under way."""

SOCKETS = 4
MOST_MB = 5.0
WAL_KB = 8_192


@pytest.mark.parametrize("span", [SHARE, pytest.param(DAY, marks=pytest.mark.long)], ids=["share", "day"])
def test_a_day_of_broken_lines_wrong_clocks_and_sleep(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, span: Span
) -> None:
    # The other side of a broken line says so each time; it is not what is looked at here.
    caplog.set_level(logging.ERROR)
    told = run(tmp_path, span)
    assert told.wrong == []
    assert (told.sent, told.cut, len(told.gauges)) == (span.strategies, span.reconnects, 4)
    assert told.filled >= span.strategies
    assert told.cancelled > 0
    is_flat(told)
    if span is DAY:
        holds_its_memory(told.gauges[0], told.gauges[-1])


def is_flat(told: Told) -> None:
    """The last quarter against the second."""
    _, second, _, last = told.gauges
    assert last.tasks <= second.tasks + CONNECTING, (second.line(), last.line())
    assert last.descriptors <= second.descriptors + SOCKETS, (second.line(), last.line())
    assert last.threads <= second.threads, (second.line(), last.line())
    assert last.wal_kb <= max(second.wal_kb + 1_024, WAL_KB), (second.line(), last.line())


def holds_its_memory(first: Gauge, last: Gauge) -> None:
    """After the first quarter only the strategies themselves are more, on both sides."""
    kept = last.kept_mb - first.kept_mb
    assert last.resident_mb - first.resident_mb - kept <= MOST_MB, (first.line(), last.line())
