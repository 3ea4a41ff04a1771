"""A line dragged by the X server's own mouse, at the usual scale and at twice that."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal

import pytest


def xdotool(env: dict[str, str], *words: str) -> None:
    subprocess.run(["xdotool", *words], env=env, check=True, timeout=20)


@pytest.mark.xvfb
@pytest.mark.parametrize("scale", [1, 2])
def test_a_real_mouse_drags_the_stop(x11: dict[str, str], scale: int) -> None:
    env = {**x11, "QT_SCALE_FACTOR": str(scale)}
    command = [sys.executable, "-m", "tests.ui.chart.drag_child"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout is not None
            told = json.loads(child.stdout.readline())
            assert told["ratio"] == scale
            x, y = told["x"], told["y"]
            xdotool(env, "mousemove", str(x), str(y), "mousedown", "1")
            for step in (5, 10, 15, 20):
                xdotool(env, "mousemove", str(x), str(y - step * scale))
            xdotool(env, "mouseup", "1")
            out, errors = child.communicate(timeout=30)
        finally:
            child.kill()
    assert (child.returncode, errors) == (0, "")
    assert abs(Decimal(json.loads(out)["stop"]) - Decimal(told["higher"])) < 60
