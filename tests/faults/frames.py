"""Websocket frames in a stream of bytes, whole and as they came, so that each byte can be counted."""

from __future__ import annotations

LONG, LONGER = 126, 127


class Frames:
    """Collects bytes and hands out whole frames."""

    def __init__(self) -> None:
        self._buffer = b""

    def feed(self, data: bytes) -> list[bytes]:
        """The frames that are whole now."""
        self._buffer += data
        found = []
        while (size := _size(self._buffer)) is not None and len(self._buffer) >= size:
            found.append(self._buffer[:size])
            self._buffer = self._buffer[size:]
        return found


def payload(frame: bytes) -> bytes:
    """What a whole frame carries, unmasked."""
    at = _header(frame)
    if not frame[1] & 0x80:
        return frame[at:]
    mask = frame[at : at + 4]
    return bytes(byte ^ mask[index % 4] for index, byte in enumerate(frame[at + 4 :]))


def _header(data: bytes) -> int:
    """Bytes before the mask and the payload."""
    return {LONG: 4, LONGER: 10}.get(data[1] & 0x7F, 2)


def _size(data: bytes) -> int | None:
    if len(data) < 2 or len(data) < _header(data):
        return None
    at = _header(data)
    length = data[1] & 0x7F if at == 2 else int.from_bytes(data[2:at], "big")
    return at + (4 if data[1] & 0x80 else 0) + length
