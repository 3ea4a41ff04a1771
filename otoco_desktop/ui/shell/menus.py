"""The menu bar: only what exists, each with its key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QMenuBar

from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.live_band import place_menu_bar
from otoco_desktop.ui.shell.looks import Looks
from otoco_desktop.ui.shell.tokens import Scheme

HEIGHT = 28
TOOLS = "&Tools"
PLAN = "&Plan"


@dataclass(frozen=True, slots=True)
class Commands:
    """What the menus can ask for; ``rehearse`` and ``environments`` are ``None`` where there is none."""

    new_plan: Callable[[], None]
    close: Callable[[], object]
    review: Callable[[], None]
    fail_next: Callable[[], None]
    fail_previous: Callable[[], None]
    focus_entry: Callable[[], None]
    focus_quantity: Callable[[], None]
    focus_stop: Callable[[], None]
    focus_target: Callable[[], None]
    focus_instrument: Callable[[], None]
    move_exit: Callable[[], None]
    remove_exit: Callable[[], None]
    cancel_selected: Callable[[], None]
    check: Callable[[], None]
    messages: Callable[[], object]
    about: Callable[[], object]
    help_field: Callable[[], None]
    show_keys: Callable[[], None]
    copy_report: Callable[[], None]
    save_report: Callable[[], None]
    export: Callable[[], None]
    show_plan: Callable[[], None]
    show_strategies: Callable[[], None]
    search: Callable[[], None]
    duplicate: Callable[[], None]
    lock: Callable[[], None]
    fit_chart: Callable[[], None] | None = None
    next_line: Callable[[], None] | None = None
    previous_line: Callable[[], None] | None = None
    rehearse: Callable[[], None] | None = None
    environments: Callable[[], None] | None = None


class Menus:
    """Builds the bar once and keeps the actions whose standing changes."""

    def __init__(self, window: QMainWindow, commands: Commands, looks: Looks, *, live: bool = False) -> None:
        self._window = window
        self._commands = commands
        self.bar = place_menu_bar(window, live=live)
        self.bar.setFixedHeight(HEIGHT)
        self._looks = looks
        self._file()
        self.review = self._plan()
        self.cancel = self._strategies()
        self._themes = self._view()
        self._help()
        self.retint()

    def retint(self) -> None:
        """Take the colours of the scheme in use, and tick the one that was chosen, here or in Settings."""
        self.bar.setStyleSheet(theme.menu_style())
        for scheme, action in self._themes.items():
            action.setChecked(scheme is self._looks.theme)

    def _menu(self, title: str) -> QMenu:
        return self.bar.addMenu(title)

    def _add(self, menu: QMenu, words: str, act: Callable[[], object], *keys: str) -> QAction:
        action = QAction(words, self._window)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.triggered.connect(lambda _checked: act())
        menu.addAction(action)
        return action

    def _file(self) -> None:
        menu = self._menu("&File")
        self._add(menu, "&New plan", self._commands.new_plan, "Ctrl+N")
        self._add(menu, "E&xport CSV…", self._commands.export, "Ctrl+E")
        menu.addSeparator()
        if self._commands.environments is not None:
            self._add(menu, "&Environments and keys…", self._commands.environments)
        self.lock = self._add(menu, "&Lock now", self._commands.lock, "Ctrl+L")
        self.lock.setVisible(False)
        self._add(menu, "&Quit", self._commands.close, "Ctrl+Q")

    def _plan(self) -> QAction:
        menu = self._menu(PLAN)
        self._add(menu, "Show p&lan", self._commands.show_plan, "Ctrl+1")
        menu.addSeparator()
        review = self._add(menu, "&Review and submit", self._commands.review, "Ctrl+Return", "Ctrl+Enter")
        menu.addSeparator()
        self._add(menu, "Next &failing field", self._commands.fail_next, "F8")
        self._add(menu, "&Previous failing field", self._commands.fail_previous, "Shift+F8")
        menu.addSeparator()
        self._add(menu, "&Entry price\tAlt+E", self._commands.focus_entry)
        self._add(menu, "&Quantity\tAlt+Q", self._commands.focus_quantity)
        self._add(menu, "St&op\tAlt+O", self._commands.focus_stop)
        self._add(menu, "Tar&get\tAlt+G", self._commands.focus_target)
        self._add(menu, "&Instrument", self._commands.focus_instrument, "Ctrl+K")
        return review

    def _strategies(self) -> QAction:
        menu = self._menu("&Strategies")
        self._add(menu, "S&how strategies", self._commands.show_strategies, "Ctrl+2")
        self._add(menu, "&Search strategies", self._commands.search, "Ctrl+F")
        menu.addSeparator()
        self._add(menu, "&Duplicate as new plan", self._commands.duplicate, "Ctrl+D")
        self._add(menu, "&Move stop or target…", self._commands.move_exit, "Ctrl+Shift+M")
        self._add(menu, "&Remove stop or target…\tDel", self._commands.remove_exit)
        cancel = self._add(menu, "&Cancel selected strategy…\tShift+Del", self._commands.cancel_selected)
        self._add(menu, "Check with the &exchange now", self._commands.check, "F5")
        return cancel

    def _view(self) -> dict[Scheme | None, QAction]:
        menu = self._menu("&View")
        self.chart = self._chart(menu)
        self._add(menu, "&Messages…", self._commands.messages)
        themes = menu.addMenu("&Theme")
        group, made = QActionGroup(themes), {}
        for words, scheme in (("&System", None), ("&Dark", Scheme.DARK), ("&Light", Scheme.LIGHT)):
            action = self._add(themes, words, self._theme_chooser(scheme))
            action.setCheckable(True)
            group.addAction(action)
            made[scheme] = action
        return made

    def _chart(self, menu: QMenu) -> tuple[QAction, ...]:
        """What the chart can do, offered once there is one."""
        offers = (
            ("&Fit chart", self._commands.fit_chart, "Ctrl+0"),
            ("Next chart &line", self._commands.next_line, "F6"),
            ("Pre&vious chart line", self._commands.previous_line, "Shift+F6"),
        )
        made = tuple(self._add(menu, words, act, key) for words, act, key in offers if act is not None)
        for action in made:
            action.setVisible(False)
        return made

    def offer_chart(self) -> None:
        """The chart has come."""
        for action in self.chart:
            action.setVisible(True)

    def _theme_chooser(self, scheme: Scheme | None) -> Callable[[], None]:
        return lambda: self._looks.choose_theme(scheme)

    def _help(self) -> None:
        menu = self._menu("&Help")
        self._add(menu, "&Help on this field", self._commands.help_field, "F1")
        self._add(menu, "&Keys…", self._commands.show_keys, "Ctrl+?")
        if self._commands.rehearse is not None:
            self._add(menu, "&Rehearsal…", self._commands.rehearse)
        self._add(menu, "&Copy report for support", self._commands.copy_report)
        self._add(menu, "&Save report…", self._commands.save_report)
        self._add(menu, "&About OTOCO Desktop", self._commands.about)


def add_tool(bar: QMenuBar, words: str, act: Callable[[], object], key: str) -> None:
    """Put a command into the Tools menu, which stands left of Help and is made for the first one."""
    tools = next((menu for menu in bar.findChildren(QMenu) if menu.title() == TOOLS), None)
    if tools is None:
        tools = QMenu(TOOLS, bar)
        bar.insertMenu(bar.actions()[-1], tools)
    action = QAction(words, tools)
    action.setShortcut(QKeySequence(key))
    action.triggered.connect(lambda _checked: act())
    tools.addAction(action)


def add_to_plan(bar: QMenuBar, words: str, act: Callable[[], object], key: str = "") -> QAction:
    """Put one more command at the end of the Plan menu."""
    menu = next(menu for menu in bar.findChildren(QMenu) if menu.title() == PLAN)
    action = QAction(words, menu)
    if key:
        action.setShortcut(QKeySequence(key))
    action.triggered.connect(lambda _checked: act())
    menu.addAction(action)
    return action
