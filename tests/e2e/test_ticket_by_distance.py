"""Arithmetic, a preset and the last plan in the whole program: what was sent is what was shown, and presets stay."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.presets import Preset
from otoco_desktop.domain.strategy import Phase
from otoco_desktop.rehearsal.hands import CTRL
from otoco_desktop.settings import Environment
from otoco_desktop.ui.presets.words import KEEP, LAST_PLAN
from otoco_desktop.wiring import EmbeddedPractice
from tests.e2e.accounts.visit import Visit, visiting
from tests.e2e.stage import ENTRY, QUANTITY, STOP, TARGET

if TYPE_CHECKING:
    import qasync

    from otoco_desktop.ui.presets.sheet import PresetsSheet

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
NAME = "Half a percent below"
KEPT = Preset(NAME, size="250 USD", stop="2%", target="2.5R")
STANDING = (Phase.ACKED, Phase.WORKING)


async def begin(visit: Visit) -> None:
    await visit.opened(Environment.PRACTICE, 1)
    source = visit.program._venue
    assert isinstance(source, EmbeddedPractice)
    visit.server = source.server
    await visit.ready()
    presetting = visit.program.window.pages.presetting
    await visit.see(lambda: presetting._port is not None, "the presets")


def shown(visit: Visit) -> tuple[Decimal, ...]:
    """Quantity, entry, stop and target as the boxes say them: what was typed, or what it comes to."""
    boxes = visit.program.window.page.ticket.boxes()
    fields = (Field.QUANTITY, Field.ENTRY, Field.STOP, Field.TARGET)
    said = [boxes[field].suffix if boxes[field].suffix.startswith("=") else boxes[field].text() for field in fields]
    return tuple(Decimal(text.removeprefix("= ").split(" ")[0].replace(",", "")) for text in said)


async def sent(visit: Visit) -> tuple[Decimal | None, ...]:
    """The same of the newest list, as the exchange has it."""
    entry, stop, target = await visit.legs_there()
    return entry.quantity, entry.price, stop.ref_price, target.ref_price


async def send(visit: Visit) -> tuple[Decimal, ...]:
    """Review and submit; what the ticket showed."""
    await visit.review()
    seen = shown(visit)
    await visit.confirm()
    await visit.reaches(*STANDING)
    return seen


async def choose(visit: Visit, key: Qt.Key, words: str) -> None:
    """Open the menu of presets and press the key of the entry with these words."""
    window = visit.program.window
    visit.hands.press(Qt.Key.Key_P, CTRL)
    opened = QApplication.activePopupWidget()
    assert isinstance(opened, QMenu)
    assert any(words in action.text() for action in opened.actions())
    QTest.keyClick(opened, key)
    assert not opened.isVisible()
    (QApplication.activeWindow() or window).activateWindow()  # off screen, a pop-up takes the keyboard away with it
    await visit.see(QApplication.focusWidget, "the keyboard")


async def keep(visit: Visit) -> None:
    """Keep the ticket as a preset, through its menu and its list."""
    await choose(visit, Qt.Key.Key_K, KEEP)
    sheet: PresetsSheet | None = visit.program.window.pages.presetting.sheet
    assert sheet is not None
    sheet.new_name.setText(NAME)
    visit.hands.click_on(sheet.keep_button)
    assert sheet.said.text() == f"Kept as {NAME}. Stop 90,799.76 is kept as 2%."
    sheet.accept()
    visit.program.window.activateWindow()
    await visit.see(visit.program.window.isActiveWindow, "the keyboard")


async def test_what_is_worked_out_is_sent_as_it_is_shown(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with visiting(tmp_path, "--environment", "practice") as visit:
        await begin(visit)
        visit.choose("Quantity mode: Risk %")
        for name, text in ((ENTRY, "mark-0.5%"), (QUANTITY, "250 usd"), (STOP, "entry-2%"), (TARGET, "2.5R")):
            visit.hands.write(name, text)
        await visit.moved("93000.00")
        assert shown(visit)[1:] == (Decimal("92652.82"), Decimal("90799.76"), Decimal("97285.47"))
        visit.hands.write(QUANTITY, "250 USD")
        await keep(visit)
        assert await send(visit) == await sent(visit)

        await visit.moved("80000.00")
        visit.hands.press(Qt.Key.Key_N, CTRL)
        assert visit.program.window.presenter.is_untouched
        visit.hands.write(ENTRY, "(bid+ask)/2-1%")
        await choose(visit, Qt.Key.Key_1, NAME)
        draft = visit.program.window.presenter.draft
        assert (draft.entry, draft.quantity, draft.stop, draft.target) == ("(bid+ask)/2-1%", "250 USD", "2%", "2.5R")

        await choose(visit, Qt.Key.Key_T, LAST_PLAN)
        window = visit.program.window
        await visit.see(lambda: window.toasts.log[-1].text.startswith("Re-based"), "the last plan")
        assert window.toasts.log[-1].text == (
            "Re-based from S-0001: entry 0.37% below mark as then. Nothing has been sent."
        )
        expected = (Decimal("92652.82") / 93000 * 80000).quantize(Decimal("0.01"), ROUND_FLOOR)
        assert (window.presenter.draft.entry, window.presenter.draft.quantity) == (f"{expected}", "250 USD")
        seen = await send(visit)
        assert seen == await sent(visit)
        assert seen[1] == expected

    async with visiting(tmp_path, "--environment", "practice") as again:
        await begin(again)
        assert again.program.window.pages.presetting.shelf.presets == (KEPT,)


async def test_what_is_free_is_sized_sent_and_counted_once(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    """Half of it, then all that the first order leaves: the exchange takes both, and next to nothing is left."""
    async with visiting(tmp_path, "--environment", "practice") as visit:
        await begin(visit)
        desk = visit.program.desk

        def free() -> Decimal:
            assert desk.state.account
            return desk.state.account.available("USD")

        visit.choose("Quantity mode: Quantity")
        before = free()
        for name, text in ((ENTRY, "92000.00"), (QUANTITY, "50% of free"), (STOP, "0.2%"), (TARGET, "5%")):
            visit.hands.write(name, text)
        first = await send(visit)
        assert first == await sent(visit)
        await visit.see(lambda: free() < before, "a balance with the first order reserved")
        assert shown(visit)[0] == first[0]

        visit.hands.press(Qt.Key.Key_N, CTRL)
        for name, text in ((ENTRY, "91000.00"), (QUANTITY, "max"), (STOP, "0.2%"), (TARGET, "5%")):
            visit.hands.write(name, text)
        left = free()
        second = await send(visit)
        assert second == await sent(visit)
        assert second[0] * second[1] < left
        await visit.see(lambda: free() < 2, "a balance with both orders reserved, fees and all")
        visit.hands.press(Qt.Key.Key_N, CTRL)
        visit.hands.write(ENTRY, "91000.00")
        visit.hands.write(QUANTITY, "max")
        assert visit.hands.says("max buys less than the minimum of 0.00001 BTC.")
