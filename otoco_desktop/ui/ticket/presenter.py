"""The ticket's mind: holds what was typed, judges it in the event of the key, and tells one finished state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from otoco_desktop.app.state import DeskPort
from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.finding import Field, Fix
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.market import Quote
from otoco_desktop.domain.money import plain, round_to_step
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.parse import retext
from otoco_desktop.domain.rules import evaluate
from otoco_desktop.domain.taking import take_market
from otoco_desktop.domain.verdict import Surroundings, Verdict
from otoco_desktop.ui.ticket.state import TicketState, build

if TYPE_CHECKING:
    from otoco_desktop.domain.pasted_plan import Pasted

Listener = Callable[[TicketState, Verdict], None]


class Source(StrEnum):
    """Market prices that a press puts into the entry."""

    BID = "Bid"
    MID = "Mid"
    ASK = "Ask"


class TicketPresenter:
    """Every method that changes something judges the whole plan again and tells the listeners, in the same call.

    Each instrument has a draft of its own for as long as the window lives: prices of one mean nothing for another.
    A new plan begins as the last one proposed by ``start_with``.
    """

    def __init__(self, desk: DeskPort) -> None:
        self._desk = desk
        self._draft = self._start = OtocoDraft()
        self._refusals: dict[Field, str] = {}
        self._listeners: list[Listener] = []
        self._others: dict[str, OtocoDraft] = {}
        self._unsized: tuple[OtocoDraft, str] | None = None
        self._around = desk.surroundings()
        self._symbol = _symbol_of(self._around)
        self._verdict = evaluate(self._draft, self._around)
        self._state = build(self._verdict, self._around, self._refusals)

    @property
    def state(self) -> TicketState:
        return self._state

    @property
    def verdict(self) -> Verdict:
        return self._verdict

    @property
    def draft(self) -> OtocoDraft:
        return self._draft

    @property
    def surroundings(self) -> Surroundings:
        """What the verdict was made with."""
        return self._around

    @property
    def is_untouched(self) -> bool:
        """Nothing was typed but what the plan began with."""
        return self.is_as_begun(self._draft)

    def is_as_begun(self, draft: OtocoDraft) -> bool:
        """Whether nothing stands in it but what a plan begins with."""
        return replace(draft, stop="", target="").is_empty and _exits(draft) in (
            _exits(self._start),
            _exits(OtocoDraft()),
        )

    @property
    def others(self) -> Mapping[str, OtocoDraft]:
        """What stands in the ticket for the pairs that are not shown."""
        return self._others

    def put_aside(self, symbol: str, draft: OtocoDraft) -> None:
        """Show this draft when that pair is chosen, unless something has been typed for it by now."""
        if symbol not in ("", self._symbol):
            self._others.setdefault(symbol, draft)

    def start_with(self, start: OtocoDraft) -> None:
        """New plans begin like this from now on, and so does the one that stands if nobody has touched it."""
        if start == self._start:
            return
        untouched = self.is_untouched
        self._start = start
        if untouched and self._draft != (begun := self._begun(self._draft.side, post_only=start.post_only)):
            kept = replace(begun, quantity_mode=self._draft.quantity_mode, tag=self._draft.tag)
            self.load(replace(kept, fee_in_quote=self._draft.fee_in_quote))

    def listen(self, listener: Listener) -> None:
        """Tell this one of every state from now on."""
        self._listeners.append(listener)

    def edit(self, field: Field, text: str) -> None:
        """A field's text is now this, exactly."""
        self._refusals.clear()
        if field is Field.QUANTITY:
            self._unsized = None
        self._take(self._draft.with_text(field, text))

    def put_back(self, field: Field, before: OtocoDraft) -> None:
        """A field is as it was in this draft, on the prices of the market that it stood on."""
        self._refusals.clear()
        self._take(self._draft.with_field_of(before, field))

    def refuse(self, field: Field, reason: str) -> None:
        """A paste was not taken; say so under the field until the next change."""
        self._refusals = {field: reason}
        self.refresh()

    def set_tag(self, tag: str) -> None:
        self._take(replace(self._draft, tag=tag))

    def choose_post_only(self, on: bool) -> None:
        """Whether the entry may only rest."""
        self._take(replace(self._draft, post_only=on))

    def choose_fee_coin(self, *, quote: bool) -> None:
        """In which coin this plan's entry fee is paid, whatever Settings say."""
        self._take(replace(self._draft, fee_in_quote=quote))

    def choose_side(self, side: Side) -> None:
        """Switch sides. While no exit is typed, a buy proposes the preferred exits and a sell limit ones."""
        draft, begun = replace(self._draft, side=side), self._begun(side)
        if _exits(draft) in (_exits(self._start), _exits(OtocoDraft())):
            draft = replace(draft, stop_market=begun.stop_market, target_market=begun.target_market)
        self._take(draft)

    def _begun(self, side: Side, *, post_only: bool = False) -> OtocoDraft:
        """A new plan for this side; the market exits of a sell are left to the trader's own choice."""
        buys, start = side is Side.BUY, self._start
        stop_market, target_market = buys and start.stop_market, buys and start.target_market
        return replace(start, side=side, stop_market=stop_market, target_market=target_market, post_only=post_only)

    def choose_mode(self, mode: QuantityMode) -> None:
        """Read the quantity text this way from now on, keeping the quantity where one stands.

        Where none is known yet, what was typed in the mode before comes back with that mode, or when it is known.
        """
        self._refusals.clear()
        typed = self._typed()
        draft = retext(typed, self._desk.surroundings(), mode)
        self._unsized = (typed, draft.quantity)
        self._take(draft)

    def _typed(self) -> OtocoDraft:
        """The draft with its quantity as it was typed, where another mode could not say it and left this text."""
        before, left = self._unsized or (self._draft, "")
        is_known = self._verdict.plan.value(Field.QUANTITY) is not None
        if is_known or self._draft.quantity != left or not before.quantity:
            return self._draft
        return replace(self._draft.with_field_of(before, Field.QUANTITY), quantity_mode=before.quantity_mode)

    def choose_exit(self, field: Field, *, market: bool) -> None:
        """Whether the stop or the target leaves at market or by a limit."""
        if field is Field.STOP:
            self._take(replace(self._draft, stop_market=market))
        else:
            self._take(replace(self._draft, target_market=market))

    def step(self, field: Field, ticks: int) -> None:
        """Move a field's value by whole ticks (steps for a quantity); from between two ticks, onto the next one."""
        found = self._verdict.plan.fields.get(field)
        grid = self._grid(field)
        if grid is None or found is None or found.value is None:
            return
        base = round_to_step(found.value, grid, ROUND_FLOOR if ticks > 0 else ROUND_CEILING)
        moved = base + ticks * grid
        if moved > 0:
            self.edit(field, plain(moved))

    def _grid(self, field: Field) -> Decimal | None:
        instrument = self._around.instrument
        if instrument is None:
            return None
        if field is not Field.QUANTITY:
            return instrument.price_tick
        return instrument.quantity_step if self._draft.quantity_mode is QuantityMode.QUANTITY else None

    def fill_entry(self, source: Source) -> None:
        """Put the market's bid, middle or ask into the entry; a middle between ticks moves away from crossing."""
        around = self._desk.surroundings()
        if around.instrument is None or around.quote is None:
            return
        price = _market_price(around.quote, source)
        if price is not None:
            self.edit(Field.ENTRY, plain(self._on_tick(price, around.instrument)))

    def _on_tick(self, price: Decimal, instrument: Instrument) -> Decimal:
        rounding = ROUND_FLOOR if self._draft.side is Side.BUY else ROUND_CEILING
        return round_to_step(price, instrument.price_tick, rounding)

    def apply(self, fix: Fix) -> None:
        """Fill the field as the fix link says; nothing else happens."""
        self._refusals.clear()
        self._take(self._draft.with_fix(fix))

    def clear(self) -> None:
        """Empty the ticket, keeping side, exit types, quantity mode and post-only."""
        self.load(_emptied(self._draft))

    def load(self, draft: OtocoDraft) -> None:
        """Take a whole draft, for the instrument that stands."""
        self._refusals.clear()
        self._unsized = None
        self._turn(self._desk.surroundings())
        self._take(draft)

    def type_in(self, plan: Pasted) -> None:
        """Type in what a pasted plan names, for the instrument that stands; everything else stays."""
        self._refusals.clear()
        self._turn(self._desk.surroundings())
        self._take(plan.onto(_sided(self._draft, plan.side or self._draft.side)))

    def refresh(self) -> None:
        """Judge again: prices, balances or the clock have moved."""
        self._take(self._draft)

    def _turn(self, around: Surroundings) -> bool:
        """Whether another instrument stands now: its own draft is then taken out, and the one before is kept."""
        symbol, before = _symbol_of(around), self._symbol
        if symbol in ("", before):
            return False
        self._symbol = symbol
        if not before:
            return False
        self._others[before] = self._draft
        self._unsized = None
        self._draft = self._others.pop(symbol, self._anew())
        self._refusals.clear()
        return True

    def _anew(self) -> OtocoDraft:
        """Begun anew in the way of the one that stands."""
        return replace(_emptied(self._draft), stop=self._start.stop, target=self._start.target)

    def _take(self, draft: OtocoDraft) -> None:
        self._around = self._desk.surroundings()
        if not self._turn(self._around):
            self._draft = draft
        now_ms = self._desk.now_ms()
        self._draft = take_market(self._draft, self._around, now_ms)
        self._verdict = evaluate(self._draft, self._around)
        self._state = build(self._verdict, self._around, self._refusals, now_ms)
        for listener in self._listeners:
            listener(self._state, self._verdict)


def _symbol_of(around: Surroundings) -> str:
    return around.instrument.symbol if around.instrument else ""


def _exits(draft: OtocoDraft) -> tuple[str, str, str, str]:
    """What is typed as exits."""
    return draft.stop, draft.stop_limit, draft.target, draft.target_limit


def _sided(draft: OtocoDraft, side: Side) -> OtocoDraft:
    """The draft on this side, with its exit types where no exit is typed yet."""
    if side is not draft.side and not (draft.stop or draft.stop_limit or draft.target or draft.target_limit):
        draft = replace(draft, stop_market=side is Side.BUY, target_market=side is Side.BUY)
    return replace(draft, side=side)


def _emptied(draft: OtocoDraft) -> OtocoDraft:
    """Nothing typed; side, exit types, quantity mode and post-only as they were."""
    return OtocoDraft(
        side=draft.side,
        quantity_mode=draft.quantity_mode,
        stop_market=draft.stop_market,
        target_market=draft.target_market,
        post_only=draft.post_only,
    )


def _market_price(quote: Quote, source: Source) -> Decimal | None:
    return {Source.BID: quote.bid, Source.MID: quote.mid, Source.ASK: quote.ask}[source]
