"""From the confirming click to the last byte handed over, the journal's commit excluded, against a bare httpx POST.

Ours begins with the release of the mouse over the review sheet's Submit button in the shipped program and ends when
httpcore reports ``send_request_body.complete``. What lies between: the confirmation is spent, the sheet says
"Sending", the intent is committed (the time from asking the journal until its thread has stored it is taken off;
the way back to the loop is ours), the strategy is told to the window, the plan is judged
again, signed, serialised and written. The floor posts the same bytes with a bare client over its own warm connection,
on the same loop, to the same server in another process, in turn with ours.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import httpx
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from otoco_desktop.domain.draft import QuantityMode
from otoco_desktop.domain.events import Acknowledged, Fact, Intended
from otoco_desktop.exchange import rest, transport
from otoco_desktop.exchange.requests import Method, signed_body
from otoco_desktop.journal import store
from otoco_desktop.journal.store import SqliteJournal
from otoco_desktop.main import application, in_loop
from otoco_desktop.program import Program
from otoco_desktop.ui.shell.theme import Theme
from otoco_desktop.wiring import RunningPractice
from tests.benchmarks.measure import Row, Samples
from tests.benchmarks.running import exchange_apart, running_program, until
from tests.ui.fakes import PLAN

SENDS = 60
WARM_UP = 3
PATH = "private/advanced/create-otoco"
OPENING_S = 0.55
"""The sheet takes no confirmation in its first half second."""

SETTLE_S = 0.1
HEADERS = {"Content-Type": "application/json"}
BUDGET = "ratio <= 1.3"
LEFT_BUTTON = Qt.MouseButton.LeftButton


@dataclass(slots=True)
class Probe:
    """What is noted of one send: nanoseconds of the performance counter, and the body that left."""

    left_ns: int = 0
    commit_began_ns: int = 0
    commit_ns: int = 0
    body: bytes = b""


@dataclass(slots=True)
class Measured:
    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    commits: list[float] = field(default_factory=list)


def rows() -> list[Row]:
    app, theme = application()
    with exchange_apart() as exchange:
        found = in_loop(app, lambda: _measure(theme, exchange.venue))
    ours, bare, commits = (Samples(tuple(kept[WARM_UP:])) for kept in (found.ours, found.bare, found.commits))
    return [
        Row("confirmed click to last byte, without commit", ours, bare, BUDGET),
        Row("the journal's commit in the same sends", commits),
    ]


async def _measure(theme: Theme, venue: RunningPractice) -> Measured:
    found, probe = Measured(), Probe()
    with noting(probe):
        async with running_program(theme, venue) as program, httpx.AsyncClient() as client:
            for number in range(WARM_UP + SENDS):
                await _send_ours(program, probe, number, found)
                await _send_bare(client, venue.addresses[0] + PATH, probe, found)
    return found


async def _send_ours(program: Program, probe: Probe, number: int, found: Measured) -> None:
    """Plan, review, wait out the sheet's first half second, and click."""
    window, desk = program.window, program.desk
    entry = Decimal("92400.00") - 10 * number
    plan = replace(PLAN, entry=str(entry), quantity_mode=QuantityMode.QUANTITY, quantity="0.00100", target_limit="")
    window.presenter.load(replace(plan, target_market=True))
    window.review.open()
    await asyncio.sleep(OPENING_S)
    button = window.review.sheet.sheet.submit
    await until(button.isEnabled, "an open Submit")
    probe.left_ns = probe.commit_began_ns = probe.commit_ns = 0
    QTest.mousePress(button, LEFT_BUTTON)
    began = time.perf_counter_ns()
    QTest.mouseRelease(button, LEFT_BUTTON)
    await until(lambda: probe.left_ns, "the last byte")
    found.ours.append((probe.left_ns - began - probe.commit_ns) / 1e6)
    found.commits.append(probe.commit_ns / 1e6)
    await until(lambda: isinstance(desk.state.strategies[0].outcome, Acknowledged), "an acknowledgement")
    window.review.close()
    await asyncio.sleep(SETTLE_S)


async def _send_bare(client: httpx.AsyncClient, url: str, probe: Probe, found: Measured) -> None:
    left = 0

    async def trace(event: str, _info: dict[str, Any]) -> None:
        nonlocal left
        if event.endswith("send_request_body.complete"):
            left = time.perf_counter_ns()

    began = time.perf_counter_ns()
    await client.post(url, content=probe.body, headers=HEADERS, extensions={"trace": trace})
    found.bare.append((left - began) / 1e6)


@contextmanager
def noting(probe: Probe) -> Iterator[None]:
    """Let the shipped parts tell the probe when they commit, what they sign, and when it has left."""
    replaced = (
        (SqliteJournal, "append", _noting_append(probe)),
        (store, "_settle", _noting_settle(probe)),
        (rest, "signed_body", _keeping_body(probe)),
        (transport, "_Watch", _noting_watch(probe)),
    )
    with ExitStack() as stack:
        for owner, name, replacement in replaced:
            stack.enter_context(patch.object(owner, name, replacement))
        yield


def _noting_append(probe: Probe) -> Callable[..., Any]:
    append = SqliteJournal.append

    def noted(journal: SqliteJournal, facts: Sequence[Fact]) -> Coroutine[Any, Any, None]:
        if isinstance(facts[0], Intended):
            probe.commit_began_ns = time.perf_counter_ns()
        return append(journal, facts)

    return noted


def _noting_settle(probe: Probe) -> Callable[..., None]:
    settle = store._settle

    def noted(*settled: Any) -> None:
        if probe.commit_began_ns and not probe.commit_ns:
            probe.commit_ns = time.perf_counter_ns() - probe.commit_began_ns
        settle(*settled)

    return noted


def _keeping_body(probe: Probe) -> Callable[..., bytes]:
    def kept(method: Method, *others: Any) -> bytes:
        body = signed_body(method, *others)
        if method is Method.CREATE_OTOCO:
            probe.body = body
        return body

    return kept


def _noting_watch(probe: Probe) -> type:
    class Noting(transport._Watch):
        is_create = False

        async def __call__(self, event: str, info: dict[str, Any]) -> None:
            await super().__call__(event, info)
            if event.endswith("send_request_body.started"):
                self.is_create = info["request"].url.target.endswith(PATH.encode())
            elif self.is_create and event.endswith("send_request_body.complete"):
                probe.left_ns = time.perf_counter_ns()

    return Noting
