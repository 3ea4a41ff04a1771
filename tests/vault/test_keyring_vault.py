"""The vault on keyrings that go wrong: writes not kept, errors of all kinds, and questions nobody answers."""

from __future__ import annotations

import asyncio
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jeepney import DBusErrorResponse
from keyring import errors as keyring_errors
from secretstorage import exceptions as secretstorage_errors

from otoco_desktop.domain.credentials import VaultState
from otoco_desktop.domain.errors import (
    AccountListFailed,
    CredentialsSpent,
    EntryChanged,
    EntryDamaged,
    KeyringCancelled,
    KeyringFailed,
    KeyringLocked,
    KeyringUnanswered,
    NoKeyring,
    NotForgotten,
    UnsafeKeyring,
    VaultTrouble,
    WayOn,
    WriteNotKept,
)
from otoco_desktop.vault import failures, shelf
from otoco_desktop.vault.entry import SERVICE, encode
from otoco_desktop.vault.keyring_vault import KeyringVault
from tests.contracts.vault_contract import SECRET, made_up
from tests.vault.backends import Altering, Asking, Clinging, Failing, Forgetful, MemoryBackend
from tests.waiting import until

Open = Callable[..., KeyringVault]


@pytest.fixture
def open_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a vault on the given keyring."""

    def opened(backend: MemoryBackend, patience_s: float = 20) -> KeyringVault:
        monkeypatch.setattr(shelf, "choose", lambda: backend)
        return KeyringVault("live", tmp_path / "accounts.json", patience_s)

    return opened


@pytest.mark.parametrize("backend", [Forgetful, Altering])
async def test_a_write_that_is_not_kept_is_said(open_on: Open, backend: type[MemoryBackend]) -> None:
    vault = open_on(backend())
    with pytest.raises(WriteNotKept, match="not what was written"):
        await vault.save("", made_up())
    await vault.close()


async def test_an_entry_that_stays_is_said_and_stays_listed(open_on: Open) -> None:
    vault = open_on(Clinging())
    await vault.save("main", made_up())
    with pytest.raises(NotForgotten, match="“live/main”"):
        await vault.forget("main")
    assert [key.name for key in await vault.accounts()] == ["main"]
    await vault.close()


def refused() -> DBusErrorResponse:
    error: Exception = DBusErrorResponse.__new__(DBusErrorResponse)
    error.__dict__.update(name="org.freedesktop.DBus.Error.AccessDenied", data=(SECRET,))
    return error


def wrapped(cause: Exception) -> Exception:
    error = keyring_errors.InitError(f"Failed to create the collection: {SECRET}")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (keyring_errors.NoKeyringError(SECRET), NoKeyring),
        (keyring_errors.KeyringLocked(SECRET), KeyringLocked),
        (wrapped(secretstorage_errors.PromptDismissedException(SECRET)), KeyringLocked),
        (wrapped(secretstorage_errors.SecretServiceNotAvailableException(SECRET)), NoKeyring),
        (wrapped(OSError(SECRET)), KeyringFailed),
        (secretstorage_errors.LockedException(SECRET), KeyringLocked),
        (secretstorage_errors.SecretServiceNotAvailableException(SECRET), NoKeyring),
        (secretstorage_errors.ItemNotFoundException(SECRET), KeyringFailed),
        (keyring_errors.PasswordSetError(SECRET), KeyringFailed),
        (refused(), KeyringFailed),
        (OSError(SECRET), KeyringFailed),
        (TimeoutError(SECRET), KeyringFailed),
        (UnicodeDecodeError("utf-8", b"x", 0, 1, SECRET), KeyringFailed),
    ],
)
async def test_every_error_has_its_words_and_keeps_its_text(
    open_on: Open, error: Exception, expected: type[VaultTrouble]
) -> None:
    vault = open_on(Failing(error))
    for call in (vault.save("", made_up()), vault.load("")):
        with pytest.raises(expected) as caught:
            await call
        assert type(caught.value) is expected
        assert SECRET not in "".join(traceback.format_exception(caught.value))
        assert not frames_of_the_thread(caught.value)
    assert await vault.accounts() == ()
    await vault.close()


def frames_of_the_thread(trouble: BaseException) -> list[str]:
    """Frames that would keep an entry's text alive for as long as somebody keeps the failure."""
    assert trouble.__context__ is None
    assert trouble.__cause__ is None
    files = [frame.f_code.co_filename for frame, _ in traceback.walk_tb(trouble.__traceback__)]
    return [file for file in files if file.endswith(("shelf.py", "entry.py", "failures.py", "backends.py"))]


async def test_a_slow_refusal_is_a_person(open_on: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failures, "_FASTEST_PERSON_S", 0)
    vault = open_on(Failing(keyring_errors.KeyringLocked()))
    with pytest.raises(KeyringCancelled):
        await vault.load("")
    await vault.close()


async def test_a_failed_replacement_leaves_the_old_key_known(open_on: Open) -> None:
    good = MemoryBackend()
    vault = open_on(good)
    await vault.save("", made_up("1111"))
    good.set_password = Failing(OSError()).set_password  # type: ignore[method-assign]
    with pytest.raises(KeyringFailed):
        await vault.save("", made_up("2222"))
    assert (await vault.load("")).last_four == "1111"
    await vault.close()


async def test_an_entry_that_is_no_key_is_said(open_on: Open) -> None:
    backend = MemoryBackend()
    backend.held[SERVICE, "live/main"] = f'{{"secret":"{SECRET}"'
    vault = open_on(backend)
    with pytest.raises(EntryDamaged, match="“live/main” in the OS keyring cannot be read") as caught:
        await vault.load("main")
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    await vault.close()


async def test_another_key_is_not_used_unasked(open_on: Open) -> None:
    backend = MemoryBackend()
    vault = open_on(backend)
    await vault.save("", made_up("1111"))
    backend.held[SERVICE, "live"] = encode(made_up("2222"))
    with pytest.raises(EntryChanged, match="ended in 1111, now it ends in 2222"):
        await vault.load("")
    assert (await vault.take_changed("")).same_as(made_up("2222"))
    await vault.close()


async def test_another_secret_of_the_same_key_is_used(open_on: Open) -> None:
    """The exchange is the judge of a secret; nothing of it is remembered that it could be compared with."""
    backend = MemoryBackend()
    vault = open_on(backend)
    await vault.save("", made_up())
    backend.held[SERVICE, "live"] = encode(made_up(secret="another"))
    assert (await vault.load("")).same_as(made_up(secret="another"))
    await vault.close()


async def test_a_keyring_that_stores_nothing_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    vault = KeyringVault("live", tmp_path / "accounts.json")
    with pytest.raises(UnsafeKeyring, match=r"“keyring\.backends\.null\.Keyring”") as caught:
        await vault.save("", made_up())
    assert caught.value.ways_on[0] is WayOn.SESSION_ONLY
    assert await vault.accounts() == ()
    await vault.close()


async def test_spent_credentials_are_not_stored(open_on: Open) -> None:
    vault = open_on(MemoryBackend())
    spent = made_up()
    spent.drop()
    with pytest.raises(CredentialsSpent):
        await vault.save("", spent)
    assert await vault.accounts() == ()
    await vault.close()


async def test_without_a_list_nothing_is_saved_but_keys_still_load(open_on: Open, tmp_path: Path) -> None:
    backend = MemoryBackend()
    backend.held[SERVICE, "live"] = encode(made_up())
    (tmp_path / "accounts.json").mkdir()
    vault = open_on(backend)
    with pytest.raises(AccountListFailed, match="cannot be read"):
        await vault.save("main", made_up())
    assert list(backend.held) == [(SERVICE, "live")]
    assert (await vault.load("")).same_as(made_up())
    assert "cannot be read" in vault.notice
    await vault.close()


class TestQuestions:
    async def test_waiting_can_be_seen_and_the_loop_goes_on(self, open_on: Open) -> None:
        backend, told = Asking(), list[VaultState]()
        vault = open_on(backend)
        vault.listen(told.append)
        loading = asyncio.create_task(vault.save("", made_up()))
        await until(lambda: backend.asked)
        assert vault.state is VaultState.WAITING
        assert threading.current_thread() is threading.main_thread()
        backend.answer()
        await loading
        assert told == [VaultState.WAITING, VaultState.IDLE]
        await vault.close()

    async def test_a_caller_may_stop_waiting_for_a_reading(self, open_on: Open) -> None:
        backend = Asking()
        vault = open_on(backend)
        loading = asyncio.create_task(vault.load(""))
        await until(lambda: backend.asked)
        loading.cancel()
        await asyncio.gather(loading, return_exceptions=True)
        assert vault.state is VaultState.ABANDONED
        again = asyncio.create_task(vault.save("", made_up()))
        await until(lambda: backend.asked == 2, what="the next call got a thread of its own")
        backend.answer()
        await again
        await until(lambda: vault.state is VaultState.IDLE)
        await vault.close()

    async def test_an_abandoned_writing_never_overtakes_a_newer_one(self, open_on: Open) -> None:
        backend = Asking()
        vault = open_on(backend, patience_s=0.05)
        for ending in ("1111", "2222"):
            with pytest.raises(KeyringUnanswered):
                await vault.save("", made_up(ending))
        await until(lambda: backend.asked == 1)
        vault._patience_s = 20
        newest = asyncio.create_task(vault.save("", made_up("3333")))
        backend.answer()
        await newest
        assert (await vault.load("")).last_four == "3333"
        assert [key.last_four for key in await vault.accounts()] == ["3333"]
        await vault.close()

    async def test_threads_do_not_pile_up(self, open_on: Open) -> None:
        backend = Asking()
        vault = open_on(backend, patience_s=0.02)
        for _ in range(12):
            with pytest.raises(KeyringUnanswered):
                await vault.load("")
        mine = [thread for thread in threading.enumerate() if thread.name == "vault live"]
        assert 1 < len(mine) <= 5
        assert all(thread.daemon for thread in mine)
        backend.answer()
        await until(lambda: vault.state is VaultState.IDLE)
        await vault.close()

    async def test_an_answer_after_the_loop_is_gone_harms_nothing(self, open_on: Open) -> None:
        backend = Asking()
        vault = open_on(backend, patience_s=0.02)
        failed: list[Any] = []

        async def leave() -> None:
            with pytest.raises(KeyringUnanswered):
                await vault.load("")
            await vault.close()

        def elsewhere() -> None:
            with asyncio.Runner() as runner:
                runner.run(leave())
            backend.answer()

        before, threading.excepthook = threading.excepthook, failed.append
        await asyncio.to_thread(elsewhere)
        await until(lambda: not [each for each in threading.enumerate() if each.name == "vault live"])
        threading.excepthook = before
        assert not failed
