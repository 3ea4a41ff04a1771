"""The desk on real parts: the gateway, the practice exchange over HTTP and websockets, a journal on disk.

The exchange's own ledger is the measure: what the desk believes is compared with it.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from otoco_desktop.app.clock import SystemClock
from otoco_desktop.app.desk import Desk, DeskOptions
from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.events import Intended, Unknown
from otoco_desktop.domain.headline import headline
from otoco_desktop.domain.lifecycle import closing, phase, unprotected_quantity
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.result import result
from otoco_desktop.domain.rules import evaluate
from otoco_desktop.domain.strategy import Closing, Phase, Strategy
from otoco_desktop.domain.timeline import timeline
from otoco_desktop.exchange.endpoints import on_this_computer
from otoco_desktop.exchange.gateway import CryptoComGateway, Pace
from otoco_desktop.exchange.session import Timing
from otoco_desktop.exchange.signing import Signer
from otoco_desktop.exchange.stream import BackOff
from otoco_desktop.journal.store import SqliteJournal
from otoco_desktop.practice.faults import Fault, Loss
from otoco_desktop.practice.thread import PracticeServer
from otoco_desktop.practice.venue import PracticeConfig
from tests.app.fakes import Heard
from tests.waiting import until

if TYPE_CHECKING:
    import qasync

ROOT = Path(__file__).parents[2]
PACE = Pace(Timing(pause_ms=0), BackOff(first=0.02, longest=0.1, patient=0.1))
BUY = OtocoDraft(entry="93000.00", quantity="0.10000", stop="91000.00", target="95000.00")
SELL = OtocoDraft(
    side=Side.SELL,
    entry="93200.00",
    quantity="0.10000",
    stop_market=False,
    stop="95000.00",
    stop_limit="95100.00",
    target_market=False,
    target="91000.00",
    target_limit="91000.00",
)


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[PracticeServer]:
    server = PracticeServer(
        PracticeConfig(data_dir=tmp_path / "exchange", seed=7, market_interval_s=0.02, accept_delay_s=0.005)
    )
    server.start().result(20)
    server.controls.set_price("BTC_USD", "93120.00")
    yield server
    server.stop()


@dataclass(frozen=True)
class AtDesk:
    """An open desk and the exchange behind it."""

    desk: Desk
    heard: Heard
    practice: PracticeServer

    async def submit(self, draft: OtocoDraft = BUY) -> str:
        await until(lambda: self.desk.gate().open, what="gate")
        await until(lambda: self.desk.prepare(draft) is not None, what="a plan that passes")
        confirmed = self.desk.prepare(draft)
        assert confirmed is not None
        strategy_id = await self.desk.submit(confirmed)
        assert strategy_id is not None
        return strategy_id

    def strategy(self, strategy_id: str) -> Strategy:
        return next(item for item in self.desk.state.strategies if item.strategy_id == strategy_id)

    async def reaches(self, strategy_id: str, wanted: Phase) -> None:
        await until(lambda: phase(self.strategy(strategy_id)) is wanted, what=f"{wanted}")

    def move(self, price: str) -> None:
        self.practice.controls.set_price("BTC_USD", price)


@asynccontextmanager
async def at_desk(practice: PracticeServer, path: Path, options: DeskOptions | None = None) -> AsyncIterator[AtDesk]:
    places = practice.start().result(20)
    key = json.loads(places.key_file.read_bytes())
    clock = SystemClock()
    endpoints = on_this_computer(places.rest_url, places.user_url, places.market_url)
    gateway = CryptoComGateway(endpoints, Signer(key["api_key"], key["secret"]), clock, PACE)
    journal = await SqliteJournal.open(path)
    heard = Heard()
    desk = Desk(gateway, journal, clock, "practice", options)
    desk.listen(heard)
    await desk.open()
    try:
        yield AtDesk(desk, heard, practice)
    finally:
        await desk.close()
        await journal.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk" / "journal.sqlite3"


async def test_a_bought_bracket_from_plan_to_target_and_again_after_a_restart(
    practice: PracticeServer, path: Path
) -> None:
    async with at_desk(practice, path) as here:
        strategy_id = await here.submit()
        await until(lambda: headline(here.strategy(strategy_id)) == "Entry is on the book at 93,000.00.")
        here.move("92900.00")
        await here.reaches(strategy_id, Phase.PROTECTED)
        assert headline(here.strategy(strategy_id)).startswith("Entry filled at 93,000.00. Stop 91,000.00 and target")
        here.move("95100.00")
        await here.reaches(strategy_id, Phase.CLOSED)
        done = here.strategy(strategy_id)
        assert closing(done) is Closing.TARGET_FILLED
        gained = result(done)
        fills = practice.controls.ledger().fills
        paid = [fill for fill in fills if fill.side == "BUY"]
        assert gained is not None
        assert gained.fees > 0
        assert sum(fill.quantity for fill in paid) == Decimal("0.1")
    async with at_desk(practice, path) as again:
        assert again.desk.state.strategies == (done,)
        assert timeline(again.strategy(strategy_id)) == timeline(done)


async def test_the_same_on_the_loop_of_the_window(
    qloop: qasync.QEventLoop, practice: PracticeServer, path: Path
) -> None:
    async with at_desk(practice, path) as here:
        strategy_id = await here.submit()
        await here.reaches(strategy_id, Phase.WORKING)
        here.move("92900.00")
        await here.reaches(strategy_id, Phase.PROTECTED)
        await here.desk.cancel(strategy_id)
        await here.reaches(strategy_id, Phase.UNPROTECTED)


async def test_a_sold_bracket_to_its_stop(practice: PracticeServer, path: Path) -> None:
    async with at_desk(practice, path) as here:
        strategy_id = await here.submit(SELL)
        here.move("93300.00")
        await here.reaches(strategy_id, Phase.PROTECTED)
        here.move("95000.00")
        await here.reaches(strategy_id, Phase.CLOSED)
        assert closing(here.strategy(strategy_id)) is Closing.STOPPED
        lost = result(here.strategy(strategy_id))
        assert lost is not None
        assert lost.net < 0


async def test_cancelled_by_the_trader(practice: PracticeServer, path: Path) -> None:
    async with at_desk(practice, path) as here:
        strategy_id = await here.submit(replace(BUY, entry="92000.00"))
        await here.reaches(strategy_id, Phase.WORKING)
        await here.desk.cancel(strategy_id)
        await here.reaches(strategy_id, Phase.CLOSED)
        assert closing(here.strategy(strategy_id)) is Closing.CANCELLED_BY_YOU


async def test_refused_at_submit(practice: PracticeServer, path: Path) -> None:
    async with at_desk(practice, path) as here:
        practice.controls.arm(Fault.REFUSE_CREATE, 306)
        strategy_id = await here.submit()
        assert headline(here.strategy(strategy_id)) == (
            "The exchange refused it: insufficient balance (code 306). Nothing was placed."
        )


async def test_a_lost_reply_is_found_without_sending_again(practice: PracticeServer, path: Path) -> None:
    async with at_desk(practice, path) as here:
        await until(lambda: here.desk.gate().open)
        practice.controls.arm(Fault.LOSE_REPLY_PLACED, Loss.ABORT)
        strategy_id = await here.submit(replace(BUY, entry="92000.00"))
        assert isinstance(here.strategy(strategy_id).outcome, Unknown)
        await here.reaches(strategy_id, Phase.WORKING)
        ours = f"od1-{strategy_id}-e"
        assert sum(ours in seen.client_oids for seen in practice.controls.ledger().creates) == 1


async def test_a_fill_while_the_stream_was_down_is_caught_up(practice: PracticeServer, path: Path) -> None:
    async with at_desk(practice, path) as here:
        strategy_id = await here.submit()
        await here.reaches(strategy_id, Phase.WORKING)
        practice.controls.arm(Fault.MUTE_STREAMS)
        here.move("92900.00")
        practice.controls.beat(5)
        practice.controls.clear(Fault.MUTE_STREAMS)
        practice.controls.disconnect_users()
        await here.reaches(strategy_id, Phase.PROTECTED)
        assert any(item.found_by_check for item in timeline(here.strategy(strategy_id)))


async def test_without_an_order_channel_it_is_followed_by_asking(practice: PracticeServer, path: Path) -> None:
    practice.controls.arm(Fault.ORDER_CHANNELS, ())
    async with at_desk(practice, path) as here:
        await until(lambda: here.desk.state.connection.polling)
        assert "Live updates are off" in here.desk.state.trouble
        strategy_id = await here.submit()
        here.move("92900.00")
        await here.reaches(strategy_id, Phase.PROTECTED)


async def test_a_stop_cancelled_elsewhere_leaves_it_unprotected(practice: PracticeServer, path: Path) -> None:
    async with at_desk(practice, path) as here:
        strategy_id = await here.submit()
        await here.reaches(strategy_id, Phase.WORKING)
        here.move("92900.00")
        await here.reaches(strategy_id, Phase.PROTECTED)
        practice.controls.cancel(f"od1-{strategy_id}-s")
        await here.reaches(strategy_id, Phase.UNPROTECTED)
        assert unprotected_quantity(here.strategy(strategy_id)) == Decimal("0.1")


async def test_repeated_events_are_told_once(practice: PracticeServer, path: Path) -> None:
    practice.controls.arm(Fault.REPEAT_EVENTS, 3)
    async with at_desk(practice, path) as here:
        strategy_id = await here.submit()
        here.move("92900.00")
        await here.reaches(strategy_id, Phase.PROTECTED)
        here.move("95100.00")
        await here.reaches(strategy_id, Phase.CLOSED)
        told = timeline(here.strategy(strategy_id))
        assert len(told) == len({(item.title, item.detail) for item in told})


CHILD = """
import asyncio, json, os, signal, sys
from pathlib import Path
from otoco_desktop.app.clock import SystemClock
from otoco_desktop.app.desk import Desk
from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.exchange.endpoints import on_this_computer
from otoco_desktop.exchange.gateway import CryptoComGateway
from otoco_desktop.exchange.signing import Signer
from otoco_desktop.journal.store import SqliteJournal

rest, user, market, key_file, path, moment = sys.argv[1:]

def die():
    os.kill(os.getpid(), signal.SIGKILL)

class Dying(CryptoComGateway):
    async def create(self, intent):
        if moment == "before the request":
            die()
        outcome = await super().create(intent)
        die()

async def run():
    key = json.loads(Path(key_file).read_bytes())
    clock = SystemClock()
    gateway = Dying(on_this_computer(rest, user, market), Signer(key["api_key"], key["secret"]), clock)
    desk = Desk(gateway, await SqliteJournal.open(Path(path)), clock, "practice")
    await desk.open()
    draft = OtocoDraft(entry="92000.00", quantity="0.10000", stop="91000.00", target="95000.00")
    while (confirmed := desk.prepare(draft)) is None:
        await asyncio.sleep(0.01)
    await desk.submit(confirmed)

asyncio.run(run())
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
@pytest.mark.parametrize("moment", ["before the request", "before the answer was kept"])
async def test_killed_after_submit_the_truth_is_found_at_the_next_start(
    practice: PracticeServer, path: Path, moment: str
) -> None:
    places = practice.start().result(20)
    addresses = (places.rest_url, places.user_url, places.market_url)
    command = [sys.executable, "-c", CHILD, *addresses, str(places.key_file), str(path), moment]
    ended = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, timeout=60, check=False, env=dict(os.environ))
    assert ended.returncode == -signal.SIGKILL
    async with at_desk(practice, path) as here:
        (strategy,) = here.desk.state.strategies
        assert isinstance(strategy.intent, Intended)
        assert isinstance(strategy.outcome, Unknown)
        await until(lambda: here.desk.gate().open, what="gate")
        found = here.strategy(strategy.strategy_id)
        placed = len(practice.controls.ledger().lists)
        assert phase(found) is (Phase.WORKING if placed else Phase.UNKNOWN)
        assert placed == (0 if moment == "before the request" else 1)
        assert len(practice.controls.ledger().creates) == placed
        codes = {finding.code for finding in evaluate(BUY, here.desk.surroundings()).findings}
        assert ("plan.locked" in codes) is not bool(placed)


@pytest.mark.parametrize(
    ("fault", "value", "expected"),
    [
        (Fault.REJECT_ENTRY, 306, Phase.REJECTED),
        (Fault.REJECT_STOP, 306, Phase.UNPROTECTED),
        (Fault.REJECT_TARGET, 306, Phase.UNPROTECTED),
        (Fault.HALF_FILL_STAY, True, Phase.PARTIAL),
        (Fault.HALF_FILL_CANCEL, True, Phase.UNPROTECTED),
        (Fault.PLACE_BUT_REFUSE, 315, Phase.PROTECTED),
        (Fault.REORDER_EVENTS, 4, Phase.PROTECTED),
        (Fault.DELAY_EVENTS, 0.2, Phase.PROTECTED),
    ],
)
async def test_what_may_go_wrong_is_called_by_its_name(
    practice: PracticeServer, path: Path, fault: Fault, value: object, expected: Phase
) -> None:
    async with at_desk(practice, path) as here:
        await until(lambda: here.desk.gate().open)
        practice.controls.arm(fault, value)
        strategy_id = await here.submit()
        await until(lambda: bool(practice.controls.ledger().lists))
        here.move("92900.00")
        await here.reaches(strategy_id, expected)
