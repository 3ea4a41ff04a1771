"""Strategies as comma-separated values (RFC 4180), safe and exact in any spreadsheet.

Numbers are plain decimals and stay numbers, negative ones too. A text that a spreadsheet would take for a formula or a
number gets an apostrophe in front, so that nothing is run and no digit of an id is lost; times are UTC, ISO 8601.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal

from otoco_desktop.app.state import DeskPort
from otoco_desktop.domain.events import LegReport, Refused, Unknown
from otoco_desktop.domain.events import NotSent as NotSentOutcome
from otoco_desktop.domain.exits import standing_order
from otoco_desktop.domain.history import HistoryQuery
from otoco_desktop.domain.lifecycle import closing, leg_status, phase, unprotected_quantity
from otoco_desktop.domain.money import plain
from otoco_desktop.domain.order import Leg, LegRole
from otoco_desktop.domain.phases import latest
from otoco_desktop.domain.result import Result, coins, result
from otoco_desktop.domain.strategy import Strategy

FORMULA = frozenset("=+-@\t\r\n\0＝＋－＠")
"""What a cell must not begin with; the last four are the full-width forms (OWASP ASVS 1.2.10)."""

GUARD = "'"
_NUMBER = re.compile(r"[\d.,]*\d[\d.,]*(e[+-]?\d+)?", re.IGNORECASE)
Cell = str | Decimal | int | None


def csv_text(strategies: Iterable[Strategy]) -> str:
    """One row for each strategy in the given order under a row of names; lines end with CR LF.

    Raises ``ValueError`` for a number that is not finite: it could not be told from text.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for strategy in strategies:
        writer.writerow([written(cell) for cell in _cells(strategy)])
    return out.getvalue()


async def everything(desk: DeskPort) -> tuple[Strategy, ...]:
    """All strategies, newest first; what is not at hand is read. Raises ``JournalTrouble``."""
    at_hand = {found.strategy_id: found for found in desk.state.strategies}
    found: list[Strategy] = []
    while True:
        page = await desk.history(HistoryQuery(offset=len(found)))
        for row in page.rows:
            found.append(at_hand.get(row.strategy_id) or await desk.strategy(row.strategy_id))
        if not page.rows or len(found) >= page.total:
            return tuple(found)


def written(cell: Cell) -> str:
    """The text of a cell: nothing for ``None``, digits for a number, guarded words for text."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return guarded(cell)
    if isinstance(cell, Decimal) and not cell.is_finite():
        raise ValueError("a number that is not finite cannot be exported")
    return plain(Decimal(cell))


def guarded(text: str) -> str:
    """The text, behind an apostrophe where a spreadsheet would take it for a formula or for a number."""
    misread = bool(text) and (text[0] in FORMULA or text[0] == GUARD or _is_number(text))
    return GUARD + text if misread else text


def unguarded(text: str) -> str:
    """What ``guarded`` was given."""
    return text[1:] if text.startswith(GUARD) else text


def utc_time(at_ms: int | None) -> str | None:
    """``2026-11-22T15:26:59.214Z``; ``at_ms`` counts from the epoch."""
    if at_ms is None:
        return None
    seconds, rest = divmod(at_ms, 1_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:03d}Z"


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text.strip()) is not None


# The columns


def _cells(strategy: Strategy) -> list[Cell]:
    made = result(strategy)
    found = [read(strategy) for _name, read in _PLAN]
    found += [read(strategy, role) for role in LegRole for _name, read in _LEG]
    return [*found, *(None if made is None else read(made) for _name, read in _RESULT)]


def _order_leg(role: LegRole, read: Callable[[Leg], Cell]) -> Callable[[Strategy], Cell]:
    return lambda strategy: read(standing_order(strategy).leg(role))


def _reported(read: Callable[[LegReport], Cell]) -> Callable[[Strategy, LegRole], Cell]:
    def cell(strategy: Strategy, role: LegRole) -> Cell:
        report = latest(strategy, role)
        return None if report is None else read(report)

    return cell


def _planned(name: str) -> Callable[[Strategy], Cell]:
    def cell(strategy: Strategy) -> Cell:
        planned = strategy.intent.planned
        found: Decimal | None = None if planned is None else getattr(planned, name)
        return found

    return cell


def _ended(strategy: Strategy) -> Cell:
    end = closing(strategy)
    return None if end is None else end.value


def _outcome(strategy: Strategy) -> Cell:
    return None if strategy.outcome is None else type(strategy.outcome).__name__.lower()


def _why(strategy: Strategy) -> Cell:
    outcome = strategy.outcome
    return outcome.reason if isinstance(outcome, Refused | NotSentOutcome | Unknown) else None


def _last_heard(strategy: Strategy) -> Cell:
    times = [state.latest.update_ms for state in strategy.legs.values() if state.latest and state.latest.update_ms]
    return utc_time(max(times, default=None))


_PLAN: tuple[tuple[str, Callable[[Strategy], Cell]], ...] = (
    ("strategy", lambda item: item.label),
    ("environment", lambda item: item.intent.environment),
    ("instrument", lambda item: item.intent.order.instrument),
    ("base", lambda item: coins(item.intent.order.instrument)[0]),
    ("quote", lambda item: coins(item.intent.order.instrument)[1]),
    ("side", lambda item: item.intent.order.side.value),
    ("state", lambda item: phase(item).value),
    ("ended", _ended),
    ("tag", lambda item: item.tag),
    ("note", lambda item: item.note),
    ("sent_utc", lambda item: utc_time(item.intent.at_ms)),
    ("answered_utc", lambda item: utc_time(item.answered_ms)),
    ("last_update_utc", _last_heard),
    ("outcome", _outcome),
    ("reason", _why),
    ("transport", lambda item: item.intent.transport),
    ("quantity", lambda item: item.intent.order.quantity),
    ("entry_price", _order_leg(LegRole.ENTRY, lambda leg: leg.price)),
    ("stop_type", _order_leg(LegRole.STOP, lambda leg: leg.type.value)),
    ("stop_trigger", _order_leg(LegRole.STOP, lambda leg: leg.trigger)),
    ("stop_price", _order_leg(LegRole.STOP, lambda leg: leg.price)),
    ("target_type", _order_leg(LegRole.TARGET, lambda leg: leg.type.value)),
    ("target_trigger", _order_leg(LegRole.TARGET, lambda leg: leg.trigger)),
    ("target_price", _order_leg(LegRole.TARGET, lambda leg: leg.price)),
    ("planned_loss", _planned("loss")),
    ("planned_gain", _planned("gain")),
    ("unprotected_quantity", unprotected_quantity),
    ("list_id", lambda item: item.list_id),
    ("strategy_id", lambda item: item.strategy_id),
    ("remarks", lambda item: "; ".join(item.anomalies) or None),
)
_LEG: tuple[tuple[str, Callable[[Strategy, LegRole], Cell]], ...] = (
    ("status", lambda item, role: leg_status(item, role).value),
    ("filled", _reported(lambda report: report.filled)),
    ("filled_value", _reported(lambda report: report.filled_value)),
    ("average_price", _reported(lambda report: report.average_price)),
    ("fee", _reported(lambda report: report.fee)),
    ("fee_coin", _reported(lambda report: report.fee_coin)),
    ("reason", _reported(lambda report: report.reason)),
    ("order_id", _reported(lambda report: report.order_id)),
    ("client_oid", lambda item, role: item.intent.order.leg(role).client_oid),
)
_RESULT: tuple[tuple[str, Callable[[Result], Cell]], ...] = (
    ("result_gross", lambda made: made.gross),
    ("result_fees", lambda made: made.fees),
    ("result_net", lambda made: made.net),
    ("result_r", lambda made: made.r),
    ("planned_r", lambda made: made.planned_r),
    ("exit_price", lambda made: made.exit_price),
    ("other_fees", lambda made: "; ".join(f"{plain(amount)} {coin}" for coin, amount in made.other_fees) or None),
)
COLUMNS = (
    *(name for name, _read in _PLAN),
    *(f"{role.value}_{name}" for role in LegRole for name, _read in _LEG),
    *(name for name, _read in _RESULT),
)
