"""The shipped program's own start on an empty data directory; says "answered" when the first key is painted."""

from __future__ import annotations

import sys

from otoco_desktop import cli, main
from otoco_desktop.domain.finding import Field
from otoco_desktop.program import FirstPaint, Program
from tests.benchmarks.keys import press


class Probed(Program):
    """The program, which presses one key in its entry field after its first paint, and closes once that is painted."""

    async def show(self) -> None:
        await super().show()
        entry = self.window.page.ticket.boxes()[Field.ENTRY]
        painted = FirstPaint(entry)
        press(entry, "9")
        if self.window.presenter.draft.entry != "9":
            raise RuntimeError("the key did not reach the plan")
        await painted.wait()
        print("answered", flush=True)
        self.window.close()


if __name__ == "__main__":
    setattr(main, "Program", Probed)  # noqa: B010 - the one seam: everything else is the program's own start
    sys.exit(main.run(cli.parse(["--data-dir", sys.argv[1]])))
