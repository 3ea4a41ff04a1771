"""Secrets are found wherever they are planted; the log hides them; the memory of the program is its own."""

from __future__ import annotations

import base64
import json
import logging
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop import logs
from tests.leaks import Places, leaks

SECRET = "sentinel-secret-0f3b2a9c71"
API_KEY = "sentinelkey00112233445"
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a switch of Linux")


# The scan


@pytest.mark.parametrize(
    "dress",
    [
        SECRET,
        SECRET[::-1],
        SECRET.encode().hex(),
        base64.b64encode(SECRET.encode()).decode(),
        base64.b64encode(f"x{SECRET}yz".encode()).decode(),
        base64.b64encode(f"xy{SECRET}z".encode()).decode(),
    ],
)
def test_a_planted_secret_is_found(tmp_path: Path, dress: str) -> None:
    (tmp_path / "innocent").write_text("nothing here")
    (tmp_path / "deep").mkdir()
    planted = tmp_path / "deep" / "planted.bin"
    planted.write_bytes(b"\0\1" + dress.encode() + b"\xff")
    found = leaks([API_KEY, SECRET], Places(folders=[tmp_path]))
    assert found
    assert all(str(planted) in line and SECRET not in line for line in found)
    assert leaks([SECRET], Places(folders=[tmp_path], except_files=[planted])) == []


def test_a_secret_in_a_journal_is_found(tmp_path: Path) -> None:
    store = sqlite3.connect(tmp_path / "journal.sqlite3")
    store.execute("pragma journal_mode = wal")
    store.execute("create table facts (body text)")
    store.execute("insert into facts values (?)", (json.dumps({"note": SECRET}),))
    store.commit()
    found = leaks([SECRET], Places(folders=[tmp_path]))
    store.close()
    assert [line for line in found if "journal.sqlite3" in line]


def test_a_secret_in_a_name_or_a_text_is_found(tmp_path: Path) -> None:
    (tmp_path / f"{SECRET}.log").touch()
    texts: dict[str, str | bytes] = {"stdout": f"a {SECRET}", "stderr": b"none", "picture": SECRET.encode("utf-16-le")}
    found = leaks([SECRET], Places([tmp_path], texts))
    assert {line.split(" (")[0] for line in found} == {f"name {tmp_path / SECRET}.log", "stdout", "picture"}


@LINUX
def test_a_secret_in_a_command_line_or_an_environment_is_found() -> None:
    waits = "import sys; print('up', flush=True); sys.stdin.read()"
    for argument, environment, expected in ((SECRET, "x", ["cmdline"]), ("x", SECRET, ["environ"]), ("x", "x", [])):
        child = subprocess.Popen(
            [sys.executable, "-c", waits, argument],
            env={"PLANTED": environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        with child:
            assert child.stdout
            assert child.stdout.readline() == "up\n"
            found = leaks([SECRET], Places(pids=[child.pid]))
            child.communicate("")
        assert [line.split()[0] for line in found] == expected


# The log


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    before = {name: logging.getLogger(name).level for name in logs.QUIET}
    level = root.level
    logs.set_up(tmp_path, logging.DEBUG)
    yield tmp_path / "otoco.log"
    logs.shut_down()
    root.setLevel(level)
    for name, its in before.items():
        logging.getLogger(name).setLevel(its)


def test_the_log_hides_fields_and_keys(log: Path) -> None:
    logs.redactor.hide(API_KEY, SECRET)
    logger = logging.getLogger("some.library")
    body = json.dumps({"id": 7, "api_key": API_KEY, "sig": "ab" * 32, "params": {"note": "kept"}})
    logger.debug("> TEXT '%s' [%d bytes]", body, len(body))
    logger.info("escaped %r in %r", body, {"outer": body})
    logger.warning("headers %s", {"api_key": "unknown-key-1234", "secret": "x y z", "other": "kept"})
    try:
        raise ValueError(f"bad request {SECRET}xyz")
    except ValueError:
        logger.exception("a failure")
    logs.shut_down()
    written = log.read_text("utf-8")
    assert leaks([API_KEY, SECRET, "ab" * 32, "unknown-key-1234", "x y z"], Places(folders=[log.parent])) == []
    assert written.count("kept") == 4
    assert f"bad request {logs.REDACTED}xyz" in written


def test_ordinary_lines_stay_as_they_are(log: Path) -> None:
    lines = ["S-0411 list_id 6498090546073120100 sent over rest", "signal: 5 secrets of trading", "sigma = {x: 1}"]
    for line in lines:
        logging.getLogger("otoco_desktop.app").info(line)
    logs.shut_down()
    assert [written.split(": ", 1)[1] for written in log.read_text("utf-8").splitlines()] == lines


def test_a_very_long_word_is_left_out() -> None:
    redactor = logs.Redactor()
    redactor.hide(SECRET)
    assert redactor.clean(f"body {'x' * 5_000}{SECRET} end") == "body [5026 characters] end"


def test_talkative_libraries_are_held_at_warning(log: Path) -> None:
    for name in ("websockets.client", "httpx", "httpcore.connection", "keyring.backend"):
        logging.getLogger(name).debug("a whole frame")
        logging.getLogger(name).info("a whole frame")
    assert log.read_text("utf-8") == ""


words = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=40)


@given(
    secret=st.text("abcdefghijkmnopqrstuvwxyzABCDEFGH0123456789", min_size=8, max_size=40), around=words, after=words
)
def test_what_is_hidden_never_gets_through(secret: str, around: str, after: str) -> None:
    redactor = logs.Redactor()
    redactor.hide(secret)
    assert secret not in redactor.clean(f"{around}{secret}{after} ({secret}) '{secret}'")
    assert secret not in repr(vars(redactor))


# The memory


HARDENED = """
from otoco_desktop.hardening import is_memory_private, keep_memory_private
print(is_memory_private(), keep_memory_private(), is_memory_private())
"""


@LINUX
def test_no_core_dump_and_no_onlooker() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HARDENED],
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    assert done.stdout == "False True True\n"
