"""A vault for tests of what uses one: memory, with failures and waits on demand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from otoco_desktop.domain.credentials import Credentials, VaultState
from otoco_desktop.domain.errors import VaultTrouble
from otoco_desktop.vault.session_vault import SessionVault


class FakeVault(SessionVault):
    """``trouble`` is raised by the next call that asks the keyring; ``question`` holds such calls until it is set."""

    def __init__(self, environment: str = "live") -> None:
        super().__init__(environment)
        self.trouble: VaultTrouble | None = None
        self.question: asyncio.Event | None = None
        self._listeners: list[Callable[[VaultState], None]] = []

    def listen(self, listener: Callable[[VaultState], None]) -> None:
        self._listeners.append(listener)

    async def save(self, account: str, credentials: Credentials) -> None:
        await self._asked()
        await super().save(account, credentials)

    async def load(self, account: str) -> Credentials:
        await self._asked()
        return await super().load(account)

    async def forget(self, account: str) -> None:
        await self._asked()
        await super().forget(account)

    async def _asked(self) -> None:
        if self.question:
            self._tell(VaultState.WAITING)
            await self.question.wait()
            self._tell(VaultState.IDLE)
        trouble, self.trouble = self.trouble, None
        if trouble:
            raise trouble

    def _tell(self, state: VaultState) -> None:
        self.state = state
        for listener in self._listeners:
            listener(state)
