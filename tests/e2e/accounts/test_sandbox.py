"""SANDBOX: its look, its own hosts, journal and keyring entry; and the lock, by hand and after a sleep."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from otoco_desktop import wiring
from otoco_desktop.domain.strategy import Phase
from otoco_desktop.exchange.endpoints import LIVE as LIVE_HOSTS
from otoco_desktop.exchange.endpoints import SANDBOX as SANDBOX_HOSTS
from otoco_desktop.rehearsal.hands import CTRL
from otoco_desktop.settings import Environment, Places
from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.live_band import LiveBand
from otoco_desktop.ui.shell.tokens import Token
from tests.e2e.accounts.test_live import live_peer, with_key
from tests.e2e.accounts.visit import Visit, visiting
from tests.e2e.stage import BUY
from tests.vault.desktop import PrivateDesktop

if TYPE_CHECKING:
    import qasync

SANDBOX, LIVE, PRACTICE = Environment.SANDBOX, Environment.LIVE, Environment.PRACTICE
SLEPT_MS = 2 * 3_600_000


def test_its_hosts_are_the_exchanges_own_test_system() -> None:
    assert wiring.endpoints(SANDBOX, None) is SANDBOX_HOSTS
    assert SANDBOX_HOSTS.is_encrypted
    assert SANDBOX_HOSTS.rest != LIVE_HOSTS.rest


async def test_a_trade_on_the_sandbox_and_the_lock_over_its_key(
    place: PrivateDesktop, tmp_path: Path, qloop: qasync.QEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    async with (
        live_peer(tmp_path / "peer", monkeypatch) as peer,
        visiting(data, "--environment", "sandbox", server=peer.server) as visit,
    ):
        await with_key(visit, peer.key, SANDBOX)
        looks_like_the_sandbox(visit)
        await visit.send(BUY)
        await visit.reaches(Phase.WORKING)
        lock = visit.tenancy._lock
        assert lock is not None
        await locks(visit, lambda: visit.hands.press(Qt.Key.Key_L, CTRL), "Locked by you.")
        await locks(visit, lambda: visit.clock.skip(SLEPT_MS), "Locked because the computer slept.")
        await visit.cancel()
        await visit.reaches(Phase.CLOSED)
        assert len((await visit.ledger()).creates) == 1
        assert visit.strategy.intent.environment == SANDBOX.value
    assert Places(data, SANDBOX).journal.stat().st_size
    assert not any(Places(data, each).journal.exists() for each in (LIVE, PRACTICE))
    assert await asyncio.to_thread(entries) == [("otoco-desktop", "sandbox/Main account")]


def looks_like_the_sandbox(visit: Visit) -> None:
    window = visit.program.window
    assert visit.title() == "OTOCO Desktop – SANDBOX – Main account"
    assert visit.badge().startswith("Environment: SANDBOX, test money")
    assert window.findChild(LiveBand) is None
    assert window.status.notice.startswith("Sandbox account: test money on the exchange test system.")
    picture = window.top_bar.badge.grab().toImage()
    shown = {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}
    assert theme.color(Token.SAND).name() in shown


async def locks(visit: Visit, how: Callable[[], object], words: str) -> None:
    """Locked, nothing can be submitted or cancelled; the button that asks for it unlocks with the kept key."""
    lock = visit.tenancy._lock
    assert lock is not None
    how()
    lock._look()  # the program looks every five seconds
    await visit.see(lambda: lock.state.sentence.startswith(words), words)
    assert not visit.hands.is_open("Cancel strategy")
    await visit.see(lambda: "Unlock" in visit.why_closed(), "why it is closed")
    visit.hands.click_on(visit.room.lock_strip.button)
    await visit.see(lambda: not lock.is_locked, "that it is unlocked")
    await visit.ready()
    await visit.see(lambda: visit.hands.is_open("Cancel strategy"), "a strategy that can be cancelled")


def entries() -> list[tuple[str, str]]:
    """Service and user name of everything in the keyring."""
    import secretstorage

    bus = secretstorage.dbus_init()
    found = [item.get_attributes() for item in secretstorage.get_default_collection(bus).get_all_items()]
    bus.close()
    return [(each["service"], each["username"]) for each in found]
