"""``--checkup``: what this computer offers, told by the source tree and by the bundled program alike."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from otoco_desktop import checkup
from otoco_desktop.settings import Environment, Places
from tests.house.sources import ROOT
from tests.vault.desktop import desktop

SECRET_SERVICE = "Keyring: keyring.backends.SecretService.Keyring"


def ask(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*command, "--checkup"], capture_output=True, text=True, check=False, timeout=60, env=environment
    )


def test_with_the_systems_keyring_nothing_is_lacking(tmp_path: Path) -> None:
    with desktop(tmp_path) as session:
        done = ask([sys.executable, "-m", "otoco_desktop"], session.environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert SECRET_SERVICE in done.stdout
    assert "lacking" not in done.stdout


def test_without_one_it_says_so_and_what_to_do(tmp_path: Path) -> None:
    with desktop(tmp_path, keyring=False) as session:
        done = ask([sys.executable, "-m", "otoco_desktop"], session.environment)
    assert done.returncode == checkup.LACKING_EXIT
    assert "Keyring: lacking." in done.stdout


def test_a_place_that_cannot_be_written_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    monkeypatch.setattr(checkup, "_keyring", lambda: "a keyring")
    assert checkup.run(Places(blocked, Environment.PRACTICE)) == checkup.LACKING_EXIT
    assert f"Data: lacking. {blocked}/practice cannot be written" in capsys.readouterr().out


@pytest.mark.long
def test_the_bundle_plays_its_rehearsal_and_finds_the_keyring(tmp_path: Path) -> None:
    places = ("--distpath", str(tmp_path / "dist"), "--workpath", str(tmp_path / "work"))
    spec = str(ROOT / "packaging" / "otoco-desktop.spec")
    subprocess.run(
        [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level=ERROR", *places, spec],
        check=True, capture_output=True, timeout=600,
    )  # fmt: skip
    program = str(tmp_path / "dist" / "otoco-desktop" / "otoco-desktop")
    with desktop(tmp_path) as session:
        environment = {**session.environment, "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"}
        played = subprocess.run([program, "--rehearsal"], check=False, timeout=120, env=environment)
        found = ask([program], environment)
    assert (played.returncode, found.returncode) == (0, 0)
    assert SECRET_SERVICE in found.stdout
