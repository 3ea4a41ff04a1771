"""Places for labels: as near to where they belong as they can be, apart, in order, and inside. Pixels."""

from __future__ import annotations

from collections.abc import Sequence


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Middles at least ``gap`` apart between ``low`` and ``high``, in the order of what was wanted.

    The sum of squared shifts is least. Where there is no room for all, they stay apart and run over ``high``.
    """
    order = sorted(range(len(wanted)), key=lambda at: (wanted[at], at))
    shifted = [wanted[index] - rank * gap for rank, index in enumerate(order)]
    most = max(low, high - gap * (len(order) - 1))
    placed = [0.0] * len(wanted)
    for rank, (index, base) in enumerate(zip(order, _rising(shifted), strict=True)):
        placed[index] = min(max(base, low), most) + rank * gap
    return placed


def _rising(values: Sequence[float]) -> list[float]:
    """The nearest values that never fall: neighbours that would are put at their common mean."""
    blocks: list[tuple[float, int]] = []
    for value in values:
        total, count = value, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            before, among = blocks.pop()
            total, count = total + before, count + among
        blocks.append((total, count))
    return [total / count for total, count in blocks for _ in range(count)]
