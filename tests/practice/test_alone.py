"""The exchange as a program of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from otoco_desktop.practice.thread import Endpoints
from tests.practice.client import Client
from tests.practice.conftest import Practice

COMMAND = [sys.executable, "-W", "error", "-m", "otoco_desktop.practice"]


@contextmanager
def alone(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [*COMMAND, "--data-dir", str(folder), *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def client_of(process: subprocess.Popen[str]) -> Client:
    assert process.stdout is not None
    line = json.loads(process.stdout.readline())
    key_file, port = Path(line["key_file"]), int(line["rest_url"].split(":")[2].partition("/")[0])
    return Client(Endpoints(line["rest_url"], line["user_url"], line["market_url"], key_file, port))


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX systems")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_told_to_end(tmp_path: Path, number: signal.Signals) -> None:
    with alone(tmp_path, "--seed", "3") as process:
        client = client_of(process)
        assert client.create("a").json()["code"] == 0
        client.http.close()
        process.send_signal(number)
        rest, errors = process.communicate(timeout=10)
    assert (process.returncode, rest, errors) == (0, "", "")


def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    with alone(tmp_path) as process:
        client = client_of(process)
        list_id = client.create("a").json()["result"]["list_id"]
        process.kill()
        process.wait(10)
        client.http.close()
    with alone(tmp_path) as process:
        client = client_of(process)
        assert client.statuses(list_id)[1:] == ["PENDING", "PENDING"]
        client.http.close()


def test_a_taken_port_is_one_sentence_and_exit_code_2(practice: Practice, tmp_path: Path) -> None:
    port = practice.client.endpoints.port
    with alone(tmp_path / "other", "--port", str(port)) as process:
        out, errors = process.communicate(timeout=10)
    assert process.returncode == 2
    assert out == ""
    assert errors == f"Port {port} is taken; choose another one.{os.linesep if os.name == 'nt' else chr(10)}"


@pytest.mark.parametrize("arguments", [["--port", "x"], ["--port", "70000"], ["--what"]])
def test_wrong_use_is_exit_code_2(tmp_path: Path, arguments: list[str]) -> None:
    with alone(tmp_path, *arguments) as process:
        out, _ = process.communicate(timeout=10)
    assert (process.returncode, out) == (2, "")
