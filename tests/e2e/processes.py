"""Starting the program as a process, and listening to what it says."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
GRACE_S = 20.0
LIMIT_S = 50.0


def python(*arguments: str) -> list[str]:
    return [sys.executable, "-W", "error", "-m", *arguments]


def run(
    *arguments: str, env: Mapping[str, str] | None = None, timeout_s: float = 50.0
) -> subprocess.CompletedProcess[str]:
    """Run a module to its end."""
    return subprocess.run(
        python(*arguments),
        cwd=ROOT,
        env=dict(env or os.environ),
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )


@dataclass(frozen=True)
class Child:
    """A running process; what it prints is kept in a file."""

    process: subprocess.Popen[bytes]
    told: Path

    def says(self, word: str) -> bool:
        """Whether it has said this; fails when it has ended before."""
        said = self.told.read_text()
        assert word in said or self.process.poll() is None, f"it ended with {self.process.returncode}: {said}"
        return word in said

    def last_words(self) -> str:
        """The last line it has said."""
        return self.told.read_text().rstrip("\n").rpartition("\n")[2]

    def tell(self, word: str) -> None:
        """One line on its standard input."""
        assert self.process.stdin
        self.process.stdin.write(f"{word}\n".encode())
        self.process.stdin.flush()

    def kill(self) -> None:
        """End it as a power cut would: it gets no chance to do anything more."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(GRACE_S)


@contextmanager
def started(folder: Path, *arguments: str) -> Iterator[Child]:
    """A module that runs until the end of the block at the longest."""
    told = folder / f"{arguments[0]}.txt"
    with told.open("wb") as out:
        process = subprocess.Popen(
            python(*arguments), cwd=ROOT, stdin=subprocess.PIPE, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            yield Child(process, told)
        finally:
            process.kill()
            process.communicate(timeout=GRACE_S)
