"""Gathers what a report for support is made of. Loaded when the first one is asked for."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import PySide6
from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication

from otoco_desktop import logs
from otoco_desktop.app.report import Reporter, ReportNeeds

if TYPE_CHECKING:
    from otoco_desktop.program import Program


def reporter(program: Program) -> Reporter:
    """For one run of the program; call it on the window's thread."""
    setup = program.setup
    return Reporter(
        ReportNeeds(
            state=lambda: program.desk.state,
            defects=program.defects,
            now_ms=setup.clock.wall_ms,
            system=system_facts(QGuiApplication.platformName()),
            log=lambda: logs.tail(setup.places.logs),
            clean=logs.redactor.clean,
        )
    )


def system_facts(display: str) -> Callable[[], Mapping[str, str]]:
    """What the program runs on; asked in a thread, as the platform module may read files."""
    return lambda: {
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "Qt": f"{qVersion()} (PySide6 {PySide6.__version__}, {display})",
        "System": platform.platform(),
        "Packaged": "yes" if getattr(sys, "frozen", False) else "no",
    }
