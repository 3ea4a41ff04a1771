"""Our own rate limits, on a clock moved by hand and on timers that fire early."""

from __future__ import annotations

import asyncio

import pytest

from otoco_desktop.exchange.errors import RateLimitError
from otoco_desktop.exchange.limits import ALL_PRIVATE, KEPT_FOR_COMMANDS, RateLimits

CREATE, HISTORY = "private/advanced/create-otoco", "private/advanced/get-order-history"


class FastTime:
    """Time that moves only by sleeping, each sleep waking five per cent early, as coarse timers do."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        real_sleep = asyncio.sleep

        async def sleep(delay: float) -> None:
            self.now += max(1.0, delay * 950)
            await real_sleep(0)

        monkeypatch.setattr(asyncio, "sleep", sleep)

    def ms(self) -> int:
        return int(self.now)


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> FastTime:
    return FastTime(monkeypatch)


def most_in_a_second(times: list[int]) -> int:
    return max(sum(1 for other in times if start <= other < start + 1_000) for start in times)


async def test_one_history_a_second(fast: FastTime) -> None:
    limits, times = RateLimits(fast.ms), []
    for _ in range(4):
        await limits.query(HISTORY)
        times.append(fast.ms())
    assert most_in_a_second(times) == 1
    assert times[-1] < 3_100


async def test_five_a_second_of_one_method_and_eight_queries_in_all(fast: FastTime) -> None:
    limits, one, every = RateLimits(fast.ms), [], []
    for number in range(30):
        method = f"private/{number % 2}"
        await limits.query(method)
        every.append(fast.ms())
        if number % 2:
            one.append(fast.ms())
    assert most_in_a_second(one) <= 5
    assert most_in_a_second(every) == ALL_PRIVATE - KEPT_FOR_COMMANDS


async def test_queries_leave_room_for_a_command(fast: FastTime) -> None:
    limits = RateLimits(fast.ms)
    for number in range(ALL_PRIVATE - KEPT_FOR_COMMANDS):
        await limits.query(f"private/{number}")
    assert limits.try_command(CREATE)
    assert limits.try_command(CREATE)
    assert not limits.try_command(CREATE)


def test_a_command_is_refused_at_once_when_its_method_is_full() -> None:
    now = [0]
    limits = RateLimits(lambda: now[0])
    for at_ms in (0, 100, 200, 300, 400):
        now[0] = at_ms
        assert limits.try_command(CREATE)
    now[0] = 999
    assert not limits.try_command(CREATE)
    now[0] = 1_000
    assert limits.try_command(CREATE)


@pytest.mark.parametrize("method", [CREATE, "private/advanced/cancel-order", "private/advanced/amend-order"])
def test_no_method_that_changes_something_goes_four_times_in_a_tenth_of_a_second(method: str) -> None:
    now = [0]
    limits = RateLimits(lambda: now[0])
    assert [limits.try_command(method) for _ in range(4)] == [True, True, True, False]
    now[0] = 99
    assert not limits.try_command(method)
    now[0] = 100
    assert limits.try_command(method)


async def test_a_query_that_would_wait_too_long_says_so() -> None:
    now = [0]
    limits = RateLimits(lambda: now[0])
    await limits.query(HISTORY)
    now[0] = -60_000
    with pytest.raises(RateLimitError):
        await limits.query(HISTORY)


async def test_public_questions_have_their_own_room(fast: FastTime) -> None:
    limits = RateLimits(fast.ms)
    for _ in range(25):
        await limits.query("public/get-tickers")
    assert fast.ms() > 1_900
    assert limits.try_command(CREATE)
