"""One exit on its way to another price: what was typed, what speaks against it, and when it may be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from otoco_desktop.domain.changing import pending_change, why_no_change
from otoco_desktop.domain.events import NotSent, Refused
from otoco_desktop.domain.exits import exit_requests, standing_order
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.money import plain, round_to_step
from otoco_desktop.domain.moving import FIELDS
from otoco_desktop.domain.order import Leg, LegRole
from otoco_desktop.domain.reasons import refusal_words
from otoco_desktop.domain.result import coins
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.domain.verdict import Surroundings
from otoco_desktop.ui.foreign import foreign
from otoco_desktop.ui.moving import words
from otoco_desktop.ui.moving.money import money_of
from otoco_desktop.ui.moving.reading import begun, blocking, read
from otoco_desktop.ui.moving.state import BREAK_EVEN, KEEP_GAP, Case, MoveState, Stage, content, kept_gap
from otoco_desktop.ui.review.retype import PASTE_REFUSED, Answer, Retype
from otoco_desktop.ui.review.state import Notice
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.spans import plain as said
from otoco_desktop.ui.widgets.spans import strong, text_of
from otoco_desktop.ui.widgets.tones import Tone

OPENING_MS = 500
LIVE = "LIVE"


@dataclass(frozen=True, slots=True)
class Move:
    """What is asked for, once: the exit's new trigger, and its new limit where it has one."""

    strategy_id: str
    role: LegRole
    trigger: Decimal
    price: Decimal | None


@dataclass(frozen=True, slots=True)
class Around:
    """The world of a move: the market, the wall clock, a sentence where the key is locked, and the connections."""

    market: Surroundings
    wall_ms: int
    locked: str = ""
    offline: bool = False
    live: bool = True

    @property
    def closed(self) -> str:
        """Why nothing can be asked for; empty where it can."""
        return self.locked or (words.OFFLINE if self.offline else "")


class MovePresenter:
    """One exit, opened with the strategy as it stands. Moments are monotonic ms, those of ``Surroundings``."""

    def __init__(self, strategy: Strategy, role: LegRole, environment: str, around: Around) -> None:
        self.role = role
        self._strategy = strategy
        self._environment = environment
        self._around = around
        self._opened_ms = around.market.now_ms
        self._draft = begun(strategy)
        self._refusals: dict[Field, str] = {}
        self._stage = Stage.TYPING
        self._asked: Move | None = None
        self._end: Notice | None = None
        self._typed = ""
        self._pasted = False
        self._retype: Retype | None = None
        self._judge()

    @property
    def strategy(self) -> Strategy:
        return self._strategy

    @property
    def stage(self) -> Stage:
        return self._stage

    @property
    def asked(self) -> Move | None:
        """What was asked for last."""
        return self._asked

    @property
    def is_limited(self) -> bool:
        """Whether the exit has a limit beside its trigger; a move keeps it so."""
        return self._leg.price is not None

    # What the world tells

    def observe(self, around: Around) -> None:
        """The market, the clock or the lock has news."""
        self._around = around
        self._judge()

    def follow(self, strategy: Strategy) -> None:
        """The strategy has news: what was asked for may be shown by now, or the exit may have gone its own way."""
        if strategy.strategy_id == self._strategy.strategy_id and strategy is not self._strategy:
            self._strategy = strategy
            if self._stage in (Stage.ASKED, Stage.DONE):
                self._settle()
            self._judge()

    # What the person does

    def edit(self, field: Field, text: str) -> None:
        """A field's text is now this, exactly."""
        self._refusals.clear()
        self._end = None
        self._draft = self._draft.with_text(field, text)
        self._judge()

    def refuse(self, field: Field, reason: str) -> None:
        """A paste was not taken; say so until the next change."""
        self._refusals = {field: reason}
        self._judge()

    def step(self, field: Field, ticks: int) -> None:
        """Move a price by whole ticks; from between two ticks, onto the next one."""
        instrument, value = self._around.market.instrument, self._case.reading.verdict.plan.value(field)
        if instrument is None or value is None:
            return
        grid = instrument.price_tick
        moved = round_to_step(value, grid, ROUND_FLOOR if ticks > 0 else ROUND_CEILING) + ticks * grid
        if moved > 0:
            self.edit(field, plain(moved))

    def fill(self, link: str) -> None:
        """Take what a link offers, or the fix under the field."""
        case, (trigger, limit) = self._case, FIELDS[self.role]
        instrument = case.around.instrument
        if link == BREAK_EVEN and case.money and instrument and (even := case.money.break_even(instrument)):
            self.edit(trigger, plain(even))
        elif link == KEEP_GAP and (kept := kept_gap(case)) is not None:
            self.edit(limit, plain(kept))

    def fix(self) -> None:
        """Fill in what the line under the field proposes."""
        found = self._content.verdict.fix
        if found is not None:
            self.edit(found.field, found.text)

    def type(self, text: str) -> None:
        """The field for the new trigger, typed again, holds this now."""
        self._typed, self._pasted = text, False

    def refuse_paste(self) -> None:
        """A paste into that field was not taken; say so until the next key."""
        self._pasted = True

    def confirm(self, now_ms: int, *, repeated: bool = False) -> Move | None:
        """Spend it: once, not by a repeating key, not in the first half second, not while anything is against it."""
        reading = self._case.reading
        if repeated or now_ms - self._opened_ms < OPENING_MS or self._blocked() or reading.trigger is None:
            return None
        self._stage, self._typed, self._end = Stage.SENDING, "", None
        self._asked = Move(self._strategy.strategy_id, self.role, reading.trigger, reading.price)
        return self._asked

    # What became of it

    def sent(self) -> None:
        """The request has been answered, or nobody will answer it."""
        if self._stage is Stage.SENDING:
            self._settle()
            self._judge()

    def failed(self, sentence: str) -> None:
        """Nothing could be recorded, so nothing was sent; what was typed stays."""
        self._back(Notice(Glyph.FAIL, Tone.NEG, (strong("Nothing was sent."), said(f" {foreign(sentence)}"))))

    def closing_words(self) -> str:
        """What to say when the sheet closes now."""
        if self._stage is Stage.SENDING:
            return words.CLOSED_WHILE_SENDING.format(exit=self.role)
        return "" if self._stage in (Stage.ASKED, Stage.DONE) or self._case.is_begun else "Nothing was sent."

    def _back(self, why: Notice) -> None:
        """It can be asked for again, by a hand that has let go since."""
        self._stage, self._end, self._typed = Stage.TYPING, why, ""
        self._opened_ms = self._around.market.now_ms
        self._judge()

    def _settle(self) -> None:
        asked, leg = self._asked, self._leg
        if asked is None:
            return
        name, new, old = self.role.value.capitalize(), self._case.price(asked.trigger), self._old(leg)
        if pending_change(self._strategy, self.role) is not None:
            self._stage = Stage.ASKED
            more = words.ASKED_MORE.format(exit=self.role, old=old, new=new)
            self._end = Notice(Glyph.EXPIRED, Tone.WARN, (strong(words.ASKED), said(f" {more}")))
        elif (leg.trigger, leg.price) == (asked.trigger, asked.price):
            self._stage = Stage.DONE
            self._end = Notice(Glyph.PASS, Tone.POS, (strong(words.MOVED.format(exit=name, new=new)),))
        else:
            why = " ".join(filter(None, (foreign(_refusal(self._strategy, self.role)), words.STAYS.format(old=old))))
            refused = strong(words.NOT_MOVED.format(exit=self.role))
            self._back(Notice(Glyph.FAIL, Tone.NEG, (refused, said(f" {why}"))))

    def _old(self, leg: Leg) -> str:
        return self._case.price(leg.reference_price if leg.trigger is None else leg.trigger)

    # Judging

    @property
    def _leg(self) -> Leg:
        return standing_order(self._strategy).leg(self.role)

    def _judge(self) -> None:
        market, wall_ms = self._around.market, self._around.wall_ms
        reading = read(self._strategy, self.role, self._draft, market, wall_ms)
        self._draft = reading.draft
        fees = market.account.fees if market.account else None
        money = money_of(self._strategy, self.role, fees)
        self._case = Case(self._strategy, self.role, reading, market, money, self._refusals, wall_ms, self._doubt)
        self._content = content(self._case)
        self._ask_again(reading.trigger)

    @property
    def _doubt(self) -> str:
        """Said while what is shown may be out of date."""
        return "" if self._around.live else words.NOT_LIVE.format(exit=self.role)

    def _ask_again(self, trigger: Decimal | None) -> None:
        """In LIVE the new trigger is typed twice."""
        if self._environment == LIVE and trigger is not None and trigger > 0:
            instrument = self._around.market.instrument
            quote = coins(self._strategy.intent.order.instrument)[1]
            places = instrument.price_places if instrument else max(0, -int(trigger.as_tuple().exponent))
            self._retype = Retype(trigger, places, quote, words.RETYPE, words.WHY_RETYPE, words.BUTTON)

    def _locked(self) -> Notice | None:
        """Why nothing can be asked for, whatever is typed."""
        reason = self._around.closed or why_no_change(self._strategy, self.role)
        if not reason:
            return None
        return Notice(Glyph.LOCK, Tone.WARN, (strong(words.CANNOT), said(f" {foreign(reason)}")))

    def _blocked(self) -> str:
        """Why the button is closed; empty when it is open. The first half second is no reason, only a delay."""
        if self._stage is not Stage.TYPING:
            return "This move has been asked for."
        locked, reading = self._locked(), self._case.reading
        if locked is not None:
            return text_of(locked.words)
        if self._case.is_begun:
            return words.TYPE_FIRST
        found = blocking(reading.verdict.findings)
        if found is not None:
            return foreign(found.message)
        if reading.trigger is None or (self._leg.price is not None and reading.price is None):
            return words.NO_PRICE
        if self._retype is not None and not self._retype.judge(self._typed).matches:
            return words.RETYPE_FIRST
        return ""

    def _answer(self) -> Answer:
        if self._pasted:
            return Answer(False, Glyph.WARNING, Token.WARN, PASTE_REFUSED)
        return self._retype.judge(self._typed) if self._retype is not None else Answer()

    @property
    def state(self) -> MoveState:
        """The sheet as of now."""
        typing, locked = self._stage is Stage.TYPING, self._locked()
        sending = Notice(Glyph.SEND, Tone.ACCENT, (strong(words.SENDING.format(exit=self.role)),))
        notice = (locked or self._end) if typing else sending if self._stage is Stage.SENDING else self._end
        return MoveState(
            content=self._content,
            stage=self._stage,
            notice=notice,
            reason=self._blocked(),
            footer=words.FOOTER if typing else words.FOOTER_SENDING if self._stage is Stage.SENDING else "",
            editable=typing and locked is None,
            retype=self._retype if typing else None,
            typed=self._typed,
            answer=self._answer(),
            can_keep=typing and locked is None,
        )


def _refusal(strategy: Strategy, role: LegRole) -> str:
    """What the newest request about this exit was answered with, where it was not carried out."""
    newest = exit_requests(strategy, role)[-1:]
    outcome = newest[0].outcome if newest else None
    if isinstance(outcome, Refused):
        return refusal_words(outcome).removesuffix(words.PLACED_NOTHING)
    return f"It was not sent: {outcome.reason.rstrip('.')}." if isinstance(outcome, NotSent) else ""
