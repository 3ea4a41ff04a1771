"""A whole session at DEBUG against an exchange in a process of its own: afterwards key and secret are nowhere.

The secret's only home is the exchange's key file, which stands in for the keyring. While the desk is locked, not even
the memory of this process holds it.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from pathlib import Path
from types import ModuleType

import pytest

from otoco_desktop import logs
from otoco_desktop.app.account_keeper import Accounts, AccountsNeeds
from otoco_desktop.app.clock import SystemClock
from otoco_desktop.app.desk import Desk, DeskOptions
from otoco_desktop.app.lock import Lock, LockNeeds
from otoco_desktop.app.preferences import ChosenPreferences
from otoco_desktop.app.probe import ConnectionTest
from otoco_desktop.domain.credentials import Credentials
from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.errors import KeyLocked
from otoco_desktop.domain.lifecycle import phase
from otoco_desktop.domain.money import plain, round_to_step
from otoco_desktop.domain.preferences import Preferences
from otoco_desktop.domain.strategy import Phase
from otoco_desktop.exchange.endpoints import Endpoints, on_this_computer
from otoco_desktop.exchange.gateway import CryptoComGateway
from otoco_desktop.exchange.probe import ExchangeProber, Waits
from otoco_desktop.exchange.session import Timing
from otoco_desktop.exchange.signing import Signer
from otoco_desktop.journal.store import SqliteJournal
from otoco_desktop.knowledge_file import KnowledgeFiles
from otoco_desktop.preferences_file import PreferencesFile
from otoco_desktop.settings import Environment, Places
from otoco_desktop.vault.session_vault import SessionVault
from tests.contracts.test_gateway_on_practice import PACE
from tests.leaks import Places as LeakPlaces
from tests.leaks import leaks
from tests.practice.test_alone import alone
from tests.waiting import until

LOCAL = Environment.LOCAL


class KeyFileVault(SessionVault):
    """A keyring whose one entry is the exchange's key file: it is read anew each time and kept nowhere."""

    def __init__(self, key_file: Path) -> None:
        super().__init__(LOCAL.value)
        self._key_file = key_file

    async def load(self, account: str) -> Credentials:
        assert account == "main"
        return _read(self._key_file)


def _read(key_file: Path) -> Credentials:
    key = json.loads(key_file.read_text("utf-8"))
    return Credentials(key["api_key"], key["secret"])


@dataclass
class Stage:
    """Everything behind the window."""

    folder: Path
    accounts: Accounts
    gateway: CryptoComGateway
    desk: Desk
    lock: Lock
    preferences: ChosenPreferences

    async def submit(self, factor: str) -> str:
        """A plan whose entry lies this far from the market."""
        await until(lambda: self.desk.gate().open and self.desk.state.quote is not None)
        await until(lambda: self.desk.state.account is not None and self._mark() is not None)
        entry = round_to_step((self._mark() or Decimal(0)) * Decimal(factor), Decimal("0.01"), ROUND_FLOOR)
        draft = OtocoDraft(entry=plain(entry), quantity="0.01000", stop="2%", target="5%", tag="range")
        confirmed = self.desk.prepare(draft)
        assert confirmed is not None, self.desk.gate()
        strategy_id = await self.desk.submit(confirmed)
        assert strategy_id is not None
        return strategy_id

    def phase(self, strategy_id: str) -> Phase:
        return phase(next(item for item in self.desk.state.strategies if item.strategy_id == strategy_id))

    def _mark(self) -> Decimal | None:
        return self.desk.state.quote.mark if self.desk.state.quote else None


@pytest.fixture
def talkative(tmp_path: Path) -> Iterator[Path]:
    """The program's own log, as detailed as it goes."""
    root = logging.getLogger()
    level = root.level
    before = {name: logging.getLogger(name).level for name in logs.QUIET}
    logs.set_up(tmp_path / "logs", logging.DEBUG)
    yield tmp_path / "logs" / "otoco.log"
    logs.shut_down()
    root.setLevel(level)
    for name, its in before.items():
        logging.getLogger(name).setLevel(its)


@asynccontextmanager
async def on_stage(folder: Path, endpoints: Endpoints, key_file: Path) -> AsyncIterator[Stage]:
    clock, places = SystemClock(), Places(folder, LOCAL)
    knowledge = KnowledgeFiles(lambda name: folder / name)
    test = ConnectionTest(
        lambda _environment, credentials: ExchangeProber(
            endpoints, credentials.lend(Signer), clock, Waits(timing=Timing(pause_ms=0))
        ),
        clock,
        knowledge,
    )
    accounts = Accounts(AccountsNeeds({LOCAL: KeyFileVault(key_file)}, {LOCAL: SessionVault("local")}, test, knowledge))
    gateway = CryptoComGateway(endpoints, (await accounts.load(LOCAL, "main")).hand_over(Signer), clock, PACE)
    preferences = ChosenPreferences(PreferencesFile(places.home / "preferences.json"))
    lock = Lock(clock, asyncio.sleep, LockNeeds(gateway, lambda: accounts.load(LOCAL, "main"), lambda: 15))
    journal = await SqliteJournal.open(places.journal)
    options = DeskOptions(
        account=gateway.account_fingerprint,
        preferences=lambda: preferences.current,
        is_locked=lambda: lock.is_locked,
    )
    desk = Desk(gateway, journal, clock, LOCAL.value, options)
    await desk.open()
    try:
        yield Stage(folder, accounts, gateway, desk, lock, preferences)
    finally:
        await desk.close()
        await journal.close()
        await preferences.close()
        await accounts.close()


async def test_key_and_secret_are_nowhere(
    tmp_path: Path, talkative: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    home = tmp_path / "exchange"
    with alone(home, "--seed", "3") as process:
        assert process.stdout is not None
        line = json.loads(await asyncio.to_thread(process.stdout.readline))
        key_file = Path(line["key_file"])
        endpoints = on_this_computer(line["rest_url"], line["user_url"], line["market_url"])
        async with on_stage(tmp_path / "data", endpoints, key_file) as stage:
            shown = await a_session(stage, key_file)
        pids = [process.pid, os.getpid()] if sys.platform.startswith("linux") else []
        printed = capfd.readouterr()
        texts = {"caplog": caplog.text, "stdout": printed.out, "stderr": printed.err, "shown": shown}
        look_at = LeakPlaces([tmp_path / "data", tmp_path / "logs"], texts, pids)
        secrets = _read(key_file).lend(lambda key, secret: (key, secret))
        assert leaks(secrets, look_at) == []
    assert "a slot failed" in talkative.read_text("utf-8")  # noqa: ASYNC240 - nothing else runs any more
    planted = tmp_path / "data" / "local" / "planted.log"
    planted.write_text(secrets[1])
    assert leaks(secrets, look_at_files(tmp_path)) == [f"file {planted} (plain)"]


def look_at_files(folder: Path) -> LeakPlaces:
    return LeakPlaces([folder / "data"])


async def a_session(stage: Stage, key_file: Path) -> str:
    """Test, trade, change settings, fail, lock, look into the memory, unlock, cancel. Gives every text on the way."""
    report = await stage.accounts.test_kept(LOCAL, "main", lambda _report: None)
    assert report is not None
    assert report.passed, report.failed
    waiting = await stage.submit("0.95")
    await until(lambda: stage.phase(waiting) is Phase.WORKING)
    stage.preferences.change(Preferences(trade_limit=Decimal(50)))
    stage.lock.lock()
    with pytest.raises(KeyLocked) as refused:
        await stage.desk.cancel(waiting)
    try:
        raise RuntimeError("as a defect would", stage.gateway, stage.accounts)
    except RuntimeError:
        logging.getLogger("otoco_desktop").exception("a slot failed")
    gc.collect()
    assert held_in_memory(key_file) == []
    planted = _read(key_file)
    assert held_in_memory(key_file) == ["Credentials holds str"]
    planted.drop()
    assert await stage.lock.unlock()
    await until(lambda: stage.desk.gate().open)
    await stage.desk.cancel(waiting)
    await until(lambda: stage.phase(waiting) is Phase.CLOSED)
    told = [repr(report), stage.accounts.report_text(report), repr(refused.value), repr(stage.desk.state)]
    return "\n".join([*told, repr(stage.accounts.state), repr(vars(stage.gateway)), repr(stage.lock.state)])


def held_in_memory(key_file: Path) -> list[str]:
    """What holds a text with the secret in it, among everything the collector knows.

    What a module holds is in its dictionary, which the collector knows, too. Of the module itself CPython 3.12.1
    follows a free list of asyncio without end.
    """
    found = []
    mirrored = _read(key_file).hand_over(lambda _key, secret: secret[::-1])
    for holder in gc.get_objects():
        if isinstance(holder, ModuleType):
            continue
        for held in gc.get_referents(holder):
            if isinstance(held, str | bytes) and _mirrors(held, mirrored):
                found.append(f"{type(holder).__name__} holds {type(held).__name__}")
    return found


def _mirrors(held: str | bytes, mirrored: str) -> bool:
    """Whether the secret stands in this text; compared backwards, so that looking brings no copy of it about."""
    if len(held) < len(mirrored) or len(held) > 10_000:
        return False
    return mirrored in held[::-1] if isinstance(held, str) else mirrored.encode() in held[::-1]
