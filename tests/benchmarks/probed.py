"""The program that presses one key in its entry field after its first paint, and closes once that is painted."""

from __future__ import annotations

from otoco_desktop.domain.finding import Field
from otoco_desktop.program import FirstPaint, Program
from tests.benchmarks.keys import press


class Probed(Program):
    """Says "answered" when the plan holds the key and the field shows it."""

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
