"""Process start to a ticket that answers a key, against a bare PySide6 + qasync window.

Both find their compiled modules in a cache of this run, as an installed program does from its second start on; the
first start of each is not counted. The data directory is empty at each start, and is the system's usual one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.measure import Row, Samples

RUNS = 15
BUDGET = "ratio <= 2"


def rows() -> list[Row]:
    """Alternate the two programs so that both meet the same machine."""
    floor, ours = [], []
    with TemporaryDirectory() as cache:
        for _ in range(RUNS + 1):
            floor.append(spawn_to_answer("tests.benchmarks.bare_window", cache))
            ours.append(spawn_to_answer("tests.benchmarks.full_window", cache))
    return [Row("start to a ticket that answers a key", Samples(tuple(ours[1:])), Samples(tuple(floor[1:])), BUDGET)]


def spawn_to_answer(module: str, cache: str) -> float:
    with TemporaryDirectory() as home:
        environment = environment_at_home(Path(home), cache)
        began = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, "-m", module], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
        ) as child:
            assert child.stdout is not None
            line = child.stdout.readline()
            elapsed = (time.perf_counter() - began) * 1_000
            child.stdout.read()
    if line.strip() != b"answered":
        raise RuntimeError(f"{module} did not answer")
    return elapsed


def environment_at_home(home: Path, cache: str) -> dict[str, str]:
    """The caller's, with an empty home and compiled modules kept where nothing else keeps any."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    places = dict.fromkeys(("HOME", "USERPROFILE", "XDG_DATA_HOME", "LOCALAPPDATA"), str(home))
    return {"QT_QPA_PLATFORM": "offscreen", **kept, **places, "PYTHONPYCACHEPREFIX": cache}
