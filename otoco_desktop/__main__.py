"""``python -m otoco_desktop`` and the console script: read the command line, then load the rest."""

from __future__ import annotations

import gc
import importlib
import sys


def main() -> int:
    """Run the program; the exit code is 0 when all went as asked, 2 when the command line made no sense."""
    gc.disable()  # until the first paint: what a start loads and builds stays, and looking through it only takes time
    from otoco_desktop import cli  # noqa: PLC0415 - --version and --help answer without loading Qt

    options = cli.parse()
    if options.checkup:
        from otoco_desktop import checkup  # noqa: PLC0415 - only when asked for

        return checkup.run(options.places)
    skip_source_scan()
    if options.rehearsal:
        from otoco_desktop import rehearsal  # noqa: PLC0415 - only when asked for

        gc.enable()
        return rehearsal.play(options)
    from otoco_desktop import main as program  # noqa: PLC0415 - after the command line made sense

    return program.run(options)


def skip_source_scan() -> None:
    """Spare each start some 500 files.

    PySide reads the source of every module that is imported after it, to learn whether the module may ask for
    ``from __feature__ import``. Nothing here does, and there is no switch.
    """
    importlib.import_module("PySide6.QtCore")
    feature = sys.modules.get("shibokensupport.feature")
    if hasattr(feature, "_mod_uses_pyside"):
        setattr(feature, "_mod_uses_pyside", lambda _module: False)  # noqa: B010 - it is none of ours


if __name__ == "__main__":
    sys.exit(main())
