"""Questions to the journal's tables. All run on the journal's own thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

AT_ONCE = 500
"""As many ids go into one question: SQLite limits the variables of a statement."""


def last(connection: sqlite3.Connection) -> int:
    """The number of the newest fact, 0 without any."""
    return int(connection.execute("SELECT coalesce(max(sequence), 0) FROM facts").fetchone()[0])


def check_sum_at(connection: sqlite3.Connection, sequence: int) -> int:
    """The check sum of the fact with this number, 0 where there is none."""
    found = connection.execute("SELECT check_sum FROM facts WHERE sequence = ?", (sequence,)).fetchone()
    return int(found[0]) if found else 0


def changed_since(connection: sqlite3.Connection, sequence: int) -> list[str]:
    """The strategies of every fact after this one."""
    asked = "SELECT DISTINCT strategy_id FROM facts WHERE sequence > ?"
    return [row[0] for row in connection.execute(asked, (sequence,))]


def begun_after(connection: sqlite3.Connection, strategy_id: str) -> list[str]:
    """The next strategies that have an intent, in order of their ids."""
    asked = "SELECT strategy_id FROM facts WHERE type = 'intended' AND strategy_id > ? ORDER BY strategy_id LIMIT ?"
    return [row[0] for row in connection.execute(asked, (strategy_id, AT_ONCE))]


def begun(connection: sqlite3.Connection) -> int:
    """How many strategies have an intent."""
    return int(connection.execute("SELECT count(*) FROM facts WHERE type = 'intended'").fetchone()[0])


def facts_of(connection: sqlite3.Connection, strategy_ids: Sequence[str]) -> dict[str, list[str]]:
    """The bodies of each strategy's facts, in the order they were stored."""
    found: dict[str, list[str]] = {}
    for start in range(0, len(strategy_ids), AT_ONCE):
        part = strategy_ids[start : start + AT_ONCE]
        marks = ", ".join("?" * len(part))
        asked = f"SELECT strategy_id, body FROM facts WHERE strategy_id IN ({marks}) ORDER BY sequence"  # noqa: S608 - question marks only
        for strategy_id, body in connection.execute(asked, tuple(part)):
            found.setdefault(strategy_id, []).append(body)
    return found
