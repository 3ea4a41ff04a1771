"""A day of 500 strategies and 2,000 broken lines in time that does not wait: what must not grow, at its quarters.

Desk, gateway, journal and practice exchange run in this process, without a window. Counts are taken when the lines
are up. The memory holds, by design, the strategies of the last day on both sides.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.measure import Fact
from tests.soak.day import DAY, Told, run


def rows() -> list[Fact]:
    began = time.perf_counter()
    with TemporaryDirectory() as folder:
        told = run(Path(folder), DAY)
    took = time.perf_counter() - began
    for gauge in told.gauges:
        print(gauge.line(), flush=True)
    for words in told.wrong:
        print(words, flush=True)
    return [*_figures(told), Fact("a day took", took, f"s, load {os.getloadavg()[0]:.1f}")]


def _figures(told: Told) -> list[Fact]:
    first, second, _, last = told.gauges
    return [
        Fact("strategies sent in a day", told.sent, f"with {told.cut:,} broken lines"),
        Fact("legs filled", told.filled, f"and {told.cancelled} cancels"),
        Fact("journal and ledger differ in", len(told.wrong), "places, budget 0"),
        Fact("memory after the first quarter, more", last.resident_mb - first.resident_mb, "MB, budget 5.2"),
        Fact("  of which is kept of strategies, both sides", last.kept_mb - first.kept_mb, "MB"),
        Fact("tasks, last quarter above the second", last.tasks - second.tasks, "margin 10"),
        Fact("descriptors, last quarter above the second", last.descriptors - second.descriptors, "margin 4"),
        Fact("threads, last quarter above the second", last.threads - second.threads, "margin 0"),
        Fact("WAL, last quarter above the second", last.wal_kb - second.wal_kb, "KB, margin 1,024"),
        Fact("journal at the end", last.journal_kb, "KB"),
        Fact("references to None, last above the second", last.nones - second.nones, ""),
    ]
