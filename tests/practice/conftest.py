"""A practice exchange in its thread, quick and seeded, for each test that asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from otoco_desktop.practice.controls import PracticeControls
from otoco_desktop.practice.thread import PracticeServer
from otoco_desktop.practice.venue import PracticeConfig
from tests.practice.client import Client


@dataclass(frozen=True)
class Practice:
    """A running exchange, a client of it, and the hand on it."""

    server: PracticeServer
    client: Client
    controls: PracticeControls


StartPractice = Callable[..., Practice]


@pytest.fixture
def start_practice(tmp_path: Path) -> Iterator[StartPractice]:
    """Starts exchanges over one folder; all of them end with the test."""
    started: list[Practice] = []

    def start(**changes: Any) -> Practice:
        quick = {"seed": 7, "market_interval_s": 0.02, "accept_delay_s": 0.005, "data_dir": tmp_path / "practice"}
        server = PracticeServer(PracticeConfig(**{**quick, **changes}))
        client = Client(server.start().result(10))
        practice = Practice(server, client, server.controls)
        practice.controls.hold("BTC_USD")
        started.append(practice)
        return practice

    yield start
    for practice in started:
        practice.client.http.close()
        practice.server.stop()


@pytest.fixture
def practice(start_practice: StartPractice) -> Practice:
    """An exchange whose BTC_USD stands still at its price."""
    return start_practice()
