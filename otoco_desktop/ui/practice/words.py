"""Names and sentences of the practice panel, in one place. Free of Qt."""

from __future__ import annotations

from otoco_desktop.app.hand import ScenarioCard
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.spans import Span, plain, strong

TITLE = "Practice scenarios"
SHIFT_WORDS = ("−2%", "−0.5%", "+0.5%", "+2%")
INTRODUCTION = "Simulated prices and orders of this practice exchange. Nothing here reaches a real market."
STAYS = "On until switched off."
FAILED = "That failed. The log has the details."
NO_PRICE = "No price yet"


def status(card: ScenarioCard) -> str:
    """What a scenario that is on waits for, or that it lasts."""
    return f"Waits for {card.waits_for}." if card.waits_for else STAYS


def row(card: ScenarioCard, now: str) -> tuple[Span, ...]:
    """A scenario in three parts, one below the other; ``now`` is its status, empty while it is off."""
    below = (plain(f"\u2028{now}", Token.ACCENT),) if now else ()
    return (strong(card.title), plain(f"\u2028{card.watch}", Token.TEXT2), *below)
