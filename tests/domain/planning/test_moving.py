"""Whether an exit may be moved to a price: on its side of the market once it is armed, of the entry before that."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.domain.exits import ExitPrices
from otoco_desktop.domain.finding import Field, Finding, Severity
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.lifecycle import begin, evolve
from otoco_desktop.domain.market import MarkSource, Quote
from otoco_desktop.domain.moving import judge_move
from otoco_desktop.domain.order import LegRole, OrderType, Side
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.domain.verdict import Surroundings
from tests.domain.truth.builders import (
    S_,
    T_,
    acked,
    exit_answered,
    full,
    intended,
    move_asked,
    placed,
    protected,
    report,
    strategy,
    told,
)
from tests.domain.truth.test_exits import SHOWN, TAKEN, limited

BTC = Instrument("BTC_USD", "BTC", "USD", Decimal("0.01"), Decimal("0.00001"))
NOW_MS = 50_000
MARK = Decimal("93500.00")
QUOTE = Quote(
    "BTC_USD",
    bid=Decimal("93499.00"),
    ask=Decimal("93501.00"),
    mark=MARK,
    mark_source=MarkSource.EXCHANGE,
    mark_ms=NOW_MS - 100,
    book_ms=NOW_MS - 100,
)
AROUND = Surroundings(instrument=BTC, quote=QUOTE, account=None, now_ms=NOW_MS)


def judge(
    state: Strategy, role: LegRole, trigger: str, limit: str | None = None, around: Surroundings = AROUND
) -> list[Finding]:
    prices = ExitPrices(Decimal(trigger), None if limit is None else Decimal(limit))
    return list(judge_move(state, role, prices, around))


def codes(found: list[Finding]) -> list[str]:
    return [item.code for item in found]


def held(*facts: Any) -> Strategy:
    return strategy(acked(), *protected(), *facts)


def sold() -> Strategy:
    """A sell of the same at 93,000 that has filled: stop above at 108,000, target below at 80,000."""
    intent = intended()
    order = intent.order
    stop = replace(order.stop, side=Side.BUY, trigger=Decimal("108000.00"))
    target = replace(order.target, side=Side.BUY, trigger=Decimal("80000.00"))
    entry = replace(order.entry, side=Side.SELL)
    state = begin(replace(intent, order=replace(order, entry=entry, stop=stop, target=target)))
    rows = (
        full(LegRole.ENTRY, "93000.00", 100, side="SELL"),
        report(S_, "ACTIVE", 100, side="BUY", trigger=Decimal("108000.00")),
        report(T_, "ACTIVE", 100, side="BUY", trigger=Decimal("80000.00")),
    )
    for row in rows:
        state = evolve(state, told(row))
    return state


def test_a_stop_may_go_beyond_the_entry_once_that_has_filled() -> None:
    assert judge(held(), S_, "93230.00") == []
    assert codes(judge(strategy(acked(), *placed()), S_, "93230.00")) == ["stop.side"]
    assert judge(strategy(acked(), *placed()), S_, "92000.00") == []


@pytest.mark.parametrize(
    ("role", "trigger", "words"),
    [
        (S_, "93500.00", "At 93,500.00 it would trigger at once: mark is 93,500.00. The stop must be below it."),
        (S_, "93600.00", "At 93,600.00 it would trigger at once: mark is 93,500.00. The stop must be below it."),
        (T_, "93500.00", "At 93,500.00 it would trigger at once: mark is 93,500.00. The target must be above it."),
    ],
)
def test_a_trigger_that_mark_has_reached_is_refused(role: LegRole, trigger: str, words: str) -> None:
    (found,) = judge(held(), role, trigger)
    assert (found.severity, found.title, found.message) == (Severity.FAIL, "Trigger", words)
    assert (found.wrong, found.right) == (trigger, "93500.00")
    assert found.field is (Field.STOP if role is S_ else Field.TARGET)


def test_of_a_sell_everything_lies_the_other_way() -> None:
    assert judge(sold(), S_, "94000.00") == []
    assert judge(sold(), T_, "93000.00") == []
    assert [item.message for item in judge(sold(), S_, "93500.00")] == [
        "At 93,500.00 it would trigger at once: mark is 93,500.00. The stop must be above it."
    ]
    assert codes(judge(sold(), T_, "93600.00")) == ["target.mark"]
    assert codes(judge(sold(), S_, "79000.00")) == ["stop.mark", "stop.other"]


def test_the_exits_never_pass_each_other() -> None:
    high = replace(AROUND, quote=replace(QUOTE, mark=Decimal("120000.00")))
    (found,) = [item for item in judge(held(), S_, "108000.00", around=high) if item.code == "stop.other"]
    assert found.message == "Stop must be below the target at 108,000.00."
    assert (found.wrong, found.right) == ("108000.00", "108000.00")
    moved = held(move_asked(S_, "85000.00"), exit_answered(S_, TAKEN), SHOWN)
    low = replace(AROUND, quote=replace(QUOTE, mark=Decimal("70000.00")))
    (passed,) = judge(moved, T_, "84000.00", around=low)
    assert passed.message == "Target must be above the stop at 85,000.00."
    gone = held(report(S_, "CANCELED", 300))
    assert judge(gone, T_, "79000.00", around=low) == []


def test_what_stands_there_already_is_no_move() -> None:
    assert [item.message for item in judge(held(), S_, "80000.00")] == ["That is where the stop stands now."]
    moved = held(move_asked(S_, "85000.00"), exit_answered(S_, TAKEN), SHOWN)
    assert codes(judge(moved, S_, "85000.00")) == ["stop.same"]
    assert judge(moved, S_, "80000.00") == []


def test_a_move_keeps_the_kind_of_the_exit() -> None:
    assert codes(judge(held(), S_, "85000.00", "84900.00")) == ["stop.kind"]
    (found,) = judge(limited(), S_, "85000.00")
    assert found.message == "The stop exits with a limit, and a move keeps that."


def test_prices_lie_on_the_tick_and_above_zero() -> None:
    (found,) = judge(held(), S_, "85000.005")
    assert (found.code, found.field) == ("stop.tick", Field.STOP)
    assert found.fix is not None
    assert found.fix.field is Field.STOP
    for trigger, limit in (("0", None), ("-5", None), ("85000.00", "0")):
        (low,) = judge(limited() if limit else held(), S_, trigger, limit)
        assert (low.severity, low.message) == (Severity.FAIL, "A price must be above zero.")


def test_limits_are_judged_as_in_a_plan() -> None:
    assert codes(judge(limited(), S_, "85000.00", "84900.00")) == []
    assert codes(judge(limited(), S_, "85000.00", "85100.00")) == ["stop_limit.side"]
    assert codes(judge(limited(), S_, "85000.00", "60000.00")) == ["stop_limit.band"]
    target = replace(intended().order.target, type=OrderType.TAKE_PROFIT_LIMIT, price=Decimal("108000.00"))
    state = begin(replace(intended(), order=replace(intended().order, target=target)))
    (found,) = judge(state, T_, "108000.00", "108100.00")
    assert found.code == "target_limit.waits"
    assert not found.severity.blocks


def test_an_exit_that_is_worth_too_little_is_refused() -> None:
    """The quantity stays what it was, so that there is no way out but another price."""
    (found,) = [item for item in judge(held(), S_, "99.00") if item.severity is Severity.FAIL]
    assert (found.code, found.field, found.fix) == ("minimum.value", Field.STOP, None)


@pytest.mark.parametrize(
    ("around", "code", "severity"),
    [
        (replace(AROUND, instrument=None), "stop.market", Severity.WAIT),
        (replace(AROUND, instrument=replace(BTC, symbol="ETH_USD")), "stop.market", Severity.WAIT),
        (replace(AROUND, quote=None), "stop.mark", Severity.WAIT),
        (replace(AROUND, quote=replace(QUOTE, mark=None)), "stop.mark", Severity.WAIT),
        (replace(AROUND, quote=replace(QUOTE, instrument="ETH_USD")), "stop.mark", Severity.WAIT),
        (replace(AROUND, now_ms=NOW_MS + 60_000), "data.age", Severity.WAIT),
    ],
)
def test_without_a_live_mark_price_of_its_own_market_nothing_is_moved(
    around: Surroundings, code: str, severity: Severity
) -> None:
    (found,) = judge(held(), S_, "85000.00", around=around)
    assert (found.code, found.severity) == (code, severity)


def test_without_a_trigger_there_is_nothing_to_judge() -> None:
    (found,) = judge_move(held(), S_, ExitPrices(None, None), AROUND)
    assert found.severity is Severity.INCOMPLETE


PRICES = st.integers(1, 20_000_000).map(lambda ticks: Decimal(ticks) / 100)


@given(st.sampled_from([S_, T_]), PRICES, PRICES, st.booleans())
def test_what_is_not_refused_lies_between_mark_and_nothing_or_the_other_exit(
    role: LegRole, trigger: Decimal, mark: Decimal, sells: bool
) -> None:
    state = sold() if sells else held()
    around = replace(AROUND, quote=replace(QUOTE, mark=mark))
    found = judge_move(state, role, ExitPrices(trigger, None), around)
    if any(item.severity.blocks for item in found):
        return
    other = state.intent.order.leg(T_ if role is S_ else S_).trigger
    assert other is not None
    below = (role is S_) is not sells
    assert (trigger < mark) if below else (trigger > mark)
    assert (trigger < other) if below else (trigger > other)
