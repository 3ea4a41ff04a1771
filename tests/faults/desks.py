"""Desks that trade through a proxy of their own on one practice exchange, all of them on one clock."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

import httpx
import pytest

from otoco_desktop.app.clock import SystemClock
from otoco_desktop.app.desk import Desk, DeskOptions
from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.events import RequestStamp
from otoco_desktop.domain.lifecycle import phase
from otoco_desktop.domain.order import LegRole, client_oid
from otoco_desktop.domain.strategy import Phase, Strategy
from otoco_desktop.domain.transport import Transport
from otoco_desktop.exchange.clock import Stamps
from otoco_desktop.exchange.endpoints import on_this_computer
from otoco_desktop.exchange.gateway import CryptoComGateway, Pace
from otoco_desktop.exchange.session import Timing
from otoco_desktop.exchange.signing import Signer
from otoco_desktop.exchange.stream import BackOff
from otoco_desktop.journal.store import SqliteJournal
from otoco_desktop.practice.clock import SystemClock as ExchangeClock
from otoco_desktop.practice.controls import Ledger
from otoco_desktop.practice.model import Leg
from otoco_desktop.practice.thread import PracticeServer
from otoco_desktop.practice.venue import PracticeConfig
from tests.faults.proxy import FaultProxy
from tests.waiting import until

DRAFT = OtocoDraft(entry="92000.00", quantity="0.00100", stop="91000.00", target="95000.00")
REPLY_MS = 300
PACE = Pace(Timing(pause_ms=0, reply_ms=REPLY_MS), BackOff(first=0.02, longest=0.1, patient=0.1))
HURRY = 40


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence is given up after a moment, and our own rate limit, which nobody here enforces, is wide."""
    times = httpx.Timeout(connect=2.0, write=2.0, read=REPLY_MS / 1000, pool=2.0)
    monkeypatch.setattr("otoco_desktop.exchange.transport.TIMEOUTS", times)
    monkeypatch.setattr("otoco_desktop.exchange.limits.WINDOW_MS", 10)


async def hurriedly(seconds: float) -> None:
    """The desk's own pauses, forty times as fast."""

    await asyncio.sleep(seconds / HURRY)


class SharedClock(SystemClock):
    """The wall clock of the desks and of their exchange, which can be moved on for all of them at once."""

    def __init__(self) -> None:
        self.skipped_ms = 0

    def wall_ms(self) -> int:
        return super().wall_ms() + self.skipped_ms


class TheirClock(ExchangeClock):
    """The exchange's view of the shared clock."""

    def __init__(self, shared: SharedClock) -> None:
        self._shared = shared

    def time_ns(self) -> int:
        return time.time_ns() + self._shared.skipped_ms * 1_000_000


@dataclass(frozen=True)
class Sea:
    """One exchange, its clock, and a place for journals."""

    server: PracticeServer
    clock: SharedClock
    folder: Path

    @property
    def ledger(self) -> Ledger:
        return self.server.controls.ledger()


@contextmanager
def _stamps_apart() -> Iterator[None]:
    """No two desks stamp a request alike, though they share one key: the exchange refuses a repetition (40006)."""
    given, lock, stamp_of = set[int](), threading.Lock(), Stamps.next

    def next_apart(stamps: Stamps) -> RequestStamp:
        with lock:
            stamp = stamp_of(stamps)
            while stamp.nonce in given:
                stamp = stamp_of(stamps)
            given.add(stamp.nonce)
        return stamp

    with patch.object(Stamps, "next", next_apart):
        yield


@contextmanager
def at_sea(folder: Path) -> Iterator[Sea]:
    """A practice exchange with an account that is large enough for everything at once."""
    clock = SharedClock()
    config = PracticeConfig(folder / "exchange", seed=7, market_interval_s=0.05, accept_delay_s=0.005)
    rich = replace(config, balances={"USD": Decimal(10_000_000), "BTC": Decimal(100)})
    server = PracticeServer(rich, TheirClock(clock))
    server.start().result(20)
    server.controls.set_price("BTC_USD", "93120.00")
    try:
        with _stamps_apart():
            yield Sea(server, clock, folder)
    finally:
        server.stop()


@dataclass(frozen=True)
class Boat:
    """One desk and the proxy it trades through."""

    sea: Sea
    proxy: FaultProxy
    desk: Desk

    async def submit(self) -> None:
        """Send the one plan of this desk."""
        await until(lambda: self.desk.gate().open, what="an open gate")
        await until(lambda: self.desk.prepare(DRAFT) is not None, what="a plan that passes")
        confirmed = self.desk.prepare(DRAFT)
        assert confirmed is not None
        assert await self.desk.submit(confirmed) is not None

    @property
    def strategy(self) -> Strategy:
        (strategy,) = self.desk.state.strategies
        return strategy

    @property
    def phase(self) -> Phase:
        return phase(self.strategy)

    def placed(self, ledger: Ledger) -> tuple[Leg, ...]:
        """The entries of this desk's lists on the exchange: none or one, whatever happens."""
        ours = client_oid(self.strategy.strategy_id, LegRole.ENTRY)
        entries = tuple(family[0] for family in ledger.lists if family[0].client_oid == ours)
        assert len(entries) <= 1, "two lists of one plan"
        assert sum(ours in seen.client_oids for seen in ledger.creates) <= 1, "a create was sent twice"
        return entries


@asynccontextmanager
async def afloat(sea: Sea, name: str, transport: Transport) -> AsyncIterator[Boat]:
    """An open desk with a journal on disk, whose every byte goes through its own proxy."""
    places = sea.server.start().result(20)
    key = json.loads(places.key_file.read_bytes())
    options = DeskOptions(sleep=hurriedly, transport=lambda: transport)
    with FaultProxy(places.port) as proxy:
        urls = [
            url.replace(f":{places.port}/", f":{proxy.port}/")
            for url in (places.rest_url, places.user_url, places.market_url)
        ]
        gateway = CryptoComGateway(on_this_computer(*urls), Signer(key["api_key"], key["secret"]), sea.clock, PACE)
        journal = await SqliteJournal.open(sea.folder / "desks" / f"{name}.sqlite3")
        desk = Desk(gateway, journal, sea.clock, "practice", options)
        await desk.open()
        try:
            yield Boat(sea, proxy, desk)
        finally:
            await desk.close()
            await journal.close()
