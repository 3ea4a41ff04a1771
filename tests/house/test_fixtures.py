"""The shared fixtures do what they promise: coroutines run, and what is left alive fails."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]
CONFTEST = Path(__file__).parents[1] / "conftest.py"


@pytest.fixture
def inner(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A small test folder with our own conftest, whose summary is not cut short."""
    monkeypatch.setenv("COLUMNS", "300")
    pytester.makeconftest(CONFTEST.read_text(encoding="utf-8"))
    pytester.makepyprojecttoml("[tool.pytest.ini_options]\nfilterwarnings = ['error']\nqt_api = 'pyside6'")
    return pytester


async def test_a_coroutine_runs_on_a_plain_loop() -> None:
    import asyncio

    loop = asyncio.get_running_loop()
    assert isinstance(loop, asyncio.BaseEventLoop)
    assert loop.get_debug()


async def test_a_coroutine_with_qloop_runs_on_qasync(qloop: object) -> None:
    import asyncio

    assert asyncio.get_running_loop() is qloop
    await asyncio.sleep(0)


def test_the_home_directory_is_not_the_developers(home: Path) -> None:
    assert Path.home() == home
    assert not any(name.lower().endswith("_proxy") for name in os.environ)


LEAVES_BEHIND = {
    "failing coroutine": ("async def test_it():\n    assert False, 'reached'", "reached"),
    "task": (
        """
        import asyncio
        async def test_it():
            test_it.kept = asyncio.create_task(asyncio.sleep(600))
        """,
        "tasks outlived the test",
    ),
    "task on qasync": (
        """
        import asyncio
        async def test_it(qloop):
            test_it.kept = asyncio.create_task(asyncio.sleep(600))
        """,
        "tasks outlived the test",
    ),
    "timer": (
        """
        from PySide6.QtCore import QTimer
        def test_it(qapp):
            test_it.kept = QTimer()
            test_it.kept.start(60_000)
        """,
        "timer ",
    ),
    "window": (
        """
        from PySide6.QtWidgets import QWidget
        def test_it(qapp):
            test_it.kept = QWidget()
            test_it.kept.show()
        """,
        "window QWidget",
    ),
    "thread": (
        """
        import threading
        def test_it():
            waiting = threading.Event()
            threading.Thread(target=waiting.wait, args=(20,), name="forgotten", daemon=True).start()
        """,
        "thread forgotten",
    ),
    "warning": ("import warnings\ndef test_it():\n    warnings.warn('careful')", "careful"),
}


def test_what_is_left_alive_fails(inner: pytest.Pytester) -> None:
    inner.makepyfile(**{f"test_{number}": body for number, (body, _) in enumerate(LEAVES_BEHIND.values())})
    result = inner.runpytest_subprocess("-q", "-p", "no:cacheprovider", "-p", "no:xvfb")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    summary = [line for line in result.outlines if line.startswith(("FAILED", "ERROR"))]
    for number, (case, (_, complaint)) in enumerate(LEAVES_BEHIND.items()):
        [told] = [line for line in summary if f"test_{number}.py" in line]
        assert complaint in told, f"{case}: {told}"


def test_a_thread_that_ends_is_fine() -> None:
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()


@pytest.mark.xvfb
def test_a_started_program_draws_on_a_real_x_server(x11: dict[str, str]) -> None:
    ask = "from PySide6.QtGui import QGuiApplication as A; a = A([]); print(a.platformName(), a.primaryScreen().size())"
    done = subprocess.run([sys.executable, "-c", ask], env=x11, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "xcb PySide6.QtCore.QSize(1400, 900)"
