"""An exchange API key with its secret, held so that nothing can show, copy or store it by accident."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn, TypeVar

from otoco_desktop.domain.errors import BadAccountName, CredentialsSpent

_T = TypeVar("_T")
LONGEST_NAME = 40
_SHOWN = 4
_LONG_ENOUGH_TO_SHOW = 8


class VaultState(StrEnum):
    """Whether the system's keyring has a question open, as far as anybody can tell from outside."""

    IDLE = "idle"
    WAITING = "waiting"  # a call waits for the keyring, which may be asking the trader
    ABANDONED = "abandoned"  # nobody waits any more, and the keyring has still not answered


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A stored key without its secret: what may be listed, shown and written to a file.

    ``name`` is empty for the one account that needs no name. ``last_four`` is all of the key that is ever shown.
    ``fingerprint`` tells one key from another and reveals neither; it is empty until the key was stored for certain.
    """

    name: str
    last_four: str
    fingerprint: str = ""


class Credentials:
    """Key and secret. Shows the key's last four characters only, and refuses to be copied or pickled.

    The text lives until ``hand_over`` or ``drop``. Python cannot promise that its memory is wiped then.
    """

    __slots__ = ("_api_key", "_secret")

    def __init__(self, api_key: str, secret: str) -> None:
        if not api_key or not secret:
            raise ValueError("a key and its secret are both needed")
        self._api_key = api_key
        self._secret: str | None = secret

    @property
    def last_four(self) -> str:
        """The end of the key; empty where the key is so short that its end would tell too much."""
        return self._api_key[-_SHOWN:] if len(self._api_key) >= _LONG_ENOUGH_TO_SHOW else ""

    @property
    def fingerprint(self) -> str:
        """Sixteen hex digits of the key's SHA-256: tells accounts apart, reveals nothing."""
        return hashlib.sha256(self._api_key.encode()).hexdigest()[:16]

    def known_as(self, name: str) -> KnownKey:
        return KnownKey(name, self.last_four, self.fingerprint)

    def lend(self, borrower: Callable[[str, str], _T]) -> _T:
        """``borrower(api_key, secret)``, which must not keep the secret. Raises ``CredentialsSpent``."""
        if self._secret is None:
            raise CredentialsSpent
        return borrower(self._api_key, self._secret)

    def hand_over(self, taker: Callable[[str, str], _T]) -> _T:
        """``taker(api_key, secret)``, for example to key a hash; the secret is dropped here, come what may.

        Raises ``CredentialsSpent`` the second time.
        """
        try:
            return self.lend(taker)
        finally:
            self.drop()

    def drop(self) -> None:
        """Let go of the secret; what the key is called stays known."""
        self._secret = None

    def same_as(self, other: Credentials) -> bool:
        """Whether both hold the same key and secret. Raises ``CredentialsSpent`` when either is spent."""
        return hmac.compare_digest(self.lend(_joined), other.lend(_joined))

    def __repr__(self) -> str:
        return f"Credentials(…{self.last_four})"

    def __copy__(self) -> NoReturn:
        raise TypeError("a secret is not copied")

    def __deepcopy__(self, memo: object) -> NoReturn:
        raise TypeError("a secret is not copied")

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled")


def _joined(api_key: str, secret: str) -> bytes:
    return f"{len(api_key)}:{api_key}{secret}".encode()


def account_name(text: str) -> str:
    """The name without the spaces around it; empty is the unnamed account. Raises ``BadAccountName``."""
    name = text.strip()
    if len(name) > LONGEST_NAME:
        raise BadAccountName(f"The name has {len(name)} characters; {LONGEST_NAME} are allowed. Shorten it.")
    if "/" in name or not name.isprintable():
        raise BadAccountName("A name cannot hold a slash, a line break or an invisible character. Choose another.")
    return name
