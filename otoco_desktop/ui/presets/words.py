"""What is said of presets."""

from __future__ import annotations

from otoco_desktop.domain.draft import QuantityMode
from otoco_desktop.domain.presets import Preset, Shelf
from otoco_desktop.ui.foreign import foreign

TITLE = "Presets of {symbol}"
MENU = "Pre&sets…"
LAST_PLAN = "Last plan, at &today's price"
KEEP = "&Keep the ticket as a preset…"
LIST = "&All presets…"
APPLIED = "{name}: {what}. Nothing has been sent."
KEPT = "Kept as {name}."
REPLACED = "{name} holds the ticket now."
DELETED = "{name} is deleted."
NONE_YET = "No presets yet. Name one below to keep the ticket's size, stop and target."
NO_PAIR = "Choose an instrument first."
NO_PLAN = "No plan for {symbol} has been sent from here yet."
GONE_ON = "{symbol} is not shown any more, so its last plan was not typed in."
NEW_PLANS = "new plans"


def summary(preset: Preset) -> str:
    """``risk 1%, stop 2%, target 2.5R limit 4.9%``."""
    parts = [f"{preset.mode.word} {_share(preset)}"] if preset.size else []
    for name, trigger, limit, market in (
        ("stop", preset.stop, preset.stop_limit, preset.stop_market),
        ("target", preset.target, preset.target_limit, preset.target_market),
    ):
        if trigger:
            parts.append(f"{name} {trigger}" + ("" if market else f" limit {limit}".rstrip()))
    return foreign(", ".join(parts))


def spoken(preset: Preset, shelf: Shelf) -> str:
    """One line for whoever hears the list."""
    begins = f", for {NEW_PLANS}" if preset.name == shelf.first else ""
    return f"{foreign(preset.name)}: {summary(preset)}{begins}"


def kept(name: str, notes: tuple[str, ...], *, replaced: bool) -> str:
    """What became of the ticket, with the prices that are distances now."""
    first = (REPLACED if replaced else KEPT).format(name=foreign(name))
    return " ".join((first, *(f"{note[:1].upper()}{note[1:]}." for note in notes)))


def _share(preset: Preset) -> str:
    """A risk without a unit is a percentage."""
    is_bare = preset.mode is QuantityMode.RISK and preset.size.replace(".", "").isdigit()
    return f"{preset.size}%" if is_bare else preset.size
