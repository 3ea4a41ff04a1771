"""PySide's look into every imported source is left out; what that rests on is inside the pinned PySide."""

from __future__ import annotations

import subprocess
import sys

PROBE = """
import inspect, sys
from otoco_desktop.__main__ import skip_source_scan
skip_source_scan()
assert "shibokensupport.feature" in sys.modules
read = []
inspect.getsource = lambda module: read.append(module) or ""
import otoco_desktop.domain.rules
import PySide6.QtWidgets
assert PySide6.QtWidgets.QWidget.sizeHint
print(len(read))
"""


def test_no_source_is_read_after_the_start_asked_for_that() -> None:
    ended = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True, timeout=60)
    assert ended.stdout.strip() == "0"


def test_pyside_would_read_them_otherwise() -> None:
    """If this fails, PySide has stopped reading, and our skipping can go."""
    probe = PROBE.replace("\nskip_source_scan()\n", "\nimport PySide6.QtCore\n")
    ended = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, timeout=60)
    assert int(ended.stdout) > 0
