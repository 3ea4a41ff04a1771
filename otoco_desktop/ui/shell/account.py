"""Who trades in this window: the account's words, the lock over its key, and the preferences that fill a new plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication, QWindow

from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.errors import KeyLocked

if TYPE_CHECKING:
    from otoco_desktop.app.accounts import AccountsPort, AccountsState
    from otoco_desktop.app.lock import LockPort, LockState
    from otoco_desktop.app.preferences import PreferencesPort
    from otoco_desktop.app.presets import PresetsPort
    from otoco_desktop.app.state import DeskPort
    from otoco_desktop.domain.preferences import Preferences
    from otoco_desktop.ui.shell.runtime import Spawn
    from otoco_desktop.ui.shell.window import MainWindow

TOUCHES = frozenset({QEvent.Type.KeyRelease, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.TouchBegin})
"""A key counts when it is let go: the press of a shortcut reaches no window."""

NO_KEY = "No key in use"


@dataclass(frozen=True, slots=True)
class AccountPorts:
    """What the window may ask about the account; ``None`` where the environment has no such thing."""

    lock: LockPort | None = None
    preferences: PreferencesPort | None = None
    accounts: AccountsPort | None = None
    presets: PresetsPort | None = None


class AccountFrame(QObject):
    """Carries news of the account to the window's parts, and what the trader asks to the account."""

    def __init__(self, window: MainWindow, desk: DeskPort, spawn: Spawn) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._spawn = spawn
        self._ports = AccountPorts()
        self._state: LockState | None = None
        self._touches: Touches | None = None
        self._waits_for_websocket = False

    def take(self, ports: AccountPorts) -> None:
        """Show this account from now on."""
        self._ports = ports
        if ports.accounts is not None:
            ports.accounts.listen(self._show_accounts)
            self._show_accounts(ports.accounts.state)
        if ports.preferences is not None:
            ports.preferences.listen(self._take_preferences)
            self._take_preferences(ports.preferences.current)
        if ports.lock is not None:
            ports.lock.listen(self._show_lock)
            self._show_lock(ports.lock.state)
            self._touches = Touches(ports.lock.touch, self)
        if ports.presets is not None:
            self._window.pages.presetting.take(ports.presets)

    @property
    def closed_reason(self) -> str:
        """Why nothing can be submitted or cancelled; empty while the key is usable."""
        return KeyLocked.sentence if self._state is not None and self._state.locked else ""

    @property
    def wants_sound(self) -> bool:
        """Whether a position without a stop may be heard."""
        return self._ports.preferences is None or self._ports.preferences.current.sound

    def lock(self) -> None:
        """Drop the key until it is unlocked."""
        if self._ports.lock is not None:
            self._ports.lock.lock()

    def unlock(self) -> None:
        """Load the key again; the keyring may ask for its password."""
        if self._ports.lock is not None:
            self._spawn(self._ports.lock.unlock(), self._failed)

    def new_draft(self) -> OtocoDraft:
        """A new plan as the preferences want it."""
        if self._ports.preferences is None:
            return OtocoDraft()
        from otoco_desktop.domain.preferences import starting_draft  # noqa: PLC0415 - its import is not for the start

        usable = self._desk.surroundings().post_only_usable
        return starting_draft(self._ports.preferences.current, post_only_usable=usable)

    @property
    def _prefers_post_only(self) -> bool:
        return self._ports.preferences is not None and self._ports.preferences.current.post_only

    def _failed(self, trouble: Exception) -> None:
        self._window.support.failed(trouble)

    def _show_accounts(self, state: AccountsState) -> None:
        name, sentence = account_words(state)
        self._window.name_account(name)
        self._window.status.show_account(sentence)
        self._window.review.account = sentence

    def _take_preferences(self, _chosen: Preferences) -> None:
        self._waits_for_websocket = True
        self.follow_desk()
        self._window.refresh()

    def follow_desk(self) -> None:
        """A plan that nobody has touched takes the preferred start, as soon as it can be had."""
        if not self._waits_for_websocket:
            return
        wanted = self.new_draft()
        self._waits_for_websocket = self._prefers_post_only and not wanted.post_only
        self._window.presenter.start_with(wanted)

    def _show_lock(self, state: LockState) -> None:
        """Close or open what needs the key, and say why an unlock failed."""
        before, self._state = self._state, state
        self._tell_lock(before, state)
        self._window.menus.lock.setVisible(state.usable)
        self._window.menus.lock.setEnabled(not state.locked)
        self._window.page.submit.show_lock(locked=state.locked, busy=state.unlocking)
        if self._window.page.is_complete:
            self._window.page.following.strategies.close_cancel(self.closed_reason)
        self._window.refresh()

    def _tell_lock(self, before: LockState | None, state: LockState) -> None:
        """Say once that it is locked and what that means, and each new reason why an unlock failed."""
        if state.trouble and (before is None or before.trouble != state.trouble):
            self._window.toasts.complain(state.trouble)
        if state.locked and before is not None and not before.locked:
            from otoco_desktop.app.lock import LOCK_WARNING  # noqa: PLC0415 - its import is not for the start

            self._window.toasts.say(f"Locked {state.by}. {LOCK_WARNING}")


class Touches(QObject):
    """Tells every key and click in any window of the program.

    It looks at windows and not at widgets: each event then passes here once, and paint events of widgets never.
    """

    def __init__(self, told: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._told = told
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._watch)
        self._watch(QGuiApplication.focusWindow())

    def _watch(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # Qt's name
        if event.type() in TOUCHES:
            self._told()
        return False


def account_words(state: AccountsState) -> tuple[str, str]:
    """The account's name, and ``Main account, key ending k3F9``; no more of a key is ever shown."""
    if state.in_use is None:
        return "", NO_KEY
    environment, name = state.in_use
    kept = next((found for found in state.accounts.get(environment, ()) if found.name == name), None)
    end = f"key ending {kept.last_four}" if kept is not None and kept.last_four else "key in use"
    return name, f"{name}, {end}" if name else end[:1].upper() + end[1:]
