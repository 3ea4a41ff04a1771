"""Four environments that nobody can mistake: badge, band, title, status, and one colour that is LIVE's alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.lifecycle import begin
from otoco_desktop.domain.preferences import Preferences
from otoco_desktop.ui.shell.account import AccountPorts
from otoco_desktop.ui.shell.live_band import WORDS, LiveBand
from otoco_desktop.ui.shell.tokens import TABLES, Scheme, Token
from otoco_desktop.ui.shell.window import STILL_SENDING, MainWindow, Surface
from tests.ui.fakes import PLAN, MemoryStore, four_strategies, intended, order_of, unknown_strategy
from tests.ui.live.scenes import FakeLock, FakePreferences, LiveDesk, accounts_of, live_desk
from tests.ui.windows import Inline, dark_theme

ALL = ("PRACTICE", "LOCAL", "SANDBOX", "LIVE")
Opener = Callable[[str], MainWindow]


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[Opener]:
    """Opens the window of an environment, with its account."""
    made: list[MainWindow] = []

    def open_it(environment: str) -> MainWindow:
        surface = Surface(Inline(), MemoryStore(), dark_theme(), offers_environments=True)
        window = MainWindow(live_desk(environment, four_strategies()), surface)
        made.append(window)
        window.resize(1360, 860)
        if environment != "PRACTICE":
            window.take_account(AccountPorts(FakeLock(), None, accounts_of(environment)))
        window.complete()
        window.presenter.load(replace(PLAN, post_only=True))
        window.show()
        qtbot.waitExposed(window)
        return window

    yield open_it
    for window in made:
        window.close_now()
        window.deleteLater()


@pytest.mark.parametrize(
    ("environment", "title", "status"),
    [
        (
            "PRACTICE",
            "OTOCO Desktop – PRACTICE",
            "Practice account: orders are simulated here and never sent to the exchange",
        ),
        (
            "LOCAL",
            "OTOCO Desktop – LOCAL – Main account",
            "Local exchange: orders go to a server on this computer. Main account, key ending k3F9",
        ),
        (
            "SANDBOX",
            "OTOCO Desktop – SANDBOX – Main account",
            "Sandbox account: test money on the exchange test system. Main account, key ending k3F9",
        ),
        ("LIVE", "OTOCO Desktop – LIVE – Main account", "Main account, key ending k3F9"),
    ],
)
def test_title_and_status_name_environment_and_account(
    opened: Opener, environment: str, title: str, status: str
) -> None:
    window = opened(environment)
    assert window.windowTitle() == title
    assert window.status.notice == status
    assert window.top_bar.badge.accessibleName().startswith(f"Environment: {environment}")


@pytest.mark.parametrize("scheme", list(Scheme))
@pytest.mark.parametrize("environment", ALL)
def test_magenta_is_lives_alone_and_violet_the_sandboxs(opened: Opener, environment: str, scheme: Scheme) -> None:
    window = opened(environment)
    installed = dark_theme()
    installed.choose(scheme)
    try:
        shown = colours(window)
        window.review.open()
        shown |= colours(window)
    finally:
        installed.choose(Scheme.DARK)
    table = TABLES[scheme]
    live, sand = (
        {table[token].lower() for token in tokens}
        for tokens in ((Token.LIVE, Token.LIVE_FILL, Token.LIVE_SOFT), (Token.SAND, Token.SAND_SOFT))
    )
    assert (live <= shown) is (environment == "LIVE")
    assert bool(live & shown) is (environment == "LIVE")
    assert bool(sand & shown) is (environment == "SANDBOX")


def colours(window: MainWindow) -> set[str]:
    """Every colour in the window's picture."""
    picture = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = memoryview(picture.constBits()).cast("I")
    return {f"#{pixel & 0xFFFFFF:06x}" for pixel in set(pixels)}


@pytest.mark.parametrize("environment", ALL)
def test_only_live_has_the_band_over_its_menus(opened: Opener, environment: str) -> None:
    window = opened(environment)
    band = window.findChild(LiveBand)
    assert (band is not None) is (environment == "LIVE")
    assert window.menus.bar.isVisible()
    assert window.menus.bar.height() == 28
    if band is not None:
        assert band.accessibleName() == WORDS == "LIVE account. Every order placed here uses real money."
        assert (band.width(), band.height()) == (window.width(), 22)


def test_menus_work_under_the_band(opened: Opener) -> None:
    window = opened("LIVE")
    titles = [action.text() for action in window.menus.bar.actions()]
    assert titles == ["&File", "&Plan", "&Strategies", "&View", "&Help"]
    file_menu = next(menu for menu in window.menus.bar.findChildren(QMenu) if menu.title() == "&File")
    words = [action.text() for action in file_menu.actions() if action.isVisible() and action.text()]
    assert words == ["&New plan", "E&xport CSV…", "&Environments and keys…", "&Lock now", "&Quit"]


def test_keys_of_the_menus_reach_a_live_window(opened: Opener, qtbot: QtBot) -> None:
    window = opened("LIVE")
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert window.presenter.draft.is_empty


def test_a_new_plan_starts_as_preferred_and_one_begun_is_left_alone(opened: Opener) -> None:
    window = opened("PRACTICE")
    preferences = FakePreferences(Preferences(stop_start="2%", target_start="2.5R"))
    window.take_account(AccountPorts(None, preferences))
    assert window.presenter.draft == replace(PLAN, post_only=True)
    window.new_plan()
    ticket = window.page.ticket
    assert (ticket.stop.edit.text(), ticket.target.edit.text(), ticket.entry.edit.text()) == ("2%", "2.5R", "")
    preferences.change(Preferences(stop_start="3%", stop_market=False, post_only=True))
    draft = window.presenter.draft
    assert (draft.stop, draft.target, draft.stop_market, draft.post_only) == ("3%", "", False, True)
    window.presenter.edit(Field.ENTRY, "92400.00")
    preferences.change(Preferences(stop_start="4%"))
    assert ticket.stop.edit.text() == "3%"


# The page of environments


def test_the_badge_asks_for_the_page_by_click_and_by_key(opened: Opener, qtbot: QtBot) -> None:
    window = opened("LIVE")
    badge = window.top_bar.badge
    with qtbot.waitSignal(window.environment_page_requested, timeout=1000):
        QTest.mouseClick(badge, Qt.MouseButton.LeftButton)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
        with qtbot.waitSignal(window.environment_page_requested, timeout=1000):
            QTest.keyClick(badge, key)


def test_without_a_page_the_badge_takes_neither_click_nor_focus() -> None:
    surface = Surface(Inline(), MemoryStore(), dark_theme())
    window = MainWindow(live_desk("LIVE"), surface)
    asked: list[bool] = []
    window.environment_page_requested.connect(lambda: asked.append(True))
    QTest.mouseClick(window.top_bar.badge, Qt.MouseButton.LeftButton)
    assert asked == []
    assert window.top_bar.badge.focusPolicy() is Qt.FocusPolicy.NoFocus
    window.deleteLater()


def test_the_page_is_refused_while_a_plan_is_being_sent(opened: Opener) -> None:
    window = opened("LIVE")
    asked: list[bool] = []
    window.environment_page_requested.connect(lambda: asked.append(True))
    desk = window.presenter._desk
    assert isinstance(desk, LiveDesk)
    order = order_of("BTC_USD", "0.1", ("92400.00", "90552.00", "97020.00"), f"{417:026d}")
    desk.put(begin(intended(417, order, "", "-100.00")))
    window.top_bar.badge.click()
    assert asked == []
    assert window.toasts.log[-1].text == STILL_SENDING
    desk.put(unknown_strategy(417))
    window.top_bar.badge.click()
    assert asked == [True]
