"""The text of one keyring entry: a JSON object with the key and its secret, and nothing else."""

from __future__ import annotations

import msgspec

from otoco_desktop.domain.credentials import Credentials

SERVICE = "otoco-desktop"


class _Entry(msgspec.Struct, frozen=True):
    api_key: str
    secret: str

    def __repr__(self) -> str:
        return "_Entry(…)"


class UnreadableEntryError(Exception):
    """The text is not a key and a secret; says nothing of what it is."""


def user_name(environment: str, account: str) -> str:
    """The keyring's user name: the environment, and the account where it has a name."""
    return f"{environment}/{account}" if account else environment


def encode(credentials: Credentials) -> str:
    """Raises ``CredentialsSpent``."""
    return msgspec.json.encode(credentials.lend(_Entry)).decode()


def decode(text: str) -> Credentials:
    """Raises ``UnreadableEntryError``."""
    try:
        entry = msgspec.json.decode(text, type=_Entry)
        return Credentials(entry.api_key, entry.secret)
    except (msgspec.MsgspecError, ValueError):
        raise UnreadableEntryError from None
