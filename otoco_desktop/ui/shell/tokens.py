"""Colour tokens as data, one table per scheme. Free of Qt, so states may name a token."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Scheme(StrEnum):
    """Which of the two colour tables is in use."""

    DARK = "dark"
    LIGHT = "light"


class Token(StrEnum):
    """Names of colours by use; every colour on screen is one of these."""

    BG0 = "bg0"
    BG1 = "bg1"
    BG2 = "bg2"
    BG3 = "bg3"
    LINE = "line"
    EDGE = "edge"
    TEXT = "text"
    TEXT2 = "text2"
    TEXT3 = "text3"
    ACCENT = "accent"
    ACCENT_FILL = "accentFill"
    ACCENT_SOFT = "accentSoft"
    POS = "pos"
    POS_FILL = "posFill"
    POS_SOFT = "posSoft"
    NEG = "neg"
    NEG_FILL = "negFill"
    NEG_SOFT = "negSoft"
    WARN = "warn"
    WARN_SOFT = "warnSoft"
    LIVE = "live"
    LIVE_FILL = "liveFill"
    LIVE_SOFT = "liveSoft"
    SAND = "sand"
    SAND_SOFT = "sandSoft"
    SEL = "sel"
    DIS_BG = "disBg"
    DIS_TEXT = "disText"
    CANDLE_UP = "cUp"
    CANDLE_DOWN = "cDn"
    ON_FILL = "onFill"


_ROWS = """
bg0 #0E1217 #EBEFF3
bg1 #151B22 #FFFFFF
bg2 #1C242D #F4F6F9
bg3 #26303B #E6EBF1
line #2A3440 #D3DAE2
edge #65758A #77859A
text #E8EDF3 #131C26
text2 #AEB9C6 #3F4C5A
text3 #8E9BAB #586675
accent #74A9FF #1A58C4
accentFill #2B66D1 #1F5FCC
accentSoft #1A2C4A #E3EDFC
pos #35C8AC #00695A
posFill #0B7A67 #007866
posSoft #12302D #DDF3EE
neg #FF8672 #B02A18
negFill #BF3B28 #BF3B28
negSoft #3A201E #FBE6E2
warn #F2BC50 #7A4F00
warnSoft #362B14 #FBF0D6
live #FF86BF #A90F5B
liveFill #C2156B #B3125F
liveSoft #3A1429 #FBE1EE
sand #BBA4FF #5B3FBF
sandSoft #272044 #ECE7FB
sel #20334F #DCE8FB
disBg #222B35 #E6EBF1
disText #8E9BAB #586675
cUp #35C8AC #1B8474
cDn #F0745F #CE4A35
onFill #FFFFFF #FFFFFF
"""


def _table(column: int) -> Mapping[Token, str]:
    rows = (line.split() for line in _ROWS.split("\n") if line)
    return MappingProxyType({Token(row[0]): row[column] for row in rows})


TABLES: Mapping[Scheme, Mapping[Token, str]] = MappingProxyType({Scheme.DARK: _table(1), Scheme.LIGHT: _table(2)})
