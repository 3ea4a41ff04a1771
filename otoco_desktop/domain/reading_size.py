"""From the quantity's text to a quantity on the step, whichever way the text says it."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, NamedTuple

from otoco_desktop.domain import say
from otoco_desktop.domain.draft import FREE, OtocoDraft, QuantityMode
from otoco_desktop.domain.finding import Field, Finding
from otoco_desktop.domain.grammar import MAX_DIGITS, Refusal, quoted
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.money import grouped, is_multiple, on_grid, round_to_step, trimmed
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.risk import account_value, usd_rate
from otoco_desktop.domain.sizing import Size, Sizing, as_decimal, quantity_for, read_size
from otoco_desktop.domain.verdict import FieldValue, Surroundings

if TYPE_CHECKING:
    from otoco_desktop.domain.calculation import Calculation

NOTHING = FieldValue()
LIMIT = 10**MAX_DIGITS
WHOLE = 100


class SizeRead(NamedTuple):
    """What a text came to, why it came to nothing where it says so itself, and what it asks for: a spend or a risk."""

    value: FieldValue = NOTHING
    finding: Finding | None = None
    asked: Size | None = None


class SizeReader:
    """Reads one draft's quantity. ``sizing`` is ``None`` without an entry, as ``has_entry`` tells, or without fees."""

    __slots__ = ("around", "draft", "has_entry", "instrument", "sizing")

    def __init__(
        self, draft: OtocoDraft, around: Surroundings, instrument: Instrument, has_entry: bool, sizing: Sizing | None
    ) -> None:
        self.draft = draft
        self.around = around
        self.instrument = instrument
        self.has_entry = has_entry
        self.sizing = sizing

    def read(self) -> SizeRead:
        """The quantity on the step, or what is wrong or missing; neither where another field says so itself."""
        size = self._read_size()
        if isinstance(size, Finding):
            return SizeRead(finding=size)
        problem = self._problem(size)
        if problem is not None:
            return SizeRead(finding=problem)
        if self.draft.quantity_mode is not QuantityMode.QUANTITY:
            return self._sized(size)
        step = self.instrument.quantity_step
        if size.computed:
            return self._fitted(size, round_to_step(size.amount, step, ROUND_FLOOR))
        return SizeRead(FieldValue(size.amount, _as_typed(size.amount, step)))

    # The text

    def _read_size(self) -> Size | Finding:
        draft = self.draft
        if not draft.quantity:
            return say.empty(Field.QUANTITY, draft, self.instrument)
        read = read_size(draft.quantity_mode, draft.quantity)
        if isinstance(read, Refusal):
            return say.refused(Field.QUANTITY, read)
        return read if isinstance(read, Size) else self._calculated(read)

    def _calculated(self, calculation: Calculation) -> Size | Finding:
        known = self._known(calculation)
        if isinstance(known, Finding):
            return known
        exact = calculation.value(known)
        if not 0 < exact < LIMIT:
            return say.out_of_range(Field.QUANTITY, self.draft.quantity, exact)
        risks_free = calculation.taken and self.draft.quantity_mode is QuantityMode.RISK
        return Size(as_decimal(exact), calculation.coin or (self.instrument.quote if risks_free else ""), computed=True)

    def _known(self, calculation: Calculation) -> dict[str, Decimal] | Finding:
        """The value of each word: what is free is counted in coins, or in what they take up where money is meant."""
        from otoco_desktop.domain.vocabulary import ALL_THAT_IS_FREE, STEP  # noqa: PLC0415 - not for the start

        known = {STEP: self.instrument.quantity_step}
        if not calculation.taken:
            return known
        most = self._most(calculation.taken[0])
        if isinstance(most, Finding):
            return most
        return known | dict.fromkeys(ALL_THAT_IS_FREE, most)

    def _most(self, word: str) -> Decimal | Finding:
        """The most that what was free when this word was typed can buy or sell."""
        draft, sizing, sells = self.draft, self.sizing, self.draft.side is Side.SELL
        taken = draft.taken_for(Field.QUANTITY)
        free = dict(taken.prices).get(FREE[not sells]) if taken else None
        if free is None:
            return say.not_taken(Field.QUANTITY, word)
        if not free:
            return say.nothing_free(self.instrument.base if sells else self.instrument.quote)
        if not self.has_entry:
            return say.waits_for(Field.QUANTITY, draft.quantity, "entry price", "entry")
        if sizing is None:
            return say.needs_account(draft.quantity_mode, "fee rates", self.around.account)
        most = sizing.most(free)
        if not most:
            return say.sized_to_nothing(draft, self.instrument)
        return most if draft.quantity_mode is QuantityMode.QUANTITY else most * sizing.unit_cost

    # What it comes to

    def _problem(self, size: Size) -> Finding | None:
        """Why this can be no size, whatever the account says."""
        if size.coin not in ("", self.instrument.quote):
            return say.risk_in_other_coin(size, self.instrument.quote)
        if not size.amount:
            return say.no_quantity(self.draft, self.instrument)
        if self.draft.quantity_mode is QuantityMode.RISK and not size.coin and size.amount > WHOLE:
            return say.too_much_risk(f"{quoted(trimmed(size.amount))}%")
        return None

    def _sized(self, size: Size) -> SizeRead:
        """Quantity from spend or risk; says what is missing unless the missing field says so itself."""
        mode, account = self.draft.quantity_mode, self.around.account
        worth = account_value(account, usd_rate(self.around)) if mode is QuantityMode.RISK else None
        if account is None or account.fees is None:
            return SizeRead(NOTHING, say.needs_account(mode, "fee rates", account), size)
        if mode is QuantityMode.RISK and not size.coin and worth is None:
            return SizeRead(NOTHING, say.needs_account(mode, "account value", account), size)
        if size.coin and worth is not None and size.amount > worth:
            return SizeRead(NOTHING, say.too_much_risk(f"{quoted(grouped(size.amount))} {size.coin}"), size)
        return self._fitted(size, quantity_for(mode, size, self.sizing) if self.sizing else None)

    def _fitted(self, size: Size, quantity: Decimal | None) -> SizeRead:
        """The quantity that a size comes to on the step, unless that is none."""
        asked = None if self.draft.quantity_mode is QuantityMode.QUANTITY else size
        if quantity is None:
            return SizeRead(NOTHING, None, asked)
        if quantity <= 0:
            return SizeRead(NOTHING, say.sized_to_nothing(self.draft, self.instrument), asked)
        if quantity >= LIMIT:
            return SizeRead(NOTHING, say.too_many_digits(Field.QUANTITY, self.draft.quantity), asked)
        return SizeRead(FieldValue(size.amount, quantity, computed=True), None, asked)


def _as_typed(amount: Decimal, step: Decimal) -> Decimal:
    """With the step's decimals where it is a multiple, else exactly as it is."""
    return on_grid(amount, step) if is_multiple(amount, step) else amount
