"""Whether a write-ahead log can be read to its end. SQLite leaves out what cannot be, without a word.

Source: SQLite's "Database File Format", section 4, "The Write-Ahead Log".
"""

from __future__ import annotations

import struct
from pathlib import Path

_HEADER, _FRAME = 32, 24
_MAGIC = (0x377F0682, 0x377F0683)
_Sums = tuple[int, int]


def is_whole(path: Path) -> bool:
    """Whether each frame of the log's newest round agrees with its check sum; True where there is no log.

    Frames of an older round, and a frame that the file's end cuts, were never part of a commit.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return True
    return len(data) <= _HEADER or _is_whole(data)


def _is_whole(data: bytes) -> bool:
    magic, _version, page, *_rest = struct.unpack_from(">8I", data)
    if magic not in _MAGIC:
        return False
    order = ">" if magic & 1 else "<"
    sums = _summed(data[:24], (0, 0), order)
    return sums == struct.unpack_from(">2I", data, 24) and _frames_agree(data, page, sums, order)


def _frames_agree(data: bytes, page: int, sums: _Sums, order: str) -> bool:
    salts = data[16:24]
    for at in range(_HEADER, len(data) - _FRAME - page + 1, _FRAME + page):
        if data[at + 8 : at + 16] != salts:
            return True
        sums = _summed(data[at : at + 8] + data[at + _FRAME : at + _FRAME + page], sums, order)
        if sums != struct.unpack_from(">2I", data, at + 16):
            return False
    return True


def _summed(data: bytes, before: _Sums, order: str) -> _Sums:
    first, second = before
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return first, second
