"""The program as somebody meets it who does not see: AT-SPI to read and to act, the keyboard to type."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from tests.vault.desktop import PrivateDesktop, desktop

ROOT = Path(__file__).parents[2]
SYSTEM_PYTHON = "/usr/bin/python3"
"""The one that owns pyatspi."""

LAUNCHER = "/usr/libexec/at-spi-bus-launcher"
PATIENCE_S = 30.0
PAUSE_S, PAUSE = 0.05, "0.05"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Node:
    """One accessible thing, as it was when it was read."""

    node: int
    parent: int
    role: str
    name: str
    description: str
    states: frozenset[str]
    text: str

    @classmethod
    def of(cls, told: dict[str, Any]) -> Node:
        return cls(**{**told, "states": frozenset(told["states"])})

    @property
    def is_control(self) -> bool:
        """Whether the keyboard can come to it."""
        return "focusable" in self.states

    @property
    def is_enabled(self) -> bool:
        return "enabled" in self.states

    @property
    def spoken(self) -> str:
        """Its name, without spaces that only make room."""
        return " ".join(self.name.split())

    def __str__(self) -> str:
        return f"{self.role} {self.name!r} ({self.description!r}) {self.text!r}"


@dataclass(frozen=True, slots=True)
class Heard:
    """One announcement."""

    at: float
    words: str
    by: str


@dataclass(frozen=True)
class Eyes:
    """Asks the reader; types into whatever has the keyboard. ``announced`` is everything heard so far."""

    reader: subprocess.Popen[bytes]
    program: subprocess.Popen[bytes]
    environment: dict[str, str]
    folder: Path
    announced: list[Heard] = field(default_factory=list)

    def ask(self, do: str, **more: Any) -> Any:
        assert self.reader.stdin
        assert self.reader.stdout
        self.reader.stdin.write(json.dumps({"do": do, **more}).encode() + b"\n")
        self.reader.stdin.flush()
        ready, _, _ = select.select([self.reader.stdout], [], [], PATIENCE_S)
        assert ready, f"the reader does not answer {do} {more}; {self.last_words()}"
        told = json.loads(self.reader.stdout.readline() or '{"trouble": "it has ended"}')
        assert "trouble" not in told, f"{do} {more}: {told['trouble']}; {self.last_words()}"
        return told["answer"]

    def last_words(self) -> str:
        """What was announced, and what the program and the reader have said, for a failure's message."""
        said = [path.read_text()[-2_000:] for path in sorted(self.folder.glob("*.said"))]
        return "; ".join([*(each.words for each in self.announced[-8:]), *said])

    def windows(self) -> list[Node]:
        return [Node.of(told) for told in self.ask("windows")]

    def tree(self, window: str, under: str = "") -> list[Node]:
        """Everything that shows in the window whose title begins so, or in one part of it."""
        return [Node.of(told) for told in self.ask("tree", window=window, under=under)]

    def find(self, name: str, role: str | None = None, window: str = "") -> Node | None:
        """What shows under exactly this name, in a window whose title begins so."""
        told = self.ask("find", name=name, role=role, window=window)
        return None if told is None else Node.of(told)

    def there(self, name: str, role: str | None = None, window: str = "") -> Node:
        """Wait for it."""
        return self.until(lambda: self.find(name, role, window), name)

    def focused(self) -> Node | None:
        """What has the keyboard."""
        told = self.ask("focused")
        return None if told is None else Node.of(told)

    def listen(self) -> list[Heard]:
        """Everything announced so far."""
        self.announced.extend(Heard(**told) for told in self.ask("heard"))
        return self.announced

    def hears(self, words: str) -> str:
        """Wait until an announcement has these words in it; answers with all of it."""
        return self.until(lambda: next((each.words for each in self.listen() if words in each.words), ""), words)

    def until(self, look: Callable[[], T | None], what: str) -> T:
        """Look until something is there."""
        deadline = time.monotonic() + PATIENCE_S
        while not (found := look()):
            assert self.program.poll() is None, f"the program has ended; {self.last_words()}"
            assert time.monotonic() < deadline, f"not within {PATIENCE_S:g} s: {what}; {self.last_words()}"
            time.sleep(PAUSE_S)
        return found

    # Hands

    def press(self, name: str, window: str = "") -> None:
        """Press the button of this name, once it can be pressed."""
        self.until(lambda: self.there(name, "push button", window).is_enabled, f"{name} to press")
        assert self.ask("act", node=0, action="Press")

    def write(self, name: str, text: str, window: str = "") -> None:
        """Put the text into the field, as dictation does."""
        assert self.ask("write", node=self.there(name, "text", window).node, text=text)

    def keys(self, *keys: str) -> None:
        """Press these keys, one after the other, at a person's pace.

        While assistive technology listens Qt asks it about each plain key, and meanwhile lets shortcuts pass. A letter
        that follows its Alt at once overtakes it, and what a key does has to be waited for before the next one.
        """
        for each in keys:
            *held, last = each.split("+")
            down = [word for key in held for word in ("keydown", key, "sleep", PAUSE)]
            up = [word for key in reversed(held) for word in ("sleep", PAUSE, "keyup", key)]
            self._xdotool(*down, "key", last, *up)

    def go(self, key: str, name: str) -> None:
        """Press a key that leads to the control of this name, and wait until the keyboard is there."""
        self.keys(key)
        self.until(lambda: (here := self.focused()) and here.name == name, f"{name} by {key}")

    def fill(self, key: str, name: str, text: str) -> None:
        """Go to a field by its key and type."""
        self.go(key, name)
        self._xdotool("type", "--delay", "15", text)
        self.until(lambda: (here := self.focused()) and here.text == text, f"{text} in {name}")

    def _xdotool(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=self.environment, check=True, timeout=20, capture_output=True)


@contextmanager
def eyes(folder: Path, x11: dict[str, str]) -> Iterator[Eyes]:
    """The shipped program on its practice exchange, on an X server, and a reader on a desktop of their own."""
    data = folder / "data"
    (folder / "d").mkdir()
    with desktop(folder / "d", keyring=False) as private, _started(folder, private, x11, data) as (program, env):
        reader = [SYSTEM_PYTHON, str(Path(__file__).with_name("reader.py")), str(program.pid)]
        with _process(folder, "reader", reader, private.environment | {"PYTHONPATH": ""}) as asked:
            seen = Eyes(asked, program, env, folder)
            seen.until(seen.windows, "a window")
            yield seen


@contextmanager
def _started(
    folder: Path, private: PrivateDesktop, x11: dict[str, str], data: Path
) -> Iterator[tuple[subprocess.Popen[bytes], dict[str, str]]]:
    """The accessibility bus, which has to be there first, and the program."""
    kept = {name: x11[name] for name in ("DISPLAY", "XAUTHORITY", "QT_QPA_PLATFORM") if name in x11}
    env = private.environment | kept | {"QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
    command = [sys.executable, "-W", "error", "-m", "otoco_desktop", "--environment", "practice"]
    with (
        _process(folder, "launcher", [LAUNCHER, "--launch-immediately"], private.environment),
        _process(folder, "program", [*command, "--data-dir", str(data)], env) as program,
    ):
        yield program, env


@contextmanager
def _process(folder: Path, name: str, command: list[str], env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / f"{name}.said").open("wb") as said:
        process = subprocess.Popen(
            command,
            env=env,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE if name == "reader" else said,
            stderr=said,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            os.killpg(process.pid, 15)
            try:
                process.communicate(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate(timeout=10)
