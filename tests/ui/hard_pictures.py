"""What is hard to show, in pictures: ``python -m tests.ui.hard_pictures DIR [SCALE]``.

Very small and very large numbers, long names, many open strategies, candles with gaps and none, a book that stands
still, an empty account, fees that are not known, and a market that has left.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from otoco_desktop.domain.draft import OtocoDraft
    from otoco_desktop.ui.shell.theme import Theme
    from otoco_desktop.ui.shell.window import MainWindow
    from tests.ui.chart_parts import Candles
    from tests.ui.fakes import FakeDesk

SIZES = ((1360, 860), (1024, 680))
Case = tuple["FakeDesk", "OtocoDraft", "Candles"]


def main(folder: Path, scale: str) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale, "TZ": "UTC"}
    subprocess.run(
        [sys.executable, "-m", "tests.ui.hard_pictures", str(folder), scale, ""], env=environment, check=True
    )


def draw(folder: Path, scale: str) -> None:
    """Every case, dark and light by turns, in both sizes."""
    from PySide6.QtWidgets import QApplication

    from otoco_desktop.ui.shell import theme
    from otoco_desktop.ui.shell.tokens import Scheme

    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    for at, (name, case) in enumerate(CASES.items()):
        installed = theme.install(app, tuple(Scheme)[at % 2])
        window = shown(case, installed)
        for width, height in SIZES:
            window.resize(width, height)
            window.show()
            app.sendPostedEvents()
            window.chart.fit()
            app.processEvents()
            window.grab().save(str(folder / f"{name}-{width}x{height}@{scale}x.png"))
        window.close_now()
        window.deleteLater()


def shown(case: Callable[[], Case], installed: Theme | None = None) -> MainWindow:
    """A window with this case typed in."""
    from tests.ui.chart_parts import charted_window

    desk, draft, candles = case()
    window = charted_window(desk, candles, installed)
    window.complete()
    window.presenter.load(draft)
    return window


def tiny() -> Case:
    """A coin of ten decimals, and a quantity of billions."""
    from otoco_desktop.domain.draft import OtocoDraft
    from otoco_desktop.domain.instrument import Instrument
    from otoco_desktop.domain.market import Balance
    from tests.ui.chart_parts import Candles, drawn_candles
    from tests.ui.fakes import ACCOUNT, QUOTE, FakeDesk

    coin = Instrument("1000SATSLONGNAME_USDT", "1000SATSLONGNAME", "USDT", Decimal("0.0000000001"), Decimal(1))
    small = Decimal("0.0000000000872")
    scaled = [
        replace(c, open=c.open * small, high=c.high * small, low=c.low * small, close=c.close * small)
        for c in drawn_candles()
    ]
    desk = FakeDesk()
    quote = replace(
        QUOTE,
        instrument=coin.symbol,
        bid=Decimal("0.0000081199"),
        ask=Decimal("0.0000081201"),
        last=Decimal("0.0000081200"),
        mark=Decimal("0.0000081200"),
        depth=None,
        depth_mark=None,
    )
    held = {"USDT": Balance(Decimal("1234567890.12")), coin.base: Balance(Decimal(9_876_543_210))}
    desk.change(instruments=(coin,), instrument=coin, quote=quote, account=replace(ACCOUNT, balances=held))
    draft = OtocoDraft(entry="0.0000081000", quantity="1234567890", stop="2%", target="3R")
    return desk, draft, Candles(tuple(scaled))


def large() -> Case:
    """A plan of billions on a pair of large prices."""
    from otoco_desktop.domain.draft import OtocoDraft
    from tests.ui.chart_parts import Candles
    from tests.ui.fakes import FakeDesk

    return (
        FakeDesk(),
        OtocoDraft(entry="92400000.00", quantity="1234567890", stop="90552000.12345", target="5%"),
        Candles(),
    )


def many() -> Case:
    """Forty open strategies on this market."""
    from tests.ui.chart_parts import Candles
    from tests.ui.fakes import PLAN, FakeDesk, example

    open_ones = tuple(
        example(
            500 - at,
            "BTC_USD",
            "0.08120",
            (f"{91880 + at}.00", f"{90410 + 13 * at}.00", f"{95600 + 9 * at}.00"),
            f"ladder step {at} with a long tag that goes on and on",
            (("FILLED", "0.08120"), ("ACTIVE", "0"), ("ACTIVE", "0")),
        )
        for at in range(40)
    )
    return FakeDesk(open_ones), PLAN, Candles()


def gapped() -> Case:
    """Candles with holes, on a book that has stood still for 12 s."""
    from tests.ui.chart_parts import Candles, drawn_candles
    from tests.ui.fakes import PLAN, FakeDesk

    desk = FakeDesk()
    desk.pass_time(12_000)
    return desk, PLAN, Candles(tuple(c for at, c in enumerate(drawn_candles()) if at % 7 not in (3, 4)))


def bare() -> Case:
    """No candles, nothing in the account, and no fee rates."""
    from otoco_desktop.domain.market import AccountSnapshot, Balance
    from tests.ui.chart_parts import Candles
    from tests.ui.fakes import PLAN, FakeDesk

    desk = FakeDesk()
    desk.change(account=AccountSnapshot(balances={"USD": Balance(Decimal(0))}, fees=None, value_usd=Decimal(0)))
    return desk, PLAN, Candles(())


def left() -> Case:
    """The market is no longer listed while its plan is typed."""
    from tests.ui.chart_parts import Candles
    from tests.ui.fakes import INSTRUMENTS, PLAN, FakeDesk

    desk = FakeDesk()
    desk.change(instruments=INSTRUMENTS[1:], instrument=replace(INSTRUMENTS[0], tradable=False))
    return desk, PLAN, Candles()


CASES: dict[str, Callable[[], Case]] = {
    "tiny": tiny,
    "large": large,
    "many": many,
    "gapped": gapped,
    "bare": bare,
    "left": left,
}


if __name__ == "__main__":
    if len(sys.argv) == 4:
        draw(Path(sys.argv[1]), sys.argv[2])
    else:
        main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "1")
