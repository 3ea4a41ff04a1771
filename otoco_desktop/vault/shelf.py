"""What the vault's thread does: entries in the keyring and names in the list, kept in step.

A name is listed before its entry is written and dropped after its entry is gone, so that no secret ever lies in the
keyring unlisted, whenever the program is killed.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from otoco_desktop.domain.credentials import Credentials, KnownKey
from otoco_desktop.domain.errors import (
    AccountListFailed,
    EntryChanged,
    EntryDamaged,
    EntryMissing,
    KeyringFailed,
    NoKeyring,
    NotForgotten,
    VaultTrouble,
    WriteNotKept,
)
from otoco_desktop.vault.accounts import AccountList
from otoco_desktop.vault.backends import choose
from otoco_desktop.vault.entry import SERVICE, UnreadableEntryError, decode, encode, user_name
from otoco_desktop.vault.failures import in_words

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

# A keyring may hold several entries of one name, put there by other programs; each deletion takes one.
_MOST_COPIES = 5


class Shelf:
    """Blocking; one environment. Every method raises ``VaultTrouble`` where the keyring or the list fails."""

    def __init__(self, environment: str, accounts: AccountList) -> None:
        self._environment = environment
        self._accounts = accounts
        self._chosen: KeyringBackend | None = None

    def save(self, account: str, credentials: Credentials) -> None:
        before = self._accounts.find(account)
        if before is None:
            self._accounts.put(replace(credentials.known_as(account), fingerprint=""))
        try:
            kept = self._write(account, encode(credentials))
        except VaultTrouble:
            if before is None:
                self._accounts.drop(account)
            raise
        if not kept:
            raise WriteNotKept
        self._accounts.put(credentials.known_as(account))

    def load(self, account: str, as_it_is: bool) -> Credentials:
        entry = user_name(self._environment, account)
        text = self._read(account)
        if text is None:
            raise EntryMissing(entry)
        try:
            found = decode(text)
        except UnreadableEntryError:
            raise EntryDamaged(entry) from None
        self._recognise(entry, found.known_as(account), as_it_is)
        return found

    def forget(self, account: str) -> None:
        for _ in range(_MOST_COPIES):
            if self._read(account) is None:
                self._accounts.drop(account)
                return
            self._delete(account)
        raise NotForgotten(user_name(self._environment, account))

    def _recognise(self, entry: str, found: KnownKey, as_it_is: bool) -> None:
        """Compare with the key stored last, and list what is not listed. A list that fails must not stop a trader."""
        try:
            before = self._accounts.find(found.name)
            if before and before.fingerprint not in ("", found.fingerprint) and not as_it_is:
                raise EntryChanged(entry, before.last_four, found.last_four)
            self._accounts.put(found)
        except AccountListFailed as trouble:
            self._accounts.notice = str(trouble)

    # The keyring itself

    def _write(self, account: str, text: str) -> bool:
        """Whether the keyring gives back what it was given."""
        backend, user = self._backend(), user_name(self._environment, account)
        with self._words():
            backend.set_password(SERVICE, user, text)
        return hmac.compare_digest((self._read(account) or "").encode(), text.encode())

    def _read(self, account: str) -> str | None:
        backend = self._backend()
        with self._words():
            return backend.get_password(SERVICE, user_name(self._environment, account))

    def _delete(self, account: str) -> None:
        from keyring.errors import PasswordDeleteError  # noqa: PLC0415 - imported on the vault's thread

        backend = self._backend()
        with self._words(), suppress(PasswordDeleteError):  # the reading that follows tells whether it is gone
            backend.delete_password(SERVICE, user_name(self._environment, account))

    @contextmanager
    def _words(self) -> Iterator[None]:
        """Errors in words; after one that a restarted service may cause, the backend is chosen anew."""
        try:
            with in_words():
                yield
        except (KeyringFailed, NoKeyring):
            self._chosen = None
            raise

    def _backend(self) -> KeyringBackend:
        if self._chosen is None:
            with in_words():
                self._chosen = choose()
        return self._chosen
