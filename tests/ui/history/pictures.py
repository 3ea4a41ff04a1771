"""Pictures of the Strategies page with the drawing's figures: ``python -m tests.ui.history.pictures DIR``.

Each scale needs a process of its own, because Qt reads the scale factor once.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from otoco_desktop.ui.history.view import HistoryPage

SCALES = ("1", "2")
SIZES = ((1360, 860), (1024, 680))
TABS = ("timeline", "legs", "raw", "note")


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for scale in SCALES:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale, "TZ": "UTC"}
        command = [sys.executable, "-m", "tests.ui.history.pictures", str(folder), scale]
        subprocess.run(command, env=environment, check=True)


def draw(folder: Path, scale: str) -> None:
    """All pictures of one scale."""
    from PySide6.QtWidgets import QApplication

    from otoco_desktop.ui.shell import theme
    from otoco_desktop.ui.shell.pages import Name
    from otoco_desktop.ui.shell.tokens import Scheme
    from tests.ui.history.examples import HistoryDesk, drawn_desk
    from tests.ui.windows import open_window

    app = QApplication([])
    for scheme in Scheme:
        installed = theme.install(app, scheme)
        for name, act in _scenes().items():
            window = open_window(HistoryDesk() if name == "nothing" else drawn_desk(), installed)
            window.complete()
            window.show()
            window.pages.show(Name.STRATEGIES)
            for width, height in SIZES:
                window.resize(width, height)
                app.sendPostedEvents()
                act(window.pages.history)
                window.pages.history.show_strip()
                app.processEvents()
                window.grab().save(str(folder / f"{name}-{scheme.value}-{width}x{height}@{scale}x.png"))
            window.close_now()
            window.deleteLater()


def _scenes() -> dict[str, Callable[[HistoryPage], object]]:
    from otoco_desktop.domain.strategy import Phase
    from tests.ui.strategy_examples import drawn_story, in_phase

    def look(at: int) -> Callable[[HistoryPage], object]:
        def act(page: HistoryPage) -> None:
            page.select(drawn_story().strategy_id)
            page.detail.tabs.choose(at)
            page.bar.search.setFocus()

        return act

    def in_doubt(page: HistoryPage) -> None:
        page.show_strategy(in_phase(Phase.UNRESOLVED))
        page.select(in_phase(Phase.UNRESOLVED).strategy_id)
        page.bar.search.setText("dip-ladder eth")

    def with_legs(page: HistoryPage) -> None:
        page.bar.rows.button(1).click()

    scenes = {name: look(at) for at, name in enumerate(TABS)}
    return {
        **scenes,
        "with-legs": with_legs,
        "none-found": lambda page: page.bar.search.setText("breakot"),
        "in-doubt": in_doubt,
        "nothing": lambda page: page.bar.search.setFocus(),
    }


if __name__ == "__main__":
    if len(sys.argv) == 2:
        main(Path(sys.argv[1]))
    else:
        draw(Path(sys.argv[1]), sys.argv[2])
