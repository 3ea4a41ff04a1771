"""The exchange of the use cases' tests keeps the promises of the real one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace

from otoco_desktop.domain.events import Intended
from tests.app.fakes import FakeGateway, Time, rows
from tests.contracts.gateway_contract import GatewayContract, Reached


class TestFakeGateway(GatewayContract):
    def reached(self) -> AbstractAsyncContextManager[Reached]:
        return _reached()


@asynccontextmanager
async def _reached() -> AsyncIterator[Reached]:
    gateway = FakeGateway(Time())

    def place(intent: Intended) -> None:
        gateway.book += rows(intent.order, "ACTIVE", "PENDING", "PENDING")

    async def end() -> None:
        if gateway.cancels:
            gateway.book = [replace(row, status="CANCELED") for row in gateway.book]

    gateway.on_create, gateway.before_answer = place, end
    await gateway.open()
    yield gateway, lambda: setattr(gateway, "reachable", False)
    await gateway.close()
