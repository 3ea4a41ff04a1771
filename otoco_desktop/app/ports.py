"""The seams: what the use cases need from the outside. Implementations satisfy these by shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from otoco_desktop.domain.candles import Candle, CandleNews, Timeframe
from otoco_desktop.domain.credentials import Credentials, KnownKey, VaultState
from otoco_desktop.domain.events import Amendment, Fact, Intended, LegReport, Outcome, RequestStamp
from otoco_desktop.domain.evidence import Evidence, EvidenceQuery
from otoco_desktop.domain.history import HistoryPage, HistoryQuery, Standing
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.market import AccountSnapshot, Connection, Fees, Quote
from otoco_desktop.domain.order import OtocoOrder
from otoco_desktop.domain.probing import VenueKnowledge
from otoco_desktop.domain.strategy import Strategy


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

    def has_room(self) -> bool:
        """Whether more of the order channel can be taken now; what comes meanwhile is kept, and told later."""


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

    async def candles(self, instrument: str, timeframe: Timeframe) -> tuple[Candle, ...]:
        """The newest candles the exchange has, oldest first, gaps left as they are. Raises ``ExchangeTrouble``."""

    def watch_candles(self, instrument: str, timeframe: Timeframe, tell: Callable[[CandleNews], None]) -> None:
        """Tell live candles of these from now on, and only of these."""

    def server_ms(self) -> int:
        """Exchange time now, by the measured offset (wall clock where none is known)."""

    def stamp(self) -> RequestStamp:
        """Identity for one request: fresh id, strictly increasing nonce."""

    def params_digest(self, order: OtocoOrder) -> str:
        """SHA-256 (hex) of the canonical parameters that ``create`` will sign."""

    def preview(self, order: OtocoOrder, transport: str) -> str:
        """The request body that ``create`` will send this way, as indented JSON, without key and signature."""

    def address(self, transport: str) -> str:
        """Where ``create`` sends this way: ``POST https://host/path`` over REST, the websocket's address otherwise."""

    def transports(self) -> frozenset[str]:
        """The ways a request could go now: ``rest``, ``websocket``, both or neither."""

    def make_ready(self, intent: Intended) -> None:
        """Do what ``create`` will need before it is known that it may be sent; nothing leaves."""

    async def create(self, intent: Intended) -> Outcome:
        """Send the intended order once, over the transport it records.

        Never retried, never over the other transport; anything not proven is ``Unknown``.
        """

    async def cancel(self, list_id: str, stamp: RequestStamp, transport: str = "rest") -> Outcome:
        """Ask to cancel the list, over this transport. ``Acknowledged`` means requested, not cancelled."""

    async def cancel_order(self, order_id: str, stamp: RequestStamp, transport: str) -> Outcome:
        """Ask once to cancel one exit, over this transport. ``Acknowledged`` means requested, not cancelled."""

    async def amend_order(self, amendment: Amendment, stamp: RequestStamp, transport: str) -> Outcome:
        """Ask once for other prices of one exit, over this transport. ``Acknowledged`` means requested, not moved."""

    async def open_reports(self) -> tuple[LegReport, ...]:
        """All open advanced orders. Raises ``ExchangeTrouble``."""

    async def evidence(self, query: EvidenceQuery) -> Evidence:
        """One round of all sources; a source that failed says so in its answer."""


class Tickers(Protocol):
    """The market as a whole."""

    async def day_changes(self) -> Mapping[str, Decimal]:
        """The 24 h change of each instrument that has one, as a ratio. Raises ``ExchangeTrouble``."""


class KeyHolder(Protocol):
    """What signs with the key, and can be told to forget it for a while."""

    def drop_key(self) -> None:
        """Sign nothing from now on. Public data, and a stream that has signed in, go on."""

    def take_key(self, credentials: Credentials) -> None:
        """Sign again; spends the credentials. Raises ``ValueError`` for another key than before."""


class Prober(Protocol):
    """One connection test's questions to one exchange with one key. Nothing here can create, change or cancel.

    Every question may raise ``ProbeTrouble``; ``reach`` comes first, ``sign_in`` before ``order_channel``.
    """

    @property
    def host(self) -> str: ...

    @property
    def offset_ms(self) -> int | None:
        """Exchange time minus this computer's, as far as the answers so far tell."""

    @property
    def id_types(self) -> Mapping[str, str]:
        """How the answers so far printed what the documents print in two ways: ``number`` or ``text``."""

    async def reach(self) -> None:
        """A public question."""

    async def fee_rates(self) -> Fees | None:
        """The first signed question; ``None`` where it was signed well and the rates were not told."""

    async def balances(self) -> AccountSnapshot: ...

    async def sign_in(self) -> None:
        """Open the user stream and sign in."""

    async def order_channel(self) -> str | None:
        """The name that was confirmed; ``None`` when every name was refused."""

    async def mark_published(self, pair: str) -> bool:
        """Whether a mark price comes for this pair."""

    async def close(self) -> None:
        """Let go of every connection and of the key."""


class KnowledgeStore(Protocol):
    """Where it lies what was learned about each environment's exchange. Called in a thread."""

    def load(self, environment: str) -> VenueKnowledge | None:
        """Never raises: what cannot be read is not known."""

    def save(self, knowledge: VenueKnowledge) -> None:
        """Raises ``OSError``."""


class Journal(Protocol):
    """Append-only facts on disk, and the strategies that follow from them. Nothing here blocks the loop."""

    async def append(self, facts: Sequence[Fact]) -> None:
        """Return when all are durably stored, in this order, or raise ``JournalTrouble``."""

    async def read_all(self) -> tuple[Fact, ...]:
        """Every fact in the order it was stored. Raises ``JournalTrouble``."""

    async def standing(self, latest: int, since_ms: int) -> Standing:
        """What a start needs: what may still change, the latest, and what began since. Raises ``JournalTrouble``."""

    async def strategies(self, strategy_ids: Sequence[str]) -> tuple[Strategy, ...]:
        """These, folded from what is stored; unknown ones are left out. Raises ``JournalTrouble``."""

    async def owners(self, list_ids: Sequence[str]) -> Mapping[str, str]:
        """The strategy id behind each of these list ids that is ours. Raises ``JournalTrouble``."""

    async def history(self, query: HistoryQuery) -> HistoryPage:
        """A page of all strategies as they are stored. Raises ``JournalTrouble``."""

    async def close(self) -> None: ...


class Vault(Protocol):
    """API keys of one environment. Calls may take as long as a person takes; nothing here blocks the loop.

    Every call may raise ``VaultTrouble``, whose subclasses say what went wrong and offer ways on. A call that is
    cancelled while the keyring asks is abandoned: the keyring may still finish it, and later calls queue behind it.
    """

    @property
    def state(self) -> VaultState: ...

    @property
    def notice(self) -> str:
        """What the trader should know about the list of accounts; empty when all is well."""

    def listen(self, listener: Callable[[VaultState], None]) -> None:
        """Tell each new state, on the loop's own thread."""

    async def accounts(self) -> tuple[KnownKey, ...]:
        """The stored accounts by name; answers at once, without asking the keyring for anything."""

    async def save(self, account: str, credentials: Credentials) -> None:
        """Store under this name, replacing what it holds, and return when it was read back. Lends, keeps nothing.

        Raises ``WriteNotKept`` when it does not come back the same.
        """

    async def load(self, account: str) -> Credentials:
        """A fresh object with the secret. Raises ``EntryMissing``, ``EntryDamaged`` or ``EntryChanged``."""

    async def take_changed(self, account: str) -> Credentials:
        """Like ``load``, and whatever key the entry holds now is the right one from here on."""

    async def forget(self, account: str) -> None:
        """Remove entry and name; no matter if there is none. Raises ``NotForgotten`` when it is still there."""

    async def close(self) -> None:
        """Let go. Returns without waiting for a question that stands open; drops what was held in memory."""
