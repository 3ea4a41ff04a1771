"""A vault in another process, used as if it were in this one."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from otoco_desktop.domain import errors
from otoco_desktop.domain.credentials import Credentials, KnownKey, VaultState
from tests.house.sources import ROOT


class RemoteVault:
    """Satisfies ``Vault``; ``told`` is every state the other side told, in order."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._number = 0
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._listeners: list[Callable[[VaultState], None]] = []
        self._reading = asyncio.create_task(self._read())
        self.state = VaultState.IDLE
        self.told: list[VaultState] = []
        self.notice = ""

    @classmethod
    async def start(
        cls, surroundings: Mapping[str, str], environment: str, account_list: Path, patience_s: int = 30
    ) -> RemoteVault:
        program = [sys.executable, "-m", "tests.vault.child", environment, str(account_list), str(patience_s)]
        process = await asyncio.create_subprocess_exec(*program, stdin=PIPE, stdout=PIPE, env=surroundings, cwd=ROOT)
        return cls(process)

    def listen(self, listener: Callable[[VaultState], None]) -> None:
        self._listeners.append(listener)

    async def accounts(self) -> tuple[KnownKey, ...]:
        return tuple(KnownKey(*row) for row in await self.ask("accounts"))

    async def save(self, account: str, credentials: Credentials) -> None:
        api_key, secret = credentials.lend(lambda *both: both)
        await self.ask("save", account=account, api_key=api_key, secret=secret)

    async def load(self, account: str) -> Credentials:
        return Credentials(*await self.ask("load", account=account))

    async def take_changed(self, account: str) -> Credentials:
        return Credentials(*await self.ask("take_changed", account=account))

    async def forget(self, account: str) -> None:
        await self.ask("forget", account=account)

    async def close(self) -> None:
        """Close the vault; the process goes on and refuses, until ``leave``."""
        await self.ask("close")

    async def leave(self) -> int:
        """Let the process end by itself and return its exit code."""
        assert self._process.stdin
        self._process.stdin.close()
        await asyncio.wait_for(self._reading, 20)
        return await asyncio.wait_for(self._process.wait(), 20)

    async def ask(self, what: str, **details: str) -> Any:
        assert self._process.stdin
        self._number += 1
        answer = self._answers[self._number] = asyncio.get_running_loop().create_future()
        command = {"id": self._number, "do": what, **details}
        self._process.stdin.write(json.dumps(command).encode() + b"\n")
        said = await asyncio.wait_for(answer, 40)
        if "failure" in said:
            raise _trouble(said["failure"], said["sentence"])
        self.notice = said["notice"]
        return said["result"]

    async def _read(self) -> None:
        assert self._process.stdout
        while line := await self._process.stdout.readline():
            said = json.loads(line)
            if "state" in said:
                self._note(VaultState(said["state"]))
            else:
                self._answers.pop(said["id"]).set_result(said)

    def _note(self, state: VaultState) -> None:
        self.state = state
        self.told.append(state)
        for listener in self._listeners:
            listener(state)


def _trouble(name: str, sentence: str) -> errors.VaultTrouble:
    """The failure as it was raised over there, with the sentence it was told in."""
    kind = getattr(errors, name)
    trouble: errors.VaultTrouble = kind.__new__(kind)
    Exception.__init__(trouble, sentence)
    trouble.args = (sentence,)
    return trouble
