"""The shipped program's own start on a large journal: "answered" when the first key is painted, then the rest as JSON.

After the key it waits until the journal has been read and orders may be sent, watching a 16 ms timer meanwhile.
"""

from __future__ import annotations

import json
import resource
import sys
import time

from otoco_desktop import __main__ as start
from otoco_desktop import cli
from otoco_desktop.domain.finding import Field

GAP_MS = 16


def load_probed() -> None:
    """Load what the entry point loads next, with a program that presses a key after its first paint."""
    from PySide6.QtCore import Qt, QTimer

    from otoco_desktop import main
    from otoco_desktop.program import FirstPaint, Program
    from tests.benchmarks.keys import press

    class Probed(Program):
        """Presses a key once it is shown, and closes when the desk is open."""

        async def show(self) -> None:
            await super().show()
            entry = self.window.page.ticket.boxes()[Field.ENTRY]
            painted = FirstPaint(entry)
            press(entry, "9")
            await painted.wait()
            print("answered", flush=True)
            self._beats = [time.perf_counter()]
            self._timer = QTimer(self.window, interval=GAP_MS, timerType=Qt.TimerType.PreciseTimer)
            self._timer.timeout.connect(lambda: self._beats.append(time.perf_counter()))
            self._timer.start()

        async def connect(self) -> None:
            began = time.perf_counter()
            await super().connect()
            loaded = time.perf_counter()
            # Not before the window: they bring what the program itself loads behind its first paint.
            from tests.benchmarks.idle import resident_mb
            from tests.benchmarks.running import until

            await until(lambda: self.desk.state.gate.open, "an open gate")
            self._timer.stop()
            gaps = [(later - earlier) * 1_000 for earlier, later in zip(self._beats, self._beats[1:], strict=False)]
            told = {
                "loaded_ms": (loaded - began) * 1_000,
                "open_ms": (time.perf_counter() - began) * 1_000,
                "gap_ms": max(gaps),
                "resident_mb": resident_mb(),
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "at_hand": len(self.desk.state.strategies),
            }
            print(json.dumps(told), flush=True)
            self.window.close()

    setattr(main, "Program", Probed)  # noqa: B010 - the seam; the module does not export the name


def main() -> int:
    parse, folder = cli.parse, sys.argv[1]

    def parse_then_load() -> cli.Options:
        options = parse(["--environment", "practice", "--data-dir", folder])
        load_probed()
        return options

    setattr(cli, "parse", parse_then_load)  # noqa: B010 - as above
    return start.main()


if __name__ == "__main__":
    sys.exit(main())
