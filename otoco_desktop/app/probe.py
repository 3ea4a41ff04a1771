"""The connection test: one step after the other, each told as it goes; no order is ever sent by it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from otoco_desktop.app import probe_words as words
from otoco_desktop.app.ports import Clock, KnowledgeStore, Prober
from otoco_desktop.domain.credentials import Credentials
from otoco_desktop.domain.market import Fees
from otoco_desktop.domain.probing import (
    ProbeKind,
    ProbeReport,
    ProbeState,
    ProbeStep,
    ProbeTrouble,
    VenueKnowledge,
)
from otoco_desktop.settings import Environment

ProbeListener = Callable[[ProbeReport], None]
"""Told the whole report after every change, on the loop's own thread."""

MakeProber = Callable[[Environment, Credentials], Prober]
"""Borrows the credentials; what it makes keeps no secret, only what signs."""

PAIR = "BTC_USD"
"""The pair whose mark price is looked for; it stands for the spot pairs."""

_T = TypeVar("_T")
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ConnectionTest:
    """Runs tests. What one has learned is kept where it got as far as a signature that was accepted."""

    make_prober: MakeProber
    clock: Clock
    knowledge: KnowledgeStore

    async def run(self, environment: Environment, credentials: Credentials, listener: ProbeListener) -> ProbeReport:
        """Test this key once. Never raises for what the exchange or the network does; cancelling it lets go of all."""
        prober = self.make_prober(environment, credentials)
        one = _Run(environment, prober, self.clock, listener, credentials.last_four)
        try:
            await one.ask_all()
        finally:
            await prober.close()
        if one.report.knowledge is not None:
            await self._keep(one.report.knowledge)
        return one.report

    async def _keep(self, learned: VenueKnowledge) -> None:
        try:
            await asyncio.to_thread(self.knowledge.save, learned)
        except OSError as error:
            logger.warning("what was learned about the exchange could not be written: %s", error.strerror)


class _Run:
    """One test under way. A step that cannot mean anything after an earlier one failed is skipped."""

    def __init__(
        self, environment: Environment, prober: Prober, clock: Clock, listener: ProbeListener, key_end: str
    ) -> None:
        self.report = ProbeReport(environment.value, tuple(words.pending(kind) for kind in ProbeKind), key_end)
        self._environment = environment
        self._prober = prober
        self._clock = clock
        self._listener = listener
        self._fees: Fees | None = None
        self._channel: str | None = None
        self._mark: bool | None = None

    async def ask_all(self) -> None:
        self._listener(self.report)
        reached = await self._reach()
        signed = reached and await self._sign()
        self._put(words.clock(self._prober.offset_ms) if reached else words.skipped(ProbeKind.CLOCK))
        if signed:
            await self._follow()
            await self._balance()
            self._put(words.permissions())
        self._finish(learned=signed)

    async def _reach(self) -> bool:
        found = await self._timed(ProbeKind.REACH, self._prober.reach)
        if found is not None:
            self._put(words.reached(self._prober.host, found[1]))
        return found is not None

    async def _sign(self) -> bool:
        found = await self._timed(ProbeKind.SIGNATURE, self._prober.fee_rates)
        if found is not None:
            self._fees = found[0]
            self._put(words.signed(found[1]))
        return found is not None

    async def _follow(self) -> None:
        """The streams: without them the program trades by asking, so they warn and do not fail."""
        signed_in = await self._timed(ProbeKind.USER_STREAM, self._prober.sign_in)
        if signed_in is not None:
            self._put(words.streaming(signed_in[1]))
            channel = await self._timed(ProbeKind.ORDER_CHANNEL, self._prober.order_channel)
            if channel is not None:
                self._channel = channel[0]
                self._put(words.channel(*channel))
        published = await self._timed(ProbeKind.MARK_PRICE, lambda: self._prober.mark_published(PAIR))
        if published is not None:
            self._mark = published[0]
            self._put(words.mark(published[0], PAIR, published[1]))

    async def _balance(self) -> None:
        found = await self._timed(ProbeKind.BALANCE, self._prober.balances)
        if found is not None:
            self._put(words.balance(found[0], self._fees, found[1]))

    async def _timed(self, kind: ProbeKind, ask: Callable[[], Awaitable[_T]]) -> tuple[_T, int] | None:
        """The answer and how long it took, ms; ``None`` when it failed, which is then told."""
        self._put(words.running(kind))
        began_ms = self._clock.monotonic_ms()
        try:
            answer = await ask()
        except ProbeTrouble as trouble:
            self._put(words.failed(kind, trouble, self._prober.host, self._environment))
            return None
        return answer, self._clock.monotonic_ms() - began_ms

    def _put(self, step: ProbeStep) -> None:
        steps = tuple(step if each.kind is step.kind else each for each in self.report.steps)
        self._tell(replace(self.report, steps=steps))

    def _finish(self, *, learned: bool) -> None:
        left = (ProbeState.PENDING, ProbeState.RUNNING)
        steps = tuple(words.skipped(each.kind) if each.state in left else each for each in self.report.steps)
        now_ms = self._clock.wall_ms()
        knowledge = self._learned(now_ms) if learned else None
        self._tell(replace(self.report, steps=steps, tested_ms=now_ms, knowledge=knowledge))

    def _learned(self, now_ms: int) -> VenueKnowledge:
        stream = next(step for step in self.report.steps if step.kind is ProbeKind.USER_STREAM)
        return VenueKnowledge(
            environment=self._environment.value,
            tested_ms=now_ms,
            host=self._prober.host,
            order_channel=self._channel,
            id_types=self._prober.id_types,
            pair=PAIR,
            mark_published=self._mark,
            maker=self._fees.maker if self._fees else None,
            taker=self._fees.taker if self._fees else None,
            fee_source=self._fees.source if self._fees else "",
            offset_ms=self._prober.offset_ms,
            has_streams=stream.state is ProbeState.PASS,
        )

    def _tell(self, report: ProbeReport) -> None:
        self.report = report
        self._listener(report)
