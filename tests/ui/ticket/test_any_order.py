"""Whatever is typed, pressed and told, in any order: what is shown is what would be sent, and nothing typed is lost."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.market import Balance
from otoco_desktop.domain.money import is_multiple
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.parse import to_order
from otoco_desktop.domain.sizing import Size, read_size
from otoco_desktop.ui.ticket.presenter import Source, TicketPresenter
from otoco_desktop.ui.ticket.state import FIELDS
from tests.ui.fakes import ACCOUNT, PLAN, QUOTE, FakeDesk

PRICES = ["92400", "mark-0.5%", "bid-2*tick", "2%", "-500", "2.5R", "entry-2%", "stop-0.1%", "mark", "1e5", "", "0"]
SIZES = ["0.1", "0.5%", "250 USD", "0.5*free", "25% of free", "max", "1/3", "0.5+0.25", "9999", "", "--", "0.000001"]
PAIRS = ("BTC_USD", "ETH_USD", "CRO_USD")
MOVES = st.decimals("0.9", "1.1", places=3)
EXITS = st.sampled_from([Field.STOP, Field.TARGET])


def _assert_kept(before: OtocoDraft, after: OtocoDraft) -> None:
    """Every text is as it was, and stands on what it stood on; what waited may have been taken."""
    assert replace(after, taken=()) == replace(before, taken=())
    assert all(after.taken_for(field) == before.taken_for(field) for field in FIELDS if before.taken_for(field))


class AnyOrder(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.desk = FakeDesk()
        self.ticket = TicketPresenter(self.desk)
        self.left: dict[str, OtocoDraft] = {}
        self.ticket.load(PLAN)

    @property
    def symbol(self) -> str:
        assert self.desk.state.instrument
        return self.desk.state.instrument.symbol

    # The trader

    @rule(field=st.sampled_from(FIELDS), text=st.sampled_from(PRICES))
    def type_price(self, field: Field, text: str) -> None:
        self.ticket.edit(field, text)
        assert self.ticket.draft.text(field) == text

    @rule(text=st.sampled_from(SIZES))
    def type_size(self, text: str) -> None:
        self.ticket.edit(Field.QUANTITY, text)
        assert self.ticket.draft.quantity == text

    @rule(mode=st.sampled_from(QuantityMode))
    def choose_mode(self, mode: QuantityMode) -> None:
        before, typed = self.ticket.verdict.plan.value(Field.QUANTITY), self.ticket.draft
        self.ticket.choose_mode(mode)
        after = self.ticket.verdict.plan.value(Field.QUANTITY)
        assert before is None or after in (before, None)
        if typed.quantity and after is None and typed.quantity_mode is not mode:
            self.ticket.choose_mode(typed.quantity_mode)
            assert self.ticket.draft.quantity == typed.quantity or before is None

    @rule(side=st.sampled_from(Side))
    def choose_side(self, side: Side) -> None:
        self.ticket.choose_side(side)

    @rule(field=EXITS, market=st.booleans())
    def choose_exit(self, field: Field, market: bool) -> None:
        self.ticket.choose_exit(field, market=market)

    @rule(field=st.sampled_from(FIELDS), ticks=st.sampled_from([1, -1, 10, -100]))
    def step(self, field: Field, ticks: int) -> None:
        self.ticket.step(field, ticks)

    @rule(source=st.sampled_from(Source))
    def fill(self, source: Source) -> None:
        self.ticket.fill_entry(source)

    @rule()
    def take_a_fix(self) -> None:
        fix = next((one for found in self.ticket.verdict.findings for one in found.fixes), None)
        if fix is not None:
            self.ticket.apply(fix)

    @rule(field=st.sampled_from(FIELDS), text=st.sampled_from(PRICES))
    def drag_and_put_back(self, field: Field, text: str) -> None:
        before = self.ticket.draft
        self.ticket.edit(field, text)
        self.ticket.put_back(field, before)
        _assert_kept(before, self.ticket.draft)

    @rule(symbol=st.sampled_from(PAIRS))
    def choose_pair(self, symbol: str) -> None:
        if symbol == self.symbol:
            return
        self.left[self.symbol] = self.ticket.draft
        self.desk.select(symbol)
        self.ticket.refresh()
        if symbol in self.left:
            _assert_kept(self.left[symbol], self.ticket.draft)

    # The market and the account

    @rule(move=MOVES)
    def prices_move(self, move: Decimal) -> None:
        def moved(price: Decimal | None) -> Decimal:
            return ((price or Decimal(1)) * move).quantize(Decimal("0.01"))

        now = self.desk.monotonic_ms
        quote = replace(QUOTE, bid=moved(QUOTE.bid), ask=moved(QUOTE.ask), mark=moved(QUOTE.mark))
        self.desk.tick(replace(quote, instrument=self.symbol, mark_ms=now, book_ms=now))
        self._told()

    @rule(seconds=st.sampled_from([1, 60]))
    def time_passes(self, seconds: int) -> None:
        self.desk.pass_time(seconds * 1_000)
        self._told()

    @rule(free=st.sampled_from(["0", "0.000001", "24310.22", "1000000"]), known=st.booleans())
    def the_account_changes(self, free: str, known: bool) -> None:
        balances = MappingProxyType({coin: Balance(Decimal(free)) for coin in ("USD", "BTC", "ETH")})
        self.desk.change(account=replace(ACCOUNT, balances=balances) if known else None)
        self._told()

    def _told(self) -> None:
        """What is told changes no text, and nothing that was taken for one."""
        before = self.ticket.draft
        self.ticket.refresh()
        _assert_kept(before, self.ticket.draft)

    # Always

    @invariant()
    def shows_what_would_be_sent(self) -> None:
        if not hasattr(self, "ticket"):
            return
        state, verdict, draft = self.ticket.state, self.ticket.verdict, self.ticket.draft
        instrument = self.desk.state.instrument
        assert instrument
        for field in FIELDS:
            found, box = verdict.plan.fields.get(field), state.fields[field]
            assert box.text == draft.text(field)
            if found is not None and found.computed and found.value is not None:
                said = box.suffix.removeprefix("= ").split(" ")[0].replace(",", "")
                assert Decimal(said) == found.value > 0
                step = instrument.quantity_step if field is Field.QUANTITY else instrument.price_tick
                assert is_multiple(found.value, step)
        if verdict.submittable:
            self._is_whole(instrument.quote)

    def _is_whole(self, quote: str) -> None:
        verdict, draft = self.ticket.verdict, self.ticket.draft
        order = to_order(verdict, "a" * 26, self.ticket.surroundings)
        assert order.quantity == verdict.plan.value(Field.QUANTITY)
        asked = read_size(draft.quantity_mode, draft.quantity)
        if draft.quantity_mode is QuantityMode.RISK and isinstance(asked, Size) and verdict.figures:
            most = asked.amount if asked.coin == quote else ACCOUNT.value_usd * asked.amount / 100  # type: ignore[operator]
            assert -verdict.figures.loss <= most


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
