"""The real program under strace: the intent is on the disk before the first byte of its create is on the socket."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from otoco_desktop.settings import Environment, Places
from tests.crash.cells import Cell, Point, cell_named
from tests.crash.crash import Exchanges, exchanges
from tests.e2e.processes import GRACE_S, ROOT, python

pytestmark = [
    pytest.mark.fault(46),
    pytest.mark.skipif(sys.platform != "linux", reason="strace belongs to Linux"),
]

CALLS = "fsync,fdatasync,pwrite64,sendto,link,linkat"
_LINE = re.compile(r"^(?P<thread>\d+) +(?:<\.\.\. )?(?P<name>\w+)(?P<rest>.*)$")
CELL = cell_named(f"{Point.AFTER_RECEIPT}, processed")


@dataclass(frozen=True)
class Call:
    """One system call: when it began and when it had come back, counted in lines."""

    name: str
    said: str
    began: int
    ended: int


def read_calls(lines: Iterable[str]) -> list[Call]:
    """Calls in the order in which they began; what another thread interrupted is joined."""
    calls: list[Call] = []
    open_calls: dict[str, Call] = {}
    for number, line in enumerate(lines):
        found = _LINE.match(line)
        if found is None:
            continue
        thread, name, rest = found["thread"], found["name"], found["rest"]
        if "resumed>" in rest and thread in open_calls:
            began = open_calls.pop(thread)
            calls.append(Call(name, began.said, began.began, number))
        elif rest.endswith("<unfinished ...>"):
            open_calls[thread] = Call(name, rest, number, number)
        else:
            calls.append(Call(name, rest, number, number))
    return sorted(calls + list(open_calls.values()), key=lambda call: call.began)


@contextmanager
def _group(command: list[str], told: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process and its children, ended together: a program outlives the strace that was killed."""
    with told.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(GRACE_S)


async def traced(cell: Cell, there: Exchanges, folder: Path) -> list[Call]:
    """The system calls of a program on its first start, until the exchange has its create."""
    found = await there.ask("open", str(folder / "exchange"))
    for fault, value in cell.armed:
        await there.ask("arm", str(folder / "exchange"), fault, value)
    strace = shutil.which("strace")
    assert strace, "strace is missing; `python3 packaging/dev.py test` names the packages"
    record = folder / "calls.txt"
    tracing = [strace, "-f", "-qq", "--seccomp-bpf", "-y", "-s", "5000", "-e", f"trace={CALLS}", "-o", str(record)]
    arguments = ("send", str(folder / "data"), cell.name, found["key_file"], *found["addresses"])
    command = [*tracing, *python("tests.crash.child", *arguments)]
    with _group(command, folder / "told.txt") as process:
        while await there.ask("creates", str(folder / "exchange"), 1) == 0 and process.poll() is None:
            continue
    await there.ask("close", str(folder / "exchange"))
    assert "submitted" in (folder / "told.txt").read_text()
    return read_calls(record.read_text(errors="replace").splitlines())


async def test_the_intent_is_synced_before_the_first_byte_leaves(tmp_path: Path) -> None:
    with exchanges() as there:
        calls = await traced(CELL, there, tmp_path)
    journal = Places(tmp_path / "data", Environment.LOCAL).journal
    create = next(call for call in calls if call.name == "sendto" and "private/advanced/create-otoco" in call.said)
    before = [call for call in calls if call.began < create.began]
    wal = [call for call in before if f"<{journal}-wal>" in call.said]
    writes = [call for call in wal if call.name == "pwrite64"]
    syncs = [call for call in wal if call.name in ("fsync", "fdatasync")]
    assert any("intended" in call.said for call in writes), "the intent is not among the writes"
    assert writes[-1].ended < syncs[-1].began
    assert syncs[-1].ended < create.began
    _begun_durably(journal, before)


def _begun_durably(journal: Path, calls: list[Call]) -> None:
    """On this first start the journal was synced before it got its name, and the name after it."""
    made = journal.with_name("journal.beginning.sqlite3")
    named = next(call for call in calls if call.name in ("link", "linkat") and str(journal) in call.said)
    synced = [call for call in calls if call.name in ("fsync", "fdatasync")]
    assert any(f"<{made}>" in call.said and call.ended < named.began for call in synced)
    assert any(f"<{journal.parent}>" in call.said and call.began > named.ended for call in synced)


def test_calls_that_another_thread_interrupts_are_joined() -> None:
    lines = [
        "7  fdatasync(5</a-wal> <unfinished ...>",
        '8  sendto(6<s>, "x", 1) = 1',
        "7  <... fdatasync resumed>) = 0",
    ]
    sync, send = read_calls(lines)
    assert (sync.name, sync.began, sync.ended, send.began) == ("fdatasync", 0, 2, 1)
    assert "/a-wal" in sync.said
