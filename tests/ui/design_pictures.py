"""Every drawn screen of ours under the drawing's name: ``python -m tests.ui.design_pictures DIR``.

``main-dark.png`` and the seven others are drawn as the drawings are: same figures, theme, size, and 1.5 pixels to the
unit, to be laid beside them. The folders ``1x`` and ``2x`` have each screen dark and light in both sizes. Each scale
needs a process of its own, because Qt reads the scale factor once. Whatever could not be drawn is listed at the end.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from otoco_desktop.app.state import Confirmed
    from otoco_desktop.domain.draft import OtocoDraft
    from otoco_desktop.ui.shell.theme import Theme
    from otoco_desktop.ui.shell.window import MainWindow
    from tests.ui.fakes import FakeDesk

DRAWN_SCALE = "1.5"
LARGE, SMALL = (1360, 860), (1024, 680)
DRAWINGS = {
    "main-dark": ("main", "dark", LARGE),
    "main-light-errors": ("errors", "light", LARGE),
    "main-min": ("main", "dark", SMALL),
    "review": ("review", "dark", LARGE),
    "review-json": ("review-json", "dark", LARGE),
    "strategies": ("strategies", "dark", LARGE),
    "first-run": ("first-run", "light", LARGE),
    "unknown-outcome": ("unknown-outcome", "dark", LARGE),
}
"""Scene, scheme and size of each drawing."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One file to draw."""

    path: Path
    scene: str
    scheme: str
    size: tuple[int, int]


def wanted(folder: Path, scale: str) -> list[Picture]:
    """The files of one scale."""
    if scale == DRAWN_SCALE:
        return [Picture(folder / f"{name}.png", *drawing) for name, drawing in DRAWINGS.items()]
    scenes = dict.fromkeys(scene for scene, _scheme, _size in DRAWINGS.values())
    return [
        Picture(folder / f"{scale}x" / f"{scene}-{scheme}-{size[0]}x{size[1]}.png", scene, scheme, size)
        for scene in scenes
        for scheme in ("dark", "light")
        for size in (LARGE, SMALL)
    ]


def main(folder: Path) -> int:
    """Draw everything; how many pictures are missing."""
    missing = []
    for scale in (DRAWN_SCALE, "1", "2"):
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale, "TZ": "UTC"}
        command = [sys.executable, "-m", "tests.ui.design_pictures", str(folder), scale]
        subprocess.run(command, env=environment, check=False)
        missing += [picture.path for picture in wanted(folder, scale) if not picture.path.exists()]
    for path in missing:
        sys.stdout.write(f"missing: {path.relative_to(folder)}\n")
    return len(missing)


def draw(folder: Path, scale: str) -> None:
    """All pictures of one scale."""
    from PySide6.QtWidgets import QApplication

    from otoco_desktop.ui.shell import theme
    from otoco_desktop.ui.shell.tokens import Scheme

    app = QApplication([])
    for picture in wanted(folder, scale):
        picture.path.parent.mkdir(parents=True, exist_ok=True)
        installed = theme.install(app, Scheme(picture.scheme))
        window, act = SCENES[picture.scene](installed)
        window.resize(*picture.size)
        window.show()
        app.sendPostedEvents()
        act()
        for _ in range(3):
            app.sendPostedEvents()
            app.processEvents()
        window.grab().save(str(picture.path))
        window.deleteLater()
        app.sendPostedEvents()


Scene = tuple["QWidget", Callable[[], object]]


def _window(desk: FakeDesk, environment: str, installed: Theme) -> MainWindow:
    """A whole window with its chart and, away from PRACTICE, its account."""
    from otoco_desktop.ui.shell.account import AccountPorts
    from otoco_desktop.ui.shell.menus import add_tool
    from tests.ui.chart_parts import charted_window
    from tests.ui.live.scenes import FakeLock, accounts_of

    window = charted_window(desk, installed=installed)
    add_tool(window.menus.bar, "&Settings…", window.update, "Ctrl+,")
    if environment != "PRACTICE":
        window.take_account(AccountPorts(FakeLock(), None, accounts_of(environment)))
    window.complete()
    return window


WHERE = "POST https://api.crypto.com/exchange/v1/private/advanced/create-otoco"


def _planned(environment: str, draft: OtocoDraft, installed: Theme) -> MainWindow:
    from otoco_desktop.domain.parse import to_order
    from otoco_desktop.exchange.requests import otoco_params, preview_text
    from tests.ui.live.scenes import LiveDesk
    from tests.ui.strategy_examples import as_drawn

    class Desk(LiveDesk):
        def prepare(self, draft: OtocoDraft) -> Confirmed | None:
            confirmed = super().prepare(draft)
            if confirmed is None:
                return None
            order = to_order(confirmed.verdict, "s0416", self.surroundings())
            preview = preview_text(otoco_params(order), "k3F9")
            return replace(confirmed, order_preview=preview, address=WHERE)

    window = _window(Desk(as_drawn(), environment), environment, installed)
    window.presenter.load(replace(draft, post_only=True))
    window.page.ticket.kept.show_text("autosaved")
    return window


def main_page(installed: Theme) -> Scene:
    from otoco_desktop.domain.finding import Field
    from tests.ui.fakes import PLAN

    window = _planned("PRACTICE", PLAN, installed)

    def act() -> None:
        window.page.ticket.focus_field(Field.TARGET)
        window.page.ticket.target.edit.deselect()
        window.chart.fit()

    return window, act


def errors(installed: Theme) -> Scene:
    from tests.ui.fakes import WRONG_PLAN

    window = _planned("PRACTICE", WRONG_PLAN, installed)

    def act() -> None:
        window.page.following.strategies.table.setFocus()
        window.chart.fit()

    return window, act


def review(installed: Theme) -> Scene:
    from PySide6.QtTest import QTest

    from tests.ui.fakes import PLAN

    window = _planned("LIVE", PLAN, installed)

    def act() -> None:
        window.chart.fit()
        window.review.open()
        QTest.keyClicks(window.review.sheet.sheet.retype.edit, "9123")

    return window, act


def review_json(installed: Theme) -> Scene:
    from tests.ui.fakes import PLAN

    window = _planned("LIVE", PLAN, installed)

    def act() -> None:
        window.chart.fit()
        window.review.open()
        window.review.sheet.sheet.tabs.choose(1)

    return window, act


def strategies(installed: Theme) -> Scene:
    from otoco_desktop.ui.shell.pages import Name
    from tests.ui.history.examples import drawn_desk
    from tests.ui.strategy_examples import drawn_story

    desk = drawn_desk()
    desk.change(environment="SANDBOX")
    window = _window(desk, "SANDBOX", installed)

    def act() -> None:
        window.pages.show(Name.STRATEGIES)
        window.pages.history.select(drawn_story().strategy_id)
        window.pages.history.show_strip()

    return window, act


def unknown_outcome(installed: Theme) -> Scene:
    from otoco_desktop.domain.market import Light
    from otoco_desktop.ui.shell.pages import Name
    from tests.ui.fakes import CONNECTED
    from tests.ui.history.examples import drawn_desk
    from tests.ui.strategy_examples import in_doubt

    desk, lost = drawn_desk(), in_doubt()
    down = replace(CONNECTED, rest=Light.WAITING, rest_words="1 timeout", user=Light.WAITING, user_words="reconnecting")
    desk.change(environment="LIVE", connection=down, strategies=(lost, *desk.state.strategies))
    window = _window(desk, "LIVE", installed)

    def act() -> None:
        window.pages.show(Name.STRATEGIES)
        window.pages.history.bar.rows.button(1).click()
        window.pages.history.select(lost.strategy_id)

    return window, act


def first_run(installed: Theme) -> Scene:
    from PySide6.QtWidgets import QApplication

    from otoco_desktop.settings import Environment
    from otoco_desktop.ui.accounts.room import AccountRoom, RoomNeeds
    from tests.ui.accounts import fakes
    from tests.ui.accounts.pictures import typed
    from tests.ui.fakes import FakeDesk
    from tests.ui.windows import open_window

    desk = FakeDesk()
    window = open_window(desk, installed)
    preferences, spawn = fakes.FakePreferences(), fakes.Stepwise()
    here = Environment.PRACTICE
    needs = RoomNeeds(fakes.FakeAccounts(), preferences, desk, spawn, fakes.OFFERED, here, window.looks)
    room = AccountRoom(window, window.menus.bar, needs)

    def act() -> None:
        form = room.flow.key_sheet.form
        if form.tick.isChecked():
            return
        room.ask(None, Environment.LIVE)
        QApplication.sendPostedEvents()
        room.flow.add_key(Environment.LIVE)
        typed(room.flow)
        form.test.click()
        form.tick.click()

    return window, act


SCENES: dict[str, Callable[[Theme], Scene]] = {
    "main": main_page,
    "errors": errors,
    "review": review,
    "review-json": review_json,
    "strategies": strategies,
    "first-run": first_run,
    "unknown-outcome": unknown_outcome,
}


if __name__ == "__main__":
    if len(sys.argv) == 2:
        raise SystemExit(main(Path(sys.argv[1])))
    draw(Path(sys.argv[1]), sys.argv[2])
