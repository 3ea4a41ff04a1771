"""Frames while the keyring asks: the gaps of a 16 ms timer of the window's loop, idle and with an open question.

The waiting run begins with the vault's very first call, so that it holds the import of ``keyring`` as well.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.measure import Row, Samples
from tests.house.sources import ROOT
from tests.vault.desktop import PrivateDesktop, desktop

FRAME_MS = 16
SECONDS = 4.0
LOCK = "import secretstorage as s; b = s.dbus_init(); s.get_default_collection(b).lock(); b.close()"


def rows() -> list[Row]:
    with TemporaryDirectory(prefix="otoco-") as folder, desktop(Path(folder)) as place:
        subprocess.run([sys.executable, "-c", LOCK], env=place.environment, check=True)
        nobody = place.start_child(sys.executable, "-m", "tests.vault.prompter", "silent")
        assert nobody.stdout
        assert nobody.stdout.readline() == b"ready\n"
        gaps = _gaps_of_a_child(place)
        assert nobody.stdout.readline() == b"asked\n", "the question was never asked"
    idle, waiting = Samples(tuple(gaps["idle"])), Samples(tuple(gaps["waiting"]))
    facts = {"longest_idle_ms": max(idle.values), "longest_waiting_ms": max(waiting.values)}
    budget = f"longest gap {facts['longest_waiting_ms']:.1f} ms, idle {facts['longest_idle_ms']:.1f} ms"
    return [Row("a frame while the keyring asks", waiting, idle, budget)]


def _gaps_of_a_child(place: PrivateDesktop) -> dict[str, list[float]]:
    command = [sys.executable, "-m", "tests.benchmarks.vault"]
    environment = place.environment | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, timeout=60)
    gaps: dict[str, list[float]] = json.loads(done.stdout)
    return gaps


def _measure() -> dict[str, list[float]]:
    """In the child: on the window's own kind of loop."""
    import qasync
    from PySide6.QtWidgets import QApplication

    app = QApplication([])
    with qasync.QEventLoop(app) as loop:
        gaps: dict[str, list[float]] = loop.run_until_complete(_idle_and_waiting())
    return gaps


async def _idle_and_waiting() -> dict[str, list[float]]:
    from otoco_desktop.domain.errors import KeyringUnanswered
    from otoco_desktop.vault.keyring_vault import KeyringVault

    await _gaps()
    idle = await _gaps()
    vault = KeyringVault("live", Path.home() / "accounts.json", patience_s=SECONDS)
    loading = asyncio.ensure_future(vault.load(""))
    waiting = await _gaps()
    outcome = (await asyncio.gather(loading, return_exceptions=True))[0]
    assert isinstance(outcome, KeyringUnanswered), outcome
    await vault.close()
    return {"idle": idle, "waiting": waiting}


async def _gaps() -> list[float]:
    """Milliseconds between the timer's ticks, for ``SECONDS``."""
    from PySide6.QtCore import Qt, QTimer

    ticks: list[float] = []
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter() * 1_000))
    timer.start(FRAME_MS)
    await asyncio.sleep(SECONDS)
    timer.stop()
    return [after - before for before, after in pairwise(ticks)]


if __name__ == "__main__":
    print(json.dumps(_measure()))
