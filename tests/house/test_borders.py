"""The import contracts of pyproject.toml hold, and each of them breaks when its border is crossed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sources import PACKAGE, ROOT

LINT = "from importlinter.cli import lint_imports_command as main; main(['--no-cache', '--no-logo'])"

CROSSINGS = {
    "domain/planted.py": ("import otoco_desktop.exchange", "layers point inwards"),
    "exchange/planted.py": ("import otoco_desktop.journal", "the adapters never see each other"),
    "app/planted.py": ("import PySide6.QtCore", "Qt lives in main"),
    "ui/planted/presenter.py": ("import PySide6.QtWidgets", "Qt lives in main"),
    "ui/planted/rows.py": ("import qasync", "Qt lives in main"),
    "ui/planted/view.py": ("import otoco_desktop.practice", "only main and rehearsal name adapters"),
    "practice/planted.py": ("import otoco_desktop.domain", "the practice exchange reads the protocol for itself"),
    "domain/planted_too.py": ("import asyncio", "the domain is pure"),
    "vault/planted.py": ("import otoco_desktop.exchange", "the adapters never see each other"),
    "app/planted_too.py": ("import keyring", "only the vault talks to the keyring"),
    "planted.py": ("", "layers point inwards"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "NO_COLOR": "1", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(PACKAGE, tmp_path / PACKAGE.name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_the_borders_hold() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("place", CROSSINGS)
def test_a_crossing_is_found(copy: Path, place: str) -> None:
    line, contract = CROSSINGS[place]
    planted = copy / PACKAGE.name / place
    planted.parent.mkdir(exist_ok=True)
    (planted.parent / "__init__.py").touch()
    planted.write_text(f"{line}\n", encoding="utf-8")
    done = lint(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    broken = [row for row in done.stdout.splitlines() if row.endswith("BROKEN")]
    assert any(contract in row for row in broken), done.stdout + done.stderr
