"""Presets of the pair that is shown, and its last plan at today's price: both fill the ticket and send nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QMenu

from otoco_desktop.domain.again import rebased
from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.history import HistoryQuery
from otoco_desktop.domain.presets import Preset, Shelf, capture
from otoco_desktop.domain.reading import fresh_quote
from otoco_desktop.ui.foreign import foreign
from otoco_desktop.ui.presets import words
from otoco_desktop.ui.shell.menus import add_to_plan
from otoco_desktop.ui.shell.pages import Name

if TYPE_CHECKING:
    from otoco_desktop.app.presets import PresetsPort
    from otoco_desktop.ui.presets.sheet import PresetsSheet
    from otoco_desktop.ui.shell.runtime import Spawn
    from otoco_desktop.ui.shell.window import MainWindow

KEY = "Ctrl+P"
NUMBERED = 9
"""As many presets have a digit to press."""


class Presetting(QObject):
    """Belongs to one window. Without ``take`` there are no presets, and the last plan alone."""

    def __init__(self, window: MainWindow, spawn: Spawn) -> None:
        super().__init__(window)
        self._window = window
        self._spawn = spawn
        self._port: PresetsPort | None = None
        self._before: Shelf | None = None
        self._complained = ""
        self.sheet: PresetsSheet | None = None
        add_to_plan(window.menus.bar, words.MENU, self.open_menu, KEY)
        add_to_plan(window.menus.bar, words.LAST_PLAN, self.plan_last)
        window.page.ticket.presets_button.clicked.connect(self.open_menu)
        window.bridge.state.connect(lambda _desk: self._follow_pair())

    def take(self, port: PresetsPort) -> None:
        """Offer these presets from now on."""
        self._port = port
        port.listen(lambda _presets: self._show())
        self._show()

    def begun(self, draft: OtocoDraft) -> OtocoDraft:
        """A new plan with the pair's preset for new plans typed in, where there is one."""
        first = self._port.current.first(self._symbol) if self._port is not None else None
        return first.onto(draft) if first is not None else draft

    @property
    def _symbol(self) -> str:
        instrument = self._window.desk.state.instrument
        return instrument.symbol if instrument else ""

    @property
    def shelf(self) -> Shelf:
        """The presets of the pair that is shown."""
        return self._port.current.of(self._symbol) if self._port is not None else Shelf()

    # The menu

    def open_menu(self) -> None:
        """Offer the presets under their button, the first one ready to be pressed."""
        self._window.pages.show(Name.PLAN)
        button, menu = self._window.page.ticket.presets_button, self.menu()
        menu.setActiveAction(next(action for action in menu.actions() if action.isEnabled()))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def menu(self) -> QMenu:
        """Each preset with its digit, then what else can be done."""
        menu = QMenu(self._window)
        menu.setAccessibleName("Presets")
        for at, preset in enumerate(self.shelf.presets, start=1):
            digit = f"&{at}  " if at <= NUMBERED else ""
            self._add(menu, digit + _shown(preset), partial(self.use, preset))
        if self._port is not None:
            menu.addSeparator()
            self._add(menu, words.KEEP, lambda: self.open_sheet().ask_name(), enabled=bool(self._symbol))
            self._add(menu, words.LIST, self.open_sheet, enabled=bool(self.shelf.presets))
        menu.addSeparator()
        self._add(menu, words.LAST_PLAN, self.plan_last)
        return menu

    def _add(self, menu: QMenu, title: str, act: Callable[[], object], *, enabled: bool = True) -> None:
        action = menu.addAction(title)
        action.setEnabled(enabled)
        action.triggered.connect(lambda _checked: act())

    # Presets

    def use(self, preset: Preset) -> None:
        """Type in what the preset holds, counted from the entry that stands."""
        self._type_in(preset.onto(self._window.presenter.draft))
        self._window.toasts.say(words.APPLIED.format(name=foreign(preset.name), what=words.summary(preset)))

    def _type_in(self, draft: OtocoDraft) -> None:
        self._window.pages.show(Name.PLAN)
        self._window.pages.pasting.remember()
        self._window.presenter.load(draft)

    def open_sheet(self) -> PresetsSheet:
        """The list of presets, beside the ticket."""
        from otoco_desktop.ui.presets.sheet import PresetsSheet  # noqa: PLC0415 - its import is not for the start

        if self.sheet is None:
            self.sheet = sheet = PresetsSheet(self._window, self._symbol)
            sheet.used.connect(self.use)
            sheet.deleted.connect(self._delete)
            sheet.renamed.connect(self._rename)
            sheet.begun.connect(self._begin_with)
            sheet.kept.connect(self._keep)
            sheet.undone.connect(self._undo)
            sheet.finished.connect(self._forget_sheet)
            sheet.show_shelf(self.shelf)
            sheet.show()
        self.sheet.activateWindow()
        return self.sheet

    def _forget_sheet(self) -> None:
        self.sheet, self._before = None, None

    def _keep(self, name: str) -> None:
        """Keep what stands in the ticket under this name."""
        presenter, instrument = self._window.presenter, self._window.desk.state.instrument
        if self.sheet is None or instrument is None:
            return
        try:
            made = capture(name, presenter.draft, presenter.verdict.plan, instrument)
        except ValueError as refusal:
            self.sheet.tell(foreign(str(refusal)), wrong=True)
            return
        replaced = self.shelf.find(made.preset.name) is not None
        if self._place(lambda shelf: shelf.put(made.preset), made.preset.name):
            self.sheet.new_name.show_text("")
            self.sheet.tell(words.kept(made.preset.name, made.notes, replaced=replaced), undo=True)

    def _delete(self, preset: Preset) -> None:
        if self._place(lambda shelf: shelf.without(preset)) and self.sheet is not None:
            self.sheet.tell(words.DELETED.format(name=foreign(preset.name)), undo=True)

    def _rename(self, preset: Preset, name: str) -> None:
        self._place(lambda shelf: shelf.renamed(preset, name), name)

    def _begin_with(self, preset: Preset | None) -> None:
        self._place(lambda shelf: shelf.beginning_with(preset))

    def _undo(self) -> None:
        before = self._before
        if before is not None and self._place(lambda _shelf: before):
            self._before = None

    def _place(self, change: Callable[[Shelf], Shelf], selected: str = "") -> bool:
        """Change the shelf and show it; whether it could be done."""
        if self._port is None or self.sheet is None or not self._symbol:
            return False
        try:
            shelf = change(self.shelf)
        except ValueError as refusal:
            self.sheet.tell(foreign(str(refusal)), wrong=True)
            return False
        self._before = self.shelf
        self.sheet.tell("")
        self._port.change(self._port.current.placing(self._symbol, shelf))
        self.sheet.show_shelf(shelf, selected)
        return True

    def _show(self) -> None:
        """The presets have changed, or could not be written."""
        trouble = self._port.trouble if self._port is not None else ""
        if trouble and trouble != self._complained:
            self._window.toasts.complain(foreign(trouble))
        self._complained = trouble

    def _follow_pair(self) -> None:
        """A list of another pair's presets has nothing to say here."""
        if self.sheet is not None and self.sheet.symbol != self._symbol:
            self.sheet.reject()

    # The last plan

    def plan_last(self) -> None:
        """Type in the newest plan of this pair that was sent, with its distances, at the price of today."""
        symbol = self._symbol
        if symbol:
            self._spawn(self._plan_last(symbol), self._window.support.failed)
        else:
            self._window.toasts.say(words.NO_PAIR)

    async def _plan_last(self, symbol: str) -> None:
        desk, say = self._window.desk, self._window.toasts.say
        page = await desk.history(HistoryQuery(instrument=symbol, limit=1))
        if not page.rows:
            say(words.NO_PLAN.format(symbol=foreign(symbol)))
            return
        strategy = await desk.strategy(page.rows[0].strategy_id)
        state = desk.state
        if state.instrument is None or state.instrument.symbol != symbol:
            say(words.GONE_ON.format(symbol=foreign(symbol)))
            return
        quote = fresh_quote(desk.surroundings())
        again = rebased(strategy, state.instrument, quote.mark if quote else None)
        self._type_in(again.draft)
        say(f"{again.sentence} Nothing has been sent.")


def _shown(preset: Preset) -> str:
    return f"{foreign(preset.name)}: {words.summary(preset)}".replace("&", "&&")
