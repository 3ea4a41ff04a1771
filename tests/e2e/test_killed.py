"""SIGKILL between Submit and the reply: the next start finds the truth before it opens Submit again."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from otoco_desktop.app.state import DeskState, Gate
from otoco_desktop.domain.events import Intended
from otoco_desktop.domain.market import Quote
from otoco_desktop.domain.strategy import Phase, Strategy
from otoco_desktop.practice.faults import Fault, Loss, RawReply
from otoco_desktop.practice.thread import Endpoints, PracticeServer
from otoco_desktop.wiring import RunningPractice
from tests.e2e.processes import started
from tests.e2e.records import facts_in
from tests.e2e.stage import BUY, Stage, held_market, on_stage
from tests.waiting import until

if TYPE_CHECKING:
    import qasync

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL belongs to POSIX")
OPEN_ORDERS = "private/advanced/get-open-orders"
CHECKING = "1 strategy was being sent when the app stopped. Checking with the exchange."


@dataclass
class Gates:
    """Everything the desk ever said about its gate."""

    heard: list[Gate] = field(default_factory=list)

    def desk_changed(self, state: DeskState) -> None:
        self.heard.append(state.gate)

    def quote_changed(self, quote: Quote) -> None: ...

    def strategy_changed(self, strategy: Strategy) -> None: ...


@dataclass(frozen=True)
class Exchange:
    """A practice exchange that outlives the program."""

    server: PracticeServer
    found: Endpoints

    @property
    def venue(self) -> RunningPractice:
        return RunningPractice((self.found.rest_url, self.found.user_url, self.found.market_url), self.found.key_file)


@asynccontextmanager
async def exchange(folder: Path) -> AsyncIterator[Exchange]:
    server = PracticeServer(held_market(folder))
    try:
        yield Exchange(server, await asyncio.wrap_future(server.start()))
    finally:
        await asyncio.to_thread(server.stop)


async def kill_while_sending(there: Exchange, folder: Path, fault: Fault) -> None:
    """Have a program submit; end it once the exchange has its request, and before any reply."""
    controls = there.server.controls
    controls.arm(fault, Loss.SILENCE)
    addresses = (there.found.rest_url, there.found.user_url, there.found.market_url, str(there.found.key_file))
    with started(folder, "tests.e2e.child", "send", str(folder / "data"), *addresses) as child:
        await until(lambda: child.says("submitted"), 30, "that the child submits")
        await until(lambda: len(controls.ledger().creates) == 1, 10, "the create")
        child.kill()
    assert [type(fact) for fact in await facts_in(folder / "data")] == [Intended]


async def start_again(stage: Stage, there: Exchange) -> Gates:
    """The second program; the exchange does not answer its first question about open orders."""
    gates = Gates()
    stage.program.desk.listen(gates)
    await stage.see(lambda: Gate(open=False, reason=CHECKING) in gates.heard, CHECKING)
    await stage.ready()
    return gates


@pytest.mark.parametrize(("fault", "placed"), [(Fault.LOSE_REPLY_PLACED, True), (Fault.LOSE_REPLY_UNPLACED, False)])
async def test_killed_after_submit(fault: Fault, placed: bool, tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with exchange(tmp_path / "exchange") as there:
        await kill_while_sending(there, tmp_path, fault)
        controls = there.server.controls
        controls.arm_raw(OPEN_ORDERS, RawReply(b"<html>"))
        async with on_stage(tmp_path / "data", venue=there.venue, server=there.server, ready=False) as stage:
            gates = await start_again(stage, there)
            assert not any(gate.open for gate in gates.heard[: gates.heard.index(Gate(open=False, reason=CHECKING))])
            await (found(stage) if placed else not_found(stage))
        assert len(controls.ledger().creates) == 1
        assert len(controls.ledger().lists) == int(placed)


async def found(stage: Stage) -> None:
    await stage.reaches(Phase.WORKING)
    assert stage.strategy.list_id == (await stage.legs_there())[0].list_id
    assert stage.chip() == "Entry working"


async def not_found(stage: Stage) -> None:
    """Nobody knows; the same side of the pair stays locked, and nothing is called rejected."""
    await stage.reaches(Phase.UNKNOWN)
    assert stage.banner()
    stage.plan(BUY)
    await stage.see(lambda: "Can't submit" in stage.why_closed(), "the lock")
