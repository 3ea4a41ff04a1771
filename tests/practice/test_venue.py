"""The venue under a clock moved by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from otoco_desktop.practice.book import Changes
from otoco_desktop.practice.faults import Fault
from otoco_desktop.practice.limits import Limits
from otoco_desktop.practice.store import Store
from otoco_desktop.practice.venue import PracticeConfig, Venue, starting_balances

NOW_NS = 1_767_225_600_000_000_000
SECOND_NS = 1_000_000_000


@dataclass
class HandClock:
    """A clock that stands still."""

    now_ns: int = NOW_NS

    def time_ns(self) -> int:
        return self.now_ns

    def monotonic_ns(self) -> int:
        return self.now_ns - NOW_NS


@pytest.fixture
def made(tmp_path: Path) -> Iterator[list[Store]]:
    """Stores opened in the test, closed after it."""
    stores: list[Store] = []
    yield stores
    for store in stores:
        store.close()


def venue_in(folder: Path, made: list[Store], **changes: Any) -> tuple[Venue, HandClock]:
    clock = HandClock()
    store, loaded = Store.open(folder, starting_balances())
    made.append(store)
    return Venue(PracticeConfig(data_dir=folder, **{"seed": 3, **changes}), clock, store, loaded), clock


def walk(venue: Venue, clock: HandClock, seconds: int) -> list[Decimal]:
    seen = []
    for _ in range(seconds):
        clock.now_ns += SECOND_NS
        venue.tick()
        seen.append(venue.prices["BTC_USD"].mark)
    return seen


def test_time_alone_moves_the_market(tmp_path: Path, made: list[Store]) -> None:
    venue, clock = venue_in(tmp_path, made)
    venue.tick()
    venue.tick()
    assert venue.prices["BTC_USD"].mark == Decimal("93120.00")
    assert len(set(walk(venue, clock, 10))) > 5


def test_speed_walks_the_same_path_sooner(tmp_path: Path, made: list[Store]) -> None:
    slow, slow_clock = venue_in(tmp_path / "a", made)
    fast, fast_clock = venue_in(tmp_path / "b", made, speed=10.0)
    assert walk(slow, slow_clock, 60)[9::10] == walk(fast, fast_clock, 6)


def test_the_walk_goes_on_from_the_saved_price(tmp_path: Path, made: list[Store]) -> None:
    first, clock = venue_in(tmp_path, made)
    last = walk(first, clock, 30)[-1]
    first.close()
    made.pop().close()
    second, clock = venue_in(tmp_path, made, seed=4)
    assert second.prices["BTC_USD"].mark == last
    assert abs(walk(second, clock, 1)[0] - last) < last / 100


def test_the_exchange_clock_may_be_off(tmp_path: Path, made: list[Store]) -> None:
    venue, _ = venue_in(tmp_path, made)
    venue.faults.arm(Fault.CLOCK_AHEAD, 2.5)
    assert venue.now_ms == NOW_NS // 1_000_000 + 2500


def test_listeners_hear_only_of_changes(tmp_path: Path, made: list[Store]) -> None:
    venue, clock = venue_in(tmp_path, made)
    heard: list[Changes] = []
    venue.listeners.append(heard.append)
    walk(venue, clock, 5)
    assert heard == []


@pytest.mark.parametrize(
    ("method", "most", "window_ms"),
    [
        ("private/advanced/create-otoco", 3, 100),
        ("private/user-balance", 3, 100),
        ("private/get-order-detail", 30, 100),
        ("private/get-trades", 1, 1000),
        ("public/get-tickers", 100, 1000),
    ],
)
def test_limits_slide(method: str, most: int, window_ms: int) -> None:
    limits = Limits()
    assert all(limits.allow(method, NOW_NS) for _ in range(most))
    assert not limits.allow(method, NOW_NS + window_ms * 1_000_000 - 1)
    assert limits.allow("private/another", NOW_NS)
    assert limits.allow(method, NOW_NS + window_ms * 1_000_000)
