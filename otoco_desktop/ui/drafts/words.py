"""What is said of drafts."""

from __future__ import annotations

from datetime import UTC, datetime

from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.drafts import KeptDraft
from otoco_desktop.domain.money import grouped
from otoco_desktop.domain.order import Side
from otoco_desktop.ui.foreign import foreign

TITLE = "Drafts"
SAVED, NOT_SAVED = "autosaved", "not saved"
NONE_YET = "No drafts yet. Keep as draft, in the Plan menu, puts away what stands in the ticket."
NOTHING_TYPED = "Nothing is typed, so there is nothing to keep."
KEPT_ALREADY = "This plan is kept as a draft already."
SINCE_THEN = "Checks and figures are of now. Nothing has been sent."
NEWER = "The ticket holds something newer, so the draft from {when} is under Plan, Drafts."
NOT_LISTED = "{symbol} is not traded here any more, so the draft from {when} cannot be opened. It stays in the list."
DELETED = "Deleted {what}."


def when(at_ms: int, now_ms: int) -> str:
    """``14:02`` for today, else ``21 Nov 14:02``; UTC, as every time in the window."""
    return " ".join(filter(None, _day_and_time(at_ms, now_ms)))


def _day_and_time(at_ms: int, now_ms: int) -> tuple[str, str]:
    """The day is empty for today."""
    at, now = (datetime.fromtimestamp(ms // 1000, UTC) for ms in (at_ms, now_ms))
    return "" if at.date() == now.date() else f"{at.day} {at:%b}", f"{at:%H:%M}"


def plan(draft: OtocoDraft) -> str:
    """``Buy at 92400.00``, in the words that were typed."""
    verb = "Buy" if draft.side is Side.BUY else "Sell"
    return f"{verb} at {foreign(draft.entry)}" if draft.entry else verb


def named(kept: KeptDraft) -> str:
    """``BTC_USD, buy at 92400.00``, with the trader's own name before it where there is one."""
    words = plan(kept.draft)
    what = f"{foreign(kept.instrument)}, {words[0].lower()}{words[1:]}"
    return f"{foreign(kept.name)} ({what})" if kept.name else what


def rest(kept: KeptDraft) -> str:
    """The trader's name for it, or its tag, and what else was typed."""
    draft = kept.draft
    typed = ((draft.quantity, ""), (draft.stop, "stop "), (draft.target, "target "))
    said = ", ".join(f"{name}{foreign(text)}" for text, name in typed if text)
    return " · ".join(filter(None, (foreign(kept.name or draft.tag), said))) or "nothing else typed"


def spoken(kept: KeptDraft, now_ms: int) -> str:
    """The row for someone who cannot see it."""
    return f"{named(kept)}, {rest(kept)}, from {when(kept.at_ms, now_ms)}"


def then(kept: KeptDraft) -> str:
    """The price of its time; empty where it was not known."""
    return "" if kept.mark is None else f" Mark was {grouped(kept.mark)} then."


def opened(kept: KeptDraft, now_ms: int) -> str:
    """A draft stands in the ticket again."""
    return f"Draft from {when(kept.at_ms, now_ms)}: {named(kept)}.{then(kept)} {SINCE_THEN}"


def put_away(kept: KeptDraft) -> str:
    return f"Kept as draft: {named(kept)}. Drafts, in the Plan menu, opens it."


def header(kept: KeptDraft, now_ms: int) -> str:
    """Beside the ticket's title, until something is typed."""
    day, time = _day_and_time(kept.at_ms, now_ms)
    return f"draft {day or time}"
