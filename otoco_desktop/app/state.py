"""What the window is told: one frozen state of the desk, and the port through which it asks for things."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.market import AccountSnapshot, Connection, Quote
from otoco_desktop.domain.verdict import Surroundings, Verdict

if TYPE_CHECKING:
    from decimal import Decimal

    from otoco_desktop.domain.audit import Audit
    from otoco_desktop.domain.history import HistoryPage, HistoryQuery
    from otoco_desktop.domain.order import LegRole
    from otoco_desktop.domain.strategy import Strategy

CHECKING = "Checking with the exchange…"


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether a plan may be sent now; ``reason`` is the one sentence why not."""

    open: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AuditState:
    """The protection audit: its newest result, ``None`` before the first one, and whether one is under way.

    ``trouble`` says why the last one failed; while it stands, ``result`` counts nothing as protected any more.
    """

    result: Audit | None = None
    checking: bool = False
    trouble: str = ""

    @property
    def is_loud(self) -> bool:
        return self.result is not None and self.result.is_loud

    @property
    def sentence(self) -> str:
        """The one sentence over all; empty before the first check."""
        if self.checking:
            return CHECKING
        if self.trouble:
            last = f"Last checked {self.result.as_of}." if self.result else "Not checked yet."
            return f"Cannot check: {self.trouble} {last}"
        return self.result.sentence if self.result else ""


@dataclass(frozen=True, slots=True)
class DeskState:
    """Everything the window shows that is not typed into it. Strategies are newest first.

    ``strategies`` are those at hand: open or in doubt, of the last day, and the latest ones; ``DeskPort.history`` has
    all.

    ``trouble`` is a sentence about the program itself (journal behind, exchange unreachable at start), or empty.
    ``is_behind`` tells that facts are known which the journal does not hold: they would be lost with the program.
    ``foreign`` counts the orders seen on the exchange that were not created here. ``live`` says whether order events
    reach us and everything before them is known; without that, states are as of ``known_ms`` (wall clock), or only
    as of their own newest report where that is ``None``.
    """

    environment: str
    instruments: tuple[Instrument, ...] = ()
    instrument: Instrument | None = None
    quote: Quote | None = None
    account: AccountSnapshot | None = None
    connection: Connection = Connection()
    gate: Gate = Gate(open=False, reason="Starting.")
    strategies: tuple[Strategy, ...] = ()
    trouble: str = ""
    is_behind: bool = False
    foreign: int = 0
    audit: AuditState = AuditState()
    live: bool = True
    known_ms: int | None = None


class DeskListener(Protocol):
    """Plain callbacks on the loop's thread; the window's bridge is the only listener that emits signals."""

    def desk_changed(self, state: DeskState) -> None:
        """Anything but a quote or one strategy changed."""

    def quote_changed(self, quote: Quote) -> None: ...

    def strategy_changed(self, strategy: Strategy) -> None:
        """A strategy is new or different; find it by ``strategy_id``."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A confirmation that can be spent once: the draft frozen with the verdict that was shown.

    ``token`` is compared and consumed when the plan is submitted; a second click finds it spent. ``typed`` are the
    words the trader typed where the verdict asks for an ``override``. ``address`` is where the order would go now.
    """

    token: str
    verdict: Verdict
    order_preview: str
    typed: str = ""
    address: str = ""


class DeskPort(Protocol):
    """What the window may ask for. ``Desk`` satisfies it; tests of the window may use a fake."""

    @property
    def state(self) -> DeskState: ...

    def listen(self, listener: DeskListener) -> None: ...

    def surroundings(self) -> Surroundings:
        """What a verdict depends on besides the draft, as of now."""

    def now_ms(self) -> int:
        """The wall clock, ms since the epoch: for clocks and ages on screen."""

    def exchange_ms(self) -> int | None:
        """Exchange time by the measured offset, ``None`` before it is known."""

    def select(self, symbol: str) -> None:
        """Take this instrument: quotes and fee rates follow."""

    def prepare(self, draft: OtocoDraft) -> Confirmed | None:
        """Evaluate again with the newest prices and freeze; ``None`` when something blocks that no words lift."""

    async def submit(self, confirmed: Confirmed) -> str | None:
        """Spend the confirmation: journal, send once, follow. The strategy id, or ``None`` if it was spent already.

        Never raises for trouble on the way: the strategy's state tells it. Raises ``JournalTrouble`` when nothing
        could be recorded, in which case nothing was sent.
        """

    async def cancel(self, strategy_id: str) -> None:
        """Ask the exchange to cancel the whole list. Raises ``KeyLocked`` and ``JournalTrouble``."""

    async def cancel_leg(self, strategy_id: str, role: LegRole) -> None:
        """Ask the exchange to cancel one exit; does nothing where that is not allowed.

        Raises ``KeyLocked`` and ``JournalTrouble``.
        """

    async def move(self, strategy_id: str, role: LegRole, trigger: Decimal, price: Decimal | None) -> None:
        """Ask the exchange for another trigger of one exit, and for another limit where it has one.

        Does nothing where that is not allowed. Raises ``KeyLocked`` and ``JournalTrouble``.
        """

    async def check(self) -> bool:
        """Ask the exchange now about everything that is open or unresolved; whether it answered all of it."""

    async def note(self, strategy_id: str, tag: str, note: str) -> None: ...

    async def history(self, query: HistoryQuery) -> HistoryPage:
        """A page of all strategies, searched off the window's thread, each row as it is known by now.

        Ask again after ``strategy_changed``. A call may be cancelled when the next key makes its answer useless.
        Raises ``JournalTrouble``.
        """

    async def strategy(self, strategy_id: str) -> Strategy:
        """One strategy whole, at hand or not. Raises ``KeyError`` and ``JournalTrouble``."""

    async def settle(self, strategy_id: str, words: str) -> None:
        """Record the trader's typed decision that an order was not placed; only one not found yet takes it."""
