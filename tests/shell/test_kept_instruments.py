"""The instruments as last seen: kept exactly, and left alone where they cannot be used."""

from __future__ import annotations

import stat
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.wiring import keep_instruments, known_instruments

BTC = Instrument("BTC_USD", "BTC", "USD", Decimal("0.01"), Decimal("0.00001"), margin_buy=True)
HALTED = Instrument("DOGE_USD", "DOGE", "USD", Decimal("0.00001"), Decimal(1), tradable=False)

HELD = (
    '{"version": 1, "instruments": [{"symbol": "A_B", "base": "A", "quote": "B", '
    '"price_tick": "TICK", "quantity_step": "1"}]}'
)


def test_they_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "instruments.json"
    keep_instruments(path, (BTC, HALTED))
    assert known_instruments(path) == (BTC, HALTED)
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    written = path.stat().st_mtime_ns
    keep_instruments(path, (BTC, HALTED))
    keep_instruments(path, ())
    assert path.stat().st_mtime_ns == written


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{]",
        '{"version": 2, "instruments": []}',
        '{"version": 1, "instruments": [{"symbol": "X"}]}',
        HELD.replace("TICK", "NaN"),
        HELD.replace("TICK", "0"),
        HELD.replace("TICK", "-1"),
    ],
)
def test_what_cannot_be_used_counts_as_nothing(text: str, tmp_path: Path) -> None:
    path = tmp_path / "instruments.json"
    path.write_text(text)
    assert known_instruments(path) == ()
    assert known_instruments(tmp_path / "missing.json") == ()
