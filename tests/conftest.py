"""Fixtures for every test: a scrubbed environment, one way to run coroutines, and nothing left alive.

An ``async def`` test runs on a plain asyncio loop. If it takes the ``qloop`` fixture it runs on qasync's
loop, together with Qt. Within a coroutine wait with ``tests.waiting.until``; pytest-qt's own ``wait``
functions belong in plain tests, because they spin Qt's loop underneath the running task.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    import qasync
    from PySide6.QtWidgets import QApplication

pytest_plugins = ["tests.faults.plugin"]

TEST_TIMEOUT_S = 60.0
GRACE_S = 2.0
QT_FIXTURES = {"qapp", "qtbot", "qloop", "qtmodeltester"}
PROXY_VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ftp_proxy")
XDG_FOLDERS = {
    "XDG_DATA_HOME": ".local/share",
    "XDG_CONFIG_HOME": ".config",
    "XDG_STATE_HOME": ".local/state",
    "XDG_CACHE_HOME": ".cache",
}

settings.register_profile(
    "ci",
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("long", max_examples=2_000, deadline=None, print_blob=True)
settings.load_profile("ci")


# The environment


def pytest_configure(config: pytest.Config) -> None:
    """Replace what the machine's own settings could change; Qt reads most of it at its first import."""
    scratch = tempfile.TemporaryDirectory(prefix="otoco-home-", ignore_cleanup_errors=True)
    saved = dict(os.environ)
    for name in PROXY_VARIABLES:
        os.environ.pop(name, None)
        os.environ.pop(name.upper(), None)
    _point_home_at(Path(scratch.name), os.environ.__setitem__)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = "1"

    def restore() -> None:
        os.environ.clear()
        os.environ.update(saved)
        scratch.cleanup()

    config.add_cleanup(restore)


def _point_home_at(home: Path, put: Callable[[str, str], None]) -> None:
    put("HOME", str(home))
    put("USERPROFILE", str(home))
    put("APPDATA", str(home / "AppData" / "Roaming"))
    put("LOCALAPPDATA", str(home / "AppData" / "Local"))
    for name, folder in XDG_FOLDERS.items():
        put(name, str(home / folder))
    runtime = home / "run"
    runtime.mkdir(mode=0o700, exist_ok=True)
    put("XDG_RUNTIME_DIR", str(runtime))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home directory of this test alone."""
    folder = tmp_path / "home"
    folder.mkdir()
    _point_home_at(folder, monkeypatch.setenv)
    return folder


# Coroutines


async def _guarded(test: Coroutine[Any, Any, None]) -> None:
    """Run the test's coroutine, then fail if a task of its making outlives it."""
    own = asyncio.current_task()

    def left() -> list[asyncio.Task[Any]]:
        return [task for task in asyncio.all_tasks() if task is not own and not task.done()]

    async with asyncio.timeout(TEST_TIMEOUT_S):
        await test
    if left():
        await asyncio.wait(left(), timeout=GRACE_S)
    leaked = left()
    for task in leaked:
        task.cancel()
    await asyncio.gather(*leaked, return_exceptions=True)
    if leaked:
        pytest.fail("tasks outlived the test: " + ", ".join(repr(task.get_coro()) for task in leaked))


def _plain_loop() -> asyncio.AbstractEventLoop:
    """A loop that owes nothing to the global policy, which qasync replaces."""
    if sys.platform == "win32":
        return asyncio.ProactorEventLoop()
    return asyncio.SelectorEventLoop()


def _run_plain(test: Coroutine[Any, Any, None]) -> None:
    errors: list[dict[str, Any]] = []
    with asyncio.Runner(debug=True, loop_factory=_plain_loop) as runner:
        runner.get_loop().set_exception_handler(lambda _loop, context: errors.append(context))
        runner.run(_guarded(test))
    gc.collect()
    assert not errors, f"the loop reported: {errors}"


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run coroutine tests; everything else is left to pytest."""
    if not asyncio.iscoroutinefunction(pyfuncitem.obj):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    test = pyfuncitem.obj(**arguments)
    loop: Any = pyfuncitem.funcargs.get("qloop")
    if loop is not None:
        loop.run_until_complete(_guarded(test))
    else:
        _run_plain(test)
    return True


@pytest.fixture
def qloop(qapp: QApplication) -> Iterator[qasync.QEventLoop]:
    """Qt and asyncio on one loop; an ``async def`` test that takes it runs on it."""
    from otoco_desktop.ui.shell.loop import Loop

    qapp.setQuitOnLastWindowClosed(False)
    errors: list[dict[str, Any]] = []
    loop = Loop(qapp)
    loop.set_debug(True)
    loop.set_exception_handler(lambda _loop, context: errors.append(context))
    asyncio.set_event_loop(loop)
    yield loop
    leaked = [task for task in asyncio.all_tasks(loop) if not task.done()]
    for task in leaked:
        task.cancel()
    if leaked:
        loop.run_until_complete(asyncio.gather(*leaked, return_exceptions=True))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
    asyncio.set_event_loop(None)
    gc.collect()
    assert not leaked, f"tasks outlived the test: {leaked}"
    assert not errors, f"the loop reported: {errors}"


# Nothing left alive


@pytest.fixture(autouse=True)
def nothing_left_alive(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a thread, a running timer or a visible window behind."""
    threads_before = set(threading.enumerate())
    uses_qt = bool(QT_FIXTURES & set(request.fixturenames))
    timers_before = _running_timers() if uses_qt else set()
    yield
    left = _names_of(_threads_left(threads_before))
    if uses_qt:
        left += _windows_closed_for_the_next_test()
        left += [f"timer {timer}" for timer in _running_timers() - timers_before]
    assert not left, "left alive after the test: " + "; ".join(left)


def _threads_left(before: set[threading.Thread]) -> list[threading.Thread]:
    """Threads that go on; qasync's own, which Python knows by a stand-in only, end with the ``qloop`` fixture."""
    deadline = time.monotonic() + GRACE_S
    started = [thread for thread in threading.enumerate() if thread not in before]
    started = [thread for thread in started if not isinstance(thread, threading._DummyThread)]
    for thread in started:
        thread.join(max(0.0, deadline - time.monotonic()))
    return [thread for thread in started if thread.is_alive()]


def _names_of(threads: list[threading.Thread]) -> list[str]:
    return [f"thread {thread.name}" for thread in threads]


def _running_timers() -> set[str]:
    if "PySide6.QtCore" not in sys.modules:
        return set()
    from PySide6.QtCore import QTimer
    from shiboken6 import isValid

    return {
        f"{timer.objectName() or hex(id(timer))} every {timer.interval()} ms"
        for timer in gc.get_objects()
        if issubclass(type(timer), QTimer) and isValid(timer) and timer.isActive()
    }


def _windows_closed_for_the_next_test() -> list[str]:
    """Describe the windows still visible, and delete them so that one failure stays one failure."""
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    visible = [window for window in QApplication.topLevelWidgets() if window.isVisible()]
    described = [f"window {type(window).__name__} {window.windowTitle()!r}" for window in visible]
    for window in visible:
        window.hide()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return described


# A real X server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """X servers belong to Linux here; the other systems have no place for these tests."""
    if not sys.platform.startswith("linux"):
        for item in items:
            if item.get_closest_marker("xvfb"):
                item.add_marker(pytest.mark.skip(reason="X11 tests run on Linux"))


@pytest.fixture(scope="session")
def x11() -> Iterator[dict[str, str]]:
    """The environment for a started program: an X server of the tests' own, and a window manager on it."""
    import shutil
    import subprocess

    from pyvirtualdisplay.display import Display

    once = ["-r"]  # a busy machine may take long between a key's press and its release; that is one key all the same
    screen = Display(backend="xvfb", size=(1400, 900), color_depth=24, manage_global_env=False, extra_args=once)
    with screen as display:
        environment = {**os.environ, **display.env(), "QT_QPA_PLATFORM": "xcb"}
        openbox = shutil.which("openbox")
        assert openbox, "openbox is missing; `python3 packaging/dev.py test` names the packages"
        manager = subprocess.Popen([openbox], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        yield environment
        manager.terminate()
        manager.wait(10)
