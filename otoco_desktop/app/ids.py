"""Random identities."""

from __future__ import annotations

import base64
import secrets

ID_LENGTH = 26


def new_strategy_id() -> str:
    """26 lower-case base32 characters, 130 random bits; never derived from a clock."""
    return base64.b32encode(secrets.token_bytes(17)).decode().lower()[:ID_LENGTH]
