"""Builds the adapters. Loaded after the first paint, in a thread: it brings httpx, websockets and SQLite.

The exchange's hosts are fixed in ``exchange.endpoints``; LOCAL takes a loopback address, PRACTICE brings its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Protocol

import msgspec

from otoco_desktop import logs
from otoco_desktop.app.account_keeper import Accounts, AccountsNeeds
from otoco_desktop.app.hand import ScenarioCard
from otoco_desktop.app.probe import ConnectionTest
from otoco_desktop.domain.credentials import Credentials
from otoco_desktop.domain.errors import ExchangeTrouble
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.exchange.clock import Clock
from otoco_desktop.exchange.endpoints import LIVE, SANDBOX, Endpoints, on_this_computer
from otoco_desktop.exchange.gateway import CryptoComGateway, Pace
from otoco_desktop.exchange.probe import ExchangeProber
from otoco_desktop.exchange.signing import Signer
from otoco_desktop.knowledge_file import KnowledgeFiles
from otoco_desktop.memory import write_private
from otoco_desktop.practice import scenarios
from otoco_desktop.practice.controls import PracticeControls
from otoco_desktop.practice.outside import PricesAreReal
from otoco_desktop.practice.thread import PracticeError, PracticeServer
from otoco_desktop.practice.venue import PracticeConfig
from otoco_desktop.settings import Environment, LocalEndpoint, Places
from otoco_desktop.vault.keyring_vault import KeyringVault
from otoco_desktop.vault.session_vault import SessionVault

KEPT_VERSION = 1


class _KeyFile(msgspec.Struct):
    api_key: str
    secret: str


@dataclass(frozen=True, slots=True)
class Venue:
    """An exchange that can be reached: its addresses, the key to it, and what it had to say when it started.

    ``known_channel`` is the order channel's name that a connection test confirmed.
    """

    endpoints: Endpoints
    signer: Signer
    notice: str = ""
    known_channel: str | None = None


class VenueSource(Protocol):
    """Brings up the exchange of an environment, or finds it running."""

    async def start(self) -> Venue:
        """Raises ``ExchangeTrouble`` with a sentence for people."""

    async def stop(self) -> None: ...


@dataclass(slots=True)
class EmbeddedPractice:
    """The practice exchange in a thread of this program, on a free loopback port."""

    config: PracticeConfig
    server: PracticeServer = field(init=False)

    def __post_init__(self) -> None:
        self.server = PracticeServer(self.config)

    async def start(self) -> Venue:
        try:
            found = await asyncio.wrap_future(self.server.start())
        except PracticeError as error:
            raise ExchangeTrouble(str(error)) from error
        return await asyncio.to_thread(
            _venue, (found.rest_url, found.user_url, found.market_url), found.key_file, found.notice
        )

    async def stop(self) -> None:
        await asyncio.to_thread(self.server.stop)


@dataclass(frozen=True, slots=True)
class Hand:
    """The trader's hand on the practice exchange of this program; satisfies ``PracticeHand``."""

    server: PracticeServer
    cards: tuple[ScenarioCard, ...] = tuple(
        ScenarioCard(each.name, each.title, each.watch, each.waits_for, moves_price=each.moves_price)
        for each in scenarios.SCENARIOS
    )

    @property
    def waiting(self) -> frozenset[str]:
        return scenarios.waiting(self.server.controls.faults.armed()) if self.server.running else frozenset()

    async def start(self, name: str) -> None:
        await self._do(lambda controls: scenarios.scenario(name).start(controls))

    async def stop(self, name: str) -> None:
        await self._do(lambda controls: scenarios.scenario(name).end(controls))

    async def move(self, symbol: str, price: Decimal) -> None:
        await self._do(lambda controls: controls.set_price(symbol, format(price, "f")))

    async def walk(self, symbol: str) -> None:
        await self._do(lambda controls: controls.release(symbol))

    async def _do(self, act: Callable[[PracticeControls], None]) -> None:
        """In a thread, as each waits for the exchange's own."""
        try:
            await asyncio.to_thread(lambda: act(self.server.controls))
        except (PracticeError, PricesAreReal, TimeoutError) as error:
            raise ExchangeTrouble(str(error) or "The practice exchange does not answer.") from error


def hand(source: VenueSource) -> Hand | None:
    """The hand on this exchange where it is the practice exchange of this program."""
    return Hand(source.server) if isinstance(source, EmbeddedPractice) else None


@dataclass(frozen=True, slots=True)
class RunningPractice:
    """A practice exchange that runs elsewhere on this computer: its three addresses and its key file."""

    addresses: tuple[str, str, str]
    key_file: Path

    async def start(self) -> Venue:
        return await asyncio.to_thread(_venue, self.addresses, self.key_file, "")

    async def stop(self) -> None:
        """Nothing to stop: it is not ours."""


@dataclass(frozen=True, slots=True)
class KeyedVenue:
    """An exchange that needs a key, which is fetched when it starts and spent on signing."""

    endpoints: Endpoints
    load: Callable[[], Awaitable[Credentials]]
    known_channel: str | None = None

    async def start(self) -> Venue:
        """Raises ``VaultTrouble`` when the key cannot be had."""
        credentials = await self.load()
        credentials.lend(logs.redactor.hide)
        return Venue(self.endpoints, credentials.hand_over(Signer), known_channel=self.known_channel)

    async def stop(self) -> None:
        """Nothing to stop: it is not ours."""


def offered(local: LocalEndpoint | None) -> tuple[Environment, ...]:
    """The environments to choose from; LOCAL only where its server was named."""
    return tuple(each for each in Environment if each is not Environment.LOCAL or local is not None)


def endpoints(environment: Environment, local: LocalEndpoint | None) -> Endpoints:
    """The fixed hosts of an environment that needs a key. Raises ``ExchangeTrouble`` for LOCAL without a server."""
    if environment is Environment.LIVE:
        return LIVE
    if environment is Environment.SANDBOX:
        return SANDBOX
    if environment is Environment.LOCAL and local is not None:
        return on_this_computer(*local.addresses)
    raise ExchangeTrouble("Name the server of LOCAL with --local-endpoint http://127.0.0.1:PORT.")


def accounts(places: Places, clock: Clock, local: LocalEndpoint | None) -> Accounts:
    """Keys of every environment that needs one: in the system's keyring, or in memory until the program closes."""
    keyed = [each for each in offered(local) if each.needs_key]
    knowledge = KnowledgeFiles(lambda name: places.elsewhere(Environment(name)).home)

    def prober(environment: Environment, credentials: Credentials) -> ExchangeProber:
        credentials.lend(logs.redactor.hide)
        return ExchangeProber(endpoints(environment, local), credentials.lend(Signer), clock)

    return Accounts(
        AccountsNeeds(
            kept={each: KeyringVault(each.value, places.elsewhere(each).accounts) for each in keyed},
            held={each: SessionVault(each.value) for each in keyed},
            test=ConnectionTest(prober, clock, knowledge),
            knowledge=knowledge,
        )
    )


def practice(book: Path, *, real_prices: bool = False) -> EmbeddedPractice:
    """The practice exchange that keeps its book in this directory, and may wait for real prices from the start."""
    return EmbeddedPractice(PracticeConfig(data_dir=book, from_outside=real_prices))


def gateway(venue: Venue, clock: Clock, pace: Pace | None = None) -> CryptoComGateway:
    """The gateway to a venue, not yet connecting."""
    return CryptoComGateway(venue.endpoints, venue.signer, clock, pace, venue.known_channel)


def _venue(addresses: tuple[str, str, str], key_file: Path, notice: str) -> Venue:
    try:
        key = msgspec.json.decode(key_file.read_bytes(), type=_KeyFile)
    except OSError as error:
        raise ExchangeTrouble(f"The practice key cannot be read: {error.strerror}.") from error
    except msgspec.MsgspecError:
        raise ExchangeTrouble("The practice key cannot be read.") from None
    return Venue(on_this_computer(*addresses), Signer(key.api_key, key.secret), notice)


# The instruments as last seen


class _Kept(msgspec.Struct):
    version: int
    instruments: tuple[Instrument, ...]


def known_instruments(path: Path) -> tuple[Instrument, ...]:
    """The instruments an earlier run has kept; none where there is no such file, or none that can be used."""
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=_Kept)
    except (OSError, msgspec.MsgspecError):
        return ()
    usable = kept.version == KEPT_VERSION and all(map(_is_usable, kept.instruments))
    return kept.instruments if usable else ()


def keep_instruments(path: Path, instruments: tuple[Instrument, ...]) -> None:
    """Keep them for a start at which the exchange cannot be reached. Raises ``OSError``."""
    if instruments and instruments != known_instruments(path):
        write_private(path, msgspec.json.encode(_Kept(KEPT_VERSION, instruments)).decode())


def _is_usable(instrument: Instrument) -> bool:
    return all(step.is_finite() and step > 0 for step in (instrument.price_tick, instrument.quantity_step))
