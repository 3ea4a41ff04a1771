"""What must not grow while the program runs: read from the system and from the interpreter."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType

MB = 1_048_576
CODE = (type, ModuleType, FunctionType, MethodType, BuiltinFunctionType)


@dataclass(frozen=True, slots=True)
class Gauge:
    """At one moment, after a collection of garbage. ``kinds`` counts the tracked objects by their types."""

    hour: float
    resident_mb: float
    tasks: int
    descriptors: int
    threads: int
    wal_kb: float
    journal_kb: float
    objects: int
    nones: int
    kept_mb: float
    kinds: Counter[str]

    def line(self) -> str:
        return (
            f"{self.hour:5.1f} h  {self.resident_mb:6.1f} MB  {self.tasks} tasks  {self.descriptors} descriptors  "
            f"{self.threads} threads  WAL {self.wal_kb:.0f} KB  journal {self.journal_kb:.0f} KB  "
            f"{self.objects} objects  {self.nones} references to None  {self.kept_mb:.1f} MB kept of strategies"
        )


def read_gauge(hour: float, journal: Path, *kept: object) -> Gauge:
    """``kept`` is what holds the strategies, and grows with their number.

    Counting takes memory which the interpreter then holds: it is done before the memory is read, each time.
    """
    gc.collect()
    kept_mb, kinds = _size_of(kept) / MB, _kinds()
    return Gauge(
        hour=hour,
        resident_mb=_resident_mb(),
        tasks=len(asyncio.all_tasks()),
        descriptors=sum(1 for _ in Path("/proc/self/fd").iterdir()),
        threads=threading.active_count(),
        wal_kb=_size(journal.with_name(journal.name + "-wal")) / 1024,
        journal_kb=_size(journal) / 1024,
        objects=kinds.total(),
        nones=sys.getrefcount(None),
        kept_mb=kept_mb,
        kinds=kinds,
    )


def grown(earlier: Gauge, later: Gauge, least: int = 200) -> dict[str, int]:
    """The types of which there are more by at least so many, the most first."""
    more = later.kinds - earlier.kinds
    return {name: count for name, count in more.most_common() if count >= least}


def _kinds() -> Counter[str]:
    return Counter(f"{type(each).__module__}.{type(each).__qualname__}" for each in gc.get_objects())


def _size_of(root: object) -> int:
    """Bytes of this and everything it refers to, but for code."""
    seen, left, total = set[int](), [root], 0
    while left:
        each = left.pop()
        if id(each) not in seen and not isinstance(each, CODE):
            seen.add(id(each))
            total += sys.getsizeof(each)
            left += gc.get_referents(each)
    return total


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MB
