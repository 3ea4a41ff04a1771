"""Sentences of the window's frame, in one place."""

from __future__ import annotations

from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token

APP_NAME = "OTOCO Desktop"
NOT_AFFILIATED = "Not affiliated with, endorsed by or supported by Crypto.com."
ABOUT = (
    "Plans, checks, sends and follows protected spot trades: an entry, a stop and a target in one order list.",
    NOT_AFFILIATED,
    "Written in Python with Qt for Python (LGPL). The fonts are Inter and JetBrains Mono (SIL Open Font License).",
)

ENVIRONMENT_NOTICE = {
    "PRACTICE": "Practice account: orders are simulated here and never sent to the exchange",
    "LOCAL": "Local exchange: orders go to a server on this computer",
    "SANDBOX": "Sandbox account: test money on the exchange test system",
    "LIVE": "Live account: every order placed here uses real money",
}
ENVIRONMENT_SPOKEN = {
    "PRACTICE": "Environment: PRACTICE, simulated",
    "LOCAL": "Environment: LOCAL, a server on this computer",
    "SANDBOX": "Environment: SANDBOX, test money",
    "LIVE": "Environment: LIVE, real money",
}
ENVIRONMENT_GLYPH = {
    "PRACTICE": Glyph.PRACTICE,
    "LOCAL": Glyph.LOCAL,
    "SANDBOX": Glyph.SANDBOX,
    "LIVE": Glyph.LIVE,
}
ENVIRONMENT_INK = {
    "PRACTICE": Token.ACCENT,
    "LOCAL": Token.TEXT2,
    "SANDBOX": Token.SAND,
    "LIVE": Token.ON_FILL,
}
ENVIRONMENT_GROUND = {
    "PRACTICE": Token.ACCENT_SOFT,
    "LOCAL": Token.BG2,
    "SANDBOX": Token.SAND_SOFT,
    "LIVE": Token.LIVE_FILL,
}
