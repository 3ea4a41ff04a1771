"""The lock: left alone it closes, says so, and opens again with the key from the keyring."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from otoco_desktop.app.lock import LOCK_WARNING
from otoco_desktop.domain.strategy import Phase
from otoco_desktop.rehearsal.hands import CTRL
from tests.e2e.accounts.test_switching import with_key
from tests.e2e.accounts.visit import Key, exchange, local, visiting
from tests.e2e.stage import BUY
from tests.vault.desktop import PrivateDesktop

if TYPE_CHECKING:
    import qasync

MINUTES_MS = 16 * 60_000
STEP_MS = 20_000
SENTENCE = "Locked. Unlock to submit or cancel."


async def test_left_alone_it_locks_and_the_keyring_opens_it(
    place: PrivateDesktop, tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    async with (
        exchange(tmp_path / "exchange") as (server, found),
        visiting(tmp_path / "data", *local(found), server=server) as visit,
    ):
        await with_key(visit, Key.read(found.key_file))
        await visit.send(BUY)
        await visit.reaches(Phase.WORKING)
        panel = visit.program.window.page.strategies
        await visit.see(lambda: visit.hands.is_open("Cancel strategy"), "a strategy that can be cancelled")
        lock = visit.tenancy._lock
        assert lock is not None
        for _ in range(MINUTES_MS // STEP_MS):  # in steps, for a long one is a computer that slept
            visit.clock.skip(STEP_MS)
            lock._look()
        assert lock.state.sentence == "Locked after a while without use. Unlock to submit or cancel."
        assert visit.room.lock_strip.isVisible()
        assert LOCK_WARNING in visit.room.lock_strip.accessibleName()
        assert not visit.hands.is_open("Cancel strategy")
        assert panel.cancel_button.accessibleDescription() == SENTENCE
        visit.plan(BUY)
        visit.hands.press(Qt.Key.Key_Return, CTRL)
        assert not visit.program.window.review.sheet.is_open
        await visit.see(lambda: visit.why_closed() == f"Can't submit. {SENTENCE}", "why it is closed")
        assert len((await visit.ledger()).creates) == 1
        visit.hands.click_on(visit.room.lock_strip.button)
        await visit.see(lambda: not lock.is_locked, "that it is unlocked")
        assert not visit.room.lock_strip.isVisible()
        await visit.ready()
        await visit.cancel()
        await visit.reaches(Phase.CLOSED)
        await visit.send(BUY)
        await visit.reaches(Phase.WORKING)
        assert len((await visit.ledger()).creates) == 2
