"""Envelopes, signatures and numbers of the protocol, read strictly. Pure; written from the exchange docs."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import msgspec

from otoco_desktop.practice import codes
from otoco_desktop.practice.model import Refused

NONCE_WINDOW_MS = 60_000
"""Farthest a nonce may lie from the server's time (exchange docs, 40102)."""

_DECIMAL = re.compile(r"[0-9]{1,20}(\.[0-9]{1,18})?")
_DIGITS = re.compile(r"[0-9]{1,19}")
# Documented samples send these as bare numbers; every other number in params is a string.
_MAY_BE_NUMBERS = frozenset({"limit", "page", "page_size", "start_time", "end_time", "book_update_frequency"})
_LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came in. `id` and `nonce` keep their digits; `raw_id` is echoed as it was sent."""

    id: str
    raw_id: int | str
    method: str
    params: Mapping[str, Any] = field(default_factory=dict)
    api_key: str = ""
    sig: str = field(default="", repr=False)
    nonce: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """The API key of this installation."""

    api_key: str
    secret: str = field(repr=False)


def parse(body: bytes | str) -> Request:
    """Read an envelope. Raises `Refused` (40001 not JSON, 40003 not an envelope)."""
    try:
        raw = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Refused(codes.BAD_REQUEST) from error
    if not isinstance(raw, dict) or not isinstance(raw.get("method"), str):
        raise Refused(codes.INVALID_REQUEST)
    params = raw.get("params")
    if params is not None and not isinstance(params, dict):
        raise Refused(codes.INVALID_REQUEST)
    return Request(
        id=_long(raw.get("id"), "id"),
        raw_id=raw["id"],
        method=raw["method"],
        params=params or {},
        api_key=_word(raw.get("api_key", "")),
        sig=_word(raw.get("sig", "")),
        nonce=_long(raw["nonce"], "nonce") if "nonce" in raw else "",
    )


def check_params(request: Request) -> None:
    """Values in params are strings, lists and objects. Raises `Refused` 40004."""
    _check_scalars(request.params)


def reply(request: Request, result: object = None, message: str = "") -> dict[str, Any]:
    """A successful answer."""
    answer: dict[str, Any] = {"id": request.raw_id, "method": request.method, "code": codes.OK}
    if message:
        answer["message"] = message
    if result is not None:
        answer["result"] = result
    return answer


def refusal(request: Request | None, code: int, original: str = "") -> dict[str, Any]:
    """An answer with a code other than 0; without a readable request it carries id -1 and method ERROR."""
    answer: dict[str, Any] = {
        "id": request.raw_id if request else -1,
        "method": request.method if request else "ERROR",
        "code": code,
        "message": codes.name(code),
    }
    if original:
        answer["original"] = original[:1000]
    return answer


def signature(key: Key, request: Request) -> str:
    """Lower-case hex HMAC-SHA256 of method, id, key, parameter string and nonce (exchange docs, signature)."""
    payload = f"{request.method}{request.id}{request.api_key}{param_string(request.params)}{request.nonce}"
    return hmac.new(key.secret.encode(), payload.encode(), hashlib.sha256).hexdigest()


def param_string(value: object) -> str:
    """Parameters as they are signed: keys in ascending order, each followed by its value."""
    if isinstance(value, dict):
        return "".join(name + param_string(value[name]) for name in sorted(value))
    if isinstance(value, list):
        return "".join(map(param_string, value))
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def authenticate(key: Key, request: Request, now_ms: int) -> None:
    """Check key, signature and nonce. Raises `Refused` (40101, 40102)."""
    known = hmac.compare_digest(key.api_key.encode(), request.api_key.encode())
    signed = hmac.compare_digest(signature(key, request).encode(), request.sig.encode())
    if not (known and signed):
        raise Refused(codes.UNAUTHORIZED)
    if not request.nonce or abs(int(request.nonce) - now_ms) > NONCE_WINDOW_MS:
        raise Refused(codes.INVALID_NONCE)


def decimal(text: object, code: int) -> Decimal:
    """A positive number in plain decimal notation. Raises `Refused` with `code`."""
    if not isinstance(text, str) or not _DECIMAL.fullmatch(text):
        raise Refused(code)
    number = Decimal(text)
    if number <= 0:
        raise Refused(code)
    return number


def nanoseconds(value: object) -> int:
    """A moment in ms, us or ns since the epoch, told apart by its digits, as ns. Raises `Refused` 40005."""
    text = str(value)
    if isinstance(value, bool) or not _DIGITS.fullmatch(text):
        raise Refused(codes.INVALID_DATE)
    scale = 1_000_000 if len(text) <= 14 else 1_000 if len(text) <= 17 else 1
    return int(text) * scale


def plain(number: Decimal) -> str:
    """A number in plain decimal notation, without needless zeros at its end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _long(value: object, name: str) -> str:
    text = str(value)
    if isinstance(value, bool) or not isinstance(value, int | str) or not _DIGITS.fullmatch(text):
        raise Refused(codes.INVALID_REQUEST, name)
    if int(text) > _LARGEST_ID:
        raise Refused(codes.INVALID_REQUEST, name)
    return text


def _word(value: object) -> str:
    if not isinstance(value, str):
        raise Refused(codes.INVALID_REQUEST)
    return value


def _check_scalars(value: object, name: str = "") -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            _check_scalars(inner, key)
    elif isinstance(value, list):
        for inner in value:
            _check_scalars(inner, name)
    elif not isinstance(value, str) and not (type(value) is int and name in _MAY_BE_NUMBERS):
        raise Refused(codes.MISSING_OR_INVALID_ARGUMENT, name)
