"""One plan under judgement: its values, its surroundings, and the words of its side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.market import AccountSnapshot, MarkSource, Quote
from otoco_desktop.domain.money import grouped, money_places, places_of
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.reading import Priced, newest_quote
from otoco_desktop.domain.risk import ONE, Terms, Trade, account_value, figures, unit_result, usd_rate
from otoco_desktop.domain.sizing import Sizing, stop_valued
from otoco_desktop.domain.verdict import Figures, Surroundings

TITLE_ORDER = "Price order"
NAMES = {
    Field.ENTRY: "Entry",
    Field.STOP: "Stop",
    Field.STOP_LIMIT: "Stop limit",
    Field.TARGET: "Target",
    Field.TARGET_LIMIT: "Target limit",
}


@dataclass(frozen=True, slots=True)
class Words:
    """What a sentence says of one side; every word turns over for the other."""

    plan: str
    exit: str
    stop_side: str
    target_side: str
    own_book: str
    other_book: str
    stop_sign: str
    target_sign: str


BUY_WORDS = Words("buy", "sell", "below", "above", "bid", "ask", "\u2212", "+")
SELL_WORDS = Words("sell", "buy", "above", "below", "ask", "bid", "+", "\u2212")


@dataclass(frozen=True, slots=True)
class Case:
    """A draft as the rules see it. Values are ``None`` where a field could not be read."""

    draft: OtocoDraft
    around: Surroundings
    instrument: Instrument
    priced: Priced
    quote: Quote | None
    account: AccountSnapshot | None
    terms: Terms | None
    sizing: Sizing | None
    words: Words
    prices: dict[Field, Decimal]
    entry: Decimal | None
    quantity: Decimal | None
    exit_quantity: Decimal | None
    stop: Decimal | None
    target: Decimal | None
    stop_valued: Decimal | None
    target_valued: Decimal | None
    value: Decimal | None
    price_places: int
    quantity_places: int
    money_places: int

    @property
    def buys(self) -> bool:
        return self.draft.side is Side.BUY

    def price(self, value: Decimal) -> str:
        return grouped(value, self.price_places)

    def amount(self, value: Decimal) -> str:
        """A quantity of base with the step's decimals."""
        return grouped(value, self.quantity_places)

    def money(self, value: Decimal) -> str:
        """An amount of quote."""
        return grouped(value, self.money_places)

    def wrong_side(self, field: Field) -> bool:
        """Whether the stop or the target lies at the entry or on the other leg's side of it."""
        value = self.stop if field is Field.STOP else self.target
        if value is None or self.entry is None:
            return False
        up = self.buys is (field is Field.TARGET)
        return value <= self.entry if up else value >= self.entry

    @property
    def mark_name(self) -> str:
        """The mark price, or what stands in for it where the exchange publishes none."""
        approximated = self.quote is not None and self.quote.mark_source is MarkSource.MIDPOINT
        return "midpoint" if approximated else "mark"

    @property
    def in_order(self) -> bool:
        """Entry, stop and target are all known and on their sides."""
        known = self.entry is not None and self.stop is not None and self.target is not None
        return known and not self.wrong_side(Field.STOP) and not self.wrong_side(Field.TARGET)

    def result_at(self, exit_price: Decimal | None) -> Decimal | None:
        """Net result in quote of one coin when the plan ends at this price."""
        if self.terms is None or self.entry is None or exit_price is None:
            return None
        return unit_result(self.terms, self.entry, exit_price)

    @property
    def loss(self) -> Decimal | None:
        """Net result at the stop in quote, negative; ``None`` while the stop is unknown or no stop at all."""
        result = self.result_at(self.stop_valued)
        if result is None or result >= 0 or self.quantity is None or self.wrong_side(Field.STOP):
            return None
        return self.quantity * result


def build_case(draft: OtocoDraft, around: Surroundings, instrument: Instrument, priced: Priced) -> Case:
    """Gather what the rules ask for."""
    fields, account = priced.plan.fields, around.account
    prices: dict[Field, Decimal] = {
        field: found.value for field, found in fields.items() if field is not Field.QUANTITY and found.value is not None
    }
    value_of = prices.get
    entry, quantity = value_of(Field.ENTRY), priced.plan.value(Field.QUANTITY)
    worth = None if entry is None or quantity is None else quantity * entry
    return Case(
        draft=draft,
        around=around,
        instrument=instrument,
        priced=priced,
        quote=newest_quote(around),
        account=account,
        terms=_as_taken(priced.terms, worth, account.available(instrument.quote) if account else None),
        sizing=priced.sizing,
        words=BUY_WORDS if draft.side is Side.BUY else SELL_WORDS,
        prices=prices,
        entry=entry,
        quantity=quantity,
        exit_quantity=priced.plan.exit_quantity,
        stop=value_of(Field.STOP),
        target=value_of(Field.TARGET),
        stop_valued=stop_valued(draft, value_of(Field.STOP), value_of(Field.STOP_LIMIT)),
        target_valued=value_of(Field.TARGET if draft.target_market else Field.TARGET_LIMIT),
        value=account_value(account, usd_rate(around)),
        price_places=places_of(instrument.price_tick),
        quantity_places=places_of(instrument.quantity_step),
        money_places=money_places(instrument.quote),
    )


def _as_taken(terms: Terms | None, worth: Decimal | None, free: Decimal | None) -> Terms | None:
    """A buy's fee is taken in base where the quote that is free covers the entry and not its fee as well."""
    if terms is None or terms.side is Side.SELL or terms.base_fee or worth is None or free is None:
        return terms
    return replace(terms, base_fee=True) if worth <= free < worth * (ONE + terms.exit_rate) else terms


def case_figures(case: Case) -> Figures | None:
    """The figures, as soon as every value they need is known and the prices are in order."""
    if case.terms is None or case.entry is None or case.quantity is None or case.loss is None:
        return None
    if case.stop_valued is None or case.target_valued is None or not case.in_order:
        return None
    trade = Trade(
        case.quantity, case.entry, case.stop_valued, case.target_valued, case.draft.stop_market, case.exit_quantity
    )
    return figures(case.terms, trade, case.instrument.price_tick, case.value)
