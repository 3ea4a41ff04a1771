"""Seeded chance as a pure function: the same seed and words give the same number for ever."""

from __future__ import annotations

from hashlib import blake2b

SPREAD = 1000
"""Width of `wiggle`: its standard deviation, in thousandths."""

_HALF = 1 << 15
_DEVIATION = 37_837  # of the sum of four uniform 16-bit numbers


def draw(seed: int, *words: object) -> int:
    """A 64-bit number that depends on the seed and the words alone."""
    text = "\x1f".join(map(str, (seed, *words)))
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def wiggle(seed: int, *words: object) -> int:
    """A bell-shaped whole number around 0 with standard deviation `SPREAD`."""
    bits = draw(seed, *words)
    total = sum((bits >> shift) & 0xFFFF for shift in (0, 16, 32, 48)) - 4 * _HALF
    return total * SPREAD // _DEVIATION


def between(low: int, high: int, seed: int, *words: object) -> int:
    """A whole number from `low` to `high`, both included."""
    return low + draw(seed, *words) % (high - low + 1)
