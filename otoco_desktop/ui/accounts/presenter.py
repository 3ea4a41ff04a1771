"""Adding a key: what may be tested, what may be saved, and why not. Holds no key and no secret. Free of Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace

from otoco_desktop.app.accounts import AccountsState, Entered, KeyringMood, KeyringWords, Remark
from otoco_desktop.domain.errors import WayOn
from otoco_desktop.domain.probing import ProbeReport
from otoco_desktop.settings import Environment

TEST_FIRST = "Test the key first."
FAILED_TEST = "Change what failed, then test again."
TICK_FIRST = "Tick that withdrawal is off for this key."
FILL_IN = "Enter the API key and its secret."
STOPPED = "The test was stopped by an error inside the program. The log has the details."


@dataclass(frozen=True, slots=True)
class KeyStatus:
    """Everything in the key sheet that follows from what was typed and from the test."""

    name: Remark
    api_key: Remark
    secret: Remark
    api_key_good: bool
    keyring: KeyringWords
    report: ProbeReport | None
    test_label: str
    can_test: bool
    can_tick: bool
    ticked: bool
    can_save: bool
    save_reason: str
    news: str
    is_trouble: bool
    ways_on: tuple[WayOn, ...]


def needs_tick(environment: Environment) -> bool:
    """A server on this computer holds nothing that could be withdrawn."""
    return environment is not Environment.LOCAL


class KeyPresenter:
    """One visit to the key sheet. ``round`` tells the newest test from those it has overtaken."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.round = 0
        self._entered = Entered("", None)
        self._usable = False
        self._report: ProbeReport | None = None
        self._testing = False
        self._saving = False
        self._ticked = False
        self._stopped = False

    def type(self, entered: Entered) -> None:
        """Take what the fields say now; the credentials in it are let go of."""
        self._usable = entered.credentials is not None
        if entered.credentials is not None:
            entered.credentials.drop()
        self._entered = replace(entered, credentials=None)

    def forget_test(self) -> None:
        """The key or the secret was changed: what was tested is no longer what stands there."""
        self.round += 1
        self._report, self._testing, self._ticked, self._stopped = None, False, False, False

    def begin_test(self) -> int:
        """A test starts; its number goes with what it finds."""
        self.forget_test()
        self._testing = True
        return self.round

    def observe(self, number: int, report: ProbeReport) -> None:
        """News of a test; that of an overtaken one is let go."""
        if number == self.round:
            self._report = report

    def end_test(self, number: int, *, stopped: bool = False) -> None:
        if number == self.round:
            self._testing, self._stopped = False, stopped

    def tick(self, *, on: bool) -> None:
        self._ticked = on and self._passed()

    def saving(self, *, on: bool) -> None:
        self._saving = on

    @property
    def report(self) -> ProbeReport | None:
        return self._report

    @property
    def is_saving(self) -> bool:
        return self._saving

    @property
    def may_keep(self) -> bool:
        """Tested, passed, ticked and named: the key may be kept, in whichever place.

        It may be held for the session even while the keyring's question stands open.
        """
        return not self._problem()

    def status(self, accounts: AccountsState) -> KeyStatus:
        """The sheet as of now."""
        reason = self._problem()
        waiting = self._saving or bool(accounts.busy)
        trouble = accounts.trouble or (STOPPED if self._stopped else "")
        return KeyStatus(
            name=self._name(accounts),
            api_key=self._entered.api_key,
            secret=self._entered.secret,
            api_key_good=self._usable,
            keyring=accounts.keyring,
            report=self._report,
            test_label="Test again" if self._report else "Test connection",
            can_test=self._usable and not self._testing and not waiting,
            can_tick=self._passed() and not waiting,
            ticked=self._ticked,
            can_save=not reason and not waiting and accounts.keyring.mood is not KeyringMood.WAITING,
            save_reason=reason,
            news="" if trouble == accounts.keyring.detail else trouble or accounts.busy or accounts.notice,
            is_trouble=bool(trouble),
            ways_on=self._ways(accounts),
        )

    def _passed(self) -> bool:
        return self._report is not None and self._report.passed and not self._testing

    def _problem(self) -> str:
        """Why the key cannot be kept yet; empty when it can."""
        if not self._usable:
            return self._refused() or FILL_IN
        if self._testing or self._report is None:
            return TEST_FIRST
        if not self._report.passed:
            return FAILED_TEST
        return "" if self._ticked or not needs_tick(self.environment) else TICK_FIRST

    def _refused(self) -> str:
        entered = self._entered
        remarks = {"the API key": entered.api_key, "the secret": entered.secret, "the name": entered.name}
        return next((f"Correct {what} first." for what, remark in remarks.items() if remark.refused), "")

    def _name(self, accounts: AccountsState) -> Remark:
        """The remark on the name; a name that is taken is said before it is replaced."""
        if self._entered.name.text:
            return self._entered.name
        kept = accounts.accounts.get(self.environment, ())
        taken = next((account for account in kept if account.name == self._entered.account), None)
        return Remark(f"Saving replaces {taken.label}.") if taken else Remark()

    def _ways(self, accounts: AccountsState) -> tuple[WayOn, ...]:
        """The buttons beside the trouble; without trouble those of the keyring itself."""
        return accounts.ways_on if accounts.trouble else accounts.keyring.ways_on
