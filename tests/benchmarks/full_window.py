"""The shipped program's own start on an empty data directory; says "answered" when the first key is painted.

It goes through the program's entry point with a command line. The one seam is the class of the program: it is put in
place when the entry point has prepared the loading of what is behind it, just before it does so.
"""

from __future__ import annotations

import sys

from otoco_desktop import __main__ as start
from otoco_desktop import cli


def load_probed() -> None:
    """Load what the entry point loads next, with a program that presses a key after its first paint."""
    from otoco_desktop import main
    from tests.benchmarks.probed import Probed

    setattr(main, "Program", Probed)  # noqa: B010 - the seam; the module does not export the name


def main() -> int:
    parse, prepare = cli.parse, start.skip_source_scan

    def prepare_then_load() -> None:
        prepare()
        load_probed()

    setattr(cli, "parse", lambda: parse(["--environment", "practice"]))  # noqa: B010 - as above
    setattr(start, "skip_source_scan", prepare_then_load)  # noqa: B010 - as above
    return start.main()


if __name__ == "__main__":
    sys.exit(main())
