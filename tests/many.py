"""Strategies in every phase, each with an id, a number and a time of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from otoco_desktop.domain.events import Fact, LegReport, Noted
from otoco_desktop.journal.codec import decode, encode
from tests.domain.truth.builders import ID, LIST, START, intended, told
from tests.domain.truth.phase_cases import CASES

HOUR_MS = 3_600_000
INSTRUMENTS = ("BTC_USD", "ETH_USD", "CRO_USD")
TAGS = ("range", "Ausbruch Ö", "", "breakout")
_LETTERS = str.maketrans("0123456789", "abcdefghij")


def many(copies: int = 1) -> list[Fact]:
    """The facts of every phase's case, so many times over, one strategy after the other."""
    return [fact for number in range(copies * len(CASES)) for fact in facts_of(number)]


def id_of(number: int) -> str:
    return f"{number:0>26}".translate(_LETTERS)


def facts_of(number: int) -> list[Fact]:
    """One strategy after the case of this number, counted around."""
    told_of = [told(item) if isinstance(item, LegReport) else item for item in CASES[number % len(CASES)][1]]
    intent = replace(intended(), number=number + 1, at_ms=START + number * HOUR_MS, tag=TAGS[number % len(TAGS)])
    noted = Noted(ID, START + number * HOUR_MS, intent.tag, f"note {number} %_'")
    return [_moved(fact, number) for fact in (intent, *told_of, *([noted] if number % 3 == 0 else []))]


def _moved(fact: Fact, number: int) -> Fact:
    text, changes = encode(fact), _changes(number)
    for old, new in changes:
        text = text.replace(old, new)
    return decode(text)


def _changes(number: int) -> Sequence[tuple[str, str]]:
    return (
        (ID, id_of(number)),
        (LIST, str(int(LIST) + number)),
        ("BTC_USD", INSTRUMENTS[number % len(INSTRUMENTS)]),
    )
