"""Every failing rule that offers a way out is repaired by its link, with the keyboard and with the mouse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from otoco_desktop.domain.finding import Severity
from otoco_desktop.domain.order import Side
from otoco_desktop.ui.widgets.verdict_line import VerdictLine
from tests.e2e.stage import (
    BUY,
    ENTRY,
    QUANTITY,
    SELL,
    STOP,
    STOP_LIMIT,
    TARGET,
    TARGET_LIMIT,
    Plan,
    Stage,
    on_stage,
)

if TYPE_CHECKING:
    import qasync

LIMITED = replace(BUY, stop_limit="90450.00", target_limit="97000.00")


@dataclass(frozen=True)
class Slip:
    """A plan with one mistake: the rule that finds it, its link, and what the link puts into the field."""

    code: str
    plan: Plan
    link: str
    name: str
    text: str
    last_box: str = ""
    then: Slip | None = None

    @property
    def typed(self) -> str:
        """The wrong text."""
        return str(getattr(self.plan, BOXES[self.name]))


BOXES = {
    ENTRY: "entry",
    QUANTITY: "quantity",
    STOP: "stop",
    STOP_LIMIT: "stop_limit",
    TARGET: "target",
    TARGET_LIMIT: "target_limit",
}
TOO_SMALL = Slip("minimum.value", replace(BUY, quantity="0.00001"), "Use 0.00002", QUANTITY, "0.00002")
SLIPS = (
    Slip("entry.tick", replace(BUY, entry="92400.005"), "Use 92,400.00", ENTRY, "92400.00"),
    Slip("entry.text", replace(BUY, entry="92,400.00"), "Use 92400.00", ENTRY, "92400.00"),
    Slip("stop.tick", replace(BUY, stop="90552.004"), "Use 90,552.00", STOP, "90552.00"),
    Slip("stop.text", replace(BUY, stop="90 552.00"), "Use 90552.00", STOP, "90552.00"),
    Slip("stop.side", replace(BUY, stop="93000.00"), "Use −2%", STOP, "2%"),
    Slip("stop.side", replace(SELL, stop="93000.00"), "Use +2%", STOP, "2%", STOP_LIMIT),
    Slip("stop_limit.tick", replace(LIMITED, stop_limit="90450.007"), "Use 90,450.01", STOP_LIMIT, "90450.01"),
    Slip("stop_limit.side", replace(LIMITED, stop_limit="90600.00"), "Use 90,552.00", STOP_LIMIT, "90552.00"),
    Slip("stop_limit.side", replace(SELL, stop_limit="95000.00"), "Use 95,880.00", STOP_LIMIT, "95880.00"),
    Slip("target.tick", replace(BUY, target="97020.001"), "Use 97,020.00", TARGET, "97020.00"),
    Slip("target.side", replace(BUY, target="92000.00"), "Use +4%", TARGET, "4%"),
    Slip("target.side", replace(SELL, target="95000.00"), "Use −4%", TARGET, "4%", TARGET_LIMIT),
    Slip("target_limit.tick", replace(LIMITED, target_limit="97000.003"), "Use 97,000.00", TARGET_LIMIT, "97000.00"),
    Slip("target_limit.waits", replace(LIMITED, target_limit="97050.00"), "Use 97,020.00", TARGET_LIMIT, "97020.00"),
    Slip("target_limit.waits", replace(SELL, target_limit="89000.00"), "Use 89,300.00", TARGET_LIMIT, "89300.00"),
    Slip("fees", replace(BUY, entry="93100.00", target="0.5%"), "Use +0.76%", TARGET, "0.76%"),
    Slip("quantity.step", replace(BUY, quantity="0.098745"), "Use 0.09874", QUANTITY, "0.09874"),
    Slip("quantity.text", replace(BUY, quantity="0,1"), "Use 0.1", QUANTITY, "0.1"),
    Slip("quantity.minimum", replace(BUY, quantity="0.000001"), "Use 0.00001", QUANTITY, "0.00001", then=TOO_SMALL),
    TOO_SMALL,
    Slip("balance", replace(BUY, quantity="0.5"), "Use 0.26243", QUANTITY, "0.26243"),
    Slip("balance", replace(BUY, quantity="50000", mode="Spend"), "Use 24309.16", QUANTITY, "24309.16"),
    Slip("balance", replace(SELL, quantity="0.5"), "Use 0.41000", QUANTITY, "0.41000"),
)


def test_both_sides_and_every_group_of_the_ticket_are_among_the_slips() -> None:
    assert {slip.plan.side for slip in SLIPS} == set(Side)
    assert {slip.name for slip in SLIPS} == set(BOXES)


async def test_every_link_repairs_its_slip_by_keyboard_and_by_mouse(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        for slip in SLIPS:
            stage.plan(slip.plan)
            await repair(stage, slip, by_keyboard)
            stage.hands.write(slip.name, slip.typed)
            await repair(stage, slip, by_mouse)


async def repair(stage: Stage, slip: Slip, take: Callable[[Stage, Slip], None]) -> None:
    """The rule speaks; take its link, and where the field then fails another rule, take that one's too."""
    assert slip.code in complaints(stage), f"{slip.code}: {complaints(stage)}"
    take(stage, slip)
    repaired(stage, slip)
    if slip.then is not None:
        take(stage, slip.then)
        repaired(stage, slip.then)
    await stage.see(lambda: stage.hands.says("Ready."), f"a plan that passes after {slip.code}")


def complaints(stage: Stage) -> dict[str, str]:
    """What fails or warns now, by code."""
    findings = stage.program.window.presenter.verdict.findings
    return {each.code: each.message for each in findings if each.severity in (Severity.FAIL, Severity.WARNING)}


def by_keyboard(stage: Stage, slip: Slip) -> None:
    """Tab from the last box of the group to the link, then Enter; the keyboard returns to the field."""
    assert slip.link in link_line(stage, slip).text()
    stage.hands.take_fix(slip.last_box or slip.name)
    focused = stage.program.window.focusWidget()
    assert focused is not None
    assert focused.accessibleName() == slip.name


def by_mouse(stage: Stage, slip: Slip) -> None:
    line = link_line(stage, slip)
    rect = line._layout().link_rects()[0][1]
    place = QPoint(line._indent + int(rect.center().x()), int(rect.center().y()))
    QTest.mouseClick(line, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def link_line(stage: Stage, slip: Slip) -> VerdictLine:
    """The verdict that shows the slip's link; exactly one does."""
    lines = stage.program.window.findChildren(VerdictLine)
    found = [line for line in lines if line.isVisible() and line.text().endswith(slip.link)]
    assert len(found) == 1, f"{slip.link}: {[line.text() for line in lines]}"
    return found[0]


def repaired(stage: Stage, slip: Slip) -> None:
    """The field holds the right text in the same event, the rule is content, and nothing has been sent."""
    assert stage.hands.read(slip.name) == slip.text
    assert slip.code not in complaints(stage)
    assert not stage.strategies
