"""Samples, percentiles, and the lines the benchmark prints."""

from __future__ import annotations

import os
import platform
import statistics
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Samples:
    """Durations of one thing, in milliseconds."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def p99(self) -> float:
        ordered = sorted(self.values)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]


@dataclass(frozen=True, slots=True)
class Row:
    """Durations, those of their floor where there is one, and the budget they are held against."""

    name: str
    samples: Samples
    floor: Samples | None = None
    budget: str = ""

    @property
    def ratio(self) -> float | None:
        """Median to median."""
        return self.samples.median / self.floor.median if self.floor else None

    def line(self) -> str:
        """The figures for people."""
        own = f"{self.name:<46} median {self.samples.median:8.3f} ms  p99 {self.samples.p99:8.3f} ms"
        floor = f"  floor {self.floor.median:8.3f} ms  ratio {self.ratio:5.2f}" if self.floor else ""
        return f"{own}{floor}  ({self.budget or 'no budget'}, n={len(self.samples.values)})"

    def record(self) -> dict[str, object]:
        """The figures for keeping."""
        return {
            "name": self.name,
            "line": self.line(),
            "median_ms": self.samples.median,
            "p99_ms": self.samples.p99,
            "floor_median_ms": self.floor.median if self.floor else None,
            "floor_p99_ms": self.floor.p99 if self.floor else None,
            "ratio": self.ratio,
            "budget": self.budget,
            "n": len(self.samples.values),
        }


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure that is no duration and has no budget."""

    name: str
    value: float
    unit: str

    def line(self) -> str:
        """The figure for people."""
        return f"{self.name:<46} {self.value:8.1f} {self.unit}  (no budget)"

    def record(self) -> dict[str, object]:
        """The figure for keeping."""
        return {"name": self.name, "line": self.line(), "value": self.value, "unit": self.unit}


def machine() -> str:
    """What the figures depend on: interpreter, system, cores, and how busy the machine is now."""
    load = f", load {os.getloadavg()[0]:.2f}" if hasattr(os, "getloadavg") else ""
    return f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores{load}"
