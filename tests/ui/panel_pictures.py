"""Pictures of the panels with the drawings' example data: ``python -m tests.ui.panel_pictures FOLDER``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

SCALES = ("1", "2")


def main(folder: Path) -> None:
    """Draw every panel in both schemes at the scale of ``QT_SCALE_FACTOR``."""
    from PySide6.QtWidgets import QApplication, QWidget

    from otoco_desktop.ui.shell import theme
    from otoco_desktop.ui.shell.tokens import Scheme
    from tests.ui import panel_scenes

    app = QApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    scale = os.environ.get("QT_SCALE_FACTOR", "1")
    for scheme in Scheme:
        theme.install(app, scheme)
        scenes: dict[str, Callable[[], QWidget]] = panel_scenes.SCENES
        for name, build in scenes.items():
            widget = build()
            widget.show()
            widget.ensurePolished()
            QApplication.sendPostedEvents()
            app.sendPostedEvents()
            widget.grab().save(str(folder / f"{name}-{scheme}-{scale}x.png"))
            widget.close()


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main(Path(sys.argv[1]))
