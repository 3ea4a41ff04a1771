"""The program as it is started: its words, its exit codes, and one instance per data directory."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from otoco_desktop import __version__, cli
from tests.e2e.processes import run, started
from tests.faults.evidence import Evidence
from tests.waiting import until

PROGRAM = "otoco_desktop"


def test_version() -> None:
    done = run(PROGRAM, "--version")
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, f"OTOCO Desktop {__version__}", "")


def test_help_names_every_option() -> None:
    done = run(PROGRAM, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    for option in ("version", "data-dir", "environment", "local-endpoint", "rehearsal", "checkup", "pictures", "plan"):
        assert f"--{option}" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        (("--nonsense",), "--nonsense"),
        (("extra",), "extra"),
        (("--environment", "nowhere"), "nowhere"),
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


@pytest.mark.parametrize(
    ("endpoint", "wrong"),
    [
        ("http://192.0.2.7:8000", "not a server on this computer"),
        ("http://api.crypto.com:80", "not a server on this computer"),
        ("https://127.0.0.1:8000", "not a server on this computer"),
        ("http://127.0.0.1:8000/exchange", "not a server on this computer"),
        ("http://someone@127.0.0.1:8000", "not a server on this computer"),
        ("http://127.0.0.1", "not a server on this computer"),
        ("http://localhost:8000", "not a server on this computer"),
        ("http://2130706433:8000", "not a server on this computer"),
        (None, "--local-endpoint"),
    ],
)
def test_local_takes_a_server_on_this_computer_only(
    endpoint: str | None, wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--environment", "local", *(["--local-endpoint", endpoint] if endpoint else [])]
    with pytest.raises(SystemExit) as ended:
        cli.parse(arguments)
    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert wrong in told
    assert told.endswith(" See otoco-desktop --help.\n")
    assert told.count("\n") == 1


@pytest.mark.parametrize("environment", ["practice", "sandbox", "live"])
def test_a_local_endpoint_goes_with_local_alone(environment: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.parse(["--environment", environment, "--local-endpoint", "http://127.0.0.1:8000"])
    assert ended.value.code == 2
    assert "--environment local and --local-endpoint go together" in capsys.readouterr().err


@pytest.mark.fault(50)
async def test_a_second_start_raises_the_first_and_ends(tmp_path: Path, evidence: Evidence) -> None:
    data = str(tmp_path / "data")
    with started(tmp_path, "tests.e2e.child", "serve", data) as first:
        await until(lambda: first.says("shown"), 30, "the first window")
        second = run(PROGRAM, "--data-dir", data, "--environment", "practice")
        assert (second.returncode, second.stdout) == (0, "")
        assert second.stderr == f"otoco-desktop: already running with {data}/practice; its window was raised.\n"
        await until(lambda: first.says("raised"), 10, "that the first is raised")
        third = run(PROGRAM, "--data-dir", data, "--environment", "practice", "--plan", "BUY BTC_USD 90000")
        assert third.returncode == 0
        assert third.stderr.endswith("its window was raised. The plan was not handed over: paste it there.\n")
        assert first.process.poll() is None
    evidence.note(50, injected="the program started twice", shown=second.stderr, ledger="one window, one writer")


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL belongs to POSIX")
async def test_the_data_directory_of_a_killed_program_is_free_again(tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    for _ in range(2):
        with started(tmp_path, "tests.e2e.child", "serve", data) as child:
            await until(lambda child=child: child.says("shown"), 30, "the window")  # type: ignore[misc]
            child.kill()
