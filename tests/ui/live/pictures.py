"""Pictures of the environments, and of the LIVE review: ``python -m tests.ui.live.pictures DIR``."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.account import AccountPorts
from otoco_desktop.ui.shell.tokens import Scheme
from otoco_desktop.ui.shell.window import MainWindow
from tests.ui.fakes import PLAN, four_strategies
from tests.ui.live.scenes import FakeLock, LiveDesk, accounts_of, live_desk
from tests.ui.windows import open_window

SIZE = (1360, 860)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    for scheme in Scheme:
        installed = theme.install(app, scheme)
        for environment in ("PRACTICE", "LOCAL", "SANDBOX", "LIVE"):
            desk = live_desk(environment, four_strategies())
            window = _window(desk, environment, installed)
            _save(app, window, folder / f"{environment.lower()}-{scheme.value}.png")
            window.review.open()
            _save(app, window, folder / f"review-{environment.lower()}-empty-{scheme.value}.png")
            if environment == "LIVE":
                _type(app, window, desk, folder / scheme.value)
            window.close_now()
            window.deleteLater()


def _window(desk: LiveDesk, environment: str, installed: theme.Theme) -> MainWindow:
    window = open_window(desk, installed)
    window.resize(*SIZE)
    if environment != "PRACTICE":
        window.take_account(AccountPorts(FakeLock(), None, accounts_of(environment)))
    window.complete()
    window.presenter.load(replace(PLAN, post_only=True))
    window.show()
    return window


def _type(app: QApplication, window: MainWindow, desk: LiveDesk, place: Path) -> None:
    edit = window.review.sheet.sheet.retype.edit
    for text in ("9123", "4"):
        QTest.keyClicks(edit, text)
        _save(app, window, place.with_name(f"review-live-{edit.text()}-{place.name}.png"))
    window.review.close()
    window.toasts.clear()
    lock = FakeLock(desk)
    window.take_account(AccountPorts(lock))
    lock.lock()
    _save(app, window, place.with_name(f"live-locked-{place.name}.png"))


def _save(app: QApplication, window: MainWindow, path: Path) -> None:
    app.sendPostedEvents()
    app.processEvents()
    window.grab().save(str(path))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
