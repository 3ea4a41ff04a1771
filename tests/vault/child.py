"""The real vault in a process of its own, so that it lives on the private desktop and can be started again.

Commands arrive as JSON lines and are carried out at the same time, each answered by a JSON line with its number.
The secrets are made up, and travel through the pipes for comparison.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from otoco_desktop.domain.credentials import Credentials
from otoco_desktop.domain.errors import VaultTrouble
from otoco_desktop.vault.entry import SERVICE
from otoco_desktop.vault.keyring_vault import KeyringVault

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

Command = dict[str, Any]


def say(**answer: object) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def real_keyring() -> KeyringBackend:
    from keyring.core import load_keyring

    return load_keyring("keyring.backends.SecretService.Keyring")


class Child:
    def __init__(self, vault: KeyringVault) -> None:
        self._vault = vault
        self._carry_out: dict[str, Callable[[Command], Awaitable[object]]] = {
            "accounts": self.accounts,
            "save": self.save,
            "load": self.load,
            "take_changed": self.take_changed,
            "forget": lambda command: vault.forget(command["account"]),
            "close": lambda _: vault.close(),
            "modules": self.modules,
            "write_entry": self.write_entry,
            "read_entry": self.read_entry,
            "delete_entry": self.delete_entry,
            "lock": self.lock,
        }
        vault.listen(lambda state: say(state=state))

    async def answer(self, command: Command) -> None:
        try:
            result = await self._carry_out[command["do"]](command)
            say(id=command["id"], result=result, notice=self._vault.notice)
        except VaultTrouble as trouble:
            say(id=command["id"], failure=type(trouble).__name__, sentence=str(trouble))

    async def accounts(self, _: Command) -> object:
        return [[key.name, key.last_four, key.fingerprint] for key in await self._vault.accounts()]

    async def save(self, command: Command) -> None:
        await self._vault.save(command["account"], Credentials(command["api_key"], command["secret"]))

    async def load(self, command: Command) -> object:
        return (await self._vault.load(command["account"])).hand_over(lambda *both: both)

    async def take_changed(self, command: Command) -> object:
        return (await self._vault.take_changed(command["account"])).hand_over(lambda *both: both)

    async def modules(self, _: Command) -> object:
        return sorted(set(sys.modules) & {"keyring", "keyrings.alt", "secretstorage"})

    async def write_entry(self, command: Command) -> None:
        """What another program could do to an entry."""
        await asyncio.to_thread(real_keyring().set_password, SERVICE, command["user"], command["text"])

    async def read_entry(self, command: Command) -> object:
        return await asyncio.to_thread(real_keyring().get_password, SERVICE, command["user"])

    async def delete_entry(self, command: Command) -> None:
        await asyncio.to_thread(real_keyring().delete_password, SERVICE, command["user"])

    async def lock(self, _: Command) -> None:
        import secretstorage

        def lock() -> None:
            bus = secretstorage.dbus_init()
            secretstorage.get_default_collection(bus).lock()
            bus.close()

        await asyncio.to_thread(lock)


async def main(environment: str, account_list: str, patience_s: str) -> None:
    child = Child(KeyringVault(environment, Path(account_list), int(patience_s)))
    tasks = []
    while line := await asyncio.to_thread(sys.stdin.readline):
        tasks.append(asyncio.create_task(child.answer(json.loads(line))))
    await asyncio.gather(*tasks)


if __name__ == "__main__":
    sys.modules[os.environ.get("HIDDEN_MODULE", "none")] = None  # type: ignore[assignment]
    asyncio.run(main(*sys.argv[1:]))
