"""The shipped gateway, on the practice exchange, keeps the promises of the port."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from otoco_desktop.app.clock import SystemClock
from otoco_desktop.exchange.endpoints import on_this_computer
from otoco_desktop.exchange.gateway import CryptoComGateway
from otoco_desktop.exchange.signing import Signer
from otoco_desktop.practice.thread import PracticeServer
from otoco_desktop.practice.venue import PracticeConfig
from tests.contracts.gateway_contract import GatewayContract, Reached


class TestCryptoComGateway(GatewayContract):
    @pytest.fixture(autouse=True)
    def _place(self, tmp_path: Path) -> None:
        self.place = tmp_path

    def reached(self) -> AbstractAsyncContextManager[Reached]:
        return _reached(self.place)


@asynccontextmanager
async def _reached(place: Path) -> AsyncIterator[Reached]:
    server = PracticeServer(PracticeConfig(data_dir=place, seed=7, market_interval_s=0.02, accept_delay_s=0.005))
    places = server.start().result(20)
    server.controls.set_price("BTC_USD", "93120.00")
    key = json.loads(places.key_file.read_bytes())
    endpoints = on_this_computer(places.rest_url, places.user_url, places.market_url)
    gateway = CryptoComGateway(endpoints, Signer(key["api_key"], key["secret"]), SystemClock())
    await gateway.open()
    await gateway.instruments()
    try:
        yield gateway, server.stop
    finally:
        await gateway.close()
        server.stop()
