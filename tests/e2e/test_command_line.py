"""The program as it is started: its words, its exit codes, and one instance per data directory."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from otoco_desktop import __version__
from tests.e2e.processes import run, started
from tests.waiting import until

PROGRAM = "otoco_desktop"


def test_version() -> None:
    done = run(PROGRAM, "--version")
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, f"OTOCO Desktop {__version__}", "")


def test_help_names_every_option() -> None:
    done = run(PROGRAM, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    for option in ("--version", "--data-dir", "--environment", "--rehearsal", "--pictures"):
        assert option in done.stdout


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        (("--nonsense",), "--nonsense"),
        (("extra",), "extra"),
        (("--environment", "live"), "live"),
        (("--data-dir",), "--data-dir"),
        (("--pictures", "here"), "--pictures"),
        (("--vers",), "--vers"),
    ],
)
def test_wrong_use_is_one_sentence_and_exit_code_two(arguments: tuple[str, ...], wrong: str) -> None:
    done = run(PROGRAM, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("otoco-desktop: ")
    assert done.stderr.endswith(" See otoco-desktop --help.\n")
    assert done.stderr.count("\n") == 1
    assert wrong in done.stderr


async def test_a_second_start_raises_the_first_and_ends(tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    with started(tmp_path, "tests.e2e.child", "serve", data) as first:
        await until(lambda: first.says("shown"), 30, "the first window")
        second = run(PROGRAM, "--data-dir", data)
        assert (second.returncode, second.stdout) == (0, "")
        assert second.stderr == f"otoco-desktop: already running with {data}/practice; its window was raised.\n"
        await until(lambda: first.says("raised"), 10, "that the first is raised")
        assert first.process.poll() is None


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL belongs to POSIX")
async def test_the_data_directory_of_a_killed_program_is_free_again(tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    for _ in range(2):
        with started(tmp_path, "tests.e2e.child", "serve", data) as child:
            await until(lambda child=child: child.says("shown"), 30, "the window")  # type: ignore[misc]
            child.kill()
