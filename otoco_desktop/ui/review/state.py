"""What the review sheet shows: the plan, which stays, and its standing, which moves with the market."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from otoco_desktop.domain.order import Side
from otoco_desktop.ui.checks.state import ChecksState
from otoco_desktop.ui.outcome.state import Figure
from otoco_desktop.ui.review.override import Override
from otoco_desktop.ui.review.retype import Answer, Retype
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.spans import Span
from otoco_desktop.ui.widgets.tones import Tone


class Stage(StrEnum):
    """How far the sheet has come."""

    REVIEW = "review"
    SENDING = "sending"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Band:
    """The environment over the sheet, in words and with its icon. Without a ``detail`` the account is named."""

    glyph: Glyph
    tone: Token
    text: str
    detail: str = ""
    ground: Token = Token.BG2


@dataclass(frozen=True, slots=True)
class LegCard:
    """One of the three orders: what it does, and its money in quote."""

    number: int
    glyph: Glyph
    tone: Token
    title: str
    order_type: str
    lines: tuple[tuple[Span, ...], ...]
    value: str
    fee: str
    result: str
    result_tone: Token


@dataclass(frozen=True, slots=True)
class Advice:
    """One line under "Before you send"."""

    glyph: Glyph
    tone: Token
    words: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A warning that must be ticked before the plan can be sent."""

    code: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens after sending."""

    glyph: Glyph
    tone: Token
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class ReviewContent:
    """The frozen plan; it changes only when the plan is checked again. ``retype`` is asked for in LIVE alone."""

    band: Band
    side: Side
    instrument: str
    legs: tuple[LegCard, LegCard, LegCard]
    figures: tuple[Figure, ...]
    warnings: tuple[Acknowledgement, ...]
    advice: tuple[Advice, ...]
    steps: tuple[Step, ...]
    request_json: str
    request_address: str
    checks: ChecksState
    submit_label: str
    retype: Retype | None = None
    override: Override | None = None

    @property
    def is_live(self) -> bool:
        """Real money."""
        return self.retype is not None


@dataclass(frozen=True, slots=True)
class Notice:
    """The band above the buttons: why the sheet is locked, or what became of the plan."""

    glyph: Glyph
    tone: Tone
    words: tuple[Span, ...]
    offers_check: bool = False


@dataclass(frozen=True, slots=True)
class ReviewStatus:
    """What moves: the age of the prices, the lock, the ticks, the stage. Without a label there is no submit button."""

    stage: Stage
    price_glyph: Glyph
    price_tone: Token
    price_words: str
    notice: Notice | None
    ticked: frozenset[str]
    submit_enabled: bool
    submit_reason: str
    submit_label: str
    back_label: str
    footer: str
    typed: str = ""
    answer: Answer = field(default_factory=Answer)
    words: str = ""
    words_answer: Answer = field(default_factory=Answer)
