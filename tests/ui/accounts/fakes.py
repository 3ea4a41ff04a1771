"""Stand-ins for what the accounts screens are given, with the drawings' example figures."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from otoco_desktop.app.accounts import (
    AccountsState,
    Entered,
    KeptAccount,
    KeyringMood,
    KeyringWords,
)
from otoco_desktop.app.preferences import PreferencesListener
from otoco_desktop.app.probe import ProbeListener
from otoco_desktop.domain.market import AccountSnapshot, Balance, Fees
from otoco_desktop.domain.preferences import Preferences
from otoco_desktop.domain.probing import ProbeKind, ProbeReport, ProbeState, ProbeStep, VenueKnowledge
from otoco_desktop.domain.promised import Promise
from otoco_desktop.settings import Environment

KEY = "9nB2qX7dT4mWc1Rk3F9"
SECRET = "cxakp-made-up-secret"
MAIN = KeptAccount("Main account", "k3F9")
TESTED_MS = 1_795_361_219_214  # 2026-11-22 15:26:59.214 UTC
READY = KeyringWords(KeyringMood.READY, "OS keyring, unlocked", "GNOME Keyring")
OFFERED = (Environment.PRACTICE, Environment.SANDBOX, Environment.LIVE)
STEPS = (
    ProbeStep(ProbeKind.REACH, ProbeState.PASS, "Reached the exchange.", "api.crypto.com answered.", 84),
    ProbeStep(ProbeKind.SIGNATURE, ProbeState.PASS, "Signature accepted.", "Key and secret belong together.", 91),
    ProbeStep(ProbeKind.CLOCK, ProbeState.PASS, "Clock is close enough.", "Skew +42 ms, limit 1,000 ms."),
    ProbeStep(ProbeKind.USER_STREAM, ProbeState.PASS, "User stream signed in.", "Order events will arrive live.", 213),
    ProbeStep(
        ProbeKind.BALANCE,
        ProbeState.PASS,
        "Balance read.",
        "24,310.22 USD available. Fees 0.25% maker, 0.50% taker.",
        88,
    ),
    ProbeStep(
        ProbeKind.PERMISSIONS,
        ProbeState.WARN,
        "Permissions were not reported.",
        "Check on the exchange website that withdrawal is off.",
    ),
)
KNOWLEDGE = VenueKnowledge(
    "live",
    TESTED_MS,
    "api.crypto.com",
    "user.advanced.order",
    {"order_id": "text", "list_id": "number"},
    "BTC_USD",
    mark_published=True,
    maker=Decimal("0.0025"),
    taker=Decimal("0.0050"),
    fee_source="account",
    offset_ms=42,
)
GOOD = ProbeReport("live", STEPS, "k3F9", TESTED_MS, KNOWLEDGE)
WRONG_SECRET = ProbeStep(
    ProbeKind.SIGNATURE,
    ProbeState.FAIL,
    "The exchange refused the signature.",
    "Code 40101.",
    91,
    "The secret does not belong to this key. Copy both from the exchange again.",
)
BAD = ProbeReport(
    "live",
    (STEPS[0], WRONG_SECRET, *(ProbeStep(step.kind, ProbeState.SKIPPED) for step in STEPS[2:])),
    "k3F9",
    TESTED_MS,
)
HALFWAY = ProbeReport(
    "live",
    (
        *STEPS[:3],
        ProbeStep(ProbeKind.USER_STREAM, ProbeState.RUNNING),
        *(ProbeStep(step.kind) for step in STEPS[4:]),
    ),
    "k3F9",
)
ACCOUNT = AccountSnapshot(
    balances={
        "BTC": Balance(Decimal("0.41000"), Decimal("0.09874")),
        "CRO": Balance(Decimal("1200")),
        "USD": Balance(Decimal("31000.00"), Decimal("6689.78")),
    },
    fees=Fees(Decimal("0.0025"), Decimal("0.0050")),
)
PROMISES = (Promise("BTC", Decimal("0.17994"), Decimal("0.05000"), 2),)


class FakeAccounts:
    """Satisfies ``AccountsPort``. What it was asked is in ``asked``; secrets that it was lent are in ``seen``."""

    def __init__(self, state: AccountsState | None = None) -> None:
        self._state = state or AccountsState(keyring=READY)
        self._listeners: list[Callable[[AccountsState], None]] = []
        self.asked: list[tuple[str, ...]] = []
        self.seen: list[tuple[str, str]] = []
        self.reports: list[ProbeReport] = [HALFWAY, GOOD]
        self.kept_report: ProbeReport | None = GOOD
        self.keeps = True
        self.hold: Held | None = None
        self.breaks: Exception | None = None

    @property
    def state(self) -> AccountsState:
        return self._state

    def show(self, **changes: Any) -> None:
        """Change the state and tell it."""
        self._state = replace(self._state, **changes)
        for listener in self._listeners:
            listener(self._state)

    def listen(self, listener: Callable[[AccountsState], None]) -> None:
        self._listeners.append(listener)

    async def refresh(self) -> None:
        self.asked.append(("refresh",))

    async def test(self, environment: Environment, entered: Entered, listener: ProbeListener) -> ProbeReport:
        self.asked.append(("test", environment, entered.account))
        if self.breaks:
            raise self.breaks
        if entered.credentials is None:
            raise ValueError("no credentials")
        entered.credentials.lend(lambda key, secret: self.seen.append((key, secret)))
        for report in self.reports[:-1]:
            listener(report)
        if self.hold:
            await self.hold.wait()
        return self.reports[-1]

    async def test_kept(self, environment: Environment, account: str, listener: ProbeListener) -> ProbeReport | None:
        self.asked.append(("test_kept", environment, account))
        if self.kept_report is not None:
            listener(HALFWAY)
        if self.hold:
            await self.hold.wait()
        return self.kept_report

    async def keep(self, environment: Environment, entered: Entered) -> bool:
        return self._keep("keep", environment, entered)

    async def keep_for_session(self, environment: Environment, entered: Entered) -> bool:
        return self._keep("keep_for_session", environment, entered)

    def _keep(self, how: str, environment: Environment, entered: Entered) -> bool:
        self.asked.append((how, environment, entered.account))
        if entered.credentials is None:
            raise ValueError("no credentials")
        entered.credentials.hand_over(lambda key, secret: self.seen.append((key, secret)))
        if self.keeps or how == "keep_for_session":
            kept = KeptAccount(entered.account, "k3F9", session_only=how == "keep_for_session")
            self.show(accounts={**self._state.accounts, environment: (kept,)}, trouble="", ways_on=())
            return True
        return False

    async def forget(self, environment: Environment, account: str) -> bool:
        self.asked.append(("forget", environment, account))
        left = tuple(kept for kept in self._state.accounts.get(environment, ()) if kept.name != account)
        self.show(accounts={**self._state.accounts, environment: left})
        return True

    async def take_changed(self, environment: Environment, account: str) -> bool:
        self.asked.append(("take_changed", environment, account))
        return True

    def report_text(self, report: ProbeReport) -> str:
        return f"{report.headline}, key …{report.key_end}"


@dataclass(slots=True)
class FakePreferences:
    """Satisfies ``PreferencesPort``; remembers every change."""

    current: Preferences = field(default_factory=Preferences)
    trouble: str = ""
    changes: list[Preferences] = field(default_factory=list)
    listeners: list[PreferencesListener] = field(default_factory=list)

    def listen(self, listener: PreferencesListener) -> None:
        self.listeners.append(listener)

    def change(self, chosen: Preferences) -> None:
        self.current = chosen
        self.changes.append(chosen)
        for listener in self.listeners:
            listener(chosen)


class Stepwise:
    """Runs coroutines until they wait; ``go_on`` takes them further. Failures go where the window would send them."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Coroutine[Any, Any, Any], Callable[[Exception], None]]] = []

    def __call__(self, work: Coroutine[Any, Any, Any], on_error: Callable[[Exception], None]) -> None:
        self._step(work, on_error)

    def go_on(self) -> None:
        """Take up everything that waits."""
        taken, self.waiting = self.waiting, []
        for work, on_error in taken:
            self._step(work, on_error)

    def _step(self, work: Coroutine[Any, Any, Any], on_error: Callable[[Exception], None]) -> None:
        try:
            work.send(None)
        except StopIteration:
            return
        except (ValueError, RuntimeError) as trouble:
            on_error(trouble)
            return
        self.waiting.append((work, on_error))

    def close(self) -> None:
        for work, _ in self.waiting:
            work.close()
        self.waiting = []


class Held:
    """An awaitable gate for coroutines that are stepped by hand: waits until ``opened``."""

    def __init__(self) -> None:
        self.opened = False

    async def wait(self) -> None:
        while not self.opened:
            await _Pause()


class _Pause:
    def __await__(self) -> Any:
        yield
