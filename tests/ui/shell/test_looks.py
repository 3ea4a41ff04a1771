"""The chosen text size reaches Qt before its application exists, on top of whatever the system asks for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from otoco_desktop.memory import WindowMemory
from otoco_desktop.ui.shell.looks import SCALE_VARIABLE, SIZE, chosen_size, enlarge
from tests.ui.fakes import MemoryStore


@pytest.mark.parametrize(
    ("kept", "given", "expected"),
    [
        (None, None, None),
        ("100", "2", "2"),
        ("125", None, "1.25"),
        ("150", "2", "3"),
        ("150", "nonsense", "1.5"),
        ("150", "0", "1.5"),
        ("400", None, None),
    ],
)
def test_the_size_multiplies_what_was_given(kept: str | None, given: str | None, expected: str | None) -> None:
    store = MemoryStore()
    if kept is not None:
        store.put(SIZE, kept)
    environment = {} if given is None else {SCALE_VARIABLE: given}
    enlarge(store, environment)
    assert environment.get(SCALE_VARIABLE) == expected


SHOWN = """
import sys
from pathlib import Path
from otoco_desktop.memory import WindowMemory
from otoco_desktop.ui.shell.looks import enlarge
memory = WindowMemory(Path(sys.argv[1]))
memory.load()
enlarge(memory)
from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
print(app.devicePixelRatio())
"""


def test_the_next_start_is_drawn_in_the_size_that_was_kept(tmp_path: Path) -> None:
    path = tmp_path / "program.json"
    memory = WindowMemory(path)
    memory.put(SIZE, "150")
    memory.save()
    assert chosen_size(memory) == 150
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    environment.pop(SCALE_VARIABLE, None)
    command = [sys.executable, "-c", SHOWN, str(path)]
    shown = subprocess.run(command, env=environment, check=True, capture_output=True, text=True, timeout=60)
    assert float(shown.stdout) == 1.5
