"""Names and sentences of the practice panel, in one place. Free of Qt."""

from __future__ import annotations

from otoco_desktop.app.hand import ScenarioCard
from otoco_desktop.app.real_prices import PricesState, Source
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.spans import Span, plain, strong

TITLE = "Practice scenarios"
SHIFT_WORDS = ("−2%", "−0.5%", "+0.5%", "+2%")
INTRODUCTION = "Simulated prices and orders of this practice exchange. Nothing here reaches a real market."
AT_REAL_PRICES = "Simulated orders of this practice exchange at the exchange's own prices. Nothing here is sent to it."
STAYS = "On until switched off."
FAILED = "That failed. The log has the details."
NO_PRICE = "No price yet"

REAL_PRICES = "Real prices"
ASK, KEEP, USE = "Use real prices?", "Keep simulated prices", "Use real prices"
WHAT = "Prices come from the Crypto.com Exchange's public market data. Orders stay simulated on this computer."
NO_KEY = "It needs no key, and connects to api.crypto.com and stream.crypto.com while it is on."
CONNECTING = "Connecting to the exchange's public market data. Prices are simulated until its own have come."
CHANGING = "Real prices are on their way. Submit opens when they have come, or stay away."
STANDS_IN = "No mark price is published for this pair: the midpoint of bid and ask takes its place."
HELD = "Real prices do not come."
HOLDS = "The last ones stand still, nothing is filled at them, and it goes on by itself when they come again."
GO_ON = "Go on with simulated prices"
BEGUN = "Prices are the exchange's own from now on. Orders stay simulated on this computer."
ENDED = "Prices are simulated again, and go on from where the real ones stood."
BADGE_NOTE = ", real prices"
SPOKEN = "Environment: PRACTICE, simulated orders, real prices"
STATUS = "Prices are the exchange's own"
NOT_BY_HAND = "The price comes from the exchange now. Switch real prices off to move it by hand."
NOT_WHILE_REAL = "Not while prices are real."


def real_prices(state: PricesState) -> tuple[Span, ...]:
    """The switch in two parts, one below the other: what it does, and how it stands."""
    now = real_prices_now(state)
    below = (plain(f"\u2028{now}", Token.ACCENT),) if now else ()
    return (strong(REAL_PRICES), plain(f"\u2028{WHAT} {NO_KEY}", Token.TEXT2), *below)


def real_prices_now(state: PricesState) -> str:
    """How it stands; empty while it is off and nothing went wrong."""
    if state.source is Source.CONNECTING:
        return CONNECTING
    if state.source is Source.HELD:
        return held(state.reason)
    if state.source is Source.REAL:
        return STANDS_IN if state.mark_stands_in else ""
    return stayed(state.reason) if state.reason else ""


def real_prices_aloud(state: PricesState) -> str:
    """Everything below the switch's name."""
    return " ".join(filter(None, (WHAT, NO_KEY, real_prices_now(state))))


def held(reason: str) -> str:
    """Why the prices stand still, and what that means."""
    return " ".join(filter(None, (reason, HOLDS)))


def stayed(reason: str) -> str:
    """Why it did not come to real prices."""
    return f"Prices stay simulated. {reason}"


def question(count: int) -> str:
    """What is said before open strategies meet another price."""
    open_ones = "1 open practice strategy goes" if count == 1 else f"{count} open practice strategies go"
    return (
        f"{open_ones} on at the exchange's own prices. The price may jump when they come, so that entries fill and "
        "stops or targets trigger at once."
    )


def status(card: ScenarioCard) -> str:
    """What a scenario that is on waits for, or that it lasts."""
    return f"Waits for {card.waits_for}." if card.waits_for else STAYS


def row(card: ScenarioCard, now: str) -> tuple[Span, ...]:
    """A scenario in three parts, one below the other; ``now`` is its status, empty while it is off."""
    below = (plain(f"\u2028{now}", Token.ACCENT),) if now else ()
    return (strong(card.title), plain(f"\u2028{card.watch}", Token.TEXT2), *below)
