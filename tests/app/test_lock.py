"""The lock: on demand, after idling, after a sleep; and what a locked desk refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from otoco_desktop.app.lock import OTHER_KEY, Lock, LockedBy, LockNeeds, LockPort, LockState
from otoco_desktop.app.ports import KeyHolder
from otoco_desktop.domain.credentials import Credentials
from otoco_desktop.domain.errors import CredentialsSpent, KeyLocked, KeyringLocked, WayOn
from otoco_desktop.exchange.errors import LockedError
from otoco_desktop.exchange.signing import Signer
from tests.app.fakes import Time, settle
from tests.app.world import world
from tests.vault.fake import FakeVault

KEY, SECRET = "9nB2qX7dT4mWc1Rk3F9", "the secret"
LOCKED = "Locked. Unlock to submit or cancel."


class Holder:
    """What signs, as the gateway holds it."""

    def __init__(self) -> None:
        self.signer = Signer(KEY, SECRET)

    def drop_key(self) -> None:
        self.signer.lock()

    def take_key(self, credentials: Credentials) -> None:
        credentials.hand_over(self.signer.unlock)


@dataclass
class Bench:
    """A lock over a real signer and a vault."""

    time: Time = field(default_factory=Time)
    holder: Holder = field(default_factory=Holder)
    vault: FakeVault = field(default_factory=FakeVault)
    minutes: int = 15
    told: list[LockState] = field(default_factory=list)

    def __post_init__(self) -> None:
        port: KeyHolder = self.holder
        needs = LockNeeds(port, lambda: self.vault.load("main"), lambda: self.minutes)
        self.lock = Lock(self.time, self.time.sleep, needs)
        seen: LockPort = self.lock
        seen.listen(self.told.append)

    async def keep(self, api_key: str = KEY) -> None:
        await self.vault.save("main", Credentials(api_key, SECRET))

    async def watching(self, story: Callable[[], object]) -> None:
        watch = asyncio.create_task(self.lock.watch())
        await settle()
        try:
            await story()  # type: ignore[misc]
        finally:
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch


async def test_on_demand_the_key_is_gone_and_comes_back_from_the_vault() -> None:
    bench = Bench()
    await bench.keep()
    before = bench.holder.signer.sign("m", 1, 2)
    bench.lock.lock()
    assert bench.lock.state == LockState(usable=True, locked=True, by=LockedBy.TRADER)
    assert bench.lock.state.sentence == "Locked by you. Unlock to submit or cancel."
    with pytest.raises(LockedError):
        bench.holder.signer.sign("m", 1, 2)
    assert SECRET.encode() not in repr(bench.holder.signer).encode()
    assert await bench.lock.unlock()
    assert bench.holder.signer.sign("m", 1, 2) == before
    assert [state.locked for state in bench.told] == [True, True, False]
    assert bench.lock.state == LockState(usable=True)


async def test_after_idling_and_never_before() -> None:
    bench = Bench()

    async def story() -> None:
        await bench.time.advance(14 * 60)
        bench.lock.touch()
        await bench.time.advance(14 * 60 + 50)
        assert not bench.lock.is_locked
        await bench.time.advance(15)
        assert bench.lock.state.by is LockedBy.IDLE

    await bench.watching(story)


async def test_never_means_never_and_a_change_holds_at_once() -> None:
    bench = Bench(minutes=0)

    async def story() -> None:
        await bench.time.advance(1800)
        assert not bench.lock.is_locked
        bench.minutes = 1
        await bench.time.advance(5)
        assert bench.lock.state.by is LockedBy.IDLE

    await bench.watching(story)


async def test_a_sleep_of_the_computer_locks_by_either_clock() -> None:
    for jump in ("wall_jump_ms", "passed_ms"):
        bench = Bench(minutes=0)
        setattr(bench.time, jump, 60_000)
        bench.lock.touch()
        assert bench.lock.state.by is LockedBy.SUSPEND
        assert bench.lock.state.sentence == "Locked because the computer slept. Unlock to submit or cancel."


async def test_a_slow_look_and_a_clock_set_back_do_not_lock() -> None:
    bench = Bench(minutes=0)
    bench.time.wall_jump_ms = -3_600_000
    bench.lock.touch()
    bench.time.passed_ms += 34_000
    bench.lock.touch()
    assert not bench.lock.is_locked


async def test_a_keyring_that_stays_shut_is_told_with_its_ways_on() -> None:
    bench = Bench()
    await bench.keep()
    bench.lock.lock()
    bench.vault.trouble = KeyringLocked()
    assert not await bench.lock.unlock()
    state = bench.lock.state
    assert (state.locked, state.unlocking, state.trouble) == (True, False, KeyringLocked.sentence)
    assert state.ways_on == (WayOn.UNLOCK, WayOn.SESSION_ONLY)
    assert await bench.lock.unlock()


async def test_while_the_keyring_asks_it_says_so_and_asks_once() -> None:
    bench = Bench()
    await bench.keep()
    bench.lock.lock()
    bench.vault.question = asyncio.Event()
    asking = asyncio.create_task(bench.lock.unlock())
    await settle()
    assert bench.lock.state.unlocking
    assert not await bench.lock.unlock()
    bench.vault.question.set()
    assert await asking
    assert await bench.lock.unlock()


async def test_unlocking_that_is_given_up_stays_locked() -> None:
    bench = Bench()
    await bench.keep()
    bench.lock.lock()
    bench.vault.question = asyncio.Event()
    asking = asyncio.create_task(bench.lock.unlock())
    await settle()
    asking.cancel()
    with suppress(asyncio.CancelledError):
        await asking
    assert (bench.lock.state.locked, bench.lock.state.unlocking) == (True, False)


async def test_another_key_does_not_unlock() -> None:
    bench = Bench()
    await bench.keep("another key of 19 c")
    bench.lock.lock()
    assert not await bench.lock.unlock()
    assert (bench.lock.state.trouble, bench.lock.is_locked) == (OTHER_KEY, True)


async def test_the_secret_is_spent_by_unlocking() -> None:
    bench = Bench()
    bench.lock.lock()
    given = Credentials(KEY, SECRET)
    bench.holder.take_key(given)
    with pytest.raises(CredentialsSpent):
        given.lend(lambda _key, secret: secret)


async def test_without_a_key_there_is_nothing_to_lock() -> None:
    time = Time()
    lock = Lock(time, time.sleep)
    lock.lock()
    time.wall_jump_ms = 3_600_000
    lock.touch()
    assert lock.state == LockState(usable=False)
    assert await lock.unlock()


async def test_a_locked_desk_neither_submits_nor_cancels() -> None:
    async with world() as made:
        strategy_id = await made.submit()
        confirmed = made.confirmed()
        made.locked = True
        made.desk.look_again()
        assert (made.heard.states[-1].gate.open, made.heard.states[-1].gate.reason) == (False, LOCKED)
        assert made.desk.prepare(confirmed.verdict.draft) is None
        with pytest.raises(KeyLocked, match=LOCKED):
            await made.desk.cancel(strategy_id)
        assert made.gateway.cancels == []
        sent = len(made.gateway.sent)
        second = await made.desk.submit(confirmed)
        assert second is not None
        assert len(made.gateway.sent) == sent
        assert made.desk.surroundings().instrument is not None
        made.locked = False
        made.desk.look_again()
        assert made.desk.gate().open
