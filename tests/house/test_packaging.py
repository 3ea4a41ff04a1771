"""What is shipped: the wheel, the locks, and the top of the tree."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import otoco_desktop
from tests.house.sources import ROOT

RUN_LOCK = ROOT / "requirements.lock"
TEST_LOCK = ROOT / "packaging" / "requirements-test.lock"
LOCKS = pytest.mark.parametrize("lock", [RUN_LOCK, TEST_LOCK], ids=lambda lock: lock.name)
SHA256 = re.compile(r"--hash=sha256:[0-9a-f]{64}")
TOP = {"CHANGELOG.md", "LICENSE", "README.md", "pyproject.toml", "requirements.lock"}
FOLDERS = {"otoco_desktop", "packaging", "resources", "tests"}
MADE_BY_TOOLS = {"__pycache__", "build", "dist", "htmlcov"}


@dataclass(frozen=True, slots=True)
class Pin:
    """One locked package."""

    version: str
    marker: str
    hashes: int


def pins(lock: Path) -> dict[str, Pin]:
    text = "\n".join(line for line in lock.read_text(encoding="utf-8").splitlines() if not line.strip().startswith("#"))
    found: dict[str, Pin] = {}
    for entry in text.replace("\\\n", " ").splitlines():
        if entry.strip():
            requirement = Requirement(entry.split("--hash", 1)[0].strip())
            [specifier] = requirement.specifier
            assert specifier.operator == "==", entry
            marker = str(requirement.marker or "")
            found[canonicalize_name(requirement.name)] = Pin(specifier.version, marker, len(SHA256.findall(entry)))
    return found


def project() -> dict[str, list[str]]:
    """Requirements by what they are for: ``run``, and each extra by its name."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {"run": table["dependencies"], **table["optional-dependencies"]}


@LOCKS
def test_every_pin_has_its_hashes(lock: Path) -> None:
    assert [name for name, pin in pins(lock).items() if pin.hashes == 0] == []


@LOCKS
def test_a_lock_names_no_index(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert not re.search(r"https?:|--(extra-)?index-url|--find-links|file:", text)


@pytest.mark.parametrize(("purpose", "lock"), [("run", RUN_LOCK), ("run", TEST_LOCK), ("test", TEST_LOCK)])
def test_a_lock_answers_the_project(purpose: str, lock: Path) -> None:
    locked = pins(lock)
    for text in project()[purpose]:
        requirement = Requirement(text)
        pin = locked[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(pin.version), text


def test_both_locks_agree() -> None:
    run, test = pins(RUN_LOCK), pins(TEST_LOCK)
    assert {name: pin.version for name, pin in run.items()} == {name: test[name].version for name in run}


def test_the_program_installs_nothing_that_only_tests_need() -> None:
    run, test = ({canonicalize_name(Requirement(text).name) for text in project()[use]} for use in ("run", "test"))
    assert not (test - run) & set(pins(RUN_LOCK))


@LOCKS
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_the_installed_packages_need_nothing_unlocked(lock: Path, python: str) -> None:
    """Walk the metadata of what is installed here: with hashes required, pip refuses anything the lock lacks."""
    from importlib.metadata import PackageNotFoundError, distribution

    locked = pins(lock)
    environment = {"python_version": python, "python_full_version": f"{python}.0", "extra": ""}
    for name in locked:
        try:
            needed = distribution(name).requires or []
        except PackageNotFoundError:
            assert not Marker(locked[name].marker).evaluate(), f"{name} is locked for this machine but not installed"
            continue
        for requirement in map(Requirement, needed):
            if requirement.marker is None or requirement.marker.evaluate(environment):
                assert canonicalize_name(requirement.name) in locked, f"{name} needs {requirement}"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    [built] = folder.glob("*.whl")
    return zipfile.ZipFile(built)


def test_the_wheel_holds_the_package_and_its_resources(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    resources = {
        f"otoco_desktop/resources/{path.relative_to(ROOT / 'resources').as_posix()}"
        for path in (ROOT / "resources").rglob("*")
        if path.is_file()
    }
    assert resources
    assert resources <= names
    assert {"otoco_desktop/__main__.py", "otoco_desktop/domain/__init__.py"} <= names
    assert not [name for name in names if name.startswith(("tests", "packaging"))]


def test_the_wheel_says_who_it_is(wheel: zipfile.ZipFile) -> None:
    information = f"otoco_desktop-{otoco_desktop.__version__}.dist-info"
    metadata = HeaderParser().parsestr(wheel.read(f"{information}/METADATA").decode())
    assert (metadata["Name"], metadata["Version"]) == ("otoco-desktop", otoco_desktop.__version__)
    assert metadata["License-Expression"] == "MIT"
    assert "otoco-desktop = otoco_desktop.__main__:main" in wheel.read(f"{information}/entry_points.txt").decode()
    licences = set(metadata.get_all("License-File") or [])
    assert {"LICENSE", "packaging/THIRD-PARTY-NOTICES.md", "packaging/licenses/LGPL-3.0.txt"} <= licences


def test_the_changelog_knows_this_version() -> None:
    assert f"## [{otoco_desktop.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_top_of_the_tree_is_tidy() -> None:
    tops = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert tops - MADE_BY_TOOLS == TOP | FOLDERS
