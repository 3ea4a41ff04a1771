"""The whole program on a private practice exchange, with a fault proxy in chosen places of the wire between them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from otoco_desktop.app.desk import DeskOptions
from otoco_desktop.domain.transport import Transport
from otoco_desktop.exchange.endpoints import Endpoints
from otoco_desktop.practice.venue import PracticeConfig
from otoco_desktop.settings import Environment, Places
from otoco_desktop.wiring import EmbeddedPractice, Venue
from tests.e2e.stage import BRISK, PACE, Stage, held_market, on_stage
from tests.faults.proxy import FaultProxy

REST, USER, MARKET = "rest", "user", "market"
EVERYWHERE = (REST, USER, MARKET)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is silent, or cannot be reached, is given up soon; a busy computer still answers in that time."""
    times = httpx.Timeout(connect=0.5, write=3.0, read=3.0, pool=3.0)
    monkeypatch.setattr("otoco_desktop.exchange.transport.TIMEOUTS", times)


@dataclass
class ProxiedPractice:
    """An embedded practice exchange of which some addresses lead through the proxy; ``bent`` changes them further."""

    config: PracticeConfig
    through: tuple[str, ...]
    bent: dict[str, str]
    inner: EmbeddedPractice = field(init=False)
    proxy: FaultProxy = field(init=False)

    def __post_init__(self) -> None:
        self.inner = EmbeddedPractice(self.config)

    async def start(self) -> Venue:
        venue = await self.inner.start()
        port = (await _started(self.inner)).port
        self.proxy = FaultProxy(port)
        self.proxy.__enter__()
        proxied = {
            name: getattr(venue.endpoints, name).replace(f":{port}/", f":{self.proxy.port}/") for name in self.through
        }
        bent = {name: url.replace("PORT", str(self.proxy.port)) for name, url in self.bent.items()}
        return replace(venue, endpoints=replace(venue.endpoints, **{**proxied, **bent}))

    async def stop(self) -> None:
        self.proxy.__exit__(None, None, None)
        await self.inner.stop()


async def _started(practice: EmbeddedPractice) -> Any:
    return practice.server.start().result(5)


@dataclass
class Wired:
    """A stage and the proxy on its wire."""

    stage: Stage
    proxy: FaultProxy


@asynccontextmanager
async def wired(
    folder: Path, *through: str, bent: dict[str, str] | None = None, ready: bool = True, **changes: Any
) -> AsyncIterator[Wired]:
    """A program whose requests go over REST unless ``options`` say otherwise."""
    source = ProxiedPractice(
        held_market(Places(folder, Environment.PRACTICE).practice_book), through or EVERYWHERE, bent or {}
    )
    changes.setdefault("options", over_rest())
    async with on_stage(folder, venue=source, server=source.inner.server, ready=ready, **changes) as stage:
        yield Wired(stage, source.proxy)


def over_rest() -> DeskOptions:
    """Brisk checks, and every request over REST."""
    return replace(BRISK, transport=lambda: Transport.REST)


__all__ = ["EVERYWHERE", "MARKET", "PACE", "REST", "USER", "Endpoints", "Wired", "impatient", "wired"]
