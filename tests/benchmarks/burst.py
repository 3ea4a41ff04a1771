"""A thousand messages a second for a minute, from another process into the whole program, against an idle half minute.

The program has sent forty strategies. In the burst each message is an order event (a hundred fills a
second) or a market event of the chosen instrument. Reported: the 99.9th percentile of the gaps
of a 16 ms timer on the window's thread, idle and flooded; how long the exchange waited for heartbeats; the most that
ever waited to be worked off and to be written; and whether every leg ended with what the exchange's ledger holds.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from PySide6.QtCore import QObject, Qt, QTimer

from otoco_desktop.app.book import MOST_BEHIND
from otoco_desktop.app.state import DeskPort
from otoco_desktop.domain.draft import QuantityMode
from otoco_desktop.domain.events import Acknowledged
from otoco_desktop.exchange.session import Session
from otoco_desktop.exchange.stream import MAX_WAITING
from otoco_desktop.main import application, in_loop
from otoco_desktop.program import Program
from otoco_desktop.ui.shell.theme import Theme
from tests.benchmarks.measure import Fact, Row, Samples
from tests.benchmarks.running import Apart, exchange_apart, running_program, until
from tests.ui.fakes import PLAN

STRATEGIES = 40
BURST_S = 60
IDLE_S = 30
GAP_MS = 16
SEND_EVERY_S = 0.25
"""Slower than the exchange's limit on requests."""

BUDGET = "p99.9 ratio <= 2"


@dataclass(slots=True)
class Heard:
    """What came in, the most messages that ever waited to be worked off, and facts to be written."""

    messages: int = 0
    queued: int = 0
    waiting: int = 0


@dataclass(slots=True)
class Beats:
    """Gaps of a timer on the window's thread, in milliseconds."""

    gaps: list[float] = field(default_factory=list)
    last: float = 0.0

    def note(self) -> None:
        now = time.perf_counter()
        if self.last:
            self.gaps.append((now - self.last) * 1_000)
        self.last = now


def rows() -> list[Row | Fact]:
    app, theme = application()
    with exchange_apart("tests.benchmarks.burst_server") as exchange:
        return in_loop(app, lambda: _measure(theme, exchange))


async def _measure(theme: Theme, exchange: Apart) -> list[Row | Fact]:
    async with running_program(theme, exchange.venue) as program:
        await _send_all(program.desk)
        idle = await _beats(program.window, asyncio.sleep(IDLE_S))
        with _listening(program) as heard:
            used = time.process_time()
            burst = asyncio.create_task(asyncio.to_thread(exchange.ask, str(BURST_S)))
            flooded = await _beats(program.window, burst)
            used = time.process_time() - used
            told = json.loads(burst.result())
            began = time.perf_counter()
            lost = await _lost(program.desk, told["filled"])
            behind = time.perf_counter() - began
    return [
        Row("longest gaps, flooded against idle (p99.9)", _worst(flooded), _worst(idle), BUDGET),
        Row("all gaps of a 16 ms timer, flooded against idle", Samples(tuple(flooded)), Samples(tuple(idle))),
        Fact("messages heard", heard.messages / BURST_S, "a second"),
        Fact("order events sent by the exchange", told["fills"] / BURST_S, "a second"),
        Fact("CPU used by the flooded program", used / BURST_S * 100, "% of one core"),
        Fact("heartbeat answered, at worst", max(told["heartbeats"], default=float("inf")) * 1_000, "ms, budget 1,000"),
        Fact("messages waiting to be worked off, at most", heard.queued, f"of one stream, cap {MAX_WAITING}"),
        Fact("facts waiting for the disk, at most", heard.waiting, f"facts, the exchange waits at {MOST_BEHIND}"),
        Fact("legs that differ from the ledger in the end", lost, "legs, budget 0"),
        Fact("known this long after the last event", behind * 1_000, "ms"),
    ]


async def _send_all(desk: DeskPort) -> None:
    """Entries far below the price, which the exchange fills only when told to."""
    for number in range(STRATEGIES):
        entry = Decimal("80000.00") - 10 * number
        plan = replace(PLAN, entry=str(entry), quantity_mode=QuantityMode.QUANTITY, quantity="0.00500")
        plan = replace(plan, stop="70000.00", target="97000.00", target_limit="", target_market=True)
        confirmed = desk.prepare(plan)
        if confirmed is None:
            raise RuntimeError(f"plan {number} is not ready to send")
        await desk.submit(confirmed)
        await asyncio.sleep(SEND_EVERY_S)
    sent = desk.state.strategies
    if not all(isinstance(strategy.outcome, Acknowledged) for strategy in sent):
        raise RuntimeError(f"not every strategy was taken: {sent[-1].outcome}, {sent[0].outcome}")


async def _beats(parent: QObject, work: Any) -> list[float]:
    """The timer's gaps while this work goes on."""
    beats = Beats()
    timer = QTimer(parent, interval=GAP_MS, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(beats.note)
    timer.start()
    await work
    timer.stop()
    return beats.gaps


@contextmanager
def _listening(program: Program) -> Iterator[Heard]:
    heard, receive = Heard(), Session.receive
    desk: Any = program.desk._desk
    book, gateway = desk._book, desk._kit.gateway
    streams = (gateway._user_stream, gateway._market_stream)

    def noted(session: Session, text: str | bytes, now_ms: int) -> Any:
        heard.messages += 1
        heard.queued = max(heard.queued, *(stream.waiting for stream in streams))
        heard.waiting = max(heard.waiting, len(book._backlog))
        return receive(session, text, now_ms)

    with patch.object(Session, "receive", noted):
        yield heard


async def _lost(desk: DeskPort, ledger: dict[str, str]) -> int:
    """How many legs do not hold what the exchange's ledger holds, once nothing more comes."""

    def differing() -> int:
        known = {
            leg.client_oid: strategy.legs[leg.role].latest
            for strategy in desk.state.strategies
            for leg in strategy.intent.order.legs
            if leg.role in strategy.legs
        }
        told = {oid: report.filled if report else Decimal(0) for oid, report in known.items()}
        return sum(told.get(oid, Decimal(0)) != Decimal(filled) for oid, filled in ledger.items())

    try:
        await until(lambda: not differing(), "the ledger's amounts")
    except RuntimeError:
        return differing()
    return 0


def _worst(gaps: list[float]) -> Samples:
    """The gap that one in a thousand exceeds, as the one figure."""
    ordered = sorted(gaps)
    return Samples((ordered[min(len(ordered) - 1, int(len(ordered) * 0.999))],))
