"""Pictures of the practice panel beside the window: ``python -m tests.ui.practice.pictures DIR``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

    from otoco_desktop.ui.practice.panel import PracticePanel
    from otoco_desktop.ui.shell.window import MainWindow
    from tests.ui.practice.panel_parts import FakeHand

SIZES = ((1360, 860), (1024, 680))
GAP = 16
ON = frozenset({"gap-through-stop", "half-fill-cancel", "late-events"})


def main(folder: Path) -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from otoco_desktop.ui.shell import theme
    from otoco_desktop.ui.shell.tokens import Scheme

    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    for scheme in Scheme:
        installed = theme.install(app, scheme)
        for size in SIZES:
            _draw(folder, scheme.value, size, installed)


def _draw(folder: Path, scheme: str, size: tuple[int, int], installed: object) -> None:
    from PySide6.QtWidgets import QApplication

    from otoco_desktop.app.real_prices import SILENT, Source
    from otoco_desktop.ui.practice.prices import RealPricesSwitch, SwitchNeeds
    from tests.ui.fakes import PLAN, four_strategies
    from tests.ui.practice.panel_parts import FakeHand, FakePrices, MarketDesk, offered
    from tests.ui.windows import Inline, open_window

    desk, hand, prices = MarketDesk(four_strategies()), FakeHand(), FakePrices()
    window = open_window(desk, installed)  # type: ignore[arg-type]
    window.resize(*size)
    window.show()
    window.complete()
    window.presenter.load(PLAN)
    with offered(window, desk, hand) as offer:
        offer.take_switch(RealPricesSwitch(window, SwitchNeeds(desk, prices, Inline())))
        offer.show()
        panel = offer.panel
        assert panel is not None
        for name, change in (("rest", _rest), ("on", _on), ("slip", _slip), ("end", _end)):
            change(panel, hand)
            for _ in range(3):
                QApplication.processEvents()
            _beside(window, panel).save(str(folder / f"panel-{name}-{scheme}-{size[0]}x{size[1]}.png"))
        for source, reason in ((Source.CONNECTING, ""), (Source.REAL, ""), (Source.HELD, SILENT)):
            prices.stand(source, reason)
            window.toasts.clear()
            for _ in range(3):
                QApplication.processEvents()
            _beside(window, panel).save(str(folder / f"prices-{source}-{scheme}-{size[0]}x{size[1]}.png"))
    window.close_now()
    window.deleteLater()


def _rest(panel: PracticePanel, _hand: FakeHand) -> None:
    panel.price.price.setText("92400.00")


def _on(panel: PracticePanel, hand: FakeHand) -> None:
    hand.waiting = ON
    panel.refresh()


def _slip(panel: PracticePanel, hand: FakeHand) -> None:
    hand.silent = True
    panel.price.price.setText("92400.005")
    panel.price.go.click()
    panel.rows[1].click()
    panel.refresh()


def _end(panel: PracticePanel, _hand: FakeHand) -> None:
    panel.rows[-1].setFocus()
    panel.area.ensureWidgetVisible(panel.rows[-1])


def _beside(window: MainWindow, panel: PracticePanel) -> QPixmap:
    from PySide6.QtGui import QPainter, QPixmap

    left, right = window.grab(), panel.grab()
    both = QPixmap(left.width() + GAP + right.width(), max(left.height(), right.height()))
    both.fill("#777777")
    painter = QPainter(both)
    painter.drawPixmap(0, 0, left)
    painter.drawPixmap(left.width() + GAP, 0, right)
    painter.end()
    return both


if __name__ == "__main__":
    main(Path(sys.argv[1]))
