"""Looks for a secret wherever a program may have put it: files, texts, the command line and environment of processes.

A file is read as bytes, so a journal and its write-ahead log count, and each usual dress of the secret is looked for.
"""

from __future__ import annotations

import base64
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote_plus


@dataclass(frozen=True)
class Places:
    """Where to look. ``texts`` are by a name of theirs, ``pids`` are processes that still live (Linux only)."""

    folders: Iterable[Path] = ()
    texts: Mapping[str, str | bytes] = field(default_factory=dict)
    pids: Iterable[int] = ()
    except_files: Iterable[Path] = ()


def leaks(secrets: Iterable[str], places: Places) -> list[str]:
    """One line for each place that holds a secret in any dress; the lines do not repeat it."""
    dresses = {name: form for secret in secrets for name, form in _dresses(secret).items()}
    found = []
    for where, data in _everything(places):
        found += [f"{where} ({name.split(':', 1)[0]})" for name, form in dresses.items() if form in data]
    return found


def _dresses(secret: str) -> dict[str, bytes]:
    raw = secret.encode()
    forms = {
        "plain": raw,
        "reversed": raw[::-1],
        "hex": raw.hex().encode(),
        "utf-16": secret.encode("utf-16-le"),
        "url": quote_plus(secret).encode(),
    }
    # Inside a longer text base64 falls on one of three grids; the inner part of each is the same whatever surrounds it.
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw)
        forms[f"base64 {shift}"] = encoded[4 if shift else 0 : len(encoded) // 4 * 4 - 4]
    seen = {form: name for name, form in reversed(forms.items()) if len(form) >= 6}
    return {f"{name}:{secret}": form for form, name in seen.items()}


def _everything(places: Places) -> Iterable[tuple[str, bytes]]:
    left_out = {path.resolve() for path in places.except_files}
    for folder in places.folders:
        for path in sorted(folder.rglob("*")):
            yield f"name {path}", str(path.relative_to(folder)).encode()
            if path.is_file() and path.resolve() not in left_out:
                yield f"file {path}", path.read_bytes()
    for name, text in places.texts.items():
        yield name, text.encode() if isinstance(text, str) else text
    for pid in places.pids:
        assert sys.platform.startswith("linux"), "only Linux shows what a process was started with"
        for part in ("cmdline", "environ"):
            # A process that keeps its memory private shows its environment to nobody but the administrator (proc(5)).
            with suppress(PermissionError):
                yield f"{part} of {pid}", Path(f"/proc/{pid}/{part}").read_bytes()
