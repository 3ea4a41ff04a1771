"""The bundled fonts load on a machine that has none of them, and do what the design asks of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.house.sources import ROOT

FONTS = ROOT / "resources" / "fonts"
MEASURE = """
import json, sys
from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QFontMetricsF, QGuiApplication

app = QGuiApplication([])
before = QFontDatabase.families()
loaded = [QFontDatabase.addApplicationFont(path) for path in sys.argv[1:]]

def advance(weight, text, tabular=False):
    font = QFont("Inter")
    font.setPixelSize(100)
    font.setWeight(QFont.Weight(weight))
    if tabular:
        font.setFeature(QFont.Tag("tnum"), 1)
    assert QFontInfo(font).weight() == weight, QFontInfo(font).weight()
    return QFontMetricsF(font).horizontalAdvance(text)

mono = QFontMetricsF(QFont("JetBrains Mono"))
print(json.dumps({
    "before": before,
    "loaded": loaded,
    "families": QFontDatabase.families(),
    "widths": [advance(weight, "Entry limit price") for weight in (400, 500, 600, 700)],
    "plain": [advance(400, "1111"), advance(400, "8888")],
    "tabular": [advance(400, digit * 4, tabular=True) for digit in "0123456789"],
    "mono": [mono.horizontalAdvance("iiii"), mono.horizontalAdvance("MMMM")],
}))
"""


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What Qt says about the fonts in a process whose system has no fonts at all."""
    empty = tmp_path_factory.mktemp("fontconfig")
    configuration = empty / "fonts.conf"
    configuration.write_text(
        f"<fontconfig><dir>{empty}</dir><cachedir>{empty}</cachedir></fontconfig>", encoding="utf-8"
    )
    files = [str(path) for path in sorted(FONTS.iterdir()) if path.suffix in {".otf", ".ttf"}]
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, *files],
        env={**os.environ, "FONTCONFIG_FILE": str(configuration), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_every_font_loads(measured: dict[str, Any]) -> None:
    assert not {"Inter", "JetBrains Mono"} & set(measured["before"])
    assert -1 not in measured["loaded"]
    assert {"Inter", "JetBrains Mono"} <= set(measured["families"])


def test_the_weights_differ(measured: dict[str, Any]) -> None:
    assert measured["widths"] == sorted(set(measured["widths"]))


def test_tabular_figures_are_equally_wide(measured: dict[str, Any]) -> None:
    assert measured["plain"][0] != measured["plain"][1]
    assert len(set(measured["tabular"])) == 1


def test_identifiers_are_monospaced(measured: dict[str, Any]) -> None:
    assert measured["mono"][0] == measured["mono"][1]


def test_each_family_brings_its_licence() -> None:
    for path in FONTS.iterdir():
        if path.suffix in {".otf", ".ttf"}:
            licence = FONTS / f"{path.stem.split('-')[0]}-LICENSE.txt"
            assert "SIL OPEN FONT LICENSE" in licence.read_text(encoding="utf-8")


def test_the_fonts_stay_small() -> None:
    assert sum(path.stat().st_size for path in Path(FONTS).iterdir()) < 1_500_000
