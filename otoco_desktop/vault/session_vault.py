"""API keys in this program's memory only, until it closes: for a computer without a keyring, or by choice."""

from __future__ import annotations

from collections.abc import Callable

from otoco_desktop.domain.credentials import Credentials, KnownKey, VaultState, account_name
from otoco_desktop.domain.errors import EntryMissing, VaultClosed
from otoco_desktop.vault.entry import user_name


class SessionVault:
    """The keys of one environment, never written anywhere. Its secrets stay in memory while it is open."""

    notice = ""
    state = VaultState.IDLE

    def __init__(self, environment: str) -> None:
        self._environment = environment
        self._held: dict[str, Credentials] = {}
        self._closed = False

    def listen(self, listener: Callable[[VaultState], None]) -> None:
        """Nothing here ever waits, so nothing is ever told."""

    async def accounts(self) -> tuple[KnownKey, ...]:
        return tuple(held.known_as(name) for name, held in sorted(self._open().items()))

    async def save(self, account: str, credentials: Credentials) -> None:
        """Raises ``CredentialsSpent``."""
        name = account_name(account)
        self._open()[name] = credentials.lend(Credentials)

    async def load(self, account: str) -> Credentials:
        """Raises ``EntryMissing``."""
        name = account_name(account)
        try:
            return self._open()[name].lend(Credentials)
        except KeyError:
            raise EntryMissing(user_name(self._environment, name)) from None

    async def take_changed(self, account: str) -> Credentials:
        """Nobody else can change what is held here. Raises ``EntryMissing``."""
        return await self.load(account)

    async def forget(self, account: str) -> None:
        gone = self._open().pop(account_name(account), None)
        if gone:
            gone.drop()

    async def close(self) -> None:
        """Drop every secret."""
        self._closed = True
        for credentials in self._held.values():
            credentials.drop()
        self._held.clear()

    def _open(self) -> dict[str, Credentials]:
        if self._closed:
            raise VaultClosed
        return self._held
