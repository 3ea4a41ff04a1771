"""One run's account: its preferences, its lock, and the screens where the trader chooses them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import ModuleType
from typing import TYPE_CHECKING

from otoco_desktop.app.account_keeper import Accounts
from otoco_desktop.app.chosen_keys import ChosenKeys
from otoco_desktop.app.desk import DeskOptions
from otoco_desktop.app.lock import Lock, LockNeeds
from otoco_desktop.app.preferences import ChosenPreferences
from otoco_desktop.app.presets import KeptPresets
from otoco_desktop.domain.credentials import Credentials
from otoco_desktop.domain.errors import VaultTrouble
from otoco_desktop.domain.finding import Field
from otoco_desktop.keys_file import KeysFile
from otoco_desktop.preferences_file import PreferencesFile
from otoco_desktop.presets_file import PresetsFile
from otoco_desktop.program import LAST_ACCOUNT, LAST_ENVIRONMENT, Choice, House, Program
from otoco_desktop.settings import Environment
from otoco_desktop.ui.accounts.room import AccountRoom, RoomNeeds
from otoco_desktop.ui.shell.account import AccountPorts

if TYPE_CHECKING:
    from otoco_desktop.exchange.gateway import CryptoComGateway
    from otoco_desktop.wiring import VenueSource

logger = logging.getLogger(__name__)


async def move_in(program: Program, house: House, wiring: ModuleType) -> Tenancy:
    """Read preferences and names of accounts, and put the screens into the window. Asks the keyring for nothing."""
    places, clock = program.setup.places, program.setup.clock
    if house.accounts is None:
        house.accounts = wiring.accounts(places, clock, house.local)
    preferences = ChosenPreferences(PreferencesFile(places.preferences))
    await preferences.load()
    presets = KeptPresets(PresetsFile(places.presets))
    await presets.load()
    keys = ChosenKeys(KeysFile(places.keys))
    await keys.load()
    await house.accounts.refresh()
    return Tenancy(program, house, house.accounts, Chosen(preferences, presets, keys), wiring.offered(house.local))


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the trader has chosen in this environment."""

    preferences: ChosenPreferences
    presets: KeptPresets
    keys: ChosenKeys


class Tenancy:
    """Joins the window of one run with the account it trades with."""

    def __init__(
        self,
        program: Program,
        house: House,
        accounts: Accounts,
        chosen: Chosen,
        offered: tuple[Environment, ...],
    ) -> None:
        self._program = program
        self._house = house
        self._accounts = accounts
        self.preferences = chosen.preferences
        self._presets = chosen.presets
        self._keys = chosen.keys
        program.window.help.take_keys(chosen.keys)
        self._environment = program.setup.places.environment
        self._lock: Lock | None = None
        self._stays = asyncio.Event()
        self._is_asking_first = False
        self._is_open = False
        accounts.trades_with(self._environment, None)
        spawn, looks = program.runtime.spawn, program.window.looks
        needs = RoomNeeds(accounts, self.preferences, program.desk, spawn, offered, self._environment, looks)
        self.room = AccountRoom(program.window, program.window.menus.bar, needs)
        self.room.chosen.connect(self._chosen)
        self.room.settings.form.keys.clicked.connect(self._change_keys)
        self.room.left.connect(lambda: program.window.page.ticket.focus_field(Field.ENTRY))
        self.room.quit_requested.connect(program.window.close)
        program.window.environment_page_requested.connect(lambda: self.room.ask(self._environment))

    def _change_keys(self) -> None:
        """Asked for in Settings, which makes room for the other sheet."""
        self.room.settings.close_layer()
        self._program.window.help.change_keys()

    async def ask_first(self, wish: Choice) -> None:
        """Show the page before anything connects; come back when this run's own environment was chosen."""
        self._is_asking_first = True
        self.room.ask(None, wish.environment, wish.account)
        await self._stays.wait()
        self._is_asking_first = False

    def ask_again(self) -> None:
        """The key could not be had: nothing runs here, and the page has the ways on."""
        self._accounts.trades_with(self._environment, None)
        self.room.ask(self._environment)

    @property
    def account(self) -> str:
        """The name of the account that this run trades with; empty where there is none."""
        used = self._accounts.state.in_use
        return used[1] if used is not None and used[0] is self._environment else ""

    def venue(self, wiring: ModuleType) -> VenueSource:
        """The exchange of this account, whose key is fetched when it starts. Raises ``VaultTrouble`` without one."""
        kept = self._accounts.state.accounts.get(self._environment, ())
        names = [account.name for account in kept]
        wanted = self._program.setup.account
        if not names:
            raise VaultTrouble(f"There is no {self._environment.label} key on this computer yet. Add one.")
        name = wanted if wanted in names else names[0]
        self._accounts.trades_with(self._environment, name)
        known = self._accounts.state.knowledge.get(self._environment)
        found: VenueSource = wiring.KeyedVenue(
            wiring.endpoints(self._environment, self._house.local),
            lambda: self._load(name),
            known.order_channel if known is not None else None,
        )
        return found

    def options(self, options: DeskOptions, gateway: CryptoComGateway) -> DeskOptions:
        """The desk asks for transport, limits and lock at each request."""
        if self._environment.needs_key:
            self._lock = Lock(self._program.setup.clock, asyncio.sleep, self._lock_needs(gateway))
            self._program.runtime.spawn(self._lock.watch(), self._complain)
        return replace(
            options,
            transport=lambda: self.preferences.current.transport,
            preferences=lambda: self.preferences.current,
            is_locked=lambda: self._lock is not None and self._lock.is_locked,
        )

    def tell(self, look_again: Callable[[], None]) -> None:
        """From here on the window shows the account, and the desk hears of every change."""
        self.preferences.listen(lambda _chosen: look_again())
        if self._lock is not None:
            self._lock.listen(lambda _state: look_again())
        self._is_open = True
        if self._lock is not None:
            self.room.take_lock(self._lock)
        accounts = self._accounts if self._environment.needs_key else None
        self._program.window.take_account(AccountPorts(self._lock, self.preferences, accounts, self._presets))

    async def close(self) -> None:
        """Close the sheets and write what was chosen last; keys held for the session stay with the house."""
        self.room.close()
        self._accounts.tell_nobody()
        await self.preferences.close()
        await self._presets.close()
        await self._keys.close()
        await asyncio.to_thread(self._save_memory)

    def _save_memory(self) -> None:
        try:
            self._house.memory.save()
        except OSError as trouble:
            logger.warning("where to begin next time could not be kept: %s", trouble.strerror)

    def _lock_needs(self, gateway: CryptoComGateway) -> LockNeeds:
        used = self._accounts.state.in_use
        name = used[1] if used is not None else ""
        return LockNeeds(gateway, lambda: self._load(name), lambda: self.preferences.current.auto_lock_minutes)

    async def _load(self, name: str) -> Credentials:
        return await self._accounts.load(self._environment, name)

    def _chosen(self, environment: Environment, account: str) -> None:
        """Remember it; stay when it is what runs here already, otherwise end this run and go on there."""
        self._house.memory.put(LAST_ENVIRONMENT, environment.value)
        self._house.memory.put(LAST_ACCOUNT, account)
        if self._runs_here(environment, account):
            self._program.runtime.spawn(asyncio.to_thread(self._save_memory), self._complain)
            self._stays.set()
            self.room.leave()
        else:
            self._program.go_to(Choice(environment, account))

    def _runs_here(self, environment: Environment, account: str) -> bool:
        """A run that is to begin here, or has begun with this account; one whose desk gave up begins anew."""
        if environment is not self._environment:
            return False
        if not environment.needs_key:
            return self._is_asking_first or self._is_open
        return self._is_open and self._accounts.state.in_use == (environment, account)

    def _complain(self, trouble: Exception) -> None:
        self._program.window.support.failed(trouble)
