"""Start of the bundled program until its window stands on a real X server, against the source tree's, in one run.

Wants the folder that ``python3 packaging/dev.py bundle`` makes; without it there is nothing to measure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from pyvirtualdisplay.display import Display

from tests.benchmarks.measure import Row, Samples
from tests.house.sources import ROOT

BUNDLED = ROOT / "dist" / "otoco-desktop" / "otoco-desktop"
TIMES = 9


def rows() -> list[Row]:
    if not BUNDLED.exists():
        print("frozen start: no bundle here; make one with `python3 packaging/dev.py bundle`", flush=True)
        return []
    # Without -noreset the server begins anew whenever its last window goes, and forgets who is just coming.
    with Display(backend="xvfb", size=(1400, 900), manage_global_env=False, extra_args=["-noreset"]) as display:
        environment = {**os.environ, **display.env(), "QT_QPA_PLATFORM": "xcb"}
        frozen, source = _starts(environment)
    return [Row("bundled program, spawn to window", Samples(frozen), Samples(source), "ratio <= 1.5")]


def _starts(environment: dict[str, str]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """In turns, so that a busy moment meets both; the first pair only fills the caches."""
    pairs = [
        (_spawn_to_window([str(BUNDLED)], environment), _spawn_to_window(_SOURCE, environment))
        for _ in range(TIMES + 1)
    ]
    frozen, source = zip(*pairs[1:], strict=True)
    return frozen, source


_SOURCE = [sys.executable, "-m", "otoco_desktop"]


def _spawn_to_window(command: list[str], environment: dict[str, str]) -> float:
    """Milliseconds until the X server shows a window of the program."""
    xdotool = shutil.which("xdotool") or "xdotool"
    with TemporaryDirectory() as folder:
        asked = ["--environment", "practice", "--data-dir", str(Path(folder) / "data")]
        started = time.perf_counter()
        with subprocess.Popen([*command, *asked], env=environment, stderr=subprocess.DEVNULL) as program:
            while not _is_there(xdotool, environment):
                time.sleep(0.002)
            taken = (time.perf_counter() - started) * 1000
            program.kill()
    return taken


def _is_there(xdotool: str, environment: dict[str, str]) -> bool:
    search = [xdotool, "search", "--onlyvisible", "--name", "OTOCO Desktop"]
    return subprocess.run(search, env=environment, capture_output=True, check=False).returncode == 0
