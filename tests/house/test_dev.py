"""``packaging/dev.py``: one sentence for whatever is missing, and no work that was done before."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

from tests.house.sources import ROOT

SCRIPT = ROOT / "packaging" / "dev.py"
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


class Version(NamedTuple):
    """Stands in for ``sys.version_info``."""

    major: int
    minor: int
    micro: int


@pytest.fixture
def dev(tmp_path: Path) -> ModuleType:
    """The script as a module, in a checkout of its own."""
    checkout = tmp_path / "checkout"
    (checkout / "packaging").mkdir(parents=True)
    for name in ("requirements.lock", "packaging/requirements-test.lock", "packaging/dev.py"):
        shutil.copy(ROOT / name, checkout / name)
    specification = importlib.util.spec_from_file_location("dev", checkout / "packaging" / "dev.py")
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def started(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, str]]]:
    """What ``run`` would have started, on a machine where everything is in place."""
    starts: list[tuple[list[str], dict[str, str]]] = []

    def become(arguments: list[str], environment: dict[str, str]) -> int:
        starts.append((arguments, environment))
        return 0

    monkeypatch.setattr(dev, "become", become)
    monkeypatch.setattr(dev, "prepare", lambda for_tests: None)
    monkeypatch.setattr(dev, "require_system_packages", lambda for_tests: None)
    for name in DISPLAYS:
        monkeypatch.delenv(name, raising=False)
    return starts


@pytest.mark.parametrize("arguments", [[], ["fly"], ["--help"]])
def test_wrong_use_is_answered_with_the_usage(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, check=False, timeout=30
    )
    assert done.returncode == 2
    assert done.stderr == "Usage: python3 packaging/dev.py run|test|bench|check|mutate|bundle|lock [arguments]\n"


@pytest.mark.parametrize("version", [Version(3, 10, 13), Version(3, 14, 0)])
def test_an_unsuitable_python_is_told_what_would_do(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], version: Version
) -> None:
    monkeypatch.setattr(dev.sys, "version_info", version)
    assert dev.main(["run"]) == 3
    assert "needs CPython 3.11, 3.12 or 3.13" in capsys.readouterr().err


@pytest.mark.parametrize("version", [Version(3, 11, 0), Version(3, 12, 1), Version(3, 13, 0)])
def test_a_suitable_python_is_taken(dev: ModuleType, monkeypatch: pytest.MonkeyPatch, version: Version) -> None:
    monkeypatch.setattr(dev.sys, "version_info", version)
    dev.require_suitable_python()


# What Qt and the tests need of the system


@pytest.fixture
def bare_debian(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A Debian without a single library, and an installer that works."""
    installed: set[str] = set()
    every = {**dev.QT_LIBRARIES, **dev.X11_LIBRARIES, **dev.TEST_PROGRAMS, **dev.TEST_FILES}

    def run_quietly(command: list[str], complaint: str, environment: dict[str, str] | None = None) -> None:
        dev.commands.append(command)
        installed.update(every[name] for name in command if name in every)

    monkeypatch.setattr(dev, "commands", [], raising=False)
    monkeypatch.setattr(dev, "ON_LINUX", True)
    monkeypatch.setattr(dev, "is_debian_like", lambda: True)
    monkeypatch.setattr(dev, "loads", lambda library: library in installed)
    monkeypatch.setattr(dev.shutil, "which", lambda program: program if program in installed else None)
    monkeypatch.setattr(dev, "is_there", lambda file: file in installed)
    monkeypatch.setattr(dev, "run_quietly", run_quietly)
    monkeypatch.delenv("DISPLAY", raising=False)
    return dev


def test_someone_who_is_not_root_gets_one_command_to_paste(
    bare_debian: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bare_debian.os, "geteuid", lambda: 1000, raising=False)
    assert bare_debian.main(["run"]) == 4
    lines = capsys.readouterr().err.splitlines()
    assert [line.strip() for line in lines if "sudo" in line] == [
        "sudo apt-get install --yes --no-install-recommends " + " ".join(bare_debian.QT_LIBRARIES)
    ]
    assert bare_debian.commands == []


def test_root_gets_them_installed(bare_debian: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bare_debian.os, "geteuid", lambda: 0, raising=False)
    bare_debian.require_system_packages(for_tests=True)
    update, install = bare_debian.commands
    assert update == ["apt-get", "update"]
    wanted = {*bare_debian.X11_LIBRARIES, *bare_debian.TEST_PROGRAMS, *bare_debian.TEST_FILES}
    assert wanted <= set(install)


def test_a_missing_venv_module_is_named_like_the_package(
    bare_debian: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bare_debian.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(bare_debian.os, "geteuid", lambda: 1000, raising=False)
    assert bare_debian.main(["run"]) == 4
    assert re.search(r"python3(\.1[123])?-venv", capsys.readouterr().err)


def test_another_linux_gets_the_names_of_the_libraries(
    bare_debian: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bare_debian, "is_debian_like", lambda: False)
    assert bare_debian.main(["run"]) == 4
    assert "libEGL.so.1" in capsys.readouterr().err


def test_x11_is_asked_for_where_there_is_a_display(bare_debian: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "libxcb-cursor0" not in bare_debian.missing_packages(for_tests=False)
    monkeypatch.setenv("DISPLAY", ":0")
    assert "libxcb-cursor0" in bare_debian.missing_packages(for_tests=False)


def test_macos_and_windows_need_nothing(bare_debian: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bare_debian, "ON_LINUX", False)
    assert bare_debian.missing_packages(for_tests=True) == []


# The virtual environment


def test_work_done_is_not_done_again(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    installed: list[str] = []

    def make_venv() -> None:
        dev.venv_python().parent.mkdir(parents=True, exist_ok=True)
        dev.venv_python().touch()

    monkeypatch.setattr(dev, "make_venv", make_venv)
    monkeypatch.setattr(dev, "install", lambda lock: installed.append(lock.name))
    dev.prepare(for_tests=False)
    dev.prepare(for_tests=False)
    assert installed == ["requirements.lock"]
    dev.prepare(for_tests=True)
    dev.prepare(for_tests=True)
    dev.prepare(for_tests=False)
    assert installed == ["requirements.lock", "requirements-test.lock"]
    dev.RUN_LOCK.write_text("# changed", encoding="utf-8")
    dev.prepare(for_tests=False)
    assert installed == ["requirements.lock", "requirements-test.lock", "requirements.lock"]


def test_a_failed_installation_shows_its_own_words(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failing = [sys.executable, "-c", "print('no space left'); raise SystemExit(7)"]
    monkeypatch.setattr(dev, "prepare", lambda for_tests: dev.run_quietly(failing, "pip failed"))
    monkeypatch.setattr(dev, "require_system_packages", lambda for_tests: None)
    assert dev.main(["run"]) == 5
    assert capsys.readouterr().err == "no space left\npip failed (exit code 7); its own words stand above.\n"


def test_an_installation_cut_short_is_taken_up_again(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(lock: Path) -> None:
        raise dev.StopError("no network", dev.INSTALLATION_FAILED)

    dev.venv_python().parent.mkdir(parents=True)
    dev.venv_python().touch()
    monkeypatch.setattr(dev, "make_venv", lambda: None)
    monkeypatch.setattr(dev, "install", broken)
    with pytest.raises(dev.StopError):
        dev.prepare(for_tests=False)
    assert not list(dev.VENV.glob(".otoco-*"))


# Starting the program


def test_without_a_display_the_rehearsal_is_played(
    dev: ModuleType, started: list[tuple[list[str], dict[str, str]]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert dev.main(["run", "--data-dir", "here"]) == 0
    [(arguments, environment)] = started
    assert arguments == ["-m", "otoco_desktop", "--rehearsal", "--data-dir", "here"]
    assert environment["QT_QPA_PLATFORM"] == "offscreen"
    assert capsys.readouterr().err == "No display here: playing the rehearsal off screen.\n"


@pytest.mark.parametrize("argument", ["--version", "--help", "--rehearsal"])
def test_what_needs_no_window_is_left_as_asked(
    dev: ModuleType, started: list[tuple[list[str], dict[str, str]]], argument: str
) -> None:
    dev.main(["run", argument])
    assert started[0][0] == ["-m", "otoco_desktop", argument]


@pytest.mark.parametrize(("name", "value"), [("DISPLAY", ":0"), ("WAYLAND_DISPLAY", "w"), ("QT_QPA_PLATFORM", "vnc")])
def test_with_a_display_the_window_opens(
    dev: ModuleType,
    started: list[tuple[list[str], dict[str, str]]],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
) -> None:
    monkeypatch.setenv(name, value)
    dev.main(["run"])
    [(arguments, environment)] = started
    assert arguments == ["-m", "otoco_desktop"]
    assert environment.get("QT_QPA_PLATFORM") == os.environ.get("QT_QPA_PLATFORM")


def test_the_readme_names_only_commands_that_exist(dev: ModuleType) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"packaging/dev\.py (\w+)", readme))
    assert {"run", "test"} <= named <= set(dev.COMMANDS)
