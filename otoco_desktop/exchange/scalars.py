"""Single JSON values read exactly: ids, numbers, words.

The exchange's documents print the same field as a number in one place and as text in another, and ids
exceed 2**53. So fields stay raw JSON until one of these functions reads them: digits are never passed
through a float.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from otoco_desktop.exchange.errors import DecodeError

ABSENT = msgspec.Raw(b"null")
MAX_WORD = 2_000
MAX_LABEL = 60
MAX_DIGITS = 60
_NUMBER = re.compile(rb"-?[0-9]+(?:\.[0-9]+)?")
_INTEGER = re.compile(rb"-?(?:0|[1-9][0-9]*)")
T = TypeVar("T")


def decode(data: bytes | msgspec.Raw, kind: type[T], decoder: msgspec.json.Decoder[T] | None = None) -> T:
    """JSON bytes as ``kind``; any defect, too deep a nesting included, is a DecodeError."""
    try:
        return decoder.decode(data) if decoder is not None else msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DecodeError(f"not the expected {kind.__name__}: {_plain(error)}") from None
    except RecursionError:
        raise DecodeError("nested too deeply") from None


def word(raw: msgspec.Raw, limit: int = MAX_WORD) -> str:
    """Text, or a number's own digits as text; empty when absent. Longer than ``limit`` is refused."""
    data = bytes(raw)
    if data == b"null":
        return ""
    text = data.decode("ascii") if _NUMBER.fullmatch(data) else decode(raw, str)
    if len(text) > limit:
        raise DecodeError(f"text of {len(text)} characters where {limit} are allowed")
    return text


def printable(text: str) -> str:
    """Text from outside made harmless to show: anything but printable ASCII is written as an escape."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c.isascii() and c.isprintable() else ascii(c)[1:-1] for c in text)


def label(raw: msgspec.Raw) -> str:
    """A short word that is shown as it stands: a status, a coin, a type."""
    return printable(word(raw, MAX_LABEL))


def ident(raw: msgspec.Raw) -> str:
    """An id as exact text, whether it came as number or as text; empty when absent."""
    data = bytes(raw)
    if data == b"null":
        return ""
    text = data.decode("ascii") if _INTEGER.fullmatch(data) else decode(raw, str)
    if len(text) > MAX_DIGITS + 4:
        raise DecodeError("an id of implausible length")
    return printable(text)


def integer(raw: msgspec.Raw) -> int | None:
    """A whole number from digits or text of digits; None when absent or empty."""
    data = _unquoted(raw)
    if data is None:
        return None
    if len(data) > MAX_DIGITS or not _INTEGER.fullmatch(data):
        raise DecodeError("not a whole number")
    return int(data)


def amount(raw: msgspec.Raw) -> Decimal | None:
    """An exact finite number in plain notation; None when absent or empty."""
    data = _unquoted(raw)
    if data is None:
        return None
    if len(data) > MAX_DIGITS or not _NUMBER.fullmatch(data):
        raise DecodeError("not a plain number")
    return Decimal(data.decode("ascii"))


def flag(raw: msgspec.Raw) -> bool | None:
    """True or false, also as text (older samples print ``"true"``); None when absent."""
    data = _unquoted(raw)
    if data is None:
        return None
    if data not in (b"true", b"false"):
        raise DecodeError("neither true nor false")
    return data == b"true"


def rows(raw: msgspec.Raw) -> list[msgspec.Raw]:
    """The elements of an array; a single object counts as an array of one; absent is empty."""
    data = bytes(raw)
    if data == b"null":
        return []
    if data.startswith(b"{"):
        return [raw]
    return decode(raw, list[msgspec.Raw])


def _unquoted(raw: msgspec.Raw) -> bytes | None:
    data = bytes(raw)
    if data.startswith(b'"'):
        data = decode(raw, str).encode("utf-8", "replace")
    elif data == b"null":
        return None
    return data or None


def _plain(error: Any) -> str:
    """The decoder's own words, which name types and positions, never content."""
    return str(error)[:200] if isinstance(error, msgspec.DecodeError) else "not UTF-8"
