"""One strategy's detail: its head, and its timeline as rows."""

from __future__ import annotations

from dataclasses import dataclass

from otoco_desktop.domain.headline import difference_words
from otoco_desktop.domain.lifecycle import differences
from otoco_desktop.domain.money import money_places, signed
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.result import result
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.domain.timeline import TimelineItem, TimelineKind, timeline
from otoco_desktop.ui.foreign import foreign
from otoco_desktop.ui.outcome.state import NO_VALUE, Figure, tone_of
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.strategies.freshness import headline_as_of
from otoco_desktop.ui.strategies.phases import ChipLook, look_of
from otoco_desktop.ui.strategies.state import plan_words, sent_at

FOUND_BY_CHECK = "found by check"
MARKS = {
    TimelineKind.SAVED: (Glyph.SAVE, Token.TEXT),
    TimelineKind.SENT: (Glyph.ARROW_RIGHT, Token.TEXT),
    TimelineKind.ACCEPTED: (Glyph.PASS, Token.POS),
    TimelineKind.NOT_SENT: (Glyph.CROSS, Token.TEXT3),
    TimelineKind.UNKNOWN: (Glyph.UNKNOWN, Token.WARN),
    TimelineKind.CHECKED: (Glyph.REFRESH, Token.ACCENT),
    TimelineKind.ENTRY_ACTIVE: (Glyph.ACTIVE, Token.ACCENT),
    TimelineKind.STOP_ACTIVE: (Glyph.STOP, Token.NEG),
    TimelineKind.TARGET_ACTIVE: (Glyph.TARGET, Token.POS),
    TimelineKind.TRIGGERED: (Glyph.NOTE, Token.ACCENT),
    TimelineKind.PARTLY_FILLED: (Glyph.WARNING, Token.WARN),
    TimelineKind.FILLED: (Glyph.FILLED, Token.TEXT),
    TimelineKind.CANCEL_ASKED: (Glyph.EXPIRED, Token.WARN),
    TimelineKind.MOVE_ASKED: (Glyph.EXPIRED, Token.WARN),
    TimelineKind.MOVED: (Glyph.ACTIVE, Token.ACCENT),
    TimelineKind.CANCELLED: (Glyph.CANCELLED, Token.TEXT3),
    TimelineKind.REJECTED: (Glyph.FAIL, Token.NEG),
    TimelineKind.EXPIRED: (Glyph.EXPIRED, Token.TEXT3),
    TimelineKind.UNRECOGNISED: (Glyph.UNKNOWN, Token.WARN),
    TimelineKind.DECIDED: (Glyph.PENCIL, Token.TEXT),
}


@dataclass(frozen=True, slots=True)
class StoryRow:
    """One event: times of day in UTC with milliseconds; an en dash where the exchange said none."""

    key: str
    glyph: Glyph
    tone: Token
    title: str
    detail: str
    local: str
    exchange: str
    delay: str

    @property
    def spoken(self) -> str:
        return f"{self.title}. {self.detail}"


@dataclass(frozen=True, slots=True)
class StoryState:
    """Everything the detail shows."""

    label: str
    plan: str
    arrow: Glyph
    arrow_tone: Token
    chip: ChipLook
    headline: str
    ids_words: str
    ids_copied: str
    figures: tuple[Figure, ...]
    notes: tuple[str, ...]
    rows: tuple[StoryRow, ...]


def build(strategy: Strategy, as_of: str = "") -> StoryState:
    """The detail of one strategy; ``as_of`` is the time of day for which its state is known, where that is not now."""
    buying = strategy.intent.order.side is Side.BUY
    return StoryState(
        label=strategy.label,
        plan=plan_words(strategy),
        arrow=Glyph.UP if buying else Glyph.DOWN,
        arrow_tone=Token.POS if buying else Token.NEG,
        chip=look_of(strategy),
        headline=headline_as_of(strategy, as_of),
        ids_words=_ids_words(strategy),
        ids_copied=_ids_copied(strategy),
        figures=_figures(strategy),
        notes=_notes(strategy),
        rows=tuple(_row(at, item) for at, item in enumerate(timeline(strategy))),
    )


def _ids_words(strategy: Strategy) -> str:
    """The list id; without one the order ids by which the exchange would know it."""
    if strategy.list_id is not None:
        return f"list_id {foreign(strategy.list_id)}"
    entry, stop, target = (leg.client_oid for leg in strategy.intent.order.legs)
    return f"order ids {entry} …{stop[-2:]} …{target[-2:]}"


def _ids_copied(strategy: Strategy) -> str:
    """Exact text for the clipboard: ids exceed what a number can hold."""
    return strategy.list_id or "\n".join(leg.client_oid for leg in strategy.intent.order.legs)


def _notes(strategy: Strategy) -> tuple[str, ...]:
    """What does not fit together, each as a sentence."""
    found = [difference_words(difference) for difference in differences(strategy)]
    sentences = (f"{words[:1].upper()}{words[1:]}." for words in found)
    return tuple(foreign(words) for words in (*sentences, *strategy.anomalies))


def _figures(strategy: Strategy) -> tuple[Figure, ...]:
    """The realised money of a finished strategy; nothing while it is open."""
    final = result(strategy)
    if final is None:
        return ()
    places = money_places(final.quote)
    planned = NO_VALUE if final.planned_r is None else f"{signed(final.planned_r, 2)} R"
    return (
        Figure(f"Realised, {final.quote} net of fees", signed(final.net, places), tone_of(final.net)),
        Figure("In R", NO_VALUE if final.r is None else signed(final.r, 2), tone_of(final.net)),
        Figure("Gross", signed(final.gross, places)),
        Figure("Fees", signed(-final.fees, places)),
        Figure("Planned", planned),
    )


def _row(at: int, item: TimelineItem) -> StoryRow:
    glyph, tone = MARKS[item.kind]
    detail = foreign(item.detail)
    if item.found_by_check:
        detail = f"{detail}, {FOUND_BY_CHECK}" if detail else FOUND_BY_CHECK
    return StoryRow(
        key=str(at),
        glyph=glyph,
        tone=tone,
        title=item.title,
        detail=detail,
        local=sent_at(item.at_ms),
        exchange=NO_VALUE if item.exchange_ms is None else sent_at(item.exchange_ms),
        delay=NO_VALUE if item.delay_ms is None else f"{item.delay_ms:,} ms".replace("-", "−"),
    )
