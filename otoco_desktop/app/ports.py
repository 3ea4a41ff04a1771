"""The seams: what the use cases need from the outside. Implementations satisfy these by shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from otoco_desktop.domain.events import Fact, Intended, LegReport, Outcome, RequestStamp
from otoco_desktop.domain.evidence import Evidence, EvidenceQuery
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.market import AccountSnapshot, Connection, Quote
from otoco_desktop.domain.order import OtocoOrder


class Clock(Protocol):
    """Time, injected. ``wall_ms`` is UTC since the epoch; ``monotonic_ms`` never goes backwards."""

    def wall_ms(self) -> int: ...

    def monotonic_ms(self) -> int: ...


class GatewayListener(Protocol):
    """What the gateway tells; called on the loop's own thread, in order, and must not block."""

    def on_reports(self, reports: Sequence[LegReport]) -> None:
        """Rows of the order channel, live or from the snapshot after a subscription."""

    def on_subscribed(self) -> None:
        """The order channel is confirmed (again): catch up by query now."""

    def on_quote(self, quote: Quote) -> None: ...

    def on_account(self, account: AccountSnapshot) -> None: ...

    def on_connection(self, connection: Connection) -> None: ...


class Gateway(Protocol):
    """One exchange account. Calls never raise for network trouble where they return an outcome or evidence."""

    def listen(self, listener: GatewayListener) -> None: ...

    async def open(self) -> None:
        """Start connecting; returns at once, states arrive through the listener."""

    async def close(self) -> None: ...

    async def instruments(self) -> tuple[Instrument, ...]:
        """All instruments, spot or not. Raises ``ExchangeTrouble``."""

    async def account(self, instrument: str) -> AccountSnapshot:
        """Balances and this instrument's fee rates. Raises ``ExchangeTrouble``."""

    def watch(self, instrument: str) -> None:
        """Take quotes of this instrument from now on, and only of this one."""

    def server_ms(self) -> int:
        """Exchange time now, by the measured offset (wall clock where none is known)."""

    def stamp(self) -> RequestStamp:
        """Identity for one request: fresh id, strictly increasing nonce."""

    def params_digest(self, order: OtocoOrder) -> str:
        """SHA-256 (hex) of the canonical parameters that ``create`` will sign."""

    def preview(self, order: OtocoOrder) -> str:
        """The request body that ``create`` will send, as indented JSON, without key and signature."""

    async def create(self, intent: Intended) -> Outcome:
        """Send the intended order once. Never retried; anything not proven is ``Unknown``."""

    async def cancel(self, list_id: str, stamp: RequestStamp) -> Outcome:
        """Ask to cancel the list. ``Acknowledged`` means requested, not cancelled."""

    async def open_reports(self) -> tuple[LegReport, ...]:
        """All open advanced orders. Raises ``ExchangeTrouble``."""

    async def evidence(self, query: EvidenceQuery) -> Evidence:
        """One round of all sources; a source that failed says so in its answer."""


class Journal(Protocol):
    """Append-only facts on disk."""

    async def append(self, facts: Sequence[Fact]) -> None:
        """Return when all are durably stored, in this order, or raise ``JournalTrouble``."""

    async def read_all(self) -> tuple[Fact, ...]:
        """Every fact in the order it was stored. Raises ``JournalTrouble``."""

    async def close(self) -> None: ...
