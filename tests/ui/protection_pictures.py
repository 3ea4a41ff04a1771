"""Pictures of what a trader sees about protection: ``python -m tests.ui.protection_pictures DIR``.

The audit quiet and loud with its list, rows as of when the stream was lost, the override in the review, and the second
question before quitting, each dark and light in both sizes.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from otoco_desktop.domain.verdict import Surroundings
    from otoco_desktop.ui.shell.window import MainWindow
    from tests.ui.fakes import FakeDesk

SIZES = ((1360, 860), (1024, 680))
Scene = Callable[["MainWindow", "FakeDesk"], "QWidget | None"]


def quiet(_window: MainWindow, desk: FakeDesk) -> None:
    desk.change(audit=_audited(desk, loud=False), strategies=desk.state.strategies[:2])


def loud(_window: MainWindow, desk: FakeDesk) -> None:
    desk.change(audit=_audited(desk, loud=True))


def audit_list(window: MainWindow, desk: FakeDesk) -> QWidget | None:
    loud(window, desk)
    window.complete().protection.open_list()
    return window.complete().protection.sheet


def lost(_window: MainWindow, desk: FakeDesk) -> None:
    from dataclasses import replace

    from otoco_desktop.domain.market import Light
    from tests.ui.fakes import CONNECTED, NOW_MS

    words = "User stream lost 4 s ago. States may be old. Checking over REST every 2 s."
    down = replace(CONNECTED, user=Light.DOWN, user_words="reconnecting")
    audit = _audited(desk, loud=False)
    desk.change(live=False, known_ms=NOW_MS - 4_000, connection=down, trouble=words, audit=audit)


def override(window: MainWindow, desk: FakeDesk) -> QWidget | None:
    from otoco_desktop.app.state import Confirmed
    from otoco_desktop.domain.rules import evaluate
    from tests.ui.fakes import BTC, PLAN, QUOTE, unknown_strategy

    desk.put(unknown_strategy())
    around = _locked(desk)
    desk.surroundings = lambda: around  # type: ignore[method-assign]
    window.refresh()
    verdict = evaluate(PLAN, around)
    window.review.sheet.open_with(Confirmed("token", verdict, "{}"), BTC, "PRACTICE", QUOTE)
    return None


def leaving(window: MainWindow, desk: FakeDesk) -> QWidget | None:
    from otoco_desktop.ui.widgets.buttons import Button
    from tests.ui.fakes import unknown_strategy

    desk.put(unknown_strategy())
    window.close()
    first = window.complete().leaving.sheet
    assert first is not None
    next(found for found in first.findChildren(Button) if found.text() == "Quit…").click()
    return window.complete().leaving.sheet


SCENES: dict[str, Scene] = {
    "audit-quiet": quiet,
    "audit-loud": loud,
    "audit-list": audit_list,
    "stream-lost": lost,
    "override": override,
    "leaving": leaving,
}


def _audited(desk: FakeDesk, *, loud: bool) -> object:
    from otoco_desktop.app.state import AuditState
    from otoco_desktop.domain.audit import Listing, audit
    from otoco_desktop.domain.legs import is_live, status_of
    from otoco_desktop.domain.market import Balance
    from tests.ui.fakes import ACCOUNT, NOW_MS

    chosen = desk.state.strategies if loud else desk.state.strategies[:2]
    reports = [leg.latest for found in chosen for leg in found.legs.values()]
    listed = tuple(report for report in reports if report is not None and is_live(status_of(report)))
    balances: dict[str, Balance] = dict(ACCOUNT.balances)
    return AuditState(audit(chosen, Listing(listed, balances, NOW_MS)))


def _locked(desk: FakeDesk) -> Surroundings:
    from dataclasses import replace
    from decimal import Decimal

    from otoco_desktop.domain.order import Side
    from otoco_desktop.domain.verdict import RecentPlan

    price = Decimal("92400.00")
    earlier = RecentPlan("S-0416", "BTC_USD", Side.BUY, Decimal(1), price, price, price, 40_000, unresolved=True)
    return replace(desk.surroundings(), recent=(earlier,))


def main(folder: Path) -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from otoco_desktop.ui.shell import theme
    from otoco_desktop.ui.shell.tokens import Scheme

    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    for scheme in Scheme:
        installed = theme.install(app, scheme)
        for name, scene in SCENES.items():
            for size in SIZES:
                _draw(folder / f"{name}-{scheme.value}-{size[0]}x{size[1]}.png", installed, scene, size)


def _draw(path: Path, installed: object, scene: Scene, size: tuple[int, int]) -> None:
    from PySide6.QtWidgets import QApplication

    from tests.ui.fakes import PLAN, FakeDesk, four_strategies
    from tests.ui.windows import open_window

    desk = FakeDesk(four_strategies())
    window = open_window(desk, installed)  # type: ignore[arg-type]
    window.resize(*size)
    window.show()
    window.complete()
    window.presenter.load(PLAN)
    sheet = scene(window, desk)
    QApplication.sendPostedEvents()
    QApplication.processEvents()
    window.grab().save(str(path))
    if sheet is not None:
        sheet.grab().save(str(path.with_stem(f"{path.stem}-sheet")))
        sheet.close()
    window.close_now()
    window.deleteLater()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
