"""Pictures of the window with the drawings' example figures typed in: ``python -m tests.ui.pictures DIR``.

Each scale needs a process of its own, because Qt reads the scale factor once.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from otoco_desktop.ui.shell.theme import Theme
    from otoco_desktop.ui.shell.window import MainWindow

SCALES = ("1", "2")
SIZES = ((1360, 860), (1024, 680))


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for scale in SCALES:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale}
        command = [sys.executable, "-m", "tests.ui.pictures", str(folder), scale]
        subprocess.run(command, env=environment, check=True)


def draw(folder: Path, scale: str) -> None:
    """All pictures of one scale."""
    from PySide6.QtWidgets import QApplication

    from otoco_desktop.ui.shell import theme
    from otoco_desktop.ui.shell.tokens import Scheme

    app = QApplication([])
    for scheme in Scheme:
        installed = theme.install(app, scheme)
        for name, window in _windows(installed):
            for width, height in SIZES:
                window.resize(width, height)
                window.show()
                app.sendPostedEvents()
                app.processEvents()
                if window.chart.panel is not None:
                    window.chart.panel.canvas.fit()
                window.grab().save(str(folder / f"{name}-{scheme.value}-{width}x{height}@{scale}x.png"))
            window.close_now()
            window.deleteLater()


def _windows(installed: Theme) -> list[tuple[str, MainWindow]]:
    from otoco_desktop.domain.finding import Field
    from tests.ui.chart_parts import charted_window
    from tests.ui.fakes import PLAN, WRONG_PLAN, FakeDesk, four_strategies

    made = []
    for name, draft in (("main", PLAN), ("errors", WRONG_PLAN), ("empty", None)):
        desk = FakeDesk(four_strategies() if draft else ())
        window = charted_window(desk, installed=installed)
        window.complete()
        if draft:
            window.presenter.load(draft)
            window.page.ticket.focus_field(Field.TARGET)
        made.append((name, window))
    return made


if __name__ == "__main__":
    if len(sys.argv) == 2:
        main(Path(sys.argv[1]))
    else:
        draw(Path(sys.argv[1]), sys.argv[2])
