"""A journal of many strategies, five facts each: the start until the ticket answers a key, and the memory.

The journal is made once; its history is read by the first start, which is told apart and not counted.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from otoco_desktop.settings import Environment, Places
from tests.benchmarks.big_files import STRATEGIES, make_journal
from tests.benchmarks.measure import Fact, Row, Samples
from tests.benchmarks.start import environment_at_home, spawn_to_answer

RUNS = 7
BUDGET = "<= 1,200 ms"
MEMORY = f"memory with {STRATEGIES:,} strategies, exchange included"


def rows() -> list[Row | Fact]:
    with TemporaryDirectory() as folder, TemporaryDirectory() as cache:
        make_journal(Places(Path(folder), Environment.PRACTICE).journal)
        first = _start(folder, cache)[1]
        floor, found = [], []
        for _ in range(RUNS):
            floor.append(spawn_to_answer("tests.benchmarks.bare_window", cache))
            found.append(_start(folder, cache))
    told, answered = [record for _, record in found], Samples(tuple(ms for ms, _ in found))
    return [
        Row(f"start to a key answered, {STRATEGIES:,} strategies", answered, Samples(tuple(floor)), BUDGET),
        Row("  then until the journal is read", _of(told, "loaded_ms")),
        Row("  then until orders may be sent", _of(told, "open_ms")),
        Row("  longest gap of a 16 ms timer meanwhile", _of(told, "gap_ms")),
        Fact(MEMORY, max(record["peak_mb"] for record in told), "MB at most, budget 250"),
        Fact("strategies at hand", told[-1]["at_hand"], ""),
        Fact("first start: history made from all facts", first["loaded_ms"] / 1_000, "s"),
    ]


def _start(folder: str, cache: str) -> tuple[float, dict[str, Any]]:
    """Milliseconds until the key was answered, and what the program told afterwards."""
    began = time.perf_counter()
    with (
        TemporaryDirectory() as home,
        subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.big_window", folder],
            stdout=subprocess.PIPE,
            env=environment_at_home(Path(home), cache),
        ) as child,
    ):
        assert child.stdout is not None
        line, elapsed = child.stdout.readline(), (time.perf_counter() - began) * 1_000
        told = child.stdout.readline()
    if line.strip() != b"answered":
        raise RuntimeError("the program did not answer")
    return elapsed, json.loads(told)


def _of(told: list[dict[str, Any]], name: str) -> Samples:
    return Samples(tuple(record[name] for record in told))
