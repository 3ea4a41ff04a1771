"""Sentences and captions of the Strategies page, in one place."""

from __future__ import annotations

SEARCH = "Search id, tag, note, list_id"
SEARCH_KEY = "Ctrl+F"
ALL_INSTRUMENTS = "All instruments"
ALL_SHORT = "All pairs"
CLEAR_FILTERS = "Clear filters"
NO_STRATEGIES = "No strategies yet. Plan one; it is kept here even if you close the app."
NOTHING_LEFT = "Nothing is left to move or cancel."
KEPT = "kept, in doubt"
KEPT_TIP = "Outside the filter, and listed all the same: nobody knows yet whether this order exists."
NOT_SETTLED = "in doubt"
NOT_SETTLED_TIP = "Not settled: nobody knows yet whether this order exists."
OPEN = "open"
NO_TRADES = "No closed trades among these strategies."
NO_CURVE = "A curve needs a closed trade with a planned loss."
OUTLINED = "(outlined: losses)"
NOT_SAVED = "Not saved yet."
SAVED = "Saved."
LONGEST_NOTE = 2_000


def nothing_matches(search: str, total: int) -> str:
    """ "Nothing matches 'breakot' in 412 strategies." """
    many = f"{total:,} {'strategy' if total == 1 else 'strategies'}"
    return f"Nothing matches '{search}' in {many}." if search else f"Nothing matches these filters in {many}."
