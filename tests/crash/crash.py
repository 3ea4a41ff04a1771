"""One cell of the matrix: the program killed, started again, and compared with the exchange's own ledger."""

from __future__ import annotations

import asyncio
import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from otoco_desktop.app.gate import CHECKING
from otoco_desktop.domain.events import Fact, Intended, LegAnswered, LegCancelAsked, MoveAsked, Unknown
from otoco_desktop.journal.store import SqliteJournal
from otoco_desktop.settings import Environment, Places
from tests.crash.cells import MOVING, REMOVING, Cell, Ends, Line, Point
from tests.crash.line import Relay, relay
from tests.e2e.processes import GRACE_S, ROOT, Child, python, started
from tests.waiting import until

PATIENCE_S = 40.0
CREATE = b"private/advanced/create-otoco"
COMMANDS = {
    Point.DURING_CANCEL: b"private/advanced/cancel-otoco",
    Point.DURING_REMOVAL: b"private/advanced/cancel-order",
    Point.DURING_MOVE: b"private/advanced/amend-order",
}
OPEN_ORDERS = "private/advanced/get-open-orders"
INTERRUPTED = "1 strategy was being sent when the app stopped. Checking with the exchange."
UNKNOWN = "Outcome unknown"
LOCKED = "It may or may not be on the exchange. New BTC_USD orders are locked until this is settled."


@dataclass
class Exchanges:
    """The process in which the exchanges live; it outlives every program."""

    process: subprocess.Popen[str]
    _lock: threading.Lock = field(default_factory=threading.Lock)

    async def ask(self, what: str, *told: Any) -> Any:
        return await asyncio.to_thread(self._ask, what, *told)

    def _ask(self, what: str, *told: Any) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        with self._lock:
            self.process.stdin.write(json.dumps([what, *told]) + "\n")
            self.process.stdin.flush()
            return json.loads(self.process.stdout.readline())


@contextmanager
def exchanges() -> Iterator[Exchanges]:
    pipe = subprocess.PIPE
    process = subprocess.Popen(python("tests.crash.exchange"), cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
    try:
        yield Exchanges(process)
    finally:
        process.kill()
        process.communicate(timeout=GRACE_S)


@dataclass(frozen=True)
class Seen:
    """What one crash came to. ``shown`` is what the second program told of its window."""

    cell: Cell
    left: list[str]
    facts: tuple[Fact, ...]
    shown: dict[str, Any]
    ledger: dict[str, Any]

    @property
    def intents(self) -> list[Intended]:
        return [fact for fact in self.facts if isinstance(fact, Intended)]

    def check(self) -> None:
        """Every promise about a crash; raises ``AssertionError``."""
        self._check_the_intent()
        self._check_the_exchange()
        self._check_the_window()
        if self.cell.point in REMOVING | MOVING:
            self._check_the_exit()

    def _check_the_exit(self) -> None:
        """Recorded once, sent once at most, unknown after the crash, and shown as the exchange has it."""
        asked = [fact for fact in self.facts if isinstance(fact, LegCancelAsked | MoveAsked)]
        assert [type(fact).__name__ for fact in asked] == [
            "LegCancelAsked" if self.cell.point in REMOVING else "MoveAsked"
        ]
        assert type(asked[0]).__name__ in self.left
        assert "LegAnswered" not in self.left
        answers = [fact for fact in self.facts if isinstance(fact, LegAnswered)]
        assert [fact.request_id for fact in answers] == [asked[0].stamp.request_id]
        assert isinstance(answers[0].outcome, Unknown)
        assert len(self.ledger["exits"]) == self.cell.exit_requests
        assert tuple(self.ledger["lists"][0][1][2:]) == self.cell.stop
        assert self.shown["stop"] == [*self.cell.stop, self.cell.pending]

    def _check_the_intent(self) -> None:
        recorded = self.cell.ends is not Ends.NEVER_WAS
        assert ("Intended" in self.left) is recorded, self.left
        assert len(self.intents) == int(recorded)
        assert self.shown["notice"] == ""

    def _check_the_exchange(self) -> None:
        creates, lists = self.ledger["creates"], self.ledger["lists"]
        assert (len(creates), len(lists)) == (self.cell.creates, self.cell.lists)
        ours = [[leg.client_oid for leg in intent.order.legs] for intent in self.intents]
        assert all(seen in ours for seen in creates), "a create without a recorded intent"
        assert [[leg[1] for leg in legs] for legs in lists] == ours[: len(lists)]
        status = {Ends.WORKING: "ACTIVE", Ends.CANCELLING: "ACTIVE", Ends.CANCELLED: "CANCELED"}
        assert [legs[0][2] for legs in lists] == [status.get(self.cell.ends)] * len(lists)

    def _check_the_window(self) -> None:
        """The list ids agree, and what was open stood there before the gate opened."""
        shown = self.shown
        assert shown["opened"]
        if self.cell.ends is Ends.NEVER_WAS:
            assert (shown["first"], shown["settled"]) == ([], [])
            return
        assert shown["settled"] == [self.cell.ends]
        wanted = [legs[0][0] for legs in self.ledger["lists"]]
        assert [list_id for list_id in shown["list_ids"] if list_id] == wanted
        assert shown["first"] in [[words] for words in self._may_be_first()], shown["first"]
        if shown["first"] == [UNKNOWN]:
            assert LOCKED in shown["banner"], shown["banner"]
        reason = INTERRUPTED if shown["first"] == [UNKNOWN] else CHECKING
        assert reason in shown["reasons"], shown["reasons"]

    def _may_be_first(self) -> tuple[str, ...]:
        """The states the table may show before the exchange has said anything; an event may come before the reply."""
        if self.cell.point is Point.DURING_EVENT and self.cell.processed:
            return ("Received", UNKNOWN)
        if self.cell.point in REMOVING | MOVING:  # what was told of the legs may not have been stored yet
            return (Ends.WORKING, "Received")
        return ("Cancelling",) if self.cell.point is Point.DURING_CANCEL else (UNKNOWN,)


async def crash(cell: Cell, there: Exchanges, folder: Path) -> Seen:
    """Play one cell in a folder of its own."""
    place = str(folder / "exchange")
    found = await there.ask("open", place)
    try:
        await _kill(cell, there, found, folder)
        left = await _facts(folder)
        shown = await _start_again(cell, there, found, folder)
        ledger = await there.ask("ledger", place)
    finally:
        await there.ask("close", place)
    facts = await _facts(folder)
    return Seen(cell, [type(fact).__name__ for fact in left], facts, shown, ledger)


async def _kill(cell: Cell, there: Exchanges, found: dict[str, Any], folder: Path) -> None:
    place = str(folder / "exchange")
    for fault, value in cell.armed:
        await there.ask("arm", place, fault, value)
    command = COMMANDS.get(cell.point, CREATE)
    async with relay(found["port"], cell.line, command) as (line, port):
        rest = found["addresses"][0].replace(f":{found['port']}/", f":{port}/")
        with _child(folder, "send", cell, {**found, "addresses": [rest, *found["addresses"][1:]]}) as child:
            await _moment(cell, there, line, child, place)
            child.kill()
        if cell.point is Point.AFTER_WRITE and cell.processed:
            await line.deliver()
        if cell.seam in (Point.BEFORE_INTENT, Point.INSIDE_INTENT, Point.AFTER_INTENT, Point.BEFORE_CONNECT):
            assert CREATE not in line.seen


async def _moment(cell: Cell, there: Exchanges, line: Relay, child: Child, place: str) -> None:
    """Come back when everything stands as the cell wants it."""
    if cell.seam is not None:
        await until(lambda: child.says("at the point"), PATIENCE_S, f"that it gets to: {cell.name}")
    elif cell.point is Point.AFTER_RECEIPT:
        await until(lambda: child.says("submitted"), PATIENCE_S, "that it submits")
        assert await there.ask("creates", place, 1) == 1
    if cell.line is not Line.OPEN:
        await until(lambda: _is_kept(line, child), PATIENCE_S, "that the line keeps it")


def _is_kept(line: Relay, child: Child) -> bool:
    """Whether the request or its reply is kept; a program that has ended by itself sends none."""
    assert child.process.poll() is None, child.told.read_text()
    return line.kept.is_set()


async def _start_again(cell: Cell, there: Exchanges, found: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The second program; the exchange does not answer its first question about open orders."""
    place = str(folder / "exchange")
    await there.ask("clear", place)
    await there.ask("answer_nonsense", place, OPEN_ORDERS)
    with _child(folder, "start_again", cell, found) as child:
        if cell.ends is Ends.NOT_FOUND:
            await until(lambda: child.says("later"), PATIENCE_S, "that it has asked often enough")
            await there.ask("arm", place, "clock_ahead", 130)
            child.tell("it is later")
        await until(lambda: child.process.poll() is not None, PATIENCE_S, "that it ends")
        assert child.process.returncode == 0, child.told.read_text()
        shown: dict[str, Any] = json.loads(child.last_words())
        return shown


@contextmanager
def _child(folder: Path, story: str, cell: Cell, found: dict[str, Any]) -> Iterator[Child]:
    told = folder / story
    told.mkdir(parents=True)
    arguments = (story, str(folder / "data"), cell.name, found["key_file"], *found["addresses"])
    with started(told, "tests.crash.child", *arguments) as child:
        yield child


async def _facts(folder: Path) -> tuple[Fact, ...]:
    journal = await SqliteJournal.open(Places(folder / "data", Environment.LOCAL).journal)
    try:
        return await journal.read_all()
    finally:
        await journal.close()
