"""The contract of a vault, kept by the real keyring, by memory, and by the stand-in of other tests."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from otoco_desktop.app.ports import Vault
from otoco_desktop.vault import shelf
from otoco_desktop.vault.keyring_vault import KeyringVault
from otoco_desktop.vault.session_vault import SessionVault
from tests.contracts.vault_contract import VaultContract, made_up
from tests.vault.backends import MemoryBackend
from tests.vault.desktop import PrivateDesktop, desktop
from tests.vault.fake import FakeVault
from tests.vault.remote import RemoteVault


@asynccontextmanager
async def closing(vault: Vault) -> AsyncIterator[Vault]:
    yield vault
    await vault.close()


class TestSessionVault(VaultContract):
    def opened(self) -> AbstractAsyncContextManager[Vault]:
        return closing(SessionVault("live"))


class TestFakeVault(VaultContract):
    def opened(self) -> AbstractAsyncContextManager[Vault]:
        return closing(FakeVault("live"))


class TestKeyringVault(VaultContract):
    """All of the real vault but the system's keyring, on every system."""

    @pytest.fixture(autouse=True)
    def _keyring(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        backend = MemoryBackend()
        monkeypatch.setattr(shelf, "choose", lambda: backend)
        self.account_list = tmp_path / "accounts.json"

    account_list: Path

    def opened(self) -> AbstractAsyncContextManager[Vault]:
        return closing(KeyringVault("live", self.account_list))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the Secret Service is Linux's")
class TestSecretService(VaultContract):
    @pytest.fixture(autouse=True)
    def _desktop(self, tmp_path: Path) -> Iterator[None]:
        with desktop(tmp_path) as self.place:
            yield

    place: PrivateDesktop

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Vault]:
        vault = await RemoteVault.start(self.place.environment, "live", self.place.folder / "accounts.json")
        try:
            yield vault
        finally:
            assert await vault.leave() == 0


async def test_memory_is_dropped_when_it_closes() -> None:
    vault = SessionVault("live")
    await vault.save("", made_up())
    [held] = vault._held.values()
    await vault.close()
    assert held.last_four == "1234"
    assert not vault._held
    assert held._secret is None
