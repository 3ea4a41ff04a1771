"""Memory and CPU of the whole idle program, practice exchange included, as figures without a budget."""

from __future__ import annotations

import asyncio
import resource
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from otoco_desktop.main import application, in_loop
from otoco_desktop.program import Program, Setup
from otoco_desktop.settings import Environment, Places
from otoco_desktop.ui.shell.theme import Theme
from tests.benchmarks.measure import Fact
from tests.benchmarks.running import until
from tests.benchmarks.window import SIZE

IDLE_S = 10.0


def rows() -> list[Fact]:
    _app, theme = application()
    return in_loop(_app, lambda: _measure(theme))


async def _measure(theme: Theme) -> list[Fact]:
    """The program as a person starts it: the practice exchange is a thread of it, prices move."""
    with TemporaryDirectory() as folder:
        program = Program(theme, Setup(Places(Path(folder), Environment.PRACTICE)))
        program.window.resize(*SIZE)
        await program.show()
        await program.connect()
        await until(lambda: program.desk.state.gate.open, "an open gate")
        began, used = time.perf_counter(), time.process_time()
        await asyncio.sleep(IDLE_S)
        share = (time.process_time() - used) / (time.perf_counter() - began)
        memory = resident_mb()
        await program.close()
    return [
        Fact("memory of the idle program, exchange included", memory, "MB resident"),
        Fact("CPU of the idle program, exchange included", share * 100, f"% of one core over {IDLE_S:g} s"),
    ]


def resident_mb() -> float:
    """What is resident now where Linux tells it, else the most there ever was."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)
