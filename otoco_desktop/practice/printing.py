"""Messages as JSON text, in the spelling of numbers and texts that is armed."""

from __future__ import annotations

from typing import Any

import msgspec

from otoco_desktop.practice.faults import Fault, Faults, Spelling

_NUMBERS = frozenset({"list_id", "leg_id", "create_time", "update_time"})


class Printer:
    """Turns messages into bytes."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def __call__(self, message: dict[str, Any]) -> bytes:
        """One message as JSON."""
        spelling = self._faults.value(Fault.SPELLING)
        if spelling is Spelling.NUMBERS:
            message = _with_numbers(message)
        elif spelling is Spelling.TEXTS:
            message = {name: str(value) if name in ("id", "code") else value for name, value in message.items()}
        return msgspec.json.encode(message)


def _with_numbers(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _with_numbers(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_numbers(inner, name) for inner in value]
    return int(value) if name in _NUMBERS else value
