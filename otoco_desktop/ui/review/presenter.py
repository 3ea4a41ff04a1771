"""When a reviewed plan may be sent, decided without Qt: freshness, ticks, single use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from otoco_desktop.app.state import Confirmed, Gate
from otoco_desktop.domain.finding import Field, Finding
from otoco_desktop.domain.headline import headline
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.lifecycle import phase
from otoco_desktop.domain.market import Quote
from otoco_desktop.domain.money import grouped, signed_percent
from otoco_desktop.domain.strategy import Phase, Strategy
from otoco_desktop.domain.verdict import Verdict
from otoco_desktop.ui.foreign import foreign
from otoco_desktop.ui.outcome.state import NO_VALUE
from otoco_desktop.ui.review.override import Override
from otoco_desktop.ui.review.retype import PASTE_REFUSED, TYPE_FIRST, Answer, Retype
from otoco_desktop.ui.review.state import Notice, ReviewContent, ReviewStatus, Stage
from otoco_desktop.ui.review.summary import BANDS, age_words, content
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.strategies.phases import look_of
from otoco_desktop.ui.widgets.spans import plain, strong, text_of
from otoco_desktop.ui.widgets.tones import Tone

OPENING_MS = 500
STALE_MS = 8_000
MOVE_LIMIT = Decimal("0.0025")
FOOTER = "Nothing is sent if you go back. Enter alone never submits."
FOOTER_SENDING = "You may close this. The sending goes on; Strategies shows what became of it."
OPEN_GATE = Gate(open=True)


class ReviewPresenter:
    """One review: opened with a confirmation, spent by one submit. Times are monotonic milliseconds."""

    def __init__(
        self, confirmed: Confirmed, instrument: Instrument, environment: str, quote: Quote | None, now_ms: int
    ) -> None:
        self._environment = environment
        self._instrument = instrument
        self._ticked: set[str] = set()
        self._typed = ""
        self._words = ""
        self._pasted = False
        self._asked: Retype | None = None
        self._override: Override | None = None
        self._stage = Stage.REVIEW
        self._end: Notice | None = None
        self.strategy_id: str | None = None
        self.renew(confirmed, quote, now_ms)

    @property
    def stage(self) -> Stage:
        return self._stage

    @property
    def content(self) -> ReviewContent:
        return self._content

    def renew(self, confirmed: Confirmed, quote: Quote | None, now_ms: int) -> None:
        """Take a newly checked plan. Ticks and the typed value stay where the plan says the same as before."""
        before = {} if self._stage is not Stage.REVIEW or not self._ticked else self._warning_texts()
        self._confirmed = confirmed
        self._content = content(confirmed, self._instrument, self._environment)
        after = self._warning_texts()
        self._typed = self._typed if self._asked == self._content.retype else ""
        self._asked = self._content.retype
        self._words = self._words if self._override == self._content.override else ""
        self._override = self._content.override
        self._ticked = {code for code in self._ticked if code in after and before.get(code) == after[code]}
        self._opened_ms = now_ms
        self._planned_mark = quote.mark if quote else None
        self._quote = quote
        self._gate = OPEN_GATE
        self._lock: Notice | None = None

    def observe(self, verdict: Verdict, quote: Quote | None, gate: Gate) -> None:
        """Compare the plan with the market as it is now. A lock by movement or by a check stays until checked again."""
        self._quote, self._gate = quote, gate
        if self._lock is None:
            self._lock = self._moved() or self._changed(verdict)

    def tick(self, code: str, *, on: bool) -> None:
        """The trader has read this warning, or takes that back."""
        if on:
            self._ticked.add(code)
        else:
            self._ticked.discard(code)

    def type(self, text: str) -> None:
        """The value field holds this now."""
        self._typed, self._pasted = text, False

    def type_words(self, text: str) -> None:
        """The field for the words that lift a lock holds this now."""
        self._words = text

    def refuse_paste(self) -> None:
        """A paste into the value field was not taken; say so until the next key."""
        self._pasted = True

    def answer(self) -> Answer:
        """How what was typed compares with the entry's value."""
        if self._pasted:
            return Answer(False, Glyph.WARNING, Token.WARN, PASTE_REFUSED)
        asked = self._content.retype
        return asked.judge(self._typed) if asked is not None else Answer()

    def confirm(self, now_ms: int, *, repeated: bool = False) -> Confirmed | None:
        """Spend the confirmation: once, not by a repeating key, not in the first half second, not while locked."""
        if repeated or now_ms - self._opened_ms < OPENING_MS or self._blocked(now_ms):
            return None
        self._stage = Stage.SENDING
        return replace(self._confirmed, typed=self._words)

    def follow(self, strategy: Strategy) -> None:
        """The sent plan has news; anything beyond "sending" ends the wait."""
        if self._stage is Stage.REVIEW or (self.strategy_id or strategy.strategy_id) != strategy.strategy_id:
            return
        self.strategy_id = strategy.strategy_id
        if phase(strategy) is not Phase.INTENT:
            self._stage = Stage.DONE
            look = look_of(strategy)
            self._end = Notice(
                look.glyph, look.tone, (strong(f"{strategy.label}: "), plain(foreign(headline(strategy))))
            )

    def failed(self, sentence: str) -> None:
        """Nothing could be recorded, so nothing was sent."""
        self._stage = Stage.DONE
        words = (strong("Nothing was sent."), plain(f" {foreign(sentence)}"))
        self._end = Notice(Glyph.FAIL, Tone.NEG, words)

    def closing_words(self) -> str:
        """What to say when the sheet closes now."""
        if self._stage is Stage.SENDING:
            return "The sending goes on. Strategies shows what became of it."
        return "" if self._stage is Stage.DONE else "Nothing was sent."

    def status(self, now_ms: int) -> ReviewStatus:
        """Everything that moves, as of now."""
        notice = self._notice(now_ms)
        reviewing = self._stage is Stage.REVIEW
        reason = self._blocked(now_ms)
        fresh = self._stale(now_ms) is None and self._lock is None
        return ReviewStatus(
            stage=self._stage,
            price_glyph=Glyph.PASS if fresh else Glyph.WARNING,
            price_tone=Token.POS if fresh else Token.WARN,
            price_words=self._price_words(now_ms),
            notice=notice,
            ticked=frozenset(self._ticked),
            submit_enabled=reviewing and not reason,
            submit_reason=reason,
            submit_label=self._content.submit_label if reviewing else "Sending…" if self._end is None else "",
            back_label="Back to plan" if reviewing else "Close",
            footer=self._footer(),
            typed=self._typed,
            answer=self.answer(),
            words=self._words,
            words_answer=self._override.judge(self._words) if self._override else Answer(),
        )

    def _footer(self) -> str:
        """Beside the buttons: why only a tick is missing, or what going back means."""
        if self._stage is not Stage.REVIEW:
            return FOOTER_SENDING if self._end is None else ""
        missing = self._missing_ticks()
        return f"{missing} Enter alone never submits." if missing else FOOTER

    # Why not

    def _blocked(self, now_ms: int) -> str:
        """Why the plan cannot be sent now; empty when it can. The first half second is no reason, only a delay."""
        if self._stage is not Stage.REVIEW:
            return "This plan has been sent."
        notice = self._notice(now_ms)
        if notice is not None:
            return text_of(notice.words)
        return self._missing_ticks() or self._missing_words() or self._missing_value()

    def _missing_words(self) -> str:
        asked = self._override
        return f"Type {asked.wanted} first." if asked is not None and not asked.judge(self._words).matches else ""

    def _missing_value(self) -> str:
        asked = self._content.retype
        return TYPE_FIRST if asked is not None and not asked.judge(self._typed).matches else ""

    def _missing_ticks(self) -> str:
        left = [warning for warning in self._content.warnings if warning.code not in self._ticked]
        if not left:
            return ""
        return f"Tick {'the warning' if len(left) == 1 else f'the {len(left)} warnings'} under Summary first."

    def _notice(self, now_ms: int) -> Notice | None:
        if self._stage is not Stage.REVIEW:
            sending = Notice(Glyph.SEND, Tone.ACCENT, (strong("Saved. Sending to the exchange…"),))
            return self._end or sending
        return self._lock or self._environment_notice() or self._closed_gate() or self._stale(now_ms)

    def _environment_notice(self) -> Notice | None:
        if self._environment in BANDS:
            return None
        words = (strong(f"{foreign(self._environment)} cannot be traded from this version."),)
        return Notice(Glyph.LOCK, Tone.NEG, words)

    def _closed_gate(self) -> Notice | None:
        if self._gate.open:
            return None
        return Notice(Glyph.LOCK, Tone.WARN, (strong("Can't submit."), plain(f" {foreign(self._gate.reason)}")))

    def _stale(self, now_ms: int) -> Notice | None:
        age = self._quote.mark_age_ms(now_ms) if self._quote else None
        if age is None:
            return Notice(Glyph.WARNING, Tone.WARN, (strong("No mark price yet."), plain(" Submit opens when it is.")))
        if age <= STALE_MS:
            return None
        words = (strong(f"Prices are {age_words(age)} old."), plain(" Submit opens again when they are live."))
        return Notice(Glyph.WARNING, Tone.WARN, words)

    # What changed since the plan was checked

    def _drift(self) -> Decimal | None:
        now = self._quote.mark if self._quote else None
        if not now or not self._planned_mark:
            return None
        return now / self._planned_mark - 1

    def _moved(self) -> Notice | None:
        drift = self._drift()
        if drift is None or abs(drift) < MOVE_LIMIT:
            return None
        words = (strong("Prices moved, check again."), plain(f" Mark is {self._mark()}, {self._drift_words()}."))
        return Notice(Glyph.WARNING, Tone.WARN, words, offers_check=True)

    def _changed(self, verdict: Verdict) -> Notice | None:
        """What passes may come and go; anything to read, to do or to wait for that differs is a change."""
        confirmed = self._confirmed.verdict.findings
        before = {_key(found): found for found in confirmed if not found.severity.is_calm}
        now = {_key(found): found for found in verdict.findings if not found.severity.is_calm}
        changed = next((found for key, found in now.items() if _differs(before.get(key), found)), None)
        if changed is None and before.keys() == now.keys():
            return None
        named = f" {foreign(changed.title)}: {foreign(changed.detail or changed.message)}" if changed else ""
        return Notice(
            Glyph.WARNING, Tone.WARN, (strong("A check changed, check again."), plain(named)), offers_check=True
        )

    def _price_words(self, now_ms: int) -> str:
        age = self._quote.mark_age_ms(now_ms) if self._quote else None
        if age is None:
            return "No mark price yet"
        drift = f", {self._drift_words()}" if self._drift() is not None else ""
        return f"Mark {self._mark()}, {age_words(age)} old{drift}"

    def _mark(self) -> str:
        mark = self._quote.mark if self._quote else None
        return NO_VALUE if mark is None else grouped(mark, self._instrument.price_places)

    def _drift_words(self) -> str:
        drift = self._drift()
        return NO_VALUE if drift is None else f"{signed_percent(drift, 2)} since planned"

    def _warning_texts(self) -> dict[str, str]:
        return {warning.code: warning.text for warning in self._content.warnings}


def _differs(before: Finding | None, now: Finding) -> bool:
    """Whether a check weighs otherwise than before, or says that there is less for an exit than was read."""
    if before is None or before.severity is not now.severity:
        return True
    return now.code in LESS and LESS[now.code](before, now)


def _short(found: Finding) -> Decimal:
    """The share of what the exits need that is missing."""
    needed = Decimal(found.wrong)
    return (needed - Decimal(found.right)) / needed


LESS: dict[str, Callable[[Finding, Finding], bool]] = {
    "exit.coverage": lambda before, now: _short(now) > _short(before) + MOVE_LIMIT,
    "exits.others": lambda before, now: Decimal(now.wrong) > Decimal(before.wrong) * (1 + MOVE_LIMIT),
}
"""What is at hand for the plan's own exits, and what it takes of others: a plan sized by risk moves it a little."""


def _key(found: Finding) -> tuple[str, Field | None]:
    return (found.code, found.field)
