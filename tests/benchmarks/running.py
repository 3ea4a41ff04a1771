"""The whole program on a practice exchange in another process, on one loop for Qt and asyncio."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from otoco_desktop.app.desk import DeskOptions
from otoco_desktop.domain.transport import Transport
from otoco_desktop.program import Program, Setup
from otoco_desktop.settings import Environment, Places
from otoco_desktop.ui.shell.theme import Theme
from otoco_desktop.wiring import RunningPractice
from tests.benchmarks.window import SIZE

PATIENCE_S = 60.0
STEP_S = 0.01


@dataclass(frozen=True, slots=True)
class Apart:
    """An exchange in another process. ``ask`` writes it a line and waits for its answer."""

    venue: RunningPractice
    process: subprocess.Popen[str]

    def ask(self, line: str) -> str:
        if self.process.stdin is None or self.process.stdout is None:
            raise RuntimeError("the exchange has no standard input or output")
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()


@contextmanager
def exchange_apart(module: str = "tests.benchmarks.practice_server") -> Iterator[Apart]:
    """A practice exchange as a process; it ends with this block."""
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", module, folder]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdin is not None
            assert child.stdout is not None
            told = json.loads(child.stdout.readline())
            rest, user, market = told["addresses"]
            yield Apart(RunningPractice((rest, user, market), Path(told["key_file"])), child)
            child.stdin.close()


@asynccontextmanager
async def running_program(theme: Theme, venue: RunningPractice) -> AsyncIterator[Program]:
    """The program with an empty journal, connected, its gate open, with a price."""
    with TemporaryDirectory() as folder:
        over_rest = DeskOptions(transport=lambda: Transport.REST)
        program = Program(theme, Setup(Places(Path(folder), Environment.PRACTICE), venue=venue, options=over_rest))
        program.window.resize(*SIZE)
        await program.show()
        await program.connect()
        desk = program.desk
        await until(lambda: desk.state.gate.open and desk.state.quote is not None, "an open gate and a price")
        try:
            yield program
        finally:
            await program.close()


async def until(condition: Callable[[], object], what: str) -> None:
    """Come back when it holds. Raises ``RuntimeError`` when it does not in time."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE_S
    while not condition():
        if loop.time() > deadline:
            raise RuntimeError(f"waited {PATIENCE_S:g} s for {what}")
        await asyncio.sleep(STEP_S)
