"""Makes a journal of many strategies: five facts each, all of them traded and closed but for the newest ones."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import replace
from functools import reduce
from pathlib import Path

from otoco_desktop.domain.events import Fact
from otoco_desktop.domain.order import LegRole
from otoco_desktop.journal.codec import encode, type_name
from otoco_desktop.journal.rows import Row, commit
from otoco_desktop.journal.schema import connect
from tests.domain.truth.builders import ID, LIST, START, acked, full, intended, report, told

STRATEGIES = 100_000
FACTS_EACH = 5
STILL_OPEN = 100
STEP_MS = 1_000_000
AT_ONCE = 2_000
_LETTERS = str.maketrans("0123456789", "abcdefghij")
_TAGS = ("range-retest", "breakout", "dip-ladder", "fade-open", "vwap-revert")
_SYMBOLS = ("BTC_USD", "ETH_USD", "SOL_USD", "CRO_USD", "XRP_USD")


def make_journal(path: Path, strategies: int = STRATEGIES) -> None:
    """Write it as the program would have, by its own encoding and tables, with the times of its facts spread out."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = connect(path)
    rows: list[Row] = []
    for number in range(strategies):
        rows += _rows(number, is_open=number >= strategies - STILL_OPEN)
        if len(rows) >= AT_ONCE:
            commit(connection, rows)
            rows.clear()
    commit(connection, rows)
    connection.close()


def strategy_id(number: int) -> str:
    return f"{number:0>26}".translate(_LETTERS)


def _templates() -> list[tuple[str, str]]:
    traded = (
        full(LegRole.ENTRY, "93000.00", 100),
        full(LegRole.TARGET, "108000.00", 200),
        report(LegRole.STOP, "CANCELED", 210),
    )
    facts: list[Fact] = [replace(intended(), tag="TAG", account="elsewhere"), acked(), *map(told, traded)]
    return [(type_name(fact), encode(fact)) for fact in facts]


_TEMPLATES = _templates()


def _rows(number: int, *, is_open: bool) -> Iterator[Row]:
    made = strategy_id(number)
    changes = (
        (ID, made),
        (LIST, str(int(LIST) + number)),
        ('"number":411', f'"number":{number + 1}'),
        (str(START)[:-6], str(START + number * STEP_MS - STRATEGIES * STEP_MS)[:-6]),
        ("BTC_USD", _SYMBOLS[number % len(_SYMBOLS)]),
        ('"TAG"', f'"{_TAGS[number % len(_TAGS)]}"'),
    )
    for name, body in _TEMPLATES[: 2 if is_open else FACTS_EACH]:
        text = reduce(lambda text, change: text.replace(*change), changes, body)
        yield made, name, text, zlib.crc32(text.encode())
