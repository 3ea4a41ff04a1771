"""Process start to a ticket that answers a key, against a bare PySide6 + qasync window."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from tempfile import TemporaryDirectory

from tests.benchmarks.measure import Row, Samples

RUNS = 9
BUDGET = "ratio <= 2"


def rows() -> list[Row]:
    """Alternate the two programs so that both meet the same machine."""
    floor, ours = [], []
    for _ in range(RUNS + 1):
        floor.append(_spawn_to_answer("tests.benchmarks.bare_window"))
        with TemporaryDirectory() as directory:
            ours.append(_spawn_to_answer("tests.benchmarks.full_window", directory))
    return [Row("start to a ticket that answers a key", Samples(tuple(ours[1:])), Samples(tuple(floor[1:])), BUDGET)]


def _spawn_to_answer(module: str, *arguments: str) -> float:
    environment = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    ) as child:
        assert child.stdout is not None
        line = child.stdout.readline()
        elapsed = (time.perf_counter() - began) * 1_000
        child.stdout.read()
    if line.strip() != b"answered":
        raise RuntimeError(f"{module} did not answer")
    return elapsed
