"""Whether every position is protected: one sentence and a list, judged by what is recorded, listed and held."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from otoco_desktop.domain.audit import Audit, AuditKind, Listing, audit, not_checked, told_since
from otoco_desktop.domain.events import Acknowledged, LegReport
from otoco_desktop.domain.legs import is_live, status_of
from otoco_desktop.domain.lifecycle import begin, evolve
from otoco_desktop.domain.market import Balance
from otoco_desktop.domain.order import LegRole, Side
from otoco_desktop.domain.strategy import Phase, Strategy
from tests.domain.truth import builders as told
from tests.ui.strategy_examples import NOON, Prices, Story, entry, in_phase

AT_MS = NOON + 7_331_000  # 14:02:11
PLENTY = {"BTC": Balance(Decimal("0.5")), "USD": Balance(Decimal(100_000))}
K = AuditKind
KINDS = {
    Phase.INTENT: K.UNKNOWN,
    Phase.NOT_SENT: None,
    Phase.UNKNOWN: K.UNKNOWN,
    Phase.UNRESOLVED: K.UNKNOWN,
    Phase.RESOLVED_NOT_PLACED: None,
    Phase.ACKED: K.UNKNOWN,
    Phase.WORKING: K.WORKING,
    Phase.PARTIAL: K.PARTIAL,
    Phase.PROTECTED: K.PROTECTED,
    Phase.UNPROTECTED: K.UNPROTECTED,
    Phase.TRIGGERED: K.WORKING,
    Phase.CANCELLING: K.WORKING,
    Phase.CLOSED: None,
    Phase.REJECTED: None,
    Phase.DIVERGED: K.UNKNOWN,
}


def listed(*strategies: Strategy) -> tuple[LegReport, ...]:
    """The exchange lists every leg that is believed live."""
    reports = [leg.latest for found in strategies for leg in found.legs.values()]
    return tuple(report for report in reports if report is not None and is_live(status_of(report)))


def judged(*strategies: Strategy, held: dict[str, Balance] | None = None, **changes: object) -> Audit:
    listing = Listing(listed(*strategies), PLENTY if held is None else held, AT_MS)
    return audit(strategies, replace(listing, **changes))  # type: ignore[arg-type]


def kinds(found: Audit) -> list[AuditKind]:
    return [item.kind for item in found.entries]


@pytest.mark.parametrize("phase", list(Phase))
def test_each_state_counts_as_what_it_is(phase: Phase) -> None:
    expected = KINDS[phase]
    assert kinds(judged(in_phase(phase))) == ([] if expected is None else [expected])


def test_the_sentence_counts_and_names_the_worst() -> None:
    eth = Prices("ETH_USD", "2.40000", "3041.20", "2968.00", "3214.00")
    sol = Prices("SOL_USD", "41.500", "138.42", "134.10", "149.00")
    partly = Story(sol, 413).resting().leg(LegRole.ENTRY, "ACTIVE", "25.730", "138.42").fold()
    whole = [Story(number=number).protected().fold() for number in (415, 412)]
    found = judged(*whole, Story(eth, 414).resting().fold(), partly)
    assert found.sentence == (
        "2 protected, 1 working, 1 NOT protected: 25.730 SOL of S-0413 has no stop. As of 14:02:11."
    )
    assert found.is_loud
    assert [item.label for item in found.entries] == ["S-0413", "S-0414", "S-0412", "S-0415"]


def test_nothing_open_is_said_as_such() -> None:
    assert judged().sentence == "Nothing is open. As of 14:02:11."
    assert not judged().is_loud


@pytest.mark.parametrize("lost", [LegRole.STOP, LegRole.TARGET])
def test_an_exit_that_is_not_listed_is_no_protection(lost: LegRole) -> None:
    strategy = in_phase(Phase.PROTECTED)
    rest = tuple(row for row in listed(strategy) if row.order_type != strategy.intent.order.leg(lost).type.value)
    found = judged(strategy, open_orders=rest)
    assert kinds(found) == [K.UNKNOWN]
    assert found.entries[0].words == f"The {lost} is not among the open orders."


def test_an_exit_told_of_after_the_list_was_asked_for_needs_no_place_in_it() -> None:
    assert kinds(judged(in_phase(Phase.PROTECTED), open_orders=(), asked_ms=NOON)) == [K.PROTECTED]


def test_exits_that_were_not_seen_since_the_fill_are_not_called_active() -> None:
    strategy = Story().resting().leg(LegRole.ENTRY, "FILLED", "0.08120", "91880.00").fold()
    assert kinds(judged(strategy)) == [K.UNKNOWN]


def test_exits_need_the_coins_they_sell() -> None:
    found = judged(in_phase(Phase.PROTECTED), held={"BTC": Balance(Decimal("0.04000"), Decimal("0.04000"))})
    assert kinds(found) == [K.WITHOUT_COIN]
    words = "Its exits need 0.08120 BTC, the account holds 0.04000."
    assert found.entries[0].words == words
    assert found.sentence == f"1 without coin: {words} As of 14:02:11."
    assert found.is_loud


def test_exits_of_several_strategies_need_their_coins_together() -> None:
    both = (Story(number=415).protected().fold(), Story(number=416).protected().fold())
    assert kinds(judged(*both, held={"BTC": Balance(Decimal("0.16240"))})) == [K.PROTECTED, K.PROTECTED]
    found = judged(*both, held={"BTC": Balance(Decimal("0.16239"))})
    assert kinds(found) == [K.WITHOUT_COIN, K.WITHOUT_COIN]
    assert found.entries[0].words == "The exits of 2 strategies need 0.16240 BTC, the account holds 0.16239."


def test_a_coin_that_the_account_does_not_have_is_none() -> None:
    assert kinds(judged(in_phase(Phase.PROTECTED), held={})) == [K.WITHOUT_COIN]


def test_the_exits_of_a_sell_spend_the_quote() -> None:
    sell = Prices("BTC_USD", "0.10000", "94000.00", "95880.00", "89300.00", side=Side.SELL)
    strategy = Story(sell).protected().fold()
    assert kinds(judged(strategy, held={"USD": Balance(Decimal("9588.00"))})) == [K.PROTECTED]
    assert kinds(judged(strategy, held={"USD": Balance(Decimal("9587.99"))})) == [K.WITHOUT_COIN]


def test_waiting_exits_need_nothing_yet() -> None:
    assert kinds(judged(in_phase(Phase.WORKING), held={})) == [K.WORKING]


def test_a_smaller_stop_leaves_the_rest_bare() -> None:
    whole = Story().protected().fold()
    order = whole.intent.order
    smaller = replace(order, stop=replace(order.stop, quantity=Decimal("0.05000")))
    strategy = replace(whole, intent=replace(whole.intent, order=smaller))
    found = judged(strategy)
    assert kinds(found) == [K.UNPROTECTED]
    assert "0.03120 BTC of S-0415 has no stop" in found.sentence


def test_what_was_placed_elsewhere_is_listed_apart_and_protects_nothing() -> None:
    theirs = [replace(row, client_oid="theirs", list_id="77") for row in listed(in_phase(Phase.PROTECTED))]
    found = judged(in_phase(Phase.WORKING), open_orders=(*listed(in_phase(Phase.WORKING)), *theirs))
    assert kinds(found) == [K.WORKING, K.ELSEWHERE]
    other = found.entries[1]
    assert (other.label, other.strategy_id) == ("77", "")
    assert "BTC_USD, 2 orders" in other.words


def test_what_another_key_sent_is_not_called_protected() -> None:
    strategy = in_phase(Phase.PROTECTED)
    found = judged(strategy, unasked=frozenset({strategy.strategy_id}))
    assert kinds(found) == [K.UNKNOWN]
    bare = in_phase(Phase.UNPROTECTED)
    assert kinds(judged(bare, unasked=frozenset({bare.strategy_id}))) == [K.UNPROTECTED]


def test_events_since_are_taken_in_with_their_moment() -> None:
    before = judged(in_phase(Phase.PROTECTED), Story(number=416).protected().fold())
    bare = Story(number=415).protected().leg(LegRole.STOP, "CANCELED").fold()
    after = told_since(before, [bare], AT_MS + 5_000)
    assert after.sentence == "1 protected, 1 NOT protected: 0.08120 BTC of S-0415 has no stop. As of 14:02:16."
    assert kinds(told_since(after, [Story(number=415).stopped("90410.00").fold()], AT_MS)) == [K.PROTECTED]


def test_without_a_check_nothing_stays_protected() -> None:
    before = judged(in_phase(Phase.PROTECTED), entry("ACTIVE", "0.05070", "91880.00"))
    now = not_checked(before)
    assert kinds(now) == [K.PARTIAL, K.UNKNOWN]
    before = judged(in_phase(Phase.PROTECTED), Story(number=417).resting().fold())
    now = not_checked(before)
    assert kinds(now) == [K.UNKNOWN, K.UNKNOWN]
    assert now.entries[0].words.startswith("Not checked since 14:02:11. Then: Entry filled at 91,880.00.")


def test_a_target_that_the_trader_has_removed_leaves_it_protected_and_one_that_died_does_not() -> None:
    gone = told.report(LegRole.TARGET, "CANCELED", 1_200)
    asked = (told.removal_asked(LegRole.TARGET), told.exit_answered(LegRole.TARGET, Acknowledged("12")))
    removed = told.strategy(told.acked(), *told.protected(), *asked, gone)
    assert kinds(judged(removed)) == [K.PROTECTED]
    assert judged(removed).entries[0].words.endswith("Target removed by you.")
    died = judged(told.strategy(told.acked(), *told.protected(), gone))
    assert kinds(died) == [K.UNPROTECTED]
    assert died.entries[0].short == "S-0411 has lost its target"


def test_coins_are_counted_for_wherever_a_moved_exit_may_stand() -> None:
    intent = told.intended()
    order = intent.order
    stop = replace(order.stop, side=Side.BUY, trigger=Decimal(108_000))
    target = replace(order.target, side=Side.BUY, trigger=Decimal(80_000))
    state = begin(
        replace(intent, order=replace(order, entry=replace(order.entry, side=Side.SELL), stop=stop, target=target))
    )
    rows = (
        told.full(LegRole.ENTRY, "93000.00", 100, side="SELL"),
        told.report(LegRole.STOP, "ACTIVE", 100, side="BUY", trigger=Decimal(108_000)),
        told.report(LegRole.TARGET, "ACTIVE", 100, side="BUY", trigger=Decimal(80_000)),
    )
    for fact in map(told.told, rows):
        state = evolve(state, fact)
    held = {"USD": Balance(Decimal(1_090))}
    assert kinds(judged(state, held=held)) == [K.PROTECTED]
    moved = evolve(state, told.move_asked(LegRole.STOP, "112000.00"))
    assert kinds(judged(moved, held=held)) == [K.WITHOUT_COIN]
