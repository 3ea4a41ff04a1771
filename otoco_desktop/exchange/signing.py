"""The exchange's digital signature (exchange docs, Digital Signature).

The payload is method + id + api key + parameter string + nonce with nothing between; the signature is
its HMAC-SHA256 under the api secret, as lower-case hex.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from otoco_desktop.exchange.errors import LockedError

ParamValue = Any
"""Text, a whole number, True, False, None, or a dict, list or tuple of these."""
Params = dict[str, ParamValue]


def param_string(value: ParamValue) -> str:
    """Text that ``params`` contributes to the signed payload.

    Objects give each key, ascending, followed by its value; arrays give their elements in order.
    Raises TypeError for a float or any other type: numbers are sent as text.
    """
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dict):
        return "".join(key + param_string(value[key]) for key in sorted(value))
    if isinstance(value, list | tuple):
        return "".join(param_string(item) for item in value)
    raise TypeError(f"a {type(value).__name__} cannot be signed; send it as text")


class Signer:
    """Signs requests without keeping the secret: only a keyed hash remains, copied per signature.

    Locked, it drops even that, and signs nothing until the same key is handed to it again.
    Its repr shows nothing and pickling it fails, since a keyed hash cannot be pickled.
    """

    __slots__ = ("_api_key", "_keyed")

    def __init__(self, api_key: str, secret: str) -> None:
        self._api_key = api_key
        self._keyed: hmac.HMAC | None = _keyed(secret)

    @property
    def api_key(self) -> str:
        """The public half of the key, which every signed request carries."""
        return self._api_key

    @property
    def account(self) -> str:
        """A short fingerprint of the key: tells accounts apart in the journal, reveals nothing."""
        return hashlib.sha256(self._api_key.encode()).hexdigest()[:16]

    @property
    def is_locked(self) -> bool:
        return self._keyed is None

    def lock(self) -> None:
        """Forget what signs. Which key it was stays known."""
        self._keyed = None

    def unlock(self, api_key: str, secret: str) -> None:
        """Sign again. Raises ValueError for another key than before: an account never changes under a program."""
        if api_key != self._api_key:
            raise ValueError("this is another key")
        self._keyed = _keyed(secret)

    def sign(self, method: str, request_id: int, nonce: int, params: Params | None = None) -> str:
        """The signature of one request; ``nonce`` is exchange time in milliseconds. Raises LockedError."""
        if self._keyed is None:
            raise LockedError
        mac = self._keyed.copy()
        text = param_string(params) if params is not None else ""
        mac.update(f"{method}{request_id}{self._api_key}{text}{nonce}".encode())
        return mac.hexdigest()


def _keyed(secret: str) -> hmac.HMAC:
    return hmac.new(secret.encode(), digestmod=hashlib.sha256)
