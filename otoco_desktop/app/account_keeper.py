"""Keeping, testing, using and forgetting the trader's keys: what stands behind ``AccountsPort``."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeVar

from otoco_desktop.app.accounts import (
    AccountsListener,
    AccountsState,
    Entered,
    KeptAccount,
    KeyringMood,
    KeyringWords,
)
from otoco_desktop.app.ports import KnowledgeStore, Vault
from otoco_desktop.app.probe import ConnectionTest, ProbeListener
from otoco_desktop.app.probe_report import report_text
from otoco_desktop.domain.credentials import Credentials, VaultState
from otoco_desktop.domain.errors import (
    KeyringCancelled,
    KeyringLocked,
    NoKeyring,
    UnsafeKeyring,
    VaultTrouble,
    WayOn,
)
from otoco_desktop.domain.probing import ProbeReport, VenueKnowledge
from otoco_desktop.settings import Environment

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class AccountsNeeds:
    """What the use case works with. ``kept`` are the keyring's vaults, ``held`` those in memory until the end."""

    kept: Mapping[Environment, Vault]
    held: Mapping[Environment, Vault]
    test: ConnectionTest
    knowledge: KnowledgeStore


class Accounts:
    """Satisfies ``AccountsPort``. A key that is held for the session stands before a kept one of the same name."""

    def __init__(self, needs: AccountsNeeds) -> None:
        self._needs = needs
        self._state = AccountsState(keyring=keyring_words(VaultState.IDLE, None, proven=False))
        self._listeners: list[AccountsListener] = []
        self._last: VaultTrouble | None = None
        self._proven = False
        for vault in needs.kept.values():
            vault.listen(lambda _state: self._show_keyring())

    @property
    def state(self) -> AccountsState:
        return self._state

    def listen(self, listener: AccountsListener) -> None:
        self._listeners.append(listener)

    def tell_nobody(self) -> None:
        """The window that listened is gone; this use case outlives it."""
        self._listeners.clear()

    def trades_with(self, environment: Environment, account: str | None) -> None:
        """The program trades with this account from now on, or with none."""
        self._change(in_use=None if account is None else (environment, account))

    async def refresh(self) -> None:
        accounts: dict[Environment, tuple[KeptAccount, ...]] = {}
        notices, trouble = [], None
        for environment, vault in self._needs.kept.items():
            try:
                accounts[environment] = await self._listed(environment)
            except VaultTrouble as found:
                trouble, accounts[environment] = found, ()
            notices.append(vault.notice)
        known = await asyncio.to_thread(self._known)
        notice = " ".join(filter(None, [*notices, str(trouble) if trouble else ""]))
        self._change(accounts=MappingProxyType(accounts), knowledge=MappingProxyType(known), notice=notice)

    async def load(self, environment: Environment, account: str) -> Credentials:
        """A fresh key to trade with or to unlock with. Raises ``VaultTrouble``."""
        held = self._needs.held[environment]
        if any(known.name == account for known in await held.accounts()):
            return await held.load(account)
        try:
            credentials = await self._needs.kept[environment].load(account)
        except VaultTrouble as trouble:
            self._failed(trouble)
            raise
        self._worked()
        return credentials

    async def test(self, environment: Environment, entered: Entered, listener: ProbeListener) -> ProbeReport:
        if entered.credentials is None:
            raise ValueError("there is no key to test")
        return await self._tested(environment, entered.credentials, listener)

    async def test_kept(self, environment: Environment, account: str, listener: ProbeListener) -> ProbeReport | None:
        try:
            credentials = await self._busy("Reading the key…", self.load(environment, account))
        except VaultTrouble:
            return None
        try:
            return await self._tested(environment, credentials, listener)
        finally:
            credentials.drop()

    async def keep(self, environment: Environment, entered: Entered) -> bool:
        """The secret is dropped from ``entered`` once the keyring has it."""
        credentials = _given(entered)
        kept, held = self._needs.kept[environment], self._needs.held[environment]
        if not await self._done("Storing the key…", kept.save(entered.account, credentials)):
            return False
        await held.forget(entered.account)
        credentials.drop()
        await self.refresh()
        return True

    async def keep_for_session(self, environment: Environment, entered: Entered) -> bool:
        """The secret is dropped from ``entered`` once it is held."""
        credentials = _given(entered)
        await self._needs.held[environment].save(entered.account, credentials)
        credentials.drop()
        self._change(trouble="", ways_on=())
        await self.refresh()
        return True

    async def forget(self, environment: Environment, account: str) -> bool:
        """An account that is held for the session is dropped from memory first, and the keyring's entry then."""
        held = self._needs.held[environment]
        session_only = any(each.name == account for each in await held.accounts())
        await held.forget(account)
        in_keyring = any(each.name == account for each in await self._kept_names(environment))
        gone = True
        if in_keyring or not session_only:
            gone = await self._done("Forgetting the key…", self._needs.kept[environment].forget(account))
        await self.refresh()
        return gone

    async def take_changed(self, environment: Environment, account: str) -> bool:
        vault = self._needs.kept[environment]

        async def take() -> None:
            (await vault.take_changed(account)).drop()

        done = await self._done("Reading the key…", take())
        await self.refresh()
        return done

    def report_text(self, report: ProbeReport) -> str:
        return report_text(report)

    async def close(self) -> None:
        """Let go of every key held in memory."""
        for vault in (*self._needs.held.values(), *self._needs.kept.values()):
            await vault.close()

    async def _tested(self, environment: Environment, credentials: Credentials, listener: ProbeListener) -> ProbeReport:
        report = await self._needs.test.run(environment, credentials, listener)
        self._change(knowledge=MappingProxyType(await asyncio.to_thread(self._known)))
        return report

    async def _listed(self, environment: Environment) -> tuple[KeptAccount, ...]:
        """By name; raises ``VaultTrouble``."""
        held = [
            KeptAccount(k.name, k.last_four, session_only=True) for k in await self._needs.held[environment].accounts()
        ]
        names = {account.name for account in held}
        kept = [KeptAccount(k.name, k.last_four) for k in await self._needs.kept[environment].accounts()]
        found = [*held, *(account for account in kept if account.name not in names)]
        return tuple(sorted(found, key=lambda account: account.name))

    async def _kept_names(self, environment: Environment) -> tuple[KeptAccount, ...]:
        try:
            found = await self._needs.kept[environment].accounts()
        except VaultTrouble:
            return ()
        return tuple(KeptAccount(each.name, each.last_four) for each in found)

    def _known(self) -> dict[Environment, VenueKnowledge]:
        found = {each: self._needs.knowledge.load(each.value) for each in self._needs.kept}
        return {environment: known for environment, known in found.items() if known is not None}

    async def _done(self, busy: str, work: Awaitable[None]) -> bool:
        """Whether it went well; otherwise the state has its trouble."""
        try:
            await self._busy(busy, work)
        except VaultTrouble as trouble:
            self._failed(trouble)
            return False
        self._worked()
        return True

    async def _busy(self, words: str, work: Awaitable[_T]) -> _T:
        self._change(busy=words, trouble="", ways_on=())
        try:
            return await work
        finally:
            self._change(busy="")

    def _failed(self, trouble: VaultTrouble) -> None:
        self._last = trouble
        self._change(trouble=str(trouble), ways_on=trouble.ways_on)
        self._show_keyring()

    def _worked(self) -> None:
        self._last, self._proven = None, True
        self._change(trouble="", ways_on=())
        self._show_keyring()

    def _show_keyring(self) -> None:
        states = [vault.state for vault in self._needs.kept.values()]
        worst = max(states, key=list(VaultState).index, default=VaultState.IDLE)
        self._change(keyring=keyring_words(worst, self._last, proven=self._proven))

    def _change(self, **changes: object) -> None:
        state = replace(self._state, **changes)  # type: ignore[arg-type]
        if state != self._state:
            self._state = state
            for listener in self._listeners:
                listener(state)


def keyring_words(state: VaultState, trouble: VaultTrouble | None, *, proven: bool) -> KeyringWords:
    """The keyring in words: what it is doing, else what was wrong with it last. ``proven``: it has worked by now."""
    if state is not VaultState.IDLE:
        detail = "Answer its question, which may be behind this window."
        return KeyringWords(KeyringMood.WAITING, "OS keyring is asking", detail, (WayOn.SESSION_ONLY,))
    if isinstance(trouble, NoKeyring | UnsafeKeyring):
        return KeyringWords(KeyringMood.MISSING, "No OS keyring", str(trouble), trouble.ways_on)
    if isinstance(trouble, KeyringLocked | KeyringCancelled):
        return KeyringWords(KeyringMood.LOCKED, "OS keyring, locked", str(trouble), trouble.ways_on)
    if trouble is not None:
        return KeyringWords(KeyringMood.TROUBLE, "OS keyring", str(trouble), trouble.ways_on)
    return KeyringWords(KeyringMood.READY, "OS keyring, unlocked" if proven else "OS keyring", _keyring_name())


def _given(entered: Entered) -> Credentials:
    if entered.credentials is None:
        raise ValueError("there is no key to keep")
    return entered.credentials


def _keyring_name() -> str:
    """What the system calls its keyring."""
    if sys.platform == "win32":
        return "Windows Credential Manager"
    return "macOS Keychain" if sys.platform == "darwin" else "Secret Service or KWallet"
