"""The screens under real keys and clicks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from otoco_desktop.app.accounts import AccountsState, KeptAccount, KeyringMood, KeyringWords
from otoco_desktop.app.lock import LOCK_WARNING, LockedBy, LockState
from otoco_desktop.domain.errors import KeyringLocked, WayOn
from otoco_desktop.domain.preferences import Preferences
from otoco_desktop.domain.transport import Transport
from otoco_desktop.settings import Environment
from otoco_desktop.ui.accounts.account_view import AccountSheet
from otoco_desktop.ui.accounts.choices import Limit
from otoco_desktop.ui.accounts.flow import AccountsFlow
from otoco_desktop.ui.accounts.key_form import KeyForm
from otoco_desktop.ui.accounts.lock_strip import LockStrip
from otoco_desktop.ui.accounts.page import EnvironmentPage
from otoco_desktop.ui.accounts.settings_sheet import SettingsSheet
from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.dialogs import Sheet
from otoco_desktop.ui.shell.looks import Looks
from otoco_desktop.ui.shell.runtime import Runtime
from otoco_desktop.ui.shell.tokens import Scheme
from otoco_desktop.ui.widgets.buttons import Button
from otoco_desktop.ui.widgets.panel import column
from otoco_desktop.ui.widgets.tones import FieldTone
from tests.faults.evidence import Evidence
from tests.ui.accounts import fakes
from tests.ui.fakes import MemoryStore
from tests.ui.windows import dark_theme
from tests.waiting import until

PRACTICE, SANDBOX, LIVE = fakes.OFFERED
ALT = Qt.KeyboardModifier.AltModifier
LEFT = Qt.MouseButton.LeftButton
HELD = AccountsState(accounts={LIVE: (fakes.MAIN,)}, in_use=(LIVE, "Main account"), keyring=fakes.READY)


@dataclass(slots=True)
class Bench:
    """The environment page in a window, with accounts behind it and everything it asks for written down."""

    port: fakes.FakeAccounts
    window: QWidget
    page: EnvironmentPage
    spawn: fakes.Stepwise | Runtime = field(default_factory=fakes.Stepwise)
    asked: list[tuple[object, ...]] = field(default_factory=list)
    shortcuts: list[str] = field(default_factory=list)
    flow: AccountsFlow = field(init=False)

    def __post_init__(self) -> None:
        column(self.window).addWidget(self.page)
        spawn = self.spawn.spawn if isinstance(self.spawn, Runtime) else self.spawn
        self.flow = AccountsFlow(self.window, self.page, self.port, spawn)
        self.page.continue_requested.connect(lambda *what: self.asked.append(("continue", *what)))
        self.page.quit_requested.connect(lambda: self.asked.append(("quit",)))
        self.page.back_requested.connect(lambda: self.asked.append(("back",)))
        shortcut = QShortcut(QKeySequence("Ctrl+N"), self.window)
        shortcut.activated.connect(lambda: self.shortcuts.append("new plan"))

    @property
    def form(self) -> KeyForm:
        return self.flow.key_sheet.form

    def go_on(self) -> None:
        """Take up what waits."""
        assert isinstance(self.spawn, fakes.Stepwise)
        self.spawn.go_on()

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def add(self, environment: Environment = LIVE) -> None:
        self.flow.add_key(environment)

    def fill(self, key: str = fakes.KEY, secret: str = fakes.SECRET) -> None:
        self.form.key_field.setText(key)
        self.form.secret_field.setText(secret)

    def make_ready(self) -> None:
        """Filled in, tested, ticked."""
        self.add()
        self.fill()
        click(self.form.test)
        QTest.mouseClick(self.form.tick, LEFT)


def click(button: QWidget) -> None:
    QTest.mouseClick(button, LEFT)


def open_bench(
    qtbot: QtBot, state: AccountsState | None = None, current: Environment | None = None, runtime: Runtime | None = None
) -> Bench:
    dark_theme()
    page = EnvironmentPage(fakes.OFFERED, current)
    made = Bench(fakes.FakeAccounts(state), QWidget(), page, runtime or fakes.Stepwise())
    made.window.resize(1360, 860)
    made.window.show()
    made.window.activateWindow()
    qtbot.waitUntil(made.window.isActiveWindow)
    return made


def close(bench: Bench) -> None:
    bench.flow.close()
    if isinstance(bench.spawn, fakes.Stepwise):
        bench.spawn.close()
    bench.window.close()
    bench.window.deleteLater()


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    """The first start: no key anywhere."""
    made = open_bench(qtbot)
    yield made
    close(made)


@pytest.fixture
def running(qtbot: QtBot) -> Iterator[Bench]:
    """LIVE runs with its account."""
    made = open_bench(qtbot, HELD, LIVE)
    yield made
    close(made)


@pytest.fixture
def looped(qloop: object, qtbot: QtBot) -> Iterator[Bench]:
    """The same on a loop, with the window's own way of starting work."""
    made = open_bench(qtbot, HELD, LIVE, Runtime())
    yield made
    close(made)


# The environment page


def test_practice_goes_on_at_once(bench: Bench) -> None:
    click(bench.page.go)
    assert bench.asked == [("continue", PRACTICE, "")]


def test_arrows_and_clicks_choose_and_nothing_else_happens(bench: Bench) -> None:
    assert QApplication.focusWidget() is bench.page.cards[PRACTICE].radio
    bench.press(Qt.Key.Key_Down)
    assert bench.page.choice.environment is SANDBOX
    QTest.mouseClick(bench.page.cards[LIVE], LEFT)
    assert bench.page.choice.environment is LIVE
    assert [card.radio.isChecked() for card in bench.page.cards.values()] == [False, False, True]
    assert bench.asked == []


def test_without_a_key_it_stays_shut_and_the_reason_leads_to_the_sheet(bench: Bench) -> None:
    bench.page.choose(LIVE)
    assert not bench.page.go.isEnabled()
    assert bench.page.go.accessibleName() == "Continue with LIVE"
    assert bench.page.go.accessibleDescription() == bench.page.reason.text() == "Add a LIVE key first."
    bench.page.reason.setFocus()
    bench.press(Qt.Key.Key_Return)
    assert bench.flow.key_sheet.is_open
    assert bench.form.save.text() == "Save LIVE key"


def test_the_first_start_quits_and_a_running_program_goes_back(bench: Bench) -> None:
    bench.press(Qt.Key.Key_Escape)
    assert bench.asked == []
    click(bench.page.leave)
    bench.page.show_current(PRACTICE)
    assert bench.page.leave.accessibleName() == "Back to plan"
    bench.press(Qt.Key.Key_Escape)
    click(bench.page.leave)
    assert bench.asked == [("quit",), ("back",), ("back",)]


def test_switching_is_refused_while_something_is_sent(running: Bench) -> None:
    running.page.show_current(LIVE, "S-0416 is being sent. Wait until it has arrived.")
    assert running.page.go.isEnabled()
    running.page.choose(PRACTICE)
    assert not running.page.go.isEnabled()
    assert running.page.reason.text() == "S-0416 is being sent. Wait until it has arrived."
    running.page.show_current(LIVE)
    assert running.page.go.isEnabled()


def test_an_account_is_picked_and_goes_along(running: Bench) -> None:
    running.port.show(accounts={LIVE: (fakes.MAIN, KeptAccount("Second", "Zz19"))})
    click(running.page.cards[LIVE].lines[1].radio)
    click(running.page.go)
    assert running.asked == [("continue", LIVE, "Second")]


@pytest.mark.parametrize("agree", [True, False])
async def test_forgetting_asks_first(looped: Bench, agree: bool) -> None:
    click(looped.page.cards[LIVE].lines[0].forget)
    await until(lambda: looped.window.findChild(Sheet) is not None, what="the question")
    sheet = looped.window.findChild(Sheet)
    assert isinstance(sheet, Sheet)
    assert sheet.windowTitle() == "Forget the LIVE key Main account (…k3F9)?"
    keep, act = sheet.findChildren(Button)
    assert (keep.text(), keep.isDefault(), act.text()) == ("Keep it", True, "Forget it")
    assert looped.port.asked == []
    click(act if agree else keep)
    runtime = looped.spawn
    assert isinstance(runtime, Runtime)
    await until(lambda: not runtime.running, what="the answer")
    assert looped.port.asked == ([("forget", LIVE, "Main account")] if agree else [])
    assert looped.page.go.isEnabled() is not agree


async def test_closing_the_sheet_ends_a_test_that_hangs(looped: Bench) -> None:
    looped.port.hold = fakes.Held()
    looped.add()
    looped.fill()
    runtime = looped.spawn
    assert isinstance(runtime, Runtime)
    click(looped.form.test)
    await until(lambda: looped.form.card.headline.text() == "Testing…", what="the test")
    looped.flow.key_sheet.close_layer()
    await until(lambda: not runtime.running, what="the end of the test")


def test_a_kept_key_is_tested_without_typing_it(running: Bench) -> None:
    click(running.page.cards[LIVE].lines[0].test)
    sheet = running.flow.kept_sheet
    assert sheet.is_open
    assert running.port.asked == [("test_kept", LIVE, "Main account")]
    assert sheet.form.card.headline.text() == "Connected, with 1 warning"
    click(sheet.form.copy)
    assert QGuiApplication.clipboard().text() == "Connected, with 1 warning, key …k3F9"
    running.press(Qt.Key.Key_Escape)
    assert not sheet.is_open


def test_a_kept_key_that_cannot_be_read_says_why_and_how_to_go_on(running: Bench) -> None:
    running.port.kept_report = None
    running.port.show(trouble=str(KeyringLocked()), ways_on=KeyringLocked.ways_on)
    click(running.page.cards[LIVE].lines[0].test)
    form = running.flow.kept_sheet.form
    assert form.news.text() == str(KeyringLocked())
    running.port.kept_report = fakes.GOOD
    click(form.ways.buttons[WayOn.UNLOCK])
    assert form.card.headline.text() == "Connected, with 1 warning"


def test_trouble_on_the_page_leads_on(running: Bench) -> None:
    running.port.show(trouble=str(KeyringLocked()), ways_on=(WayOn.UNLOCK, WayOn.ENTER_AGAIN))
    assert running.page.news.text() == str(KeyringLocked())
    click(running.page.ways.buttons[WayOn.UNLOCK])
    assert running.port.asked == [("test_kept", LIVE, "Main account")]
    assert running.page.news.text() == ""
    running.flow.kept_sheet.close_layer()
    assert running.page.news.text() == str(KeyringLocked())
    click(running.page.ways.buttons[WayOn.ENTER_AGAIN])
    assert running.flow.key_sheet.is_open


# The key sheet


def test_a_key_is_entered_tested_ticked_and_saved(bench: Bench) -> None:
    bench.page.choose(LIVE)
    bench.make_ready()
    assert bench.form.card.headline.text() == "Connected, with 1 warning"
    click(bench.form.save)
    assert bench.port.asked == [("test", LIVE, "Main account"), ("keep", LIVE, "Main account")]
    assert bench.port.seen == [(fakes.KEY, fakes.SECRET)] * 2
    assert not bench.flow.key_sheet.is_open
    assert bench.page.go.isEnabled()
    assert bench.page.cards[LIVE].lines[0].radio.accessibleName() == "Use Main account (…k3F9)"


def test_it_opens_in_the_first_field_and_says_what_it_is_for(bench: Bench) -> None:
    bench.add()
    assert QApplication.focusWidget() is bench.form.key_field
    assert bench.form.band.sentence.text() == "LIVE key  This key will place real orders."
    assert bench.form.accessibleName() == "Add API key"
    assert bench.form.secret_field.accessibleName() == "Secret"


def test_a_local_key_is_not_asked_about_withdrawals(bench: Bench) -> None:
    bench.add(Environment.LOCAL)
    assert bench.form.tick.isHidden()
    assert bench.form.advice.isHidden()
    bench.add(LIVE)
    assert bench.form.tick.isVisible()


def test_keys_stay_inside(bench: Bench) -> None:
    bench.add()
    bench.press(Qt.Key.Key_S, ALT)
    assert QApplication.focusWidget() is bench.form.secret_field
    bench.press(Qt.Key.Key_N, ALT)
    assert QApplication.focusWidget() is bench.form.name.field
    assert bench.form.name.field.text() == "Main account"
    bench.press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert bench.shortcuts == []
    for _ in range(12):
        bench.press(Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        assert bench.flow.key_sheet.isAncestorOf(focused)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_never_saves(bench: Bench, key: Qt.Key) -> None:
    bench.make_ready()
    form = bench.form
    for stop in (form.key_field, form.secret_field, form.name.field, form.tick, form.save):
        stop.setFocus()
        QTest.keyClick(stop, key)
    assert bench.port.asked == [("test", LIVE, "Main account")]
    assert bench.flow.key_sheet.is_open


def test_escape_closes_and_nothing_was_kept(bench: Bench) -> None:
    bench.make_ready()
    bench.press(Qt.Key.Key_Escape)
    assert not bench.flow.key_sheet.is_open
    assert bench.port.asked == [("test", LIVE, "Main account")]


@pytest.mark.parametrize("save", [True, False])
def test_nothing_typed_stays_in_a_widget(bench: Bench, save: bool) -> None:
    bench.make_ready()
    if save:
        click(bench.form.save)
    else:
        bench.flow.key_sheet.close_layer()
    for edit in bench.form.findChildren(QLineEdit):
        edit.undo()
        edit.redo()
        assert edit.text() == ""
    bench.add()
    assert bench.form.card.isHidden()
    assert not bench.form.tick.isChecked()


def test_the_secret_is_never_shown_named_or_copied(bench: Bench) -> None:
    QGuiApplication.clipboard().setText("before")
    bench.make_ready()
    field = bench.form.secret_field
    assert set(field.displayText()) == {field.displayText()[0]}
    field.setFocus()
    field.selectAll()
    bench.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "before"
    assert field.text() == fakes.SECRET
    assert [each for each in QGuiApplication.topLevelWindows() if each.isVisible()] == [bench.window.windowHandle()]
    for widget in [bench.window, *bench.window.findChildren(QWidget)]:
        said = " ".join([*spoken(widget), widget.toolTip(), widget.objectName(), widget.windowTitle()])
        assert fakes.SECRET not in said


def spoken(widget: QWidget) -> list[str]:
    """Everything that assistive technology can read of a widget."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return [interface.text(what) for what in QAccessible.Text if what is not QAccessible.Text.UserText]


@pytest.mark.fault(55)
def test_a_pasted_key_may_bring_what_clings_to_it(bench: Bench, evidence: Evidence) -> None:
    bench.add()
    QGuiApplication.clipboard().setText(f" {fakes.KEY}\u200b\n")
    bench.form.key_field.paste()
    bench.form.secret_field.setText(fakes.SECRET)
    assert bench.form.api_key.remark.text().startswith("Removed from what you pasted: ")
    click(bench.form.test)
    assert bench.port.seen == [(fakes.KEY, fakes.SECRET)]
    evidence.note(
        55,
        injected="a key pasted with a space, a zero-width space and a newline",
        shown=bench.form.api_key.remark.text(),
        ledger="the bare key was tested",
    )


@pytest.mark.fault(55)
def test_two_values_pasted_together_are_refused_by_name(bench: Bench, evidence: Evidence) -> None:
    bench.add()
    bench.fill(key=f"{fakes.KEY} {fakes.SECRET}")
    assert bench.form.api_key.remark.text().startswith("There is a space inside, at character 20.")
    assert bench.form.key_field.tone is FieldTone.ERROR
    assert bench.form.key_field.accessibleDescription() == bench.form.api_key.remark.text()
    assert not bench.form.test.isEnabled()
    evidence.note(
        55,
        injected="key and secret pasted together",
        shown=bench.form.api_key.remark.text(),
        ledger="nothing was tested",
    )


def test_steps_stream_in(bench: Bench) -> None:
    gate = bench.port.hold = fakes.Held()
    bench.add()
    bench.fill()
    click(bench.form.test)
    assert bench.form.card.headline.text() == "Testing…"
    assert bench.form.card.lines[3].sentence.accessibleName() == "Running. Sign in to the user stream"
    assert not bench.form.test.isEnabled()
    gate.opened = True
    bench.go_on()
    assert bench.form.card.headline.text() == "Connected, with 1 warning"
    assert bench.form.card.lines[3].took.text() == "213 ms"


def test_a_change_while_testing_ends_what_was_tested(bench: Bench) -> None:
    gate = bench.port.hold = fakes.Held()
    bench.add()
    bench.fill()
    click(bench.form.test)
    bench.form.secret_field.setText("another-secret")
    gate.opened = True
    bench.go_on()
    assert bench.form.card.isHidden()
    assert bench.form.why_not.text() == "Test the key first."
    assert bench.form.test.isEnabled()


def test_a_failed_test_saves_nothing(bench: Bench) -> None:
    bench.port.reports = [fakes.BAD]
    bench.make_ready()
    assert bench.form.card.headline.text() == "Not connected"
    assert not bench.form.tick.isChecked()
    assert not bench.form.save.isEnabled()
    assert bench.form.save.accessibleDescription() == "Change what failed, then test again."


def test_an_error_inside_the_program_ends_the_test_in_words(bench: Bench) -> None:
    bench.port.breaks = RuntimeError("no words for this")
    bench.add()
    bench.fill()
    click(bench.form.test)
    assert bench.form.news.text().startswith("The test was stopped by an error inside the program.")
    assert bench.form.test.isEnabled()


def test_a_locked_keyring_offers_the_session(bench: Bench) -> None:
    bench.port.keeps = False
    bench.make_ready()
    bench.port.show(trouble=str(KeyringLocked()), ways_on=KeyringLocked.ways_on)
    click(bench.form.save)
    assert bench.flow.key_sheet.is_open
    assert bench.form.news.text() == str(KeyringLocked())
    click(bench.form.ways.buttons[WayOn.UNLOCK])
    assert [what[0] for what in bench.port.asked] == ["test", "keep", "keep"]
    click(bench.form.ways.buttons[WayOn.SESSION_ONLY])
    assert bench.port.asked[-1] == ("keep_for_session", LIVE, "Main account")
    assert not bench.flow.key_sheet.is_open


def test_without_a_test_the_session_is_no_way_round_it(bench: Bench) -> None:
    bench.port.show(trouble=str(KeyringLocked()), ways_on=KeyringLocked.ways_on)
    bench.add()
    bench.fill()
    button = bench.form.ways.buttons[WayOn.SESSION_ONLY]
    assert not button.isEnabled()
    assert button.accessibleDescription() == "Test the key first."


def test_other_ways_on(bench: Bench) -> None:
    ways = (WayOn.TAKE_CHANGED, WayOn.FORGET, WayOn.ENTER_AGAIN)
    bench.port.show(trouble="The entry was changed.", ways_on=ways)
    bench.add()
    bench.fill()
    for way in ways:
        click(bench.form.ways.buttons[way])
    assert bench.port.asked == [("take_changed", LIVE, "Main account"), ("forget", LIVE, "Main account")]
    assert bench.form.key_field.text() == bench.form.secret_field.text() == ""


def test_where_the_key_goes_is_said_beforehand(bench: Bench) -> None:
    bench.add()
    stored = bench.form.stored
    assert (stored.title.text(), stored.detail.text()) == ("OS keyring, unlocked", "GNOME Keyring")
    bench.port.show(keyring=KeyringWords(KeyringMood.MISSING, "No OS keyring", "Start one.", (WayOn.SESSION_ONLY,)))
    assert bench.form.stored.title.text() == "No OS keyring"
    assert not bench.form.ways.buttons[WayOn.SESSION_ONLY].isEnabled()


@pytest.mark.parametrize(("width", "height"), [(1024, 680), (1360, 860), (1920, 1080)])
def test_the_sheet_keeps_inside_the_window(bench: Bench, width: int, height: int) -> None:
    bench.make_ready()
    bench.window.resize(width, height)
    assert bench.flow.key_sheet.rect().contains(bench.form.geometry())
    assert bench.form.width() == 640
    assert bench.form.save.visibleRegion().boundingRect() == bench.form.save.rect()


# Preferences


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


@dataclass(slots=True)
class Prefs:
    window: QWidget
    port: fakes.FakePreferences
    looks: Looks
    sheet: SettingsSheet

    def type(self, limit: Limit, text: str) -> None:
        edit = self.sheet.form.limits[limit].field
        edit.setFocus()
        edit.selectAll()
        QTest.keyClicks(edit, text)
        QTest.keyClick(edit, Qt.Key.Key_Tab)


@pytest.fixture
def prefs(qtbot: QtBot) -> Iterator[Prefs]:
    installed = dark_theme()
    window, port = QWidget(), fakes.FakePreferences()
    window.resize(1024, 680)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    looks = Looks(installed, MemoryStore())
    made = Prefs(window, port, looks, SettingsSheet(window, port, LIVE, looks))
    made.sheet.open_sheet()
    yield made
    made.sheet.close_layer()
    window.close()
    window.deleteLater()


def test_each_choice_applies_at_once(prefs: Prefs) -> None:
    form = prefs.sheet.form
    click(form.transport.button(1))
    click(form.fee)
    prefs.type(Limit.TRADE, "1000")
    prefs.type(Limit.RISK, "0.5%")
    prefs.type(Limit.AUTO_LOCK, "5")
    assert prefs.port.current == Preferences(
        transport=Transport.REST,
        fee_in_quote=False,
        trade_limit=Decimal(1000),
        risk_limit=Decimal("0.005"),
        auto_lock_minutes=5,
    )
    assert len(prefs.port.changes) == 5
    assert form.transport_note.text().startswith("Every order over REST.")


def test_post_only_is_closed_over_rest_with_the_reason(prefs: Prefs) -> None:
    tick = prefs.sheet.form.post_only
    click(tick)
    assert prefs.port.current.post_only
    click(prefs.sheet.form.transport.button(1))
    assert not tick.isEnabled()
    assert tick.accessibleDescription() == "Post-only goes over the websocket only, and REST is chosen above."
    click(prefs.sheet.form.transport.button(2))
    assert tick.isEnabled()
    assert prefs.port.current == Preferences(transport=Transport.WEBSOCKET, post_only=True)


def test_a_number_applies_when_it_is_finished_and_not_while_it_is_typed(prefs: Prefs) -> None:
    edit = prefs.sheet.form.limits[Limit.CAP].field
    edit.setFocus()
    QTest.keyClicks(edit, "5000")
    assert prefs.port.changes == []
    assert prefs.sheet.form.limits[Limit.CAP].verdict.text().startswith("A trade that costs more than 5,000.00 USD")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert prefs.port.current.hard_cap == Decimal(5000)
    assert prefs.sheet.is_open


def test_what_is_wrong_is_said_and_never_applied(prefs: Prefs) -> None:
    line = prefs.sheet.form.limits[Limit.TRADE]
    prefs.type(Limit.TRADE, "1,000.50")
    assert prefs.port.changes == []
    assert line.field.tone is FieldTone.ERROR
    assert line.verdict.text() == "1,000.50 has a comma. Use 1000.50"
    line.verdict.link_activated.emit("1000.50")
    QTest.keyClick(line.field, Qt.Key.Key_Return)
    assert prefs.port.current.trade_limit == Decimal("1000.50")


def test_a_limit_above_the_cap_is_refused(prefs: Prefs) -> None:
    prefs.type(Limit.CAP, "500")
    prefs.type(Limit.TRADE, "600")
    assert prefs.port.current.trade_limit is None
    expected = "The limit per trade 600 is above the hard cap 500. Lower it."
    assert prefs.sheet.form.limits[Limit.TRADE].field.accessibleDescription() == expected


def test_closing_applies_what_is_right_and_lets_go_of_what_is_not(prefs: Prefs) -> None:
    prefs.sheet.form.limits[Limit.CAP].field.setText("750")
    prefs.sheet.form.limits[Limit.RISK].field.setText("much")
    QTest.keyClick(prefs.sheet.form.leave, Qt.Key.Key_Escape)
    assert not prefs.sheet.is_open
    assert prefs.port.current == Preferences(hard_cap=Decimal(750))
    prefs.sheet.open_sheet()
    assert prefs.sheet.form.limits[Limit.RISK].field.text() == "1"


def test_an_emptied_limit_is_no_limit(prefs: Prefs) -> None:
    prefs.type(Limit.OPEN_RISK, "300")
    edit = prefs.sheet.form.limits[Limit.OPEN_RISK].field
    edit.setText("")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert [change.open_risk_limit for change in prefs.port.changes] == [Decimal(300), None]


def test_alt_moves_to_a_number_and_types_nothing(prefs: Prefs) -> None:
    edit = prefs.sheet.form.limits[Limit.RISK].field
    edit.setFocus()
    QTest.keyClick(edit, Qt.Key.Key_H, ALT)
    assert QApplication.focusWidget() is prefs.sheet.form.limits[Limit.CAP].field
    assert edit.text() == "1"


def test_how_a_new_plan_starts_is_chosen_with_the_keyboard_alone(prefs: Prefs) -> None:
    prefs.type(Limit.STOP_START, "2%")
    prefs.type(Limit.TARGET_START, "2.5R")
    prefs.type(Limit.RISK_UNIT, "100")
    for key in (Qt.Key.Key_P, Qt.Key.Key_E):
        QTest.keyClick(focused(), key, ALT)
        QTest.keyClick(focused(), Qt.Key.Key_Right)
    assert prefs.port.current == Preferences(
        stop_market=False, target_market=False, stop_start="2%", target_start="2.5R", risk_unit=Decimal(100)
    )
    unit = prefs.sheet.form.limits[Limit.RISK_UNIT].field
    assert unit.accessibleDescription() == "A stop of 1R lies where the quantity loses 100.00 USD, before fees."


def test_the_looks_are_chosen_here_and_shown_when_chosen_elsewhere(prefs: Prefs) -> None:
    lines = prefs.sheet.form.looks
    QTest.keyClick(prefs.sheet.form.leave, Qt.Key.Key_M, ALT)
    QTest.keyClick(focused(), Qt.Key.Key_Right)
    assert (prefs.looks.theme, theme.scheme()) == (Scheme.DARK, Scheme.DARK)
    QTest.keyClick(focused(), Qt.Key.Key_Right)
    assert (prefs.looks.theme, theme.scheme()) == (Scheme.LIGHT, Scheme.LIGHT)
    prefs.looks.choose_theme(None)
    assert lines.theme.choices.index == 0
    dark_theme()
    assert prefs.port.changes == []


def test_a_letter_scrolls_to_its_line(prefs: Prefs) -> None:
    QTest.keyClick(prefs.sheet.form.leave, Qt.Key.Key_X, ALT)
    chosen = focused()
    assert chosen is prefs.sheet.form.looks.sizes.choices.button(0)
    assert chosen.visibleRegion().boundingRect() == chosen.rect()
    QTest.keyClick(chosen, Qt.Key.Key_R, ALT)
    edit = prefs.sheet.form.limits[Limit.RISK].field
    assert edit.visibleRegion().boundingRect() == edit.rect()


def test_a_text_size_waits_for_the_next_start_and_needs_room(prefs: Prefs) -> None:
    lines = prefs.sheet.form.looks
    room = QGuiApplication.primaryScreen().availableSize()
    lacking = prefs.looks.lacking(150)
    fits = room.width() >= 1536 and room.height() >= 1020
    assert lacking == (
        ""
        if fits
        else f"150% needs room for 1,536 x 1,020 pixels, this screen has {room.width():,} x {room.height():,}."
    )
    assert lines.sizes.choices.button(2).isEnabled() is fits
    prefs.looks.choose_size(125)
    assert lines.sizes.choices.index == 1
    assert lines.sizes.note.text() == "Applies when the program starts again."
    prefs.looks.choose_size(100)
    with pytest.raises(ValueError, match="110"):
        prefs.looks.choose_size(110)


def test_the_confirmation_in_live_cannot_be_switched_off(prefs: Prefs) -> None:
    retype = prefs.sheet.form.retype
    assert retype.isVisible()
    assert retype.isChecked()
    click(retype)
    assert retype.isChecked()
    assert prefs.port.changes == []


def test_trouble_with_the_file_is_said(prefs: Prefs) -> None:
    prefs.port.trouble = "The preferences were damaged and are kept as preferences.damaged.json."
    prefs.port.change(replace(prefs.port.current, auto_lock_minutes=30))
    assert prefs.sheet.form.trouble.text() == prefs.port.trouble
    assert prefs.sheet.form.limits[Limit.AUTO_LOCK].field.text() == "30"


# The account and the lock


def test_the_account_is_shown_live_and_copied(qtbot: QtBot) -> None:
    dark_theme()
    window = QWidget()
    window.resize(1024, 680)
    sheet = AccountSheet(window)
    window.show()
    sheet.open_sheet()
    sheet.panel.show_account(fakes.ACCOUNT, fakes.PROMISES, fakes.KNOWLEDGE)
    model = sheet.panel.table.model()
    cells = [model.index(0, at).data() for at in range(6)]
    assert cells == ["BTC", "0.41000000", "0.09874000", "0.31126000", "0.17994000", "0.05000000"]
    assert model.index(0, 3).data(Qt.ItemDataRole.AccessibleTextRole) == "BTC available 0.31126000"
    less = replace(fakes.ACCOUNT, balances={"BTC": fakes.ACCOUNT.balances["USD"]})
    sheet.panel.show_account(less, (), None)
    assert model.rowCount() == 1
    assert sheet.panel.venue_title.isHidden()
    click(sheet.panel.copy)
    assert QGuiApplication.clipboard().text().startswith("BTC: total 31,000.00")
    window.close()
    window.deleteLater()


def test_the_lock_strip_says_what_is_off_and_how_to_go_on(qtbot: QtBot) -> None:
    dark_theme()
    strip = LockStrip()
    asked: list[object] = []
    strip.unlock_requested.connect(lambda: asked.append("unlock"))
    strip.way_chosen.connect(asked.append)
    strip.show_lock(LockState(usable=True))
    assert strip.isHidden()
    strip.show_lock(LockState(usable=False, locked=True))
    assert strip.isHidden()
    locked = LockState(usable=True, locked=True, by=LockedBy.TRADER)
    strip.show_lock(locked)
    assert not strip.isHidden()
    assert strip.accessibleName() == f"Locked by you. Unlock to submit or cancel. {LOCK_WARNING}"
    click(strip.button)
    strip.show_lock(replace(locked, unlocking=True))
    assert not strip.button.isEnabled()
    strip.show_lock(replace(locked, trouble="The entry is gone.", ways_on=(WayOn.UNLOCK, WayOn.ENTER_AGAIN)))
    assert strip.sentence.text().startswith("The entry is gone. ")
    assert list(strip.ways.buttons) == [WayOn.ENTER_AGAIN]
    click(strip.ways.buttons[WayOn.ENTER_AGAIN])
    assert asked == ["unlock", WayOn.ENTER_AGAIN]
    strip.hide()
    strip.deleteLater()
