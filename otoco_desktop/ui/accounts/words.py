"""The sentences of the accounts screens, in one place. Free of Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from otoco_desktop.domain.errors import WayOn
from otoco_desktop.domain.probing import ProbeKind
from otoco_desktop.settings import Environment
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token


@dataclass(frozen=True, slots=True)
class Bullet:
    """One line under a card's headline."""

    glyph: Glyph
    token: Token
    text: str


@dataclass(frozen=True, slots=True)
class CardWords:
    """What a choice card says of its environment."""

    headline: str
    bullets: tuple[Bullet, ...]


KINDER = "Simulated fills are kinder than real ones: no queue, little slippage"
PAGE_TITLE = "Where should this app trade?"
PAGE_LEAD = "You can switch later. Each environment keeps its own history."
NOTHING_YET = "The app connects to nothing until you choose."
ORDERS_STAY = "Orders on the exchange stay as they are when you switch."

CARDS: Mapping[Environment, CardWords] = MappingProxyType(
    {
        Environment.PRACTICE: CardWords(
            "Start here. No keys, no account.",
            (
                Bullet(Glyph.PASS, Token.POS, "Prices and fills are simulated on this computer"),
                Bullet(Glyph.PASS, Token.POS, "Every screen and check works the same"),
                Bullet(Glyph.NOTE, Token.ACCENT, KINDER),
            ),
        ),
        Environment.LOCAL: CardWords(
            "A server on this computer.",
            (
                Bullet(Glyph.KEY, Token.TEXT2, "Needs a key of that server"),
                Bullet(Glyph.NOTE, Token.ACCENT, "It speaks the exchange's protocol; nothing leaves this computer"),
            ),
        ),
        Environment.SANDBOX: CardWords(
            "The exchange's own test system.",
            (
                Bullet(Glyph.KEY, Token.TEXT2, "Needs separate sandbox keys"),
                Bullet(Glyph.NOTE, Token.ACCENT, "Given by the exchange on request, mostly to institutions"),
            ),
        ),
        Environment.LIVE: CardWords(
            "Real orders with real money.",
            (
                Bullet(Glyph.KEY, Token.TEXT2, "Needs an API key with trade permission only"),
                Bullet(Glyph.LOCK, Token.TEXT2, "Each submission asks you to retype the amount"),
                Bullet(Glyph.WARNING, Token.WARN, "You can lose the money you trade with"),
            ),
        ),
    }
)

KEY_BANDS: Mapping[Environment, str] = MappingProxyType(
    {
        Environment.LOCAL: "This key works on a server on this computer.",
        Environment.SANDBOX: "This key places test orders on the exchange's test system.",
        Environment.LIVE: "This key will place real orders.",
    }
)
ADVICE_TITLE = "When you create the key on the exchange"
ADVICE = (
    ("Turn on trade only.", " Leave withdrawal off. This app never needs it and has no withdrawal code."),
    ("Allow only this computer's public IP address.", " A stolen key then works nowhere else."),
    ("Use one key per computer,", " so you can revoke it without stopping the others."),
)
SHOWN_ONCE = "shown once by the exchange"
TICK = "I checked: withdrawal is off for this key"
NOT_TESTED = "Not tested yet. The test signs in and reads your balance. It sends no order."
FIRST_NAME = "Main account"

WAYS: Mapping[WayOn, str] = MappingProxyType(
    {
        WayOn.UNLOCK: "Unlock",
        WayOn.TRY_AGAIN: "Try again",
        WayOn.SESSION_ONLY: "Use it until the program closes",
        WayOn.ENTER_AGAIN: "Enter the key again",
        WayOn.TAKE_CHANGED: "Use the changed key",
        WayOn.FORGET: "Forget it",
    }
)

STEPS: Mapping[ProbeKind, str] = MappingProxyType(
    {
        ProbeKind.REACH: "Reach the exchange.",
        ProbeKind.SIGNATURE: "Sign a request.",
        ProbeKind.CLOCK: "Compare clocks.",
        ProbeKind.USER_STREAM: "Sign in to the user stream.",
        ProbeKind.ORDER_CHANNEL: "Subscribe to order events.",
        ProbeKind.BALANCE: "Read balance and fees.",
        ProbeKind.MARK_PRICE: "Look for the mark price.",
        ProbeKind.PERMISSIONS: "Look for permissions.",
    }
)
