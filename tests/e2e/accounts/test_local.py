"""LOCAL: an exchange that is a process of its own, and a key that lives in GNOME's real keyring."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from otoco_desktop.domain.errors import KeyringLocked, WayOn
from otoco_desktop.domain.strategy import LegStatus, Phase
from otoco_desktop.settings import Environment
from otoco_desktop.ui.shell.dialogs import Sheet
from otoco_desktop.ui.widgets.buttons import Button
from tests.e2e.accounts.visit import Key, Visit, visiting
from tests.e2e.processes import GRACE_S, ROOT, python
from tests.e2e.stage import BUY, MARK
from tests.e2e.test_submit_and_follow import TO_ENTRY, TO_TARGET
from tests.faults.evidence import Evidence
from tests.leaks import Places, leaks
from tests.vault.desktop import PrivateDesktop

if TYPE_CHECKING:
    import qasync

LOCAL = Environment.LOCAL


@dataclass
class Elsewhere:
    """An exchange that another process runs; ``ask`` moves its price, or just asks for every create it was sent."""

    process: subprocess.Popen[str]
    port: int
    key: Key

    @property
    def arguments(self) -> tuple[str, ...]:
        return "--environment", "local", "--local-endpoint", f"http://127.0.0.1:{self.port}"

    async def ask(self, **order: str) -> list[list[str]]:
        creates: list[list[str]] = (await asyncio.to_thread(self._exchange, order))["creates"]
        return creates

    async def move(self, visit: Visit, price: str) -> None:
        """Move the market, and wait until the window knows."""
        await self.ask(price=price)
        desk = visit.program.desk
        await visit.see(lambda: (quote := desk.state.quote) and quote.mark == Decimal(price), price)

    def _exchange(self, order: dict[str, str]) -> Any:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return told(self.process)


def told(process: subprocess.Popen[str]) -> Any:
    assert process.stdout
    return json.loads(process.stdout.readline())


@contextmanager
def process_of(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    pipe = subprocess.PIPE
    process = subprocess.Popen(python(*arguments), cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=GRACE_S)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Elsewhere]:
    with process_of("tests.e2e.accounts.exchange_child", str(tmp_path / "exchange")) as process:
        found = told(process)
        yield Elsewhere(process, found["port"], Key.read(Path(found["key_file"])))


async def add_key(visit: Visit, key: Key) -> None:
    """From the page of a start without a key to an open desk."""
    await visit.asked()
    await visit.enter_key(LOCAL, key)
    steps = visit.room.flow.key_sheet.form.card
    assert "Connected" in steps.headline.text()
    await visit.keep_key(LOCAL)
    visit.hands.click("Continue with LOCAL")
    await visit.opened(LOCAL, 2)
    await visit.see(lambda: visit.program.desk.state.gate.open, "an open gate")


async def choose_transport(visit: Visit, words: str) -> None:
    visit.hands.press(Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    await visit.see(visit.room.settings.isVisible, "the settings")
    visit.hands.click(f"Send orders over: {words}")
    visit.hands.press(Qt.Key.Key_Escape)
    assert not visit.room.settings.is_open


@pytest.mark.parametrize(("words", "way"), [("REST", "rest"), ("WebSocket", "websocket")])
async def test_one_bracket_with_a_key_from_the_keyring(
    words: str, way: str, elsewhere: Elsewhere, place: PrivateDesktop, tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    data = tmp_path / "data"
    async with visiting(data, *elsewhere.arguments) as visit:
        await add_key(visit, elsewhere.key)
        assert (visit.title(), "LOCAL" in visit.badge()) == ("OTOCO Desktop – LOCAL – Main account", True)
        await choose_transport(visit, words)
        await elsewhere.move(visit, MARK)
        await visit.send(BUY)
        await visit.shows_legs(LegStatus.ACTIVE, LegStatus.WAITING, LegStatus.WAITING)
        await elsewhere.move(visit, TO_ENTRY[BUY.side])
        await visit.reaches(Phase.PROTECTED)
        await elsewhere.move(visit, TO_TARGET[BUY.side])
        await visit.reaches(Phase.CLOSED)
        intent = visit.strategy.intent
        assert await elsewhere.ask() == [[way, intent.order.entry.client_oid]]
        assert intent.transport == way
    async with visiting(data, *elsewhere.arguments) as again:
        await again.opened(LOCAL, 1)
        await again.see(lambda: again.program.desk.state.gate.open, "an open gate with the key that was kept")
        assert again.phase() is Phase.CLOSED
        await again.see(lambda: again.program.desk.state.account is not None, "the account")
    assert len(await elsewhere.ask()) == 1
    places = Places(folders=[data, place.folder])
    assert leaks([elsewhere.key.secret], places) == []


async def test_a_forgotten_key_is_gone(
    elsewhere: Elsewhere, place: PrivateDesktop, tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    data = tmp_path / "data"
    async with visiting(data, *elsewhere.arguments) as visit:
        await add_key(visit, elsewhere.key)
        await visit.ask_page()
        visit.hands.click_on(visit.page.cards[LOCAL].lines[0].forget)
        await visit.see(lambda: visit.program.window.findChild(Sheet), "the question")
        sheet = visit.program.window.findChild(Sheet)
        assert isinstance(sheet, Sheet)
        visit.hands.click_on(next(each for each in sheet.findChildren(Button) if each.text() == "Forget it"))
        await visit.see(lambda: not visit.tenancy._accounts.state.accounts[LOCAL], "no key")
        assert not visit.page.go.isEnabled()
    async with visiting(data, *elsewhere.arguments) as again:
        await again.asked()
        assert not again.page.go.isEnabled()
        assert again.page.reason.text() == "Add a LOCAL key first."
        assert "no LOCAL key" in again.notice() or not again.program.desk.state.gate.open


async def test_the_program_of_its_own_that_ships(
    place: PrivateDesktop, tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    with process_of("otoco_desktop.practice", "--data-dir", str(tmp_path / "exchange"), "--seed", "4") as process:
        found = await asyncio.to_thread(told, process)
        port = found["rest_url"].split(":")[2].partition("/")[0]
        exchange = Elsewhere(process, int(port), Key.read(Path(found["key_file"])))
        async with visiting(tmp_path / "data", *exchange.arguments) as visit:
            await add_key(visit, exchange.key)
            await visit.see(lambda: visit.program.desk.state.quote, "a price")
            await visit.send(replace(BUY, entry="80000.00", stop="78000.00", target="84000.00"))
            await visit.reaches(Phase.WORKING)
            await visit.cancel()
            await visit.reaches(Phase.CLOSED)
            assert visit.chip() == "Cancelled by you"


# Keyrings that are not there, or locked


@pytest.mark.fault(52)
async def test_without_a_keyring_the_key_is_used_until_the_program_closes(
    elsewhere: Elsewhere, bare_place: PrivateDesktop, tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    data = tmp_path / "data"
    async with visiting(data, *elsewhere.arguments) as visit:
        await visit.asked()
        await visit.enter_key(LOCAL, elsewhere.key)
        form = visit.room.flow.key_sheet.form
        await visit.see(form.save.isEnabled, "a key that may be kept")
        visit.hands.click_on(form.save)
        await visit.see(lambda: form.stored.title.text() == "No OS keyring", "the words for it")
        assert "use the key until the program closes" in form.stored.detail.text()
        told = f"{form.stored.title.text()}: {form.stored.detail.text()}"
        evidence.note(52, injected="no keyring on the bus", shown=told, ledger="nothing stored")
        visit.hands.click_on(form.ways.buttons[WayOn.SESSION_ONLY])
        await visit.see(lambda: not visit.room.flow.key_sheet.is_open, "the key held for the session")
        visit.hands.click("Continue with LOCAL")
        await visit.opened(LOCAL, 2)
        await visit.see(lambda: visit.program.desk.state.gate.open, "an open gate")
        await visit.send(BUY)
        await visit.reaches(Phase.WORKING)
    assert leaks([elsewhere.key.api_key, elsewhere.key.secret], Places(folders=[data])) == []
    async with visiting(data, *elsewhere.arguments) as again:
        await again.asked()
        assert not again.page.go.isEnabled()


async def test_a_keyring_that_comes_later_is_found_by_trying_again(
    elsewhere: Elsewhere, bare_place: PrivateDesktop, tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    async with visiting(tmp_path / "data", *elsewhere.arguments) as visit:
        await visit.asked()
        await visit.enter_key(LOCAL, elsewhere.key)
        form = visit.room.flow.key_sheet.form
        await visit.see(form.save.isEnabled, "a key that may be kept")
        visit.hands.click_on(form.save)
        await visit.see(lambda: form.stored.title.text() == "No OS keyring", "the words for it")
        await asyncio.to_thread(bare_place.start_keyring)
        visit.hands.click_on(form.ways.buttons[WayOn.TRY_AGAIN])
        await visit.see(lambda: not visit.room.flow.key_sheet.is_open, "the kept key")
        visit.hands.click("Continue with LOCAL")
        await visit.opened(LOCAL, 2)
        await visit.see(lambda: visit.program.desk.state.gate.open, "an open gate")
    async with visiting(tmp_path / "data", *elsewhere.arguments) as again:
        await again.opened(LOCAL, 1)
        await again.see(lambda: again.program.desk.state.gate.open, "an open gate with the key that was kept")


@pytest.mark.fault(51)
@pytest.mark.filterwarnings("ignore:unclosed <socket.socket:ResourceWarning")  # keyring leaves it when one is locked
async def test_a_locked_keyring_says_so_and_works_once_it_is_unlocked(
    elsewhere: Elsewhere, place: PrivateDesktop, tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    data = tmp_path / "data"
    async with visiting(data, *elsewhere.arguments) as visit:
        await add_key(visit, elsewhere.key)
    await asyncio.to_thread(lock_keyring)
    async with visiting(data, *elsewhere.arguments) as again:
        await again.asked()
        assert again.page.news.text() == str(KeyringLocked())
        evidence.note(51, injected="keyring locked", shown=again.page.news.text(), ledger="nothing asked of it")
        assert again.page.ways.buttons[WayOn.UNLOCK].isVisible()
        assert again.hands.find("Environment", QWidget).isEnabled()
        await asyncio.to_thread(place.unlock)
        again.hands.click("Continue with LOCAL")
        await again.opened(LOCAL, 2)
        await again.see(lambda: again.program.desk.state.gate.open, "an open gate")
        assert again.notice() == ""


def lock_keyring() -> None:
    import secretstorage

    bus = secretstorage.dbus_init()
    secretstorage.get_default_collection(bus).lock()
    bus.close()
