"""What connection tests learned about each environment's exchange, in a small versioned JSON file beside its journal.

It can be learned again at any time, so a file that cannot be read is not known rather than kept.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from otoco_desktop.domain.probing import VenueKnowledge

VERSION = 1
FILE_NAME = "exchange.json"


class _File(msgspec.Struct, frozen=True):
    version: int
    knowledge: VenueKnowledge


class KnowledgeFiles:
    """One file per environment; ``folder`` gives the environment's own. Satisfies ``KnowledgeStore`` by shape."""

    def __init__(self, folder: Callable[[str], Path]) -> None:
        self._folder = folder

    def load(self, environment: str) -> VenueKnowledge | None:
        """Never raises: what cannot be read, or is about another environment, is not known."""
        try:
            held = msgspec.json.decode((self._folder(environment) / FILE_NAME).read_bytes(), type=_File)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return None
        return held.knowledge if (held.version, held.knowledge.environment) == (VERSION, environment) else None

    def save(self, knowledge: VenueKnowledge) -> None:
        """Raises ``OSError``."""
        folder = self._folder(knowledge.environment)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = folder / f"{FILE_NAME}.new"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(_File(VERSION, knowledge), enc_hook=_plain), indent=1))
        fresh.replace(folder / FILE_NAME)


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise NotImplementedError
