"""Samples, percentiles and the rows the benchmark prints."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field


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
    """One line of the report: what was measured, its figures, and the budget it is held against."""

    name: str
    samples: Samples
    floor: Samples | None = None
    budget: str = ""
    facts: dict[str, float] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        return self.samples.median / self.floor.median if self.floor else None

    def line(self) -> str:
        """The figures for people."""
        own = f"{self.name:<44} median {self.samples.median:8.3f} ms  p99 {self.samples.p99:8.3f} ms"
        floor = f"  floor {self.floor.median:8.3f} ms  ratio {self.ratio:5.2f}" if self.floor else ""
        return f"{own}{floor}  ({self.budget}, n={len(self.samples.values)})"

    def record(self) -> dict[str, object]:
        """The figures for keeping."""
        return {
            "name": self.name,
            "median_ms": self.samples.median,
            "p99_ms": self.samples.p99,
            "floor_median_ms": self.floor.median if self.floor else None,
            "ratio": self.ratio,
            "budget": self.budget,
            "n": len(self.samples.values),
            **self.facts,
        }
