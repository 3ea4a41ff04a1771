"""``python -m otoco_desktop`` and the console script: read the command line, then load the rest."""

from __future__ import annotations

import gc
import sys


def main() -> int:
    """Run the program; the exit code is 0 when all went as asked, 2 when the command line made no sense."""
    gc.disable()  # until the first paint: what a start loads and builds stays, and looking through it only takes time
    from otoco_desktop import cli  # noqa: PLC0415 - --version and --help answer without loading Qt

    options = cli.parse()
    if options.rehearsal:
        from otoco_desktop import rehearsal  # noqa: PLC0415 - only when asked for

        gc.enable()
        return rehearsal.play(options)
    from otoco_desktop import main as program  # noqa: PLC0415 - after the command line made sense

    return program.run(options)


if __name__ == "__main__":
    sys.exit(main())
