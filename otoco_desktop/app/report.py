"""The state of the program as plain text for whoever helps: what failed, where, and what the desk believes.

Tracebacks come without local variables. No key, no secret, no signature, no balance and no amount of any order; the
home directory stands as ``~``. Everything passes the redactor of the log once more.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from otoco_desktop import __version__
from otoco_desktop.app.defects import Defect, Defects
from otoco_desktop.app.state import DeskState
from otoco_desktop.domain.lifecycle import leg_status, needs_following, phase
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.strategy import Strategy

TITLE = "OTOCO Desktop: report for support"
PROMISE = "Holds no key, no secret, no signature and no balance. Read it before you pass it on."
MOST_STRATEGIES = 50
_HEX = re.compile(r"\b[0-9a-fA-F]{64}\b")
"""The length of a signature (HMAC-SHA256)."""


@dataclass(frozen=True, slots=True)
class ReportNeeds:
    """What a report is made of. ``system`` and ``log`` block and are asked in a thread; ``clean`` takes secrets out."""

    state: Callable[[], DeskState]
    defects: Defects
    now_ms: Callable[[], int]
    system: Callable[[], Mapping[str, str]]
    log: Callable[[], Sequence[str]]
    clean: Callable[[str], str]


class Reporter:
    """Makes a report of this moment."""

    def __init__(self, needs: ReportNeeds) -> None:
        self._needs = needs

    async def text(self) -> str:
        """The report; put together off the loop's thread."""
        needs = self._needs
        moment = (needs.now_ms(), needs.state(), needs.defects.seen)
        return await asyncio.to_thread(self._build, *moment)

    def _build(self, now_ms: int, state: DeskState, defects: Sequence[Defect]) -> str:
        needs = self._needs
        system = [("Version", __version__), ("Environment", state.environment.upper()), *needs.system().items()]
        parts = [
            (TITLE, [f"{_moment(now_ms)}. {PROMISE}", "", *(f"{name}: {value}" for name, value in system)]),
            ("What failed", [line for found in defects for line in _defect(found)] or ["Nothing."]),
            ("What the desk believes", list(_beliefs(state))),
            ("The log's last lines", list(needs.log()) or ["There is no log."]),
        ]
        text = "\n\n".join("\n".join((name, "-" * len(name), *lines)) for name, lines in parts) + "\n"
        return private(needs.clean(text))


def private(text: str) -> str:
    """The text without anything as long as a signature, and with ``~`` for the home directory."""
    home = str(Path.home())
    text = text.replace(home, "~") if len(home) > 1 else text
    return _HEX.sub("[hidden]", text)


def _defect(found: Defect) -> Iterator[str]:
    times = "" if found.times == 1 else f", {found.times} times until {_moment(found.last_ms)}"
    yield f"{_moment(found.first_ms)}{times}: {found.where}"
    if found.trace is not None:
        yield from "".join(found.trace.format()).splitlines()


def _beliefs(state: DeskState) -> Iterator[str]:
    link = state.connection
    yield f"Submit: {'open' if state.gate.open else f'closed. {state.gate.reason}'}"
    yield f"REST: {link.rest.value} {link.rest_words}".rstrip()
    yield f"Order stream: {link.user.value} {link.user_words}".rstrip()
    yield f"Order channel: {link.order_channel or 'none'}{', polling' if link.polling else ''}"
    yield f"Market stream: {link.market.value} {link.market_words}".rstrip()
    yield f"Clock offset: {'not known' if link.clock_offset_ms is None else f'{link.clock_offset_ms} ms'}"
    chosen = "none" if state.instrument is None else state.instrument.symbol
    yield f"Instruments: {len(state.instruments)}; in the ticket: {chosen}"
    yield f"Account read: {'yes' if state.account is not None else 'no'}; orders placed elsewhere: {state.foreign}"
    yield f"Trouble: {state.trouble or 'none'}"
    yield from _strategies(state.strategies)


def _strategies(strategies: Sequence[Strategy]) -> Iterator[str]:
    counts = Counter(phase(found).value for found in strategies)
    yield f"Strategies: {len(strategies)}{''.join(f', {count} {name}' for name, count in sorted(counts.items()))}"
    followed = [found for found in strategies if needs_following(found)]
    for found in followed[:MOST_STRATEGIES]:
        legs = ", ".join(f"{role.value} {leg_status(found, role).value}" for role in LegRole)
        yield f"  {found.label} {phase(found).value}: {legs}; sent {_moment(found.intent.at_ms)}"
    if len(followed) > MOST_STRATEGIES:
        yield f"  and {len(followed) - MOST_STRATEGIES} more that are open"


def _moment(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms // 1_000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
