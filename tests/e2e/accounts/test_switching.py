"""From one environment to another within one process: nothing of the one is seen in the other."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from otoco_desktop.domain.strategy import Phase
from otoco_desktop.practice.faults import Fault, Loss
from otoco_desktop.practice.thread import PracticeServer
from otoco_desktop.settings import Environment, Places
from otoco_desktop.ui.accounts.room import STILL_SENDING
from tests.e2e.accounts.visit import Key, Visit, exchange, local, visiting
from tests.e2e.stage import BUY
from tests.vault.desktop import PrivateDesktop

if TYPE_CHECKING:
    import qasync

LOCAL, PRACTICE = Environment.LOCAL, Environment.PRACTICE


async def with_key(visit: Visit, key: Key) -> None:
    await visit.asked()
    await visit.enter_key(LOCAL, key)
    await visit.keep_key(LOCAL)
    visit.hands.click("Continue with LOCAL")
    await visit.opened(LOCAL, 2)
    await visit.ready()


async def test_there_and_back(place: PrivateDesktop, tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    data = tmp_path / "data"
    async with (
        exchange(tmp_path / "exchange") as (server, found),
        visiting(data, *local(found), server=server) as visit,
    ):
        await with_key(visit, Key.read(found.key_file))
        await visit.send(BUY)
        await visit.reaches(Phase.WORKING)
        sent = visit.strategy.intent.strategy_id
        visit.server = None
        await visit.ask_page()
        await visit.go_to(PRACTICE)
        assert visit.title() == "OTOCO Desktop – PRACTICE"
        assert "PRACTICE" in visit.badge()
        assert visit.phase() is None
        await visit.ready()
        await visit.send(BUY)
        await visit.reaches(Phase.WORKING)
        assert len(await visit_ledger(server)) == 1
        await visit.ask_page()
        assert not any("in use" in line.radio.accessibleName() for line in visit.page.cards[LOCAL].lines)
        await visit.go_to(LOCAL)
        assert visit.title() == "OTOCO Desktop – LOCAL – Main account"
        assert [known.intent.strategy_id for known in visit.strategies] == [sent]
        await visit.see(lambda: visit.program.desk.state.gate.open, "an open gate")
        await visit.ask_page()
        await visit.go_to(PRACTICE)
        assert len(visit.strategies) == 1
        assert visit.phase() is Phase.WORKING
        assert len(visit.runs) == 5
    journals = [Places(data, each).journal for each in (LOCAL, PRACTICE)]
    assert all(journal.stat().st_size for journal in journals)
    assert visit.ended == 0


async def visit_ledger(server: PracticeServer) -> tuple[object, ...]:
    return (await asyncio.to_thread(server.controls.ledger)).creates


async def test_nobody_leaves_while_a_plan_is_on_its_way(
    place: PrivateDesktop, tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    async with (
        exchange(tmp_path / "exchange") as (server, found),
        visiting(tmp_path / "data", *local(found), server=server) as visit,
    ):
        await with_key(visit, Key.read(found.key_file))
        visit.arm(Fault.LOSE_REPLY_UNPLACED, Loss.SILENCE)
        await visit.send(BUY)
        assert visit.phase() is Phase.INTENT
        visit.hands.click_on(visit.program.window.top_bar.badge)
        assert STILL_SENDING in [message.text for message in visit.program.window.toasts.log]
        assert not visit.room.is_asking
        await visit.reaches(Phase.UNKNOWN)
        await visit.ask_page()
        visit.hands.click_on(visit.page.cards[PRACTICE].radio)
        assert visit.page.go.isEnabled()
        assert len((await visit.ledger()).creates) == 1
