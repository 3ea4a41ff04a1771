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


def _start(folder: Path, **changes: Any) -> Practice:
    quick = {"seed": 7, "market_interval_s": 0.02, "accept_delay_s": 0.005, "data_dir": folder}
    server = PracticeServer(PracticeConfig(**{**quick, **changes}))
    client = Client(server.start().result(10))
    practice = Practice(server, client, server.controls)
    practice.controls.hold("BTC_USD")
    return practice


def _end(practice: Practice) -> None:
    practice.client.http.close()
    practice.server.stop()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """One exchange for all tests of a module that leave it as they found it."""
    practice = _start(tmp_path_factory.mktemp("practice"))
    yield practice
    _end(practice)


@pytest.fixture
def start_practice(tmp_path: Path) -> Iterator[StartPractice]:
    """Starts exchanges over one folder; all of them end with the test."""
    started: list[Practice] = []

    def start(**changes: Any) -> Practice:
        practice = _start(tmp_path / "practice", **changes)
        started.append(practice)
        return practice

    yield start
    for practice in started:
        _end(practice)


@pytest.fixture
def practice(start_practice: StartPractice) -> Practice:
    """An exchange whose BTC_USD stands still at its price."""
    return start_practice()
